//! PKIs made by the `openssl` program, each in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::{
    ClientPolicy, StoreError, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};

use crate::common::openssl::{program, text_of};
use crate::common::{certificates, read, time};

pub(crate) const NOW: &str = "2026-06-01T00:00:00Z";
pub(crate) const ROOT_ENDS: &str = "2125-01-01T00:00:00Z";
pub(crate) const ISSUING_ENDS: &str = "2100-01-01T00:00:00Z";
pub(crate) const CLIENT_ENDS: &str = "2090-01-01T00:00:00Z";

/// What `openssl genpkey` makes a key with.
pub(crate) const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

/// A folder in which `openssl` makes a PKI: `root.pem`, `issuing.pem` below it, and `client.pem`.
pub(crate) struct Pki(PathBuf);

impl Pki {
    /// With P-256 keys, signed.
    pub(crate) fn with_chain(test: &str) -> Self {
        let pki = Self::with_keys(test, P256);
        pki.sign_chain("-md sha256");
        pki
    }

    /// With keys and certificate requests only.
    pub(crate) fn with_keys(test: &str, kind: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("openssl-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let pki = Self(folder);
        pki.write("openssl.cnf", CONFIGURATION.as_bytes());
        pki.write("index.txt", b"");
        for (name, subject) in [
            ("root", "/O=Example/CN=Example Root"),
            ("issuing", "/O=Example/CN=Example Issuing CA"),
            ("client", "/C=AT/O=Käserei, Söhne & Co./CN=device 7 #1"),
        ] {
            pki.openssl(&format!("genpkey {kind} -out {name}.key"));
            let words = format!("req -new -utf8 -key {name}.key -out {name}.csr -subj");
            let made = pki.run(openssl().args(words.split(' ')).arg(subject));
            assert!(made.status.success(), "{}", text_of(&made));
        }
        pki
    }

    /// The root, the issuing CA and the client; `signing` are options of `openssl ca`.
    pub(crate) fn sign_chain(&self, signing: &str) {
        self.issue("root", "root", ROOT_ENDS, signing);
        self.issue("issuing", "root", ISSUING_ENDS, signing);
        self.issue("client", "issuing", CLIENT_ENDS, signing);
    }

    /// A certificate for the request of this name.
    pub(crate) fn issue(&self, name: &str, issuer: &str, not_after: &str, signing: &str) {
        let not_after: String = not_after.chars().filter(|c| !"-:T".contains(*c)).collect();
        let signer = if name == issuer {
            "-selfsign".to_owned()
        } else {
            format!("-cert {issuer}.pem")
        };
        self.openssl(&format!(
            "ca -batch -notext -in {name}.csr -keyfile {issuer}.key {signer} -extensions {name} \
             -startdate 20250101000000Z -enddate {not_after} -out {name}.pem {signing}"
        ));
    }

    /// What `openssl` prints; `arguments` are words with a blank between them.
    pub(crate) fn openssl(&self, arguments: &str) -> Vec<u8> {
        let output = self.run(openssl().args(arguments.split_whitespace()));
        assert!(
            output.status.success(),
            "openssl {arguments}: {}",
            text_of(&output)
        );
        output.stdout
    }

    pub(crate) fn run(&self, command: &mut Command) -> Output {
        command
            .current_dir(&self.0)
            .output()
            .unwrap_or_else(|error| panic!("these tests need the `openssl` program: {error}"))
    }

    /// What `openssl verify` says of a client at a time; `issuing.pem` is the untrusted
    /// intermediate.
    pub(crate) fn openssl_verify(&self, ca: &str, at: &str, client: &str) -> Result<(), String> {
        self.openssl_verify_with(ca, at, "", client)
    }

    /// The same with further options.
    pub(crate) fn openssl_verify_with(
        &self,
        ca: &str,
        at: &str,
        options: &str,
        client: &str,
    ) -> Result<(), String> {
        let arguments = format!(
            "verify -attime {} -purpose sslclient -no-CApath -no-CAstore -CAfile {ca} {options} -untrusted issuing.pem {client}",
            time(at).as_secs()
        );
        let output = self.run(openssl().args(arguments.split_whitespace()));
        if output.status.success() {
            Ok(())
        } else {
            Err(text_of(&output))
        }
    }

    /// What the library says of a client that presents the issuing CA as well, with `root.pem` as
    /// the only anchor.
    pub(crate) fn verify(&self, client: &str) -> Result<VerifiedClient, VerifyError> {
        self.verify_at(client, time(NOW), &ClientPolicy::default())
    }

    pub(crate) fn verify_at(
        &self,
        client: &str,
        at: UnixTime,
        policy: &ClientPolicy,
    ) -> Result<VerifiedClient, VerifyError> {
        let store = self.store("root.pem").expect("a good bundle");
        let chain = self.certificates(&[client, "issuing.pem"]);
        verify_client_chain(&store, &chain, at, policy)
    }

    pub(crate) fn assert_both_accept(&self) {
        let client = self.verify("client.pem").expect("verified");
        let path: Vec<_> = client.path().collect();
        assert_eq!(
            path,
            self.certificates(&["client.pem", "issuing.pem", "root.pem"])
        );
        assert_eq!(client.valid_until(), Some(time(CLIENT_ENDS)));
        self.openssl_verify("root.pem", NOW, "client.pem")
            .expect("OpenSSL accepts it");
    }

    pub(crate) fn store(&self, ca: &str) -> Result<TrustStore, StoreError> {
        TrustStore::from_pem(&self.read(ca))
    }

    pub(crate) fn certificates(&self, files: &[&str]) -> Vec<CertificateDer<'static>> {
        files
            .iter()
            .flat_map(|file| certificates(&self.read(file)))
            .collect()
    }

    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        read(&self.0.join(file))
    }

    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.0.join(file), bytes).expect("the folder of the test can be written");
    }
}

impl Drop for Pki {
    /// Leaves the files of a failed test for a look into it.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

const CONFIGURATION: &str = "
[ ca ]
default_ca = issuer
[ issuer ]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
preserve = yes
unique_subject = no
copy_extensions = none
crlnumber = crlnumber
[ any ]
commonName = supplied
[ req ]
distinguished_name = dn
[ dn ]
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ issuing ]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ crl ]
authorityKeyIdentifier = keyid
[ client ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:device-7.example.org, DNS:d7.example.org, URI:spiffe://example.org/fleet/device-7, email:device-7@example.org, IP:192.0.2.7
";

pub(crate) fn openssl() -> Command {
    let mut command = program();
    command.env("OPENSSL_CONF", "openssl.cnf");
    command
}
