#!/usr/bin/env bash
# Installs the library into a folder of its own, and builds and runs an example as its users would,
# with the shared library and with the static one.
set -euo pipefail
unset CDPATH
cd "$(dirname "$0")/../.."

fail() { echo "$*" >&2 && exit 1; }
for tool in cc pkg-config openssl readelf; do
    command -v "$tool" >/dev/null || fail "there is no $tool: apt-get install gcc pkg-config openssl binutils"
done
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
ffi/install.sh --prefix /usr --destdir "$root"

for file in include/mtls_verify.h lib/libmtls_verify.a lib/libmtls_verify.so lib/pkgconfig/mtls_verify.pc; do
    [ -e "$root/usr/$file" ] || fail "not installed: $file"
done
cmp "$root/usr/include/mtls_verify.h" ffi/include/mtls_verify.h
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[ -e "$root/usr/lib/libmtls_verify.so.$version" ] || fail "no libmtls_verify.so.$version"

export PKG_CONFIG_PATH="$root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$root" LD_LIBRARY_PATH="$root/usr/lib"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
[ "$(pkg-config --modversion mtls_verify)" = "$version" ] || fail "the pkg-config file has another version than $version"
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror ffi/examples/verify.c $(pkg-config --cflags --libs mtls_verify) -o "$root/verify"
# The program asks for the soname: one for each minor version before 1.0, and then for each major
# one.
soname=libmtls_verify.so.${version%.*}
[ "${version%%.*}" = 0 ] || soname=libmtls_verify.so.${version%%.*}
readelf -d "$root/verify" | grep -q "NEEDED.*\[${soname//./\\.}\]" || fail "the program does not ask for the soname"
for certificate in chain expired; do
    # The first certificate of a PEM file, and the second.
    openssl x509 -in testdata/example/$certificate.pem -outform DER -out "$root/$certificate.der"
    sed '1,/END CERTIFICATE/d' testdata/example/$certificate.pem | openssl x509 -outform DER -out "$root/issuing.der"
done
"$root/verify" testdata/example/ca.pem 1780272000 "$root/chain.der" "$root/issuing.der" | grep '^CN=device 7,O=Example may come in'
refusal=$("$root/verify" testdata/example/ca.pem 1780272000 "$root/expired.der" "$root/issuing.der" 2>&1) && fail "an expired client may come in"
grep '^ClientCertExpired: client certificate CN=device 7' <<<"$refusal"
# And with the static library, without the shared one.
rm "$root"/usr/lib/libmtls_verify.so*
# shellcheck disable=SC2046
cc ffi/examples/verify.c $(pkg-config --static --cflags --libs mtls_verify) -o "$root/verify-static"
"$root/verify-static" testdata/example/ca.pem 1780272000 "$root/chain.der" "$root/issuing.der" | grep -q '^CN=device 7'
echo "installed, version $version"
