//! Names and serial numbers that are made to cost a verifier more than others.

use crate::{Name, der};

/// The hash by which the verifier looks for names, as `src/x509/name_key.rs` has it; its unit tests
/// hold the names below to have one key.
fn mix(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    mixed ^ (mixed >> 29)
}

/// Names that differ, have the same number of bytes, and are of one key to a verifier that does not
/// keep its hash secret.
///
/// Each is one commonName of 16 octets that are no text, and so are hashed as they are. The first
/// eight say which name it is, and the last eight make up for what the first ones did.
pub fn names_of_one_key() -> impl Iterator<Item = Name> {
    const OCTET_STRING: u8 = 0x04;
    // commonName: its three octets in one word, then how many they are; then the tag of the value.
    let oid = u64::from_be_bytes(*b"aaaaa\x55\x04\x03");
    let words = [oid, 3, OCTET_STRING.into()];
    let start = words.into_iter().fold(0xcbf2_9ce4_8422_2325, mix);
    (0u64..).map(move |number| {
        let rest = mix(start, number) ^ 0x0123_4567_89ab_cdef;
        let octets = [number.to_le_bytes(), rest.to_le_bytes()].concat();
        let value = der::octet_string(&octets);
        let attribute = der::sequence(&[der::oid("2.5.4.3"), value]);
        Name::raw(der::sequence(&[der::set(&[attribute])]))
    })
}

/// What the verifier keys the hash of a CRL's serial numbers with: `hash_key` of
/// `src/revocation/crl.rs`, whose unit tests hold the two to be the same. `signature` is the
/// content of the BIT STRING.
pub fn serial_hash_key(signature: &[u8]) -> u64 {
    let word = |chunk: &[u8]| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    };
    let start = signature.len() as u64;
    signature.chunks(8).map(word).fold(start, |key, word| {
        let mixed = (key ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed ^ (mixed >> 32)
    })
}

/// Serial numbers of 17 octets that all have one hash with this key, as `src/revocation/table.rs`
/// has it.
pub fn serials_of_one_hash(key: u64) -> impl Iterator<Item = Vec<u8>> {
    const OCTETS: u64 = 17;
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * 0x9e37_79b9_7f4a_7c15;
        (product as u64) ^ ((product >> 64) as u64)
    };
    (0u64..).map(move |number| {
        // Positive, and without a zero in front.
        let first = number << 8 | 0x40;
        let second = mix(mix(key, OCTETS), first) ^ 0x0123_4567_89ab_cdef;
        let mut octets = [first.to_le_bytes(), second.to_le_bytes()].concat();
        octets.push(0);
        octets
    })
}
