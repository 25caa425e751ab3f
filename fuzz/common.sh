# What run.sh and seed.sh have in common. They source it in the root of the repository.

fail() {
    echo "$*" >&2
    exit 1
}

# Fails without the nightly toolchain; installs cargo-fuzz if it is missing.
need_tools() {
    cargo +nightly --version >/dev/null 2>&1 ||
        fail "fuzzing needs the nightly toolchain: rustup toolchain install nightly --profile minimal"
    cargo +nightly fuzz --version >/dev/null 2>&1 || cargo install cargo-fuzz --locked
}

# Sets `targets` to those named, or to all of them. Each must be a target, and each file of
# fuzz_targets one that Cargo knows.
choose_targets() {
    local listed name
    listed=$(cargo +nightly fuzz list) || fail "cargo fuzz list failed: which targets are there?"
    mapfile -t targets < <(printf '%s' "$listed${listed:+$'\n'}")
    [ "${#targets[@]}" -gt 0 ] || fail "cargo fuzz list names no target"
    for name in fuzz/fuzz_targets/*.rs; do
        name=$(basename "$name" .rs)
        grep -qxF -- "$name" <<<"$listed" || fail "cargo fuzz list does not name $name"
    done
    [ "$#" -gt 0 ] || return 0
    for name in "$@"; do
        grep -qxF -- "$name" <<<"$listed" || fail "$name is no target: ${targets[*]}"
    done
    targets=("$@")
}
