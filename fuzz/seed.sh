#!/usr/bin/env bash
# Builds the targets and fills fuzz/corpus from testdata: fuzz/seed.sh [TARGET...], all of them if none is named. Installs cargo-fuzz if
# it is missing. Fails if a target has no seeds, or judges less than half of them.
set -euo pipefail
unset CDPATH
cd "$(dirname "$0")/.."
. fuzz/common.sh

need_tools
choose_targets "$@"

# What the library forbids, nothing there can get wrong; FUZZ_SANITIZER=address also watches the C code below it, at a fifth of the speed.
options=(-O --sanitizer "${FUZZ_SANITIZER:-none}")
cargo +nightly fuzz build "${options[@]}"
export CARGO_TERM_QUIET=true
for target in "${targets[@]}"; do
    FUZZ_SEEDS_TO="$PWD/fuzz/corpus/$target" cargo +nightly fuzz run "${options[@]}" "$target" 2>&1 |
        { grep -v '^WARNING: Failed to find function' || true; } # of a sanitizer that is not there
    [ -n "$(find "fuzz/corpus/$target" -type f -print -quit)" ] || fail "$target: no seeds"
done
