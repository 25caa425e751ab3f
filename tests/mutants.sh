#!/usr/bin/env bash
# Changes the modules that decide, one place at a time, and lists the changes that no test notices: tests/mutants.sh [OPTION...]
# with options of cargo-mutants, as -F src/store/ for one folder. Hours for all of them. docs/MUTANTS.md has the last figures.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked
out=${MUTANTS_OUT:-target/mutants}
mkdir -p "$out"

# A change may ask for all the memory there is.
ulimit -v 12000000
export CARGO_PROFILE_DEV_DEBUG=none

# 2: some were missed; 3: some ran into the time limit, which is to be noticed.
mutants() {
    local status=0
    cargo mutants --output "$out" --minimum-test-timeout 60 "$@" || status=$?
    [[ "$status" =~ ^[023]$ ]] || exit "$status"
}

# First the tests that take seconds, which notice nearly every change; then all of them, for the rest.
mutants -C=--lib -C=--test=cases -C=--test=policy -C=--test=revocation -C=--test=hostile "$@"
ORACLE_GRAPHS=1000 mutants --iterate "$@"
