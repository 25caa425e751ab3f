//! What loads as a revocation list says of each certificate what a scan of its entries says, and its entries are those that `x509-cert`
//! reads, if that takes the list too.

use mtls_verify::RevocationReason;
use mtls_verify::fuzzing::{ParsedList, is_same_name};
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, Encode};

use crate::seeds::Testdata;

/// Input: a list as DER.
pub fn check(der: &[u8]) {
    let Ok(list) = ParsedList::parse(der) else {
        return;
    };
    for entry in &list.entries {
        let mut longer = entry.serial.clone();
        longer.insert(0, 0);
        let mut other = entry.serial.clone();
        if let Some(last) = other.last_mut() {
            *last ^= 1;
        }
        for serial in [&entry.serial, &longer, &other, &Vec::new()] {
            for issuer in [&entry.issuer, &list.issuer] {
                assert_eq!(list.find(issuer, serial), scan(&list, issuer, serial));
            }
        }
    }
    if let Ok(theirs) = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(der) {
        let theirs = theirs.tbs_cert_list;
        assert_eq!(Ok(&list.issuer), theirs.issuer.to_der().as_ref());
        let serials: Vec<Vec<u8>> = theirs
            .revoked_certificates
            .unwrap_or_default()
            .iter()
            .map(|entry| entry.serial_number.as_bytes().to_vec())
            .collect();
        let ours: Vec<&Vec<u8>> = list.entries.iter().map(|entry| &entry.serial).collect();
        assert_eq!(ours, serials.iter().collect::<Vec<_>>());
    }
}

/// As [`ParsedList::find`], one entry after another.
fn scan(list: &ParsedList, issuer: &[u8], serial: &[u8]) -> Option<bool> {
    let entries = list.entries.iter();
    let of_certificate =
        entries.filter(|entry| entry.serial == serial && is_same_name(&entry.issuer, issuer));
    of_certificate
        .map(|entry| !(list.is_delta && entry.reason == RevocationReason::RemoveFromCrl))
        .max()
}

/// All lists of `testdata`.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    testdata.lists().into_iter().collect()
}
