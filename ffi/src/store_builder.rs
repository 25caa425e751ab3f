//! Building stores.

use std::sync::{Mutex, PoisonError};

use mtls_verify::{StoreError, TrustStore, TrustStoreBuilder};

use super::deny::MtlsDenyList;
use super::error::{Failure, MtlsError, MtlsResult};
use super::pointers::{ErrorOut, Out, borrow, free, guard, slice};
use super::store::MtlsStore;
use super::text::Handle;

/// Collects what a store is made of.
///
/// Unless it is of `mtls_store_builder_new_lenient`, the first input that is not good spends it:
/// that call says what is wrong, and all later ones fail with `MTLS_RESULT_BUILDER_SPENT`, so that
/// no store comes of a part of what it should have. Building spends it too. It is to be freed all
/// the same.
#[derive(Debug)]
pub struct MtlsStoreBuilder {
    builder: Mutex<Option<TrustStoreBuilder>>,
}

impl Handle for MtlsStoreBuilder {
    const NAME: &'static str = "mtls_store_builder";
}

impl MtlsStoreBuilder {
    /// What is inside, if this comes to no end; a panic spends the builder too.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut TrustStoreBuilder) -> Result<&mut TrustStoreBuilder, StoreError>,
    ) -> Result<(), Failure> {
        let mut builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = builder.take().ok_or_else(spent)?;
        change(&mut changed)?;
        *builder = Some(changed);
        Ok(())
    }

    fn take(&self) -> Result<TrustStoreBuilder, Failure> {
        let mut builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner);
        builder.take().ok_or_else(spent)
    }
}

fn spent() -> Failure {
    let message = "the store builder is spent: it failed before, or has built its store";
    Failure::usage(MtlsResult::BuilderSpent, message)
}

/// A builder of a store in which there is nothing yet. Input that is not good is an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_new(builder: *mut *mut MtlsStoreBuilder) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { new(builder, TrustStore::builder) }
}

/// The same, which leaves out input that is not good: `mtls_store_skipped` tells what and why. A
/// store without a trust anchor and without a pinned client is still an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_new_lenient(
    builder: *mut *mut MtlsStoreBuilder,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { new(builder, TrustStore::lenient_builder) }
}

/// Adds the CA certificates of a PEM bundle as trust anchors; `mtls_store_from_pem` says what a
/// bundle may hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_ca_pem(
    builder: *mut MtlsStoreBuilder,
    pem: *const u8,
    pem_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, pem, pem_len, error, |builder, pem| {
            builder.add_ca_pem(pem)
        })
    }
}

/// Adds one CA certificate as a trust anchor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_ca_der(
    builder: *mut MtlsStoreBuilder,
    der: *const u8,
    der_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, der, der_len, error, |builder, der| {
            builder.add_ca_der(der)
        })
    }
}

/// Adds the CA certificates of a PEM bundle as intermediates: paths may lead over them, none may
/// end there. Certificates of those who sign CRLs alone (keyUsage with cRLSign) belong here too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_intermediates_pem(
    builder: *mut MtlsStoreBuilder,
    pem: *const u8,
    pem_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, pem, pem_len, error, |builder, pem| {
            builder.add_intermediates_pem(pem)
        })
    }
}

/// Adds one certificate as an intermediate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_intermediate_der(
    builder: *mut MtlsStoreBuilder,
    der: *const u8,
    der_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, der, der_len, error, |builder, der| {
            builder.add_intermediate_der(der)
        })
    }
}

/// Pins the client certificates of a PEM bundle: a client that presents exactly one of them (and
/// holds its key, which the handshake proves) is accepted without a path. What binds it: its
/// validity, key and key usages, critical extensions, the profile, the certificate policies that it
/// lists, identities, and the deny list for its own certificate. What does not, as there is no
/// path: its signature (but for whether it is self-signed, which `MTLS_PROFILE_RFC5280` can ask),
/// CRLs (even where its CA and a CRL are in the store), denied issuers, name constraints, path
/// length, and whether it is a CA's. Where the pin does not hold, a path is looked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_pin_clients_pem(
    builder: *mut MtlsStoreBuilder,
    pem: *const u8,
    pem_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, pem, pem_len, error, |builder, pem| {
            builder.pin_clients_pem(pem)
        })
    }
}

/// Pins one client certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_pin_client_der(
    builder: *mut MtlsStoreBuilder,
    der: *const u8,
    der_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, der, der_len, error, |builder, der| {
            builder.pin_client_der(der)
        })
    }
}

/// Adds the CRLs of a PEM bundle, blocks labelled `X509 CRL`. **Under the default policy every
/// certificate of a path but its anchor then needs a CRL that vouches for it**:
/// `mtls_policy_set_revocation` has the choices. `mtls_store_with_crls_pem` renews them.
///
/// A wrong signature is no error, as only clients may present the signer. Until a CRL is known to
/// be authentic it vouches for nobody, **and it refuses the certificates that it names**. Put the
/// signers of CRLs into the store: their signatures are then verified as it is built, at no
/// client's cost where the signer has a path to a trust anchor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_crl_pem(
    builder: *mut MtlsStoreBuilder,
    pem: *const u8,
    pem_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, pem, pem_len, error, |builder, pem| {
            builder.add_crl_pem(pem)
        })
    }
}

/// Adds one CRL, as `mtls_store_builder_add_crl_pem` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_add_crl_der(
    builder: *mut MtlsStoreBuilder,
    der: *const u8,
    der_len: usize,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        add(builder, der, der_len, error, |builder, der| {
            builder.add_crl_der(der)
        })
    }
}

/// Denies what is on a list, besides what was denied before. The list is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_deny(
    builder: *mut MtlsStoreBuilder,
    list: *const MtlsDenyList,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (builder, list) = unsafe { (borrow(builder)?, borrow(list)?) };
        let denied = list.copy()?;
        builder.change(|builder| Ok(builder.deny(denied)))
    })
}

/// Builds the store, and spends the builder. An error if there is neither a trust anchor nor a
/// pinned client; where bad input was skipped, the first of it is the error, or the first that
/// OpenSSL's trust settings reject if there was good input otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_build(
    builder: *mut MtlsStoreBuilder,
    store: *mut *mut MtlsStore,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (builder, out) = unsafe { (borrow(builder)?, Out::new(store, "store")?) };
        let store = builder.take()?.build()?;
        out.put_handle(MtlsStore::new(store))
    })
}

/// Frees a store builder; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_builder_free(builder: *mut MtlsStoreBuilder) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(builder) }
}

/// # Safety
/// As the contract in `lib.rs` has it.
unsafe fn new(
    builder: *mut *mut MtlsStoreBuilder,
    new: impl FnOnce() -> TrustStoreBuilder,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        let out = unsafe { Out::new(builder, "builder") }?;
        out.put_handle(MtlsStoreBuilder {
            builder: Mutex::new(Some(new())),
        })
    })
}

/// # Safety
/// As the contract in `lib.rs` has it.
unsafe fn add(
    builder: *const MtlsStoreBuilder,
    data: *const u8,
    len: usize,
    error: *mut *mut MtlsError,
    add: impl for<'a> FnOnce(
        &'a mut TrustStoreBuilder,
        &[u8],
    ) -> Result<&'a mut TrustStoreBuilder, StoreError>,
) -> MtlsResult {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (builder, input) = unsafe { (borrow(builder)?, slice(data, len, "input")?) };
        builder.change(|builder| add(builder, input))
    })
}
