//! Delta CRLs: what they add to a complete CRL and take from it, and until when.

use super::faults::Fault;
use super::{GOOD, REVOKED, STALE, STALE_CRL, UNKNOWN, bob, client, plain_crl, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, Entry, IssuingDistributionPoint, Reason, oid};

const RULE: &str = "RFC 5280 §5.2.4, §6.3.3 (c), (i)-(k)";

/// The nextUpdate of the complete CRL.
const JULY: &str = "2026-07-01T00:00:00Z";
/// The nextUpdate of the delta.
const JUNE: &str = "2026-06-10T00:00:00Z";
/// The nextUpdate of a complete CRL that is stale when the cases happen.
const MAY: &str = "2026-05-25T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [
        adds(),
        removes(),
        stale(),
        stale_base(),
        several(),
        without_base(),
        of_intermediates(),
    ]
    .concat()
}

/// Number 5.
pub(super) fn base() -> Crl {
    plain_crl()
        .number(5)
        .this_update("2026-05-01T00:00:00Z")
        .next_update(JULY)
}

/// Number 6, to be added to number 5.
pub(super) fn delta() -> Crl {
    plain_crl()
        .number(6)
        .delta(5)
        .this_update("2026-05-20T00:00:00Z")
        .next_update(JUNE)
}

pub(super) fn on_hold(crl: Crl) -> Crl {
    crl.entry(Entry::of(&alice()).reason(Reason::CertificateHold))
}

pub(super) fn removing(delta: Crl) -> Crl {
    delta.entry(Entry::of(&alice()).reason(Reason::RemoveFromCrl))
}

fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("delta-{name}"), RULE, description)
        .crls(crls)
        .revocation(&GOOD)
        .valid_until(JULY)
}

fn adds() -> Vec<Case> {
    let removed_bob = Entry::of(&bob()).reason(Reason::RemoveFromCrl);
    vec![
        case(
            "empty",
            "The delta has nothing to add: good, as the complete CRL says, and for as long.",
            &[base(), delta()],
        ),
        case(
            "first",
            "The delta comes before the complete CRL in the file.",
            &[delta(), base()],
        ),
        case(
            "adds",
            "The delta has the client: refused.",
            &[base(), delta().revoke(&alice())],
        )
        .refuse(REVOKED, "client"),
        case(
            "first-adds",
            "The delta has the client, and comes before the complete CRL: refused.",
            &[delta().revoke(&alice()), base()],
        )
        .refuse(REVOKED, "client"),
        case(
            "adds-hold",
            "The delta puts the client on hold: refused.",
            &[base(), on_hold(delta())],
        )
        .refuse(REVOKED, "client"),
        case(
            "adds-another",
            "The delta has another client: good.",
            &[base(), delta().revoke(&bob())],
        ),
        case(
            "keeps",
            "The complete CRL has the client, and the delta says nothing of it: refused.",
            &[base().revoke(&alice()), delta()],
        )
        .refuse(REVOKED, "client"),
        case(
            "removes-another",
            "The complete CRL has the client, and the delta removes another one: refused.",
            &[on_hold(base()), delta().entry(removed_bob)],
        )
        .refuse(REVOKED, "client"),
    ]
}

