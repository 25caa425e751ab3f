//! Verifying a client: each kind of key, 1, 2 and 4 certificates below the anchor.

mod common;

use benches::{KeyKind, NOW, Outcome, PROVIDER, Pki, row};
use common::{compare, ours};
use criterion::Criterion;
use mtls_verify::{ClientPolicy, ExpiryPolicy};

/// 2027-06-01T00:00:00Z, after a client's validity.
const AFTER: u64 = NOW + 365 * 86_400;

fn main() {
    let mut criterion = common::criterion();
    for kind in KeyKind::ALL {
        for depth in [1, 2, 4] {
            let group = format!("chain/{PROVIDER}/{}/depth {depth}", kind.name());
            let case = Pki::new(kind, depth).case();
            compare(&mut criterion, &group, &case, Outcome::Accepted);
        }
    }
    for depth in [1, 2, 4] {
        let group = format!("chain/no signatures/P-256/depth {depth}");
        let case = Pki::new(KeyKind::P256, depth).case();
        let case = case.with_signatures(Vec::new()).without_signatures();
        compare(&mut criterion, &group, &case, Outcome::Accepted);
    }
    expired_and_accepted(&mut criterion);
    criterion.final_summary();
}

/// A client that has expired and is accepted, beside one that has not.
fn expired_and_accepted(criterion: &mut Criterion) {
    let policy = ClientPolicy::default().with_expiry(ExpiryPolicy::ignore_client_expiry());
    let case = || {
        let case = Pki::new(KeyKind::P256, 2).case();
        case.with_policy(policy.clone())
    };
    let (current, expired) = (case(), case().at_second(AFTER));
    let mut group = criterion.benchmark_group(format!("expiry/{PROVIDER}/accepted"));
    ours(&mut group, row::COLD, &current);
    expired.ours().expect("expired and accepted");
    ours(&mut group, "ours cold, expired", &expired);
    group.finish();
}
