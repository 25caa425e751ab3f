use super::*;

#[test]
fn keys_follow_from_their_labels() {
    assert_eq!(Key::p256("a").spki(), Key::p256("a").spki());
    assert_ne!(Key::p256("a").spki(), Key::p256("b").spki());
    assert_ne!(Key::ed25519("a").spki(), Key::ed25519("b").spki());
}

#[test]
fn signatures_repeat() {
    let key = Key::rsa(RsaKey::Rsa2048A);
    let sign = || key.sign(SignatureAlgorithm::RsaPssSha256, b"message");
    assert_eq!(sign(), sign());
}

#[test]
fn moduli_have_the_size_asked_for() {
    let bits = |spki: Vec<u8>| {
        let (modulus, _exponent) = der::split_first(der::contents(public_key(&spki)));
        let octets = der::contents(modulus);
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        (octets.len() - zeros) * 8 - octets[zeros].leading_zeros() as usize
    };
    for size in [2047, 2048, 8192, 8193] {
        assert_eq!(bits(rsa_spki_of_size(size)), size);
    }
}
