//! Input that is made to be costly to load and to look up: names of one key, names written in many
//! ways, repeated serial numbers.
//!
//! What is right is held here. That cost grows no faster than the input is counted in instructions,
//! by `benches/loading.sh`; where it went with the square, the sizes below would take minutes.

use std::iter;
use std::sync::LazyLock;

use allocation_counter::measure;
use mtls_verify::error::Reason;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::{
    ClientPolicy, CrlSet, DenyList, TrustStore, VerifiedClient, VerifyError, verify_client_chain,
};
use testpki::crafted::names_of_one_key;
use testpki::{Cert, Crl, Entry, Extension, GeneralName, IssuingDistributionPoint, Key, Name, der};

use crate::{NOW, at_second, presented};

/// The key of all CAs here.
fn key() -> Key {
    static KEY: LazyLock<Key> = LazyLock::new(|| Key::p256("crafted"));
    KEY.clone()
}

/// A self-signed CA of this name. Its signature is never looked at.
fn ca(name: Name) -> Cert {
    let ca = Cert::ca("CA", &key()).subject(name.clone()).issuer(name);
    ca.raw_signature(vec![0x30, 0])
}

fn store(cas: impl IntoIterator<Item = Cert>) -> TrustStore {
    let mut builder = TrustStore::builder();
    for ca in cas {
        builder.add_ca_der(&ca.der()).expect("a good CA");
    }
    builder.build().expect("a good store")
}

/// A client whose issuer has this name and the key of all CAs here.
fn client(issuer: Name) -> Cert {
    let client = Cert::client("client", &Key::p256("client"));
    client.issued_by(&Cert::ca("CA", &key()).subject(issuer))
}

fn verify(store: &TrustStore, client: &Cert) -> Result<VerifiedClient, VerifyError> {
    verify_with(store, client, &ClientPolicy::default())
}

fn verify_with(
    store: &TrustStore,
    client: &Cert,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    verify_client_chain(store, &presented(&[client.der()]), at_second(NOW), policy)
}

fn set_of(crls: impl IntoIterator<Item = Crl>) -> CrlSet {
    let mut set = CrlSet::new();
    for crl in crls {
        set.add_der(&crl.der()).expect("a good CRL");
    }
    set
}

/// 16,000 took 28 s.
#[test]
fn cas_of_one_key() {
    let count = 16_000;
    let store = store(names_of_one_key().take(count).map(ca));
    assert_eq!(store.distinguished_names().count(), count);
    for name in names_of_one_key().take(count).step_by(1_000) {
        let verified = verify(&store, &client(name.clone())).expect("a CA of that name");
        let path: Vec<_> = verified.path().collect();
        let anchor = path.last().expect("an anchor");
        assert_eq!(anchor.as_ref(), ca(name).der());
    }
    for name in names_of_one_key().skip(count).take(16) {
        let refusal = verify(&store, &client(name)).expect_err("no CA of that name");
        assert!(
            matches!(refusal.reason(), Reason::UnknownIssuer { .. }),
            "{refusal}"
        );
    }
}

/// One name is one name, in whatever case it is written, however often.
#[test]
fn one_name_in_many_spellings() {
    let spelled = |number: u32| {
        let letters = (0..16).map(|bit| match number >> bit & 1 {
            0 => 'a',
            _ => 'A',
        });
        Name::cn(&letters.collect::<String>())
    };
    let store = store((0..4_000).map(|number| ca(spelled(number))));
    assert_eq!(store.anchors().len(), 4_000);
    assert_eq!(store.distinguished_names().count(), 1);
    verify(&store, &client(spelled(60_000))).expect("a spelling that no CA has");
    verify(&store, &client(Name::cn("aaaaaaaaaaaaaaa"))).expect_err("fifteen letters");
}

/// Each name is folded once: twice as many take twice the memory, and a look-up takes the same.
#[test]
fn memory_grows_with_the_number_of_names() {
    let load = |count: usize| {
        let mut loaded = None;
        let info = measure(|| loaded = Some(store(names_of_one_key().take(count).map(ca))));
        let store = loaded.expect("a store");
        let client = presented(&[client(names_of_one_key().nth(count + 1).expect("a name")).der()])
            .into_iter()
            .map(CertificateDer::into_owned)
            .collect::<Vec<_>>();
        let policy = ClientPolicy::default();
        let look_up = measure(|| {
            let outcome = verify_client_chain(&store, &client, at_second(NOW), &policy);
            drop(outcome.expect_err("no CA of that name"));
        });
        (info.count_total, info.bytes_total, look_up.count_total)
    };
    let (count, bytes, look_up) = load(1_000);
    let (twice_count, twice_bytes, same_look_up) = load(2_000);
    assert!(twice_count * 10 < count * 23, "{count} and {twice_count}");
    assert!(twice_bytes * 10 < bytes * 23, "{bytes} and {twice_bytes}");
    assert_eq!(look_up, same_look_up);
}

