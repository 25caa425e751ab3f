//! The rules for CRLs over plain data, as naive as can be: which CRL names a certificate, and where
//! it is beyond doubt that the certificate is revoked, or that it is good.
//!
//! The sections are those of RFC 5280.

use mtls_verify::Profile;
use testpki::Reason;

use crate::asked::Asked;
use crate::certificate::{Certificate, Reasons};
use crate::list::{Entry, List, Only};

/// The reasons for which a CRL would say that a certificate is revoked (§6.3.3 (b) and (d)), as the
/// bits of [`Reasons`].
pub(crate) fn covered(list: &List, certificate: &Certificate) -> u8 {
    let scope = list.scope;
    let is_left_out = match scope.map_or(Only::Nothing, |scope| scope.only) {
        Only::Nothing => false,
        Only::Users => certificate.is_ca(),
        Only::Cas => !certificate.is_ca(),
        Only::Attributes => true,
    };
    if is_left_out {
        return 0;
    }
    let reasons = scope.map_or(Reasons::All, |scope| scope.reasons).bits();
    let uri = scope.and_then(|scope| scope.uri);
    let is_own_issuers = list.issuer.name == certificate.issuer.name;
    // The end of §6.3.3: CRLs of the issuer which no point leads to.
    if is_own_issuers && uri.is_none() {
        return reasons;
    }
    let points = certificate.points.iter().filter(|point| {
        let is_issuers = match point.list_issuer {
            Some(name) => list.is_indirect() && name == list.issuer.name,
            None => is_own_issuers,
        };
        is_issuers && (uri.is_none() || uri == point.uri)
    });
    let of_points = points.fold(0, |bits, point| bits | point.reasons.bits());
    reasons & of_points
}

/// The entry by which a CRL that is about a certificate revokes it, whoever signed the CRL.
pub(crate) fn entry_naming<'a>(list: &'a List, certificate: &Certificate) -> Option<&'a Entry> {
    let entry = list.entries.iter().find(|entry| entry.is_of(certificate))?;
    let lifts = list.is_delta() && entry.reason == Some(Reason::RemoveFromCrl);
    (!lifts && covered(list, certificate) != 0).then_some(entry)
}

/// Whether there is a CRL by an issuer that may make one about a certificate, whatever it is about.
pub(crate) fn is_published(certificate: &Certificate, lists: &[List]) -> bool {
    lists.iter().any(|list| {
        let mut points = certificate.points.iter();
        list.issuer.name == certificate.issuer.name
            || points.any(|point| point.list_issuer == Some(list.issuer.name))
    })
}

/// A CRL that names a certificate and that nothing can supersede or lift, if there is one.
///
/// Its age, its signature, its signer and its form do not matter: a CRL that is not authentic is not
/// as if absent.
pub(crate) fn find_naming<'a>(
    lists: &'a [List],
    certificate: &Certificate,
    asked: &Asked,
) -> Option<&'a List> {
    lists.iter().find(|list| {
        entry_naming(list, certificate).is_some_and(|entry| {
            !may_be_lifted(entry, list, lists, certificate)
                && !may_be_superseded(list, lists, certificate, asked)
        })
    })
}

/// Whether a delta may take a certificate off hold.
fn may_be_lifted(entry: &Entry, list: &List, lists: &[List], certificate: &Certificate) -> bool {
    let lifts =
        |delta: &Entry| delta.is_of(certificate) && delta.reason == Some(Reason::RemoveFromCrl);
    entry.reason == Some(Reason::CertificateHold)
        && lists
            .iter()
            .any(|other| is_by_same_key(other, list) && other.entries.iter().any(lifts))
}

fn may_be_superseded(
    list: &List,
    lists: &[List],
    certificate: &Certificate,
    asked: &Asked,
) -> bool {
    lists.iter().any(|other| {
        if !is_by_same_key(other, list) || other == list {
            return false;
        }
        if list.is_delta() {
            return other.this_update >= list.this_update || other.number >= list.number;
        }
        !other.is_delta()
            && other.scope == list.scope
            && conforms(other, asked)
            && other.this_update <= 0
            && is_certainly_newer(other, list)
            && !may_have_pruned(other, certificate, asked)
    })
}

