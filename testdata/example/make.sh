#!/bin/sh
# Makes the certificates of this folder with the openssl program: a root, an issuing CA below it, a client's certificate that is
# valid until 2125, one that expired in January 2026, one that is revoked, and the CRLs of both CAs. The keys are thrown away: nobody can authenticate with these.
set -eu
unset CDPATH
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/openssl.cnf" <<'CNF'
[ ca ]
default_ca = issuer
[ issuer ]
database = $ENV::WORK/index.txt
new_certs_dir = $ENV::WORK
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
crlnumber = $ENV::WORK/crlnumber
crl_extensions = crl
copy_extensions = none
[ any ]
organizationName = optional
commonName = supplied
[ req ]
distinguished_name = dn
[ dn ]
[ crl ]
authorityKeyIdentifier = keyid
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ issuing ]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ client ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = @names
[ names ]
URI.1 = spiffe://example.org/fleet/device-7
DNS.1 = device-7.fleet.example.org
email.1 = device-7@example.org
otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:device-7@fleet.example.org
CNF
: > "$work/index.txt"
echo 01 > "$work/crlnumber"
export WORK="$work" OPENSSL_CONF="$work/openssl.cnf"

# request NAME SUBJECT: a new P-256 key and a request for it.
request() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"
    openssl req -new -key "$work/$1.key" -subj "$2" -out "$work/$1.csr"
}
# issue NAME ISSUER EXTENSIONS NOT_AFTER OPTION: a certificate for a request.
issue() {
    openssl ca -batch -notext -in "$work/$1.csr" -keyfile "$work/$2.key" $5 \
        -extensions "$3" -startdate 20250101000000Z -enddate "$4" -out "$work/$1.pem" 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
}
# gencrl ISSUER: the list of what an issuer revoked, on standard output.
gencrl() {
    openssl ca -gencrl -keyfile "$work/$1.key" -cert "$work/$1.pem" \
        -crl_lastupdate 20260101000000Z -crl_nextupdate 21250101000000Z 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
}

request root "/O=Example/CN=Example Root"
request issuing "/O=Example/CN=Example Issuing CA"
request client "/O=Example/CN=device 7"
issue root root root 21250101000000Z "-selfsign"
issue issuing root issuing 21250101000000Z "-cert $work/root.pem"
issue client issuing client 21250101000000Z "-cert $work/issuing.pem"
cp "$work/root.pem" ca.pem
cat "$work/client.pem" "$work/issuing.pem" > chain.pem
issue client issuing client 20260102030405Z "-cert $work/issuing.pem"
cat "$work/client.pem" "$work/issuing.pem" > expired.pem

request revoked "/O=Example/CN=device 8"
issue revoked issuing client 21250101000000Z "-cert $work/issuing.pem"
cat "$work/revoked.pem" "$work/issuing.pem" > revoked.pem
gencrl root > crl.pem
openssl ca -revoke "$work/revoked.pem" -crl_reason keyCompromise -keyfile "$work/issuing.key" -cert "$work/issuing.pem" 2>/dev/null
gencrl issuing >> crl.pem
