//! What a verdict says beside who the client is: until when, over which path, by which CRLs and
//! policies.

use mtls_verify::client::{ExpiryStatus, RevocationStatus, TrustedBy};

use super::client::{MtlsClient, read, read_bytes};
use super::error::{Failure, MtlsResult};
use super::pointers::MtlsBytes;
use super::store::{at, count_of, seconds};
use super::text::MtlsStr;

/// Whether a client's certificate has expired, at the time of the verification.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsExpiryStatus {
    /// It has not expired.
    Current = 0,
    /// It has expired, and the policy accepts that.
    Expired = 1,
}

/// What a client's certificate is trusted by.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsTrustedBy {
    /// A path to a trust anchor.
    Anchor = 0,
    /// It is pinned itself.
    Pin = 1,
    /// Something that this library has no number for.
    Other = 2,
}

/// What is known of the revocation of a certificate, at the time of the verification.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsRevocationStatus {
    /// The policy does not ask for it, or it is a trust anchor or pinned.
    NotChecked = 0,
    /// Fresh CRLs vouch for it.
    Good = 1,
    /// CRLs vouch for it of which one was no longer fresh, and the policy accepts that.
    Stale = 2,
    /// No CRL names it and none vouches for it, or the status of a CRL's signer is unknown, and the
    /// policy allows that.
    Unknown = 3,
}

/// The first second of the certificate's validity, since 1970; negative if that is earlier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_not_before(
    client: *const MtlsClient,
    unix_time: *mut i64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, unix_time, |client| {
            Ok(client.client.identity().validity().start().seconds())
        })
    }
}

/// The last second of the certificate's validity, since 1970; negative if that is earlier. Of an
/// expired client, since when it is expired.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_not_after(
    client: *const MtlsClient,
    unix_time: *mut i64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, unix_time, |client| {
            Ok(client.client.identity().validity().end().seconds())
        })
    }
}

/// Whether the client's certificate has expired, which the policy accepts then (the clock skew
/// included).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_expiry(
    client: *const MtlsClient,
    status: *mut MtlsExpiryStatus,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, status, |client| {
            Ok(match client.client.expiry() {
                ExpiryStatus::Current { .. } => MtlsExpiryStatus::Current,
                ExpiryStatus::Expired { .. } => MtlsExpiryStatus::Expired,
            })
        })
    }
}

/// The last second, since 1970, at which the path is known to hold under the policy it was verified
/// with: the earliest end of the validity of its certificates, each with the clock skew and what
/// the policy accepts for its role; and of what CRLs say of them, where revocation was checked. It
/// ends earlier where a CRL from the future begins to count, or where a certificate that is not yet
/// valid could then use up the limit on signatures, but not where it could use up the limit on
/// work. `INT64_MAX` if nothing ends it.
///
/// Bound sessions, resumption and caches with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_valid_until(
    client: *const MtlsClient,
    unix_time: *mut i64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, unix_time, |client| {
            Ok(client.client.valid_until().map_or(i64::MAX, seconds))
        })
    }
}

/// What the client's certificate is trusted by.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_trusted_by(
    client: *const MtlsClient,
    trusted_by: *mut MtlsTrustedBy,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, trusted_by, |client| {
            Ok(match client.client.trusted_by() {
                TrustedBy::Anchor => MtlsTrustedBy::Anchor,
                TrustedBy::Pin => MtlsTrustedBy::Pin,
                _ => MtlsTrustedBy::Other,
            })
        })
    }
}

/// How many certificates the path has that held. Of a pinned client, 1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_path_count(
    client: *const MtlsClient,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(client, count, |client| client.client.path().len()) }
}

/// The DER of a certificate of the path, by its index: the client's own is 0, the trust anchor's
/// the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_path_certificate(
    client: *const MtlsClient,
    index: usize,
    der: *mut MtlsBytes,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read_bytes(client, der, |client| {
            Ok(&at(client.path(), index)?.certificate)
        })
    }
}

/// The subject of a certificate of the path, as `mtls_client_subject` has the client's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_path_subject(
    client: *const MtlsClient,
    index: usize,
    subject: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, subject, |client| {
            Ok(at(client.path(), index)?.subject.view()?)
        })
    }
}

/// What is known of the revocation of a certificate of the path.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_revocation(
    client: *const MtlsClient,
    index: usize,
    status: *mut MtlsRevocationStatus,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, status, |client| {
            Ok(match at(client.path(), index)?.revocation {
                RevocationStatus::NotChecked => MtlsRevocationStatus::NotChecked,
                RevocationStatus::Good => MtlsRevocationStatus::Good,
                RevocationStatus::Stale { .. } => MtlsRevocationStatus::Stale,
                // Of a status that has no number here, nothing may be concluded.
                _ => MtlsRevocationStatus::Unknown,
            })
        })
    }
}

/// Since when the CRL is no longer fresh, if that status is `MTLS_REVOCATION_STATUS_STALE`: the
/// last second, since 1970, at which it was; negative if that is earlier. Absent for every other
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_stale_since(
    client: *const MtlsClient,
    index: usize,
    unix_time: *mut i64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, unix_time, |client| {
            match at(client.path(), index)?.revocation {
                RevocationStatus::Stale { since } => Ok(since.seconds()),
                _ => Err(Failure::absent()),
            }
        })
    }
}

/// How many certificate policies the path is valid for, of those asked for (RFC 5280 §6.1.6).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_policy_count(
    client: *const MtlsClient,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(client, count, |client| client.policies().len()) }
}

/// The OBJECT IDENTIFIER of such a policy in dotted form, by its index from 0. anyPolicy
/// (`2.5.29.32.0`) stands for all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_policy(
    client: *const MtlsClient,
    index: usize,
    oid: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, oid, |client| {
            Ok(at(client.policies(), index)?.view()?)
        })
    }
}
