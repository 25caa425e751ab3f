//! CRLs of up to a million entries: loading them, looking a client up, and the whole of a
//! verification.

mod common;

use benches::crls::{Crls, load, webpki_crl};
use benches::{Case, Outcome, PROVIDER, row};
use common::Group;
use criterion::Criterion;

/// How many entries the issuing CA's CRL has.
const ENTRIES: [usize; 4] = [0, 1_000, 100_000, 1_000_000];

fn main() {
    // A peer takes a second to load a large CRL, and tens of milliseconds to verify with one.
    let mut criterion = common::criterion().sample_size(10);
    let crls = ENTRIES.map(|entries| (entries.to_string(), Crls::new(entries)));
    for (entries, crls) in &crls[1..] {
        loading(&mut criterion, entries, crls);
    }
    verify(&mut criterion, &crls);
    revoked(&mut criterion, &crls);
    look_up(&mut criterion, &crls);
    criterion.final_summary();
}

/// From DER to what a server keeps. Ours with the signature, the peer's without; dropping it counts
/// too.
fn loading(criterion: &mut Criterion, entries: &str, crls: &Crls) {
    let (store, crl) = (crls.store(), crls.large());
    Group::new(format!("revocation/{PROVIDER}/load/{entries}"))
        .row(row::COLD, None, || load(&store, &crl))
        .row(row::WEBPKI, None, || webpki_crl(&crl))
        .measure(criterion);
}

/// A client and its issuing CA are on neither CRL.
fn verify(criterion: &mut Criterion, crls: &[(String, Crls)]) {
    let cases: Vec<(&str, Case)> = crls
        .iter()
        .map(|(entries, crls)| (entries.as_str(), crls.of(crls.case())))
        .collect();
    let unchecked = crls[0].1.case();
    let mut group = Group::new(format!("revocation/{PROVIDER}/verify"));
    group = group.row(row::COLD, Some("no revocation"), || unchecked.ours());
    for (entries, case) in &cases {
        group = group.row(row::COLD, Some(entries), || case.ours());
    }
    group.measure(criterion);
    for (entries, case) in &cases {
        Group::new(format!("revocation/{PROVIDER}/beside webpki/{entries}"))
            .sides(case, None, Outcome::Accepted)
            .measure(criterion);
    }
}

/// A client that is on the large CRL, beside one that is not: the search ends with it.
fn revoked(criterion: &mut Criterion, crls: &[(String, Crls)]) {
    let Some((entries, largest)) = crls.last() else {
        return;
    };
    let good = largest.of(largest.case());
    let revoked = largest.of(largest.case_of_revoked());
    Group::new(format!("revocation/{PROVIDER}/revoked/{entries}"))
        .row(row::COLD, Some("good"), || good.ours())
        .row(row::COLD, Some("revoked"), || revoked.ours())
        .measure(criterion);
}

/// Signatures are left out, so that CRLs differ by the look-up. A client that is on the CRL is
/// refused, which costs by itself: the CRL of one entry is what others compare with.
fn look_up(criterion: &mut Criterion, crls: &[(String, Crls)]) {
    let one = ("1".to_owned(), Crls::new(1));
    let misses = crls
        .iter()
        .map(|(entries, crls)| (entries, crls.of(crls.case().saying_yes())));
    let hits = [&one]
        .into_iter()
        .chain(&crls[1..])
        .map(|(entries, crls)| (entries, crls.of(crls.case_of_revoked().saying_yes())));
    let groups: [(_, Vec<_>, _); 2] = [
        ("not on the CRL", misses.collect(), Outcome::Accepted),
        ("on the CRL", hits.collect(), Outcome::Refused),
    ];
    for (name, cases, outcome) in &groups {
        let mut group = Group::new(format!("revocation/no signatures/{name}"));
        for (entries, case) in cases {
            group = group.sides(case, Some(entries), *outcome);
        }
        group.measure(criterion);
    }
}
