//! Runs one case so many times, for `instructions.sh` to count the instructions of; or each hostile
//! chain once, beside its honest one.

use std::hint::black_box;

use benches::hostile::price::{PRICED, Signatures, measured_signature};
use benches::hostile::{Input, Saved, counted_so_far, found, measured_verification};
use benches::{AFTER, Case, KeyKind, Outcome, Pki};
use mtls_verify::TrustStore;
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::Memory;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", path] => {
            let saved = Saved::made().write(path.as_ref());
            return saved.expect("a file for what is made");
        }
        ["hostile", path] => {
            let saved = Saved::read(path.as_ref());
            return hostile(saved.expect("a file that was made"));
        }
        ["about"] => return about(),
        _ => {}
    }
    let [case, times] = arguments.as_slice() else {
        panic!(
            "usage: instructions CASE TIMES, or instructions make|hostile FILE, or instructions about"
        );
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
                let mut builder = TrustStore::builder();
                builder.add_ca_der(black_box(&der)).expect("a good CA");
                drop(black_box(builder));
            }
        }
        // The same as `cold`, by the peer. It has no figure; it is here to be looked at beside
        // ours.
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

/// A line for each call of `measured_signature` and `measured_verification`, whose instructions are
/// counted one by one: the name of the row; and of a verification the signatures by P-256, P-384
/// and RSA-2048, the bytes that are signed, and the row of its honest chain.
fn hostile(saved: Saved) {
    for (key, forged) in PRICED.iter().zip(&saved.signatures) {
        println!("signature-{}", key.name());
        measured_signature(forged);
        counted_so_far();
    }
    let mut honest_rows = std::collections::BTreeSet::new();
    for (kind, input) in saved.into_inputs() {
        assert!(input.is_within_bounds(), "{kind}: out of bounds");
        let honest = input.honest();
        let honest_row = format!("honest-{}", honest.premises().name());
        if honest_rows.insert(honest_row.clone()) {
            measure(&honest_row, &honest, "-");
        }
        measure(&format!("hostile-{kind}"), &input, &honest_row);
    }
}

fn measure(row: &str, input: &Input, honest: &str) {
    // Once to count the signatures, and to have everything of the process in place.
    let Signatures { by_key, bytes } = Signatures::of(|| drop(black_box(input.verify())));
    let [p256, p384, rsa] = by_key;
    println!("{row} {p256} {p384} {rsa} {bytes} {honest}");
    measured_verification(input);
    counted_so_far();
}

/// A line for each hostile chain: its kind, and then as columns of a table its genes, its bytes and
/// its error.
fn about() {
    for found in found() {
        let input = found.input();
        let genes: Vec<String> = found.genes.iter().map(u32::to_string).collect();
        println!(
            "{} {} | {} | {}",
            found.kind,
            genes.join(" "),
            input.bytes(),
            input.outcome(),
        );
    }
}
