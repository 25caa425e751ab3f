//! What scopes cost, and what a stranger can make of them.

use mtls_verify::ClientPolicy;
use mtls_verify::policy::Limits;
use mtls_verify::store::Scope;
use testpki::{Cert, Extension, GeneralName, Key};

use super::common::{builder, client, of, outcome, root, scope, verify, verify_under};

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

/// Tenants whose CAs have one name, each with a key of its own: the key identifiers tell them
/// apart.
#[test]
fn many_cas_may_have_one_name() {
    let ca = |number: usize| Cert::ca("kubernetes", &Key::p256(&format!("cluster {number}")));
    let clusters: Vec<Cert> = (0..60).map(ca).collect();
    let scopes = clusters.iter().enumerate();
    let store = of(scopes.map(|(number, ca)| scope(&number.to_string(), &[ca], &[])));
    for number in [0, 17, 59] {
        let alice = client("alice", &clusters[number]);
        assert_eq!(
            outcome(verify(&store, &[&alice])),
            Ok(vec![number.to_string()])
        );
    }
    // One that contradicts is found where no other accepts.
    let odd = client("alice", &clusters[3]).extension(Extension::authority_key_identifier(b"odd"));
    let few = clusters.iter().take(5).enumerate();
    let store = of(few.map(|(number, ca)| scope(&number.to_string(), &[ca], &[])));
    assert_eq!(outcome(verify(&store, &[&odd])), Ok(vec!["3".to_owned()]));
}

/// A scope that is filled with certificates in the name of another tenant's CA, dear ones and many,
/// does not lock out its clients.
#[test]
fn a_dear_scope_leaves_something_to_others() {
    let (tenant, rogue) = (root("tenant"), root("rogue"));
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&tenant);
    let alice = client("alice", &issuing);
    let names: Vec<GeneralName> = (0..2_000)
        .map(|number| GeneralName::dns(&format!("{number}.example.org")))
        .collect();
    let subtrees: Vec<_> = names.iter().map(Extension::subtree).collect();
    let mut dear = builder(&[&rogue], &[]);
    for serial in 1..9 {
        let crossed = Cert::ca("Issuing", &Key::p256("issuing"))
            .serial(&[serial])
            .extension(Extension::name_constraints(&subtrees, &[]))
            .issued_by(&rogue);
        dear.add_intermediate_der(&crossed.der()).expect("a CA");
    }
    let dear = Scope::new("dear", dear.build().expect("a store")).expect("a scope");
    // Anchors with the name and the key identifier of the tenant's CA, and other keys.
    let key_id = Extension::subject_key_identifier(&[7; 20]);
    let forged: Vec<Cert> = (0..40)
        .map(|number| Cert::ca("Issuing", &Key::p256(&format!("forged {number}"))))
        .map(|ca| ca.extension(key_id.clone()))
        .collect();
    let forged = scope("forged", &forged.iter().collect::<Vec<_>>(), &[]);
    let alice_of_forged = alice
        .clone()
        .extension(Extension::authority_key_identifier(&[7; 20]));
    for (rogue, alice) in [(dear, &alice), (forged, &alice_of_forged)] {
        let tenant = scope("tenant", &[&tenant], &[]);
        for scopes in [
            [tenant.clone(), rogue.clone()],
            [rogue.clone(), tenant.clone()],
        ] {
            let verified = verify(&of(scopes), &[alice, &issuing]);
            assert_eq!(outcome(verified), Ok(vec!["tenant".to_owned()]));
        }
    }
}
