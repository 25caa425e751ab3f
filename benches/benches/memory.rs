//! The memory that a store keeps, and that building it takes. Counted, not timed.

use allocation_counter::{AllocationInfo, measure};
use benches::results::Results;
use benches::{CaBundle, row};
use mtls_verify::TrustStore;
use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, TrustAnchor};
use webpki::anchor_from_trusted_cert;

fn main() {
    let mut results = Results::default();
    for count in [100, 10_000] {
        let bundle = CaBundle::new(count);
        let pem = bundle.pem().into_bytes();
        let (ours, _) = kept(|| TrustStore::from_pem(&pem).expect("good CAs"));
        let (webpki, _) = kept(|| webpki_anchors(&pem));
        println!(
            "memory of {count} CAs, {} bytes as DER:",
            bundle.der_bytes()
        );
        for (row, info) in [(row::COLD, ours), (row::WEBPKI, webpki)] {
            println!(
                "  {row}: {} bytes kept in {} allocations, {} at most",
                info.bytes_current, info.count_current, info.bytes_max
            );
        }
        let group = format!("memory/{count} CAs");
        results.add(&group, row::DER, bundle.der_bytes() as f64);
        results.add(&group, row::COLD, ours.bytes_current as f64);
        results.add(&group, row::WEBPKI, webpki.bytes_current as f64);
    }
    results.write_memory();
}

fn webpki_anchors(pem: &[u8]) -> Vec<TrustAnchor<'static>> {
    let anchors = CertificateDer::pem_slice_iter(pem).map(|der| {
        let der = der.expect("PEM");
        anchor_from_trusted_cert(&der)
            .expect("a good CA")
            .to_owned()
    });
    let mut anchors: Vec<_> = anchors.collect();
    anchors.shrink_to_fit();
    anchors
}

/// What building it allocates and keeps.
fn kept<T>(build: impl FnOnce() -> T) -> (AllocationInfo, T) {
    let mut built = None;
    let info = measure(|| built = Some(build()));
    (info, built.expect("it was built"))
}
