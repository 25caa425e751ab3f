//! A CRL is superseded where another one is certainly newer, and else counts beside it.

use super::delta::{base, delta};
use super::{REVOKED, client, plain_crl, revoking, whatever_is_allowed, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, Entry, Extension, Reason, oid};

const RULE: &str = "RFC 5280 §5.2.3, §5.1.2.4";

pub(super) fn cases() -> Vec<Case> {
    [
        certain(),
        uncertain(),
        forms(),
        deltas(),
        of_intermediates(),
    ]
    .concat()
}

fn held() -> Crl {
    plain_crl().entry(Entry::of(&alice()).reason(Reason::CertificateHold))
}

fn february(crl: Crl) -> Crl {
    crl.this_update("2026-02-01T00:00:00Z")
}

fn march(crl: Crl) -> Crl {
    crl.this_update("2026-03-01T00:00:00Z")
}

fn unnumbered(crl: Crl) -> Crl {
    crl.without_extension(oid::CRL_NUMBER)
}

fn case(name: &str, description: &str, crls: [Crl; 2]) -> Case {
    client(&format!("superseding-{name}"), RULE, description).crls(&crls)
}

/// The older CRL has the client on hold, and is not counted.
fn certain() -> Vec<Case> {
    vec![
        case(
            "later-and-higher",
            "The CRL without the client is later and has the higher number: good.",
            [february(held()).number(2), march(plain_crl()).number(3)],
        ),
        case(
            "later-and-equal",
            "The CRL without the client is later and has the same number: good.",
            [february(held()).number(2), march(plain_crl()).number(2)],
        ),
        case(
            "same-time-and-higher",
            "Both CRLs are of one second, and that without the client has the higher number: good.",
            [march(held()).number(2), march(plain_crl()).number(3)],
        ),
        case(
            "later-older-unnumbered",
            "The CRL without the client is later, and the older one has no number: good.",
            [unnumbered(february(held())), march(plain_crl()).number(2)],
        ),
        case(
            "later-newer-unnumbered",
            "The CRL without the client is later and has no number: good.",
            [february(held()).number(2), unnumbered(march(plain_crl()))],
        ),
        case(
            "later-both-unnumbered",
            "The CRL without the client is later, and neither has a number: good.",
            [unnumbered(february(held())), unnumbered(march(plain_crl()))],
        ),
    ]
}

/// Nobody can tell which one is newer: both count.
fn uncertain() -> Vec<Case> {
    let cases = vec![
        case(
            "later-and-lower",
            "The CRL without the client is later and has the lower number: both count. Refused.",
            [february(revoking()).number(9), march(plain_crl()).number(3)],
        ),
        case(
            "earlier-and-higher",
            "The CRL without the client is earlier and has the higher number: both count. Refused.",
            [march(revoking()).number(3), february(plain_crl()).number(9)],
        ),
        case(
            "same-time-and-equal",
            "Both CRLs are of one second and have one number: both count. Refused.",
            [march(revoking()).number(3), march(plain_crl()).number(3)],
        ),
        case(
            "same-time-unnumbered",
            "Both CRLs are of one second, and that with the client has no number: both count. Refused.",
            [unnumbered(march(revoking())), march(plain_crl()).number(3)],
        ),
        case(
            "same-time-other-unnumbered",
            "Both CRLs are of one second, and that without the client has no number: both count. Refused.",
            [march(revoking()).number(3), unnumbered(march(plain_crl()))],
        ),
        case(
            "later-revokes",
            "The later CRL has the client, the earlier one with the higher number has not: both count. Refused.",
            [march(revoking()).number(3), february(plain_crl()).number(9)],
        ),
    ];
    let cases = cases.into_iter().map(|case| case.refuse(REVOKED, "client"));
    let mut cases = whatever_is_allowed(cases.collect());
    cases.push(case(
        "later-and-lower-good",
        "The later CRL has the lower number, and neither has the client: good.",
        [
            february(plain_crl()).number(9),
            march(plain_crl()).number(3),
        ],
    ));
    cases
}

/// A newer CRL that the profile does not use supersedes nothing.
fn forms() -> Vec<Case> {
    let critical = || march(plain_crl()).extension(Extension::crl_number(&[3]).critical());
    let crls = || [february(held()).number(2), critical()];
    vec![
        case(
            "form-compatible",
            "The newer CRL, without the client, has a critical number, which Compatible reads: good.",
            crls(),
        ),
        case(
            "form-rfc5280",
            "The newer CRL, without the client, has a critical number, for which Rfc5280 does not use it: the older one counts. Refused.",
            crls(),
        )
        .policy("profile", "rfc5280")
        .refuse(REVOKED, "client"),
    ]
}

/// Of deltas and complete CRLs.
fn deltas() -> Vec<Case> {
    let adds = || delta().revoke(&alice());
    vec![
        case(
            "delta-older-and-lower",
            "The complete CRL is later than the delta that has the client, and has the higher number: good.",
            [base().this_update("2026-05-25T00:00:00Z").number(7), adds()],
        )
        .valid_until("2026-07-01T00:00:00Z"),
        case(
            "delta-older-and-higher",
            "The complete CRL is later than the delta that has the client, and has the lower number: both count. Refused.",
            [base().this_update("2026-05-25T00:00:00Z"), adds()],
        )
        .refuse(REVOKED, "client"),
        case(
            "delta-later-and-lower",
            "The delta that has the client is later than the complete CRL, and has the lower number: both count. Refused.",
            [base(), adds().number(4).delta(3)],
        )
        .refuse(REVOKED, "client"),
    ]
}

fn of_intermediates() -> Vec<Case> {
    let of_root = || Crl::of(&root());
    let case = |name: &str, description: &str, crls: [Crl; 2]| {
        whole_path(
            &format!("superseding-intermediate-{name}"),
            RULE,
            description,
        )
        .crls(&[&crls[..], &[plain_crl()]].concat())
    };
    vec![
        case(
            "later-and-higher",
            "The root's CRL without the intermediate is later and has the higher number: good.",
            [
                february(of_root().revoke(&issuing())).number(2),
                march(of_root()).number(3),
            ],
        ),
        case(
            "later-and-lower",
            "The root's CRL without the intermediate is later and has the lower number: both count. Refused.",
            [
                february(of_root().revoke(&issuing())).number(9),
                march(of_root()).number(3),
            ],
        )
        .refuse(REVOKED, "presented 1"),
    ]
}
