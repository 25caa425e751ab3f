//! Whatever is called in whatever order, with whatever numbers, NULLs and bytes: the C library
//! gives a result, writes what it gives out on success and nothing else, and touches no memory that
//! is not its own, which AddressSanitizer sees (`FUZZ_SANITIZER=address`).
#![allow(unsafe_code, reason = "calls as C makes them")]

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "a library within a program"
)]
#[path = "../../ffi/src/lib.rs"]
mod library;

mod buffer;

use std::ptr::{null, null_mut};
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use buffer::Buffer;
use library::*;
use testpki::{Cert, Crl, Key};

use crate::NOW;
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// Bytes that lead somewhere: a root, an issuing CA, a client, a client that pins itself, and CRLs;
/// as DER and as PEM.
static GOOD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let key = |name: &str| Key::p256(name);
    let root = Cert::ca("Root", &key("root"));
    let issuing = Cert::ca("Issuing CA", &key("issuing")).issued_by(&root);
    let client = Cert::client("alice", &key("alice")).issued_by(&issuing);
    let pinned = Cert::client("pinned", &key("pinned"));
    let crls = [Crl::of(&root), Crl::of(&issuing).revoke(&client)];
    let certificates = [&root, &issuing, &client, &pinned];
    let as_der = certificates.iter().map(|certificate| certificate.der());
    let as_pem = certificates.iter().map(|certificate| certificate.pem());
    as_der
        .chain(crls.iter().map(Crl::der))
        .chain(as_pem.map(String::into_bytes))
        .chain(crls.iter().map(|crl| crl.pem().into_bytes()))
        .collect()
});

/// The indices in [`GOOD`] of what a client presents.
const CHAIN: [usize; 2] = [2, 1];

/// The index in [`GOOD`] of the root as PEM.
const ROOT_PEM: usize = 6;

/// Whether a client was let in, a chain was refused, or else some call succeeded.
pub const KINDS: Kinds = &[("let in", 10), ("refused", 40), ("other calls", 200)];

/// Input: a sequence of calls.
pub fn check(input: &[u8]) -> Judged {
    let mut world = World::begin();
    let mut input = Unstructured::new(input);
    while !input.is_empty() {
        if world.call(&mut input).is_err() {
            break;
        }
    }
    let judged = match world {
        World { let_in: 1.., .. } => Some("let in"),
        World { refused: 1.., .. } => Some("refused"),
        World { succeeded: 1.., .. } => Some("other calls"),
        _ => None,
    };
    world.free();
    judged
}

/// Sequences of calls of all kinds, which mutations make sense of.
///
/// # Panics
/// If the client of [`GOOD`] is not let in: nothing would ever be.
pub fn seeds(_: &Testdata) -> Vec<Vec<u8>> {
    let mut world = World::begin();
    let buffers = CHAIN.map(|index| Buffer::of(GOOD[index].clone()));
    let chain = buffers.each_ref().map(Buffer::view);
    let (verifier, now) = (world.verifiers[0], NOW as i64);
    let result = made(&mut world.clients, |out| {
        // SAFETY: the verifier is live, and so are the buffers.
        unsafe { mtls_verifier_verify(verifier, chain.as_ptr(), 2, now, out, null_mut()) }
    });
    assert_eq!(result, MtlsResult::Ok);
    world.free();
    let mut seeds: Vec<Vec<u8>> = (0..64_u8)
        .map(|seed| {
            let calls = (0..48_u8).flat_map(|call| {
                let first = call.wrapping_mul(7).wrapping_add(seed);
                [first, 1, call, seed, first.rotate_left(3), 2, 0, call]
            });
            calls.collect()
        })
        .collect();
    // Most calls go nowhere: of many random ones, those that verify.
    let of_kind = |kind| move |input: &Vec<u8>| check(input) == Some(kind);
    let random = || crate::choices::seeds(1_500, 64).into_iter();
    seeds.extend(random().filter(of_kind("let in")).take(32));
    seeds.extend(random().filter(of_kind("refused")).take(32));
    seeds
}