fn removes() -> Vec<Case> {
    let case = |name: &str, description: &str, crls: &[Crl]| {
        case(name, description, crls).valid_until(JUNE)
    };
    vec![
        case("removes", "The client was on hold, and the delta removes it: good, until the delta is stale.", &[on_hold(base()), removing(delta())]),
        case("removes-last-second", "The client was on hold, and the delta removes it: good in the delta's last second.", &[on_hold(base()), removing(delta())])
            .time(JUNE),
        case("removes-what-is-not-there", "The delta removes a client that the complete CRL does not have: good, whatever becomes of the delta.", &[base(), removing(delta())])
            .valid_until(JULY),
        case("removes-stale-accepted", "The delta removes the client, and the policy accepts stale CRLs: good, until the delta is stale all the same.", &[on_hold(base()), removing(delta())])
            .policy("revocation.stale", "accept"),
        case(
            "removes-beside-another-crl",
            "The delta removes the client, and another CRL is about all users and lasts longer: good, until the delta is stale and the client is on hold again.",
            &[
                on_hold(base()),
                removing(delta()),
                plain_crl()
                    .point(&IssuingDistributionPoint::new().only_user_certs())
                    .next_update("2026-08-01T00:00:00Z"),
            ],
        ),
        case(
            "removes-older",
            "An older delta removes the client; the newer one, which continues the complete CRL as well, does not: refused.",
            &[
                on_hold(base()),
                removing(delta().delta(4).this_update("2026-05-10T00:00:00Z")),
                delta().number(7),
            ],
        )
        .refuse(REVOKED, "client"),
        case("removes-twice-listed-swapped", "The delta has the client twice, to revoke it and to remove it: refused.", &[base(), removing(delta().revoke(&alice()))])
            .refuse(REVOKED, "client"),
        case("removes-twice-listed", "The delta has the client twice, to remove it and to revoke it: refused.", &[base(), removing(delta()).revoke(&alice())])
            .refuse(REVOKED, "client"),
    ]
}

