//! The scopes of SPIFFE trust domains (X.509-SVID §5, spiffe/spiffe#375, #422).

use mtls_verify::TrustStore;
use mtls_verify::error::{Reason, TrustDomainProblem};
use mtls_verify::policy::{
    AcceptedIdentities, IdentityMatch, IdentityRule, ScopePolicy, SpiffeMatch, TextMatch,
};
use mtls_verify::store::{Scope, ScopeProblem, Subtree};
use testpki::{Cert, Extension, GeneralName, Key, der};

use super::common::{builder, client, of, outcome, root, scope, verify, with};

const DOMAINS: [&str; 3] = ["a.example", "b.example", "c.example"];

fn domain(name: &str, anchors: &[&Cert]) -> Scope {
    scope(name, anchors, &[]).of_trust_domain(name.parse().expect("a trust domain"))
}

fn named(issuer: &Cert, names: &[GeneralName]) -> Cert {
    Cert::client("workload", &Key::p256("workload"))
        .extension(Extension::subject_alt_name(names))
        .issued_by(issuer)
}

fn svid(issuer: &Cert, id: &str) -> Cert {
    named(issuer, &[GeneralName::uri(id)])
}

fn problem(store: &TrustStore, client: &Cert) -> TrustDomainProblem {
    let refusal = verify(store, &[client]).expect_err("refused");
    match refusal.reason() {
        Reason::TrustDomain(problem) => problem.clone(),
        other => panic!("{other}"),
    }
}

/// Three domains by three CAs, and an anchor without a scope: every cross case is refused.
#[test]
fn only_a_domains_own_anchors_vouch_for_it() {
    let roots = DOMAINS.map(root);
    let (outside, tenant) = (root("outside"), root("tenant"));
    let domains = DOMAINS.iter().zip(&roots);
    let scopes = domains.map(|(name, root)| domain(name, &[root]));
    let store = with(
        builder(&[&outside], &[]),
        scopes.chain([scope("tenant", &[&tenant], &[])]),
    );
    for (name, root) in DOMAINS.iter().zip(&roots) {
        for other in DOMAINS {
            let id = format!("spiffe://{other}/workload");
            let expected = match other == *name {
                true => Ok(vec![other.to_owned()]),
                false => Err("trust-domain"),
            };
            assert_eq!(
                outcome(verify(&store, &[&svid(root, &id)])),
                expected,
                "{name} {other}"
            );
        }
        // No URI, other URIs, two URIs, no path, and a CA.
        let id = GeneralName::uri(&format!("spiffe://{name}/workload"));
        let good = named(root, std::slice::from_ref(&id));
        let without = good
            .clone()
            .without_extension(testpki::oid::SUBJECT_ALT_NAME);
        let bad = [
            without,
            client("workload", root),
            svid(root, &format!("https://{name}/workload")),
            svid(root, &format!("spiffe://{name}")),
            svid(root, "spiffe://d.example/workload"),
            named(root, &[id.clone(), GeneralName::uri("https://a.example/")]),
            named(root, &[id.clone(), id.clone()]),
        ];
        for certificate in bad {
            assert_eq!(
                outcome(verify(&store, &[&certificate])),
                Err("trust-domain")
            );
        }
    }
    // Others may not vouch for a domain that was loaded, also beside other names.
    for issuer in [&outside, &tenant] {
        for name in DOMAINS {
            let id = format!("spiffe://{name}/workload");
            let elsewhere = TrustDomainProblem::Elsewhere {
                trust_domain: name.to_owned(),
            };
            assert_eq!(problem(&store, &svid(issuer, &id)), elsewhere);
            let beside = named(
                issuer,
                &[
                    GeneralName::uri("https://x.example/"),
                    GeneralName::uri(&id),
                ],
            );
            assert_eq!(problem(&store, &beside), elsewhere);
            assert_eq!(
                problem(&store, &svid(issuer, &format!("spiffe://{name}"))),
                elsewhere
            );
        }
        for good in [
            "spiffe://d.example/workload",
            "https://a.example/",
            "urn:uuid:1",
        ] {
            assert!(verify(&store, &[&svid(issuer, good)]).is_ok(), "{good}");
        }
        assert!(verify(&store, &[&client("alice", issuer)]).is_ok());
    }
}

