//! Own rules.

use mtls_verify::client::Oid;
use mtls_verify::principal::{
    Condition, Edit, Field, Fingerprint, MAX_GROUPS, MAX_NAME_BYTES, OnDoubt, PrincipalMap, Rule,
    Why,
};
use mtls_verify::spiffe::NotSvid;
use mtls_verify::store::Scope;
use testpki::{Attribute, GeneralName, KeyUsage, StringType, der, sha256};

use super::*;

fn map(rule: Rule) -> PrincipalMap {
    PrincipalMap::new().with_rule(rule)
}

fn take(field: Field) -> PrincipalMap {
    map(Rule::take(field))
}

fn fixed(text: &str) -> Rule {
    Rule::take(Field::Fixed(text.into()))
}

fn unreadable(form: u8) -> GeneralName {
    GeneralName::Raw(der::context_primitive(form, "zürich".as_bytes()))
}

#[test]
fn fields_are_read_once() {
    let ip = |octets: &[u8]| GeneralName::Ip(octets.to_vec());
    let v6 = [&[0x20, 0x01, 0x0d, 0xb8][..], &[0; 11], &[0xab]].concat();
    for (field, one, text) in [
        (Field::Dns, GeneralName::dns("A.example"), "A.example"),
        (
            Field::Email,
            GeneralName::email("A@B.example"),
            "A@B.example",
        ),
        (Field::Uri, GeneralName::uri("https://a/b"), "https://a/b"),
        (
            Field::SpiffeId,
            GeneralName::uri("spiffe://a/b"),
            "spiffe://a/b",
        ),
        (Field::Ip, ip(&[192, 0, 2, 1]), "192.0.2.1"),
        (Field::Ip, ip(&v6), "2001:db8::ab"),
        (Field::IpDigits, ip(&[192, 0, 2, 1]), "192.0.2.1"),
        (Field::IpDigits, ip(&v6), "20010db80000000000000000000000ab"),
        (Field::UserPrincipalName, GeneralName::upn("a@b"), "a@b"),
    ] {
        let map = take(field);
        assert_eq!(name(&map, &with_names(std::slice::from_ref(&one))), text);
        let other = GeneralName::Raw(der::context_primitive(8, &[0x2a, 0x03]));
        assert_eq!(name(&map, &with_names(&[other.clone(), one.clone()])), text);
        assert_eq!(why(&map, &with_names(&[one.clone(), one])), Why::Several);
        assert_eq!(why(&map, &with_names(&[other])), Why::Missing);
        assert_eq!(why(&map, &verified(alice())), Why::Missing);
    }
    let oid: Oid = "2.5.4.5".parse().expect("an OID");
    let serial = |text: &str| Attribute::new("2.5.4.5", StringType::Printable, text);
    let map = take(Field::Attribute(oid));
    assert_eq!(name(&map, &with_subject(&[serial("7")])), "7");
    let two = with_subject(&[serial("7"), serial("7")]);
    assert_eq!(why(&map, &two), Why::Several);
    assert_eq!(why(&map, &verified(alice())), Why::Missing);
}

#[test]
fn what_cannot_be_read_is_there() {
    for (field, form, good) in [
        (Field::Dns, 2, GeneralName::dns("a.example")),
        (Field::Email, 1, GeneralName::email("a@b.example")),
        (Field::Uri, 6, GeneralName::uri("https://a/b")),
        (Field::SpiffeId, 6, GeneralName::uri("spiffe://a/b")),
        (Field::Ip, 7, GeneralName::Ip(vec![192, 0, 2, 1])),
    ] {
        let map = take(field);
        assert_eq!(why(&map, &with_names(&[unreadable(form)])), Why::Unreadable);
        let client = with_names(&[good, unreadable(form)]);
        assert_eq!(why(&map, &client), Why::Several);
    }
    let odd = Attribute::new(oid::COMMON_NAME, StringType::Teletex, "zürich");
    let map = take(Field::CommonName);
    let client = with_subject(std::slice::from_ref(&odd));
    assert_eq!(why(&map, &client), Why::Unreadable);
    let client = with_subject(&[Attribute::common_name("alice"), odd]);
    assert_eq!(why(&map, &client), Why::Several);
}

