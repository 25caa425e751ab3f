//! The other encoding of a certificate that its issuer signed with ECDSA.
//!
//! If (r, s) is a signature, (r, n − s) is another one over the same bytes, where n is the order
//! of the curve's base point: it takes no key to make it. So a certificate has two encodings that
//! verify, with two fingerprints.

use alloc::vec::Vec;

use super::certificate::Certificate;
use super::der::{Problem, Reader, only_element, tag};

/// The orders n of the curves that certificates are signed on here: SEC 2 version 2 §2.4.2,
/// §2.5.1 and §2.6.1, the same in NIST SP 800-186 §3.2.1.3 to §3.2.1.5. Big-endian, without
/// zeros in front.
const ORDERS: [&[u8]; 3] = [&P256, &P384, &P521];

#[rustfmt::skip]
const P256: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[rustfmt::skip]
const P384: [u8; 48] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
];

#[rustfmt::skip]
const P521: [u8; 66] = [
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
    0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
    0x64, 0x09,
];

/// The DER of a certificate with another signatureValue, in three parts: its header, what both
/// certificates have, and the signatureValue.
pub(crate) struct OtherEncoding<'a> {
    header: Vec<u8>,
    signed: &'a [u8],
    signature: Vec<u8>,
}

impl OtherEncoding<'_> {
    pub(crate) fn parts(&self) -> [&[u8]; 3] {
        [&self.header, self.signed, &self.signature]
    }
}

/// The certificate with the other signature, for each curve on which its own signature can be one.
/// No key is asked, so of a signature on P-256, two of the three do not verify.
///
/// None if the signature is no Ecdsa-Sig-Value (RFC 3279 §2.2.3) in DER, which nothing verifies;
/// whatever its algorithm is called.
pub(crate) fn other_encodings(
    certificate: Certificate<'_>,
) -> impl Iterator<Item = OtherEncoding<'_>> {
    let parts = read(certificate.as_bytes()).ok();
    parts.into_iter().flat_map(|Parts { signed, r, s }| {
        ORDERS.into_iter().filter_map(move |order| {
            let is_scalar = |number: &[u8]| is_below(number, order);
            if !is_scalar(r) || !is_scalar(s) {
                return None;
            }
            let values = [integer(r), integer(&difference(order, s))].concat();
            let value = [header(tag::SEQUENCE, values.len()), values].concat();
            // No bit of the last octet is unused.
            let bits = value.len().saturating_add(1);
            let signature = [header(tag::BIT_STRING, bits), [0].into(), value].concat();
            Some(OtherEncoding {
                header: header(tag::SEQUENCE, signed.len().saturating_add(signature.len())),
                signed,
                signature,
            })
        })
    })
}

/// What stands before the signatureValue, and the magnitudes of r and s.
struct Parts<'a> {
    signed: &'a [u8],
    r: &'a [u8],
    s: &'a [u8],
}

fn read(certificate: &[u8]) -> Result<Parts<'_>, Problem> {
    let content = only_element(certificate, tag::SEQUENCE)?.value;
    let mut fields = Reader::new(content);
    fields.expect(tag::SEQUENCE)?;
    fields.expect(tag::SEQUENCE)?;
    let before = content.len().saturating_sub(fields.rest().len());
    let (signature, _) = fields.bit_string()?;
    let mut values = only_element(signature, tag::SEQUENCE)?.reader();
    let (r, s) = (values.integer()?.value, values.integer()?.value);
    values.finish()?;
    Ok(Parts {
        signed: content.get(..before).unwrap_or_default(),
        r: magnitude(r)?,
        s: magnitude(s)?,
    })
}

/// The octets of a positive INTEGER without the zero that keeps its sign.
fn magnitude(integer: &[u8]) -> Result<&[u8], Problem> {
    match integer {
        [0] | [0x80..=0xff, ..] => Err(Problem::OutOfRange),
        [0, magnitude @ ..] => Ok(magnitude),
        _ => Ok(integer),
    }
}

/// Compares two numbers without zeros in front.
fn is_below(number: &[u8], order: &[u8]) -> bool {
    (number.len(), number) < (order.len(), order)
}

