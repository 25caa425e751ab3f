//! A scope's own policy, pins and deny list.

use std::sync::Arc;
use std::time::Duration;

use mtls_verify::client::{ExpiryStatus, TrustedBy};
use mtls_verify::error::ReplaceStoreError;
use mtls_verify::policy::RevocationPolicy;
use mtls_verify::policy::{
    AcceptablePolicies, AcceptedIdentities, CertificatePolicies, ClockSkew, Expired, ExpiryPolicy,
    ExplicitPolicy, IdentityMatch, IdentityRule, KeyPurpose, RequiredPurpose, ScopePolicy,
    TextMatch,
};
use mtls_verify::store::Scope;
use mtls_verify::{ClientPolicy, ClientVerifier, DenyList, TrustStore};
use testpki::{Cert, Crl, Extension};

use super::common::{
    at, builder, chain, client, now, of, outcome, root, scope, verify, verify_under, with,
};

fn scopes(names: &[&str]) -> Result<Vec<String>, &'static str> {
    Ok(names.iter().map(|name| (*name).to_owned()).collect())
}

/// Tenants with grace periods of their own.
#[test]
fn a_policy_binds_in_its_scope() {
    let (a, b) = (root("a"), root("b"));
    let month = Expired::AcceptFor(Duration::from_secs(30 * 86_400));
    let lenient = ScopePolicy::default().with_expiry(ExpiryPolicy::default().with_client(month));
    let store = of([
        scope("a", &[&a], &[]).with_policy(lenient),
        scope("b", &[&b], &[]),
    ]);
    let expired = |issuer: &Cert| client("alice", issuer).not_after("2026-05-20T00:00:00Z");
    let verified = verify(&store, &[&expired(&a)]).expect("within a month");
    assert!(matches!(verified.expiry(), ExpiryStatus::Expired { .. }));
    assert_eq!(verified.valid_until(), Some(at("2026-06-19T00:00:00Z")));
    let refusal = verify(&store, &[&expired(&b)]).expect_err("expired");
    assert_eq!(
        (refusal.reason().name(), refusal.scope()),
        ("expired", Some("b"))
    );
}

/// The clock skew is that of the verification, whatever a scope says.
#[test]
fn a_scope_has_no_clock() {
    let a = root("a");
    let skewed = |seconds| {
        let skew = ClockSkew::new(Duration::from_secs(seconds)).expect("a skew");
        ExpiryPolicy::default().with_clock_skew(skew)
    };
    let late = client("alice", &a).not_after("2026-05-31T23:59:00Z");
    for (of_scope, of_policy, expected) in [(300, 0, Err("expired")), (0, 300, scopes(&["a"]))] {
        let policy = ScopePolicy::default().with_expiry(skewed(of_scope));
        let store = of([scope("a", &[&a], &[]).with_policy(policy)]);
        let policy = ClientPolicy::default().with_expiry(skewed(of_policy));
        assert_eq!(outcome(verify_under(&store, &[&late], &policy)), expected);
    }
}

#[test]
fn purposes_and_policies_are_those_of_the_scope() {
    let a = root("a");
    let purpose = RequiredPurpose::Required(KeyPurpose::EMAIL_PROTECTION.into());
    let mail = ScopePolicy::default().with_purpose(purpose);
    let policy_id: mtls_verify::policy::PolicyId = "1.3.6.1.4.1.99999.1".parse().expect("an OID");
    let smart = CertificatePolicies::default()
        .with_explicit_policy(ExplicitPolicy::Required)
        .with_acceptable(AcceptablePolicies::Only(vec![policy_id.clone()]));
    let cards = ScopePolicy::default().with_certificate_policies(smart);
    let store = of([
        scope("mail", &[&a], &[]).with_policy(mail),
        scope("cards", &[&a], &[]).with_policy(cards),
        scope("any", &[&a], &[]),
    ]);
    let plain = client("alice", &a);
    let with_policy = plain
        .clone()
        .extension(Extension::certificate_policies(&["1.3.6.1.4.1.99999.1"]));
    assert_eq!(outcome(verify(&store, &[&plain])), scopes(&["any"]));
    let verified = verify(&store, &[&with_policy]).expect("verified");
    assert_eq!(verified.scopes().collect::<Vec<_>>(), ["cards", "any"]);
    assert_eq!(verified.policies().iter().collect::<Vec<_>>(), [&policy_id]);
}