/// Spellings that a less strict reader takes for an ID of a loaded domain.
#[test]
fn nothing_else_looks_like_an_id_of_a_domain() {
    let (a, outside) = (root("a"), root("outside"));
    let store = with(builder(&[&outside], &[]), [domain("a.example", &[&a])]);
    for odd in [
        "SPIFFE://a.example/workload",
        "Spiffe://a.example/workload",
        "spiffe://A.example/workload",
        "spiffe://a%2eexample/workload",
        "spiffe://user@a.example/workload",
        "spiffe://a.example:443/workload",
        "spiffe://a.example/work//load",
        "spiffe://a.example/workload?x",
        "spiffe:a.example/workload",
        "spiffe:/a.example/workload",
        " spiffe://a.example/workload",
    ] {
        let problem = problem(&store, &svid(&outside, odd));
        let expected = TrustDomainProblem::Unclear {
            uri: format!("URI:{odd}"),
        };
        assert_eq!(problem, expected, "{odd}");
        assert_eq!(
            outcome(verify(&store, &[&svid(&a, odd)])),
            Err("trust-domain"),
            "{odd}"
        );
    }
    let raw = GeneralName::Raw(der::context_primitive(6, b"spiffe://a.example/w\xff"));
    let unreadable = named(&outside, &[raw]);
    assert!(matches!(
        problem(&store, &unreadable),
        TrustDomainProblem::Unclear { .. }
    ));
    // Where no domain is loaded, they are names like others.
    let plain = builder(&[&outside], &[]).build().expect("a store");
    assert!(verify(&plain, &[&unreadable]).is_ok());
    let tenants = of([scope("tenant", &[&outside], &[])]);
    assert!(verify(&tenants, &[&unreadable]).is_ok());
}

/// A CA of one domain that another one certifies, and a pin.
#[test]
fn a_cross_certificate_and_a_pin_do_not_vouch_either() {
    let (a, b) = (root("a"), root("b"));
    let crossed = Cert::ca("Root a", &Key::p256("a")).issued_by(&b);
    let id = svid(&a, "spiffe://a.example/workload");
    let only_b = of([
        domain("b.example", &[&b]),
        domain("a.example", &[&root("new a")]),
    ]);
    assert_eq!(
        outcome(verify(&only_b, &[&id, &crossed])),
        Err("trust-domain")
    );
    let both = of([domain("b.example", &[&b]), domain("a.example", &[&a])]);
    assert_eq!(
        outcome(verify(&both, &[&id, &crossed])),
        Ok(vec!["a.example".to_owned()])
    );

    let mut pins = builder(&[], &[]);
    pins.pin_client_der(&id.der()).expect("a certificate");
    let store = with(pins, [domain("a.example", &[&b])]);
    assert_eq!(outcome(verify(&store, &[&id])), Err("trust-domain"));
}

