#!/usr/bin/env bash
# Plants each fault of tests/faults in a copy of the sources, and expects that its tests notice it:
# tests/faults.sh [NAME...]. A NAME is that of a patch, or that of a package (`reference`): then
# those that its tests notice. With --check, only looks whether each of them can still be planted.
set -euo pipefail
unset CDPATH
cd "$(dirname "$0")/.."

# So that a folder that was lost is not a run without a failure.
readonly at_least=118
readonly build=target/faults
# Of a run of tests: a fault that keeps a test from ending is no proof, as it may be a busy machine.
readonly most_seconds=600

fail() { echo "tests/faults.sh: $*" >&2; exit 1; }

# The lines before the diff: what the fault is, what an attacker gains, and the tests: variables such
# as PKIS=5000, and the arguments of cargo test.
tests_of() { sed -n 's/^tests: //p;/^diff /q' "$1"; }

check() {
    local patch=$1 field
    for field in fault gain tests; do
        [ "$(sed '/^diff /,$d' "$patch" | grep -c "^$field: .")" = 1 ] || { echo "$patch: not one line '$field: …'"; return 1; }
    done
    # A fault of a test proves nothing.
    ! grep '^+++ ' "$patch" | grep -vE '^\+\+\+ b/(ffi/)?src/' || { echo "$patch: not a fault of the library"; return 1; }
    # A word that no case has runs nothing.
    local word
    word=$(sed -n 's/^tests: .*CASES=\([^ ]*\).*/\1/p;/^diff /q' "$patch")
    [ -z "$word" ] || compgen -G "testdata/cases/$word*" >/dev/null || { echo "$patch: no case $word*"; return 1; }
    git apply --check "$patch" || { echo "$patch: does not apply"; return 1; }
}

if [ "${1:-}" = --check ]; then
    status=0 count=0
    for patch in tests/faults/*.patch; do
        check "$patch" || status=1
        count=$((count + 1))
    done
    [ "$count" -ge "$at_least" ] || fail "$count faults, of at least $at_least"
    [ "$status" = 0 ] && echo "$count faults can be planted"
    exit "$status"
fi

[[ "${1:-}" != -* ]] || { echo "usage: faults.sh [--check | NAME...]" >&2; exit 2; }
patches=()
for name in "$@"; do
    name=$(basename "$name" .patch)
    count=${#patches[@]}
    for patch in tests/faults/*.patch; do
        [[ " $(tests_of "$patch") " != *" -p $name "* ]] || patches+=("$patch")
    done
    [ "${#patches[@]}" = "$count" ] || continue
    [ -e "tests/faults/$name.patch" ] || fail "no fault $name"
    patches+=("tests/faults/$name.patch")
done
if [ "$#" = 0 ]; then
    patches=(tests/faults/*.patch)
    [ "${#patches[@]}" -ge "$at_least" ] || fail "${#patches[@]} faults, of at least $at_least"
fi

# In a copy, whose times are those of the files, so that nothing is built twice. It has a target
# folder of its own: only what a fault changes is built again for the next one.
tree=$build/tree
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read --files-from=- | tar -x -C "$tree"
export CARGO_TARGET_DIR="$PWD/$build/target" CARGO_INCREMENTAL=1 CARGO_PROFILE_DEV_DEBUG=none
# The copy is in no repository, so that paths are its own.
GIT_CEILING_DIRECTORIES=$(cd "$build" && pwd -P)
export GIT_CEILING_DIRECTORIES

# Runs the tests of a line; with further arguments, such as `--no-run`, before what is for the tests.
run() {
    local -a before after=() variables=()
    read -ra before <<<"${1%% -- *}"
    while [[ "${before[0]}" =~ ^[A-Z_]+= ]]; do
        variables+=("${before[0]}")
        before=("${before[@]:1}")
    done
    [[ "$1" != *" -- "* ]] || read -ra after <<<"${1#* -- }"
    (cd "$tree" && env "${variables[@]}" timeout "$most_seconds" cargo test --quiet "${before[@]}" "${@:2}" -- "${after[@]}") >"$log" 2>&1
}

status=0
tell() {
    printf '%-12s %s (%d s)\n' "$1" "$2" "$((SECONDS - began))"
    [ "$1" = noticed ] || { status=1; sed 's/^/    /' "$log" | tail -n 30; }
}

declare -A passes
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch) log=$build/$(basename "$patch" .patch).log began=$SECONDS
    if ! check "$patch" >"$log" 2>&1; then
        tell "DOES NOT FIT" "$name"
        continue
    fi
    tests=$(tests_of "$patch")
    # Tests that fail anyway notice nothing, and neither do those that do not run.
    if [ -z "${passes[$tests]:-}" ]; then
        if ! run "$tests" || ! grep -qE '^test result: ok\. [1-9]' "$log"; then
            tell "FAILS ANYWAY" "$name"
            continue
        fi
        passes[$tests]=yes began=$SECONDS
    fi
    (cd "$tree" && git apply -) <"$patch"
    if ! run "$tests" --no-run; then
        tell "NO PROGRAM" "$name"
    elif run "$tests"; then
        tell "NOT NOTICED" "$name"
    elif grep -q '^test result: FAILED' "$log" || grep -q 'process abort signal' "$log"; then
        tell noticed "$name"
    else
        tell "NO TEST RAN" "$name"
    fi
    (cd "$tree" && git apply -R -) <"$patch"
done
exit "$status"