/// Of several scopes that accept, the result holds for no longer than each.
#[test]
fn the_earliest_end_counts() {
    let a = root("a");
    let for_days = |days: u64| {
        let accepted = Expired::AcceptFor(Duration::from_secs(days * 86_400));
        ScopePolicy::default().with_expiry(ExpiryPolicy::default().with_client(accepted))
    };
    let alice = client("alice", &a).not_after("2026-05-31T00:00:00Z");
    for (first, second, until) in [
        (10, 2, "2026-06-02T00:00:00Z"),
        (2, 10, "2026-06-02T00:00:00Z"),
    ] {
        let store = of([
            scope("first", &[&a], &[]).with_policy(for_days(first)),
            scope("second", &[&a], &[]).with_policy(for_days(second)),
        ]);
        let verified = verify(&store, &[&alice]).expect("verified");
        assert_eq!(verified.valid_until(), Some(at(until)));
        // From memory the same, and once one has ended the other alone.
        let verifier = ClientVerifier::new(Arc::new(store), ClientPolicy::default());
        let scopes_at = |time| {
            let verified = verifier.verify(&chain(&[&alice]), time).expect("verified");
            verified.scopes().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(scopes_at(now()), ["first", "second"]);
        let longer = if first > second { "first" } else { "second" };
        assert_eq!(scopes_at(at("2026-06-02T00:00:01Z")), [longer]);
        assert_eq!(scopes_at(now()), ["first", "second"]);
        assert_eq!(scopes_at(now()), ["first", "second"]);
        assert_eq!(verifier.counts().memory_hits(), 1);
    }
}

#[test]
fn memory_is_kept_apart_for_each_set_of_scopes() {
    let (a, b) = (root("a"), root("b"));
    let store = of([scope("a", &[&a], &[]), scope("ab", &[&a, &b], &[])]);
    let verifier = ClientVerifier::new(Arc::new(store), ClientPolicy::default());
    let alice = chain(&[&client("alice", &a)]);
    let within = |scopes: &[&str]| outcome(verifier.verify_in(scopes, &alice, now()));
    for _ in 0..2 {
        assert_eq!(
            outcome(verifier.verify(&alice, now())),
            scopes(&["a", "ab"])
        );
        assert_eq!(within(&["a"]), scopes(&["a"]));
        assert_eq!(within(&["ab"]), scopes(&["ab"]));
        assert_eq!(within(&["ab", "a"]), scopes(&["a", "ab"]));
        assert_eq!(within(&[]), Err("no-such-scope"));
        assert_eq!(within(&["b"]), Err("no-such-scope"));
    }
    assert_eq!(verifier.counts().memory_hits(), 4);
    // The order in which they are named does not matter.
    assert_eq!(within(&["a", "ab", "a"]), scopes(&["a", "ab"]));
    assert_eq!(verifier.counts().memory_hits(), 5);
}

#[test]
fn a_deny_list_speaks_in_its_scope() {
    let a = root("a");
    let alice = client("alice", &a);
    let denied = || DenyList::new().with_certificate_sha256(testpki::sha256(&alice.der()));
    let denying = || {
        let store = builder(&[&a], &[]).build().expect("a store");
        Scope::new("denying", store.with_deny_list(denied())).expect("a scope")
    };
    let store = of([denying(), scope("other", &[&a], &[])]);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["other"]));
    // Where none accepts, that it is denied is the reason.
    let refusal = verify(&of([denying()]), &[&alice]).expect_err("denied");
    assert_eq!(
        (refusal.reason().name(), refusal.scope()),
        ("denied", Some("denying"))
    );
    // The deny list of the store as a whole binds everywhere, also one that came later.
    let mut outside = builder(&[&a], &[]);
    outside.deny(denied());
    let store = with(outside, [scope("other", &[&a], &[])]);
    assert_eq!(outcome(verify(&store, &[&alice])), Err("denied"));
    let store = store.with_deny_list(DenyList::new());
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["other"]));
    let store = of([scope("other", &[&a], &[])]).with_deny_list(denied());
    assert_eq!(outcome(verify(&store, &[&alice])), Err("denied"));
}

