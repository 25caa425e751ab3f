//! Stores.

use std::sync::{Arc, OnceLock};

use mtls_verify::pki_types::UnixTime;
use mtls_verify::{CrlSet, StoreError, TrustStore};

use super::deny::MtlsDenyList;
use super::error::{Failure, MtlsError, MtlsResult};
use super::on_bad_input::crl_set;
use super::pointers::{ErrorOut, MtlsBytes, Out, borrow, free, guard, slice};
use super::text::{Handle, MtlsStr, Text};

/// The trust anchors of a server, its CRLs, and what helps to find paths. It does not change; what
/// is renewed is a new store, which shares the rest with the old one. A function that takes a store
/// keeps what it needs of it, so that it can be freed at any time.
#[derive(Debug)]
pub struct MtlsStore {
    store: Arc<TrustStore>,
    /// What is read of it by number, made when it is first asked for.
    names: OnceLock<Vec<Box<[u8]>>>,
    crls: OnceLock<Vec<Crl>>,
}

/// A CRL, as C reads it.
#[derive(Debug)]
struct Crl {
    issuer: Text,
    issuer_der: Box<[u8]>,
    this_update: i64,
    next_update: i64,
    entries: usize,
    is_delta: bool,
    is_signed_by_store: bool,
}

impl Handle for MtlsStore {
    const NAME: &'static str = "mtls_store";
}

/// One CRL of a store, for those who watch how old it is. Text and bytes belong to the store.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct MtlsCrlInfo {
    /// Its issuer as an RFC 4514 string, such as `CN=Issuing CA,O=Example`.
    pub issuer: MtlsStr,
    /// The DER of its issuer's name.
    pub issuer_der: MtlsBytes,
    /// Its thisUpdate: when it was made, in seconds since 1970; 0 if that is earlier.
    pub this_update: i64,
    /// Its nextUpdate: the last second at which it is fresh; `INT64_MIN` where it does not say, 0
    /// if it is before 1970.
    pub next_update: i64,
    /// How many entries it has.
    pub entries: usize,
    /// Whether it continues a complete CRL (RFC 5280 §5.2.4).
    pub is_delta: bool,
    /// Whether its signature was found to be that of a certificate of the store with a path to a
    /// trust anchor; false where the store has more than 64 certificates of its issuer's name. Of
    /// others it is verified when a client needs it.
    pub is_signed_by_store: bool,
}

impl MtlsStore {
    pub(crate) fn new(store: TrustStore) -> Self {
        Self::shared(Arc::new(store))
    }

    pub(crate) fn shared(store: Arc<TrustStore>) -> Self {
        Self {
            store,
            names: OnceLock::new(),
            crls: OnceLock::new(),
        }
    }

    pub(crate) fn store(&self) -> &Arc<TrustStore> {
        &self.store
    }

    fn names(&self) -> &[Box<[u8]>] {
        self.names
            .get_or_init(|| self.store.distinguished_names().map(Box::from).collect())
    }

    fn crls(&self) -> &[Crl] {
        let read = || {
            self.store.crls().map(|info| Crl {
                issuer: Text::message(&info.issuer()),
                issuer_der: info.issuer_der().into(),
                this_update: seconds(info.this_update()),
                next_update: info.next_update().map_or(i64::MIN, seconds),
                entries: info.entry_count(),
                is_delta: info.is_delta(),
                is_signed_by_store: info.is_signed_by_store(),
            })
        };
        self.crls.get_or_init(|| read().collect())
    }
}

/// Times of certificates end with the year 9999.
pub(crate) fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// A store of the CA certificates in a PEM bundle, all of them trust anchors.
///
/// Text between the blocks, blank lines, CR and CRLF, lines of any length, byte order marks and
/// files joined without a line between them are taken as they come; of equal certificates one is
/// kept. A line that may be a damaged boundary, or base64 outside of every block, is an error,
/// unless its lines begin with `#`. Anything that is not a good CA certificate is an error that
/// names block and line, and then nothing is loaded; a lenient store builder skips it instead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_from_pem(
    pem: *const u8,
    pem_len: usize,
    store: *mut *mut MtlsStore,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (out, pem) = unsafe { (Out::new(store, "store")?, slice(pem, pem_len, "pem")?) };
        out.put_handle(MtlsStore::new(TrustStore::from_pem(pem)?))
    })
}

/// A store with these CRLs in the place of *all* those it has: `count` PEM bundles; none of them,
/// if it is 0. `on_bad_input` is one of `mtls_on_bad_input`.
///
/// Where the policy allows unknown status, a missing CRL lets in the clients that it revoked. So
/// look at `mtls_store_skipped` if you skip bad CRLs, and keep the store with the last good ones.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_with_crls_pem(
    store: *const MtlsStore,
    bundles: *const MtlsBytes,
    count: usize,
    on_bad_input: u32,
    renewed: *mut *mut MtlsStore,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        with_crls(
            store,
            bundles,
            count,
            on_bad_input,
            renewed,
            error,
            |set, pem| set.add_pem(pem),
        )
    }
}

