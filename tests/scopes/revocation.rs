//! CRLs speak in their scope, and elsewhere only of what their own key signed.

use mtls_verify::TrustStore;
use mtls_verify::policy::{RevocationPolicy, ScopePolicy, UnknownStatus};
use mtls_verify::store::Scope;
use testpki::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Key,
    Reason,
};

use super::common::{builder, client, of, outcome, root, scope, verify, with};

fn scopes(names: &[&str]) -> Result<Vec<String>, &'static str> {
    Ok(names.iter().map(|name| (*name).to_owned()).collect())
}

/// A rogue anchor of another scope certifies the key of a tenant's CA, and a signer with its name,
/// and revokes all of its clients. Nobody is affected.
#[test]
fn a_rogue_anchor_of_another_scope_revokes_nobody() {
    let (tenant, rogue) = (root("tenant"), root("rogue"));
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&tenant);
    let alice = client("alice", &issuing);
    // The same name and key, and the same name with a key of the rogue's.
    let certified = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&rogue);
    let signer = Cert::ca("Issuing", &Key::p256("rogue's")).issued_by(&rogue);
    let crl = Crl::of(&signer).revoke(&alice);
    let of_rogue = |crls: &[Crl]| {
        let mut builder = builder(&[&rogue], crls);
        for stored in [&certified, &signer] {
            builder.add_intermediate_der(&stored.der()).expect("a CA");
        }
        Scope::new("rogue", builder.build().expect("a store")).expect("a scope")
    };
    let of_tenant = || {
        let crls = [Crl::of(&tenant), Crl::of(&issuing)];
        scope("tenant", &[&tenant], &crls)
    };
    let chain = [&alice, &issuing, &certified, &signer];
    for scopes_in_order in [
        [of_tenant(), of_rogue(std::slice::from_ref(&crl))],
        [of_rogue(std::slice::from_ref(&crl)), of_tenant()],
    ] {
        let store = of(scopes_in_order);
        let verified = verify(&store, &chain).expect("verified");
        assert!(verified.scopes().any(|scope| scope == "tenant"));
        assert_eq!(
            outcome(verify(&store, &[&alice, &issuing])),
            scopes(&["tenant"])
        );
    }
    // In one store without scopes it would be.
    let mut all = builder(
        &[&tenant, &rogue],
        &[Crl::of(&tenant), Crl::of(&issuing), crl],
    );
    all.add_intermediate_der(&signer.der()).expect("a CA");
    let store = all.build().expect("a store");
    assert_eq!(outcome(verify(&store, &[&alice, &issuing])), Err("revoked"));
}

/// What the very key that signed a certificate says of it counts in all scopes.
#[test]
fn the_key_that_signed_a_certificate_revokes_it_everywhere() {
    let a = root("a");
    let issuing = Cert::ca("Issuing", &Key::p256("issuing")).issued_by(&a);
    let (alice, bob) = (
        client("alice", &issuing),
        client("bob", &issuing).serial(&[9]),
    );
    let crls = [Crl::of(&a), Crl::of(&issuing).revoke(&alice)];
    let with_crls = || scope("with", &[&a], &crls);
    let chain_of = |client| [client, &issuing];
    // A presented intermediate's CRL, by a scope without CRLs, in both orders, and by what stands
    // in no scope.
    let stores = [
        of([with_crls(), scope("without", &[&a], &[])]),
        of([scope("without", &[&a], &[]), with_crls()]),
        with(builder(&[&a], &crls), [scope("without", &[&a], &[])]),
        with(builder(&[&a], &[]), [with_crls()]),
    ];
    for store in &stores {
        assert_eq!(outcome(verify(store, &chain_of(&alice))), Err("revoked"));
        assert!(verify(store, &chain_of(&bob)).is_ok());
    }
    // Unless revocation is off there.
    let off = ScopePolicy::default().with_revocation(RevocationPolicy::off());
    let store = of([with_crls(), scope("off", &[&a], &[]).with_policy(off)]);
    assert_eq!(outcome(verify(&store, &chain_of(&alice))), scopes(&["off"]));
    // The client's own certificate alone.
    let client_only = ScopePolicy::default()
        .with_revocation(RevocationPolicy::client_only().with_unknown(UnknownStatus::Allow));
    let of_root = scope("crls", &[&a], &[Crl::of(&a).revoke(&issuing)]);
    let store = of([
        of_root,
        scope("client", &[&a], &[]).with_policy(client_only),
    ]);
    assert_eq!(
        outcome(verify(&store, &chain_of(&alice))),
        scopes(&["client"])
    );
    // A revoked intermediate otherwise.
    let of_root = scope("crls", &[&a], &[Crl::of(&a).revoke(&issuing)]);
    let store = of([of_root, scope("auto", &[&a], &[])]);
    assert_eq!(outcome(verify(&store, &chain_of(&alice))), Err("revoked"));
}