#[test]
fn names_have_the_syntax_of_their_form() {
    for (field, bad) in [
        (Field::Dns, GeneralName::dns("*.example.com")),
        (Field::Dns, GeneralName::dns("a b.example")),
        (Field::Dns, GeneralName::dns("evil.org/.example.com")),
        (Field::Email, GeneralName::email("a@b@c.example")),
        (Field::Email, GeneralName::email("a,b@c.example")),
        (Field::Uri, GeneralName::uri("//a/b")),
        (Field::Uri, GeneralName::uri("https://a/b c")),
    ] {
        assert_eq!(why(&take(field), &with_names(&[bad])), Why::IllFormed);
    }
    let map = take(Field::SpiffeId);
    let why_of = |uri: &str| why(&map, &with_names(&[GeneralName::uri(uri)]));
    assert_eq!(why_of("https://a/b"), Why::Missing);
    assert_eq!(why_of("spiffe://a"), Why::NotSvid(NotSvid::NoPath));
    let names = Extension::subject_alt_name(&[GeneralName::uri("spiffe://a/b")]);
    let usage = Extension::key_usage(&[KeyUsage::DigitalSignature, KeyUsage::CrlSign]);
    let signer = alice().without_extension(oid::KEY_USAGE);
    let client = verified(signer.extension(usage).extension(names));
    assert_eq!(why(&map, &client), Why::NotSvid(NotSvid::CrlSign));
}

#[test]
fn text_that_is_no_name_is_refused() {
    let map = take(Field::CommonName);
    let why_of = |text: &str| why(&map, &with_subject(&[Attribute::common_name(text)]));
    for character in [
        '\0', '\n', '\r', '\t', '\u{7f}', '\u{85}', '\u{a0}', '\u{ad}', '\u{200b}', '\u{2028}',
        '\u{202e}', '\u{feff}',
    ] {
        let expected = Why::Invisible { character };
        assert_eq!(why_of(&format!("a{character}b")), expected);
    }
    assert_eq!(why_of(""), Why::Empty);
    let long = "a".repeat(MAX_NAME_BYTES);
    assert_eq!(
        name(&map, &with_subject(&[Attribute::common_name(&long)])),
        long
    );
    assert_eq!(why_of(&(long.clone() + "a")), Why::TooLong { bytes: 4097 });
    for good in ["*", "z\u{fc}rich", "a b", "a,b", "\u{65e5}\u{672c}"] {
        let client = with_subject(&[Attribute::common_name(good)]);
        assert_eq!(name(&map, &client), good);
    }
    let alice = verified(alice());
    let fixed_to = |text: &str| why(&super::rules::map(fixed(text)), &alice);
    assert_eq!(fixed_to(""), Why::Empty);
    assert_eq!(fixed_to("a\nb"), Why::Invisible { character: '\n' });
    // An edit makes no name of what is none, nor too long a name of one.
    let map = super::rules::map(Rule::take(Field::CommonName).then(Edit::AddPrefix(long)));
    assert_eq!(why(&map, &alice), Why::TooLong { bytes: 4101 });
    let map = super::rules::map(Rule::take(Field::CommonName).then(Edit::AddPrefix("a".into())));
    let client = with_subject(&[Attribute::common_name("")]);
    assert_eq!(why(&map, &client), Why::Empty);
}

#[test]
fn names_are_changed_in_order() {
    let client = with_names(&[GeneralName::email("Web.One@Example.COM")]);
    let edits = |edits: &[Edit]| {
        let rule = edits.iter().fold(Rule::take(Field::Email), |rule, edit| {
            rule.then(edit.clone())
        });
        map(rule)
    };
    let (add, strip) = (Edit::AddPrefix("u:".into()), |text: &str| {
        Edit::StripSuffix(text.into())
    });
    for (changes, text) in [
        (vec![Edit::LowerCase], "web.one@example.com"),
        (vec![Edit::LowerCaseHost], "Web.One@example.com"),
        (vec![strip("@Example.COM")], "Web.One"),
        (vec![Edit::StripPrefix("Web.".into())], "One@Example.COM"),
        (vec![Edit::AddSuffix("!".into())], "Web.One@Example.COM!"),
        (
            vec![Edit::LowerCase, strip("@example.com"), add.clone()],
            "u:web.one",
        ),
    ] {
        assert_eq!(name(&edits(&changes), &client), text);
    }
    for changes in [
        vec![strip("@example.com")],
        vec![strip("@example.com"), Edit::LowerCase],
        vec![Edit::StripPrefix("One".into())],
        vec![add, Edit::StripPrefix("Web".into())],
    ] {
        assert_eq!(why(&edits(&changes), &client), Why::Affix);
    }
    let all = vec![strip("Web.One@Example.COM")];
    assert_eq!(why(&edits(&all), &client), Why::Empty);
}

