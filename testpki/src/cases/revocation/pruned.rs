//! A CA may drop the entry of a certificate that has expired: a CRL of after notAfter revokes, and
//! vouches for nobody.

use super::faults::Fault;
use super::{REVOKED, STALE_CRL, UNKNOWN, by, client, new_key, placed, plain_crl, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Crl, Entry, Extension, Reason, Time};

const RULE: &str = "RFC 5280 §3.3, docs/guide/revocation.md";

const NOT_AFTER: &str = "2026-03-01T00:00:00Z";
const BEFORE: &str = "2026-02-01T00:00:00Z";
const AFTER: &str = "2026-05-01T00:00:00Z";
/// The end of the CRL that the verdict rests on.
const END: &str = "2027-01-01T00:00:00Z";

pub(super) fn cases() -> Vec<Case> {
    [
        alone(),
        extension(),
        kept(),
        together(),
        deltas(),
        by_others(),
        of_intermediates(),
    ]
    .concat()
}

/// The client, which expired in March.
fn expired() -> Cert {
    alice().not_after(NOT_AFTER)
}

fn revoking() -> Crl {
    plain_crl().revoke(&expired())
}

fn february(crl: Crl) -> Crl {
    crl.number(2).this_update(BEFORE)
}

fn may(crl: Crl) -> Crl {
    crl.number(5).this_update(AFTER)
}

/// id-ce-expiredCertsOnCRL (X.509 §9.5.2.8): certificates that expired from this second on are
/// still on the CRL.
fn kept_since(rfc3339: &str) -> Extension {
    Extension::new("2.5.29.60", Time::generalized_at(rfc3339).der().to_vec())
}

/// The policy accepts that the client has expired.
fn case(name: &str, description: &str, crls: &[Crl]) -> Case {
    client(&format!("pruned-{name}"), RULE, description)
        .policy("expiry.client", "accept")
        .chain(&[expired(), issuing()])
        .crls(crls)
        .expired_since(NOT_AFTER)
        .valid_until(END)
}

fn may_be_pruned(case: Case) -> Case {
    case.untold(Fault::MayBePruned, "client")
}

fn alone() -> Vec<Case> {
    let at = |this_update: &str| plain_crl().this_update(this_update);
    let allowed = |case: Case| case.policy("revocation.unknown", "allow");
    vec![
        case("before", "The client has expired, and the CRL is of before that: good.", &[february(plain_crl())]),
        case("last-second", "The CRL is of the client's last second: good.", &[at(NOT_AFTER)]),
        may_be_pruned(case("next-second", "The CRL is of the second after the client's last one, and may have dropped the client's entry: refused.", &[at("2026-03-01T00:00:01Z")])),
        may_be_pruned(case("after", "The CRL is of after the client's notAfter, and may have dropped its entry: refused.", &[may(plain_crl())]))
            .message("expiredCertsOnCRL"),
        may_be_pruned(case("after-knob", "The CRL may have dropped the client's entry, and the message names the policy that trusts it not to.", &[may(plain_crl())]))
            .message("PrunedEntries"),
        allowed(case("after-allowed", "The CRL may have dropped the client's entry: nothing is known of the client, as the policy allows.", &[may(plain_crl())]))
            .revocation(&UNKNOWN)
            .valid_until("2040-01-01T00:00:00Z"),
        case("after-revoked", "The CRL is of after the client's notAfter, and still names it: refused.", &[may(revoking())])
            .refuse(REVOKED, "client"),
        allowed(case("after-revoked-allowed", "The CRL is of after the client's notAfter and names it; the policy allows unknown status: refused.", &[may(revoking())]))
            .refuse(REVOKED, "client"),
        case("before-revoked", "The CRL is of before the client's notAfter, and names it: refused.", &[february(revoking())])
            .refuse(REVOKED, "client"),
        client("pruned-rejected", RULE, "The policy does not accept that the client has expired: refused for that.")
            .chain(&[expired(), issuing()])
            .crls(&[may(plain_crl())])
            .refuse("expired", "client"),
        client("pruned-current", RULE, "The client has not expired: a CRL of today vouches.")
            .crls(&[plain_crl().this_update("2026-06-01T00:00:00Z")]),
    ]
}

