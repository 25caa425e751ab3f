//! Deny lists.

use std::sync::{Mutex, MutexGuard};

use mtls_verify::DenyList;

use super::error::{Failure, MtlsError, MtlsResult};
use super::pointers::{ErrorOut, Out, borrow, free, guard, slice};
use super::text::Handle;

/// Certificates that are refused whatever else holds. It changes nothing until it is given to a
/// store builder or to `mtls_store_with_deny_list`, which copy it.
#[derive(Debug)]
pub struct MtlsDenyList {
    list: Mutex<DenyList>,
}

impl Handle for MtlsDenyList {
    const NAME: &'static str = "mtls_deny_list";
}

impl MtlsDenyList {
    pub(crate) fn copy(&self) -> Result<DenyList, Failure> {
        Ok(self.lock()?.clone())
    }

    /// After a panic in the middle of a change nobody knows what is denied.
    fn lock(&self) -> Result<MutexGuard<'_, DenyList>, Failure> {
        let half_done = "a bug in mtls-verify has left the deny list half changed";
        self.list
            .lock()
            .map_err(|_| Failure::usage(MtlsResult::Internal, half_done))
    }
}

/// A deny list with nothing on it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_new(list: *mut *mut MtlsDenyList) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let out = unsafe { Out::new(list, "list") }?;
        out.put_handle(MtlsDenyList {
            list: Mutex::default(),
        })
    })
}

/// Denies this certificate, given as DER, by what its issuer signed. Its signature does not count,
/// so every encoding that verifies is denied. A list to which it could not be added, as it is not a
/// certificate, is as it was before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_add_certificate(
    list: *mut MtlsDenyList,
    der: *const u8,
    der_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (list, der) = unsafe { (borrow(list)?, slice(der, der_len, "der")?) };
        let add = |list: DenyList| {
            list.with_certificate(der)
                .map_err(|error| Failure::usage(MtlsResult::StoreMalformed, error.to_string()))
        };
        add(DenyList::new())?;
        let mut list = list.lock()?;
        *list = add(std::mem::take(&mut *list))?;
        Ok(())
    })
}

/// Denies the certificate of which this is the SHA-256, over its DER: its fingerprint. `sha256_len`
/// must be 32.
///
/// A fingerprint also covers the signature, and of an ECDSA signature anybody can make a second one
/// that verifies. Both encodings are denied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_add_certificate_sha256(
    list: *mut MtlsDenyList,
    sha256: *const u8,
    sha256_len: usize,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (list, sha256) = unsafe { (borrow(list)?, digest(sha256, sha256_len)?) };
        let mut list = list.lock()?;
        *list = std::mem::take(&mut *list).with_certificate_sha256(sha256);
        Ok(())
    })
}

/// Denies all certificates for a key: the SHA-256 of the DER of its subjectPublicKeyInfo.
/// `sha256_len` must be 32.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_add_key_sha256(
    list: *mut MtlsDenyList,
    sha256: *const u8,
    sha256_len: usize,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (list, sha256) = unsafe { (borrow(list)?, digest(sha256, sha256_len)?) };
        let mut list = list.lock()?;
        *list = std::mem::take(&mut *list).with_key_sha256(sha256);
        Ok(())
    })
}

/// Denies the certificates with a serial number: the DER of the issuer's name, and the bytes of the
/// number with or without zeros in front. A list to which this could not be added is as it was
/// before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_add_serial(
    list: *mut MtlsDenyList,
    issuer_der: *const u8,
    issuer_der_len: usize,
    serial: *const u8,
    serial_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (list, issuer, serial) = unsafe {
            (
                borrow(list)?,
                slice(issuer_der, issuer_der_len, "issuer_der")?,
                slice(serial, serial_len, "serial")?,
            )
        };
        let add = |list: DenyList| {
            list.with_serial(issuer, serial)
                .map_err(|error| Failure::usage(MtlsResult::InvalidName, error.to_string()))
        };
        add(DenyList::new())?;
        let mut list = list.lock()?;
        *list = add(std::mem::take(&mut *list))?;
        Ok(())
    })
}

/// Frees a deny list; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_deny_list_free(list: *mut MtlsDenyList) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(list) }
}

/// # Safety
/// As for [`slice`].
unsafe fn digest(data: *const u8, len: usize) -> Result<[u8; 32], Failure> {
    // SAFETY: promised by the caller.
    let bytes = unsafe { slice(data, len, "sha256") }?;
    bytes.try_into().map_err(|_| {
        let message = format!("sha256: {len} bytes; a SHA-256 has 32");
        Failure::usage(MtlsResult::InvalidValue, message)
    })
}
