#!/usr/bin/env bash
# Builds the C library and installs it with its header and its pkg-config file:
#   ffi/install.sh [--prefix DIR] [--libdir DIR] [--destdir DIR] [-- OPTION_OF_CARGO...]
# The prefix is /usr/local, and the libdir PREFIX/lib, unless given. The destdir comes before both:
# it stages the files of a package. The script needs a system with ELF, such as Linux.
set -euo pipefail

prefix=/usr/local libdir='' destdir=''
while [ "$#" -gt 0 ]; do
    case "$1" in
    --prefix | --libdir | --destdir)
        [ -n "${2:-}" ] || { echo "$1 needs a folder" >&2; exit 2; }
        printf -v "${1#--}" %s "$2"
        shift 2
        ;;
    --)
        shift
        break
        ;;
    *)
        echo "usage: install.sh [--prefix DIR] [--libdir DIR] [--destdir DIR] [-- OPTION_OF_CARGO...]" >&2
        exit 2
        ;;
    esac
done
libdir=${libdir:-$prefix/lib}
for folder in "$prefix" "$libdir" "${destdir:-/}"; do
    [ "${folder#/}" != "$folder" ] || { echo "$folder is no absolute path" >&2; exit 2; }
done
# Flags in a pkg-config file are words.
[[ "$prefix$libdir" != *[[:space:]]* ]] || { echo "pkg-config takes no blanks: $prefix, $libdir" >&2; exit 2; }
unset CDPATH
cd "$(dirname "$0")/.."

version=$(cargo pkgid -p mtls-verify-ffi)
version=${version##*[@#]}
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+ ]] || { echo "no version: $version" >&2; exit 1; }
# Without a promise of compatibility until 1.0, each minor version has a name of its own.
IFS=. read -r major minor _ <<<"$version"
name=libmtls_verify.so
case "$major" in
0) soname=$name.0.$minor ;;
*) soname=$name.$major ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CARGO_TERM_COLOR=never cargo rustc -p mtls-verify-ffi --lib --release "$@" --message-format=json-render-diagnostics -- \
    -C "link-arg=-Wl,-soname,$soname" --print native-static-libs >"$work/artifacts" 2> >(tee "$work/log" >&2)
wait
built=$(sed -n 's|.*"crate_types":\["cdylib","staticlib"\].*"filenames":\["\([^"]*\)/libmtls_verify\.[a-z]*".*|\1|p' "$work/artifacts")
native=$(sed -n 's/^note: native-static-libs: //p' "$work/log")
[ -n "$built" ] || { echo "cargo says not where the library is" >&2; exit 1; }
[ -n "$native" ] || { echo "rustc says not what the static library needs" >&2; exit 1; }

cat >"$work/mtls_verify.pc" <<END
prefix=$prefix
includedir=\${prefix}/include
libdir=$libdir

Name: mtls_verify
Description: Verifies the certificates of TLS clients
Version: $version
Cflags: -I\${includedir}
Libs: -L\${libdir} -lmtls_verify
Libs.private: $native
END
install -D -m 644 ffi/include/mtls_verify.h "$destdir$prefix/include/mtls_verify.h"
install -D -m 644 "$built/libmtls_verify.a" "$destdir$libdir/libmtls_verify.a"
install -D -m 755 "$built/$name" "$destdir$libdir/$name.$version"
# -T: never into a folder of that name.
ln -sfT "$name.$version" "$destdir$libdir/$soname"
ln -sfT "$soname" "$destdir$libdir/$name"
install -D -m 644 "$work/mtls_verify.pc" "$destdir$libdir/pkgconfig/mtls_verify.pc"
echo "installed $name.$version in $destdir$libdir"
