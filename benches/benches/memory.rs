//! The memory that a store keeps, and that building it takes. Counted, not timed.

use std::collections::BTreeMap;

use allocation_counter::{AllocationInfo, measure};
use benches::results::{Figures, MEMORY};
use benches::{CaBundle, row, webpki_anchors};
use mtls_verify::TrustStore;

fn main() {
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

/// What building it allocates, and keeps.
fn allocated<T>(build: impl FnOnce() -> T) -> AllocationInfo {
    let mut built = None;
    measure(|| built = Some(build()))
}
