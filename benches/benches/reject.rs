//! Refusing a client: for one plain reason, and after a search that someone made costly.

mod common;

use benches::{AFTER, CaBundle, Case, Hostile, KeyIds, KeyKind, Outcome, PROVIDER, Pki};
use common::Group;
use criterion::Criterion;
use mtls_verify::ClientPolicy;
use mtls_verify::policy::Limits;

fn main() {
    let mut criterion = common::criterion();
    plain(&mut criterion);
    hostile(&mut criterion);
    criterion.final_summary();
}

fn plain(criterion: &mut Criterion) {
    let pki = Pki::new(KeyKind::P256, 2);
    let (client, issuing) = (&pki.chain()[0], &pki.chain()[1]);
    let against_anchor = |client: Vec<u8>| Case::new(&[pki.anchor()], &[client, issuing.clone()]);
    let corrupted = Pki::new(KeyKind::P256, 2).with_client(|client| client.flip_signature_bit());
    let strangers = CaBundle::new(1).into_der();
    let cases = [
        (
            "expired client",
            against_anchor(client.clone()).at_second(AFTER),
        ),
        ("unknown issuer", Case::new(&strangers, &pki.chain())),
        (
            "corrupted signature",
            Case::new(&[pki.anchor()], &corrupted.chain()),
        ),
        ("garbage", against_anchor(vec![0xa5; client.len()])),
        (
            "cut short",
            against_anchor(client[..client.len() - 1].to_vec()),
        ),
    ];
    for (name, case) in cases {
        Group::new(format!("reject/{PROVIDER}/{name}"))
            .sides(&case, None, Outcome::Refused)
            .measure(criterion);
    }
}

/// As many CAs as may be presented, and the 20 that peers are measured with, for which our limit
/// has to be raised.
fn hostile(criterion: &mut Criterion) {
    let limits = Limits::default().with_presented(21);
    let raised = ClientPolicy::default().with_limits(limits);
    for count in [15, 20] {
        let hostile = [
            Hostile::ring(count),
            Hostile::namesakes(count, KeyIds::Present),
            Hostile::namesakes_of_anchor(count, KeyIds::Present),
            Hostile::namesakes_of_anchor(count, KeyIds::Absent),
            Hostile::anchors_of_one_name(4 * count),
        ];
        for hostile in hostile {
            let case = match count {
                15 => hostile.case(),
                _ => hostile.case().with_policy(raised.clone()),
            };
            Group::new(format!("reject/{PROVIDER}/{}", hostile.name))
                .sides(&case, None, Outcome::Refused)
                .measure(criterion);
        }
    }
}
