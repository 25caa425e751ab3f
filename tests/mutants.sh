#!/usr/bin/env bash
# Changes the code, one place at a time, and lists the changes that no test notices:
# tests/mutants.sh [OPTION...], with options of cargo-mutants, such as -F src/store/ for one folder.
# Days for everything. docs/MUTANTS.md has the last figures.
set -euo pipefail
unset CDPATH
cd "$(dirname "$0")/.."

command -v cargo-mutants >/dev/null || cargo install cargo-mutants --locked
out=${MUTANTS_OUT:-target/mutants}

# A change may ask for all the memory there is.
ulimit -v 12000000
export CARGO_PROFILE_DEV_DEBUG=none

# 2: some were missed; 3: some ran into the time limit, which is to be noticed.
mutants() {
    local status=0 folder=$1
    shift
    mkdir -p "$out/$folder"
    cargo mutants --output "$out/$folder" --minimum-test-timeout 60 "$@" || status=$?
    [[ "$status" =~ ^[023]$ ]] || exit "$status"
}

# First the tests that take seconds, which notice nearly every change; then all of them, for the rest.
core=(-p mtls-verify --features headers,rustls,serde,spiffe,tracing)
fast=(--lib)
for test in api cases encodings headers hostile memories revocation; do
    fast+=("--test=$test")
done
mutants core "${core[@]}" "${fast[@]/#/-C=}" "$@"
ORACLE_GRAPHS=1000 mutants core "${core[@]}" --iterate "$@"
# The C library. cargo-mutants does not change unsafe functions.
mutants ffi -p mtls-verify-ffi "$@"
