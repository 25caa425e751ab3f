//! Keys computed from signatures by ECDSA (SEC 1 §4.1.6).

use p256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::{Key, der, key, oid};

/// The SubjectPublicKeyInfo of the other key for which the signature of a certificate or CRL holds,
/// which `signer` made with P-256 and SHA-256. Nobody has its private half.
///
/// # Panics
///
/// If `signer` did not make it so.
pub fn second_key(signed: &[u8], signer: &Key) -> Vec<u8> {
    let (tbs, rest) = der::split_first(der::contents(signed));
    let (_algorithm, bit_string) = der::split_first(rest);
    let (_unused_bits, signature) = der::contents(bit_string).split_at(1);
    let signature = Signature::from_der(signature).expect("a signature");
    let digest = Sha256::digest(tbs);
    // Each of the two points with the x coordinate r gives a key.
    let [even, odd] = [false, true].map(|is_y_odd| {
        let id = RecoveryId::new(is_y_odd, false);
        let key = VerifyingKey::recover_from_prehash(&digest, &signature, id).expect("a key");
        key::ec_spki(oid::P256, key.to_sec1_point(false).as_bytes())
    });
    match signer.spki() {
        spki if spki == even => odd,
        spki if spki == odd => even,
        _ => panic!("{signer:?} did not make the signature"),
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::hazmat::PrehashVerifier;

    use super::*;
    use crate::{Cert, Crl};

    #[test]
    fn the_signature_holds_for_the_second_key() {
        let signer = Key::p256("root");
        let crl = Crl::of(&Cert::ca("Root", &signer)).der();
        let second = second_key(&crl, &signer);
        assert_ne!(second, signer.spki());
        let (tbs, rest) = der::split_first(der::contents(&crl));
        let (_algorithm, bit_string) = der::split_first(rest);
        let signature = Signature::from_der(&der::contents(bit_string)[1..]).unwrap();
        let second = VerifyingKey::from_sec1_bytes(key::public_key(&second)).unwrap();
        second
            .verify_prehash(&Sha256::digest(tbs), &signature)
            .expect("it holds");
    }
}
