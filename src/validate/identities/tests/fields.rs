//! Each field, on each side.

use super::*;

#[test]
fn dns_names() {
    let of = |names: &[&str]| named(&names.map_to(GeneralName::dns));
    let dns = IdentityMatch::Dns;
    for (names, text, expected) in [
        (&["a.example"][..], exact("A.Example"), Holds),
        (&["A.example"], exact("a.example"), Holds),
        (&["b.example"], exact("a.example"), Fails),
        (&["b.example", "a.example"], exact("a.example"), Holds),
        (&["a.example", "a..b"], exact("a.example"), Holds),
        (&["b.example", "a..b"], exact("a.example"), Unclear),
        (&["a.example."], exact("a.example"), Unclear),
        (&["a.example"], Prefix("A.".into()), Holds),
        (&["a.example"], Suffix(".EXAMPLE".into()), Holds),
        (&["a.example"], Contains("EX".into()), Holds),
        (&["a.example"], Contains("b".into()), Fails),
        (&["*.example"], exact("*.example"), Holds),
        // A wildcard may stand for what would match.
        (&["*.example"], exact("a.example"), Unclear),
        (&["*.example"], exact("A.Example"), Unclear),
        (&["*.example"], exact("b.a.example"), Fails),
        (&["*.example"], exact("a.example.com"), Fails),
        (&["*.example"], exact("example"), Fails),
        (&["*.example"], Prefix("a.exa".into()), Unclear),
        (&["*.example"], Prefix("a".into()), Unclear),
        (&["*.example"], Prefix("a.b".into()), Fails),
        (&["*.example"], Prefix("*.".into()), Holds),
        (&["*.example"], Suffix("a.example".into()), Unclear),
        (&["*.example"], Suffix("b.a.example".into()), Fails),
        (&["*.example"], Suffix(".example".into()), Holds),
        (&["*.example"], Suffix("a".into()), Fails),
        (&["*.example"], Contains("a.ex".into()), Unclear),
        (&["*.example"], Contains("b".into()), Unclear),
        (&["*.example"], Contains("b.a".into()), Fails),
        (&["*.example"], Contains("exam".into()), Holds),
        (&["*.a.example"], Glob("b.*.example".into()), Unclear),
        (&["*.a.example"], Glob("*.b.example".into()), Fails),
        (&["a.example"], Glob("*.Example".into()), Holds),
        (&["b.a.example"], Glob("*.example".into()), Fails),
        (&["*.example"], Glob("*.example".into()), Unclear),
    ] {
        assert_truth(&of(names), &dns(text), expected);
    }
    assert_truth(&bare(), &dns(exact("a")), Fails);
    assert_truth(&named(&[unreadable(2)]), &dns(exact("a")), Unclear);
    // That of another form says nothing.
    assert_truth(&named(&[unreadable(1)]), &dns(exact("a")), Fails);
}

#[test]
fn mailboxes() {
    let of = |names: &[&str]| named(&names.map_to(GeneralName::email));
    for (names, text, expected) in [
        (&["a@b.example"][..], exact("a@b.example"), Holds),
        (&["A@b.example"], exact("a@b.example"), Unclear),
        (&["c@b.example"], exact("a@b.example"), Fails),
        (&["\"a\"@b.example"], exact("c@b.example"), Unclear),
        (&["a@b.example"], Suffix("@b.example".into()), Holds),
        (&["a@B.example"], Suffix("@b.example".into()), Unclear),
        (&["a@b.example"], Prefix("a@".into()), Holds),
        (&["a@b.example"], Contains("c".into()), Fails),
    ] {
        assert_truth(&of(names), &IdentityMatch::Email(text), expected);
    }
    let email = IdentityMatch::Email(exact("a@b.example"));
    let in_subject = subject(&[Attribute::email_address("a@b.example")]);
    assert_truth(&in_subject, &email, Fails);
}

