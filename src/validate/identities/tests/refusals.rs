//! What a refusal says.

use super::*;

/// The rule and the values of a refusal.
fn refused(cert: &Cert, accepted: &AcceptedIdentities) -> (String, Vec<String>) {
    let policies = || Ok(PolicySet::default());
    let found = within(cert, &policies, u32::MAX, |subject, budget| {
        check_accepted(subject, accepted, budget)
    });
    match found {
        Err(Reason::IdentityNotAccepted { rule, found }) => (rule, found),
        other => panic!("{other:?}"),
    }
}

#[test]
fn they_name_the_rule_and_what_is_there() {
    let cert = named(&[
        GeneralName::dns("a.example"),
        GeneralName::dns("b.example"),
        GeneralName::email("a@b.example"),
        GeneralName::Ip([192, 0, 2, 1].to_vec()),
        unreadable(6),
    ]);
    let dns = |name: &str| IdentityRule::from(IdentityMatch::Dns(exact(name)));
    let email = || IdentityRule::from(IdentityMatch::Email(exact("b@b.example")));
    let uri = || IdentityRule::from(IdentityMatch::Uri(exact("urn:a")));
    let ip = || IdentityRule::from(IdentityMatch::Ip("10.0.0.0/8".parse().unwrap()));
    let both = ["dns a.example", "dns b.example"];
    let none: &[&str] = &[];
    for (rule, path, found) in [
        (dns("c"), "dns", &both[..]),
        (IdentityRule::any([dns("c")]), "any[0].dns", &both),
        (IdentityRule::any([dns("c"), dns("d")]), "any", &both),
        (
            IdentityRule::all([dns("a.example"), email(), ip()]),
            "all[1].email",
            &["email a@b.example"],
        ),
        (
            IdentityRule::all([dns("a.example"), IdentityRule::any([email(), ip()])]),
            "all[1].any",
            &["email a@b.example", "ip 192.0.2.1"],
        ),
        (IdentityRule::not(dns("a.example")), "not.dns", &both),
        (
            IdentityRule::not(IdentityRule::all([dns("a.example")])),
            "not",
            &both,
        ),
        (uri(), "uri", &["uri that cannot be read for certain"]),
        (
            IdentityMatch::OrganizationalUnit(exact("a")).into(),
            "organizational-unit",
            none,
        ),
        (
            IdentityRule::any([dns("c"), ip(), email()]),
            "any",
            &["dns a.example", "dns b.example", "ip 192.0.2.1"],
        ),
    ] {
        let rules = AcceptedIdentities::rule(rule.clone()).unwrap();
        let (found_path, values) = refused(&cert, &rules);
        assert_eq!(
            (&*found_path, &*values),
            (path, &*strings(found)),
            "{rule:?}"
        );
    }
    let (rule, found) = refused(&cert, &AcceptedIdentities::Nobody);
    assert_eq!((&*rule, found.len()), ("nobody", 0));
}

#[test]
fn they_are_sentences() {
    let cert = named(&[GeneralName::dns("a.example")]);
    let of = |accepted: &AcceptedIdentities| {
        let (rule, found) = refused(&cert, accepted);
        Reason::IdentityNotAccepted { rule, found }.to_string()
    };
    let dns = AcceptedIdentities::rule(IdentityMatch::Dns(exact("b.example"))).unwrap();
    assert_eq!(
        of(&dns),
        "the certificate is verified, but not an identity that the policy lets in: the rule `dns` \
         does not hold, as the certificate has dns a.example"
    );
    let unit = IdentityMatch::OrganizationalUnit(exact("b"));
    assert!(of(&AcceptedIdentities::rule(unit).unwrap()).ends_with("has nothing of that kind"));
    assert_eq!(
        of(&AcceptedIdentities::Nobody),
        "the certificate is verified, but the policy lets nobody in"
    );
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

/// They end in logs.
#[test]
fn values_are_short_and_escaped() {
    let long = "a".repeat(10_000);
    let cert = subject(&[Attribute::organizational_unit(&alloc::format!("x\n{long}"))]);
    let rules = IdentityMatch::OrganizationalUnit(exact("b"));
    let (_, found) = refused(&cert, &AcceptedIdentities::rule(rules).unwrap());
    let [found] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(found.starts_with("organizational-unit x\\0Aaaa"), "{found}");
    assert!(found.len() < 300, "{}", found.len());
}

#[test]
fn each_kind_of_value_is_shown() {
    let cert = named(&[
        GeneralName::upn("a@corp"),
        GeneralName::Other("1.2.3".to_string(), [5, 0].to_vec()),
        GeneralName::uri("spiffe://a/b"),
    ])
    .extension(Extension::new("1.2.3", [0xab; 40].to_vec()));
    let oid = || "1.2.3".parse().unwrap();
    let name = DistinguishedName::from_der(Name::cn("Nobody").der()).unwrap();
    let der = OtherNameValue::Der([5].to_vec());
    let text = exact("nobody");
    let spiffe = SpiffeMatch::exact("spiffe://n/o").unwrap();
    let serial = SerialMatch::new(name.clone(), &[1]).unwrap();
    let extension = ExtensionMatch::with_value(oid(), [1].to_vec());
    let attribute = AttributeMatch::new("2.5.4.3".parse().unwrap(), text.clone());
    for (wanted, start) in [
        (IdentityMatch::CommonName(text.clone()), "common-name alice"),
        (
            IdentityMatch::Attribute(attribute),
            "attribute 2.5.4.3 alice",
        ),
        (IdentityMatch::SpiffeId(spiffe), "spiffe-id spiffe://a/b"),
        (
            IdentityMatch::UserPrincipalName(text),
            "user-principal-name a@corp",
        ),
        (
            IdentityMatch::OtherName(OtherNameMatch::new(oid(), der)),
            "other-name 1.2.3 0500",
        ),
        (IdentityMatch::Subject(name.clone()), "subject CN=alice"),
        (IdentityMatch::Issuer(name), "issuer CN=alice"),
        (IdentityMatch::Serial(serial), "serial "),
        (IdentityMatch::Extension(extension), "extension 1.2.3 abab"),
        (
            IdentityMatch::KeyPurpose(KeyPurpose::SERVER_AUTH),
            "key-purpose 1.3.6.1.5.5.7.3.2",
        ),
        (IdentityMatch::Scope("b".into()), "scope tenant-a"),
    ] {
        let rules = AcceptedIdentities::rule(wanted).unwrap();
        let (_, found) = refused(&cert, &rules);
        assert!(found[0].starts_with(start), "{found:?}");
    }
}
