//! removeFromCRL in a delta lifts an entry whose reason is certificateHold, and no other one.

use super::delta::{base, delta, on_hold, removing};
use super::{GOOD, REVOKED, client, plain_crl, whatever_is_allowed, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, Entry, Extension, Reason};

const RULE: &str = "RFC 5280 §5.3.1";

/// The nextUpdate of the delta.
const JUNE: &str = "2026-06-10T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [reasons(), repeated(), forms(), of_intermediates()].concat()
}

fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("hold-{name}"), RULE, description)
        .crls(crls)
        .revocation(&GOOD)
        .valid_until(JUNE)
}

fn with_reason(crl: Crl, reason: Reason) -> Crl {
    crl.entry(Entry::of(&alice()).reason(reason))
}

/// The reason of the entry in the complete CRL.
fn reasons() -> Vec<Case> {
    let revoked = [
        ("unspecified", Reason::Unspecified),
        ("key-compromise", Reason::KeyCompromise),
        ("ca-compromise", Reason::CaCompromise),
        ("affiliation-changed", Reason::AffiliationChanged),
        ("superseded", Reason::Superseded),
        ("cessation-of-operation", Reason::CessationOfOperation),
        ("remove-from-crl", Reason::RemoveFromCrl),
        ("privilege-withdrawn", Reason::PrivilegeWithdrawn),
        ("aa-compromise", Reason::AaCompromise),
    ];
    let refused = |name: &str, description: &str, base: Crl| {
        case(name, description, &[base, removing(delta())]).refuse(REVOKED, "client")
    };
    let mut cases = vec![
        case(
            "lifted",
            "The complete CRL has the client on hold, and the delta removes it: good, until the delta is stale.",
            &[on_hold(base()), removing(delta())],
        ),
        refused(
            "no-reason",
            "The complete CRL names the client without a reason, and the delta removes it: refused.",
            base().revoke(&alice()),
        ),
    ];
    for (name, reason) in revoked {
        cases.push(refused(
            name,
            &format!("The complete CRL names the client for the reason {name}, and the delta removes it: refused."),
            with_reason(base(), reason),
        ));
    }
    cases.extend(whatever_is_allowed(vec![refused(
        "key-compromise-policy",
        "The complete CRL names the client because of keyCompromise, and the delta removes it: refused under each policy.",
        with_reason(base(), Reason::KeyCompromise),
    )]));
    cases
}

/// The complete CRL names the client twice.
fn repeated() -> Vec<Case> {
    let compromised = |crl: Crl| with_reason(crl, Reason::KeyCompromise);
    let refused = |name: &str, description: &str, base: Crl| {
        case(name, description, &[base, removing(delta())]).refuse(REVOKED, "client")
    };
    vec![
        refused(
            "and-compromise",
            "The complete CRL has the client on hold and then as compromised, and the delta removes it: refused.",
            compromised(on_hold(base())),
        ),
        refused(
            "compromise-first",
            "The complete CRL has the client as compromised and then on hold, and the delta removes it: refused.",
            on_hold(compromised(base())),
        ),
        case(
            "twice",
            "The complete CRL has the client on hold twice, and the delta removes it: good.",
            &[on_hold(on_hold(base())), removing(delta())],
        ),
    ]
}

/// The delta conforms to RFC 5280, or not.
fn forms() -> Vec<Case> {
    let critical_number = || removing(delta()).extension(Extension::crl_number(&[6]).critical());
    vec![
        case(
            "form-compatible",
            "The delta that removes the client has a critical number, which Compatible reads: good.",
            &[on_hold(base()), critical_number()],
        ),
        case(
            "form-rfc5280",
            "The delta that removes the client has a critical number, for which Rfc5280 does not use it: refused.",
            &[on_hold(base()), critical_number()],
        )
        .policy("profile", "rfc5280")
        .refuse(REVOKED, "client"),
        case(
            "form-rfc5280-conforming",
            "The delta that removes the client is as Rfc5280 asks: good.",
            &[on_hold(base()), removing(delta())],
        )
        .policy("profile", "rfc5280"),
    ]
}

fn of_intermediates() -> Vec<Case> {
    let of_root = |reason: Reason| {
        Crl::of(&root())
            .number(5)
            .this_update("2026-05-01T00:00:00Z")
            .entry(Entry::of(&issuing()).reason(reason))
    };
    let removing = Crl::of(&root())
        .number(6)
        .delta(5)
        .this_update("2026-05-20T00:00:00Z")
        .entry(Entry::of(&issuing()).reason(Reason::RemoveFromCrl));
    let case = |name: &str, description: &str, base: Crl| {
        whole_path(&format!("hold-intermediate-{name}"), RULE, description).crls(&[
            plain_crl(),
            base,
            removing.clone(),
        ])
    };
    vec![
        case(
            "lifted",
            "The root had the intermediate on hold, and its delta removes it: good.",
            of_root(Reason::CertificateHold),
        ),
        case(
            "ca-compromise",
            "The root names the intermediate because of cACompromise, and its delta removes it: refused.",
            of_root(Reason::CaCompromise),
        )
        .refuse(REVOKED, "presented 1"),
    ]
}
