//! The rules of other programs.

use mtls_verify::principal::{Fingerprint, InvalidFingerprint, MapType, PrincipalMap, Why};
use testpki::{Attribute, GeneralName, StringType, sha256};

use super::*;

fn fingerprint(certificate: &Cert) -> Fingerprint {
    sha256(&certificate.der()).into()
}

#[test]
fn kubernetes_has_users_and_groups() {
    let (cn, o) = (Attribute::common_name, Attribute::organization);
    let map = PrincipalMap::kubernetes();
    let client = with_subject(&[o("system:masters"), o("ops"), cn("jane")]);
    let principal = map.principal(&client).expect("a principal");
    assert_eq!(principal.name(), "jane");
    assert_eq!(principal.groups(), ["system:masters", "ops"]);
    let alone = map.principal(&with_subject(&[cn("jane")]));
    assert!(alone.expect("a principal").groups().is_empty());
    let odd = Attribute::new(oid::ORGANIZATION, StringType::Teletex, "zürich");
    for (attributes, expected) in [
        (vec![o("ops")], Why::Missing),
        (vec![cn("jane"), cn("root")], Why::Several),
        (vec![cn("")], Why::Empty),
        (vec![cn("jane"), o("ops"), odd], Why::Unreadable),
        (
            vec![cn("jane"), o("ops\n")],
            Why::Invisible { character: '\n' },
        ),
        (vec![cn("jane"), o("")], Why::Empty),
    ] {
        assert_eq!(why(&map, &with_subject(&attributes)), expected);
    }
}

#[test]
fn postgresql_has_common_names_and_subjects() {
    let (cn, o) = (Attribute::common_name, Attribute::organization);
    let client = with_subject(&[o("Example, Inc"), cn("z\u{fc}rich")]);
    let by_name = PrincipalMap::postgresql_common_name();
    assert_eq!(name(&by_name, &client), "z\u{fc}rich");
    let by_subject = PrincipalMap::postgresql_subject();
    assert_eq!(
        name(&by_subject, &client),
        "CN=z\\C3\\BCrich,O=Example\\, Inc"
    );
    // PostgreSQL refuses an embedded NUL as well.
    let client = with_subject(&[cn("a\0b")]);
    let expected = Why::Invisible { character: '\0' };
    assert_eq!(why(&by_name, &client), expected);
    assert_eq!(why(&by_subject, &client), expected);
    assert_eq!(
        why(&by_name, &with_subject(&[cn("a"), cn("b")])),
        Why::Several
    );
    // It takes the octets of these, which are others than those of the text.
    for wide in [StringType::Bmp, StringType::Universal] {
        let client = with_subject(&[Attribute::new(oid::COMMON_NAME, wide, "alice")]);
        assert_eq!(why(&by_name, &client), Why::Unreadable);
        assert_eq!(name(&PrincipalMap::kubernetes(), &client), "alice");
    }
}

#[test]
fn kafka_has_subjects() {
    let client = with_subject(&[
        Attribute::organization("Example, Inc"),
        Attribute::email_address("a@b.example"),
        Attribute::common_name("z\u{fc}rich"),
    ]);
    assert_eq!(
        name(&PrincipalMap::kafka(), &client),
        "CN=z\u{fc}rich,1.2.840.113549.1.9.1=#160b6140622e6578616d706c65,O=Example\\, Inc"
    );
}

/// RFC 7407, ietf-x509-cert-to-name.
#[test]
fn cert_to_name_maps_each_type() {
    let of = |map_type: MapType| PrincipalMap::cert_to_name([(fingerprint(&root()), map_type)]);
    let (email, dns) = (
        GeneralName::email("FooBar@Example.COM"),
        GeneralName::dns("WWW.Example.com"),
    );
    let ip = GeneralName::Ip([&[0x20, 0x01][..], &[0; 13], &[0xab]].concat());
    let digits = "200100000000000000000000000000ab";
    let client = with_names(&[dns.clone(), email.clone(), ip.clone()]);
    for (map_type, text) in [
        (MapType::Specified("admin".into()), "admin"),
        (MapType::SanRfc822Name, "FooBar@example.com"),
        (MapType::SanDnsName, "www.example.com"),
        (MapType::SanIpAddress, digits),
        (MapType::SanAny, "www.example.com"),
        (MapType::CommonName, "alice"),
    ] {
        assert_eq!(name(&of(map_type), &client), text);
    }
    let any = of(MapType::SanAny);
    let uri = GeneralName::uri("https://a/b");
    let first = |names: &[GeneralName]| name(&any, &with_names(names));
    assert_eq!(
        first(&[uri.clone(), email.clone(), dns.clone()]),
        "FooBar@example.com"
    );
    assert_eq!(first(&[ip, email]), digits);
    assert_eq!(why(&any, &with_names(&[uri])), Why::Missing);
    // The first is not passed over because it cannot be a name.
    let bad = GeneralName::email("a@b@c");
    assert_eq!(why(&any, &with_names(&[bad, dns])), Why::IllFormed);
}

#[test]
fn cert_to_name_tries_the_next_entry() {
    let stranger = Cert::ca("Stranger", &Key::p256("stranger"));
    let map = PrincipalMap::cert_to_name([
        (
            fingerprint(&stranger),
            MapType::Specified("stranger".into()),
        ),
        (
            fingerprint(&alice()),
            MapType::Specified("alice herself".into()),
        ),
        (fingerprint(&issuing()), MapType::SanDnsName),
        (fingerprint(&root()), MapType::CommonName),
    ]);
    assert_eq!(name(&map, &verified(alice())), "alice herself");
    let dns = GeneralName::dns("a.example");
    assert_eq!(
        name(&map, &with_names(std::slice::from_ref(&dns))),
        "a.example"
    );
    // It is impossible to determine a name from two.
    assert_eq!(name(&map, &with_names(&[dns.clone(), dns])), "alice");
    let email = GeneralName::email("a@b.example");
    assert_eq!(name(&map, &with_names(&[email])), "alice");
}

#[test]
fn fingerprints_are_read_and_shown() {
    let text = format!("04{}", ":aB".repeat(32));
    let read: Fingerprint = text.parse().expect("a fingerprint");
    assert_eq!(read, Fingerprint::from([0xab; 32]));
    assert_eq!(read.to_string(), text.to_lowercase());
    let form = Err(InvalidFingerprint::Form);
    for bad in [
        "",
        "04",
        ":",
        &text[..text.len() - 1],
        &text[..text.len() - 3],
        &format!("{text}:00"),
        &text.replace(':', ""),
        &text.replacen("aB", "+B", 1),
        &format!(" {text}"),
    ] {
        assert_eq!(bad.parse::<Fingerprint>(), form, "{bad}");
    }
    let sha1 = format!("02{}", ":ab".repeat(20));
    let number = 2;
    assert_eq!(
        sha1.parse::<Fingerprint>(),
        Err(InvalidFingerprint::Algorithm { number })
    );
}
