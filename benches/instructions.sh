#!/usr/bin/env bash
# Counts the instructions of one verification, signatures left out, beside the figures in instructions.txt; fails if one is more than 3 %
# above. Times are noise on a busy machine, these are not. With --update it writes the figures instead.
set -euo pipefail
cd "$(dirname "$0")"

figures=instructions.txt
times=1000
program=$(cargo build -q --release -p benches --bin instructions --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# The instructions of the whole program, which runs a case so many times.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>"$out" || {
        cat "$out" >&2
        return 1
    }
    sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$out"
}

# Those of one run: what the program needs besides is the same for so many runs and for twice as many.
count_once() {
    local single double
    single=$(count "$1" "$times")
    double=$(count "$1" $((2 * times)))
    echo $(((double - single) / times))
}

# The figure of a case. What the SHA-256 of a chain takes is the processor's business, and would hide all else.
figure() {
    case "$1" in
    repeated) echo $(($(count_once repeated) - $(count_once sha256))) ;;
    *) count_once "$1" ;;
    esac
}

if [ "${1:-}" = --update ]; then
    updated=$(
        echo "# Instructions of one run of each case of src/bin/instructions.rs, as ./instructions.sh --update counts them"
        echo "# with $(rustc --version | cut -d' ' -f1,2) on $(uname -m)."
        for name in cold repeated expired certificate; do echo "$name $(figure "$name")"; done
    )
    echo "$updated" | tee "$figures"
    exit
fi

failed=0
while read -r name committed; do
    current=$(figure "$name")
    verdict=ok
    if [ $((100 * current)) -gt $((103 * committed)) ]; then
        verdict="more than 3 % above"
        failed=1
    fi
    printf '%-12s %7d now, %7d committed: %s\n' "$name" "$current" "$committed" "$verdict"
done < <(grep -v '^#' "$figures")
if [ "$failed" = 1 ]; then
    grep '^#' "$figures"
    echo "If that is meant to be, or another compiler's doing: benches/instructions.sh --update"
fi
exit "$failed"