/// An SVID's other names are no identities, unless the scope permits their form.
#[test]
fn other_names_of_an_svid_are_no_identities() {
    let a = root("a");
    let names = [
        GeneralName::uri("spiffe://a.example/workload"),
        GeneralName::dns("admin.example"),
        GeneralName::email("admin@admin.example"),
        GeneralName::Ip(vec![192, 0, 2, 1]),
    ];
    let workload = named(&a, &names);
    let plain = of([domain("a.example", &[&a])]);
    let verified = verify(&plain, &[&workload]).expect("an SVID");
    let identity = verified.identity();
    assert_eq!(identity.spiffe_id(), Some("spiffe://a.example/workload"));
    assert_eq!(identity.uris().count(), 1);
    assert_eq!(identity.dns_names().count(), 0);
    assert_eq!(identity.email_addresses().count(), 0);
    assert_eq!(identity.ip_addresses().count(), 0);
    assert_eq!(identity.common_name(), None);
    assert_eq!(identity.attributes().count(), 0);
    assert_eq!(identity.subject(), "CN=workload");
    let rules = |matches: IdentityMatch| {
        let accepted = AcceptedIdentities::rule(matches).expect("a rule");
        let policy = ScopePolicy::default().with_identities(accepted);
        domain("a.example", &[&a]).with_policy(policy)
    };
    let by_dns = || rules(IdentityMatch::Dns(TextMatch::Exact("admin.example".into())));
    let by_name = rules(IdentityMatch::CommonName(TextMatch::Exact(
        "workload".into(),
    )));
    let refused = Err("identity-not-accepted");
    assert_eq!(outcome(verify(&of([by_dns()]), &[&workload])), refused);
    assert_eq!(outcome(verify(&of([by_name]), &[&workload])), refused);
    let dns = Subtree::dns("admin.example").expect("a host");
    let permitting = of([by_dns().permit(dns)]);
    let verified = verify(&permitting, &[&workload]).expect("permitted");
    assert!(verified.identity().dns_names().eq(["admin.example"]));
    assert_eq!(verified.identity().email_addresses().count(), 0);
}

/// A trust domain adds nobody to those that the scope lets in without it.
#[test]
fn a_name_that_is_no_identity_is_kept_out_all_the_same() {
    let a = root("a");
    let id = GeneralName::uri("spiffe://a.example/workload");
    let workload = named(&a, &[id, GeneralName::dns("test.example")]);
    let without = |name: &str| {
        let dns = IdentityMatch::Dns(TextMatch::Exact(name.into()));
        let accepted = AcceptedIdentities::rule(IdentityRule::not(dns)).expect("a rule");
        ScopePolicy::default().with_identities(accepted)
    };
    for (name, expected) in [
        ("test.example", Err("identity-not-accepted")),
        ("other.example", Ok(vec!["a.example".to_owned()])),
    ] {
        let of_domain = domain("a.example", &[&a]).with_policy(without(name));
        assert_eq!(outcome(verify(&of([of_domain]), &[&workload])), expected);
        let plain = scope("a.example", &[&a], &[]).with_policy(without(name));
        assert_eq!(outcome(verify(&of([plain]), &[&workload])), expected);
    }
}

#[test]
fn a_trust_domain_has_one_scope() {
    let a = root("a");
    let other =
        || scope("other", &[&a], &[]).of_trust_domain("a.example".parse().expect("a domain"));
    let mut builder = builder(&[&a], &[]);
    builder.add_scope(domain("a.example", &[&a])).expect("new");
    let error = builder.add_scope(other()).expect_err("twice");
    assert_eq!(error.problem(), ScopeProblem::TrustDomain);
    let store = builder.build().expect("a store");
    let error = store.with_scope(other()).expect_err("twice");
    assert_eq!(
        (error.problem(), error.scope()),
        (ScopeProblem::TrustDomain, "other")
    );
    let store = store
        .with_scope(domain("a.example", &[&root("b")]))
        .expect("in its place");
    let id = |root: &Cert| svid(root, "spiffe://a.example/workload");
    assert_eq!(outcome(verify(&store, &[&id(&a)])), Err("trust-domain"));
    assert!(verify(&store, &[&id(&root("b"))]).is_ok());
}

