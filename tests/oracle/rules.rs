//! The oracle: every simple path, judged by RFC 5280 §6.1 as it is written. It has no order, no
//! budget and nothing that it leaves out because it "cannot matter", which is what it is there to
//! check.

use std::cell::Cell;
use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{ClientCa, Expired, KeyPurpose, RequiredPurpose};
use testpki::{KeyUsage, Version, oid};

use crate::model::{BasicConstraints, Certificate, Pki};

/// Whether the client is to be accepted: one path from its certificate to an anchor holds.
pub(crate) fn accepts(pki: &Pki, now: u64) -> bool {
    let is_as_asked = |path: &[&Certificate]| holds(path, &pki.policy, now);
    !is_anchor_too_old_to_be_a_client(pki)
        && any_path(
            &mut vec![&pki.client],
            &issuers(pki),
            &pki.anchors,
            &is_as_asked,
        )
}

/// Whether there are more paths than so many, whether they hold or not.
#[allow(dead_code, reason = "the fuzz target `chain` asks")]
pub(crate) fn has_more_paths(pki: &Pki, most: usize) -> bool {
    let left = Cell::new(most);
    let is_one_more = |_: &[&Certificate]| {
        let is_it = left.get() == 0;
        left.set(left.get().saturating_sub(1));
        is_it
    };
    any_path(
        &mut vec![&pki.client],
        &issuers(pki),
        &pki.anchors,
        &is_one_more,
    )
}

/// Visits each path from the client's certificate to an anchor, whether it holds or not.
#[allow(dead_code, reason = "the comparison with OpenSSL asks")]
pub(crate) fn for_each_path(pki: &Pki, visit: &impl Fn(&[&Certificate])) {
    let goes_on = |path: &[&Certificate]| {
        visit(path);
        false
    };
    any_path(
        &mut vec![&pki.client],
        &issuers(pki),
        &pki.anchors,
        &goes_on,
    );
}

/// The certificates that a path may have between the client's and the anchor.
fn issuers(pki: &Pki) -> Vec<&Certificate> {
    let mut issuers: Vec<_> = pki.presented.iter().chain(&pki.intermediates).collect();
    issuers.sort_by_key(|certificate| certificate.serial);
    issuers.dedup_by_key(|certificate| certificate.serial);
    issuers
}

/// Whether every rule of §6.1 holds for this path, the client's certificate first and an anchor
/// last.
pub(crate) fn holds(path: &[&Certificate], policy: &ClientPolicy, now: u64) -> bool {
    let holds_at = |(at, certificate): (usize, &&Certificate)| {
        let role = Role::at(at, path.len());
        is_in_validity(certificate, role, policy, now)
            && may_be(certificate, role, policy)
            && has_key_usage(certificate, role)
            && has_purpose(certificate, role, policy)
            && !certificate.has_unknown_critical_extension
            && leaves_room(certificate, path.get(1..at).unwrap_or_default())
    };
    path.iter().enumerate().all(holds_at) && path.windows(2).all(|link| issued(link[1], link[0]))
}

/// The last second at which this path can hold; `None` if there is none.
pub(crate) fn ends_at(path: &[&Certificate], policy: &ClientPolicy) -> Option<u64> {
    let ends = path.iter().enumerate().filter_map(|(at, certificate)| {
        let role = Role::at(at, path.len());
        last_second(certificate, role, policy)
    });
    ends.min()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Client,
    Intermediate,
    Anchor,
}

impl Role {
    fn at(at: usize, path_len: usize) -> Self {
        match at {
            0 => Self::Client,
            _ if at + 1 == path_len => Self::Anchor,
            _ => Self::Intermediate,
        }
    }
}

/// Not RFC 5280's: a certificate that cannot say whether it is a CA's, and that the operator
/// configured as one, is a CA's. So it is no client where CAs are none.
fn is_anchor_too_old_to_be_a_client(pki: &Pki) -> bool {
    let is_anchor = || {
        let mut anchors = pki.anchors.iter();
        anchors.any(|anchor| anchor.serial == pki.client.serial)
    };
    pki.policy.client_ca == ClientCa::Refuse && pki.client.version != Version::V3 && is_anchor()
}