#[test]
fn pins_stand_in_a_scope() {
    let a = root("a");
    let pinned = client("pinned", &root("nobody"));
    let mut pins = builder(&[], &[]);
    pins.pin_client_der(&pinned.der()).expect("a certificate");
    let pins = Scope::new("pins", pins.build().expect("a store")).expect("a scope");
    let store = of([scope("a", &[&a], &[]), pins]);
    let verified = verify(&store, &[&pinned]).expect("pinned");
    assert_eq!(
        (verified.scope(), verified.trusted_by()),
        (Some("pins"), TrustedBy::Pin)
    );
    assert_eq!(outcome(verify(&store, &[&client("x", &a)])), scopes(&["a"]));
    assert_eq!(
        outcome(verify(&store, &[&client("x", &pinned)])),
        Err("unknown-issuer")
    );
}

/// A rule of the verification holds in all scopes, whatever rule they have.
#[test]
fn both_rules_on_identities_hold() {
    let a = root("a");
    let named = |name: &str| {
        let text = TextMatch::Exact(name.into());
        AcceptedIdentities::rule(IdentityMatch::CommonName(text)).expect("a rule")
    };
    let own = ScopePolicy::default().with_identities(named("alice"));
    let store = of([
        scope("own", &[&a], &[]).with_policy(own),
        scope("any", &[&a], &[]),
    ]);
    let verified = |of_policy: AcceptedIdentities, name: &str| {
        let policy = ClientPolicy::default().with_identities(of_policy);
        outcome(verify_under(&store, &[&client(name, &a)], &policy))
    };
    let refused = Err("identity-not-accepted");
    assert_eq!(
        verified(AcceptedIdentities::Any, "alice"),
        scopes(&["own", "any"])
    );
    assert_eq!(verified(AcceptedIdentities::Any, "bob"), scopes(&["any"]));
    assert_eq!(verified(named("alice"), "alice"), scopes(&["own", "any"]));
    assert_eq!(verified(named("bob"), "alice"), refused);
    assert_eq!(verified(named("bob"), "bob"), scopes(&["any"]));
    assert_eq!(verified(AcceptedIdentities::Nobody, "alice"), refused);
    // A rule on the scope is that of the anchor.
    let in_own = || AcceptedIdentities::rule(IdentityMatch::Scope("own".into())).expect("a rule");
    assert_eq!(verified(in_own(), "alice"), scopes(&["own"]));
    assert_eq!(verified(in_own(), "bob"), refused);
}

