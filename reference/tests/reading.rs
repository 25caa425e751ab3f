//! What is malformed and what does not conform, as the hand-decided cases of testdata have it.

use std::fs;
use std::path::Path;

use pki_types::pem::PemObject;
use pki_types::{CertificateDer, CertificateRevocationListDer};
use reference::certificate::Certificate;
use reference::crl::Crl;
use reference::der;
use reference::forms::{self, Standing};
use reference::signatures::{DEFAULT_ALGORITHMS, Outcome, key_is_well_formed, verify};
use testpki::folders::{self, CaseFolder};

/// Cases in which something is no PEM block of a CRL.
const NOT_PEM: [&str; 8] = [
    "revocation/load-certificate",
    "revocation/load-der",
    "revocation/load-empty",
    "revocation/load-crl-as-certificate",
    "revocation/load-only-comments",
    "revocation/load-private-key",
    "revocation/load-private-key-line",
    "revocation/load-request",
];

/// The text of a key of `case.toml`; empty: absent.
fn value(folder: &Path, table: &str, key: &str) -> String {
    let text = fs::read_to_string(folder.join("case.toml")).unwrap();
    let case: toml::Table = text.parse().unwrap();
    let value = case.get(table).and_then(|table| table.get(key));
    value
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_string()
}

fn certificates(folder: &Path, file: &str) -> Vec<Vec<u8>> {
    CertificateDer::pem_file_iter(folder.join(file))
        .map(|all| all.filter_map(|one| Some(one.ok()?.to_vec())).collect())
        .unwrap_or_default()
}

fn is_self_signed(certificate: &Certificate) -> bool {
    verify(
        DEFAULT_ALGORITHMS,
        &certificate.signature_algorithm,
        &certificate.spki,
        &certificate.tbs,
        &certificate.signature,
    ) != Outcome::Bad
}

/// Whether a certificate that the verdict may be about does not conform.
fn something_does_not_conform(folder: &Path) -> bool {
    let read = |file: &str| -> Vec<Certificate> {
        certificates(folder, file)
            .iter()
            .filter_map(|der| Certificate::read(der).ok())
            .collect()
    };
    let is_pinned = !certificates(folder, "pins.pem").is_empty();
    let standing = if is_pinned {
        Standing::Pinned
    } else {
        Standing::Other
    };
    read("ca.pem")
        .iter()
        .any(|anchor| !forms::conforms(anchor, Standing::Anchor, is_self_signed(anchor)))
        || read("chain.pem")
            .iter()
            .any(|presented| !forms::conforms(presented, standing, is_self_signed(presented)))
        || read("intermediates.pem")
            .iter()
            .any(|other| !forms::conforms(other, Standing::Other, is_self_signed(other)))
}

