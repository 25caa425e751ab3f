//! The chain, store and revocation groups of the benches, with OpenSSL.
#![allow(missing_docs, reason = "a program")]

#[path = "../../benches/benches/common/mod.rs"]
mod common;

use std::path::PathBuf;

use benches::crls::{Crls, load, webpki_crl};
use benches::{CaBundle, Case, KeyKind, Outcome, PROVIDER, Pki};
use common::Group;
use criterion::Criterion;
use mtls_verify::TrustStore;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509, X509Crl};
use peers::{OpenSsl, row};

fn main() {
    println!("{}", openssl::version::version());
    let mut criterion = common::criterion().sample_size(10);
    chain(&mut criterion);
    store(&mut criterion);
    build(&mut criterion);
    revocation(&mut criterion);
    criterion.final_summary();
}

fn chain(criterion: &mut Criterion) {
    for kind in KeyKind::ALL {
        let case = Pki::new(kind, 2).case();
        let openssl = OpenSsl::new(&case, None);
        let name = format!("peers/chain/{PROVIDER}/{}/depth 2", kind.name());
        let group = Group::new(name).sides(&case, None, Outcome::Accepted);
        with_openssl(group.remembered(&case), &openssl, None).measure(criterion);
    }
}

/// Up to 10,000 anchors: OpenSSL sorts its store anew for each certificate that it takes, and would
/// need minutes for 100,000.
fn store(criterion: &mut Criterion) {
    let pki = Pki::new(KeyKind::P256, 2);
    let cases: Vec<(String, Case, OpenSsl)> = [1, 100, 10_000]
        .into_iter()
        .map(|anchors| {
            let case = pki.case_among(CaBundle::new(anchors - 1).into_der());
            let openssl = OpenSsl::new(&case, None);
            (anchors.to_string(), case, openssl)
        })
        .collect();
    let mut group = Group::new(format!("peers/store/{PROVIDER}/anchors"));
    for (anchors, case, openssl) in &cases {
        group = group.sides(case, Some(anchors), Outcome::Accepted);
        group = with_openssl(group, openssl, Some(anchors));
    }
    group.measure(criterion);
}

fn build(criterion: &mut Criterion) {
    let pem = CaBundle::new(10_000).pem().into_bytes();
    Group::new("peers/store/build from 10000 CAs".to_owned())
        .row(benches::row::COLD, None, || {
            TrustStore::from_pem(&pem).expect("good CAs")
        })
        .row(benches::row::WEBPKI, None, || benches::webpki_anchors(&pem))
        .row(row::PARSING, None, || {
            let mut store = X509StoreBuilder::new().expect("memory");
            for certificate in X509::stack_from_pem(&pem).expect("good certificates") {
                store.add_cert(certificate).expect("a good certificate");
            }
            store.build()
        })
        .measure(criterion);
}

fn revocation(criterion: &mut Criterion) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for entries in [0, 1_000, 100_000, 1_000_000] {
        let crls = Crls::new(entries);
        let case = crls.of(crls.case());
        let openssl = OpenSsl::new(&case, Some((crls.ders(), &folder)));
        let name = format!("peers/revocation/{PROVIDER}/verify/{entries}");
        let group = Group::new(name).sides(&case, None, Outcome::Accepted);
        with_openssl(group, &openssl, None).measure(criterion);

        if entries == 0 {
            continue;
        }
        let (store, crl) = (crls.store(), crls.large());
        Group::new(format!("peers/revocation/{PROVIDER}/load/{entries}"))
            .row(benches::row::COLD, None, || load(&store, &crl))
            .row(benches::row::WEBPKI, None, || webpki_crl(&crl))
            .row(row::PARSING, None, || {
                X509Crl::from_der(&crl).expect("a good CRL")
            })
            .measure(criterion);
    }
}

fn with_openssl<'a>(group: Group<'a>, openssl: &'a OpenSsl, parameter: Option<&str>) -> Group<'a> {
    openssl.check();
    group
        .row(row::PARSING, parameter, || openssl.verify())
        .row(row::PARSED, parameter, || openssl.verify_parsed())
}
