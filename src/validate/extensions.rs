//! Extensions that are not processed (RFC 5280 §4.2).

use super::role::Role;
use crate::error::Reason;
use crate::policy::{Checked, ProcessedExtensions, ProcessedIn};
use crate::x509::{Certificate, ExtensionId, ParseError, oid_text};

/// §6.1.3 (end), §6.1.4 (o), §6.1.5 (f): a critical extension that is not processed refuses the
/// path, here or by the application. Distribution points are processed where the certificate is
/// checked for revocation, and not otherwise. `first` is what the path begins with.
pub(super) fn check(
    certificate: Certificate<'_>,
    (role, first): (Role, Role),
    checked: Checked,
    by_application: &ProcessedExtensions,
) -> Result<(), Reason> {
    const DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];

    let are_points_processed = match checked {
        Checked::Nothing => false,
        Checked::Client => role == Role::Client,
        Checked::AllButAnchor => !matches!(role, Role::Anchor | Role::PinnedClient),
    };
    match certificate.distribution_points_problem() {
        // Nobody can tell which CRLs they lead to.
        Some(problem) if are_points_processed => {
            let error = ParseError::new("cRLDistributionPoints", problem);
            return Err(Reason::Malformed(error));
        }
        _ => {}
    }
    let points = (!are_points_processed
        && certificate.is_critical(ExtensionId::DistributionPoints))
    .then_some(DISTRIBUTION_POINTS);
    let is_processed = |oid: &[u8]| match by_application.get(oid) {
        Some(ProcessedIn::Client) => role.is_client(),
        // The certificates of a client's path are handed over, and those of a CRL signer's are not.
        Some(ProcessedIn::Path) => first.is_client(),
        None => false,
    };
    let mut unhandled = certificate.unhandled_extensions();
    let unhandled = unhandled.find(|extension| !is_processed(extension.oid.value));
    match unhandled.map(|extension| extension.oid.value).or(points) {
        None => Ok(()),
        Some(oid) => Err(Reason::UnhandledExtension { oid: oid_text(oid) }),
    }
}
