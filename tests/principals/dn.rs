//! Strings of RFC 2253, to the byte as OpenSSL and Java write them.

use std::fs;

use mtls_verify::principal::{PrincipalMap, Why};
use testpki::{Attribute, Name, StringType, der};

use super::*;

const CN: &str = oid::COMMON_NAME;

fn utf8(text: &str) -> Name {
    Name::new(&[Attribute::new(CN, StringType::Utf8, text)])
}

fn typed(string_type: StringType) -> Name {
    Name::new(&[Attribute::new(CN, string_type, "12")])
}

fn of_type(oid: &str) -> Name {
    Name::new(&[Attribute::new(oid, StringType::Printable, "x")])
}

fn integer() -> Name {
    let attribute = der::sequence(&[der::oid(CN), der::unsigned(5)]);
    Name::raw(der::sequence(&[der::set(&[attribute])]))
}

/// A name, and its strings of OpenSSL 3.0 and of OpenJDK 17 (`X500Principal.getName()`). `None`
/// where this library makes none.
type Row = (Name, Option<&'static str>, Option<&'static str>);

fn rows() -> Vec<Row> {
    let both = |name, text| (name, Some(text), Some(text));
    let several = Name::from_levels(&[
        &[Attribute::organization("O")],
        &[
            Attribute::common_name("a"),
            Attribute::organizational_unit("b"),
        ],
        &[Attribute::country("DE")],
    ]);
    let mut rows = vec![
        both(utf8("a"), "CN=a"),
        both(utf8("a,b"), r"CN=a\,b"),
        both(utf8(" a "), r"CN=\ a\ "),
        (utf8("  a  "), Some(r"CN=\  a \ "), Some(r"CN=\ \ a\ \ ")),
        both(utf8(" "), r"CN=\ "),
        both(utf8("  "), r"CN=\ \ "),
        (utf8("   "), Some(r"CN=\  \ "), Some(r"CN=\ \ \ ")),
        both(utf8("#a"), r"CN=\#a"),
        (utf8("##"), Some(r"CN=\##"), Some(r"CN=\#\#")),
        (utf8("#"), Some("CN=#"), Some(r"CN=\#")),
        (utf8(" #a"), Some(r"CN=\ #a"), Some(r"CN=\ \#a")),
        (utf8("a#b"), Some("CN=a#b"), Some(r"CN=a\#b")),
        (utf8("a=b"), Some("CN=a=b"), Some(r"CN=a\=b")),
        both(utf8(r#"a+b"c\d<e>;f"#), r#"CN=a\+b\"c\\d\<e\>\;f"#),
        both(utf8("a\\ "), r"CN=a\\\ "),
        both(utf8(r"\"), r"CN=\\"),
        both(utf8(""), "CN="),
        (utf8("zü"), Some(r"CN=z\C3\BC"), Some("CN=zü")),
        (utf8("a€b"), Some(r"CN=a\E2\82\ACb"), Some("CN=a€b")),
        both(typed(StringType::Printable), "CN=12"),
        both(typed(StringType::Teletex), "CN=12"),
        both(typed(StringType::Ia5), "CN=12"),
        (
            typed(StringType::Numeric),
            Some("CN=12"),
            Some("CN=#12023132"),
        ),
        (typed(StringType::Visible), None, Some("CN=#1a023132")),
        (typed(StringType::Bmp), Some("CN=12"), None),
        (
            typed(StringType::Universal),
            Some("CN=12"),
            Some("CN=#1c080000003100000032"),
        ),
        (integer(), None, Some("CN=#020105")),
        (
            several,
            Some("C=DE,OU=b+CN=a,O=O"),
            Some("C=DE,CN=a+OU=b,O=O"),
        ),
        (of_type("1.2.3.4"), None, Some("1.2.3.4=#130178")),
        (of_type("2.5.4.14"), None, Some("2.5.4.14=#130178")),
    ];
    for (oid, openssl, java) in [
        ("2.5.4.4", "SN=x", "2.5.4.4=#130178"),
        ("2.5.4.5", "serialNumber=x", "2.5.4.5=#130178"),
        ("2.5.4.6", "C=x", "C=x"),
        ("2.5.4.7", "L=x", "L=x"),
        ("2.5.4.8", "ST=x", "ST=x"),
        ("2.5.4.9", "street=x", "STREET=x"),
        ("2.5.4.10", "O=x", "O=x"),
        ("2.5.4.11", "OU=x", "OU=x"),
        ("2.5.4.12", "title=x", "2.5.4.12=#130178"),
        ("2.5.4.13", "description=x", "2.5.4.13=#130178"),
        ("2.5.4.15", "businessCategory=x", "2.5.4.15=#130178"),
        ("2.5.4.16", "postalAddress=x", "2.5.4.16=#130178"),
        ("2.5.4.17", "postalCode=x", "2.5.4.17=#130178"),
        ("2.5.4.18", "postOfficeBox=x", "2.5.4.18=#130178"),
        ("2.5.4.20", "telephoneNumber=x", "2.5.4.20=#130178"),
        ("2.5.4.41", "name=x", "2.5.4.41=#130178"),
        ("2.5.4.42", "GN=x", "2.5.4.42=#130178"),
        ("2.5.4.43", "initials=x", "2.5.4.43=#130178"),
        ("2.5.4.44", "generationQualifier=x", "2.5.4.44=#130178"),
        ("2.5.4.45", "x500UniqueIdentifier=x", "2.5.4.45=#130178"),
        ("2.5.4.46", "dnQualifier=x", "2.5.4.46=#130178"),
        ("2.5.4.65", "pseudonym=x", "2.5.4.65=#130178"),
        ("2.5.4.72", "role=x", "2.5.4.72=#130178"),
        ("2.5.4.97", "organizationIdentifier=x", "2.5.4.97=#130178"),
        ("0.9.2342.19200300.100.1.1", "UID=x", "UID=x"),
        (
            "0.9.2342.19200300.100.1.3",
            "mail=x",
            "0.9.2342.19200300.100.1.3=#130178",
        ),
        ("0.9.2342.19200300.100.1.25", "DC=x", "DC=x"),
        (
            "1.2.840.113549.1.9.1",
            "emailAddress=x",
            "1.2.840.113549.1.9.1=#130178",
        ),
        (
            "1.2.840.113549.1.9.2",
            "unstructuredName=x",
            "1.2.840.113549.1.9.2=#130178",
        ),
        (
            "1.2.840.113549.1.9.8",
            "unstructuredAddress=x",
            "1.2.840.113549.1.9.8=#130178",
        ),
        (
            "1.3.6.1.4.1.311.60.2.1.1",
            "jurisdictionL=x",
            "1.3.6.1.4.1.311.60.2.1.1=#130178",
        ),
        (
            "1.3.6.1.4.1.311.60.2.1.2",
            "jurisdictionST=x",
            "1.3.6.1.4.1.311.60.2.1.2=#130178",
        ),
        (
            "1.3.6.1.4.1.311.60.2.1.3",
            "jurisdictionC=x",
            "1.3.6.1.4.1.311.60.2.1.3=#130178",
        ),
    ] {
        rows.push((of_type(oid), Some(openssl), Some(java)));
    }
    rows
}

#[test]
fn strings_are_those_of_openssl_and_java() {
    for (subject, openssl, java) in rows() {
        let client = verified(alice().subject(subject));
        let text = |map: PrincipalMap| map.principal(&client).ok().map(|one| one.to_string());
        assert_eq!(text(PrincipalMap::postgresql_subject()).as_deref(), openssl);
        assert_eq!(text(PrincipalMap::kafka()).as_deref(), java);
    }
}

#[test]
fn doubtful_names_have_no_string() {
    for map in [PrincipalMap::postgresql_subject(), PrincipalMap::kafka()] {
        let why_of = |name: Name| why(&map, &verified(alice().subject(name)));
        assert_eq!(why_of(utf8("a\nb")), Why::Invisible { character: '\n' });
        let teletex = Attribute::new(CN, StringType::Teletex, "zürich");
        assert_eq!(why_of(Name::new(&[teletex])), Why::Unreadable);
        let names = Extension::subject_alt_name(&[GeneralName::dns("a.example")]).critical();
        let client = verified(alice().subject(Name::empty()).extension(names));
        assert_eq!(why(&map, &client), Why::Missing);
    }
    let oid = "1.2.3.4".parse().expect("an OID");
    let client = verified(alice().subject(of_type("1.2.3.4")));
    let map = PrincipalMap::postgresql_subject();
    assert_eq!(why(&map, &client), Why::UnknownAttribute { oid });
}

/// The program is asked, of whatever release: these strings are in access lists.
#[test]
fn the_openssl_program_agrees() {
    let folder = std::env::temp_dir().join(format!("principals-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for (number, (subject, openssl, _)) in rows().into_iter().enumerate() {
        let Some(expected) = openssl else { continue };
        let file = folder.join(format!("{number}.pem"));
        fs::write(&file, alice().subject(subject).pem()).expect("a file");
        let output = openssl::program()
            .args(["x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in"])
            .arg(&file)
            .output();
        let Ok(output) = output else {
            assert!(std::env::var_os("CI").is_none(), "there is no `openssl`");
            println!("not run: there is no `openssl`");
            return;
        };
        let said = openssl::text_of(&output);
        assert_eq!(
            said.strip_suffix('\n'),
            Some(&*format!("subject={expected}"))
        );
    }
    fs::remove_dir_all(&folder).expect("it is gone");
}
