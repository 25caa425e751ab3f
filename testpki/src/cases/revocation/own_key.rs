//! Where the key that signed the client has a CRL, only CRLs by that key vouch: a fresh CRL by
//! another key hides no stale one.

use super::{
    GOOD, REVOCATION_UNKNOWN, REVOKED, STALE, STALE_CRL, by, client, new_key, placed, plain_crl,
    revoking, variant, whatever_is_allowed, whole_path,
};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Entry, Extension, IssuingDistributionPoint, Key, KeyUsage, Reason, oid};

const RULE: &str = "RFC 5280 §6.3.3 (a), docs/guide/revocation.md";

const MARCH: &str = "2026-03-01T00:00:00Z";
const MAY: &str = "2026-05-01T00:00:00Z";
const JULY: &str = "2026-07-01T00:00:00Z";
const AUGUST: &str = "2026-08-01T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [
        stale(),
        accepted_stale(),
        not_stale(),
        some_reasons(),
        others_revoke(),
        of_intermediates(),
        other_certificates(),
    ]
    .concat()
}

/// The CRL of the old key, which signed the client: of March, and stale since May.
fn old() -> Crl {
    plain_crl().number(3).this_update(MARCH).next_update(MAY)
}

/// The CRL of the CA's new key.
fn fresh() -> Crl {
    by(
        &new_key(&root()),
        plain_crl().number(5).this_update(MAY).next_update(AUGUST),
    )
}

fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("own-key-{name}"), RULE, description).crls(crls)
}

/// The certificate of the new key is presented, stored, and both.
fn anywhere(case: &Case) -> Vec<Case> {
    placed(case, &[alice(), issuing()], &[new_key(&root())])
}

fn stale() -> Vec<Case> {
    let late = case(
        "stale",
        "The CRL by the key that signed the client is stale, and the CA's new key made a fresh one: refused, and the message names the stale CRL.",
        &[old(), fresh()],
    )
    .refuse(STALE_CRL, "client")
    .message(MARCH);
    let alone = case(
        "absent",
        "The key that signed the client has no CRL, and the CA's new key made a fresh one: good.",
        &[fresh()],
    )
    .valid_until(AUGUST);
    let mut cases = whatever_is_allowed(anywhere(&late));
    cases.extend(anywhere(&alone));
    cases
}

/// The policy accepts stale CRLs.
fn accepted_stale() -> Vec<Case> {
    let accepted = case(
        "stale-accepted",
        "The CRL by the key that signed the client is stale, which the policy accepts; the CA's new key made a fresh one: the status is stale.",
        &[old(), fresh()],
    )
    .policy("revocation.stale", "accept")
    .revocation(&STALE);
    anywhere(&accepted)
}

/// Nothing by the own key is stale, whatever becomes of others.
fn not_stale() -> Vec<Case> {
    let until_july = || old().next_update(JULY);
    let only_cas = IssuingDistributionPoint::new().only_ca_certs();
    let delta = plain_crl()
        .number(6)
        .delta(3)
        .this_update(MAY)
        .next_update(JULY);
    let by_new = |crl: Crl| by(&new_key(&root()), crl);
    [
        case(
            "fresh",
            "The CRL by the key that signed the client is fresh, and that by the CA's new key is stale: good.",
            &[until_july(), by_new(plain_crl().next_update(MAY))],
        )
        .valid_until(JULY),
        case(
            "both-fresh",
            "The CRL by the key that signed the client ends before that by the new key: good until then.",
            &[until_july(), fresh()],
        )
        .valid_until(JULY),
        case(
            "superseded",
            "The stale CRL by the key that signed the client has a fresh successor by that key: good.",
            &[old(), plain_crl().number(4).this_update(MAY).next_update(JULY), fresh()],
        )
        .valid_until(JULY),
        case(
            "continued",
            "A fresh delta by the same key continues the stale CRL by the key that signed the client: good.",
            &[old(), delta, fresh()],
        )
        .valid_until(JULY),
        case(
            "out-of-scope",
            "The stale CRL by the key that signed the client is about CAs, and the CRL by the new key vouches: good.",
            &[old().point(&only_cas), fresh()],
        )
        .valid_until(AUGUST),
        case(
            "to-come",
            "The CRL by the key that signed the client is of the time after its notAfter, and the CRL by the new key vouches: good.",
            &[
                plain_crl().this_update("2027-06-01T00:00:00Z").next_update("2028-01-01T00:00:00Z"),
                fresh(),
            ],
        )
        .valid_until(AUGUST),
        case(
            "delta-only",
            "The key that signed the client has a stale delta and no complete CRL, and the CRL by the new key vouches: good.",
            &[plain_crl().number(4).delta(3).this_update(MARCH).next_update(MAY), fresh()],
        )
        .valid_until(AUGUST),
    ]
    .iter()
    .flat_map(anywhere)
    .collect()
}