/// `order` − `number`, which is below it, with as many octets as `order` has.
fn difference(order: &[u8], number: &[u8]) -> Vec<u8> {
    let mut borrow = false;
    let digits = number.iter().rev().copied().chain(core::iter::repeat(0));
    let mut octets: Vec<u8> = order
        .iter()
        .rev()
        .zip(digits)
        .map(|(minuend, subtrahend)| {
            let (difference, below) = minuend.overflowing_sub(subtrahend);
            let (difference, below_zero) = difference.overflowing_sub(u8::from(borrow));
            borrow = below || below_zero;
            difference
        })
        .collect();
    octets.reverse();
    octets
}

/// The INTEGER of a positive number, with or without zeros in front.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let magnitude = number.get(zeros..).unwrap_or_default();
    let sign: &[u8] = match magnitude.first() {
        Some(0x80..) => &[0],
        _ => &[],
    };
    let len = sign.len().saturating_add(magnitude.len());
    [&header(tag::INTEGER, len), sign, magnitude].concat()
}

/// Identifier and length octets (X.690 §10.1).
fn header(tag: u8, len: usize) -> Vec<u8> {
    let octets = len.to_be_bytes();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let length = octets.get(zeros..).unwrap_or_default();
    match length {
        [] => [tag, 0].into(),
        [short @ ..=0x7f] => [tag, *short].into(),
        // A certificate is shorter than 4 GiB, so there are at most four.
        _ => [&[tag, 0x80 | length.len() as u8], length].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::Fields;
    use alloc::vec;
    use testpki::{Cert, Key};

    #[test]
    fn differences_add_up() {
        for order in ORDERS {
            for number in [&[1][..], &[0xff; 20], &order[..order.len() - 1]] {
                let difference = difference(order, number);
                let mut carry = 0;
                let mut sum: Vec<u8> = difference
                    .iter()
                    .rev()
                    .zip(number.iter().rev().chain(core::iter::repeat(&0)))
                    .map(|(a, b)| {
                        let sum = u16::from(*a) + u16::from(*b) + carry;
                        carry = sum >> 8;
                        sum as u8
                    })
                    .collect();
                sum.reverse();
                assert_eq!((&sum[..], carry), (order, 0));
            }
        }
    }

    #[test]
    fn lengths_are_in_their_shortest_form() {
        for len in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let mut der = header(tag::SEQUENCE, len);
            der.extend(vec![0; len]);
            let element = only_element(&der, tag::SEQUENCE).expect("strict DER");
            assert_eq!(element.value.len(), len);
        }
    }

    #[test]
    fn integers_are_in_their_shortest_form() {
        for (number, encoded) in [
            (&[0, 0, 1][..], &[2, 1, 1][..]),
            (&[0x7f], &[2, 1, 0x7f]),
            (&[0x80], &[2, 2, 0, 0x80]),
            (&[0, 0x80, 1], &[2, 3, 0, 0x80, 1]),
        ] {
            assert_eq!(integer(number), encoded);
        }
    }

    #[test]
    fn other_encodings_are_on_curves_that_have_both_scalars() {
        let encodings = |r: &[u8], s: &[u8]| {
            let values = [integer(r), integer(s)].concat();
            let value = [header(tag::SEQUENCE, values.len()), values].concat();
            let der = Cert::ca("CA", &Key::p256("ca")).raw_signature(value).der();
            let fields = Fields::parse(&der).unwrap();
            other_encodings(fields.view(&der)).count()
        };
        let beyond_p256 = [0xff; 32];
        assert_eq!(encodings(&[1], &[1]), 3);
        assert_eq!(encodings(&beyond_p256, &[1]), 2);
        assert_eq!(encodings(&[1], &beyond_p256), 2);
    }

    #[test]
    fn scalars_lie_between_zero_and_the_order() {
        let mut above = P256;
        above[31] += 1;
        assert!(!is_below(&P256, &P256) && !is_below(&above, &P256));
        assert!(is_below(&P256[..31], &P256) && is_below(&above, &P384));
        assert_eq!(magnitude(&[0]), Err(Problem::OutOfRange));
        assert_eq!(magnitude(&[0x80]), Err(Problem::OutOfRange));
        assert_eq!(magnitude(&[0, 0x80]), Ok(&[0x80][..]));
    }
}
