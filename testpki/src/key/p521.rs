//! Keys on P-521.

use super::{Key, PrivateKey, ec_spki};
use crate::{der, oid};

/// The coordinates of the base point of P-521 (FIPS 186-4 D.1.2.5).
const X: [u8; 66] = octets(
    b"00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba\
      a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
);
const Y: [u8; 66] = octets(
    b"011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c\
      97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
);

/// The SubjectPublicKeyInfo of the P-521 key in `testpki/keys/`. Nothing here signs with it, unlike
/// with [`Key::p521`].
pub fn p521_spki() -> Vec<u8> {
    include_bytes!("../../keys/p521-a.pub.der").to_vec()
}

impl Key {
    /// The P-521 key whose private half is 1, so that its public half is the base point.
    pub fn p521() -> Self {
        let point = [&[4], &X[..], &Y[..]].concat();
        Self::new(PrivateKey::P521, ec_spki(oid::P521, &point), Vec::new())
    }
}

/// The signature of the private key 1 with the nonce 1: r is the base point's x, and s the sum of
/// the hash and r. It stays below the order, as a hash has at most 512 bits, and x has 520.
pub(super) fn sign(hash: &[u8]) -> Vec<u8> {
    let mut sum = X;
    let mut carry = 0;
    for (index, octet) in sum.iter_mut().rev().enumerate() {
        let added = hash.iter().rev().nth(index).copied().unwrap_or(0);
        let total = u16::from(*octet) + u16::from(added) + carry;
        *octet = (total & 0xff) as u8;
        carry = total >> 8;
    }
    der::sequence(&[der::unsigned_bytes(&X), der::unsigned_bytes(&sum)])
}

const fn octets(digits: &[u8; 132]) -> [u8; 66] {
    let mut octets = [0; 66];
    let mut at = 0;
    while at < 66 {
        octets[at] = digit(digits[2 * at]) << 4 | digit(digits[2 * at + 1]);
        at += 1;
    }
    octets
}

const fn digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => panic!("not a hexadecimal digit"),
    }
}