/// The objects that there are.
#[derive(Default)]
struct World {
    stores: Vec<*mut MtlsStore>,
    builders: Vec<*mut MtlsStoreBuilder>,
    policies: Vec<*mut MtlsPolicy>,
    lists: Vec<*mut MtlsDenyList>,
    verifiers: Vec<*mut MtlsVerifier>,
    clients: Vec<*mut MtlsClient>,
    /// How many clients were let in, how many chains refused, and how many calls succeeded.
    let_in: usize,
    refused: usize,
    succeeded: usize,
}

impl World {
    /// A store with the root, a policy and a verifier: what it takes to let a client in.
    fn begin() -> Self {
        let mut world = Self::default();
        let pem = &GOOD[ROOT_PEM];
        // SAFETY: the PEM is there, and what was made is live.
        unsafe {
            made(&mut world.stores, |out| {
                mtls_store_from_pem(pem.as_ptr(), pem.len(), out, null_mut())
            });
            made(&mut world.policies, |out| mtls_policy_new(out));
            let (store, policy) = (world.stores[0], world.policies[0]);
            made(&mut world.verifiers, |out| {
                mtls_verifier_new(store, policy, out)
            });
        }
        world
    }

    fn call(&mut self, input: &mut Unstructured<'_>) -> Result<()> {
        let (store, builder) = (pick(&self.stores, input)?, pick(&self.builders, input)?);
        let (policy, list) = (pick(&self.policies, input)?, pick(&self.lists, input)?);
        let verifier = pick(&self.verifiers, input)?;
        let mut error = null_mut();
        let wants_error = input.arbitrary()?;
        let told: *mut *mut MtlsError = if wants_error { &mut error } else { null_mut() };
        // SAFETY, of all calls: objects are live or NULL, and buffers live until the end of this
        // function.
        let result = match input.int_in_range(0..=12_u8)? {
            0 => {
                let pem = Buffer::take(input)?;
                let new = |out| unsafe { mtls_store_from_pem(pem.data(), pem.len, out, told) };
                made(&mut self.stores, new)
            }
            1 => {
                let is_lenient = input.arbitrary()?;
                made(&mut self.builders, |out| match is_lenient {
                    true => unsafe { mtls_store_builder_new_lenient(out) },
                    false => unsafe { mtls_store_builder_new(out) },
                })
            }
            2 => {
                let choice = input.int_in_range(2400..=2403)?;
                unsafe { mtls_store_builder_set_crl_signature_algorithms(builder, choice) }
            }
            3 => {
                let adds = [
                    mtls_store_builder_add_ca_pem,
                    mtls_store_builder_add_ca_der,
                    mtls_store_builder_add_intermediates_pem,
                    mtls_store_builder_add_intermediate_der,
                    mtls_store_builder_pin_clients_pem,
                    mtls_store_builder_pin_client_der,
                    mtls_store_builder_add_crl_pem,
                    mtls_store_builder_add_crl_der,
                ];
                let (add, bytes) = (input.choose(&adds)?, Buffer::take(input)?);
                unsafe { add(builder, bytes.data(), bytes.len, told) }
            }
            4 => {
                let new = |out| unsafe { mtls_store_builder_build(builder, out, told) };
                made(&mut self.stores, new)
            }
            5 => self.deny(input, list, store, builder, told)?,
            6 => made(&mut self.policies, |out| unsafe { mtls_policy_new(out) }),
            7 => change(policy, input)?,
            8 => {
                let new = |out| unsafe { mtls_verifier_new(store, policy, out) };
                made(&mut self.verifiers, new)
            }
            9 => match input.int_in_range(0..=2)? {
                0 => unsafe { mtls_verifier_replace_store(verifier, store) },
                1 => unsafe { mtls_verifier_replace(verifier, store, policy) },
                _ => made(&mut self.stores, |out| unsafe {
                    mtls_verifier_store(verifier, out)
                }),
            },
            10 => self.verify(input, store, policy, verifier, told)?,
            11 => {
                let crls = [Buffer::take(input)?, Buffer::take(input)?];
                let arrays = crls.each_ref().map(Buffer::view);
                let (count, skip) = (input.int_in_range(0..=2)?, input.int_in_range(2501..=2503)?);
                let renew = match input.arbitrary()? {
                    true => mtls_store_with_crls_pem,
                    false => mtls_store_with_crls_der,
                };
                let new = |out| unsafe { renew(store, arrays.as_ptr(), count, skip, out, told) };
                made(&mut self.stores, new)
            }
            _ => {
                read_store(store);
                read_client(pick(&self.clients, input)?, input.arbitrary()?);
                self.free_one(input)?
            }
        };
        assert!(error.is_null() || result != MtlsResult::Ok);
        self.succeeded += usize::from(result == MtlsResult::Ok);
        if !error.is_null() {
            read_error(error, result);
        }
        Ok(())
    }

