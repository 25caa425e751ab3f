//! OpenSSL's side of what the benches measure.
//!
//! `README.md` in this folder says how to run it.

use std::path::Path;

use benches::Case;
use openssl::error::ErrorStack;
use openssl::ssl::SslFiletype;
use openssl::stack::Stack;
use openssl::x509::store::{X509Lookup, X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509PurposeId, X509StoreContext};

/// The names of the rows that OpenSSL has.
pub mod row {
    /// Certificates are parsed for each verification, as for each handshake.
    pub const PARSING: &str = "OpenSSL";
    /// Certificates were parsed before, and OpenSSL keeps with them what it found out of them.
    pub const PARSED: &str = "OpenSSL, parsed before";
}

/// A case as OpenSSL has it.
pub struct OpenSsl {
    store: X509Store,
    /// The chain that the client presents as DER, and as OpenSSL keeps it.
    ders: Vec<Vec<u8>>,
    client: X509,
    others: Stack<X509>,
}

impl OpenSsl {
    /// The same store, chain and time. With CRLs, each as DER, the whole path is checked for
    /// revocation; they go through files in a folder, as this is how the crate takes them.
    ///
    /// # Panics
    ///
    /// If OpenSSL does not read a certificate or a CRL.
    pub fn new(case: &Case, crls: Option<(&[Vec<u8>], &Path)>) -> Self {
        let store = store(case, crls).expect("good certificates and CRLs");
        let ders: Vec<Vec<u8>> = case.chain().iter().map(|der| der.to_vec()).collect();
        let (client, others) = parse(&ders).expect("good certificates");
        Self {
            store,
            ders,
            client,
            others,
        }
    }

    /// From DER to a verdict.
    ///
    /// # Errors
    ///
    /// What OpenSSL says.
    pub fn verify(&self) -> Result<bool, ErrorStack> {
        let (client, others) = parse(&self.ders)?;
        verify(&self.store, &client, &others)
    }

    /// The verdict alone.
    ///
    /// # Errors
    ///
    /// What OpenSSL says.
    pub fn verify_parsed(&self) -> Result<bool, ErrorStack> {
        verify(&self.store, &self.client, &self.others)
    }

    /// Makes sure that what is measured is what is meant.
    ///
    /// # Panics
    ///
    /// If the client is refused.
    pub fn check(&self) {
        assert_eq!(self.verify().ok(), Some(true));
        assert_eq!(self.verify_parsed().ok(), Some(true));
    }
}

fn store(case: &Case, crls: Option<(&[Vec<u8>], &Path)>) -> Result<X509Store, ErrorStack> {
    let mut builder = X509StoreBuilder::new()?;
    for anchor in case.store().anchors() {
        builder.add_cert(X509::from_der(&anchor.der())?)?;
    }
    let mut parameters = X509VerifyParam::new()?;
    let now = i64::try_from(case.now().as_secs()).expect("a time of this era");
    parameters.set_time(now);
    parameters.set_purpose(X509PurposeId::SSL_CLIENT)?;
    if let Some((crls, folder)) = crls {
        parameters.set_flags(X509VerifyFlags::CRL_CHECK | X509VerifyFlags::CRL_CHECK_ALL)?;
        let lookup = builder.add_lookup(X509Lookup::file())?;
        for (index, crl) in crls.iter().enumerate() {
            let file = folder.join(format!("{index}.crl"));
            std::fs::write(&file, crl).expect("a file for a CRL");
            lookup.load_crl_file(&file, SslFiletype::ASN1)?;
        }
    }
    builder.set_param(&parameters)?;
    Ok(builder.build())
}

fn parse(chain: &[Vec<u8>]) -> Result<(X509, Stack<X509>), ErrorStack> {
    let (client, others) = chain.split_first().expect("a client");
    let mut stack = Stack::new()?;
    for other in others {
        stack.push(X509::from_der(other)?)?;
    }
    Ok((X509::from_der(client)?, stack))
}

fn verify(store: &X509Store, client: &X509, others: &Stack<X509>) -> Result<bool, ErrorStack> {
    X509StoreContext::new()?.init(store, client, others, |context| context.verify_cert())
}