/// Whether one of the paths that begin with `path` is as asked. A path follows names and
/// signatures, takes each certificate at most once (§6.1), and ends at an anchor, which may be one
/// of its certificates: an anchor is no part of what it anchors.
fn any_path<'a>(
    path: &mut Vec<&'a Certificate>,
    issuers: &[&'a Certificate],
    anchors: &'a [Certificate],
    is_as_asked: &impl Fn(&[&Certificate]) -> bool,
) -> bool {
    let last = path[path.len() - 1];
    let is_taken = |path: &[&Certificate], issuer: &Certificate| {
        path.iter().any(|taken| taken.serial == issuer.serial)
    };
    for anchor in anchors.iter().filter(|anchor| issued(anchor, last)) {
        path.push(anchor);
        let found = is_as_asked(path);
        path.pop();
        if found {
            return true;
        }
    }
    for issuer in issuers.iter().filter(|issuer| issued(issuer, last)) {
        if is_taken(path, issuer) {
            continue;
        }
        path.push(issuer);
        let found = any_path(path, issuers, anchors, is_as_asked);
        path.pop();
        if found {
            return true;
        }
    }
    false
}

/// §6.1.3 (a)(1) and (a)(4).
fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    issuer.subject.name == certificate.issuer.name
        && issuer.key == certificate.signed_by
        && !certificate.is_signature_broken
}

/// §6.1.3 (a)(2), stretched by the policy.
fn is_in_validity(certificate: &Certificate, role: Role, policy: &ClientPolicy, now: u64) -> bool {
    certificate.not_before <= now + seconds(policy.expiry.clock_skew.duration())
        && last_second(certificate, role, policy).is_none_or(|last| now <= last)
}

fn last_second(certificate: &Certificate, role: Role, policy: &ClientPolicy) -> Option<u64> {
    let end = certificate.not_after + seconds(policy.expiry.clock_skew.duration());
    let expired = match role {
        Role::Client => policy.expiry.client,
        Role::Intermediate => policy.expiry.issuers,
        Role::Anchor => policy.expiry.anchors,
    };
    match expired {
        Expired::Reject => Some(end),
        Expired::AcceptFor(longer) => Some(end + seconds(longer)),
        Expired::Accept => None,
        other => panic!("{other:?} has no rule here"),
    }
}

/// §6.1.4 (k): an issuer is a CA. Of an anchor too old to say so, its configuration does (§6.1.4
/// (k), "out-of-band means"). A client is none, unless the policy takes them.
fn may_be(certificate: &Certificate, role: Role, policy: &ClientPolicy) -> bool {
    let says_so = certificate.says_it_is_a_ca();
    match role {
        Role::Client => policy.client_ca == ClientCa::Accept || !says_so,
        Role::Intermediate => says_so,
        Role::Anchor => says_so || certificate.version != Version::V3,
    }
}

/// §6.1.4 (l) and (m): of the intermediates below it, no more than its pathLenConstraint says are
/// not self-issued.
fn leaves_room(certificate: &Certificate, intermediates_below: &[&Certificate]) -> bool {
    let BasicConstraints::Ca {
        path_len: Some(path_len),
    } = certificate.basic_constraints
    else {
        return true;
    };
    let mut counted = 0;
    for intermediate in intermediates_below {
        counted += u64::from(!intermediate.is_self_issued());
    }
    counted <= path_len
}

/// §6.1.4 (n) for issuers; for the client §4.2.1.3, as TLS has it sign the handshake.
fn has_key_usage(certificate: &Certificate, role: Role) -> bool {
    let needed = match role {
        Role::Client => KeyUsage::DigitalSignature,
        Role::Intermediate | Role::Anchor => KeyUsage::KeyCertSign,
    };
    certificate
        .key_usage
        .is_none_or(|usages| usages.contains(&needed))
}

/// §4.2.1.12, of CAs too.
fn has_purpose(certificate: &Certificate, role: Role, policy: &ClientPolicy) -> bool {
    let must_be_there = match &policy.purpose {
        RequiredPurpose::Unchecked => return true,
        RequiredPurpose::Required(purpose) if *purpose == KeyPurpose::CLIENT_AUTH.into() => {
            role == Role::Client
        }
        RequiredPurpose::IfPresent(purpose) if *purpose == KeyPurpose::CLIENT_AUTH.into() => false,
        other => panic!("no policy here asks for {other:?}"),
    };
    match certificate.purposes {
        None => !must_be_there,
        Some(purposes) => purposes
            .iter()
            .any(|purpose| [oid::CLIENT_AUTH, oid::ANY_EXTENDED_KEY_USAGE].contains(purpose)),
    }
}

fn seconds(duration: Duration) -> u64 {
    duration.as_secs()
}
