//! Outcomes of verifications, and how they compare.

use mtls_verify::error::{Position, Reason};
use mtls_verify::{VerifiedClient, VerifyError};

pub(crate) type Outcome = Result<VerifiedClient, VerifyError>;

/// Whether two outcomes are the same. Where a certificate was among the presented does not matter.
pub(crate) fn is_same(one: &Outcome, other: &Outcome) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            one.path().eq(other.path())
                && one.path_revocation().eq(other.path_revocation())
                && one.valid_until() == other.valid_until()
        }
        (Err(one), Err(other)) => one == other || text_of(one) == text_of(other),
        _ => false,
    }
}

/// The error without the indices of presented certificates.
fn text_of(error: &VerifyError) -> String {
    const PRESENTED: &str = "presented certificate ";
    let text = error.to_string();
    let mut parts = text.split(PRESENTED);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let part = part.trim_start_matches(|character: char| character.is_ascii_digit());
        text + PRESENTED + part
    })
}

/// An outcome in a line.
pub(crate) fn shown(outcome: &Outcome) -> String {
    match outcome {
        Ok(client) => {
            let path: Vec<_> = client.path_subjects().collect();
            let status: Vec<_> = client.path_revocation().collect();
            format!("accepted over {path:?} {status:?}")
        }
        Err(error) => format!("refused: {error}"),
    }
}

/// The name of a reason alone, without values.
pub(crate) fn name_of(error: &VerifyError) -> String {
    let shown = format!("{:?}", error.reason());
    let is_end = |character: char| !character.is_alphanumeric();
    shown.split(is_end).next().unwrap_or_default().to_owned()
}

/// Whether a limit ended the verification. The name of the reason says so.
pub(crate) fn is_limit(outcome: &Outcome) -> bool {
    match outcome {
        Ok(_) => false,
        Err(error) => {
            let name = name_of(error);
            name.ends_with("Limit") || name == "PathTooLong"
        }
    }
}

/// Where the certificate is that a refusal is about.
pub(crate) fn position(outcome: &Outcome) -> Option<Position> {
    let certificate = outcome.as_ref().err()?.certificate()?;
    Some(certificate.position())
}

/// Where the certificate is that was found to be revoked.
pub(crate) fn revoked_at(outcome: &Outcome) -> Option<Position> {
    let reason = outcome.as_ref().err()?.reason();
    match reason {
        Reason::Revoked { .. } => position(outcome),
        _ => None,
    }
}

pub(crate) fn is_client_revoked(outcome: &Outcome) -> bool {
    revoked_at(outcome) == Some(Position::Client)
}
