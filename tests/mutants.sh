#!/usr/bin/env bash
# Changes the modules that decide, one place at a time, and lists the changes that no test notices: tests/mutants.sh [OPTION...]
# with options of cargo-mutants, as -f 'src/store/**'. Hours for all of them. CONTRIBUTING.md has the last figures.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked
out=${MUTANTS_OUT:-target/mutants}
mkdir -p "$out"

# A change may ask for all the memory there is.
ulimit -v 12000000
export CARGO_PROFILE_DEV_DEBUG=none

# First the tests that take seconds, which notice nearly every change; then all of them, for the rest.
quick=(--lib --test cases --test hostile --test policy --test revocation)
cargo mutants --output "$out" "$@" -- "${quick[@]}" || true
ORACLE_GRAPHS=1000 cargo mutants --output "$out" --iterate "$@"
