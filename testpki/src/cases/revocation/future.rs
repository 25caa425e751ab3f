//! A CRL from the future revokes; it vouches for nobody and supersedes nothing.

use super::delta::{base, delta, on_hold, removing};
use super::faults::Fault;
use super::{
    REVOKED, STALE_CRL, UNKNOWN, by, client, new_key, placed, plain_crl, revoking,
    whatever_is_allowed, whole_path,
};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, Key};

const RULE: &str = "RFC 5280 §5.1.2.4, docs/guide/revocation.md";

pub(super) fn cases() -> Vec<Case> {
    [
        alone(),
        at_the_second(),
        beside(),
        by_others(),
        deltas(),
        of_intermediates(),
    ]
    .concat()
}

/// Of the time after all notAfters of clients, so that it ends no verdict.
fn to_come(crl: Crl) -> Crl {
    crl.number(9)
        .this_update("2027-06-01T00:00:00Z")
        .next_update("2028-01-01T00:00:00Z")
}

fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("future-{name}"), RULE, description).crls(crls)
}

fn revoked(name: &str, description: &str, crls: &[Crl]) -> Vec<Case> {
    whatever_is_allowed(vec![
        case(name, description, crls).refuse(REVOKED, "client"),
    ])
}

fn alone() -> Vec<Case> {
    let mut cases = revoked(
        "revokes",
        "The only CRL is from the future and names the client: refused.",
        &[to_come(revoking())],
    );
    cases.extend([
        case("denied", "The only CRL is from the future and does not name the client: refused.", &[to_come(plain_crl())])
            .untold(Fault::Future, "client"),
        case("stale-accepted", "The only CRL is from the future and does not name the client; that the policy accepts stale CRLs helps nobody: refused.", &[to_come(plain_crl())])
            .policy("revocation.stale", "accept")
            .untold(Fault::Future, "client"),
        case("allowed", "The only CRL is from the future and does not name the client, of which nothing is known, as the policy allows.", &[to_come(plain_crl())])
            .policy("revocation.unknown", "allow")
            .revocation(&UNKNOWN),
    ]);
    cases
}

/// Around thisUpdate.
fn at_the_second() -> Vec<Case> {
    let window = |crl: Crl| {
        crl.this_update("2026-06-01T00:00:00Z")
            .next_update("2026-07-01T00:00:00Z")
    };
    let case = |name: &str, description: &str, time: &str, crl: Crl| {
        case(&format!("second-{name}"), description, &[window(crl)])
            .time(time)
            .valid_until("2026-07-01T00:00:00Z")
    };
    let before = "2026-05-31T23:59:59Z";
    vec![
        case("at", "At thisUpdate the CRL vouches.", "2026-06-01T00:00:00Z", plain_crl()),
        case("before", "One second before thisUpdate the CRL does not vouch: refused.", before, plain_crl())
            .untold(Fault::Future, "client"),
        case("before-skew", "One second before thisUpdate, with a second of clock skew, the CRL vouches.", before, plain_crl())
            .policy("expiry.clock-skew", "1s")
            .valid_until("2026-07-01T00:00:01Z"),
        case("before-revoked", "One second before thisUpdate the CRL revokes: refused.", before, revoking())
            .refuse(REVOKED, "client"),
        case("before-revoked-allowed", "One second before thisUpdate the CRL revokes, although the policy allows unknown status: refused.", before, revoking())
            .policy("revocation.unknown", "allow")
            .refuse(REVOKED, "client"),
    ]
}

/// Another CRL by the same key is of now.
fn beside() -> Vec<Case> {
    [
        vec![case(
            "beside-good",
            "Neither the CRL of now nor that from the future names the client: good.",
            &[plain_crl(), to_come(plain_crl())],
        )],
        revoked(
            "beside-revokes",
            "The CRL of now does not name the client, and that from the future does: refused.",
            &[plain_crl(), to_come(revoking())],
        ),
        revoked(
            "beside-supersedes-nothing",
            "The CRL of now names the client, and that from the future does not: refused.",
            &[revoking(), to_come(plain_crl())],
        ),
    ]
    .concat()
}

/// The CA's new key made the CRL from the future; or nobody known did.
fn by_others() -> Vec<Case> {
    let new = new_key(&root());
    let chain = [alice(), issuing()];
    let others = std::slice::from_ref(&new);
    let by_new = |crl: Crl| by(&new, to_come(crl));
    let unknown = Key::p256("nobody");
    [
        whatever_is_allowed(placed(
            &case("new-key-revokes", "The CA's new key made a CRL from the future that names the client, and the old key's CRL does not: refused.", &[plain_crl(), by_new(revoking())])
                .refuse(REVOKED, "client"),
            &chain,
            others,
        )),
        placed(
            &case("new-key-good", "The CA's new key made a CRL from the future that does not name the client, and the old key's CRL vouches: good.", &[plain_crl(), by_new(plain_crl())]),
            &chain,
            others,
        ),
        placed(
            &case("new-key-alone", "The only CRL is from the future, by the CA's new key, and does not name the client: refused.", &[by_new(plain_crl())])
                .untold(Fault::Future, "client"),
            &chain,
            others,
        ),
        whatever_is_allowed(vec![
            case("unsigned-named", "An unknown key made a CRL from the future that names the client: refused.", &[plain_crl(), to_come(revoking()).signed_by(&unknown)])
                .named(Fault::Signature, "client"),
        ]),
        vec![case("unsigned-silent", "An unknown key made a CRL from the future that names nobody: good.", &[plain_crl(), to_come(plain_crl()).signed_by(&unknown)])],
    ]
    .concat()
}

/// A delta from the future.
fn deltas() -> Vec<Case> {
    let case = |name: &str, description: &str, crls: &[Crl]| {
        case(&format!("delta-{name}"), description, crls).valid_until("2026-07-01T00:00:00Z")
    };
    let to_come = || to_come(delta());
    let adds = case(
        "adds",
        "The delta is from the future and names the client: refused.",
        &[base(), to_come().revoke(&alice())],
    )
    .refuse(REVOKED, "client");
    let removes = case(
        "removes",
        "The delta is from the future and removes the client from hold: refused.",
        &[on_hold(base()), removing(to_come())],
    )
    .refuse(REVOKED, "client");
    let silent = case(
        "silent",
        "The delta is from the future and names nobody: good.",
        &[base(), to_come()],
    );
    let freshens = case(
        "stale-base",
        "The complete CRL is stale, and the delta that continues it is from the future: refused.",
        &[base().next_update("2026-05-25T00:00:00Z"), to_come()],
    )
    .refuse(STALE_CRL, "client");
    [
        whatever_is_allowed(vec![adds, removes]),
        vec![silent, freshens],
    ]
    .concat()
}

fn of_intermediates() -> Vec<Case> {
    let case = |name: &str, description: &str, crls: [Crl; 2]| {
        whole_path(&format!("future-intermediate-{name}"), RULE, description)
            .crls(&[&crls[..], &[plain_crl()]].concat())
    };
    let of_root = || Crl::of(&root());
    let mut cases = whatever_is_allowed(vec![
        case(
            "revoked",
            "The root's CRL from the future names the intermediate: refused.",
            [of_root(), to_come(of_root().revoke(&issuing()))],
        )
        .refuse(REVOKED, "presented 1"),
    ]);
    cases.push(case(
        "good",
        "The root's CRL from the future names nobody: good.",
        [of_root(), to_come(of_root())],
    ));
    cases
}