    fn deny(
        &mut self,
        input: &mut Unstructured<'_>,
        list: *mut MtlsDenyList,
        store: *mut MtlsStore,
        builder: *mut MtlsStoreBuilder,
        told: *mut *mut MtlsError,
    ) -> Result<MtlsResult> {
        let (a, b) = (Buffer::take(input)?, Buffer::take(input)?);
        Ok(match input.int_in_range(0..=6_u8)? {
            0 => made(&mut self.lists, |out| unsafe { mtls_deny_list_new(out) }),
            1 => unsafe { mtls_deny_list_add_certificate_sha256(list, a.data(), a.len) },
            2 => unsafe { mtls_deny_list_add_key_sha256(list, a.data(), a.len) },
            3 => unsafe { mtls_deny_list_add_serial(list, a.data(), a.len, b.data(), b.len, told) },
            4 => unsafe { mtls_store_builder_deny(builder, list) },
            5 => unsafe { mtls_deny_list_add_certificate(list, a.data(), a.len, told) },
            _ => {
                let new = |out| unsafe { mtls_store_with_deny_list(store, list, out) };
                made(&mut self.stores, new)
            }
        })
    }

    fn verify(
        &mut self,
        input: &mut Unstructured<'_>,
        store: *mut MtlsStore,
        policy: *mut MtlsPolicy,
        verifier: *mut MtlsVerifier,
        told: *mut *mut MtlsError,
    ) -> Result<MtlsResult> {
        let buffers = match input.arbitrary()? {
            true => CHAIN.map(|index| Buffer::of(GOOD[index].clone())),
            false => [Buffer::take(input)?, Buffer::take(input)?],
        };
        let chain = buffers.each_ref().map(Buffer::view);
        let (data, count) = match input.int_in_range(0..=9)? {
            0 => (null(), 2),
            1 => (chain.as_ptr(), usize::MAX),
            2 => (chain.as_ptr(), 0),
            3 => (chain.as_ptr(), 1),
            _ => (chain.as_ptr(), 2),
        };
        let now = match input.arbitrary()? {
            true => NOW as i64,
            false => input.arbitrary()?,
        };
        let is_pure = input.arbitrary()?;
        let result = made(&mut self.clients, |out| match is_pure {
            true => unsafe { mtls_verify_client_chain(store, data, count, now, policy, out, told) },
            false => unsafe { mtls_verifier_verify(verifier, data, count, now, out, told) },
        });
        self.let_in += usize::from(result == MtlsResult::Ok);
        self.refused += usize::from(is_refusal(result));
        Ok(result)
    }

    fn free_one(&mut self, input: &mut Unstructured<'_>) -> Result<MtlsResult> {
        Ok(match input.int_in_range(0..=5_u8)? {
            0 => unsafe { mtls_store_free(self.stores.pop().unwrap_or(null_mut())) },
            1 => unsafe { mtls_store_builder_free(self.builders.pop().unwrap_or(null_mut())) },
            2 => unsafe { mtls_policy_free(self.policies.pop().unwrap_or(null_mut())) },
            3 => unsafe { mtls_deny_list_free(self.lists.pop().unwrap_or(null_mut())) },
            4 => unsafe { mtls_verifier_free(self.verifiers.pop().unwrap_or(null_mut())) },
            _ => unsafe { mtls_client_free(self.clients.pop().unwrap_or(null_mut())) },
        })
    }