/// CRLs whose issuers have names of one key: each is about the clients of its own.
#[test]
fn crls_of_one_key() {
    let names: Vec<Name> = names_of_one_key().take(40).collect();
    let cas: Vec<Cert> = names.iter().map(|name| ca(name.clone())).collect();
    // Every second CA has a CRL, and revokes serial number 7.
    let crl = |ca: &Cert| Crl::of(ca).signed_by(&key()).entry(Entry::serial(&[7]));
    let crls = cas.iter().step_by(2).map(crl);
    let store = store(cas.iter().cloned()).with_crls(set_of(crls));
    assert!(store.crls().all(|crl| crl.is_signed_by_store()));
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
    for (at, name) in names.iter().enumerate() {
        let outcome =
            |serial| verify_with(&store, &client(name.clone()).serial(&[serial]), &policy);
        let revoked = outcome(7).expect_err("revoked, or of unknown status");
        match at % 2 {
            0 => {
                assert!(
                    matches!(revoked.reason(), Reason::Revoked { .. }),
                    "{revoked}"
                );
                outcome(8).expect("not revoked");
            }
            _ => {
                let is_unknown = matches!(revoked.reason(), Reason::RevocationUnknown { .. });
                assert!(is_unknown, "{revoked}");
            }
        }
    }
}

/// A CRL that says the same thousands of times, beside something else. Crafted serial numbers need
/// a signature that was there before them: the unit tests of the table have them, and `loading.sh`.
#[test]
fn crls_of_repeated_serial_numbers() {
    let name = Name::cn("CA");
    let issuer = ca(name.clone());
    let encode =
        |serial: &[u8]| der::sequence(&[der::integer(serial), der::utc_time("260301000000Z")]);
    let entries = [encode(&[9; 12]).repeat(5_000), encode(&[8; 12])].concat();
    let crl = Crl::of(&issuer).signed_by(&key()).raw_entries(entries);
    let store = store([issuer]).with_crls(set_of([crl]));
    assert!(
        store
            .crls()
            .all(|crl| crl.is_signed_by_store() && crl.entry_count() == 5_001)
    );
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
    let verify = |serial: &[u8]| {
        let client = client(name.clone()).serial(serial);
        verify_with(&store, &client, &policy)
    };
    for serial in [[9; 12], [8; 12]] {
        let refusal = verify(&serial).expect_err("revoked");
        assert!(
            matches!(refusal.reason(), Reason::Revoked { .. }),
            "{refusal}"
        );
    }
    verify(&[7; 12]).expect("not revoked");
}

/// An indirect CRL names as many issuers as it may, of one key and in turns.
#[test]
fn crls_about_issuers_of_one_key() {
    let names: Vec<Name> = names_of_one_key().take(1_000).collect();
    let issuer = ca(names[0].clone());
    let point = IssuingDistributionPoint::new().indirect();
    let of_others = iter::repeat_n(&names, 3).flatten();
    let crl = of_others
        .zip(1u16..)
        .fold(Crl::of(&issuer), |crl, (name, number)| {
            let name = Extension::certificate_issuer(&[GeneralName::directory(name)]);
            let [high, low] = number.to_be_bytes();
            crl.entry(Entry::serial(&[1, high, low]).extension(name))
        });
    let crls = set_of([crl.signed_by(&key()).point(&point)]);
    let store = store([issuer]).with_crls(crls);
    let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
    let of_own = |number: u16| {
        let [high, low] = number.to_be_bytes();
        let client = client(names[0].clone()).serial(&[1, high, low]);
        verify_with(&store, &client, &policy)
    };
    // Those of the list's own issuer are the first of each turn.
    for number in [1, 1_001, 2_001] {
        let refusal = of_own(number).expect_err("revoked");
        assert!(
            matches!(refusal.reason(), Reason::Revoked { .. }),
            "{refusal}"
        );
    }
    for number in [2, 1_000, 1_002, 3_000] {
        of_own(number).expect("somebody else's serial number");
    }
}

/// A deny list of issuers of one key and one serial number, taken in one by one.
#[test]
fn deny_lists_of_one_key() {
    let count = 4_000;
    let anchor = ca(names_of_one_key().next().expect("a name"));
    let mut builder = TrustStore::builder();
    builder.add_ca_der(&anchor.der()).expect("a good CA");
    for name in names_of_one_key().skip(1).take(count) {
        let one = DenyList::new().with_serial(name.der(), &[7]);
        builder.deny(one.expect("a name"));
    }
    let names: Vec<Name> = names_of_one_key()
        .skip(1)
        .take(count + 8)
        .step_by(500)
        .collect();
    for name in &names {
        let client = client(name.clone()).serial(&[7]);
        builder
            .pin_client_der(&client.der())
            .expect("a good client");
    }
    let store = builder.build().expect("a good store");
    let outcomes: Vec<bool> = names
        .into_iter()
        .map(|name| match verify(&store, &client(name).serial(&[7])) {
            Ok(_) => false,
            Err(refusal) => matches!(refusal.reason(), Reason::Denied { .. }),
        })
        .collect();
    let (last, others) = outcomes.split_last().expect("some");
    assert!(others.iter().all(|is_denied| *is_denied));
    assert!(!last, "beyond the names that are denied");
}