#[test]
fn conditions_all_hold() {
    let client = with_names(&[
        GeneralName::dns("a.example"),
        GeneralName::email("a@b.example"),
    ]);
    let is = |text: &str| Condition::Is(Field::CommonName, text.into());
    let starts = |text: &str| Condition::StartsWith(Field::Dns, text.into());
    let ends = |text: &str| Condition::EndsWith(Field::Email, text.into());
    let good = fixed("x")
        .when(is("alice"))
        .when(starts("a."))
        .when(ends("@b.example"));
    assert_eq!(name(&map(good.clone()), &client), "x");
    for (number, bad) in [
        (4, is("Alice")),
        (4, is("alice ")),
        (4, starts("A.")),
        (4, ends("@B.example")),
        // What is not there holds nothing.
        (4, Condition::StartsWith(Field::Uri, "".into())),
    ] {
        let rule = good.clone().when(bad);
        assert_eq!(why(&map(rule), &client), Why::Condition { number });
    }
    // What is there twice decides nothing, and ends the search.
    let two = with_names(&[GeneralName::dns("a.example"), GeneralName::dns("b.example")]);
    let rule = fixed("x").when(starts("a."));
    let both = map(rule.clone()).with_rule(fixed("y"));
    assert_eq!(why(&both, &two), Why::Several);
    let next = map(rule.on_doubt(OnDoubt::NextRule)).with_rule(fixed("y"));
    assert_eq!(name(&next, &two), "y");
}

#[test]
fn a_certificate_of_the_path_is_known_in_each_encoding() {
    let of = |der: &[u8]| Condition::Certificate(Fingerprint::from(sha256(der)));
    let client = verified(alice());
    for der in [alice().der(), issuing().der(), root().der()] {
        assert_eq!(name(&map(fixed("x").when(of(&der))), &client), "x");
    }
    let stranger = Cert::ca("Stranger", &Key::p256("stranger")).der();
    let rule = map(fixed("x").when(of(&stranger)));
    assert_eq!(why(&rule, &client), Why::Condition { number: 1 });
    // Neither the holder nor its CA escapes by another signature.
    let (other, ca) = (alice().other_encoding(), issuing().other_encoding());
    assert_ne!(other.der(), alice().der());
    let client = verified_by(&[other.der(), ca.der()]);
    for der in [alice().der(), issuing().der()] {
        assert_eq!(name(&map(fixed("x").when(of(&der))), &client), "x");
    }
}

#[test]
fn the_first_rule_that_matches_counts() {
    let rules = PrincipalMap::new()
        .with_rule(Rule::take(Field::Dns))
        .with_rule(Rule::take(Field::Email))
        .with_rule(fixed("nobody"));
    let (dns, email) = (
        GeneralName::dns("a.example"),
        GeneralName::email("a@b.example"),
    );
    assert_eq!(
        name(&rules, &with_names(&[email.clone(), dns.clone()])),
        "a.example"
    );
    assert_eq!(
        name(&rules, &with_names(std::slice::from_ref(&email))),
        "a@b.example"
    );
    assert_eq!(name(&rules, &verified(alice())), "nobody");
    // A second DNS name is no way to the other rules.
    let spoiled = with_names(&[dns.clone(), dns, email]);
    let none = rules.principal(&spoiled).expect_err("no principal");
    assert_eq!(
        none.to_string(),
        "no principal: rule 1: dNSName: it is there several times"
    );
    let none = PrincipalMap::new()
        .principal(&spoiled)
        .expect_err("no rules");
    assert_eq!(none.to_string(), "no principal: the map has no rules");
    let short = PrincipalMap::new()
        .with_rule(fixed("x").when(Condition::Is(Field::CommonName, "bob".into())))
        .with_rule(Rule::take(Field::Uri));
    let none = short
        .principal(&verified(alice()))
        .expect_err("no principal");
    assert_eq!(
        none.to_string(),
        "no principal: rule 1: condition 1 does not hold; rule 2: uniformResourceIdentifier: it is \
         not there"
    );
}