/// The same with one CRL in DER for each buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_with_crls_der(
    store: *const MtlsStore,
    crls: *const MtlsBytes,
    count: usize,
    on_bad_input: u32,
    renewed: *mut *mut MtlsStore,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        with_crls(
            store,
            crls,
            count,
            on_bad_input,
            renewed,
            error,
            |set, der| set.add_der(der),
        )
    }
}

/// # Safety
/// As the contract in `lib.rs` has it.
unsafe fn with_crls(
    store: *const MtlsStore,
    inputs: *const MtlsBytes,
    count: usize,
    on_bad_input: u32,
    renewed: *mut *mut MtlsStore,
    error: *mut *mut MtlsError,
    add: impl for<'a> Fn(&'a mut CrlSet, &[u8]) -> Result<&'a mut CrlSet, StoreError>,
) -> MtlsResult {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (store, out) = unsafe { (borrow(store)?, Out::new(renewed, "renewed")?) };
        // First, so that nothing is read if it was swapped with the count.
        let mut set = crl_set(on_bad_input)?;
        // SAFETY: the same.
        let inputs = unsafe { slice(inputs, count, "CRLs") }?;
        for input in inputs {
            // SAFETY: the same.
            let input = unsafe { slice(input.data, input.len, "CRL") }?;
            add(&mut set, input)?;
        }
        out.put_handle(MtlsStore::new(store.store.with_crls(set)))
    })
}

/// A store that denies what is on the list, in the place of what another list has it deny. What
/// OpenSSL's trust settings reject stays rejected. The list is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_with_deny_list(
    store: *const MtlsStore,
    list: *const MtlsDenyList,
    changed: *mut *mut MtlsStore,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (store, list, out) =
            unsafe { (borrow(store)?, borrow(list)?, Out::new(changed, "changed")?) };
        out.put_handle(MtlsStore::new(store.store.with_deny_list(list.copy()?)))
    })
}

/// How many trust anchors there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_anchor_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.store.anchors().len()) }
}

/// How many intermediates there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_intermediate_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.store.intermediates().len()) }
}

/// How many pinned clients there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_pinned_client_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.store.pinned_clients().len()) }
}

/// How many names of trust anchors there are, each counted once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_distinguished_name_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.names().len()) }
}

/// The DER of the name of a trust anchor, by its index from 0: what a server advertises as
/// certificate_authorities (RFC 8446 §4.2.4). The bytes belong to the store. Servers with many
/// hundreds of CAs should advertise none: the list goes into every handshake.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_distinguished_name(
    store: *const MtlsStore,
    index: usize,
    name: *mut MtlsBytes,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (store, out) = unsafe { (borrow(store)?, Out::new(name, "name")?) };
        out.put(MtlsBytes::of(at(store.names(), index)?))
    })
}

/// How many CRLs there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_crl_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.store.crls().len()) }
}

/// A CRL, by its index from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_crl(
    store: *const MtlsStore,
    index: usize,
    info: *mut MtlsCrlInfo,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (store, out) = unsafe { (borrow(store)?, Out::new(info, "info")?) };
        let crl = at(store.crls(), index)?;
        out.put(MtlsCrlInfo {
            issuer: crl.issuer.view()?,
            issuer_der: MtlsBytes::of(&crl.issuer_der),
            this_update: crl.this_update,
            next_update: crl.next_update,
            entries: crl.entries,
            is_delta: crl.is_delta,
            is_signed_by_store: crl.is_signed_by_store,
        })
    })
}

/// How much was left out: by a lenient store builder, or as `MTLS_ON_BAD_INPUT_SKIP` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_skipped_count(
    store: *const MtlsStore,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { count_of(store, count, |store| store.store.skipped().len()) }
}

/// What was left out, and why, by its index from 0: an error, to be freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_skipped(
    store: *const MtlsStore,
    index: usize,
    skipped: *mut *mut MtlsError,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let (store, out) = unsafe { (borrow(store)?, Out::new(skipped, "skipped")?) };
        let problem = at(store.store.skipped(), index)?.clone();
        out.put_handle(Failure::Store(problem).into())
    })
}

/// Frees a store; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_store_free(store: *mut MtlsStore) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(store) }
}

/// # Safety
/// As the contract in `lib.rs` has it.
pub(crate) unsafe fn count_of<T: Handle>(
    handle: *const T,
    count: *mut usize,
    read: impl FnOnce(&T) -> usize,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        let (handle, out) = unsafe { (borrow(handle)?, Out::new(count, "count")?) };
        out.put(read(handle))
    })
}

pub(crate) fn at<T>(items: &[T], index: usize) -> Result<&T, Failure> {
    items
        .get(index)
        .ok_or_else(|| Failure::out_of_range(index, items.len()))
}