/// The own key has a CRL about some reasons: another key may vouch for the others.
fn some_reasons() -> Vec<Case> {
    let (compromise, rest) = Reason::FLAGS.split_at(2);
    let some = |crl: Crl, reasons: &[Reason]| {
        crl.point(&IssuingDistributionPoint::new().only_some_reasons(reasons))
    };
    let until_july = || old().next_update(JULY);
    let fresh_rest = || some(fresh(), rest);
    [
        case(
            "some-reasons-fresh",
            "The key that signed the client vouches for some reasons, and the new key for all: good.",
            &[some(until_july(), compromise), fresh()],
        )
        .valid_until(JULY),
        case(
            "some-reasons-apart",
            "The key that signed the client vouches for some reasons, and the new key for the others: good.",
            &[some(until_july(), compromise), fresh_rest()],
        )
        .valid_until(JULY),
        case(
            "some-reasons-stale",
            "The CRL by the key that signed the client is about some reasons and stale, and the new key vouches for all: refused.",
            &[some(old(), compromise), fresh()],
        )
        .refuse(STALE_CRL, "client"),
    ]
    .iter()
    .flat_map(anywhere)
    .collect()
}

/// Others may revoke.
fn others_revoke() -> Vec<Case> {
    let new = new_key(&root());
    let held = plain_crl().entry(Entry::of(&alice()).reason(Reason::CertificateHold));
    let cases = [
        case(
            "stale-other-revokes",
            "The CRL by the key that signed the client is stale, and that by the new key names it: refused for that.",
            &[old(), by(&new, revoking().this_update(MAY))],
        ),
        case(
            "fresh-other-revokes",
            "The CRL by the key that signed the client is fresh, and an older one by the new key has it on hold: refused.",
            &[old().next_update(JULY), by(&new, held)],
        ),
        case(
            "stale-revokes",
            "The stale CRL by the key that signed the client names it, and the fresh one by the new key does not: refused.",
            &[old().revoke(&alice()), fresh()],
        ),
    ];
    let refused = cases.map(|case| anywhere(&case.refuse(REVOKED, "client")));
    whatever_is_allowed(refused.concat())
}

/// The root has a new key, which it certified.
fn of_intermediates() -> Vec<Case> {
    let new_root = Cert::ca("Root", &Key::p256("root, new")).issued_by(&root());
    let case = |name: &str, description: &str, crls: &[Crl]| {
        whole_path(&format!("own-key-intermediate-{name}"), RULE, description)
            .intermediates(std::slice::from_ref(&new_root))
            .crls(&[crls, &[plain_crl()]].concat())
    };
    let of_root = || Crl::of(&root());
    vec![
        case(
            "stale",
            "The CRL by the root's key, which signed the intermediate, is stale, and that by its new key is fresh: refused.",
            &[of_root().next_update(MAY), by(&new_root, of_root())],
        )
        .refuse(STALE_CRL, "presented 1"),
        case(
            "fresh",
            "The CRL by the root's key, which signed the intermediate, is fresh, and that by its new key is stale: good.",
            &[of_root(), by(&new_root, of_root().next_update(MAY))],
        ),
        case(
            "absent",
            "The root's key, which signed the intermediate, has no CRL, and its new key has a fresh one: good.",
            &[by(&new_root, of_root())],
        ),
        client(
            "own-key-intermediate-not-checked",
            RULE,
            "The CRL about the intermediate is stale, and only the client is checked: good.",
        )
        .intermediates(std::slice::from_ref(&new_root))
        .crls(&[plain_crl(), of_root().next_update(MAY), by(&new_root, of_root())])
        .revocation(&GOOD),
    ]
}