    fn free(self) {
        // SAFETY: nobody has freed these.
        unsafe {
            for store in self.stores {
                assert_eq!(mtls_store_free(store), MtlsResult::Ok);
            }
            for builder in self.builders {
                assert_eq!(mtls_store_builder_free(builder), MtlsResult::Ok);
            }
            for policy in self.policies {
                assert_eq!(mtls_policy_free(policy), MtlsResult::Ok);
            }
            for list in self.lists {
                assert_eq!(mtls_deny_list_free(list), MtlsResult::Ok);
            }
            for verifier in self.verifiers {
                assert_eq!(mtls_verifier_free(verifier), MtlsResult::Ok);
            }
            for client in self.clients {
                read_client(client, 0);
                assert_eq!(mtls_client_free(client), MtlsResult::Ok);
            }
        }
    }
}

/// A part of a policy is set, or is not.
fn change(policy: *mut MtlsPolicy, input: &mut Unstructured<'_>) -> Result<MtlsResult> {
    let which: u8 = input.int_in_range(0..=17)?;
    // The first numbers of the choices of each function.
    let bases = match which {
        0 => [1001, 1101, 0],
        2 => [1201, 1301, 0],
        3 => [1101, 0, 0],
        4..=7 => [1501 + 100 * (u32::from(which) - 4), 0, 0],
        9 => [2101, 0, 0],
        12 => [2201, 2301, 0],
        15 => [1901, 2001, 2601],
        16 => [1401, 0, 0],
        17 => [2401, 0, 0],
        _ => [0; 3],
    };
    // Most of the numbers are choices.
    let mut number = |base: u32| -> Result<u32> {
        match input.int_in_range(0..=7)? {
            7_u8 => input.arbitrary(),
            _ => Ok(base + input.int_in_range(0..=7)?),
        }
    };
    let (a, b, c) = (number(bases[0])?, number(bases[1])?, number(bases[2])?);
    let text = Buffer::take(input)?;
    let (data, len) = (text.data().cast(), text.len);
    // SAFETY: the policy is live or NULL, and so is the text.
    Ok(unsafe {
        match which {
            0 => mtls_policy_set_expiry(policy, a, b, c.into()),
            1 => mtls_policy_set_clock_skew(policy, u64::from(a) << (b % 64)),
            2 => mtls_policy_set_revocation(policy, a, b),
            3 => mtls_policy_set_stale_crls(policy, a, b.into()),
            4 => mtls_policy_set_purpose(policy, a, data, len),
            5 => mtls_policy_set_client_key_usage(policy, a),
            6 => mtls_policy_set_client_ca(policy, a),
            7 => mtls_policy_set_profile(policy, a),
            8 => mtls_policy_set_rsa_key_bits(policy, a, b),
            9 => mtls_policy_set_limit(policy, a, b),
            // Memory that is never filled is not worth a larger map.
            10 => mtls_policy_set_memory(policy, a as usize % 100_000, b as usize % 100),
            11 => mtls_policy_restrict_identities(policy),
            12 => mtls_policy_add_identity(policy, a, b, data, len),
            13 => mtls_policy_restrict_acceptable_policies(policy),
            14 => mtls_policy_add_acceptable_policy(policy, data, len),
            15 => mtls_policy_set_certificate_policies(policy, a, b, c),
            16 => mtls_policy_set_pruned_entries(policy, a),
            _ => mtls_policy_set_signature_algorithms(policy, a),
        }
    })
}

