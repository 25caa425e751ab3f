//! What loads as a CRL says of each certificate what a scan of its entries says. Its entries are
//! those that `x509-cert` reads, if that takes the CRL too; and those that it was built with, if it
//! was built here.

mod built;

use built::Built;
use libfuzzer_sys::fuzzer_mutate;
use mtls_verify::fuzzing::{Entry, ParsedCrl, Said, is_same_name};
use mtls_verify::revocation::RevocationReason;
use x509_cert::crl::{CertificateList, RevokedCert};
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};

use crate::certificate::assert_same_name;
use crate::choices;
use crate::random::{Choices, Random};
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// Each is checked by other means as well: [`Built`] against what it was built with.
pub const KINDS: Kinds = &[("built", 120), ("damaged", 20), ("DER", 20)];

/// The first octet of a SEQUENCE, and so of DER.
const SEQUENCE: u8 = 0x30;

/// Input: a CRL as DER; or choices, which do not begin as DER does, that build one and may damage
/// it.
pub fn check(input: &[u8]) -> Judged {
    if input.first() == Some(&SEQUENCE) {
        check_der(input).then_some("DER")
    } else {
        let built = Built::new(input);
        let is_loaded = check_der(&built.der);
        if let Some(model) = &built.model {
            let crl = ParsedCrl::parse(&built.der).unwrap_or_else(|error| panic!("{error}"));
            model.check(&crl);
            return Some("built");
        }
        is_loaded.then_some("damaged")
    }
}

/// All CRLs of `testdata`, and choices.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    let choices = choices::seeds(700, 16).into_iter().map(|mut choices| {
        if choices[0] == SEQUENCE {
            choices[0] = 0;
        }
        choices
    });
    testdata.crls().into_iter().chain(choices).collect()
}

/// Mutates choices as octets, and DER as DER. Most DER that does not load becomes choices: what
/// comes after a refusal is another refusal.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    match data.get(..size) {
        Some(der @ [SEQUENCE, ..]) => {
            if ParsedCrl::parse(der).is_err() && Random::new(seed.into()).percent(70) {
                data[0] = 0;
                return fuzzer_mutate(data, size, most);
            }
            crate::mutate::mutate(data, size, most, seed)
        }
        _ => fuzzer_mutate(data, size, most),
    }
}

/// Returns whether it loads.
fn check_der(der: &[u8]) -> bool {
    let Ok(crl) = ParsedCrl::parse(der) else {
        return false;
    };
    for entry in &crl.entries {
        let mut longer = entry.serial.clone();
        longer.insert(0, 0);
        let mut other = entry.serial.clone();
        if let Some(last) = other.last_mut() {
            *last ^= 1;
        }
        for serial in [&entry.serial, &longer, &other, &Vec::new()] {
            for issuer in [&entry.issuer, &crl.issuer] {
                assert_eq!(crl.find(issuer, serial), scan(&crl, issuer, serial));
            }
        }
    }
    if let Ok(theirs) = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(der) {
        compare(&crl, &theirs);
    }
    true
}

/// As [`ParsedCrl::find`], one entry after another.
fn scan(crl: &ParsedCrl, issuer: &[u8], serial: &[u8]) -> Said {
    let entries = crl.entries.iter();
    let of_certificate =
        entries.filter(|entry| entry.serial == serial && is_same_name(&entry.issuer, issuer));
    let said = of_certificate.map(|entry| (entry.reason, entry.revoked_at));
    strongest(crl.is_delta, said)
}

/// What entries about one certificate say together, each by its reason and time. The first counts
/// that revokes for good, else the first that puts it on hold, else one that takes it off.
fn strongest(is_delta: bool, entries: impl Iterator<Item = (RevocationReason, i64)>) -> Said {
    let rank = |reason| match reason {
        RevocationReason::RemoveFromCrl if is_delta => 2,
        RevocationReason::CertificateHold => 1,
        _ => 0,
    };
    // The first of those with the least rank.
    match entries.min_by_key(|(reason, _)| rank(*reason)) {
        None => Said::Nothing,
        Some((reason, _)) if rank(reason) == 2 => Said::Removed,
        Some((reason, revoked_at)) => Said::Revoked(reason, day_of(revoked_at)),
    }
}

/// The first second of the day that the library keeps: none before 1990 or after 2079-09-18.
fn day_of(time: i64) -> i64 {
    const A_DAY: i64 = 86_400;
    const START_OF_1990: i64 = 631_152_000;
    let day = (time - START_OF_1990).div_euclid(A_DAY);
    START_OF_1990 + day.clamp(0, 0x7fff) * A_DAY
}

fn compare(ours: &ParsedCrl, theirs: &CertificateList) {
    let theirs = &theirs.tbs_cert_list;
    assert_same_name(&ours.issuer, &theirs.issuer);
    let entries = theirs.revoked_certificates.as_deref().unwrap_or_default();
    assert_eq!(ours.entries.len(), entries.len());
    let mut issuer = theirs.issuer.clone();
    for (ours, theirs) in ours.entries.iter().zip(entries) {
        assert_eq!(ours.serial, theirs.serial_number.as_bytes());
        let revoked_at = theirs.revocation_date.to_unix_duration().as_secs();
        assert_eq!(ours.revoked_at, revoked_at as i64);
        compare_reason(ours, theirs);
        if let Some(value) = extension(theirs, "2.5.29.29") {
            // What they do not read, ours alone can judge.
            let Ok(names) = GeneralNames::from_der(value) else {
                return;
            };
            let directory = names.into_iter().find_map(|name| match name {
                GeneralName::DirectoryName(name) => Some(name),
                _ => None,
            });
            issuer = directory.expect("one directory name");
        }
        assert_same_name(&ours.issuer, &issuer);
    }
}

fn compare_reason(ours: &Entry, theirs: &RevokedCert) {
    use RevocationReason as Reason;
    let reason = match extension(theirs, "2.5.29.21").map(CrlReason::from_der) {
        // They do not read numbers without a meaning, which ours takes for no reason.
        None | Some(Err(_) | Ok(CrlReason::Unspecified)) => Reason::Unspecified,
        Some(Ok(CrlReason::KeyCompromise)) => Reason::KeyCompromise,
        Some(Ok(CrlReason::CaCompromise)) => Reason::CaCompromise,
        Some(Ok(CrlReason::AffiliationChanged)) => Reason::AffiliationChanged,
        Some(Ok(CrlReason::Superseded)) => Reason::Superseded,
        Some(Ok(CrlReason::CessationOfOperation)) => Reason::CessationOfOperation,
        Some(Ok(CrlReason::CertificateHold)) => Reason::CertificateHold,
        Some(Ok(CrlReason::RemoveFromCRL)) => Reason::RemoveFromCrl,
        Some(Ok(CrlReason::PrivilegeWithdrawn)) => Reason::PrivilegeWithdrawn,
        Some(Ok(CrlReason::AaCompromise)) => Reason::AaCompromise,
    };
    assert_eq!(ours.reason, reason);
}

/// The value of an extension of an entry.
fn extension<'a>(entry: &'a RevokedCert, oid: &str) -> Option<&'a [u8]> {
    let oid = ObjectIdentifier::new_unwrap(oid);
    let mut all = entry.crl_entry_extensions.iter().flatten();
    let extension = all.find(|extension| extension.extn_id == oid)?;
    Some(extension.extn_value.as_bytes())
}
