//! What can go wrong, as numbers and as objects.

use std::any::Any;
use std::borrow::Cow;

use mtls_verify::error::{Code, Input, Position, Reason, StoreProblem};
use mtls_verify::{StoreError, VerifyError};

pub use super::result::{MtlsInput, MtlsPosition, MtlsResult};
use super::text::{Handle, NulInside, Text};

/// Why a call failed. Made by functions that take an `error`, and freed with `mtls_error_free`.
///
/// It does not change, and several threads may use it at once. The functions that read it cannot
/// fail; of NULL they say what is said of an error about which nothing is known.
#[derive(Debug)]
pub struct MtlsError {
    pub(super) result: MtlsResult,
    pub(super) code: Text,
    pub(super) reason: Text,
    pub(super) message: Text,
    pub(super) subject: Text,
    pub(super) position: MtlsPosition,
    pub(super) index: usize,
    pub(super) input: MtlsInput,
    pub(super) number: usize,
    pub(super) line: usize,
    pub(super) alert: u8,
}

impl Handle for MtlsError {
    const NAME: &'static str = "mtls_error";
}

/// internal_error of RFC 8446 §6.2: the call failed, which says nothing of the client.
pub(super) const INTERNAL_ERROR: u8 = 80;

/// Why a function of the library fails.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call is not as it should be, or what it asks for is not there.
    Usage(MtlsResult, Cow<'static, str>),
    Store(StoreError),
    Refused(VerifyError),
}

impl Failure {
    pub(crate) fn usage(result: MtlsResult, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Usage(result, message.into())
    }

    pub(crate) fn value(what: &str, value: u32) -> Self {
        let message = format!("{value} is no {what}");
        Self::usage(MtlsResult::InvalidValue, message)
    }

    /// There is nothing of the kind asked for.
    pub(crate) fn absent() -> Self {
        Self::usage(MtlsResult::Absent, "there is none")
    }

    pub(crate) fn out_of_range(index: usize, count: usize) -> Self {
        let message = format!("there is no number {index}, counted from 0: there are {count}");
        Self::usage(MtlsResult::OutOfRange, message)
    }

    pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let said = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("nothing is known about it");
        let message = format!("a bug in mtls-verify, please report it: {said}");
        Self::usage(MtlsResult::Internal, message)
    }

    pub(crate) fn result(&self) -> MtlsResult {
        match self {
            Self::Usage(result, _) => *result,
            Self::Store(error) => of_store(error.problem()),
            Self::Refused(error) => of_refusal(error.reason()),
        }
    }
}

impl From<NulInside> for Failure {
    fn from(NulInside: NulInside) -> Self {
        let message = "the text has a NUL character inside, and is not given out as it could be \
            mistaken for another";
        Self::usage(MtlsResult::TextHasNul, message)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self::Refused(error)
    }
}

impl From<Failure> for MtlsError {
    fn from(failure: Failure) -> Self {
        let mut error = Self {
            result: failure.result(),
            code: Text::new(Code::UnmappedConnectionError.as_str()),
            reason: Text::new(""),
            message: Text::new(""),
            subject: Text::new(""),
            position: MtlsPosition::None,
            index: 0,
            input: MtlsInput::None,
            number: 0,
            line: 0,
            alert: INTERNAL_ERROR,
        };
        match failure {
            Failure::Usage(_, message) => error.message = Text::message(&message),
            Failure::Store(store) => {
                error.message = Text::message(&store.to_string());
                error.subject = Text::new(store.subject().unwrap_or_default());
                error.input = of_input(store.input());
                error.number = store.number().unwrap_or(0);
                error.line = store.line().unwrap_or(0);
            }
            Failure::Refused(refusal) => {
                error.code = Text::new(refusal.code().as_str());
                error.reason = Text::new(refusal.reason().name());
                error.message = Text::message(&refusal.to_string());
                error.alert = refusal.alert().into();
                if let Some(certificate) = refusal.certificate() {
                    (error.position, error.index) = of_position(certificate.position());
                    let subject = certificate.subject().unwrap_or_default();
                    error.subject = Text::message(&subject);
                }
            }
        }
        error
    }
}

fn of_input(input: Input) -> MtlsInput {
    match input {
        Input::Ca => MtlsInput::Ca,
        Input::Intermediate => MtlsInput::Intermediate,
        Input::PinnedClient => MtlsInput::PinnedClient,
        Input::Crl => MtlsInput::Crl,
        _ => MtlsInput::None,
    }
}

fn of_position(position: Position) -> (MtlsPosition, usize) {
    match position {
        Position::Client => (MtlsPosition::Client, 0),
        Position::Presented(index) => (MtlsPosition::Presented, index),
        Position::Intermediate => (MtlsPosition::Intermediate, 0),
        Position::Anchor => (MtlsPosition::Anchor, 0),
        _ => (MtlsPosition::None, 0),
    }
}

