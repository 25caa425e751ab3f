//! The trust settings that OpenSSL appends to the certificate in a `TRUSTED CERTIFICATE` block.

use crate::policy::KeyPurpose;
use crate::x509::{Problem, Reader, tag};

/// The certificate, and whether its settings let it verify TLS clients.
pub(crate) struct Trusted<'a> {
    pub(crate) certificate: &'a [u8],
    pub(crate) for_clients: bool,
}

/// Splits the content of a `TRUSTED CERTIFICATE` block: a certificate, and optionally
/// `X509_CERT_AUX ::= SEQUENCE { trust SEQUENCE OF OBJECT IDENTIFIER OPTIONAL, reject [0] SEQUENCE OF OBJECT IDENTIFIER
/// OPTIONAL, .. }`.
///
/// As `openssl verify` does: a purpose among `reject` is refused, and where `trust` is present, only its purposes hold.
pub(crate) fn split(der: &[u8]) -> Result<Trusted<'_>, Problem> {
    let mut reader = Reader::new(der);
    let certificate = reader.expect(tag::SEQUENCE)?.whole;
    if reader.is_empty() {
        return Ok(Trusted {
            certificate,
            for_clients: true,
        });
    }
    let mut settings = reader.expect(tag::SEQUENCE)?.reader();
    reader.finish()?;
    let trusted = match settings.optional(tag::SEQUENCE)? {
        Some(list) => names_clients(list.reader())?,
        None => true,
    };
    let rejected = match settings.optional(tag::context_constructed(0))? {
        Some(list) => names_clients(list.reader())?,
        None => false,
    };
    Ok(Trusted {
        certificate,
        for_clients: trusted && !rejected,
    })
}

fn names_clients(mut purposes: Reader<'_>) -> Result<bool, Problem> {
    let mut named = false;
    while !purposes.is_empty() {
        let purpose = purposes.oid()?.value;
        named |= [KeyPurpose::CLIENT_AUTH, KeyPurpose::ANY]
            .iter()
            .any(|known| purpose == known.as_bytes());
    }
    Ok(named)
}
