//! What scopes cost, and what a stranger can make of them.

use mtls_verify::ClientPolicy;
use mtls_verify::policy::Limits;
use mtls_verify::store::Scope;
use testpki::{Cert, Key};

use super::common::{client, of, outcome, root, scope, verify, verify_under};

/// A signature counts once, however many scopes need it.
#[test]
fn scopes_share_signatures() {
    let a = root("a");
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&a);
    let names: Vec<String> = (0..40).map(|number| format!("scope {number}")).collect();
    let store = of(names.iter().map(|name| scope(name, &[&a], &[])));
    let alice = client("alice", &issuing);
    let policy = ClientPolicy::default().with_limits(Limits::default().with_signatures(2));
    let verified = verify_under(&store, &[&alice, &issuing], &policy).expect("two signatures");
    assert!(verified.scopes().eq(names.iter().map(String::as_str)));
    let policy = ClientPolicy::default().with_limits(Limits::default().with_signatures(1));
    let refused = verify_under(&store, &[&alice, &issuing], &policy);
    assert_eq!(outcome(refused), Err("signature-limit"));
    // One that does not verify counts once as well.
    let forged = alice.flip_signature_bit();
    let policy = ClientPolicy::default().with_limits(Limits::default().with_signatures(2));
    assert_eq!(
        outcome(verify_under(&store, &[&forged, &issuing], &policy)),
        Err("bad-signature")
    );
}

/// Other scopes are not looked at, whatever is beside the client's certificate, but for those that
/// it names; and those cost work.
#[test]
fn only_scopes_that_are_named_cost_anything() {
    let tenants: Vec<Cert> = (0..300).map(|number| root(&format!("t{number}"))).collect();
    let scopes = |count: usize| -> Vec<Scope> {
        let tenants = tenants.iter().take(count).enumerate();
        tenants
            .map(|(number, root)| scope(&format!("{number}"), &[root], &[]))
            .collect()
    };
    let alice = client("alice", &tenants[0]);
    let least_work = |count: usize| {
        let store = of(scopes(count));
        let is_enough = |work: u32| {
            let policy = ClientPolicy::default().with_limits(Limits::default().with_work(work));
            verify_under(&store, &[&alice], &policy).is_ok()
        };
        let (mut low, mut high) = (0, 250_000);
        while low < high {
            let middle = (low + high) / 2;
            match is_enough(middle) {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        low
    };
    assert_eq!(least_work(1), least_work(300));
    // Beside strangers that name other scopes, the client is still found, or the limit is named.
    let store = of(scopes(300));
    let strangers: Vec<Cert> = tenants[1..9]
        .iter()
        .map(|root| Cert::ca("Stranger", &Key::p256("stranger")).issued_by(root))
        .collect();
    let presented: Vec<&Cert> = std::iter::once(&alice).chain(&strangers).collect();
    let verified = verify(&store, &presented).expect("verified");
    assert_eq!(verified.scopes().collect::<Vec<_>>(), ["0"]);
}
