#!/usr/bin/env bash
# Counts the instructions of verifications, signatures left out, beside the figures in
# instructions.txt. Times are noise on a busy machine, these are not. Fails if
#   - a figure is more than 3 % away from the committed one, or verifies other signatures;
#   - a case has no committed figure, or a committed figure no case;
#   - a hostile chain costs more than ten times its honest chain, signatures included.
# With --update it writes the figures instead; with --table it prints the hostile chains as
# Markdown.
set -euo pipefail
cd "$(dirname "$0")"

figures=instructions.txt
times=1000
program=$(cargo build -q --release -p benches --bin instructions --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The instructions of the whole program, which runs a case so many times.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>"$out/log" || {
        cat "$out/log" >&2
        return 1
    }
    sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$out/log"
}

# Those of one run: what the program needs besides is the same for so many runs and for twice as
# many.
count_once() {
    local single double
    single=$(count "$1" "$times")
    double=$(count "$1" $((2 * times)))
    echo $(((double - single) / times))
}

# A line for each hostile chain, each honest one beside it, and each price of a signature: the name,
# the instructions, and what else the program prints of it. The counters are written to a file of
# its own after each. Of two patterns that begin alike valgrind sees one.
count_hostile() {
    "$program" make "$out/made"
    valgrind --tool=callgrind --callgrind-out-file="$out/part" --collect-atstart=no \
        --toggle-collect='benches::hostile*measured_*' --dump-before='*counted_so_far*' \
        "$program" hostile "$out/made" >"$out/rows" 2>"$out/log" || {
        cat "$out/log" >&2
        return 1
    }
    local part=0 name rest counted
    while read -r name rest; do
        part=$((part + 1))
        counted=$(sed -n 's/^summary: //p' "$out/part.$part")
        if ! [ "${counted:-0}" -gt 0 ]; then
            echo "$name was not counted" >&2
            return 1
        fi
        echo "$name $counted $rest"
    done <"$out/rows"
}

# All figures. What the SHA-256 of a chain takes is the processor's business, and would hide all
# else.
count_all() {
    local cold repeated sha256 expired certificate
    cold=$(count_once cold)
    repeated=$(count_once repeated)
    sha256=$(count_once sha256)
    expired=$(count_once expired)
    certificate=$(count_once certificate)
    count_hostile >"$out/hostile"
    echo "cold $cold"
    echo "repeated $((repeated - sha256))"
    echo "expired $expired"
    echo "certificate $certificate"
    cat "$out/hostile"
}

# The functions of awk that all below share. A row of a hostile chain is: name, instructions,
# signatures by P-256, P-384 and RSA-2048, signed bytes, name of the honest row.
prices='
    function keep(line) {
        split(line, f, " ")
        now[f[1]] = f[2]; signatures[f[1]] = f[3] " " f[4] " " f[5] " " f[6]
        honest[f[1]] = f[7]; order[++rows] = f[1]
    }
    function whole(name,    s) {
        split(signatures[name], s, " ")
        # Of SHA-256, 8 instructions a byte take as long as a byte does. Valgrind has no SHA
        # instructions, and would count four times as many.
        return now[name] + 8 * s[4] + s[1] * now["signature-P-256"] + s[2] * now["signature-P-384"] \
            + s[3] * now["signature-RSA-2048"]
    }
    function ratio(name) { return whole(name) / whole(honest[name]) }'

case "${1:-}" in
--update)
    # What is known to be too dear stays listed until it is no more.
    known=$(grep '^too-dear ' "$figures" || true)
    count_all >"$out/current"
    {
        echo "# Instructions of one run of each case of src/bin/instructions.rs, as"
        echo "# ./instructions.sh --update counts them with $(rustc --version | cut -d' ' -f1,2) on $(uname -m)."
        echo "# signature-KEY is the price of one signature. A chain has more columns: its signatures by"
        echo "# P-256, P-384 and RSA-2048, which are left out of its instructions; the bytes that are"
        echo "# signed; and, of a hostile chain, the honest one that it is held against."
        sed 's/ *$//' "$out/current"
        if [ -n "$known" ]; then
            echo "# Hostile chains that cost more than ten times their honest ones. A needless entry fails."
            echo "$known"
        fi
    } >"$out/figures"
    mv "$out/figures" "$figures"
    cat "$figures"
    ;;
--table)
    echo "| kind | genes | bytes | refused with | instructions | signatures | signed bytes | x honest |"
    echo "|---|---|---:|---|---:|---:|---:|---:|"
    count_hostile >"$out/current"
    "$program" about >"$out/about"
    awk "$prices"'
        FILENAME == ARGV[1] { keep($0); next }
        {
            split(signatures["hostile-" $1], s, " ")
            by = ""
            if (s[1]) by = by " " s[1] " P-256"
            if (s[2]) by = by " " s[2] " P-384"
            if (s[3]) by = by " " s[3] " RSA-2048"
            rest = $0; sub(/^[^ ]* /, "", rest)
            printf "| %s | %s | %d |%s | %d | %.1f |\n", $1, rest, now["hostile-" $1], by, s[4], ratio("hostile-" $1)
        }' "$out/current" "$out/about"
    ;;
"")
    count_all >"$out/current"
    awk "$prices"'
        function fail(name, what) { printf "%-30s %s\n", name, what; failed = 1 }
        FILENAME == ARGV[1] { keep($0); next }
        /^#/ { next }
        $1 == "too-dear" { known[$2] = 1; next }
        {
            committed[$1] = $2
            if (!($1 in now)) { fail($1, "is committed, and no case"); next }
            if (!(now[$1] > 0)) { fail($1, "was not counted"); next }
            away = 100 * (now[$1] - $2) / ($2 > 0 ? $2 : 1)
            verdict = away > 3 || away < -3 ? sprintf("%.1f %% away", away) : "ok"
            if ($3 " " $4 " " $5 " " $6 != signatures[$1] || $7 != honest[$1]) verdict = "other signatures: " signatures[$1]
            if (verdict != "ok") failed = 1
            printf "%-30s %9d now, %9d committed: %s\n", $1, now[$1], $2, verdict
        }
        END {
            if (!rows) fail("all", "were not counted")
            for (row = 1; row <= rows; row++) {
                name = order[row]
                if (!(name in committed)) fail(name, "has no committed figure")
                if (name !~ /^hostile-/) continue
                hostile++
                if (!(now[honest[name]] > 0)) { fail(name, "has no honest chain"); continue }
                times = ratio(name)
                if (times > 10 && !(name in known))
                    fail(name, sprintf("costs %.1f times its honest chain, at most 10 are allowed", times))
                # Twenty signatures are ten times two: some entries are on the very edge.
                if (times < 9.5 && name in known)
                    fail(name, sprintf("costs %.1f times its honest chain: no longer too dear", times))
                delete known[name]
            }
            if (!hostile) fail("hostile", "chains were not counted")
            for (name in known) fail(name, "is too dear, and no case")
            exit failed
        }' "$out/current" "$figures" || {
        grep '^#' "$figures"
        echo "If that is meant to be, or another compiler's doing: benches/instructions.sh --update"
        exit 1
    }
    ;;
*)
    echo "usage: instructions.sh [--update | --table]" >&2
    exit 2
    ;;
esac
