use super::*;
use alloc::vec::Vec;
use pki_types::{AlgorithmIdentifier, InvalidSignature};

/// Refuses every signature that `Accepting` accepts.
#[derive(Debug)]
struct Refusing(Accepting);

/// Accepts every signature.
#[derive(Debug)]
struct Accepting(u8);

/// Two types without data.
#[derive(Debug)]
struct One;
#[derive(Debug)]
struct Other;

macro_rules! algorithm {
    ($of:ty, $this:ident => $accepts:expr) => {
        impl SignatureVerificationAlgorithm for $of {
            fn verify_signature(
                &self,
                _: &[u8],
                _: &[u8],
                _: &[u8],
            ) -> Result<(), InvalidSignature> {
                let $this = self;
                if $accepts {
                    Ok(())
                } else {
                    Err(InvalidSignature)
                }
            }

            fn public_key_alg_id(&self) -> AlgorithmIdentifier {
                alg_id::ED25519
            }

            fn signature_alg_id(&self) -> AlgorithmIdentifier {
                alg_id::ED25519
            }
        }
    };
}
algorithm!(Accepting, this => this.0 == 1);
algorithm!(Refusing, this => this.0.0 == 0);
algorithm!(One, _this => true);
algorithm!(Other, _this => false);

static REFUSING: Refusing = Refusing(Accepting(1));
static ONE: One = One;

/// A wrapper has the address and the size of what it wraps, and refuses what that accepts.
#[test]
fn a_wrapper_is_not_what_it_wraps() {
    let outer: &'static dyn SignatureVerificationAlgorithm = &REFUSING;
    let inner: &'static dyn SignatureVerificationAlgorithm = &REFUSING.0;
    assert!(core::ptr::addr_eq(outer, inner));
    assert_eq!(size_of_val(outer), size_of_val(inner));
    assert!(outer.verify_signature(&[], &[], &[]).is_err());
    assert!(inner.verify_signature(&[], &[], &[]).is_ok());
    assert!(!is_same_algorithm(outer, inner));
    assert!(is_same_algorithm(outer, outer));
}

/// Types without data may lie at one address.
#[test]
fn types_without_data_are_told_apart() {
    let one: &'static dyn SignatureVerificationAlgorithm = &ONE;
    let other: &'static dyn SignatureVerificationAlgorithm = &Other;
    assert!(!is_same_algorithm(one, other));
    assert!(is_same_algorithm(one, one));
}

/// The identifiers of one set lie within those of another one, whatever the objects.
#[test]
fn sets_are_compared_by_identifiers() {
    static OWN: &[&dyn SignatureVerificationAlgorithm] = &[&REFUSING];
    static OTHERS: &[&dyn SignatureVerificationAlgorithm] = &[&ONE];
    let [own, others, none] = [OWN, OTHERS, &[]].map(SignatureAlgorithms::new);
    assert!(!own.are(&others) && own.are(&own));
    assert!(own.are_among(&others) && others.are_among(&own));
    assert!(none.are_among(&own) && !own.are_among(&none));
    let default = SignatureAlgorithms::default();
    let has_any = !default.as_slice().is_empty();
    assert_eq!(own.are_among(&default), has_any);
    assert_eq!(default.are_among(&own), !has_any);
}

/// A set of run time is the same as a static one of the same objects, and so are its copies.
#[test]
fn a_collected_set_is_compared_by_its_objects() {
    static OWN: &[&dyn SignatureVerificationAlgorithm] = &[&REFUSING, &ONE];
    let collected = |from: &[&'static dyn SignatureVerificationAlgorithm]| {
        from.iter().copied().collect::<SignatureAlgorithms>()
    };
    let (own, same) = (SignatureAlgorithms::new(OWN), collected(OWN));
    assert!(own.are(&same) && same.are(&own) && same.are(&same.clone()));
    assert!(same.are_among(&own) && own.are_among(&same));
    let turned: Vec<_> = OWN.iter().copied().rev().collect();
    assert!(!same.are(&collected(&turned)));
    assert!(!same.are(&collected(&OWN[..1])));
    assert!(collected(&[]).are(&SignatureAlgorithms::new(&[])));
    let found = same.find(&alg_id::ED25519, &alg_id::ED25519).unwrap();
    assert!(is_same_algorithm(found, &REFUSING));
}

/// The provider of `rustls` has the same algorithms in another order. They need not be the same
/// objects: each crate may have its own copies.
#[test]
#[cfg(feature = "ring")]
fn the_provider_of_rustls_has_the_identifiers_of_ring() {
    let provider = rustls::crypto::ring::default_provider();
    let all = provider.signature_verification_algorithms.all;
    let [theirs, ours] = [SignatureAlgorithms::new(all), SignatureAlgorithms::ring()];
    assert_eq!(theirs.as_slice().len(), ours.as_slice().len());
    assert!(theirs.are_among(&ours) && ours.are_among(&theirs));
    for (at, one) in ours.as_slice().iter().enumerate() {
        for (other_at, other) in ours.as_slice().iter().enumerate() {
            assert_eq!(is_same_algorithm(*one, *other), at == other_at);
        }
    }
}
