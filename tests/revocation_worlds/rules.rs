//! The rules for CRLs over plain data, as naive as can be: which CRL names a certificate, and where
//! it is beyond doubt that the certificate is revoked, or that it is good.
//!
//! The sections are those of RFC 5280.

use mtls_verify::policy::Profile;
use testpki::Reason;

use crate::asked::Asked;
use crate::certificate::{Certificate, Reasons};
use crate::crl::{Entry, Only, WorldCrl};

/// The reasons for which a CRL would say that a certificate is revoked (§6.3.3 (b) and (d)), as
/// the bits of [`Reasons`].
pub(crate) fn covered(crl: &WorldCrl, certificate: &Certificate) -> u8 {
    let scope = crl.scope;
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
    let is_own_issuers = crl.issuer.name == certificate.issuer.name;
    // The end of §6.3.3: CRLs of the issuer which no point leads to.
    if is_own_issuers && uri.is_none() {
        return reasons;
    }
    let points = certificate.points.iter().filter(|point| {
        let is_issuers = match point.crl_issuer {
            Some(name) => crl.is_indirect() && name == crl.issuer.name,
            None => is_own_issuers,
        };
        is_issuers && (uri.is_none() || uri == point.uri)
    });
    let of_points = points.fold(0, |bits, point| bits | point.reasons.bits());
    reasons & of_points
}

/// The entry by which a CRL that is about a certificate revokes it, even if the CRL is forged.
pub(crate) fn entry_naming<'a>(crl: &'a WorldCrl, certificate: &Certificate) -> Option<&'a Entry> {
    let entry = crl.entries.iter().find(|entry| entry.is_of(certificate))?;
    let lifts = crl.is_delta() && entry.reason == Some(Reason::RemoveFromCrl);
    (!lifts && covered(crl, certificate) != 0).then_some(entry)
}

/// Whether there is a CRL by an issuer that may make one about a certificate, whatever it is about.
pub(crate) fn is_published(certificate: &Certificate, crls: &[WorldCrl]) -> bool {
    crls.iter().any(|crl| {
        let mut points = certificate.points.iter();
        crl.issuer.name == certificate.issuer.name
            || points.any(|point| point.crl_issuer == Some(crl.issuer.name))
    })
}

/// A CRL that names a certificate and that nothing can supersede or lift, if there is one.
///
/// Its age, its signature, its signer and its form do not matter: a CRL that is not authentic is
/// not as if absent.
pub(crate) fn find_naming<'a>(
    crls: &'a [WorldCrl],
    certificate: &Certificate,
    asked: &Asked,
) -> Option<&'a WorldCrl> {
    crls.iter().find(|crl| {
        entry_naming(crl, certificate).is_some_and(|entry| {
            !may_be_lifted(entry, crl, crls, certificate)
                && !may_be_superseded(crl, crls, certificate, asked)
        })
    })
}

/// Whether a delta may take a certificate off hold.
fn may_be_lifted(
    entry: &Entry,
    crl: &WorldCrl,
    crls: &[WorldCrl],
    certificate: &Certificate,
) -> bool {
    let lifts =
        |delta: &Entry| delta.is_of(certificate) && delta.reason == Some(Reason::RemoveFromCrl);
    entry.reason == Some(Reason::CertificateHold)
        && crls
            .iter()
            .any(|other| is_by_same_key(other, crl) && other.entries.iter().any(lifts))
}

fn may_be_superseded(
    crl: &WorldCrl,
    crls: &[WorldCrl],
    certificate: &Certificate,
    asked: &Asked,
) -> bool {
    crls.iter().any(|other| {
        if !is_by_same_key(other, crl) || other == crl {
            return false;
        }
        if crl.is_delta() {
            return other.this_update >= crl.this_update || other.number >= crl.number;
        }
        !other.is_delta()
            && other.scope == crl.scope
            && conforms(other, asked)
            && other.this_update <= 0
            && is_certainly_newer(other, crl)
            && !may_have_pruned(other, certificate, asked)
    })
}

