#!/usr/bin/env bash
# Counts the instructions of loading input that is made to be costly, and of looking up a part of
# it, at 1, 2, 4 and 8 MB. Fails if twice the input takes more than 2.3 times the instructions, or
# less than 1.5 times, as then it is not the input that was loaded; or if a kind was not counted.
# With --quick: 1/8 and 1/4 MB, in under 40 s. With names of kinds: these alone.
set -euo pipefail
shopt -s inherit_errexit
unset CDPATH
cd "$(dirname "$0")"

sizes=(1 2 4 8)
if [ "${1:-}" = --quick ]; then
    sizes=(0.125 0.25)
    shift
fi
program=$(cargo build -q --release -p benches --bin loading --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
if [ "$#" -gt 0 ]; then
    kinds=("$@")
else
    named=$("$program" kinds) || { echo "no kinds are named" >&2 && exit 1; }
    mapfile -t kinds <<<"$named"
    # So many there are; a kind is never dropped.
    mapfile -t kinds < <(printf '%s\n' "${kinds[@]}" | sort -u)
    [ "${#kinds[@]}" -ge 17 ] || { echo "only ${#kinds[@]} kinds: ${kinds[*]}" >&2 && exit 1; }
fi
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

# The instructions of loading and looking up; making the input is left out.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='loading::load*' \
        "$program" "$1" "$2" >"$work/$1.$2" 2>&1 || {
        cat "$work/$1.$2" >&2
        echo "valgrind failed for $1 of $2 MB" >&2
        return 1
    }
    local counted
    counted=$(sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$work/$1.$2")
    if ! [[ "$counted" =~ ^[1-9][0-9]*$ ]]; then
        cat "$work/$1.$2" >&2
        echo "$1 of $2 MB was not counted" >&2
        return 1
    fi
    echo "$counted"
}
export -f count
export work program

# One program for each processor at a time.
for kind in "${kinds[@]}"; do for size in "${sizes[@]}"; do echo "$kind $size"; done; done |
    xargs -P "$(nproc)" -L 1 bash -c 'count "$1" "$2" >"$work/$1.$2.count"' count

printf '| %-16s |' "million instructions"
printf ' %8s MB |' "${sizes[@]}"
printf ' most for twice the input |\n'
failed=0
for kind in "${kinds[@]}"; do
    printf '| %-20s |' "$kind"
    last=0
    most=0
    for size in "${sizes[@]}"; do
        current=$(cat "$work/$kind.$size.count")
        printf ' %11d |' $((current / 1000000))
        if [ "$last" -gt 0 ] && [ $((100 * current / last)) -gt "$most" ]; then
            most=$((100 * current / last))
        fi
        last=$current
    done
    verdict=
    if [ "$most" -gt 230 ]; then
        verdict=" TOO MUCH"
        failed=1
    fi
    if [ "$most" -lt 150 ]; then
        verdict=" TOO LITTLE"
        failed=1
    fi
    printf ' %d.%02d%s |\n' $((most / 100)) $((most % 100)) "$verdict"
done
exit "$failed"
