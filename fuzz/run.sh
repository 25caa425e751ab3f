#!/usr/bin/env bash
# Fuzzes: fuzz/run.sh [SECONDS] [TARGET...] runs each target for so long, or all of them for 20
# seconds. Fails if one finds something, executes nothing, or judges fewer of its inputs than it
# must. README.md says more.
set -euo pipefail
unset CDPATH
cd "$(dirname "$0")/.."
. fuzz/common.sh

seconds=20
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
fi

need_tools
choose_targets "$@"
fuzz/seed.sh "${targets[@]}"

# The largest input of each target, in bytes: as much as all but a few of its seeds have.
declare -A largest=([certificate]=8192 [pem_bundle]=16384 [crl]=4096 [name]=1024 [name_constraints]=1024 [chain]=1024 [resign]=1024 [headers]=4096 [ffi]=2048 [spiffe_bundle]=4096)

# Reads the log of a target that found nothing, prints what it did, and returns 1 if that is not
# enough.
report() {
    local target=$1 log=$2 executions rate judged kinds few
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
    judged=$(sed -n 's/^stat::judged_units: *//p' "$log")
    if ! [[ "$executions" =~ ^[0-9]+$ && "$rate" =~ ^[0-9]+$ && "$judged" =~ ^[0-9]+$ ]]; then
        echo "$target: no statistics in $log"
        return 1
    fi
    if [ "$executions" -eq 0 ] || [ "$judged" -eq 0 ]; then
        echo "$target: $executions executions, $judged judged: nothing was tried"
        return 1
    fi
    if ! grep -q '^stat::judged_as: ' "$log"; then
        echo "$target: does not say as what it judged"
        return 1
    fi
    kinds=$(sed -n 's/^stat::judged_as: *//p' "$log" | paste -sd ';' | sed 's/;/, /g')
    echo "$target: $executions executions, $rate a second, $judged judged ($((100 * judged / executions)) %: $kinds), nothing found"
    few=$(sed -n "s/^stat::too_few: */$target judges too few inputs as: /p" "$log")
    [ -z "$few" ] || { echo "$few"; return 1; }
}

findings=()
empty=()
mkdir -p fuzz/artifacts
for target in "${targets[@]}"; do
    options=(-max_total_time="$seconds" -max_len="${largest[$target]:-4096}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1)
    dictionary=fuzz/dictionaries/$target.dict
    if [ -e "$dictionary" ]; then options+=(-dict="$dictionary"); fi
    log=fuzz/artifacts/$target.log
    if cargo +nightly fuzz run -O --sanitizer "${FUZZ_SANITIZER:-none}" "$target" -- "${options[@]}" >"$log" 2>&1; then
        report "$target" "$log" || empty+=("$target")
    else
        findings+=("$target")
        grep -v '^#' "$log" | tail -n 80 || true
        echo "$target: see above, and $log"
    fi
done
[ "${#empty[@]}" -eq 0 ] || echo "tried too little: ${empty[*]}"
[ "${#findings[@]}" -eq 0 ] || echo "found something: ${findings[*]}"
[ "${#empty[@]}" -eq 0 ] && [ "${#findings[@]}" -eq 0 ]