/// What a delta adds stays when it is stale; what it removes comes back.
fn stale() -> Vec<Case> {
    let late = "2026-06-10T00:00:01Z";
    let case =
        |name: &str, description: &str, crls: &[Crl]| case(name, description, crls).time(late);
    vec![
        case("stale-empty", "The delta is stale and says nothing, and the complete CRL is fresh: good.", &[base(), delta()]),
        case("stale-adds", "The delta is stale, and has the client: refused.", &[base(), delta().revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("stale-removes", "The delta that removes the client is stale: refused.", &[on_hold(base()), removing(delta())])
            .refuse(REVOKED, "client"),
        case("stale-removes-accept", "The delta that removes the client is stale; a policy that accepts stale CRLs does not accept that: refused.", &[on_hold(base()), removing(delta())])
            .policy("revocation.stale", "accept")
            .refuse(REVOKED, "client"),
        case("stale-removes-skew", "One second after its nextUpdate, with a minute of clock skew, the delta still removes the client.", &[on_hold(base()), removing(delta())])
            .policy("expiry.clock-skew", "1m")
            .valid_until("2026-06-10T00:01:00Z"),
    ]
}

/// A fresh delta makes a stale complete CRL fresh.
fn stale_base() -> Vec<Case> {
    let base = || base().next_update(MAY);
    let case = |name: &str, description: &str, crls: &[Crl]| {
        case(name, description, crls).valid_until(JUNE)
    };
    let both_stale = "2026-06-10T00:00:01Z";
    vec![
        case("base-stale", "The complete CRL is stale and the delta is fresh: good, until the delta is stale.", &[base(), delta()]),
        case("base-stale-alone", "The complete CRL is stale, and there is no delta: refused.", &[base()])
            .refuse(STALE_CRL, "client"),
        case("base-stale-last-second", "The complete CRL is stale and the delta is fresh, for the last second.", &[base(), delta()])
            .time(JUNE),
        case("base-stale-both", "Complete CRL and delta are stale: refused.", &[base(), delta()])
            .time(both_stale)
            .refuse(STALE_CRL, "client"),
        case("base-stale-both-accept", "Complete CRL and delta are stale, which the policy accepts.", &[base(), delta()])
            .time(both_stale)
            .policy("revocation.stale", "accept")
            .revocation(&STALE)
            .valid_until("2027-01-01T00:00:00Z"),
        case("base-stale-adds", "The complete CRL is stale, and the fresh delta has the client: refused.", &[base(), delta().revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("base-stale-keeps", "The stale complete CRL has the client, and the fresh delta says nothing of it: refused.", &[base().revoke(&alice()), delta()])
            .refuse(REVOKED, "client"),
        case("base-stale-removes", "The stale complete CRL has the client on hold, and the fresh delta removes it.", &[on_hold(base()), removing(delta())]),
        case("base-stale-signature-wrong", "The complete CRL is stale, and the delta's signature does not hold: refused.", &[base(), delta().flip_signature_bit()])
            .refuse(STALE_CRL, "client"),
        case("base-stale-too-old", "The complete CRL is stale, and the delta builds on a later one: refused.", &[base(), delta().number(7).delta(6)])
            .refuse(STALE_CRL, "client"),
        case("base-stale-unknown-allowed", "The complete CRL is stale and the delta builds on a later one: refused although nothing need be known.", &[base(), delta().number(7).delta(6)])
            .policy("revocation.unknown", "allow")
            .refuse(STALE_CRL, "client"),
    ]
}

/// Of several deltas the newest counts.
fn several() -> Vec<Case> {
    let newer = || delta().number(7).this_update("2026-05-30T00:00:00Z");
    vec![
        case("newest-removes", "A delta put the client on hold, and the newer one removes it.", &[base(), on_hold(delta()), removing(newer())]),
        case("newest-removes-swapped", "A delta put the client on hold, and the newer one, which comes first, removes it.", &[base(), removing(newer()), on_hold(delta())]),
        case("newest-adds", "A delta removed the client, and the newer one has it: refused.", &[base(), removing(delta()), newer().revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("newest-says-nothing", "A delta removed the client from hold, and the newer one, which is whole in itself, says nothing of it: refused.", &[on_hold(base()), removing(delta()), newer()])
            .refuse(REVOKED, "client"),
        case("newest-does-not-apply", "The newer delta builds on a later complete CRL: the older one counts, which has the client. Refused.", &[base(), delta().revoke(&alice()), newer().delta(6)])
            .refuse(REVOKED, "client"),
        case("complete-is-newer", "A delta put the client on hold, and the complete CRL after it does not have the client.", &[
            base().number(7).this_update("2026-05-30T00:00:00Z"),
            on_hold(delta()),
        ]),
        case("newest-complete", "The delta counts for the newest of the complete CRLs.", &[
            base().number(4).this_update("2026-04-01T00:00:00Z").revoke(&bob()),
            base(),
            delta().revoke(&alice()),
        ])
        .refuse(REVOKED, "client"),
    ]
}

fn without_base() -> Vec<Case> {
    vec![
        case("alone", "There is a delta and no complete CRL: refused.", &[delta()])
            .untold(Fault::Delta, "client"),
        case("alone-allowed", "There is a delta, and no complete CRL: that is nothing, and nothing need be known.", &[delta()])
            .policy("revocation.unknown", "allow")
            .revocation(&UNKNOWN)
            .valid_until("2027-01-01T00:00:00Z"),
        case("alone-revokes", "There is a delta that has the client, and no complete CRL: it is revoked all the same.", &[delta().revoke(&alice())])
            .policy("revocation.unknown", "allow")
            .refuse(REVOKED, "client"),
        case("base-missed-revokes", "The delta has the client and builds on a later CRL, which is not there: revoked all the same.", &[base(), delta().number(8).delta(6).revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("no-key-identifier-revokes", "The delta has the client and lacks the authorityKeyIdentifier of the CRL: revoked all the same.", &[base(), delta().without_extension(oid::AUTHORITY_KEY_IDENTIFIER).revoke(&alice())])
            .refuse(REVOKED, "client"),
        case("older-than-crl", "A delta from before the CRL has the client, which the CRL does not: no longer revoked.", &[base(), delta().number(4).delta(3).this_update("2026-04-01T00:00:00Z").revoke(&alice())])
            .revocation(&GOOD),
        case("of-another-ca", "The complete CRL is that of another CA: refused.", &[Crl::of(&root()).number(5), delta()])
            .untold(Fault::Delta, "client"),
    ]
}

fn of_intermediates() -> Vec<Case> {
    let of_root = || Crl::of(&root()).number(5);
    let delta_of_root = || {
        of_root()
            .number(6)
            .delta(5)
            .this_update("2026-05-20T00:00:00Z")
    };
    let case = |name: &str, description: &str, delta: Crl| {
        whole_path(name, RULE, description).crls(&[plain_crl(), of_root(), delta])
    };
    vec![
        case(
            "delta-intermediate",
            "A delta of the root has nothing to add.",
            delta_of_root(),
        ),
        case(
            "delta-intermediate-revoked",
            "A delta of the root has the intermediate: refused.",
            delta_of_root().revoke(&issuing()),
        )
        .refuse(REVOKED, "presented 1"),
    ]
}
