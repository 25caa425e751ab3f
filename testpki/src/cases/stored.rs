//! Presented certificates that the store has as well: they are the store's.

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::{Cert, Crl, Extension, Key, KeyUsage};

const EXPIRED: &str = "expired";
const REVOKED: &str = "revoked";

pub(super) fn cases() -> Vec<Case> {
    [
        accepted(),
        refused(),
        unsigned(),
        as_anchor_alone(),
        clients_own(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("stored-{name}"), "RFC 5280 §6.1", description)
}

/// The issuing CA, as long expired.
fn expired() -> Cert {
    issuing().not_after("2025-01-01T00:00:00Z")
}

fn accepted() -> Vec<Case> {
    let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    vec![
        case("anchor", "The anchor is presented: accepted.").chain(&[alice(), issuing(), root()]),
        case(
            "anchor-first",
            "The anchor is presented before its intermediate: accepted.",
        )
        .chain(&[alice(), root(), issuing()]),
        case("intermediate", "The store has the presented intermediate: accepted.")
            .intermediates(&[issuing()]),
        case(
            "intermediate-twice",
            "The intermediate of the store is presented twice, and the anchor as well: accepted.",
        )
        .chain(&[alice(), issuing(), root(), issuing(), root()])
        .intermediates(&[issuing()]),
        case(
            "one-of-two",
            "The store has one of two presented intermediates: accepted.",
        )
        .chain(&[alice_of(&sub), sub.clone(), issuing()])
        .intermediates(&[issuing()])
        .path(&["CN=alice", "CN=Sub CA", "CN=Issuing CA", "CN=Root"]),
        case(
            "intermediate-twin",
            "The intermediate is presented with its other ECDSA signature: accepted.",
        )
        .chain(&[alice(), issuing().other_encoding()])
        .intermediates(&[issuing()]),
        case(
            "intermediate-broken",
            "The intermediate is presented with a signature that does not hold: accepted by the store's.",
        )
        .chain(&[alice(), issuing().flip_signature_bit()])
        .intermediates(&[issuing()]),
    ]
}

/// An intermediate of the store that its anchor did not sign. With CRLs, the store knows that.
fn unsigned() -> Vec<Case> {
    let broken = issuing().flip_signature_bit();
    let of_store = |name: &str, description: &str| {
        case(name, description)
            .chain(&[alice()])
            .intermediates(std::slice::from_ref(&broken))
            .refuse("bad-signature", "intermediate")
    };
    vec![
        of_store(
            "unsigned",
            "The root's key did not sign the intermediate of the store: refused.",
        ),
        of_store(
            "unsigned-with-crls",
            "The same with CRLs: refused for the same reason.",
        )
        .crls(&[Crl::of(&root()), Crl::of(&issuing())]),
    ]
}

/// An error is about the certificate of the store.
fn refused() -> Vec<Case> {
    let expired_chain = |case: Case| case.chain(&[alice(), expired()]);
    let only_expired = case(
        "expired",
        "The expired intermediate is presented, and the store has it: refused.",
    )
    .chain(&[alice(), expired()])
    .intermediates(&[expired()])
    .refuse(EXPIRED, "intermediate");
    let revoked = |case: Case| {
        let crls = [Crl::of(&root()).revoke(&issuing()), Crl::of(&issuing())];
        case.policy("revocation.scope", "whole-path").crls(&crls)
    };
    let client_revoked = case(
        "client-revoked",
        "The client is revoked, and presents the intermediate of the store: refused.",
    )
    .intermediates(&[issuing()])
    .policy("revocation.scope", "client-only")
    .crls(&[Crl::of(&issuing()).revoke(&alice())])
    .refuse(REVOKED, "client");
    let broken = issuing().rewrite(|mut certificate| {
        certificate.truncate(certificate.len() - 5);
        certificate
    });
    let malformed = case(
        "malformed",
        "The intermediate does not parse and comes after the store's anchor: the error has its place in the chain.",
    )
    .chain(&[alice(), root(), broken])
    .refuse("unknown-issuer", "client")
    .message("presented certificate 2");
    let presented_expired = expired_chain(case(
        "expired-not",
        "The expired intermediate is only presented: refused.",
    ))
    .refuse(EXPIRED, "presented 1");
    let renewed = expired_chain(case(
        "renewed",
        "The expired intermediate is presented; the store has the renewed one: accepted.",
    ))
    .intermediates(&[issuing(), expired()]);
    let presented_revoked = revoked(case(
        "revoked-not",
        "The revoked intermediate is only presented: refused.",
    ))
    .refuse(REVOKED, "presented 1");
    let stored_revoked = revoked(case(
        "revoked",
        "The revoked intermediate is presented, and the store has it: refused.",
    ))
    .intermediates(&[issuing()])
    .refuse(REVOKED, "intermediate");
    vec![
        only_expired,
        presented_expired,
        renewed,
        presented_revoked,
        stored_revoked,
        client_revoked,
        malformed,
    ]
}

/// An anchor that another one certified is an anchor alone, unless it is an intermediate of the
/// store as well: what a client presents makes it nothing else.
fn as_anchor_alone() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        case(&format!("anchor-{name}"), description)
            .anchors(&[root(), expired()])
            .policy("expiry.issuers", "accept")
    };
    let refused = |case: Case| case.refuse(EXPIRED, "anchor");
    vec![
        refused(case(
            "expired",
            "An expired anchor, where only issuers may have expired: refused.",
        ))
        .chain(&[alice()]),
        refused(case(
            "expired-presented",
            "The expired anchor is presented: refused as before.",
        ))
        .chain(&[alice(), expired()]),
        case(
            "expired-intermediate",
            "The expired anchor is an intermediate of the store as well: accepted by the other anchor.",
        )
        .intermediates(&[expired()])
        .chain(&[alice()]),
        case(
            "expired-intermediate-presented",
            "The same certificate is presented as well: accepted.",
        )
        .intermediates(&[expired()])
        .chain(&[alice(), expired()]),
    ]
}

/// The issuing CA, with a key that is for clients as well.
fn both() -> Cert {
    let usages = [
        KeyUsage::DigitalSignature,
        KeyUsage::KeyCertSign,
        KeyUsage::CrlSign,
    ];
    issuing().extension(Extension::key_usage(&usages).critical())
}

/// The client's own certificate is the client's, wherever else it is.
fn clients_own() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        case(&format!("client-{name}"), description)
            .intermediates(&[both()])
            .policy("client-ca", "accept")
            .path(&["CN=Issuing CA", "CN=Root"])
            .valid_until("2040-01-01T00:00:00Z")
    };
    vec![
        case(
            "own",
            "The client's own certificate is an intermediate of the store: accepted.",
        )
        .chain(&[both()]),
        case("own-twice", "It is presented twice: accepted.").chain(&[both(), both()]),
        case(
            "own-and-others",
            "It is presented with the anchor and a stranger: accepted.",
        )
        .chain(&[both(), stranger(), root()]),
        case("own-revoked", "It is revoked: refused as the client's.")
            .chain(&[both(), both()])
            .policy("revocation.scope", "client-only")
            .crls(&[Crl::of(&root()).revoke(&both())])
            .refuse(REVOKED, "client"),
    ]
}