/// The CRL says how far back it has expired certificates.
fn extension() -> Vec<Case> {
    let with = |rfc3339: &str, crl: Crl| may(crl).extension(kept_since(rfc3339));
    vec![
        case("kept-since-before", "The CRL still has certificates that expired since February, as the client did: good.", &[with(BEFORE, plain_crl())]),
        case("kept-since-not-after", "The CRL still has certificates that expired since the client's last second: good.", &[with(NOT_AFTER, plain_crl())]),
        may_be_pruned(case("kept-since-next-second", "The CRL still has certificates that expired from the second after the client's last one on: refused.", &[with("2026-03-01T00:00:01Z", plain_crl())])),
        may_be_pruned(case("kept-since-after", "The CRL still has certificates that expired since April, after the client: refused.", &[with("2026-04-01T00:00:00Z", plain_crl())])),
        case("kept-since-before-revoked", "The CRL still has certificates that expired since February, and names the client: refused.", &[with(BEFORE, revoking())])
            .refuse(REVOKED, "client"),
        case("kept-since-after-revoked", "The CRL still has certificates that expired since April, and names the client: refused.", &[with("2026-04-01T00:00:00Z", revoking())])
            .refuse(REVOKED, "client"),
    ]
}

/// The policy trusts that CAs keep the entries of expired certificates.
fn kept() -> Vec<Case> {
    let case = |name: &str, description: &str, crls: &[Crl]| {
        case(name, description, crls).policy("revocation.pruned", "kept")
    };
    vec![
        case(
            "policy-kept",
            "The CRL is of after the client's notAfter, and the policy says that its CA keeps entries: good.",
            &[may(plain_crl())],
        ),
        case(
            "policy-kept-revoked",
            "The policy says that the CA keeps entries, and the CRL names the client: refused.",
            &[may(revoking())],
        )
        .refuse(REVOKED, "client"),
        case(
            "policy-kept-stale",
            "The policy says that the CA keeps entries, and the CRL is stale: refused for that.",
            &[may(plain_crl()).next_update("2026-05-20T00:00:00Z")],
        )
        .refuse(STALE_CRL, "client"),
        case(
            "policy-kept-released",
            "The policy says that the CA keeps entries: the client is off hold by the newer CRL, of after its notAfter.",
            &[february(held()), may(plain_crl())],
        ),
    ]
}

fn held() -> Crl {
    plain_crl().entry(Entry::of(&expired()).reason(Reason::CertificateHold))
}

/// A CRL of before notAfter and one of after it.
fn together() -> Vec<Case> {
    let reaching_back = || may(plain_crl()).extension(kept_since(BEFORE));
    vec![
        case("older-revokes", "The older CRL names the client, and the newer one, of after its notAfter, may have dropped it: refused.", &[february(revoking()), may(plain_crl())])
            .refuse(REVOKED, "client"),
        case("older-holds", "The older CRL has the client on hold, and the newer one, of after its notAfter, may have dropped it: refused.", &[february(held()), may(plain_crl())])
            .refuse(REVOKED, "client"),
        case("older-revokes-allowed", "The older CRL names the client, the newer one may have dropped it, and the policy allows unknown status: refused.", &[february(revoking()), may(plain_crl())])
            .policy("revocation.unknown", "allow")
            .refuse(REVOKED, "client"),
        case("older-stale-revokes", "The older CRL names the client and is stale, and the newer one may have dropped it: refused.", &[february(revoking()).next_update(NOT_AFTER), may(plain_crl())])
            .refuse(REVOKED, "client"),
        case("older-holds-kept-since", "The client was on hold, and the newer CRL, which still has certificates that expired since February, does not name it: good.", &[february(held()), reaching_back()]),
        case("older-vouches", "Neither CRL names the client, and the older one, of before its notAfter, is fresh: good.", &[february(plain_crl()), may(plain_crl())]),
        may_be_pruned(case("older-stale", "Neither CRL names the client: the older one is stale, and the newer one may have dropped an entry. Refused.", &[february(plain_crl()).next_update("2026-04-01T00:00:00Z"), may(plain_crl())])),
        case("two-before", "The client was on hold, and the newer CRL, of before its notAfter, does not name it: good.", &[plain_crl().number(1).entry(Entry::of(&expired()).reason(Reason::CertificateHold)), february(plain_crl())]),
    ]
}

