//! What an error says, for C.

use std::sync::LazyLock;

use mtls_verify::error::Reason;

use super::error::{INTERNAL_ERROR, MtlsError, MtlsInput, MtlsPosition, MtlsResult};
use super::pointers::{ErrorOut, borrow, free, guard};
use super::text::{MtlsStr, Text};

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

/// The subject of that certificate as an RFC 4514 string. Of a CRL that does not load, its issuer.
/// Empty where there is none, or it does not parse, or was not read as it is beyond a limit.
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

/// The number of the PEM block that it is about, from 1. Of an input in DER, its number among those
/// of its kind. 0 for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_error_number(error: *const MtlsError) -> usize {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(error, 0, |error| error.number) }
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
