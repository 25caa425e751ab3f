//! Many anchors: verifying a client against them, and building a store of them.

mod common;

use std::hint::black_box;

use benches::{CaBundle, KeyKind, Outcome, PROVIDER, Pki, row};
use common::compare;
use criterion::Criterion;
use mtls_verify::TrustStore;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::pki_types::pem::PemObject;
use webpki::anchor_from_trusted_cert;

fn main() {
    let mut criterion = common::criterion();
    let pki = Pki::new(KeyKind::P256, 2);
    for anchors in [1, 100, 10_000, 100_000] {
        let others = CaBundle::new(anchors - 1).into_der();
        let group = format!("store/{PROVIDER}/{anchors} anchors");
        let case = pki.case_among(others);
        compare(&mut criterion, &group, &case, Outcome::Accepted);
    }
    build(&mut criterion, 10_000);
    criterion.final_summary();
}

/// A PEM bundle becomes what a server keeps: our store, and the owned anchors of `webpki`.
fn build(criterion: &mut Criterion, count: usize) {
    let pem = CaBundle::new(count).pem().into_bytes();
    let mut group = criterion.benchmark_group(format!("store/build from {count} CAs"));
    group.sample_size(20);
    group.bench_function(row::COLD, |bencher| {
        bencher.iter_with_large_drop(|| TrustStore::from_pem(black_box(&pem)).expect("good CAs"));
    });
    group.bench_function(row::WEBPKI, |bencher| {
        bencher.iter_with_large_drop(|| {
            let anchors = CertificateDer::pem_slice_iter(black_box(&pem)).map(|der| {
                let der = der.expect("PEM");
                anchor_from_trusted_cert(&der)
                    .expect("a good CA")
                    .to_owned()
            });
            anchors.collect::<Vec<_>>()
        });
    });
    group.finish();
}