/// One of the objects, or NULL.
fn pick<T>(objects: &[*mut T], input: &mut Unstructured<'_>) -> Result<*mut T> {
    let at = usize::from(input.arbitrary::<u8>()?);
    Ok(match at {
        0..=15 => null_mut(),
        _ => objects
            .iter()
            .rev()
            .nth(at % objects.len().max(1))
            .copied()
            .unwrap_or(null_mut()),
    })
}

/// Something is made exactly if the result says so.
fn made<T>(objects: &mut Vec<*mut T>, make: impl FnOnce(*mut *mut T) -> MtlsResult) -> MtlsResult {
    let mut object = null_mut();
    let result = make(&mut object);
    assert_eq!(result == MtlsResult::Ok, !object.is_null(), "{result:?}");
    if !object.is_null() {
        objects.push(object);
    }
    result
}

/// Whether a result is about the client.
fn is_refusal(result: MtlsResult) -> bool {
    result as u32 >= 200
}

fn read_error(error: *mut MtlsError, result: MtlsResult) {
    // SAFETY: the error was just made.
    unsafe {
        assert_eq!(mtls_error_result(error), result);
        assert_ne!(result, MtlsResult::Internal);
        assert_eq!(mtls_error_alert(error) == 80, !is_refusal(result));
        check_text(mtls_error_code(error));
        check_text(mtls_error_reason(error));
        check_text(mtls_error_message(error));
        check_text(mtls_error_subject(error));
        assert_eq!(mtls_error_free(error), MtlsResult::Ok);
    }
}

fn read_store(store: *mut MtlsStore) {
    let (mut count, mut names) = (0, 0);
    let mut name = MtlsBytes {
        data: null(),
        len: 0,
    };
    // SAFETY: the store is live or NULL.
    unsafe {
        if mtls_store_skipped_count(store, &mut count) != MtlsResult::Ok {
            return;
        }
        for index in 0..count {
            let mut error = null_mut();
            assert_eq!(mtls_store_skipped(store, index, &mut error), MtlsResult::Ok);
            read_error(error, mtls_error_result(error));
        }
        mtls_store_distinguished_name_count(store, &mut names);
        for index in 0..=names {
            let result = mtls_store_distinguished_name(store, index, &mut name);
            assert_eq!(result == MtlsResult::Ok, index < names);
        }
        if names > 0 {
            assert_eq!(std::slice::from_raw_parts(name.data, name.len)[0], 0x30);
        }
    }
}

fn read_client(client: *mut MtlsClient, number: u32) {
    let mut text = MtlsStr {
        data: null(),
        len: 0,
    };
    let mut bytes = MtlsBytes {
        data: null(),
        len: 0,
    };
    let mut count = 0;
    // SAFETY: the client is live or NULL.
    unsafe {
        let reads = [
            mtls_client_subject,
            mtls_client_issuer,
            mtls_client_common_name,
            mtls_client_spiffe_id,
            mtls_client_user_principal_name,
            mtls_client_serial,
        ];
        for read in reads {
            if read(client, &mut text) == MtlsResult::Ok {
                check_text(text);
            }
        }
        for kind in (2201..2208).chain([number]) {
            if mtls_client_name_count(client, kind, &mut count) == MtlsResult::Ok {
                for index in 0..count {
                    if mtls_client_name(client, kind, index, &mut text) == MtlsResult::Ok {
                        check_text(text);
                    }
                }
            }
        }
        let index = number as usize;
        if mtls_client_path_certificate(client, index, &mut bytes) == MtlsResult::Ok {
            assert_eq!(std::slice::from_raw_parts(bytes.data, bytes.len)[0], 0x30);
        }
        if mtls_client_path_subject(client, index, &mut text) == MtlsResult::Ok {
            check_text(text);
        }
    }
}

/// It is UTF-8, and its only NUL is the one after its end.
fn check_text(text: MtlsStr) {
    // SAFETY: what the library gives out is there, with a NUL after its end.
    let text = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.len + 1) };
    let end = text.iter().position(|byte| *byte == 0);
    assert_eq!(end, Some(text.len() - 1));
    assert!(std::str::from_utf8(text).is_ok());
}
