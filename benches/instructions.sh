#!/usr/bin/env bash
# Counts the instructions of verifications, signatures left out, beside the figures in
# instructions.txt. Times are noise on a busy machine, these are not. Fails if
#   - a figure is more than 3 % away from the committed one, or verifies other signatures;
#   - a figure is missing or is no number above 0, whether counted or committed;
#   - a case has no committed figure, or a committed figure no case;
#   - a hostile chain costs more than ten times its honest chain, signatures included;
#   - the compiler that instructions.txt names is not there.
# With --update it writes the figures instead, with the default compiler, and the table of README.md;
# with --table it prints that table.
set -euo pipefail
shopt -s inherit_errexit
unset CDPATH
cd "$(dirname "$0")"

figures=instructions.txt
times=1000
fail() { echo "$*" >&2 && exit 1; }
command -v valgrind >/dev/null || fail "there is no valgrind: apt-get install valgrind"
[ -s "$figures" ] || fail "there are no figures in benches/$figures"

cargo=(cargo)
compiler=$(rustc --version | cut -d' ' -f2)
pinned=$(sed -n 's/^compiler //p' "$figures")
if [ "${1:-}" != --update ] && [ "$compiler" != "$pinned" ]; then
    [ -n "$pinned" ] || fail "benches/$figures names no compiler"
    cargo=(cargo "+$pinned")
    "${cargo[@]}" --version >/dev/null 2>&1 ||
        fail "the figures are those of Rust $pinned, and this is $compiler: rustup toolchain install $pinned --profile minimal"
fi
program=$("${cargo[@]}" build -q --release -p benches --bin instructions --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# The program keeps its arguments on the heap, and what an allocation costs depends on what lies
# there: 4 % of a short chain. So no name that it is given is longer on one machine than on another.
cp "$program" "$out/instructions"
committed=$PWD/$figures readme=$PWD/README.md
cd "$out"
program=./instructions

# The instructions of the whole program, which runs a case so many times.
count() {
    local log=$out/log.$1.$2
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        echo "valgrind failed for $1" >&2
        return 1
    }
    local counted
    counted=$(sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$log")
    if ! [[ "$counted" =~ ^[1-9][0-9]*$ ]]; then
        cat "$log" >&2
        echo "$1 was not counted" >&2
        return 1
    fi
    echo "$counted"
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
    "$program" make made
    valgrind --tool=callgrind --callgrind-out-file="$out/part" --collect-atstart=no \
        --toggle-collect='benches::hostile*measured_*' --dump-before='*counted_so_far*' \
        "$program" hostile made >"$out/rows" 2>"$out/log" || {
        cat "$out/log" >&2
        echo "valgrind failed for the hostile chains" >&2
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
    local name running=()
    for name in cold repeated sha256 expired certificate; do
        count_once "$name" >"$out/$name" &
        running+=($!)
    done
    count_hostile >"$out/hostile"
    for name in "${running[@]}"; do wait "$name"; done
    echo "cold $(<"$out/cold")"
    echo "repeated $(($(<"$out/repeated") - $(<"$out/sha256")))"
    echo "expired $(<"$out/expired")"
    echo "certificate $(<"$out/certificate")"
    cat "$out/hostile"
}

# Fails if a file of figures lacks one, or has one that is no number above 0.
check_figures() {
    awk -v file="$2" '
        function fail(name, what) { printf "%s: %s %s\n", file, name, what; failed = 1 }
        /^#/ || $1 == "too-dear" || $1 == "compiler" { next }
        seen[$1]++ { fail($1, "is there twice") }
        $2 !~ /^[1-9][0-9]*$/ { fail($1, "has no figure") }
        /^hostile-/ { hostile++ }
        END {
            count = split("cold repeated expired certificate signature-P-256 signature-P-384 signature-RSA-2048", names, " ")
            for (i = 1; i <= count; i++) if (!(names[i] in seen)) fail(names[i], "is missing")
            if (!hostile) fail("hostile-*", "is missing")
            exit failed
        }' "$1" >&2
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

# The hostile chains as Markdown, with the figures of $out/current.
print_table() {
    echo "| kind | genes | bytes | refused with | instructions | signatures | signed bytes | x honest |"
    echo "|---|---|---:|---|---:|---:|---:|---:|"
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
}

case "${1:-}" in
--update)
    # What is known to be too dear stays listed until it is no more.
    known=$(grep '^too-dear ' "$committed" || true)
    count_all >"$out/current"
    check_figures "$out/current" "counted"
    {
        echo "# Instructions of one run of each case of src/bin/instructions.rs, as"
        echo "# ./instructions.sh --update counts them on $(uname -m) with the compiler that is named here."
        echo "# signature-KEY is the price of one signature. A chain has more columns: its signatures by"
        echo "# P-256, P-384 and RSA-2048, which are left out of its instructions; the bytes that are"
        echo "# signed; and, of a hostile chain, the honest one that it is held against."
        echo "compiler $compiler"
        sed 's/ *$//' "$out/current"
        if [ -n "$known" ]; then
            echo "# Hostile chains that cost more than ten times their honest ones. A needless entry fails."
            echo "$known"
        fi
    } >"$out/figures"
    mv "$out/figures" "$committed"
    cat "$committed"
    print_table >"$out/table"
    awk -v table="$out/table" '
        /^\| kind \| genes \|/ { while ((getline line < table) > 0) print line; within = 1 }
        within && !/^\|/ { within = 0 }
        !within' "$readme" >"$out/readme"
    cat "$out/readme" >"$readme"
    ;;
--table)
    count_hostile >"$out/current"
    print_table
    ;;
"")
    check_figures "$committed" "benches/$figures"
    count_all >"$out/current"
    check_figures "$out/current" "counted"
    awk "$prices"'
        function fail(name, what) { printf "%-30s %s\n", name, what; failed = 1 }
        FILENAME == ARGV[1] { keep($0); next }
        /^#/ { next }
        $1 == "compiler" { next }
        $1 == "too-dear" { known[$2] = 1; next }
        {
            committed[$1] = $2
            if (!($1 in now)) { fail($1, "is committed, and no case"); next }
            away = 100 * (now[$1] - $2) / $2
            verdict = away > 3 || away < -3 ? sprintf("%.1f %% away", away) : "ok"
            if ($3 " " $4 " " $5 " " $6 != signatures[$1] || $7 != honest[$1]) verdict = "other signatures: " signatures[$1]
            if (verdict != "ok") failed = 1
            printf "%-30s %9d now, %9d committed: %s\n", $1, now[$1], $2, verdict
        }
        END {
            for (row = 1; row <= rows; row++) {
                name = order[row]
                if (!(name in committed)) fail(name, "has no committed figure")
                if (name !~ /^hostile-/) continue
                if (!(now[honest[name]] > 0)) { fail(name, "has no honest chain"); continue }
                times = ratio(name)
                if (times > 10 && !(name in known))
                    fail(name, sprintf("costs %.1f times its honest chain, at most 10 are allowed", times))
                # Twenty signatures are ten times two: some entries are on the very edge.
                if (times < 9.5 && name in known)
                    fail(name, sprintf("costs %.1f times its honest chain: no longer too dear", times))
                delete known[name]
            }
            for (name in known) fail(name, "is too dear, and no case")
            exit failed
        }' "$out/current" "$committed" || {
        grep '^#' "$committed"
        echo "If that is meant to be: benches/instructions.sh --update, and say why in the commit"
        exit 1
    }
    ;;
*)
    echo "usage: instructions.sh [--update | --table]" >&2
    exit 2
    ;;
esac
