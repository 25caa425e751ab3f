#!/usr/bin/env bash
# Installs the library with cargo-c into a folder of its own, and builds and runs an example as its users would. Says so if cargo-c
# (cargo install cargo-c --locked) is not there: tests/install.sh [TARGET_DIR]
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cargo cinstall --version >/dev/null 2>&1; then
    echo "not run: there is no cargo-c"
    exit 0
fi
target=${1:-target}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cargo cinstall -p mtls-verify-ffi --release --target-dir "$target" --prefix /usr --libdir /usr/lib --destdir "$root"

for file in include/mtls_verify.h lib/libmtls_verify.a lib/libmtls_verify.so lib/pkgconfig/mtls_verify.pc; do
    [ -e "$root/usr/$file" ] || { echo "not installed: $file"; find "$root"; exit 1; }
done
cmp "$root/usr/include/mtls_verify.h" ffi/include/mtls_verify.h
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[ -e "$root/usr/lib/libmtls_verify.so.$version" ] || { echo "no libmtls_verify.so.$version"; exit 1; }

export PKG_CONFIG_PATH="$root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root" LD_LIBRARY_PATH="$root/usr/lib"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
[ "$(pkg-config --modversion mtls_verify)" = "$version" ]
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror ffi/examples/verify.c $(pkg-config --cflags --libs mtls_verify) -o "$root/verify"
for certificate in chain expired; do
    # The first certificate of a PEM file, and the second.
    openssl x509 -in testdata/example/$certificate.pem -outform DER -out "$root/$certificate.der"
    sed '1,/END CERTIFICATE/d' testdata/example/$certificate.pem | openssl x509 -outform DER -out "$root/issuing.der"
done
"$root/verify" testdata/example/ca.pem 1780272000 "$root/chain.der" "$root/issuing.der" | grep '^CN=device 7,O=Example may come in'
refusal=$("$root/verify" testdata/example/ca.pem 1780272000 "$root/expired.der" "$root/issuing.der" 2>&1) && exit 1
grep '^ClientCertExpired: client certificate CN=device 7' <<<"$refusal"
# And with the static library, without the shared one.
rm "$root"/usr/lib/libmtls_verify.so*
# shellcheck disable=SC2046
cc ffi/examples/verify.c $(pkg-config --static --cflags --libs mtls_verify) -o "$root/verify-static"
"$root/verify-static" testdata/example/ca.pem 1780272000 "$root/chain.der" "$root/issuing.der" | grep -q '^CN=device 7'
echo "installed, version $version"
