//! What the anchors of a scope may vouch for (RFC 5280 §6.1.1 (h), (i), RFC 5937).

use std::net::IpAddr;

use mtls_verify::error::{NameViolation, Position, Reason};
use mtls_verify::store::{Scope, ScopeProblem, Subtree};
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain, verify_client_chain_in};
use testpki::{Cert, Extension, GeneralName, Key, Name};

use super::common::{builder, chain, client, now, of, outcome, root, scope, verify, with};

fn named(name: &str, issuer: &Cert, names: &[GeneralName]) -> Cert {
    Cert::client(name, &Key::p256(name))
        .extension(Extension::subject_alt_name(names))
        .issued_by(issuer)
}

fn dns(base: &str) -> Subtree {
    Subtree::dns(base).expect("a host")
}

#[test]
fn the_scope_follows_from_the_anchor() {
    let (a, b, c) = (root("a"), root("b"), root("c"));
    let store = with(
        builder(&[&c], &[]),
        [scope("tenant-a", &[&a], &[]), scope("tenant-b", &[&b], &[])],
    );
    for (issuer, expected) in [(&a, Some("tenant-a")), (&b, Some("tenant-b")), (&c, None)] {
        let verified = verify(&store, &[&client("alice", issuer)]).expect("verified");
        assert_eq!(verified.scope(), expected);
        assert_eq!(verified.scopes().len(), usize::from(expected.is_some()));
    }
    let other = client("alice", &root("d"));
    assert_eq!(outcome(verify(&store, &[&other])), Err("unknown-issuer"));
    // A client of one tenant with the other's root beside it.
    let alice = client("alice", &a);
    assert_eq!(
        verify(&store, &[&alice, &b]).expect("verified").scope(),
        Some("tenant-a")
    );
}

/// All scopes that accept are in the result, in the order in which they were added.
#[test]
fn a_ca_may_stand_in_several_scopes() {
    let a = root("a");
    let store = with(
        builder(&[&a], &[]),
        [
            scope("web", &[&a], &[]).permit(dns("web.example")),
            scope("all", &[&a], &[]),
            scope("mail", &[&a], &[]).permit(dns("mail.example")),
        ],
    );
    let name = |name: &str| [GeneralName::dns(name)];
    for (names, expected) in [
        (name("x.web.example"), &["web", "all"][..]),
        (name("mail.example"), &["all", "mail"]),
        (name("other.example"), &["all"]),
    ] {
        let verified = verify(&store, &[&named("alice", &a, &names)]).expect("verified");
        assert_eq!(verified.scopes().collect::<Vec<_>>(), expected);
        assert_eq!(verified.scope(), Some(expected[0]));
    }
}

#[test]
fn each_form_of_name_is_bound_by_its_own_subtrees() {
    let a = root("a");
    let ip = |text: &str, prefix| {
        let address: IpAddr = text.parse().expect("an address");
        Subtree::ip(address, prefix).expect("a network")
    };
    let directory = |name: &Name| Subtree::directory(name.der()).expect("a name");
    let organization = Name::cn("Root a");
    let cases: Vec<(Subtree, GeneralName, GeneralName)> = vec![
        (
            dns("example.com"),
            GeneralName::dns("a.example.com"),
            GeneralName::dns("example.org"),
        ),
        (
            Subtree::email("example.com").expect("a host"),
            GeneralName::email("a@example.com"),
            GeneralName::email("a@b.example.com"),
        ),
        (
            Subtree::uri_host(".example.com").expect("a domain"),
            GeneralName::uri("https://a.example.com/"),
            GeneralName::uri("https://example.com/"),
        ),
        (
            ip("192.0.2.0", 25),
            GeneralName::Ip(vec![192, 0, 2, 127]),
            GeneralName::Ip(vec![192, 0, 2, 128]),
        ),
        (
            ip("2001:db8::", 32),
            GeneralName::Ip([&[0x20, 1, 0xd, 0xb8][..], &[0; 12]].concat()),
            GeneralName::Ip([&[0x20, 1, 0xd, 0xb9][..], &[0; 12]].concat()),
        ),
        (
            directory(&organization),
            GeneralName::Directory(organization.clone()),
            GeneralName::Directory(Name::cn("Root b")),
        ),
    ];
    for (subtree, inside, outside) in cases {
        let is_directory = matches!(inside, GeneralName::Directory(_));
        // The subject is a directory name too.
        let of_client = |name: &GeneralName| {
            let client = named("", &a, std::slice::from_ref(name)).subject(Name::empty());
            client.issued_by(&a)
        };
        let permits = of([scope("s", &[&a], &[]).permit(subtree.clone())]);
        let excludes = of([scope("s", &[&a], &[]).exclude(subtree.clone())]);
        let in_scope = Ok(vec!["s".to_owned()]);
        assert_eq!(
            outcome(verify(&permits, &[&of_client(&inside)])),
            in_scope,
            "{subtree}"
        );
        assert_eq!(
            outcome(verify(&permits, &[&of_client(&outside)])),
            Err("out-of-scope")
        );
        assert_eq!(
            outcome(verify(&excludes, &[&of_client(&inside)])),
            Err("out-of-scope")
        );
        assert_eq!(
            outcome(verify(&excludes, &[&of_client(&outside)])),
            in_scope,
            "{subtree}"
        );
        // Other forms are not restricted.
        let other = client("alice", &a).without_extension(testpki::oid::SUBJECT_ALT_NAME);
        let expected = if is_directory {
            Err("out-of-scope")
        } else {
            in_scope
        };
        assert_eq!(outcome(verify(&permits, &[&other])), expected, "{subtree}");
    }
}