/// Of a complete CRL of before notAfter and a delta of after it.
fn deltas() -> Vec<Case> {
    let delta = || plain_crl().number(6).delta(2).this_update(AFTER);
    let removing = |delta: Crl| delta.entry(Entry::of(&expired()).reason(Reason::RemoveFromCrl));
    vec![
        case("delta-removes", "The client was on hold, and the delta, of after its notAfter, removes it because it expired: refused.", &[february(held()), removing(delta())])
            .refuse(REVOKED, "client"),
        case("delta-removes-before", "The client was on hold, and the delta, of before its notAfter, removes it: good.", &[february(held()), removing(delta().this_update("2026-02-20T00:00:00Z"))]),
        case("delta-adds", "The delta, of after the client's notAfter, names the client: refused.", &[february(plain_crl()), delta().revoke(&expired())])
            .refuse(REVOKED, "client"),
        case("delta-silent", "The complete CRL, of before the client's notAfter, is fresh, and the delta says nothing: good.", &[february(plain_crl()), delta()]),
        case("delta-freshens", "The complete CRL, of before the client's notAfter, is stale, and the fresh delta may have dropped an entry: refused.", &[february(plain_crl()).next_update("2026-04-01T00:00:00Z"), delta()])
            .refuse(STALE_CRL, "client"),
        case("delta-freshens-before", "The complete CRL is stale, and the fresh delta is of before the client's notAfter: good.", &[february(plain_crl()).next_update("2026-04-01T00:00:00Z"), delta().this_update("2026-02-20T00:00:00Z")]),
    ]
}

/// The CA's new key made the CRL.
fn by_others() -> Vec<Case> {
    let new = new_key(&root());
    let chain = [expired(), issuing()];
    let with = |case: Case| placed(&case, &chain, std::slice::from_ref(&new));
    [
        with(may_be_pruned(case("new-key-after", "The CRL by the CA's new key is of after the client's notAfter: refused.", &[by(&new, may(plain_crl()))]))),
        with(case("new-key-after-revoked", "The CRL by the CA's new key is of after the client's notAfter, and names it: refused.", &[by(&new, may(revoking()))])
            .refuse(REVOKED, "client")),
        with(case("new-key-before", "The CRL by the CA's new key is of before the client's notAfter: good.", &[by(&new, february(plain_crl()))])),
        with(case("new-key-kept-since", "The CRL by the CA's new key still has certificates that expired since February: good.", &[by(&new, may(plain_crl()).extension(kept_since(BEFORE)))])),
    ]
    .concat()
}

/// The intermediate has expired, which the policy accepts.
fn of_intermediates() -> Vec<Case> {
    let expired_ca = issuing().not_after(NOT_AFTER);
    let case = |name: &str, description: &str, of_root: Crl| {
        whole_path(&format!("pruned-intermediate-{name}"), RULE, description)
            .policy("expiry.issuers", "accept")
            .chain(&[alice_of(&expired_ca), expired_ca.clone()])
            .crls(&[plain_crl(), of_root])
    };
    let of_root = || Crl::of(&root());
    vec![
        case("before", "The intermediate has expired, and the root's CRL is of before that: good.", february(of_root())),
        case("after", "The intermediate has expired, and the root's CRL, of after that, may have dropped it: refused.", may(of_root()))
            .untold(Fault::MayBePruned, "presented 1"),
        case("after-kept-since", "The intermediate has expired, and the root's CRL still has certificates that expired since February: good.", may(of_root()).extension(kept_since(BEFORE))),
        case("after-revoked", "The intermediate has expired, and the root's CRL, of after that, still names it: refused.", may(of_root()).revoke(&expired_ca))
            .refuse(REVOKED, "presented 1"),
    ]
}
