//! Revocation: which lists count for which certificate, what they say, and what the policy makes of it.

mod authentic;
mod basic;
mod critical;
mod delegated;
mod delta;
mod delta_applies;
mod deny;
mod encoding;
mod entries;
mod freshness;
mod indirect;
mod kinds;
mod loading;
mod loading_fields;
mod newest;
mod points;
mod profile;
mod profile_extensions;
mod reasons;
mod relative;
mod rollover;
mod until;

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Extension, Key};

/// The code of a refusal because a certificate is revoked.
const HIT: &str = "ClientCertCrlHit";
/// The code of a refusal because nobody can tell whether a certificate is revoked.
const UNCLEAR: &str = "ClientCertCrlProcessingError";

/// Of the client, its issuer and the anchor, where only the client is checked.
const GOOD: [&str; 3] = ["good", "not-checked", "not-checked"];
const STALE: [&str; 3] = ["stale", "not-checked", "not-checked"];
const UNKNOWN: [&str; 3] = ["unknown", "not-checked", "not-checked"];
/// Where the whole path is checked.
const ALL_GOOD: [&str; 3] = ["good", "good", "not-checked"];

pub(super) fn cases() -> Vec<Case> {
    [
        basic::cases(),
        freshness::cases(),
        until::cases(),
        newest::cases(),
        authentic::cases(),
        delegated::cases(),
        rollover::cases(),
        kinds::cases(),
        points::cases(),
        relative::cases(),
        reasons::cases(),
        indirect::cases(),
        delta::cases(),
        delta_applies::cases(),
        entries::cases(),
        loading::cases(),
        loading_fields::cases(),
        profile::cases(),
        profile_extensions::cases(),
        encoding::cases(),
        deny::cases(),
        critical::cases(),
    ]
    .concat()
}

/// A case in which the client is checked, and the CA that issued it has a list without entries.
fn client(name: &str, rule: &str, description: &str) -> Case {
    Case::new(&format!("revocation-{name}"), rule, description)
        .policy("revocation", "client")
        .crls(&[list()])
        .revocation(&GOOD)
}

/// A case in which the whole path is checked, and both CAs have a list without entries.
fn whole_path(name: &str, rule: &str, description: &str) -> Case {
    Case::new(&format!("revocation-{name}"), rule, description)
        .policy("revocation", "path")
        .crls(&[list(), Crl::of(&root())])
        .revocation(&ALL_GOOD)
}

/// The list of the issuing CA: of 2026, without entries.
fn list() -> Crl {
    Crl::of(&issuing())
}

/// The list of the issuing CA, which revokes alice.
fn revoking() -> Crl {
    list().revoke(&alice())
}

/// The same list by another key: signature and authorityKeyIdentifier.
fn by(signer: &Cert, crl: Crl) -> Crl {
    let key = signer.key().expect("a signer has a key");
    let identifier = Extension::authority_key_identifier(&key.identifier());
    crl.signed_by(key).extension(identifier)
}

/// A client of the issuing CA that the lists may revoke without harm to alice.
fn bob() -> Cert {
    Cert::client("bob", &Key::p256("bob")).issued_by(&issuing())
}

/// Another CA below the root, which issues CRLs for others.
fn crl_issuer() -> Cert {
    Cert::ca("CRL Issuer", &Key::p256("crl issuer")).issued_by(&root())
}

/// A list that counts for alice: without her she is good, with her she is revoked. `set` gives a case its list, and what belongs
/// to it.
fn used(name: &str, rule: &str, description: &str, set: impl Fn(Case, Crl) -> Case) -> Vec<Case> {
    let case = |suffix: &str, verdict: &str| {
        client(
            &format!("{name}-{suffix}"),
            rule,
            &format!("{description} {verdict}"),
        )
    };
    vec![
        set(
            case("good", "It does not list the client: accepted."),
            list(),
        ),
        set(case("revoked", "It lists the client: refused."), revoking()).refuse(HIT, "client"),
    ]
}

/// A list that does not count for alice: it does not make her good, and if it lists her that is nothing.
fn unused(name: &str, rule: &str, description: &str, set: impl Fn(Case, Crl) -> Case) -> Vec<Case> {
    let case = |suffix: &str, verdict: &str| {
        client(
            &format!("{name}-{suffix}"),
            rule,
            &format!("{description} {verdict}"),
        )
    };
    let allowed = case(
        "allowed",
        "It lists the client, which the policy lets in while nothing is known: accepted.",
    )
    .policy("revocation_unknown", "allow")
    .revocation(&UNKNOWN);
    vec![
        set(
            case("denied", "So nothing is known of the client: refused."),
            list(),
        )
        .refuse(UNCLEAR, "client"),
        set(allowed, revoking()),
    ]
}
