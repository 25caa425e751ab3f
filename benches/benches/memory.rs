//! The memory that a store keeps, and that building it takes; and that of CRLs. Counted, not timed.

use std::collections::BTreeMap;

use allocation_counter::{AllocationInfo, measure};
use benches::crls::{Crls, load, webpki_crl};
use benches::results::{Figures, MEMORY};
use benches::{CaBundle, row, webpki_anchors};
use mtls_verify::TrustStore;

fn main() {
    stores();
    crls();
}

fn stores() {
    for count in [100, 10_000] {
        let bundle = CaBundle::new(count);
        let pem = bundle.pem().into_bytes();
        let ours = allocated(|| TrustStore::from_pem(&pem).expect("good CAs"));
        let webpki = allocated(|| webpki_anchors(&pem).into_boxed_slice());
        println!(
            "memory of {count} CAs, {} bytes as DER:",
            bundle.der_bytes()
        );
        for (row, info) in [(row::COLD, ours), (row::WEBPKI, webpki)] {
            println!(
                "  {row}: {} bytes kept in {} allocations, {} bytes at most",
                info.bytes_current, info.count_current, info.bytes_max
            );
        }
        let figure = |row: &str, bytes: f64| (row.to_owned(), vec![bytes]);
        let rows = BTreeMap::from([
            figure(row::DER, bundle.der_bytes() as f64),
            figure(row::COLD, ours.bytes_current as f64),
            figure(row::WEBPKI, webpki.bytes_current as f64),
        ]);
        Figures::keep(&format!("{MEMORY}{count} CAs"), rows);
    }
}

/// What a CRL keeps for each entry, and takes at most while it is loaded.
fn crls() {
    for count in [1_000, 100_000, 1_000_000] {
        let crls = Crls::new(count);
        let (store, crl) = (crls.store(), crls.large());
        let ours = allocated(|| load(&store, &crl));
        let webpki = allocated(|| webpki_crl(&crl));
        let an_entry = |bytes: f64| bytes / count as f64;
        let der = an_entry(crl.len() as f64);
        println!("memory of a CRL of {count} entries, {der:.1} bytes an entry as DER:");
        for (row, info) in [(row::COLD, ours), (row::WEBPKI, webpki)] {
            let (kept, most) = (info.bytes_current as f64, info.bytes_max as f64);
            println!(
                "  {row}: {:.1} bytes an entry kept, {:.1} at most",
                an_entry(kept),
                an_entry(most)
            );
        }
        let rows = BTreeMap::from([
            (row::DER.to_owned(), vec![der]),
            (
                row::COLD.to_owned(),
                vec![an_entry(ours.bytes_current as f64)],
            ),
            (
                row::WEBPKI.to_owned(),
                vec![an_entry(webpki.bytes_current as f64)],
            ),
        ]);
        Figures::keep(&format!("{MEMORY}an entry of {count}"), rows);
    }
}

/// What building it allocates, and keeps.
fn allocated<T>(build: impl FnOnce() -> T) -> AllocationInfo {
    let mut built = None;
    measure(|| built = Some(build()))
}