fn is_by_same_key(one: &WorldCrl, other: &WorldCrl) -> bool {
    one.issuer == other.issuer && !one.is_forged && !other.is_forged
}

fn is_certainly_newer(one: &WorldCrl, other: &WorldCrl) -> bool {
    let numbers = one.number.zip(other.number);
    match one.this_update - other.this_update {
        1.. => numbers.is_none_or(|(one, other)| one >= other),
        0 => numbers.is_some_and(|(one, other)| one > other),
        _ => false,
    }
}

/// Whether a CRL may have dropped its entry of a certificate that had expired (§3.3).
fn may_have_pruned(crl: &WorldCrl, certificate: &Certificate, asked: &Asked) -> bool {
    let keeps = |since| since <= certificate.not_after;
    crl.this_update > certificate.not_after
        && !asked.keeps_pruned
        && !crl.expired_certs_on.is_some_and(keeps)
}

fn conforms(crl: &WorldCrl, asked: &Asked) -> bool {
    // In the generator nothing else makes a difference between the profiles.
    asked.profile == Profile::Compatible || crl.is_conforming && has_form(crl)
}

fn has_form(crl: &WorldCrl) -> bool {
    crl.number.is_some() && crl.next_update.is_some()
}

/// Whether a certificate is good beyond doubt: no entry of any CRL is about it, and its issuer's
/// key made a CRL that vouches for it.
pub(crate) fn is_surely_good(
    certificate: &Certificate,
    issuer: &Certificate,
    crls: &[WorldCrl],
    asked: &Asked,
) -> bool {
    let is_listed = crls
        .iter()
        .any(|crl| crl.entries.iter().any(|entry| entry.is_of(certificate)));
    let vouches = |crl: &&WorldCrl| {
        crl.is_fresh() && conforms(crl, asked) && !may_have_pruned(crl, certificate, asked)
    };
    let of_key: Vec<_> = crls
        .iter()
        .filter(|crl| crl.issuer == certificate.issuer && !crl.is_forged)
        .filter(|crl| crl.scope.is_none() && !crl.is_delta())
        .collect();
    // One that does not vouch may supersede one that does.
    let is_newest = |crl: &&&WorldCrl| {
        of_key.iter().all(|other| {
            vouches(other) || other.this_update < crl.this_update && other.number < crl.number
        })
    };
    !is_listed
        && issuer.signs_crls
        && of_key
            .iter()
            .filter(|crl| vouches(crl))
            .any(|crl| is_newest(&crl))
}

/// Whether CRLs may vouch for a certificate for every reason. Where the key that issued it made a
/// CRL, no other key vouches.
pub(crate) fn can_be_good(certificate: &Certificate, crls: &[WorldCrl], asked: &Asked) -> bool {
    let may_vouch = |crl: &&WorldCrl| {
        !crl.is_delta()
            && !crl.is_forged
            && crl.this_update <= 0
            && conforms(crl, asked)
            && !may_have_pruned(crl, certificate, asked)
    };
    let is_by_issuer = |crl: &WorldCrl| crl.issuer == certificate.issuer;
    let may_vouch: Vec<_> = crls.iter().filter(may_vouch).collect();
    let by_issuer = may_vouch.iter().filter(|crl| is_by_issuer(crl));
    let settled = by_issuer.fold(0, |bits, crl| bits | covered(crl, certificate));
    let current = may_vouch.iter().filter(|crl| is_current(crl, crls, asked));
    let vouched = current.fold(0, |bits, crl| {
        let covered = covered(crl, certificate);
        bits | match is_by_issuer(crl) {
            true => covered,
            false => covered & !settled,
        }
    });
    vouched == Reasons::All.bits()
}

/// Whether a CRL is fresh, or accepted although it is not, or a delta may make it so.
fn is_current(crl: &WorldCrl, crls: &[WorldCrl], asked: &Asked) -> bool {
    let is_refreshed = crls
        .iter()
        .any(|delta| delta.is_delta() && is_by_same_key(delta, crl) && delta.is_fresh());
    asked.accepts_stale || crl.is_fresh() || is_refreshed
}
