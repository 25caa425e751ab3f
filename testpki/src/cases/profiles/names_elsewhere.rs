//! Empty names, and the forms of general names in other extensions than subjectAltName.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, issuing, root};
use crate::cases::profiles::{client, issuer, strict};
use crate::{
    Attribute, Cert, DistributionPoint, Extension, GeneralName, Key, Name, StringType, der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [empty(), elsewhere(), subtrees(), countries(), good()].concat()
}

fn with(extension: Extension) -> Cert {
    alice_of(&root()).extension(extension)
}

fn uri(uri: &str) -> GeneralName {
    GeneralName::uri(uri)
}

fn issuer_names(names: &[GeneralName]) -> Extension {
    let names: Vec<_> = names.iter().map(GeneralName::der).collect();
    Extension::new(oid::ISSUER_ALT_NAME, der::sequence(&names))
}

fn point(name: GeneralName) -> Extension {
    Extension::crl_distribution_points(&[DistributionPoint::full_name(&[name])])
}

fn access(extension: &str, method: &str, location: &GeneralName) -> Extension {
    let description = der::sequence(&[der::oid(method), location.der()]);
    Extension::new(extension, der::sequence(&[description]))
}

/// With the key of the root, and the root's issuer and serial number, in which `name` is one more
/// name.
fn authority_key_id(name: &[GeneralName]) -> Extension {
    let issuer = GeneralName::directory(root().issuer_name()).der();
    let names: Vec<_> = name.iter().map(GeneralName::der).chain([issuer]).collect();
    let value = der::sequence(&[
        der::context_primitive(0, &Key::p256("root").identifier()),
        der::context_constructed(1, &der::concat(&names)),
        der::context_primitive(2, &root().serial_octets()),
    ]);
    Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, value)
}

fn empty() -> Vec<Case> {
    let rows = [
        (
            "directory",
            GeneralName::directory(&Name::empty()),
            "directoryName",
        ),
        ("email", GeneralName::email(""), "rfc822Name"),
        ("dns", GeneralName::dns(""), "dNSName"),
        ("uri", uri(""), "uniformResourceIdentifier"),
        ("ip", GeneralName::Ip(Vec::new()), "iPAddress"),
    ];
    rows.into_iter()
        .flat_map(|(name, general_name, form)| {
            client(
                &format!("name-empty-{name}"),
                "§4.2.1.6",
                &format!("A subjectAltName with an empty {form}."),
                &format!("malformed {form} in subjectAltName"),
                with(Extension::subject_alt_name(&[general_name])),
            )
        })
        .collect()
}

fn elsewhere() -> Vec<Case> {
    let empty_name = || GeneralName::directory(&Name::empty());
    let (aia, sia) = (oid::AUTHORITY_INFO_ACCESS, oid::SUBJECT_INFO_ACCESS);
    let repository = "1.3.6.1.5.5.7.48.5";
    let rows = [
        (
            "issuer-alt-name-empty-directory",
            "§4.2.1.7",
            "An issuerAltName with an empty directoryName.",
            "issuerAltName",
            issuer_names(&[empty_name()]),
        ),
        (
            "issuer-alt-name-relative",
            "§4.2.1.7",
            "An issuerAltName with a relative URI.",
            "issuerAltName",
            issuer_names(&[uri("/ca")]),
        ),
        (
            "issuer-alt-name-ldap-without-host",
            "§4.2.1.7",
            "An issuerAltName with an LDAP URI without a host.",
            "issuerAltName",
            issuer_names(&[uri("ldap:///cn=CA")]),
        ),
        (
            "point-relative",
            "§4.2.1.13",
            "A distribution point that is a relative URI.",
            "cRLDistributionPoints",
            point(uri("ca.crl")),
        ),
        (
            "point-without-host",
            "§4.2.1.13",
            "A distribution point that is a URI with an empty host.",
            "cRLDistributionPoints",
            point(uri("http:///ca.crl")),
        ),
        (
            "point-ldap-without-name",
            "§4.2.1.13",
            "A distribution point that is an LDAP URI with neither a host nor a name.",
            "cRLDistributionPoints",
            point(uri("ldap:///?certificateRevocationList")),
        ),
        (
            "freshest-relative",
            "§4.2.1.15",
            "A freshestCRL that is a relative URI.",
            "freshestCRL",
            Extension::freshest_crl(&[DistributionPoint::uri("delta.crl")]),
        ),
        (
            "authority-info-access-relative",
            "§4.2.2.1",
            "An authorityInfoAccess with a relative URI.",
            "authorityInfoAccess",
            access(aia, oid::CA_ISSUERS, &uri("ca.cer")),
        ),
        (
            "subject-info-access-empty-email",
            "§4.2.2.2",
            "A subjectInfoAccess with an empty rfc822Name.",
            "subjectInfoAccess",
            access(sia, repository, &GeneralName::email("")),
        ),
        (
            "authority-key-id-issuer-empty-dns",
            "§4.2.1.1",
            "The issuer in an authorityKeyIdentifier with an empty dNSName.",
            "authorityKeyIdentifier",
            authority_key_id(&[GeneralName::dns("")]),
        ),
    ];
    rows.into_iter()
        .flat_map(|(name, section, description, field, extension)| {
            let message = format!("malformed {field}");
            client(name, section, description, &message, with(extension))
        })
        .collect()
}

