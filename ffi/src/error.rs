//! What can go wrong, as numbers and as objects.

use std::any::Any;
use std::borrow::Cow;
use std::sync::LazyLock;

use mtls_verify::error::{Code, Input, Position, Reason, StoreProblem};
use mtls_verify::{StoreError, VerifyError};

use super::pointers::{ErrorOut, Handle, MtlsStr, Text, borrow, free, guard};
pub use super::result::{MtlsInput, MtlsPosition, MtlsResult};

/// Why a call failed. Made by functions that take an `error`, and freed with `mtls_error_free`.
///
/// It does not change, and several threads may use it at once. The functions that read it cannot
/// fail; of NULL they say what is said of an error about which nothing is known.
#[derive(Debug)]
pub struct MtlsError {
    result: MtlsResult,
    code: Text,
    reason: Text,
    message: Text,
    subject: Text,
    position: MtlsPosition,
    index: usize,
    input: MtlsInput,
    block: usize,
    line: usize,
    alert: u8,
}

impl Handle for MtlsError {
    const NAME: &'static str = "mtls_error";
}

/// What an error says; `unknown` of NULL, and in debug builds of an error that was freed.
///
/// # Safety
/// As for [`borrow`].
unsafe fn read<T>(error: *const MtlsError, unknown: T, read: impl FnOnce(&MtlsError) -> T) -> T {
    let mut value = unknown;
    let out = &mut value;
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        *out = read(unsafe { borrow(error) }?);
        Ok(())
    });
    value
}

/// The number of the error. `MTLS_RESULT_NULL_POINTER` of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_result(error: *const MtlsError) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, MtlsResult::NullPointer, |error| error.result) }
}

/// The reason as the connection logs of AWS load balancers name it, such as `ClientCertExpired`;
/// `UnmappedConnectionError` if the client was not refused but the call failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_code(error: *const MtlsError) -> MtlsStr {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read_text(error, |error| &error.code) }
}

/// The stable name of the reason, finer than the code, such as `name-constraint`: for metrics and
/// filters of logs; `mtls_reason_name` has all. Empty if the client was not refused but the call
/// failed, and of NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_reason(error: *const MtlsError) -> MtlsStr {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read_text(error, |error| &error.reason) }
}

/// One of the names that `mtls_error_reason` can give, by its index from 0: for metrics that begin
/// at 0. Empty beyond the last. The text stays, and is not to be freed.
#[unsafe(no_mangle)]
pub extern "C" fn mtls_reason_name(index: usize) -> MtlsStr {
    static NAMES: LazyLock<Vec<Text>> =
        LazyLock::new(|| Reason::NAMES.iter().map(|name| Text::new(name)).collect());
    let name = NAMES.get(index).and_then(|name| name.view().ok());
    name.unwrap_or(MtlsStr::EMPTY)
}

/// A sentence for a person, such as `client certificate CN=device 7 expired 3 days ago (notAfter
/// 2026-01-02T03:04:05Z)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_message(error: *const MtlsError) -> MtlsStr {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read_text(error, |error| &error.message) }
}

/// The alert to refuse the handshake with (RFC 8446 §6.2), as the number on the wire;
/// internal_error (80) if the client was not refused but the call failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_alert(error: *const MtlsError) -> u8 {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, INTERNAL_ERROR, |error| error.alert) }
}

/// Which certificate it is about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_position(error: *const MtlsError) -> MtlsPosition {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, MtlsPosition::None, |error| error.position) }
}

/// The index of that certificate in the chain given, if its position is `MTLS_POSITION_PRESENTED`;
/// else 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_index(error: *const MtlsError) -> usize {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, 0, |error| error.index) }
}

/// The subject of that certificate as an RFC 4514 string; empty where there is none, or the
/// certificate does not parse, or was not read as it is beyond a limit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_subject(error: *const MtlsError) -> MtlsStr {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read_text(error, |error| &error.subject) }
}

/// Which input of a store it is about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_input(error: *const MtlsError) -> MtlsInput {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, MtlsInput::None, |error| error.input) }
}

/// The PEM block of that input that it is about, from 1; 0 for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_block(error: *const MtlsError) -> usize {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, 0, |error| error.block) }
}

/// The line of that input that it is about, from 1; 0 for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_line(error: *const MtlsError) -> usize {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, 0, |error| error.line) }
}

/// Frees an error; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_free(error: *mut MtlsError) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(error) }
}

/// # Safety
/// As for [`borrow`].
unsafe fn read_text(error: *const MtlsError, text: impl FnOnce(&MtlsError) -> &Text) -> MtlsStr {
    // Text of an error has no NUL inside: it was made to be shown.
    let view = |error: &MtlsError| text(error).view().unwrap_or(MtlsStr::EMPTY);
    // SAFETY: promised by the caller.
    unsafe { read(error, MtlsStr::EMPTY, view) }
}

/// internal_error of RFC 8446 §6.2: the call failed, which says nothing of the client.
const INTERNAL_ERROR: u8 = 80;

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
            block: 0,
            line: 0,
            alert: INTERNAL_ERROR,
        };
        match failure {
            Failure::Usage(_, message) => error.message = Text::message(&message),
            Failure::Store(store) => {
                error.message = Text::message(&store.to_string());
                error.input = of_input(store.input());
                error.block = store.block().unwrap_or(0);
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
        Reason::IdentityNotAccepted => MtlsResult::IdentityNotAccepted,
        Reason::CaAsClient => MtlsResult::CaAsClient,
        // Never here: C programs verify the signature of the handshake themselves.
        Reason::HandshakeSignature => MtlsResult::RefusedOther,
        _ => MtlsResult::RefusedOther,
    }
}

#[cfg(test)]
mod tests;
