#!/usr/bin/env bash
# Builds the targets and fills fuzz/corpus from testdata: fuzz/seed.sh [TARGET...], all of them if none is named. Installs cargo-fuzz if
# it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo +nightly --version >/dev/null 2>&1; then
    echo "fuzzing needs the nightly toolchain: rustup toolchain install nightly --profile minimal" >&2
    exit 1
fi
cargo +nightly fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked

# What the library forbids, nothing there can get wrong; FUZZ_SANITIZER=address also watches the C code below it, at a fifth of the speed.
options=(-O --sanitizer "${FUZZ_SANITIZER:-none}")
cargo +nightly fuzz build "${options[@]}"
export CARGO_TERM_QUIET=true
mapfile -t targets < <([ "$#" -gt 0 ] && printf '%s\n' "$@" || cargo +nightly fuzz list)
for target in "${targets[@]}"; do
    FUZZ_SEEDS_TO="$PWD/fuzz/corpus/$target" cargo +nightly fuzz run "${options[@]}" "$target" 2>&1 |
        grep -v '^WARNING: Failed to find function' # of a sanitizer that is not there
done