/// It vouches in its own scope alone, and a CRL by another key says nothing elsewhere.
#[test]
fn no_crl_vouches_in_another_scope() {
    let a = root("a");
    let alice = client("alice", &a);
    let whole = ScopePolicy::default().with_revocation(RevocationPolicy::whole_path());
    let asks = || scope("asks", &[&a], &[]).with_policy(whole.clone());
    let store = of([asks(), scope("has", &[&a], &[Crl::of(&a)])]);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["has"]));
    // Of the same name, by another key.
    let other = Cert::ca("Root a", &Key::p256("other"));
    let stranger = Crl::of(&other).revoke(&alice);
    let store = of([scope("a", &[&a], &[]), scope("b", &[&other], &[stranger])]);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["a"]));
}

/// `Auto` looks at the CRLs of the scope.
#[test]
fn auto_is_decided_by_scope() {
    let (a, b) = (root("a"), root("b"));
    // A has a CRL, and none is about the client of its intermediate.
    let issuing = |root: &Cert| Cert::ca("Issuing", &Key::p256("issuing")).issued_by(root);
    let store = of([scope("a", &[&a], &[Crl::of(&a)]), scope("b", &[&b], &[])]);
    let verify_below = |root: &Cert| {
        let issuing = issuing(root);
        outcome(verify(&store, &[&client("alice", &issuing), &issuing]))
    };
    assert_eq!(verify_below(&a), Err("revocation-unknown"));
    assert_eq!(verify_below(&b), scopes(&["b"]));
}

/// A newer CRL by the same key takes the place of an older one, in whatever scope. Otherwise a
/// tenant with an old CRL of another one's CA could revoke its clients.
#[test]
fn a_newer_crl_of_any_scope_lifts_an_entry() {
    let a = root("a");
    let alice = client("alice", &a);
    let held = Entry::of(&alice).reason(Reason::CertificateHold);
    let older = Crl::of(&a)
        .number(1)
        .this_update("2026-05-01T00:00:00Z")
        .entry(held);
    let newer = Crl::of(&a).number(2).this_update("2026-05-30T00:00:00Z");
    let verified = |store: TrustStore| outcome(verify(&store, &[&alice]));
    let with_crls = |name: &str, crls: &[&Crl]| {
        let crls: Vec<Crl> = crls.iter().map(|crl| (*crl).clone()).collect();
        scope(name, &[&a], &crls)
    };
    let without = || with_crls("without", &[]);
    assert_eq!(
        verified(of([without(), with_crls("old", &[&older])])),
        Err("revoked")
    );
    let both = with_crls("both", &[&older, &newer]);
    assert_eq!(
        verified(of([without(), both])),
        scopes(&["without", "both"])
    );
    for order in [["new", "old"], ["old", "new"]] {
        let store = of(order.map(|name| match name {
            "new" => with_crls(name, &[&newer]),
            _ => with_crls(name, &[&older]),
        }));
        // In its own scope the old one counts, as nothing newer stands there.
        assert_eq!(verified(store), scopes(&["new"]));
    }
    // By another key, or older: it lifts nothing.
    let other = Cert::ca("Root a", &Key::p256("other"));
    let stranger = scope("stranger", &[&other], &[Crl::of(&other).number(9)]);
    assert_eq!(
        verified(of([without(), with_crls("old", &[&older]), stranger])),
        Err("revoked")
    );
    let oldest = Crl::of(&a).number(0).this_update("2026-04-01T00:00:00Z");
    let store = of([with_crls("oldest", &[&oldest]), with_crls("old", &[&older])]);
    assert_eq!(verified(store), Err("revoked"));
}