#[test]
fn uris() {
    let of = |names: &[&str]| named(&names.map_to(GeneralName::uri));
    for (names, text, expected) in [
        (&["https://a/b"][..], exact("https://a/b"), Holds),
        (&["https://A/b"], exact("https://a/b"), Unclear),
        (&["https://a/c"], exact("https://a/b"), Fails),
        (&["https://a/c", "https://a/b"], exact("https://a/b"), Holds),
        (&["a/b"], exact("https://a/b"), Unclear),
        (&["https://a/b"], Prefix("https://a/".into()), Holds),
        (&["https://a/"], Prefix("https://a/".into()), Holds),
        (&["https://a/b/"], Prefix("https://a/".into()), Holds),
        (&["https://a/b?c=/../d"], Prefix("https://a/".into()), Holds),
        (&["https://a/b"], Suffix("/b".into()), Holds),
        (&["https://a/b"], Contains("a/".into()), Holds),
        (&["https://a/b"], Glob("https://a/*".into()), Holds),
        (&["https://A/b"], Glob("https://a/*".into()), Unclear),
        (&["https://a/b?c"], Glob("https://a/*".into()), Unclear),
        (&["https://a/b/c"], Glob("https://a/*".into()), Fails),
    ] {
        assert_truth(&of(names), &IdentityMatch::Uri(text), expected);
    }
    // What others may take for another one is itself alone.
    for odd in [
        "https://a/x/../b",
        "https://a/./b",
        "https://a/x/..",
        "https://a//b",
        "https://a/x//b",
        "https://a/%62",
        "https://a/b?%62",
        "https://%61/b",
    ] {
        let cert = of(&[odd]);
        assert_truth(&cert, &IdentityMatch::Uri(exact(odd)), Holds);
        for text in [
            exact("https://a/b"),
            Prefix("https://".into()),
            Suffix("b".into()),
            Contains("a".into()),
            Glob("https://a/*".into()),
        ] {
            assert_truth(&cert, &IdentityMatch::Uri(text), Unclear);
        }
    }
}

#[test]
fn addresses() {
    let v4 = |octets: [u8; 4]| GeneralName::Ip(octets.to_vec());
    let mapped = GeneralName::Ip([&[0; 10][..], &[0xff, 0xff, 192, 0, 2, 1]].concat());
    let ip = |text: &str| IdentityMatch::Ip(text.parse().unwrap());
    for (name, text, expected) in [
        (v4([192, 0, 2, 1]), "192.0.2.1", Holds),
        (v4([192, 0, 2, 2]), "192.0.2.1", Fails),
        (v4([192, 0, 2, 1]), "192.0.2.0/24", Holds),
        (v4([192, 0, 3, 1]), "192.0.2.0/24", Fails),
        (v4([192, 0, 2, 1]), "::ffff:192.0.2.1", Unclear),
        (v4([192, 0, 2, 1]), "::ffff:0:0/96", Unclear),
        (v4([192, 0, 2, 1]), "2001:db8::/32", Fails),
        (mapped.clone(), "192.0.2.1", Unclear),
        (mapped.clone(), "192.0.2.0/24", Unclear),
        (mapped.clone(), "::ffff:192.0.2.1", Holds),
        (mapped, "::/0", Holds),
        (
            GeneralName::Ip([192, 0, 2, 1, 0].to_vec()),
            "10.0.0.0/8",
            Unclear,
        ),
    ] {
        assert_truth(&named(&[name]), &ip(text), expected);
    }
}

#[test]
fn attributes_of_the_subject() {
    let cn = Attribute::common_name;
    let ou = Attribute::organizational_unit;
    let no_text = |oid| Attribute::new(oid, StringType::Bmp, "\u{10000}");
    let one = IdentityMatch::CommonName(exact("bob"));
    for (attributes, expected) in [
        (&[cn("bob")][..], Holds),
        (&[cn("Bob")], Unclear),
        (&[cn("b ob ")], Unclear),
        (&[cn("carol")], Fails),
        (&[cn("bob"), cn("bob")], Unclear),
        (&[cn("carol"), cn("dave")], Unclear),
        (&[no_text(oid::COMMON_NAME)], Unclear),
        (&[cn("bob"), no_text(oid::COMMON_NAME)], Unclear),
        (&[ou("bob")], Fails),
    ] {
        assert_truth(&subject(attributes), &one, expected);
    }
    let unit = IdentityMatch::OrganizationalUnit(exact("bob"));
    let by_oid = |text| {
        let oid = oid::ORGANIZATIONAL_UNIT.parse().unwrap();
        IdentityMatch::Attribute(AttributeMatch::new(oid, text))
    };
    for (attributes, expected) in [
        (&[ou("bob")][..], Holds),
        (&[ou("carol"), ou("bob")], Holds),
        (&[ou("carol"), ou("dave")], Fails),
        (&[ou("bob"), no_text(oid::ORGANIZATIONAL_UNIT)], Holds),
        (&[ou("carol"), no_text(oid::ORGANIZATIONAL_UNIT)], Unclear),
        (&[cn("bob")], Fails),
    ] {
        assert_truth(&subject(attributes), &unit, expected);
        assert_truth(&subject(attributes), &by_oid(exact("bob")), expected);
    }
    let prefix = by_oid(Prefix("Day".into()));
    assert_truth(&subject(&[ou("Day shift")]), &prefix, Holds);
    assert_truth(&subject(&[ou("day shift")]), &prefix, Unclear);
}