/// Every certificate below the anchor is bound, and the refusal says which, and in which scope.
#[test]
fn a_refusal_names_the_scope_and_the_name() {
    let a = root("a");
    let issuing = Cert::ca("Issuing", &Key::p256("issuing"))
        .extension(Extension::subject_alt_name(&[GeneralName::dns(
            "ca.example.org",
        )]))
        .issued_by(&a);
    let store = of([scope("tenant-a", &[&a], &[]).permit(dns("example.com"))]);
    let below = verify(&store, &[&client("alice", &issuing), &issuing]).expect_err("refused");
    assert_eq!(
        below.certificate().map(|one| one.position()),
        Some(Position::Presented(1))
    );

    let alice = named("alice", &a, &[GeneralName::dns("example.org")]);
    let refusal = verify(&store, &[&alice]).expect_err("refused");
    assert_eq!(refusal.scope(), Some("tenant-a"));
    let expected = Reason::OutOfScope {
        scope: "tenant-a".to_owned(),
        name: "DNS:example.org".to_owned(),
        violation: NameViolation::NotPermitted,
    };
    assert_eq!(refusal.reason(), &expected);
    assert_eq!(
        refusal.to_string(),
        "client certificate CN=alice has the name DNS:example.org, not permitted in the scope \
         tenant-a, where its path ends"
    );
    // Only where the path is good but for that.
    let expired = alice.not_after("2026-01-01T00:00:00Z");
    assert_eq!(outcome(verify(&store, &[&expired])), Err("expired"));
    let refusal = verify(&store, &[&expired]).expect_err("refused");
    assert!(
        refusal.to_string().ends_with(" (scope tenant-a)"),
        "{refusal}"
    );
}

/// A name that no subtree can be compared with is not in scope where subtrees speak of its form.
#[test]
fn unreadable_names_are_out_of_scope() {
    let a = root("a");
    let raw = |bytes: &[u8]| GeneralName::Raw(testpki::der::tlv(0x82, bytes));
    let alice = named("alice", &a, &[raw(b"a.example.com\xff")]);
    let permits = of([scope("s", &[&a], &[]).permit(dns("example.com"))]);
    let excludes = of([scope("s", &[&a], &[]).exclude(dns("example.org"))]);
    for store in [permits, excludes] {
        assert_eq!(outcome(verify(&store, &[&alice])), Err("out-of-scope"));
    }
}

#[test]
fn subtrees_that_nothing_can_be_compared_with_are_errors() {
    for bad in ["*.example.com", "a b", "example.com.", "..", "a@b"] {
        assert!(Subtree::dns(bad).is_err(), "{bad}");
        assert!(Subtree::uri_host(bad).is_err(), "{bad}");
    }
    assert!(Subtree::email("a@").is_err());
    let ip = |text: &str, prefix| Subtree::ip(text.parse().expect("an address"), prefix);
    assert!(ip("192.0.2.1", 24).is_err());
    assert!(ip("192.0.2.0", 33).is_err());
    assert!(ip("192.0.2.1", 32).is_ok() && ip("0.0.0.0", 0).is_ok());
    assert!(ip("2001:db8::1", 64).is_err() && ip("2001:db8::1", 128).is_ok());
    assert!(Subtree::directory(b"CN=x").is_err());
    let good = dns("example.com");
    assert_eq!(good.to_string(), "DNS:example.com");
    for bad in [&b""[..], &[0x30, 0], &[0x30, 4, 0xa0, 2, 0x30, 0]] {
        assert!(Subtree::from_der(bad).is_err(), "{bad:02x?}");
    }
    // With a maximum, and with something after it.
    let base = testpki::der::tlv(0x82, b"a.example");
    let of = |rest: &[u8]| testpki::der::tlv(0x30, &[&base[..], rest].concat());
    assert!(Subtree::from_der(&of(&[])).is_ok());
    assert!(Subtree::from_der(&of(&[0x81, 1, 0])).is_err());
    assert!(Subtree::from_der(&[of(&[]), vec![0]].concat()).is_err());
    let subtree = Subtree::from_der(&of(&[])).expect("a subtree");
    assert_eq!(subtree, dns("a.example"));
}

