//! The verifier that remembers.

use std::sync::Arc;

use mtls_verify::ClientVerifier;

use super::client::MtlsClient;
use super::error::{Failure, MtlsError, MtlsResult};
use super::pointers::{ErrorOut, MtlsBytes, Out, borrow, free, guard};
use super::policy::MtlsPolicy;
use super::store::MtlsStore;
use super::text::Handle;
use super::verify::{certificates, time};

/// A store, a policy, and what was verified under them: one for all threads of a server.
///
/// Its verdicts are those of `mtls_verify_client_chain`. It only does not do twice what it has done
/// before. The same chain costs one SHA-256 of its bytes while it is remembered, until a
/// certificate or CRL that was looked at begins or ceases to be valid. The signatures of CAs are
/// not verified again for each of their clients. Refusals and pinned clients are not remembered.
/// `mtls_policy_set_memory` bounds what it remembers.
#[derive(Debug)]
pub struct MtlsVerifier {
    verifier: ClientVerifier,
}

impl Handle for MtlsVerifier {
    const NAME: &'static str = "mtls_verifier";
}

/// A verifier that remembers nothing yet. It keeps what it needs of the store, and a copy of the
/// policy: what changes the policy later does not change the verifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_new(
    store: *const MtlsStore,
    policy: *const MtlsPolicy,
    verifier: *mut *mut MtlsVerifier,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (store, policy, out) = unsafe {
            (
                borrow(store)?,
                borrow(policy)?,
                Out::new(verifier, "verifier")?,
            )
        };
        let policy = policy.read()?.clone();
        let verifier = ClientVerifier::new(Arc::clone(store.store()), policy);
        out.put_handle(MtlsVerifier { verifier })
    })
}

/// Verifies the chain that a client presented, as `mtls_verify_client_chain` does with this
/// verifier's store and policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_verify(
    verifier: *const MtlsVerifier,
    chain: *const MtlsBytes,
    count: usize,
    unix_time: i64,
    client: *mut *mut MtlsClient,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (verifier, out, chain) = unsafe {
            (
                borrow(verifier)?,
                Out::new(client, "client")?,
                certificates(chain, count)?,
            )
        };
        let verified = verifier.verifier.verify(&chain, time(unix_time)?)?;
        out.put_handle(MtlsClient::new(verified))
    })
}

/// Takes another store, and forgets what was verified under the one before. The policy stays.
/// Verifications under way are not waited for; they end with the store that they began with.
///
/// `MTLS_RESULT_NO_CRLS`, and the store in use stays, if it has CRLs and the new one has none: with
/// `MTLS_REVOCATION_SCOPE_AUTO`, and where unknown status is allowed. With
/// `MTLS_UNKNOWN_STATUS_ALLOW_UNPUBLISHED` that is also so if an issuer has a CRL in the store in
/// use and none in the new one. To go on without these CRLs, make a new verifier.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_replace_store(
    verifier: *mut MtlsVerifier,
    store: *const MtlsStore,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (verifier, store) = unsafe { (borrow(verifier)?, borrow(store)?) };
        let replaced = verifier.verifier.replace_store(Arc::clone(store.store()));
        replaced.map_err(|error| Failure::usage(MtlsResult::NoCrls, error.to_string()))
    })
}

/// Takes another store and a copy of another policy in one step, and forgets what was verified
/// under those before. No client is judged by the one and not the other: verifications under way
/// end with the store and the policy that they began with.
///
/// `MTLS_RESULT_NO_CRLS`, and both stay in use, as for `mtls_verifier_replace_store`, under the new
/// policy and under the one in use. To do without CRLs, replace the policy first, with a store that
/// still has them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_replace(
    verifier: *mut MtlsVerifier,
    store: *const MtlsStore,
    policy: *const MtlsPolicy,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (verifier, store, policy) =
            unsafe { (borrow(verifier)?, borrow(store)?, borrow(policy)?) };
        let policy = policy.read()?.clone();
        let replaced = verifier.verifier.replace(Arc::clone(store.store()), policy);
        replaced.map_err(|error| Failure::usage(MtlsResult::NoCrls, error.to_string()))
    })
}

/// The store that it has now, as an object of its own, to be freed: to renew its CRLs, for
/// instance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_store(
    verifier: *const MtlsVerifier,
    store: *mut *mut MtlsStore,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (verifier, out) = unsafe { (borrow(verifier)?, Out::new(store, "store")?) };
        out.put_handle(MtlsStore::shared(verifier.verifier.store()))
    })
}

/// Frees a verifier; NULL is left alone. What it verified stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verifier_free(verifier: *mut MtlsVerifier) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(verifier) }
}