/// The key that signed the client has a second certificate.
fn other_certificates() -> Vec<Case> {
    let other_id = || issuing().extension(Extension::subject_key_identifier(&[7]));
    let not_for_crls = || issuing().extension(Extension::key_usage(&[KeyUsage::KeyCertSign]));
    let unnamed = || {
        let crl = plain_crl().number(6).this_update(MAY).next_update(JULY);
        let only_users = IssuingDistributionPoint::new().only_user_certs();
        crl.point(&only_users)
            .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
    };
    let new = [new_key(&root())];
    let by_another = case(
        "by-another-identifier",
        "The stale CRL names the key that signed the client by the key identifier of another certificate of it, and the CA's new key made a fresh one.",
        &[old(), fresh()],
    );
    let stored = by_another
        .clone()
        .intermediates(&[issuing(), new_key(&root())]);
    vec![
        variant(
            by_another.clone().chain(&[alice(), other_id()]).intermediates(&new),
            "presented",
            "The store does not know whose it is: good.",
        )
        .revocation(&GOOD)
        .valid_until(AUGUST),
        variant(
            stored.chain(&[alice(), other_id()]),
            "stored",
            "The store knows whose it is: refused.",
        )
        .refuse(STALE_CRL, "client")
        .message(MARCH),
        case(
            "by-another-identifier-alone",
            "The CRL names the key that signed the client by the key identifier of another certificate of it, is stale, and no other CRL vouches: refused.",
            &[old()],
        )
        .chain(&[alice(), other_id()])
        .refuse(STALE_CRL, "client")
        .message(MARCH),
        case(
            "stale-accepted-fresh-unnamed",
            "The key that signed the client has a stale CRL, which the policy accepts; one that names no key, and that only a signature could show to be its own, is not looked at: stale.",
            &[old(), unnamed()],
        )
        .policy("revocation.stale", "accept")
        .revocation(&STALE),
        case(
            "stale-accepted-fresh-unnamed-stored",
            "The key that signed the client has a stale CRL, which the policy accepts, and a fresh one of another scope that names no key; the store shows whose both are: good.",
            &[old(), unnamed()],
        )
        .intermediates(&[issuing()])
        .policy("revocation.stale", "accept")
        .revocation(&GOOD),
        case(
            "not-for-crls-here",
            "The issuer's certificate that is presented is not for CRLs, and another one of its key in the store is: good.",
            &[plain_crl()],
        )
        .chain(&[alice(), not_for_crls()])
        .intermediates(&[issuing()])
        .revocation(&GOOD),
        case(
            "not-for-crls-here-stale",
            "The issuer's certificate that is presented is not for CRLs, and another one of its key in the store is; the CRL is stale, and the CA's new key made a fresh one: refused.",
            &[old(), fresh()],
        )
        .chain(&[alice(), not_for_crls()])
        .intermediates(&[issuing(), new_key(&root())])
        .refuse(STALE_CRL, "client")
        .message(MARCH),
        case(
            "not-for-crls-anywhere",
            "No certificate of the key that signed the client and made the CRL is for CRLs: unknown.",
            &[plain_crl()],
        )
        .chain(&[alice(), not_for_crls()])
        .refuse(REVOCATION_UNKNOWN, "client"),
    ]
}