/// What nobody sees makes no other text.
#[test]
fn text_with_characters_that_nobody_sees() {
    let unit = |text: &str| subject(&[Attribute::organizational_unit(text)]);
    let assert = |text: &str, wanted, is_equal| {
        let expected = if is_equal { Holds } else { Unclear };
        let wanted = IdentityMatch::OrganizationalUnit(wanted);
        assert_truth(&unit(text), &wanted, expected);
    };
    for text in [
        "tests",
        "Te sts",
        "Tests\u{a0}",
        "Te\u{ad}sts",
        "Tests\u{200b}",
        "Tests\t",
        "Tests\0",
        "Te\u{feff}sts",
        "\u{202e}Tests",
    ] {
        assert(text, exact("Tests"), false);
        assert(text, Prefix("Tests".into()), text.starts_with("Tests"));
        assert(text, Suffix("Tests".into()), text.ends_with("Tests"));
        assert(text, Contains("Tests".into()), text.contains("Tests"));
    }
    assert("Tests", exact("Te\u{ad}sts"), false);
    let wanted = IdentityMatch::OrganizationalUnit(exact("Te\u{ad}sts"));
    assert_truth(&unit("Test"), &wanted, Fails);
}

#[test]
fn other_names() {
    let upn = GeneralName::upn;
    let null = |oid: &str| GeneralName::Other(oid.to_string(), [5, 0].to_vec());
    const UPN: &str = "1.3.6.1.4.1.311.20.2.3";
    let wanted = IdentityMatch::UserPrincipalName(exact("a@corp"));
    let of = |value| IdentityMatch::OtherName(OtherNameMatch::new(UPN.parse().unwrap(), value));
    let text = of(OtherNameValue::Text(exact("a@corp")));
    let der = of(OtherNameValue::Der([5, 0].to_vec()));
    for (names, one, some, bytes) in [
        (&[upn("a@corp")][..], Holds, Holds, Fails),
        (&[upn("A@corp")], Unclear, Unclear, Fails),
        (&[upn("b@corp")], Fails, Fails, Fails),
        (&[upn("b@corp"), upn("a@corp")], Unclear, Holds, Fails),
        (&[null(UPN)], Unclear, Unclear, Holds),
        (&[upn("a@corp"), null(UPN)], Unclear, Holds, Holds),
        (&[null("1.2.3")], Fails, Fails, Fails),
    ] {
        let cert = named(names);
        assert_truth(&cert, &wanted, one);
        assert_truth(&cert, &text, some);
        assert_truth(&cert, &der, bytes);
    }
}

#[test]
fn spiffe_ids() {
    let of = |names: &[&str]| named(&names.map_to(GeneralName::uri));
    let id = SpiffeMatch::exact("spiffe://a/b").unwrap();
    let below = SpiffeMatch::below("spiffe://a").unwrap();
    for (names, is_id, is_below) in [
        (&["spiffe://a/b"][..], Holds, Holds),
        (&["spiffe://a/c"], Fails, Holds),
        (&["spiffe://c/b"], Fails, Fails),
        (&["spiffe://A/b"], Unclear, Unclear),
        (&["SPIFFE://a/b"], Unclear, Unclear),
        (&["spiffe://a"], Unclear, Unclear),
        (&["spiffe://a/b", "spiffe://a/b"], Unclear, Unclear),
        (&["spiffe://a/b", "https://a/"], Unclear, Unclear),
        (&["https://a/", "urn:a"], Fails, Fails),
        (&["a b"], Unclear, Unclear),
    ] {
        let cert = of(names);
        assert_truth(&cert, &IdentityMatch::SpiffeId(id.clone()), is_id);
        assert_truth(&cert, &IdentityMatch::SpiffeId(below.clone()), is_below);
    }
    assert_truth(&bare(), &IdentityMatch::SpiffeId(id), Fails);
}

