//! Many anchors: verifying a client against them, and building a store of them.

mod common;

use benches::{CaBundle, Case, KeyKind, Outcome, PROVIDER, Pki, row, webpki_anchors};
use common::Group;
use criterion::Criterion;
use mtls_verify::TrustStore;
use mtls_verify::policy::Memory;

fn main() {
    let mut criterion = common::criterion();
    verify(&mut criterion);
    verify_in_scopes(&mut criterion);
    build(&mut criterion);
    criterion.final_summary();
}

/// One group, so that few anchors and many take turns.
fn verify(criterion: &mut Criterion) {
    let pki = Pki::new(KeyKind::P256, 2);
    let cases: Vec<(String, Case)> = [1, 100, 10_000, 100_000]
        .into_iter()
        .map(|anchors| {
            let others = CaBundle::new(anchors - 1).into_der();
            (anchors.to_string(), pki.case_among(others))
        })
        .collect();
    let mut group = Group::new(format!("store/{PROVIDER}/anchors"));
    for (anchors, case) in &cases {
        group = group.sides(case, Some(anchors), Outcome::Accepted);
    }
    group.measure(criterion);
}

/// The same with the anchors in scopes of ten, beside a store of one anchor without scopes.
fn verify_in_scopes(criterion: &mut Criterion) {
    let pki = Pki::new(KeyKind::P256, 2);
    let mut cases = vec![("1 without scopes".to_owned(), pki.case())];
    for anchors in [1, 100_000] {
        let others = CaBundle::new(anchors - 1).into_der();
        cases.push((anchors.to_string(), pki.case_in_scopes(others)));
    }
    let mut group = Group::new(format!("store/{PROVIDER}/scopes"));
    for (anchors, case) in &cases {
        let repeated = case.remembering(Memory::default());
        group = group.row(row::COLD, Some(anchors), || case.ours()).row(
            row::REPEATED,
            Some(anchors),
            move || case.ours_by(&repeated),
        );
    }
    group.measure(criterion);
}

/// A PEM bundle becomes what a server keeps: our store, built strictly, and the owned anchors of
/// `webpki`. Dropping them counts too.
fn build(criterion: &mut Criterion) {
    let pem = CaBundle::new(10_000).pem().into_bytes();
    Group::new("store/build from 10000 CAs".to_owned())
        .row(row::COLD, None, || {
            TrustStore::from_pem(&pem).expect("good CAs")
        })
        .row(row::WEBPKI, None, || webpki_anchors(&pem))
        .measure(criterion);
}
