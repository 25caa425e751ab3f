//! Large CRLs.

use std::collections::HashSet;

use mtls_verify::error::Code;
use testpki::crl::Entry;
use testpki::{Cert, Crl, Key, Reason};

use crate::{builder, crl_der, issuing, policy, verify};

/// Numbers that look random, from a seed (xorshift64*).
fn random() -> impl FnMut() -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

/// Of 100,000 serial numbers of 1 to 20 octets, all that are on the CRL are found, and no others.
#[test]
fn look_ups_agree_with_a_set() {
    let mut random = random();
    let mut serial = || {
        let len = 1 + (random() % 20) as usize;
        let mut octets: Vec<u8> = (0..len).map(|_| random() as u8).collect();
        octets[0] = octets[0] & 0x7f | 0x40;
        octets
    };
    let listed: HashSet<Vec<u8>> = (0..100_000).map(|_| serial()).collect();
    let others: Vec<Vec<u8>> = (0..300).map(|_| serial()).collect();
    let crl = listed.iter().fold(Crl::of(&issuing()), |crl, serial| {
        crl.entry(Entry::serial(serial).reason(Reason::Superseded))
    });
    let store = builder()
        .add_crl_der(&crl_der(&crl))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    assert_eq!(
        store.crls().map(|crl| crl.entry_count()).max(),
        Some(listed.len())
    );
    for serial in listed.iter().take(300).chain(&others) {
        let client = Cert::client("carol", &Key::p256("carol"))
            .serial(serial)
            .issued_by(&issuing());
        let outcome = verify(&store, &client, &policy());
        match listed.contains(serial) {
            true => {
                let refusal = outcome.expect_err("on the CRL");
                assert_eq!(refusal.code(), Code::ClientCertCrlHit, "{serial:x?}");
                assert!(refusal.to_string().contains("superseded"), "{refusal}");
            }
            false => assert!(outcome.is_ok(), "{serial:x?}"),
        }
    }
}
