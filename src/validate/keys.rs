//! The strength of keys, the client's own included.

use crate::error::Reason;
use crate::policy::RsaKeySize;
use crate::x509::{Certificate, KeyKind, ParseError};

/// A weak key makes everything signed with it forgeable: by its holder's peers in the handshake, or
/// by anyone below it in the path. RFC 5280 leaves this to applications; the sizes are those of
/// NIST SP 800-57 part 1 (112 bits and more).
pub(super) fn check(certificate: Certificate<'_>, rsa: RsaKeySize) -> Result<(), Reason> {
    let key = certificate.public_key();
    let kind = key
        .kind()
        .map_err(|problem| Reason::Malformed(ParseError::new("subjectPublicKeyInfo", problem)))?;
    match kind {
        KeyKind::FixedSize => Ok(()),
        KeyKind::Rsa { modulus_bits } => {
            if (rsa.minimum_bits..=rsa.maximum_bits).contains(&modulus_bits) {
                Ok(())
            } else {
                Err(Reason::KeySize {
                    bits: modulus_bits,
                    minimum: rsa.minimum_bits,
                    maximum: rsa.maximum_bits,
                })
            }
        }
        KeyKind::Unsupported => Err(Reason::UnsupportedKey {
            algorithm: key.describe(),
        }),
    }
}