fn is_by_same_key(one: &List, other: &List) -> bool {
    one.issuer == other.issuer && !one.is_forged && !other.is_forged
}

fn is_certainly_newer(one: &List, other: &List) -> bool {
    let numbers = one.number.zip(other.number);
    match one.this_update - other.this_update {
        1.. => numbers.is_none_or(|(one, other)| one >= other),
        0 => numbers.is_some_and(|(one, other)| one > other),
        _ => false,
    }
}

/// Whether a CRL may have dropped its entry of a certificate that had expired (§3.3).
fn may_have_pruned(list: &List, certificate: &Certificate, asked: &Asked) -> bool {
    let keeps = |since| since <= certificate.not_after;
    list.this_update > certificate.not_after
        && !asked.keeps_pruned
        && !list.expired_certs_on.is_some_and(keeps)
}

fn conforms(list: &List, asked: &Asked) -> bool {
    // In the generator nothing else makes a difference between the profiles.
    asked.profile == Profile::Compatible || list.is_conforming && has_form(list)
}

fn has_form(list: &List) -> bool {
    list.number.is_some() && list.next_update.is_some()
}

/// Whether a certificate is good beyond doubt: no entry of any CRL is about it, and its issuer's key
/// made a CRL that vouches for it.
pub(crate) fn is_surely_good(
    certificate: &Certificate,
    issuer: &Certificate,
    lists: &[List],
    asked: &Asked,
) -> bool {
    let is_listed = lists
        .iter()
        .any(|list| list.entries.iter().any(|entry| entry.is_of(certificate)));
    let vouches = |list: &&List| {
        list.is_fresh() && conforms(list, asked) && !may_have_pruned(list, certificate, asked)
    };
    let of_key: Vec<_> = lists
        .iter()
        .filter(|list| list.issuer == certificate.issuer && !list.is_forged)
        .filter(|list| list.scope.is_none() && !list.is_delta())
        .collect();
    // One that does not vouch may supersede one that does.
    let is_newest = |list: &&&List| {
        of_key.iter().all(|other| {
            vouches(other) || other.this_update < list.this_update && other.number < list.number
        })
    };
    !is_listed
        && issuer.signs_lists
        && of_key
            .iter()
            .filter(|list| vouches(list))
            .any(|list| is_newest(&list))
}

/// Whether CRLs may vouch for a certificate for every reason. Where the key that issued it made a
/// CRL, no other key vouches.
pub(crate) fn can_be_good(certificate: &Certificate, lists: &[List], asked: &Asked) -> bool {
    let may_vouch = |list: &&List| {
        !list.is_delta()
            && !list.is_forged
            && list.this_update <= 0
            && conforms(list, asked)
            && !may_have_pruned(list, certificate, asked)
    };
    let is_by_issuer = |list: &List| list.issuer == certificate.issuer;
    let may_vouch: Vec<_> = lists.iter().filter(may_vouch).collect();
    let by_issuer = may_vouch.iter().filter(|list| is_by_issuer(list));
    let settled = by_issuer.fold(0, |bits, list| bits | covered(list, certificate));
    let current = may_vouch
        .iter()
        .filter(|list| is_current(list, lists, asked));
    let vouched = current.fold(0, |bits, list| {
        let covered = covered(list, certificate);
        bits | match is_by_issuer(list) {
            true => covered,
            false => covered & !settled,
        }
    });
    vouched == Reasons::All.bits()
}

/// Whether a CRL is fresh, or accepted although it is not, or a delta may make it so.
fn is_current(list: &List, lists: &[List], asked: &Asked) -> bool {
    let is_refreshed = lists
        .iter()
        .any(|delta| delta.is_delta() && is_by_same_key(delta, list) && delta.is_fresh());
    asked.accepts_stale || list.is_fresh() || is_refreshed
}