#[test]
fn scopes_have_names_of_their_own() {
    let a = root("a");
    let store = || builder(&[&a], &[]).build().expect("a store");
    for bad in ["", "a\nb", &"x".repeat(256)] {
        let error = Scope::new(bad, store()).expect_err("a bad name");
        assert_eq!(error.problem(), ScopeProblem::Name);
    }
    let nested = of([scope("inner", &[&a], &[])]);
    let error = Scope::new("outer", nested).expect_err("nested");
    assert_eq!(error.problem(), ScopeProblem::Nested);
    assert_eq!(
        error.to_string(),
        "scope outer: a store with scopes cannot be that of a scope"
    );

    let mut builder = TrustStore::builder();
    builder.add_scope(scope("s", &[&a], &[])).expect("new");
    let error = builder
        .add_scope(scope("s", &[&a], &[]))
        .expect_err("again");
    assert_eq!(error.problem(), ScopeProblem::Duplicate);
    let store = builder.build().expect("a store");
    assert_eq!(store.scopes().map(Scope::name).collect::<Vec<_>>(), ["s"]);
    // Replaced, and not there twice.
    let b = root("b");
    let store = store.with_scope(scope("s", &[&b], &[])).expect("good");
    let store = store.with_scope(scope("t", &[&a], &[])).expect("good");
    assert_eq!(
        outcome(verify(&store, &[&client("x", &a)])),
        Ok(vec!["t".to_owned()])
    );
    assert_eq!(
        outcome(verify(&store, &[&client("x", &b)])),
        Ok(vec!["s".to_owned()])
    );
    let names: Vec<_> = store.distinguished_names().collect();
    assert_eq!(names, [b.subject_name().der(), a.subject_name().der()]);
}

/// A listener asks for some scopes: nothing that is in others lets a client in.
#[test]
fn a_verification_can_be_limited_to_scopes() {
    let (a, b, c) = (root("a"), root("b"), root("c"));
    let store = with(
        builder(&[&c], &[]),
        [
            scope("a", &[&a], &[]),
            scope("b", &[&b], &[]),
            scope("ab", &[&a, &b], &[]),
        ],
    );
    let in_scopes = |scopes: &[&str], issuer: &Cert| {
        let chain = chain(&[&client("alice", issuer)]);
        let policy = ClientPolicy::default();
        outcome(verify_client_chain_in(
            &store,
            scopes,
            &chain,
            now(),
            &policy,
        ))
    };
    let named = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(in_scopes(&["a"], &a), named(&["a"]));
    assert_eq!(in_scopes(&["ab", "a", "a"], &a), named(&["a", "ab"]));
    assert_eq!(in_scopes(&["b"], &a), Err("unknown-issuer"));
    // What stands in no scope is in none of them.
    assert_eq!(in_scopes(&["a", "b", "ab"], &c), Err("unknown-issuer"));
    assert_eq!(in_scopes(&["a", "c"], &a), Err("no-such-scope"));
    for issuer in [&a, &c] {
        assert_eq!(in_scopes(&[], issuer), Err("no-such-scope"));
    }
    // The same of a store that has no scopes.
    let plain = builder(&[&a], &[]).build().expect("a store");
    let chain = chain(&[&client("alice", &a)]);
    let policy = ClientPolicy::default();
    assert!(verify_client_chain(&plain, &chain, now(), &policy).is_ok());
    for scopes in [&[][..], &["a"]] {
        let refused = verify_client_chain_in(&plain, scopes, &chain, now(), &policy);
        assert_eq!(outcome(refused), Err("no-such-scope"));
    }
}