/// A bundle is the scope of its domain; one without keys refuses the domain, and lets nobody else
/// in for it.
#[cfg(feature = "spiffe")]
#[test]
fn bundles_are_scopes() {
    use mtls_verify::spiffe::{Bundle, BundleMap};

    let (a, outside) = (root("a"), root("outside"));
    let base64: String = a
        .pem()
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let bundle = |keys: &str| {
        let json = format!(r#"{{"keys": [{keys}]}}"#);
        Bundle::from_json(&"a.example".parse().expect("a domain"), json.as_bytes())
    };
    let key = format!(r#"{{"use": "x509-svid", "kty": "EC", "x5c": ["{base64}"]}}"#);
    let full = bundle(&key).expect("a bundle");
    let scope_of = |bundle: &Bundle| Scope::of_bundle(bundle).expect("good CAs");
    let id = |issuer: &Cert| svid(issuer, "spiffe://a.example/workload");
    let store = with(builder(&[&outside], &[]), [scope_of(&full)]);
    let verified = verify(&store, &[&id(&a)]).expect("an SVID");
    assert_eq!(verified.scope(), Some("a.example"));
    assert_eq!(
        verified.anchor_origin().and_then(|origin| origin.label()),
        Some("a.example")
    );
    assert_eq!(
        outcome(verify(&store, &[&id(&outside)])),
        Err("trust-domain")
    );

    let empty = bundle("").expect("a bundle");
    let store = store.with_scope(scope_of(&empty)).expect("in its place");
    assert_eq!(outcome(verify(&store, &[&id(&a)])), Err("unknown-issuer"));
    assert_eq!(
        outcome(verify(&store, &[&id(&outside)])),
        Err("trust-domain")
    );
    assert!(verify(&store, &[&client("x", &outside)]).is_ok());

    let map = format!(
        r#"{{"trust_domains": {{"a.example": {{"keys": [{key}]}}, "b.example": {{"keys": []}}}}}}"#
    );
    let map = BundleMap::from_json(map.as_bytes()).expect("a map");
    let store = of(map.iter().map(scope_of));
    assert_eq!(
        outcome(verify(&store, &[&id(&a)])),
        Ok(vec!["a.example".to_owned()])
    );
}

/// A rule under `Not` does not let in a client whose names are hidden: a scope that becomes that of
/// a trust domain lets in nobody more.
#[test]
fn hidden_names_do_not_pass_a_rule_under_not() {
    let a = root("a");
    let names = [
        GeneralName::uri("spiffe://a.example/workload"),
        GeneralName::dns("admin.example"),
    ];
    let workload = named(&a, &names);
    let text = |text: &str| TextMatch::Exact(text.into());
    let of_rule = |rule: IdentityMatch, is_domain: bool| {
        let accepted = AcceptedIdentities::rule(IdentityRule::not(rule)).expect("a rule");
        let policy = ScopePolicy::default().with_identities(accepted);
        let scope = match is_domain {
            true => domain("a.example", &[&a]),
            false => scope("a.example", &[&a], &[]),
        };
        outcome(verify(&of([scope.with_policy(policy)]), &[&workload])).is_ok()
    };
    for (rule, outside) in [
        (IdentityMatch::Dns(text("admin.example")), false),
        (IdentityMatch::Dns(text("other.example")), true),
        (IdentityMatch::CommonName(text("workload")), false),
        (IdentityMatch::CommonName(text("other")), true),
        (IdentityMatch::OrganizationalUnit(text("Tests")), true),
        (IdentityMatch::Email(text("a@b.example")), true),
    ] {
        assert_eq!(of_rule(rule.clone(), false), outside, "{rule:?}");
        // The same: a hidden name is kept out, and what is not there is not there.
        assert_eq!(of_rule(rule.clone(), true), outside, "{rule:?}");
    }
}

/// A proxy does not pass on what is no identity.
#[cfg(feature = "headers")]
#[test]
fn hidden_names_are_in_no_header() {
    use mtls_verify::headers::{alb, xfcc};

    let a = root("a");
    let names = [
        GeneralName::uri("spiffe://a.example/workload"),
        GeneralName::dns("admin.example"),
    ];
    let workload = named(&a, &names);
    let headers = |scope: Scope| {
        let client = verify(&of([scope]), &[&workload]).expect("verified");
        let element = xfcc::Element::of_client(&client);
        let subject = element.subject().map(str::to_owned);
        let dns = element.dns_names().map(str::to_owned).collect::<Vec<_>>();
        let uris = element.uris().count();
        let alb = alb::verify_mode(&client);
        let of_alb = alb
            .iter()
            .find(|(name, _)| *name == alb::CLIENTCERT_SUBJECT);
        (subject, dns, uris, of_alb.map(|(_, value)| value.clone()))
    };
    let outside = headers(scope("a", &[&a], &[]));
    let shown = Some("CN=workload".to_owned());
    assert_eq!(
        outside,
        (shown.clone(), vec!["admin.example".to_owned()], 1, shown)
    );
    let inside = headers(domain("a.example", &[&a]));
    assert_eq!(inside, (None, Vec::new(), 1, Some(String::new())));
}

/// A newer bundle replaces the CAs of a scope and nothing else, and no scope of another kind.
#[cfg(feature = "spiffe")]
#[test]
fn a_bundle_renews_its_own_scope() {
    use mtls_verify::spiffe::Bundle;
    use mtls_verify::store::InvalidBundle;

    let (a, b) = (root("a"), root("b"));
    let bundle = |domain: &str, ca: &Cert| {
        let base64: String = ca
            .pem()
            .lines()
            .filter(|line| !line.starts_with('-'))
            .collect();
        let json = format!(r#"{{"keys":[{{"use":"x509-svid","kty":"EC","x5c":["{base64}"]}}]}}"#);
        Bundle::from_json(&domain.parse().expect("a domain"), json.as_bytes()).expect("a bundle")
    };
    let below = |path: &str| {
        let id = SpiffeMatch::below(&format!("spiffe://a.example{path}")).expect("an ID");
        let accepted = AcceptedIdentities::rule(IdentityMatch::SpiffeId(id)).expect("a rule");
        ScopePolicy::default().with_identities(accepted)
    };
    let scope_of_a = domain("a.example", &[&a]).with_policy(below("/fleet"));
    let renewed = scope_of_a
        .clone()
        .with_bundle(&bundle("a.example", &b))
        .expect("renewed");
    let store = of([scope_of_a.clone()])
        .with_scope(renewed)
        .expect("in its place");
    let id = |root: &Cert, path: &str| svid(root, &format!("spiffe://a.example{path}"));
    assert_eq!(
        outcome(verify(&store, &[&id(&b, "/fleet/1")])),
        Ok(vec!["a.example".to_owned()])
    );
    assert_eq!(
        outcome(verify(&store, &[&id(&b, "/other/1")])),
        Err("identity-not-accepted")
    );
    assert_eq!(
        outcome(verify(&store, &[&id(&a, "/fleet/1")])),
        Err("unknown-issuer")
    );

    let refused = scope_of_a.with_bundle(&bundle("b.example", &b));
    assert!(
        matches!(refused, Err(InvalidBundle::Scope(_))),
        "{refused:?}"
    );
    let refused = scope("a.example", &[&a], &[]).with_bundle(&bundle("a.example", &b));
    assert!(
        matches!(refused, Err(InvalidBundle::Scope(_))),
        "{refused:?}"
    );
    // A tenant's scope is not replaced by a trust domain of its name, nor the other way round.
    let tenant = || scope("a.example", &[&a], &[]);
    let of_bundle = || Scope::of_bundle(&bundle("a.example", &b)).expect("a scope");
    let error = of([tenant()])
        .with_scope(of_bundle())
        .expect_err("a tenant");
    assert_eq!(error.problem(), ScopeProblem::TrustDomain);
    let error = of([of_bundle()])
        .with_scope(tenant())
        .expect_err("a trust domain");
    assert_eq!(error.problem(), ScopeProblem::TrustDomain);
}