/// A scope that loses its CRLs in a reload is noticed, and what moves between scopes is not.
#[test]
fn a_verifier_takes_no_store_whose_scopes_lost_their_crls() {
    let (a, b) = (root("a"), root("b"));
    let crl_of = |ca: &Cert| vec![Crl::of(ca)];
    let with_crls = || of([scope("a", &[&a], &crl_of(&a)), scope("b", &[&b], &[])]);
    let published = || RevocationPolicy::where_published();
    let verifier = |store: TrustStore, revocation: RevocationPolicy| {
        let policy = ClientPolicy::default().with_revocation(revocation);
        ClientVerifier::new(Arc::new(store), policy)
    };
    let replace = |store: TrustStore, next: TrustStore, revocation| {
        verifier(store, revocation).replace_store(Arc::new(next))
    };
    let lost = || of([scope("a", &[&a], &[]), scope("b", &[&b], &crl_of(&b))]);
    for revocation in [RevocationPolicy::auto(), published()] {
        assert_eq!(
            replace(with_crls(), lost(), revocation),
            Err(ReplaceStoreError::NoCrls)
        );
        assert_eq!(replace(with_crls(), with_crls(), revocation), Ok(()));
        // Gone with its scope.
        assert_eq!(
            replace(with_crls(), of([scope("b", &[&b], &[])]), revocation),
            Ok(())
        );
    }
    assert_eq!(
        replace(with_crls(), lost(), RevocationPolicy::whole_path()),
        Ok(())
    );
    // By the policy of the scope.
    let whole = ScopePolicy::default().with_revocation(RevocationPolicy::whole_path());
    let strict = |crls: &[Crl]| of([scope("a", &[&a], crls).with_policy(whole.clone())]);
    let auto = RevocationPolicy::auto();
    assert_eq!(replace(strict(&crl_of(&a)), strict(&[]), auto), Ok(()));
    let lax = ScopePolicy::default().with_revocation(published());
    let of_two = |crls: &[Crl]| of([scope("a", &[&a, &b], crls).with_policy(lax.clone())]);
    let both = [Crl::of(&a), Crl::of(&b)];
    let whole_path = RevocationPolicy::whole_path();
    let refused = replace(of_two(&both), of_two(&both[..1]), whole_path);
    assert!(
        matches!(refused, Err(ReplaceStoreError::IssuerWithoutCrl { .. })),
        "{refused:?}"
    );
    // From no scope into one: with its CRL, and without.
    let outside = || builder(&[&a], &crl_of(&a)).build().expect("a store");
    assert_eq!(
        replace(outside(), of([scope("a", &[&a], &crl_of(&a))]), published()),
        Ok(())
    );
    // Whatever CRLs other scopes have.
    let moved = || of([scope("a", &[&a], &[]), scope("b", &[&b], &crl_of(&b))]);
    assert_eq!(
        replace(outside(), moved(), auto),
        Err(ReplaceStoreError::NoCrls)
    );
    let beside = |crls: &[Crl]| with(builder(&[&a], crls), [scope("b", &[&b], &crl_of(&b))]);
    for revocation in [auto, published()] {
        let refused = replace(beside(&crl_of(&a)), beside(&[]), revocation);
        assert_eq!(refused, Err(ReplaceStoreError::NoCrls));
        assert_eq!(
            replace(beside(&crl_of(&a)), beside(&crl_of(&a)), revocation),
            Ok(())
        );
    }
}

/// A rule on scopes is asked in each, and a scope can let nobody in.
#[test]
fn rules_may_name_scopes() {
    let (a, b, outside) = (root("a"), root("b"), root("outside"));
    let both = scope("both", &[&a, &b], &[]);
    let store = with(builder(&[&outside], &[]), [scope("a", &[&a], &[]), both]);
    let under = |rule: IdentityRule, issuer: &Cert| {
        let identities = AcceptedIdentities::rule(rule).expect("a rule");
        let policy = ClientPolicy::default().with_identities(identities);
        outcome(verify_under(&store, &[&client("alice", issuer)], &policy))
    };
    let is = |name: &str| IdentityRule::from(IdentityMatch::Scope(name.into()));
    let refused = || Err("identity-not-accepted");
    assert_eq!(under(is("a"), &a), scopes(&["a"]));
    assert_eq!(under(is("both"), &a), scopes(&["both"]));
    assert_eq!(under(is("a"), &b), refused());
    assert_eq!(under(is("A"), &a), refused());
    assert_eq!(under(is("a"), &outside), refused());
    assert_eq!(under(IdentityRule::not(is("a")), &a), scopes(&["both"]));
    assert_eq!(under(IdentityRule::not(is("a")), &outside), scopes(&[]));

    let closed = ScopePolicy::default().with_identities(AcceptedIdentities::Nobody);
    let closed = scope("a", &[&a], &[]).with_policy(closed);
    let store = store.with_scope(closed).expect("in its place");
    let alice = client("alice", &a);
    assert_eq!(outcome(verify(&store, &[&alice])), scopes(&["both"]));
    let verifier = ClientVerifier::new(Arc::new(store), ClientPolicy::default());
    let in_a = verifier.verify_in(&["a"], &chain(&[&alice]), now());
    assert_eq!(outcome(in_a), refused());
}