#[test]
fn clients_are_malformed_where_a_case_says_so() {
    let mut wrong = Vec::new();
    for CaseFolder { name, path: folder } in folders::cases("cases") {
        let says = |key| value(&folder, "expect", key);
        if says("result") == "store-error" {
            continue;
        }
        let Some(client) = certificates(&folder, "chain.pem").into_iter().next() else {
            continue;
        };
        let read = Certificate::read(&client);
        let is_malformed = read.as_ref().map_or(true, |certificate| {
            let key = (&certificate.key_algorithm, &certificate.key);
            certificate.distribution_points.is_err() || key_is_well_formed(key.0, key.1).is_err()
        });
        let should_be = says("reason") == "malformed" && says("certificate") == "client";
        if (should_be && !is_malformed)
            || (!should_be && says("certificate") == "client" && read.is_err())
        {
            wrong.push(format!("{name}: {:?}", read.err()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn anchors_and_accepted_clients_are_read() {
    let mut wrong = Vec::new();
    for CaseFolder { name, path: folder } in folders::cases("cases") {
        let result = value(&folder, "expect", "result");
        let mut files = if result == "accept" {
            vec!["chain.pem"]
        } else {
            Vec::new()
        };
        if result != "store-error" {
            files.extend(["ca.pem", "pins.pem"]);
        }
        for file in files {
            for der in certificates(&folder, file).iter().take(1) {
                if let Err(malformed) = Certificate::read(der) {
                    wrong.push(format!("{name} {file}: {malformed}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn certificates_conform_where_a_case_says_so() {
    let mut wrong = Vec::new();
    for CaseFolder { name, path: folder } in folders::cases("cases") {
        if value(&folder, "policy", "profile") != "rfc5280" {
            continue;
        }
        let reason = value(&folder, "expect", "reason");
        let accepted = value(&folder, "expect", "result") == "accept";
        let does_not = something_does_not_conform(&folder);
        if (reason == "non-conforming" && !does_not) || (accepted && does_not) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn crls_load_and_conform_where_a_case_says_so() {
    let mut wrong = Vec::new();
    for CaseFolder { name, path: folder } in folders::cases("cases") {
        let Ok(all) = CertificateRevocationListDer::pem_file_iter(folder.join("crls.pem")) else {
            continue;
        };
        let Ok(all) = all.collect::<Result<Vec<_>, _>>() else {
            continue;
        };
        let store_error = value(&folder, "expect", "result") == "store-error";
        let loads = all.iter().all(|crl| Crl::read(crl).is_ok());
        // What is no CRL, or wrong as PEM, is not for the reference.
        let is_about_pem = name.starts_with("store/")
            || name.starts_with("bundle/stray-")
            || NOT_PEM.contains(&name.as_str());
        if loads == store_error && !is_about_pem {
            wrong.push(format!("{name}: loads {loads}"));
        }
        let read: Vec<Crl> = all.iter().filter_map(|crl| Crl::read(crl).ok()).collect();
        let conform = read.iter().all(|crl| crl.conforms);
        if name.starts_with("revocation/profile-rfc5280-") {
            let accepted = value(&folder, "expect", "result") == "accept";
            let does_not =
                name.contains("still-revokes") || !accepted && !name.ends_with("crl-revoked");
            if conform == does_not {
                wrong.push(format!("{name}: conforms {conform}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// X.690 §8.1.3, §8.3.2, §8.19, §11.1, §11.2; RFC 5280 §4.1.2.5.
#[test]
fn der_has_one_reading() {
    assert!(der::only(&[0x04, 0x80, 0x00, 0x00], 0x04).is_err());
    assert!(der::only(&[0x04, 0x81, 0x01, 0x00], 0x04).is_err());
    assert!(der::only(&[0x24, 0x03, 0x04, 0x01, 0x00], 0x24).is_err());
    assert!(der::only(&[0x04, 0x01, 0x00, 0x00], 0x04).is_err());
    assert_eq!(der::only(&[0x04, 0x01, 0x07], 0x04), Ok(&[0x07][..]));
    assert!(der::boolean(&[0x01]).is_err());
    assert!(der::integer(&[]).is_err() && der::integer(&[0x00, 0x7F]).is_err());
    assert!(der::integer(&[0xFF, 0x80]).is_err() && der::integer(&[0x00, 0x80]).is_ok());
    assert_eq!(der::unsigned(&[1, 0, 0, 0, 0]), Ok(u32::MAX));
    assert!(der::bit_string(&[0x04, 0x08]).is_err() && der::bit_string(&[0x08, 0x00]).is_err());
    assert!(der::bit_string(&[0x01]).is_err() && der::bit_string(&[]).is_err());
    assert_eq!(der::named_bits(&[0x01, 0x06]), Ok((0b0110_0000, false)));
    assert_eq!(der::named_bits(&[0x00, 0x80]), Ok((0b0000_0001, true)));
    assert!(der::oid(&[0x80, 0x01]).is_err() && der::oid(&[0x55, 0x9D]).is_err());
    let time = |tag, content: &'static [u8]| {
        der::time(der::Element {
            tag,
            content,
            whole: &[],
        })
    };
    assert_eq!(time(0x17, b"700101000000Z"), Ok(0));
    assert_eq!(time(0x17, b"500101000000Z"), Ok(-631_152_000));
    assert_eq!(time(0x17, b"491231235959Z"), Ok(2_524_607_999));
    assert_eq!(time(0x18, b"99991231235959Z"), Ok(253_402_300_799));
    assert_eq!(time(0x17, b"240229120000Z"), Ok(1_709_208_000));
    for wrong in [
        &b"230229120000Z"[..],
        b"2302281200Z",
        b"230228120060Z",
        b"230228120000+0000",
    ] {
        assert!(time(0x17, wrong).is_err());
    }
}
