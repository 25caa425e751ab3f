//! Extensions that are not processed (RFC 5280 §4.2).

use crate::error::Reason;
use crate::x509::{Certificate, oid_text};

/// §6.1.3 (end), §6.1.4 (o), §6.1.5 (f): a critical extension that is not processed refuses the path.
pub(super) fn check(certificate: Certificate<'_>) -> Result<(), Reason> {
    match certificate.unhandled_extension() {
        None => Ok(()),
        Some(oid) => Err(Reason::UnhandledExtension { oid: oid_text(oid) }),
    }
}