#[test]
fn whole_names_and_serial_numbers() {
    let name =
        |string_type, text: &str| Name::new(&[Attribute::new(oid::COMMON_NAME, string_type, text)]);
    let utf8 = |text: &str| name(StringType::Utf8, text);
    let teletex = name(StringType::Teletex, "Bob");
    let dn = |name: &Name| DistinguishedName::from_der(name.der()).unwrap();
    for (found, wanted, expected) in [
        (utf8("Bob"), utf8("BOB "), Holds),
        (utf8("Bob"), name(StringType::Printable, "bob"), Holds),
        (utf8("Bob"), utf8("Carol"), Fails),
        (teletex.clone(), utf8("Carol"), Unclear),
        (utf8("Carol"), teletex.clone(), Unclear),
        (teletex.clone(), teletex, Holds),
    ] {
        let cert = bare().subject(found.clone()).issuer(found);
        assert_truth(&cert, &IdentityMatch::Subject(dn(&wanted)), expected);
        assert_truth(&cert, &IdentityMatch::Issuer(dn(&wanted)), expected);
        let serial = cert.serial_octets();
        let of =
            |serial: &[u8]| IdentityMatch::Serial(SerialMatch::new(dn(&wanted), serial).unwrap());
        assert_truth(&cert, &of(&serial), expected);
        assert_truth(&cert, &of(&[&[0], &serial[..]].concat()), expected);
        let other = match expected {
            Holds if wanted.der() != cert.issuer_name().der() => Fails,
            Holds => Unclear,
            other => other,
        };
        assert_truth(&cert, &of(&[9, 9]), other);
    }
    let number =
        |octets: &[u8]| IdentityMatch::Serial(SerialMatch::new(dn(&utf8("CA")), octets).unwrap());
    let with_serial = |octets: &[u8]| bare().issuer(utf8("CA")).serial(octets);
    assert_truth(&with_serial(&[0, 0xff]), &number(&[0xff]), Holds);
    assert_truth(&with_serial(&[0, 0xff]), &number(&[0, 0xff]), Holds);
    // −1, which others may take for 255.
    assert_truth(&with_serial(&[0xff]), &number(&[0xff]), Unclear);
    assert_truth(&with_serial(&[0xff]), &number(&[1]), Unclear);
    let nobody = bare().subject(Name::empty()).issuer(utf8("CA"));
    assert_truth(&nobody, &IdentityMatch::Subject(dn(&utf8("Bob"))), Fails);
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn digests() {
    let root = Cert::ca("Root", &Key::p256("root"));
    let cert = bare().issued_by(&root);
    let twin = cert.clone().other_encoding();
    assert_ne!(cert.der(), twin.der());
    let of_cert = IdentityMatch::CertificateSha256(crate::crypto::sha256(&cert.der()));
    let of_key = IdentityMatch::KeySha256(crate::crypto::sha256(cert.spki_der()));
    for encoding in [&cert, &twin] {
        assert_truth(encoding, &of_cert, Holds);
        assert_truth(encoding, &of_key, Holds);
    }
    let other = Cert::client("bob", &Key::p256("bob")).issued_by(&root);
    assert_truth(&other, &of_cert, Fails);
    assert_truth(&other, &of_key, Fails);
}

#[test]
fn extensions_and_purposes() {
    let cert = bare().extension(Extension::new("1.2.3", [5, 0].to_vec()));
    let extension = |oid: &str, value: Option<&[u8]>| {
        let oid = oid.parse().unwrap();
        IdentityMatch::Extension(match value {
            Some(value) => ExtensionMatch::with_value(oid, value.to_vec()),
            None => ExtensionMatch::present(oid),
        })
    };
    for (oid, value, expected) in [
        ("1.2.3", None, Holds),
        ("1.2.4", None, Fails),
        ("1.2.3", Some(&[5, 0][..]), Holds),
        ("1.2.3", Some(&[5]), Fails),
        ("1.2.4", Some(&[5, 0]), Fails),
    ] {
        assert_truth(&cert, &extension(oid, value), expected);
    }
    let purpose = IdentityMatch::KeyPurpose(KeyPurpose::SERVER_AUTH);
    const SERVER: &str = "1.3.6.1.5.5.7.3.1";
    for (purposes, expected) in [
        (&[SERVER][..], Holds),
        (&["1.2.3", SERVER], Holds),
        (&["1.2.3"], Fails),
        (&["2.5.29.37.0"], Unclear),
    ] {
        let cert = bare()
            .without_extension(oid::EXTENDED_KEY_USAGE)
            .extension(Extension::extended_key_usage(purposes));
        assert_truth(&cert, &purpose, expected);
    }
    let without = bare().without_extension(oid::EXTENDED_KEY_USAGE);
    // It is for every purpose.
    assert_truth(&without, &purpose, Unclear);
}

#[test]
fn scopes() {
    let scope = |name: &str| IdentityMatch::Scope(name.into());
    assert_truth(&bare(), &scope("tenant-a"), Holds);
    assert_truth(&bare(), &scope("Tenant-A"), Fails);
}

trait MapTo {
    fn map_to(&self, of: fn(&str) -> GeneralName) -> Vec<GeneralName>;
}

impl MapTo for [&str] {
    fn map_to(&self, of: fn(&str) -> GeneralName) -> Vec<GeneralName> {
        self.iter().map(|name| of(name)).collect()
    }
}
