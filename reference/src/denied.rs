//! The deny list: what is refused wherever it is in a path.

use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::model::Denied;
use crate::names::Name;

/// The orders of P-256, P-384 and P-521 (FIPS 186-4 D.1.2), in hexadecimal digits.
const ORDERS: [&str; 3] = [
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
];

/// The OBJECT IDENTIFIER that those of ECDSA begin with: ansi-X9-62 signatures.
const ECDSA: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04];

/// Whether the list has the certificate: by what was signed, by a fingerprint of either encoding
/// that its ECDSA signature allows, by its key, or by issuer and serial number.
#[must_use]
pub fn is_denied(certificate: &Certificate, denied: &Denied) -> bool {
    let sha256 = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    let fingerprints = |encoding: &Vec<u8>| denied.certificates.contains(&sha256(encoding));
    let signed = |der: &Vec<u8>| {
        // What does not read was not accepted into a deny list.
        Certificate::read(der).is_ok_and(|other| other.tbs == certificate.tbs)
    };
    let serial = |(issuer, serial): &(Vec<u8>, Vec<u8>)| {
        without_zeros(serial) == without_zeros(&certificate.serial)
            && Name::read(issuer).is_ok_and(|issuer| issuer.is_surely(&certificate.issuer))
    };
    fingerprints(&certificate.der)
        || other_encodings(certificate).iter().any(fingerprints)
        || denied.keys.contains(&sha256(&certificate.spki))
        || denied.signed.iter().any(signed)
        || denied.serials.iter().any(serial)
}

/// The certificate with (r, n - s) in the place of the ECDSA signature (r, s), for the order n of
/// each curve: what verifies if the certificate does.
pub(crate) fn other_encodings(certificate: &Certificate) -> Vec<Vec<u8>> {
    let with_order = |order: &str| {
        let (0x06, oid, _) = element(&certificate.signature_algorithm)? else {
            return None;
        };
        let (0x30, pair, []) = element(&certificate.signature)? else {
            return None;
        };
        let (0x02, r, rest) = element(pair)? else {
            return None;
        };
        let (0x02, s, []) = element(rest)? else {
            return None;
        };
        if !oid.starts_with(ECDSA) {
            return None;
        }
        let s = integer(&minus(&octets(order), s)?);
        let pair = encoded(0x30, &[encoded(0x02, r), encoded(0x02, &s)].concat());
        let algorithm = encoded(0x30, &certificate.signature_algorithm);
        let signature = encoded(0x03, &[vec![0], pair].concat());
        let parts = [certificate.tbs.clone(), algorithm, signature].concat();
        Some(encoded(0x30, &parts))
    };
    ORDERS
        .iter()
        .filter_map(|order| with_order(order))
        .collect()
}

/// Tag, content and what follows, of an element with a length of up to 255.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (length, content) = match bytes.get(1..)? {
        [0x81, length, content @ ..] => (*length, content),
        [length @ 0..=0x7F, content @ ..] => (*length, content),
        _ => return None,
    };
    let (content, rest) = content.split_at_checked(usize::from(length))?;
    Some((*bytes.first()?, content, rest))
}

/// An element in DER.
fn encoded(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = without_zeros(&length);
    let mut element = vec![tag];
    match digits {
        [] => element.push(0),
        [short @ 0..=0x7F] => element.push(*short),
        // A usize has at most eight octets.
        _ => element.push(0x80 | u8::try_from(digits.len()).unwrap_or(8)),
    }
    if content.len() > 0x7F {
        element.extend(digits);
    }
    element.extend(content);
    element
}

/// An INTEGER with or without zero octets in front.
pub(crate) fn without_zeros(mut octets: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = octets {
        octets = rest;
    }
    octets
}

/// The content octets of a positive INTEGER.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    let digits = without_zeros(magnitude);
    let sign = digits.first().is_none_or(|first| *first >= 0x80);
    [if sign { &[0][..] } else { &[] }, digits].concat()
}

/// order - s; none unless 0 < s < order.
fn minus(order: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let digits = without_zeros(s);
    let mut padded = vec![0; order.len().checked_sub(digits.len())?];
    padded.extend(digits);
    if digits.is_empty() || padded.as_slice() >= order {
        return None;
    }
    let mut borrow = 0;
    let mut difference = order.to_vec();
    for (octet, subtrahend) in difference.iter_mut().zip(&padded).rev() {
        let value = i16::from(*octet) - i16::from(*subtrahend) - borrow;
        borrow = i16::from(value < 0);
        *octet = u8::try_from(value.rem_euclid(256)).unwrap_or(0);
    }
    Some(difference)
}

fn octets(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.filter_map(octet).collect()
}