fn subtrees() -> Vec<Case> {
    let rows = [
        ("email", GeneralName::email(""), "rfc822Name", "mailboxes"),
        ("uri", uri(""), "uniformResourceIdentifier", "URIs"),
    ];
    let constrained = |base: &GeneralName| {
        let subtree = Extension::subtree(base);
        issuing().extension(Extension::name_constraints(&[subtree], &[]))
    };
    let mut cases: Vec<_> = rows
        .into_iter()
        .flat_map(|(name, base, form, of)| {
            issuer(
                &format!("subtree-empty-{name}"),
                "§4.2.1.10",
                &format!("A subtree of {of} that is empty."),
                &format!("malformed {form} in nameConstraints"),
                constrained(&base),
            )
        })
        .collect();
    for (name, base, what) in [
        ("dns", GeneralName::dns(""), "of DNS names"),
        (
            "directory",
            GeneralName::directory(&Name::empty()),
            "of directory names",
        ),
    ] {
        let issuer = constrained(&base);
        cases.push(
            strict(
                &format!("subtree-empty-{name}"),
                "RFC 5280 §4.2.1.10",
                &format!("An empty subtree {what} has all of them."),
            )
            .chain(&[alice_of(&issuer), issuer]),
        );
    }
    cases
}

fn countries() -> Vec<Case> {
    let country = |code: &str| {
        let attribute = Attribute::new(oid::COUNTRY, StringType::Printable, code);
        let name = GeneralName::directory(&Name::new(&[attribute]));
        with(Extension::subject_alt_name(&[name]))
    };
    [
        client(
            "string-size-country-short",
            "Appendix A.1",
            "A directoryName with a countryName of one letter.",
            "one that is too long or too short",
            country("C"),
        ),
        vec![
            strict(
                "country",
                "RFC 5280 appendix A.1",
                "A directoryName with a countryName of two letters.",
            )
            .chain(&[country("CH")])
            .path(&["CN=alice", "CN=Root"]),
        ],
    ]
    .concat()
}

fn good() -> Vec<Case> {
    let (aia, sia) = (oid::AUTHORITY_INFO_ACCESS, oid::SUBJECT_INFO_ACCESS);
    let ldap = "ldap:///cn=CA,dc=example?cACertificate;binary?base";
    let rows = [
        (
            "issuer-alt-name",
            "§4.2.1.7",
            "An issuerAltName with a DNS name, a mailbox and a URI.",
            issuer_names(&[
                GeneralName::dns("ca.example"),
                GeneralName::email("ca@ca.example"),
                uri("https://ca.example/"),
            ]),
        ),
        (
            "point-ldap",
            "§4.2.1.13",
            "A distribution point that is an LDAP URI without a host.",
            point(uri(
                "ldap:///cn=CA,dc=example?certificateRevocationList;binary",
            )),
        ),
        (
            "authority-info-access-ldap",
            "§4.2.2.1",
            "An authorityInfoAccess with an LDAP URI without a host.",
            access(aia, oid::CA_ISSUERS, &uri(ldap)),
        ),
        (
            "subject-info-access",
            "§4.2.2.2",
            "A subjectInfoAccess with a URI.",
            access(sia, "1.3.6.1.5.5.7.48.5", &uri("http://ca.example/")),
        ),
        (
            "freshest-crl",
            "§4.2.1.15",
            "A freshestCRL with a URI.",
            Extension::freshest_crl(&[DistributionPoint::uri("http://ca.example/delta.crl")]),
        ),
        (
            "authority-key-id-issuer",
            "§4.2.1.1",
            "An authorityKeyIdentifier with an issuer and a serial number.",
            authority_key_id(&[]),
        ),
    ];
    rows.into_iter()
        .map(|(name, section, description, extension)| {
            strict(
                &format!("form-{name}"),
                &format!("RFC 5280 {section}"),
                description,
            )
            .chain(&[with(extension)])
            .path(&["CN=alice", "CN=Root"])
        })
        .collect()
}
