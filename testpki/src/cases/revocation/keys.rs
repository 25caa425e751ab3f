//! A signature does not name one key: from one by ECDSA a second key can be computed for which it
//! holds. A certificate with that key and the name of the CRL's issuer changes nothing, wherever it
//! is.

use super::faults::Fault;
use super::{REVOKED, by, client, new_key, plain_crl, revoking, variant, whatever_is_allowed};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Cert, Crl, Key, recovery};

const RULE: &str = "RFC 5280 §6.3.3 (f), (g); SEC 1 §4.1.6";

pub(super) fn cases() -> Vec<Case> {
    [of_the_issuer(), of_the_new_key(), of_nobody()].concat()
}

/// A CA's certificate with the issuing CA's name and the second key for which the CRL's signature
/// holds. It has the signer's key identifier, which the CRL names.
fn second(crl: &Crl, signer: &Key, issuer: &Cert) -> Cert {
    Cert::ca("Issuing CA", signer)
        .spki(recovery::second_key(&crl.der(), signer))
        .issued_by(issuer)
}

/// The case with the second key's certificate presented, stored and both, and the CA's certificate
/// presented, stored and both.
fn everywhere(case: &Case, others: &[Cert], second: &Cert) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, chain, stored) in [
        ("ca-presented", true, false),
        ("ca-stored", false, true),
        ("ca-both", true, true),
    ] {
        for (second_at, second_presented, second_stored) in [
            ("presented", true, false),
            ("stored", false, true),
            ("both", true, true),
        ] {
            let pick = |cas: bool, seconds: bool| -> Vec<Cert> {
                let cas = if cas { others } else { &[] };
                let seconds = if seconds {
                    std::slice::from_ref(second)
                } else {
                    &[]
                };
                [seconds, cas].concat()
            };
            let presented = pick(chain, second_presented);
            let mut case = case.clone().chain(&[&[alice()][..], &presented].concat());
            let in_store = pick(stored, second_stored);
            if !in_store.is_empty() {
                case = case.intermediates(&in_store);
            }
            cases.push(variant(
                case,
                &format!("{at}-{second_at}"),
                &format!("The CA's certificates: {at}; that with the second key: {second_at}."),
            ));
        }
    }
    cases
}

/// The second key is one for the CRL of the client's own issuer. Nobody trusts its certificate, or
/// the root does.
fn of_the_issuer() -> Vec<Case> {
    let signer = Key::p256("issuing");
    let mut cases = Vec::new();
    for (trust, issuer, description) in [
        (
            "untrusted",
            stranger(),
            "A certificate that leads to no anchor has the second key for which the signature of the issuer's CRL holds.",
        ),
        (
            "trusted",
            root(),
            "A certificate below the root has the second key for which the signature of the issuer's CRL holds.",
        ),
    ] {
        let case = |suffix: &str, crl: &Crl, verdict: &str| {
            client(
                &format!("second-key-{trust}-{suffix}"),
                RULE,
                &format!("{description} {verdict}"),
            )
            .crls(std::slice::from_ref(crl))
        };
        let (good, revoked) = (plain_crl(), revoking());
        cases.extend(everywhere(
            &case("good", &good, "The CRL does not name the client: good."),
            &[issuing()],
            &second(&good, &signer, &issuer),
        ));
        cases.extend(whatever_is_allowed(everywhere(
            &case("revoked", &revoked, "The CRL names the client: refused.")
                .refuse(REVOKED, "client"),
            &[issuing()],
            &second(&revoked, &signer, &issuer),
        )));
    }
    cases
}

/// The second key is one for the CRL of the issuer's new key.
fn of_the_new_key() -> Vec<Case> {
    let new = new_key(&root());
    let signer = Key::p256("issuing, new");
    let (good, revoked) = (by(&new, plain_crl()), by(&new, revoking()));
    let case = |suffix: &str, crl: &Crl, verdict: &str| {
        let description = "A certificate that leads to no anchor has the second key for which the signature of the CRL by the CA's new key holds.";
        client(
            &format!("second-key-new-{suffix}"),
            RULE,
            &format!("{description} {verdict}"),
        )
        .crls(std::slice::from_ref(crl))
    };
    let others = [issuing(), new.clone()];
    [
        everywhere(
            &case("good", &good, "The CRL does not name the client: good."),
            &others,
            &second(&good, &signer, &stranger()),
        ),
        everywhere(
            &case("revoked", &revoked, "The CRL names the client: refused.")
                .refuse(REVOKED, "client"),
            &others,
            &second(&revoked, &signer, &stranger()),
        ),
    ]
    .concat()
}

/// Only the untrusted certificate with the second key is there, and not that of the new key, which
/// made the CRL.
fn of_nobody() -> Vec<Case> {
    let new = new_key(&root());
    let signer = Key::p256("issuing, new");
    let (good, revoked) = (by(&new, plain_crl()), by(&new, revoking()));
    let case = |suffix: &str, crl: &Crl, verdict: &str| {
        let description = "An untrusted certificate has the second key for which the signature of a CRL holds, and nobody has that of the first one.";
        client(
            &format!("second-key-only-{suffix}"),
            RULE,
            &format!("{description} {verdict}"),
        )
        .crls(std::slice::from_ref(crl))
    };
    [
        everywhere(
            &case(
                "denied",
                &good,
                "The CRL does not name the client, of which nothing is known: refused.",
            )
            .untold(Fault::Signature, "client"),
            &[issuing()],
            &second(&good, &signer, &stranger()),
        ),
        whatever_is_allowed(everywhere(
            &case("named", &revoked, "The CRL names the client: refused.")
                .named(Fault::Signature, "client"),
            &[issuing()],
            &second(&revoked, &signer, &stranger()),
        )),
    ]
    .concat()
}