/// A key that signs CRLs under a name of their own: an indirect CRL, to which a distribution point
/// leads.
#[test]
fn the_key_revokes_under_whatever_name() {
    let a = root("a");
    let signer = Cert::ca("CRLs of a", &Key::p256("a")).issued_by(&a);
    let point = DistributionPoint::uri("http://crl.example/")
        .crl_issuer(&[GeneralName::Directory(signer.subject_name().clone())]);
    let alice = client("alice", &a).extension(Extension::crl_distribution_points(&[point]));
    let scope_of_crl = IssuingDistributionPoint::uri("http://crl.example/").indirect();
    let crl = Crl::of(&signer)
        .point(&scope_of_crl)
        .revoke(&alice)
        .entries_about(&a);
    let mut with_crl = builder(&[&a], &[crl]);
    with_crl.add_intermediate_der(&signer.der()).expect("a CA");
    let crls = Scope::new("crls", with_crl.build().expect("a store")).expect("a scope");
    let own = verify(&of([crls.clone()]), &[&alice]).expect_err("revoked");
    assert_eq!(own.reason().name(), "revoked", "{own}");
    let store = of([scope("without", &[&a], &[]), crls]);
    assert_eq!(outcome(verify(&store, &[&alice])), Err("revoked"));
}

/// CRLs that a scope had are not forgotten when it is replaced.
#[test]
fn a_scope_without_its_crls_lets_nobody_in() {
    let a = root("a");
    let alice = client("alice", &a);
    let crls = [Crl::of(&a)];
    let store = of([scope("a", &[&a], &crls)]);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["a"]));
    let without = || scope("a", &[&a], &[]);
    let replaced = store.with_scope(without()).expect("a scope");
    assert_eq!(
        outcome(verify(&replaced, &[&alice])),
        Err("revocation-unknown")
    );
    let renewed = scope("a", &[&a], &crls)
        .with_store(without().store().clone())
        .expect("a scope");
    assert_eq!(
        outcome(verify(&of([renewed]), &[&alice])),
        Err("revocation-unknown")
    );
}

/// Distribution points that nobody can follow hide nothing, and give CRLs by other keys no say.
#[test]
fn points_that_lead_nowhere_hide_no_entry() {
    let a = root("a");
    let point = Extension::crl_distribution_points(&[DistributionPoint::nameless()]);
    let malformed = Extension::new(testpki::oid::CRL_DISTRIBUTION_POINTS, vec![5, 0]);
    for points in [point, malformed] {
        let alice = client("alice", &a).extension(points);
        let crl = Crl::of(&a).revoke(&alice);
        let store = of([scope("without", &[&a], &[]), scope("with", &[&a], &[crl])]);
        let refusal = verify(&store, &[&alice]).expect_err("revoked");
        assert_eq!(refusal.reason().name(), "revoked", "{refusal}");
        let other = Cert::ca("Root a", &Key::p256("other"));
        let stranger = Crl::of(&other).revoke(&alice);
        let store = of([scope("a", &[&a], &[]), scope("b", &[&other], &[stranger])]);
        assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["a"]));
    }
}

/// An issuer that had a CRL does not become one that never published any.
#[test]
fn a_scope_remembers_whose_crls_it_had() {
    let a = root("a");
    let alice = client("alice", &a);
    let published = ScopePolicy::default().with_revocation(RevocationPolicy::where_published());
    let of_a = |crls: &[Crl]| scope("a", &[&a], crls).with_policy(published.clone());
    let store = of([of_a(&[Crl::of(&a)])]);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["a"]));
    let lost = store.with_scope(of_a(&[])).expect("a scope");
    assert_eq!(outcome(verify(&lost, &[&alice])), Err("revocation-unknown"));
    let lost_again = lost.with_scope(of_a(&[])).expect("a scope");
    assert_eq!(
        outcome(verify(&lost_again, &[&alice])),
        Err("revocation-unknown")
    );
    assert_eq!(outcome(verify(&of([of_a(&[])]), &[&alice])), scopes(&["a"]));
}