/// The enums of the library may grow, so each needs a last arm; `tests/results.rs` finds a variant
/// that has no number.
fn of_store(problem: &StoreProblem) -> MtlsResult {
    match problem {
        StoreProblem::Empty { .. } => MtlsResult::StoreEmpty,
        StoreProblem::Label { .. } => MtlsResult::StoreLabel,
        StoreProblem::PrivateKey { .. } => MtlsResult::StorePrivateKey,
        StoreProblem::Boundary { .. } => MtlsResult::StoreBoundary,
        StoreProblem::NoEnd => MtlsResult::StoreNoEnd,
        StoreProblem::BrokenEnd { .. } => MtlsResult::StoreBrokenEnd,
        StoreProblem::OtherEnd { .. } => MtlsResult::StoreOtherEnd,
        StoreProblem::StrayEnd => MtlsResult::StoreStrayEnd,
        StoreProblem::Nul => MtlsResult::StoreNul,
        StoreProblem::Base64 { .. } => MtlsResult::StoreBase64,
        StoreProblem::TooLarge { .. } => MtlsResult::StoreCertificateTooLarge,
        StoreProblem::StoreTooLarge => MtlsResult::StoreTooLarge,
        StoreProblem::Malformed(_) => MtlsResult::StoreMalformed,
        StoreProblem::UnhandledExtension { .. } => MtlsResult::StoreUnhandledExtension,
        StoreProblem::NotACa(_) => MtlsResult::StoreNotACa,
        StoreProblem::TrustSettings => MtlsResult::StoreTrustSettings,
        StoreProblem::StrayBase64 => MtlsResult::StoreStrayBase64,
        _ => MtlsResult::StoreOther,
    }
}

fn of_refusal(reason: &Reason) -> MtlsResult {
    match reason {
        Reason::EmptyChain => MtlsResult::EmptyChain,
        Reason::TooManyPresented { .. } => MtlsResult::TooManyPresented,
        Reason::CertificateTooLarge { .. } => MtlsResult::CertificateTooLarge,
        Reason::PathTooLong { .. } => MtlsResult::PathTooLong,
        Reason::MaxPathLength { .. } => MtlsResult::MaxPathLength,
        Reason::SignatureLimit { .. } => MtlsResult::SignatureLimit,
        Reason::WorkLimit { .. } => MtlsResult::WorkLimit,
        Reason::Malformed(_) => MtlsResult::Malformed,
        Reason::UnknownIssuer { .. } => MtlsResult::UnknownIssuer,
        Reason::NoWayToAnchor { .. } => MtlsResult::NoWayToAnchor,
        Reason::UntrustedRoot => MtlsResult::UntrustedRoot,
        Reason::BadSignature => MtlsResult::BadSignature,
        Reason::UnsupportedSignatureAlgorithm { .. } => MtlsResult::UnsupportedSignatureAlgorithm,
        Reason::UnsupportedKey { .. } => MtlsResult::UnsupportedKey,
        Reason::KeySize { .. } => MtlsResult::KeySize,
        Reason::NotYetValid { .. } => MtlsResult::NotYetValid,
        Reason::Expired { .. } => MtlsResult::Expired,
        Reason::NotACa(_) => MtlsResult::NotACa,
        Reason::PathLength { .. } => MtlsResult::PathLength,
        Reason::KeyUsage { .. } => MtlsResult::KeyUsage,
        Reason::Purpose { .. } => MtlsResult::Purpose,
        Reason::NoPurpose { .. } => MtlsResult::NoPurpose,
        Reason::UnhandledExtension { .. } => MtlsResult::UnhandledExtension,
        Reason::NameConstraint { .. } => MtlsResult::NameConstraint,
        Reason::NoValidPolicy => MtlsResult::NoValidPolicy,
        Reason::PolicyNotAcceptable { .. } => MtlsResult::PolicyNotAcceptable,
        Reason::RepeatedPolicy { .. } => MtlsResult::RepeatedPolicy,
        Reason::MapsAnyPolicy => MtlsResult::MapsAnyPolicy,
        Reason::Denied { .. } => MtlsResult::Denied,
        Reason::Revoked { .. } => MtlsResult::Revoked,
        Reason::RevocationUnknown { .. } => MtlsResult::RevocationUnknown,
        Reason::StaleCrl { .. } => MtlsResult::StaleCrl,
        Reason::CircularCrls => MtlsResult::CircularCrls,
        Reason::NonConforming(_) => MtlsResult::NonConforming,
        Reason::IdentityNotAccepted { .. } => MtlsResult::IdentityNotAccepted,
        Reason::CaAsClient => MtlsResult::CaAsClient,
        // Never here: C programs verify the signature of the handshake themselves.
        Reason::HandshakeSignature => MtlsResult::RefusedOther,
        // Nor these: no function of C makes a scope.
        Reason::OutOfScope { .. } | Reason::TrustDomain(_) | Reason::NoSuchScope { .. } => {
            MtlsResult::RefusedOther
        }
        _ => MtlsResult::RefusedOther,
    }
}

#[cfg(test)]
mod tests;