/// A client that spoils its SPIFFE ID is not taken for another kind of client.
#[test]
fn a_spoiled_spiffe_id_ends_the_search() {
    let map = take(Field::SpiffeId).with_rule(Rule::take(Field::CommonName));
    let uris = |uris: &[&str]| {
        let names: Vec<_> = uris.iter().map(|uri| GeneralName::uri(uri)).collect();
        with_names(&names)
    };
    assert_eq!(name(&map, &uris(&["spiffe://a/x"])), "spiffe://a/x");
    // Those are plainly others.
    for other in [&["https://a/x"][..], &["https://a/x", "urn:uuid:1"]] {
        assert_eq!(name(&map, &uris(other)), "alice", "{other:?}");
    }
    assert_eq!(
        name(&map, &with_names(&[GeneralName::dns("a.example")])),
        "alice"
    );
    for spoiled in [
        &["spiffe://a/x/"][..],
        &["SPIFFE://a/x"],
        &["Spiffe:a"],
        &["spiffe://a"],
        &["spiffe://a/x y"],
        &["https://a/x y"],
        &["//a/x"],
        &["spiffe://a/x", "https://a/x"],
        &["https://a/x", "SPIFFE://a/x"],
    ] {
        assert!(map.principal(&uris(spoiled)).is_err(), "{spoiled:?}");
    }
    assert!(map.principal(&with_names(&[unreadable(6)])).is_err());
    let names = Extension::subject_alt_name(&[GeneralName::uri("spiffe://a/x")]);
    let usage = Extension::key_usage(&[KeyUsage::DigitalSignature, KeyUsage::CrlSign]);
    let signer = alice().without_extension(oid::KEY_USAGE).extension(usage);
    assert!(map.principal(&verified(signer.extension(names))).is_err());
}

/// Two tenants' CAs write the same name; the scope tells them apart.
#[test]
fn a_scope_tells_tenants_apart() {
    let other_root = || Cert::ca("Other Root", &Key::p256("other root"));
    let store_of = |ca: Cert| TrustStore::from_pem(ca.pem().as_bytes()).expect("a store");
    let mut builder = TrustStore::builder();
    for (name, ca) in [("a", root()), ("b", other_root()), ("b too", other_root())] {
        let scope = Scope::new(name, store_of(ca)).expect("a scope");
        builder.add_scope(scope).expect("a new scope");
    }
    let store = builder.build().expect("a store");
    let in_scope = |scope: &str, name: &str| {
        fixed(name)
            .when(Condition::Scope(scope.into()))
            .when(Condition::Is(Field::CommonName, "alice".into()))
    };
    let map = PrincipalMap::new()
        .with_rule(in_scope("a", "tenant-a:alice"))
        .with_rule(in_scope("b too", "tenant-b:alice"));
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    let alice_of = |store: &TrustStore, ca: Cert| {
        let chain = [CertificateDer::from(alice().issued_by(&ca).der())];
        verify_client_chain(store, &chain, now, &ClientPolicy::default()).expect("a good chain")
    };
    assert_eq!(name(&map, &alice_of(&store, root())), "tenant-a:alice");
    // Also if it is not the first scope that accepts.
    let client = alice_of(&store, other_root());
    assert_eq!(client.scope(), Some("b"));
    assert_eq!(name(&map, &client), "tenant-b:alice");
    let unscoped = alice_of(&store_of(root()), root());
    assert_eq!(why(&map, &unscoped), Why::Condition { number: 1 });
}

#[test]
fn groups_are_bounded() {
    let organization: Oid = oid::ORGANIZATION.parse().expect("an OID");
    let rule = map(fixed("x").with_groups(organization));
    let groups = |count: usize| {
        let groups: Vec<_> = (0..count)
            .map(|number| Attribute::organization(&number.to_string()))
            .collect();
        with_subject(&groups)
    };
    let most = rule.principal(&groups(MAX_GROUPS)).expect("a principal");
    assert_eq!(most.groups().len(), MAX_GROUPS);
    assert_eq!(why(&rule, &groups(MAX_GROUPS + 1)), Why::TooManyGroups);
}
