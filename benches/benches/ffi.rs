//! What the C library adds: the same verifications by its functions, as C calls them, and by Rust.
//!
//! The functions are compiled in from their source: the C library itself has no Rust face to link
//! to.

mod common;
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unsafe_code,
    unused_imports,
    reason = "a library within a program, and the only unsafe code of the project"
)]
#[path = "../../ffi/src/lib.rs"]
mod ffi;

use std::ptr::null_mut;

use benches::{Case, KeyKind, PROVIDER, Pki, row};
use common::Group;
use ffi::{
    MtlsBytes, MtlsClient, MtlsPolicy, MtlsResult, MtlsStore, MtlsStoreBuilder, MtlsVerifier,
};
use mtls_verify::policy::Memory;
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};

fn main() {
    let mut criterion = common::criterion();
    let case = Pki::new(KeyKind::P256, 2).case();
    let repeated = case.remembering(Memory::default());
    let c = InC::new(&case, false);
    Group::new(format!("ffi/{PROVIDER}/P-256/depth 2"))
        .row(row::COLD, None, || case.ours())
        .row(row::C_COLD, None, || c.verify())
        .row(row::REPEATED, None, || case.ours_by(&repeated))
        .row(row::C_REPEATED, None, || c.verify_again())
        .measure(&mut criterion);

    // Without a signature, of which there is more noise than the rest takes.
    let client = case.chain()[0].clone();
    let store = TrustStore::builder()
        .pin_client_der(&client)
        .and_then(|builder| builder.build())
        .expect("a good client");
    let policy = ClientPolicy::default();
    let c = InC::new(&case, true);
    Group::new("ffi/pinned client".to_owned())
        .row(row::COLD, None, || {
            verify_client_chain(&store, case.chain(), case.now(), &policy)
        })
        .row(row::C_COLD, None, || c.verify())
        .measure(&mut criterion);
    criterion.final_summary();
}

/// A case, as C has it.
struct InC {
    store: *mut MtlsStore,
    policy: *mut MtlsPolicy,
    verifier: *mut MtlsVerifier,
    chain: Vec<MtlsBytes>,
    now: i64,
}

impl InC {
    /// With the anchors of the case; or with its client pinned, and nothing else.
    #[allow(unsafe_code, reason = "what is measured")]
    fn new(case: &Case, is_pinned: bool) -> Self {
        let bytes = |der: &[u8]| MtlsBytes {
            data: der.as_ptr(),
            len: der.len(),
        };
        let mut builder: *mut MtlsStoreBuilder = null_mut();
        let (mut store, mut policy, mut verifier) = (null_mut(), null_mut(), null_mut());
        // SAFETY: the pointers are to what lives here, or to objects that are freed last.
        unsafe {
            ok(ffi::mtls_store_builder_new(&mut builder));
            for der in case.chain().iter().take(usize::from(is_pinned)) {
                let (data, len) = (der.as_ptr(), der.len());
                ok(ffi::mtls_store_builder_pin_client_der(
                    builder,
                    data,
                    len,
                    null_mut(),
                ));
            }
            for anchor in case.store().anchors().filter(|_| !is_pinned) {
                let der = anchor.der();
                let (data, len) = (der.as_ptr(), der.len());
                ok(ffi::mtls_store_builder_add_ca_der(
                    builder,
                    data,
                    len,
                    null_mut(),
                ));
            }
            ok(ffi::mtls_store_builder_build(
                builder,
                &mut store,
                null_mut(),
            ));
            ok(ffi::mtls_store_builder_free(builder));
            ok(ffi::mtls_policy_new(&mut policy));
            ok(ffi::mtls_verifier_new(store, policy, &mut verifier));
        }
        Self {
            store,
            policy,
            verifier,
            chain: case.chain().iter().map(|der| bytes(der)).collect(),
            now: i64::try_from(case.now().as_secs()).expect("a time"),
        }
    }

    /// The pure function; what it gives is freed, as in Rust it is dropped.
    #[allow(unsafe_code, reason = "what is measured")]
    fn verify(&self) {
        let mut client: *mut MtlsClient = null_mut();
        let (chain, count) = (self.chain.as_ptr(), self.chain.len());
        // SAFETY: the case outlives this, and so does what it points to.
        unsafe {
            ok(ffi::mtls_verify_client_chain(
                self.store,
                chain,
                count,
                self.now,
                self.policy,
                &mut client,
                null_mut(),
            ));
            ok(ffi::mtls_client_free(client));
        }
    }

    /// The verifier.
    #[allow(unsafe_code, reason = "what is measured")]
    fn verify_again(&self) {
        let mut client: *mut MtlsClient = null_mut();
        let (chain, count) = (self.chain.as_ptr(), self.chain.len());
        // SAFETY: as above.
        unsafe {
            ok(ffi::mtls_verifier_verify(
                self.verifier,
                chain,
                count,
                self.now,
                &mut client,
                null_mut(),
            ));
            ok(ffi::mtls_client_free(client));
        }
    }
}

impl Drop for InC {
    #[allow(unsafe_code, reason = "what is measured")]
    fn drop(&mut self) {
        // SAFETY: made in `new`, and used by nobody any more.
        unsafe {
            ok(ffi::mtls_verifier_free(self.verifier));
            ok(ffi::mtls_policy_free(self.policy));
            ok(ffi::mtls_store_free(self.store));
        }
    }
}

fn ok(result: MtlsResult) {
    assert_eq!(result, MtlsResult::Ok);
}
