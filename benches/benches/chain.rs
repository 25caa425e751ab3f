//! Verifying a client: each kind of key, 1, 2 and 4 certificates below the anchor.

mod common;

use benches::{AFTER, KeyKind, Outcome, PROVIDER, Pki, row};
use common::Group;
use criterion::Criterion;
use mtls_verify::ClientPolicy;
use mtls_verify::policy::ExpiryPolicy;

fn main() {
    let mut criterion = common::criterion();
    for kind in KeyKind::ALL {
        for depth in [1, 2, 4] {
            let case = Pki::new(kind, depth).case();
            Group::new(format!("chain/{PROVIDER}/{}/depth {depth}", kind.name()))
                .sides(&case, None, Outcome::Accepted)
                .remembered(&case)
                .measure(&mut criterion);
        }
    }
    for depth in [1, 2, 4] {
        let case = Pki::new(KeyKind::P256, depth).case().saying_yes();
        Group::new(format!("chain/no signatures/P-256/depth {depth}"))
            .sides(&case, None, Outcome::Accepted)
            .remembered(&case)
            .measure(&mut criterion);
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
    expired.ours().expect("expired and accepted");
    Group::new(format!("expiry/{PROVIDER}"))
        .row(row::COLD, Some("current"), || current.ours())
        .row(row::COLD, Some("expired"), || expired.ours())
        .measure(criterion);
}
