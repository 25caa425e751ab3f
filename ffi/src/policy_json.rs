//! Policies as configuration files have them.

use mtls_verify::ClientPolicy;

use super::error::{Failure, MtlsError, MtlsResult};
use super::pointers::{ErrorOut, Out, guard, slice};
use super::policy::MtlsPolicy;

/// A policy from JSON, such as `{"expiry": {"client": {"accept-for": "7d 12h"}}}`. What it leaves
/// out has its default, so `{}` is what `mtls_policy_new` makes. docs/guide/policy.md has all
/// fields. The functions that change a policy change this one too. The buffer is not kept.
///
/// On failure `policy` is left alone, and `error`, unless NULL, is why. Text that is no policy is
/// `MTLS_RESULT_INVALID_POLICY`: the message says where, and what is expected there. For an unknown
/// name it has the nearest one that is known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_from_json(
    json: *const u8,
    len: usize,
    policy: *mut *mut MtlsPolicy,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (json, out) = unsafe { (slice(json, len, "json")?, Out::new(policy, "policy")?) };
        let json = std::str::from_utf8(json)
            .map_err(|error| Failure::usage(MtlsResult::InvalidUtf8, format!("json: {error}")))?;
        let policy: ClientPolicy = serde_json::from_str(json)
            .map_err(|error| Failure::usage(MtlsResult::InvalidPolicy, error.to_string()))?;
        out.put_handle(MtlsPolicy::new(policy))
    })
}
