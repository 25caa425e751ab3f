//! That everything has the number of its own name: `tests/results.rs` sees that it has one.

use std::fmt::Debug;

use mtls_verify::error::{FormRule, NameViolation, NotACa, ParseError, TrustDomainProblem, Work};
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::revocation::{DeniedBy, RevocationReason};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, verify_client_chain};
use testpki::{Cert, Key};

use super::*;

/// The variant of an enum, with which `Debug` begins.
fn variant(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

fn parse_error() -> ParseError {
    let empty = CertificateDer::from(&[0x30, 0x00][..]);
    let error = TrustStore::builder().add_ca_der(&empty).unwrap_err();
    match error.problem() {
        StoreProblem::Malformed(error) => error.clone(),
        other => panic!("{other:?}"),
    }
}

fn client() -> VerifiedClient {
    let root = Cert::ca("Root", &Key::p256("root"));
    let alice = Cert::client("alice", &Key::p256("alice")).issued_by(&root);
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good CA");
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
    let chain = [CertificateDer::from(alice.der())];
    verify_client_chain(&store, &chain, now, &ClientPolicy::default()).expect("a good client")
}

#[test]
fn inputs_and_positions() {
    let inputs = [
        Input::Ca,
        Input::Intermediate,
        Input::PinnedClient,
        Input::Crl,
    ];
    for input in inputs {
        assert_eq!(variant(&of_input(input)), variant(&input));
    }
    let positions = [
        (Position::Client, 0),
        (Position::Presented(3), 3),
        (Position::Intermediate, 0),
        (Position::Anchor, 0),
    ];
    for (position, index) in positions {
        let (found, at) = of_position(position);
        assert_eq!(
            (variant(&found), at),
            (variant(&position), index),
            "{position:?}"
        );
    }
}

#[test]
fn problems_of_stores() {
    let text = String::new;
    let problems = [
        StoreProblem::Empty { hint: None },
        StoreProblem::Label { label: text() },
        StoreProblem::PrivateKey { label: text() },
        StoreProblem::Boundary { resembles: "" },
        StoreProblem::NoEnd,
        StoreProblem::BrokenEnd { line: 1 },
        StoreProblem::OtherEnd {
            begin: text(),
            end: text(),
            line: 1,
        },
        StoreProblem::StrayEnd,
        StoreProblem::Nul,
        StoreProblem::Base64 { line: 1 },
        StoreProblem::TooLarge { bytes: 2, limit: 1 },
        StoreProblem::StoreTooLarge,
        StoreProblem::Malformed(parse_error()),
        StoreProblem::UnhandledExtension {
            oid: text(),
            entry: None,
        },
        StoreProblem::NotACa(NotACa::CaFalse),
        StoreProblem::TrustSettings,
        StoreProblem::StrayBase64,
    ];
    for problem in problems {
        let expected = match variant(&problem).as_str() {
            "TooLarge" => "StoreCertificateTooLarge".to_owned(),
            "StoreTooLarge" => "StoreTooLarge".to_owned(),
            name => format!("Store{name}"),
        };
        assert_eq!(variant(&of_store(&problem)), expected);
    }
}

#[test]
fn reasons_of_refusals() {
    let client = client();
    let (not_before, not_after) = client.identity().validity().into_inner();
    let now = UnixTime::since_unix_epoch(std::time::Duration::ZERO);
    let (text, name) = (String::new, Vec::new);
    let (allowed, found, limit) = (0, 1, 1);
    let reasons = [
        Reason::EmptyChain,
        Reason::TooManyPresented {
            presented: 2,
            limit,
        },
        Reason::CertificateTooLarge { bytes: 2, limit },
        Reason::PathTooLong { limit },
        Reason::MaxPathLength { allowed, found },
        Reason::SignatureLimit { limit: 1 },
        Reason::WorkLimit {
            limit: 1,
            doing: Work::Reading,
        },
        Reason::Malformed(parse_error()),
        Reason::UnknownIssuer {
            issuer: name(),
            malformed: None,
        },
        Reason::NoWayToAnchor { issuer: name() },
        Reason::UntrustedRoot,
        Reason::BadSignature,
        Reason::UnsupportedSignatureAlgorithm { algorithm: text() },
        Reason::UnsupportedKey { algorithm: text() },
        Reason::KeySize {
            bits: 1,
            minimum: 2,
            maximum: 3,
        },
        Reason::NotYetValid { not_before, now },
        Reason::Expired { not_after, now },
        Reason::NotACa(NotACa::CaFalse),
        Reason::PathLength { allowed, found },
        Reason::KeyUsage { needed: "" },
        Reason::Purpose {
            needed: text(),
            left: text(),
        },
        Reason::NoPurpose { needed: text() },
        Reason::UnhandledExtension { oid: text() },
        Reason::NameConstraint {
            name: text(),
            constrained_by: name(),
            violation: NameViolation::Excluded,
        },
        Reason::NoValidPolicy,
        Reason::PolicyNotAcceptable { valid: Vec::new() },
        Reason::RepeatedPolicy { policy: text() },
        Reason::MapsAnyPolicy,
        Reason::Denied {
            by: DeniedBy::Signed,
        },
        Reason::Revoked {
            reason: RevocationReason::Unspecified,
            on: now,
        },
        Reason::RevocationUnknown { passed_over: None },
        Reason::StaleCrl {
            issuer: name(),
            this_update: now,
            fresh_until: not_after,
            now,
        },
        Reason::CircularCrls,
        Reason::NonConforming(FormRule::SerialTooLong),
        Reason::IdentityNotAccepted {
            rule: String::new(),
            found: Vec::new(),
        },
        Reason::CaAsClient,
    ];
    let without_number = [
        Reason::HandshakeSignature,
        Reason::OutOfScope {
            scope: text(),
            name: text(),
            violation: NameViolation::Excluded,
        },
        Reason::TrustDomain(TrustDomainProblem::Elsewhere {
            trust_domain: text(),
        }),
        Reason::NoSuchScope { scope: text() },
    ];
    assert_eq!(reasons.len() + without_number.len(), Reason::NAMES.len());
    for reason in reasons {
        assert_eq!(variant(&of_refusal(&reason)), variant(&reason));
    }
    for reason in without_number {
        assert_eq!(of_refusal(&reason), MtlsResult::RefusedOther);
    }
}
