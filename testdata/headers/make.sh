#!/bin/sh
# Makes the header values of this folder from testdata/example, with python3 and openssl in the place of the proxies. Each file is one value and a line end.
set -eu
unset CDPATH
cd "$(dirname "$0")"
example=../example

python3 - "$example/chain.pem" <<'PY'
import pathlib, re, sys, urllib.parse

chain = pathlib.Path(sys.argv[1]).read_text()
leaf = re.match(r"-----BEGIN.*?-----END CERTIFICATE-----\n", chain, re.S).group()

def write(name, value):
    pathlib.Path(name + ".txt").write_text(value + "\n")

# AWS: "+=/" as safe characters; and everything encoded, as its own example has it.
write("alb-chain", urllib.parse.quote(chain, safe="+=/"))
write("alb-chain-all-encoded", urllib.parse.quote(chain, safe=""))
write("alb-leaf", urllib.parse.quote(leaf, safe="+=/"))
write("nginx", urllib.parse.quote(leaf, safe=""))
# What a form encoder makes of it: a space is a plus.
write("form-encoded", urllib.parse.quote_plus(chain))
# What CloudFront encodes, and what Envoy does.
write("cloudfront", leaf.replace(" ", "%20").replace("\n", "%0A"))
def envoy(pem):
    for character in "\n +/=":
        pem = pem.replace(character, "%%%02X" % ord(character))
    return pem
write("envoy-cert", envoy(leaf))
write("envoy-chain", envoy(chain))
PY

openssl x509 -in "$example/chain.pem" -outform DER | openssl base64 -A > haproxy.txt
echo >> haproxy.txt
# The hash and the names that Envoy would write beside it.
openssl x509 -in "$example/chain.pem" -outform DER | openssl dgst -sha256 -r | cut -c 1-64 > envoy-hash.txt
openssl x509 -in "$example/chain.pem" -noout -subject -nameopt RFC2253 | sed 's/^subject=//' > subject-rfc2253.txt
openssl x509 -in "$example/chain.pem" -noout -issuer -nameopt RFC2253 | sed 's/^issuer=//' > issuer-rfc2253.txt
openssl x509 -in "$example/chain.pem" -noout -serial | sed 's/^serial=//' > serial.txt
# The certificates one by one, as Traefik and RFC 9440 have them.
awk '/BEGIN/ { n++ } { print > ("certificate-" n ".tmp") }' "$example/chain.pem"
for n in 1 2; do
    openssl x509 -in "certificate-$n.tmp" -outform DER | openssl base64 -A > "base64-$n.tmp"
done
echo "$(cat base64-1.tmp),$(cat base64-2.tmp)" > traefik.txt
echo ":$(cat base64-1.tmp):" > client-cert.txt
echo ":$(cat base64-2.tmp):" > client-cert-chain.txt
rm ./*.tmp
