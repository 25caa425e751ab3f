//! Runs one case so many times, for `instructions.sh` to count the instructions of.

use std::hint::black_box;

use benches::{AFTER, Case, KeyKind, Outcome, Pki};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::{Memory, TrustStore};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [case, times] = arguments.as_slice() else {
        panic!("usage: instructions CASE TIMES");
    };
    let times: u32 = times.parse().expect("a number of times");
    let pki = Pki::new(KeyKind::P256, 2);
    // Signatures are the providers' business, and would drown all else.
    let cold = || pki.case().saying_yes();
    match case.as_str() {
        // A client below one intermediate is accepted.
        "cold" => verify(&cold(), Outcome::Accepted, times),
        // The same chain once more, from memory.
        "repeated" => {
            let case = cold();
            let verifier = case.remembering(Memory::default());
            for _ in 0..times {
                drop(black_box(black_box(&case).ours_by(&verifier)));
            }
        }
        // The SHA-256 of that chain, which is part of `repeated`.
        "sha256" => {
            let case = cold();
            for _ in 0..times {
                black_box(black_box(&case).sha256());
            }
        }
        // The same client is refused, because it has expired.
        "expired" => verify(&cold().at_second(AFTER), Outcome::Refused, times),
        // A CA's certificate is read into the builder of a store.
        "certificate" => {
            let der = CertificateDer::from(pki.anchor());
            for _ in 0..times {
                let builder = TrustStore::builder().add_ca_der(black_box(&der));
                drop(black_box(builder).expect("a good CA"));
            }
        }
        // The same as `cold`, by the peer. It has no figure; it is here to be looked at beside ours.
        "webpki" => {
            let case = cold();
            for _ in 0..times {
                black_box(black_box(&case).webpki()).expect("accepted");
            }
        }
        other => panic!("unknown case {other:?}"),
    }
}

fn verify(case: &Case, expected: Outcome, times: u32) {
    case.check(expected);
    for _ in 0..times {
        drop(black_box(black_box(case).ours()));
    }
}
