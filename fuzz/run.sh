#!/usr/bin/env bash
# Fuzzes: fuzz/run.sh [SECONDS] [TARGET...] runs each target for so long, or all of them for 20 seconds. Fails if one finds something.
# README.md says more.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=20
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
    seconds=$1
    shift
fi

fuzz/seed.sh "$@"

# The largest input of each target, in bytes: as much as all but a few of its seeds have.
declare -A largest=([certificate]=8192 [pem_bundle]=16384 [crl]=4096 [name]=1024 [name_constraints]=1024 [chain]=1024 [headers]=4096 [ffi]=2048)

mapfile -t targets < <([ "$#" -gt 0 ] && printf '%s\n' "$@" || cargo +nightly fuzz list)
findings=()
mkdir -p fuzz/artifacts
for target in "${targets[@]}"; do
    options=(-max_total_time="$seconds" -max_len="${largest[$target]:-4096}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1)
    dictionary=fuzz/dictionaries/$target.dict
    if [ -e "$dictionary" ]; then options+=(-dict="$dictionary"); fi
    log=fuzz/artifacts/$target.log
    if cargo +nightly fuzz run -O --sanitizer "${FUZZ_SANITIZER:-none}" "$target" -- "${options[@]}" >"$log" 2>&1; then
        executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
        echo "$target: $executions executions, $rate a second, nothing found"
    else
        findings+=("$target")
        grep -v '^#' "$log" | tail -n 80
        echo "$target: see above, and $log"
    fi
done
[ "${#findings[@]}" -eq 0 ] || { echo "found something: ${findings[*]}"; exit 1; }
