//! Which CRLs are about a certificate (RFC 5280 §6.3.3 (b) and (d)), and what each says of it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Range;

use super::crl::{EntryStatus, StoredCrl};
use super::crls::StoredCrls;
use super::left_out::LeftOut;
use super::newer::Newer;
use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::x509::{
    Certificate, DistributionPoint, Element, GeneralName, IssuingPoint, PointName, Reasons,
    general_names, is_same_continued_name, is_same_name, name_key,
};

/// Pays for looking at a name of so many bytes.
fn pay(budget: &Budget, bytes: usize) -> Result<(), Reason> {
    pay_units(budget, price::comparing(bytes))
}

fn pay_units(budget: &Budget, units: usize) -> Result<(), Reason> {
    Ok(budget.pay(units, Work::Revocation)?)
}

/// A CRL that is about a certificate.
#[derive(Clone)]
pub(crate) struct ApplicableCrl<'a> {
    pub(crate) crl: &'a StoredCrl,
    /// The reasons for which it would say that the certificate is revoked.
    pub(crate) covers: Reasons,
    /// What it says.
    pub(crate) entry: EntryStatus,
    /// Where the CRLs of its issuer about the same certificates are among all, the newest first.
    pub(crate) peers: Range<usize>,
}

/// The CRLs about a certificate.
pub(crate) struct ApplicableCrls<'a> {
    pub(crate) crls: Vec<ApplicableCrl<'a>>,
    /// One by who may make such CRLs that is about other certificates.
    pub(crate) out_of_scope: Option<&'a StoredCrl>,
}

/// The CRLs of a store that are about a certificate. Left out are those to which there is a newer
/// one by the very same key, as far as that was found out while loading, where the newer one
/// `counts`.
pub(crate) fn applicable_crls<'a>(
    store: &'a StoredCrls,
    certificate: Certificate<'_>,
    mut counts: impl FnMut(&StoredCrl) -> bool,
    budget: &Budget,
) -> Result<ApplicableCrls<'a>, Reason> {
    let mut about = ApplicableCrls {
        crls: Vec::new(),
        out_of_scope: None,
    };
    // The first CRL of each issuer that was looked at. Only names that a CRL has are more than
    // looked up.
    let mut seen: Vec<&StoredCrl> = Vec::new();
    for issuer in crl_issuers_of(certificate) {
        pay_units(budget, price::looking_up(issuer))?;
        let mut groups = store.of_issuer(issuer).peekable();
        match groups.peek().and_then(|group| group.first()) {
            Some(first) if !seen.iter().any(|seen| core::ptr::eq(*seen, first)) => seen.push(first),
            _ => continue,
        }
        for group in groups {
            let Some(first) = group.first() else { continue };
            let covers = reasons_covered(first, certificate, budget)?;
            if covers.is_empty() {
                about.out_of_scope.get_or_insert(first);
                continue;
            }
            pay_units(budget, group.len() / 4)?;
            let start = about.crls.len();
            let mut by_maker: BTreeMap<u32, Newer<'_>> = BTreeMap::new();
            for crl in group {
                let maker = crl.maker().filter(|_| group.len() > 1);
                let is_superseded = maker
                    .and_then(|maker| by_maker.get_mut(&maker))
                    .is_some_and(|newer| newer.supersedes(crl));
                if let Some(maker) = maker
                    && !crl.is_delta()
                    && counts(crl)
                {
                    by_maker.entry(maker).or_default().add(crl);
                }
                if is_superseded {
                    continue;
                }
                pay_units(budget, price::LISTED)?;
                about.crls.push(ApplicableCrl {
                    crl,
                    covers,
                    entry: crl.find(certificate.issuer(), certificate.serial()),
                    peers: start..start,
                });
            }
            let peers = start..about.crls.len();
            for one in about.crls.iter_mut().skip(start) {
                one.peers = peers.clone();
            }
        }
    }
    Ok(about)
}

/// Whether a CRL that could be about a certificate was left out while loading.
pub(crate) fn may_be_left_out(
    left_out: &LeftOut,
    certificate: Certificate<'_>,
    budget: &Budget,
) -> Result<bool, Reason> {
    for issuer in crl_issuers_of(certificate) {
        pay_units(budget, price::looking_up(issuer))?;
        let pay = |units| pay_units(budget, units);
        if left_out.may_be_by(issuer, pay)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The names of those who may make CRLs about a certificate, some perhaps more than once.
pub(crate) fn crl_issuers_of(certificate: Certificate<'_>) -> impl Iterator<Item = &[u8]> {
    let others = other_crl_issuers(certificate);
    [certificate.issuer()].into_iter().chain(others)
}

/// The names of those besides its own issuer who may make CRLs about a certificate: the cRLIssuers
/// of its distribution points. Its issuer may be among them, and others more than once.
fn other_crl_issuers(certificate: Certificate<'_>) -> impl Iterator<Item = &[u8]> {
    certificate
        .distribution_points()
        .filter_map(|point| point.crl_issuer)
        .flat_map(directory_names)
}

/// The reasons for which `crl` would say that `certificate` is revoked; none if it is not about the
/// certificate.
fn reasons_covered(
    crl: &StoredCrl,
    certificate: Certificate<'_>,
    budget: &Budget,
) -> Result<Reasons, Reason> {
    let scope = crl.issuing_point();
    if scope.is_some_and(|scope| leaves_out(&scope, certificate)) {
        return Ok(Reasons::NONE);
    }
    let of_crl = scope
        .and_then(|scope| scope.reasons)
        .unwrap_or(Reasons::ALL);
    let is_indirect = scope.is_some_and(|scope| scope.is_indirect);
    let name = scope.and_then(|scope| scope.name);
    pay(budget, crl.issuer().len().max(certificate.issuer().len()))?;
    if crl.issuer() != certificate.issuer() {
        pay_units(budget, price::looking_up(certificate.issuer()))?;
    }
    let is_own_issuers = is_same_name(crl.issuer(), certificate.issuer());

    let mut covered = Reasons::NONE;
    for point in certificate.distribution_points() {
        let names = point.crl_issuer.filter(|_| is_indirect);
        pay(budget, names.map_or(0, <[u8]>::len))?;
        for name in names.into_iter().flat_map(directory_names) {
            pay_units(budget, price::looking_up(name))?;
        }
        let is_issuers = match point.crl_issuer {
            // (b)(1): any other issuer must say that it speaks for others.
            Some(names) => {
                is_indirect && directory_names(names).any(|name| is_issuer_of(crl, name))
            }
            None => is_own_issuers,
        };
        let fits = is_issuers
            && match name {
                None => true,
                Some(name) => is_named(crl, name, &point, certificate, budget)?,
            };
        if fits {
            let reasons = point.reasons.unwrap_or(Reasons::ALL);
            covered = covered.union(reasons.intersection(of_crl));
        }
    }
    // End of §6.3.3: the CRLs of the certificate's issuer that no distribution point leads to, as
    // if by one that has the issuer's name.
    if is_own_issuers && covered != of_crl {
        let fits = match name {
            None => true,
            Some(name) => {
                let issuer = Part::Name(certificate.issuer(), None);
                any_same(
                    parts(name, crl.issuer()),
                    || core::iter::once(issuer),
                    budget,
                )?
            }
        };
        if fits {
            covered = of_crl;
        }
    }
    Ok(covered)
}

/// Whether a CRL is by an issuer of this name. Names that have other keys are not compared: that
/// would take long with some.
fn is_issuer_of(crl: &StoredCrl, name: &[u8]) -> bool {
    name == crl.issuer() || name_key(name) == crl.issuer_key() && is_same_name(name, crl.issuer())
}

/// (b)(2)(ii)-(iv).
fn leaves_out(scope: &IssuingPoint<'_>, certificate: Certificate<'_>) -> bool {
    scope.only_attribute_certificates
        || scope.only_user_certificates && certificate.is_ca()
        || scope.only_ca_certificates && !certificate.is_ca()
}

/// (b)(2)(i): whether a name of the CRL's point is one of the certificate's point, or of its
/// cRLIssuer if it has no other.
fn is_named(
    crl: &StoredCrl,
    name: PointName<'_>,
    point: &DistributionPoint<'_>,
    certificate: Certificate<'_>,
    budget: &Budget,
) -> Result<bool, Reason> {
    let (of_point, base) = match (point.name, point.crl_issuer) {
        // §4.2.1.13: relative to the cRLIssuer, which is the CRL's issuer by now, or else to the
        // certificate's.
        (Some(name), Some(_)) => (name, crl.issuer()),
        (Some(name), None) => (name, certificate.issuer()),
        (None, Some(names)) => (PointName::Full(names), crl.issuer()),
        (None, None) => return Ok(false),
    };
    any_same(parts(name, crl.issuer()), || parts(of_point, base), budget)
}

/// One name of a distribution point.
#[derive(Clone, Copy)]
enum Part<'a> {
    /// A directory name, and the relative name that continues it.
    Name(&'a [u8], Option<Element<'a>>),
    Other(GeneralName<'a>),
}

impl Part<'_> {
    /// As many bytes of ASCII text as it takes to compare it. Names are folded for each comparison,
    /// which costs most beyond ASCII.
    fn cost(&self) -> usize {
        const FOLDING: usize = 16;
        // The headers of a long name have so many bytes beyond ASCII.
        const IN_HEADERS: usize = 16;
        let of_name = |name: &[u8]| {
            let not_ascii = name.iter().filter(|byte| !byte.is_ascii()).count();
            let of_text = not_ascii.saturating_sub(IN_HEADERS);
            name.len().saturating_add(of_text.saturating_mul(FOLDING))
        };
        match self {
            Self::Name(name, end) => {
                let end = end.map_or(0, |end| of_name(end.whole).saturating_mul(FOLDING));
                of_name(name).saturating_add(end)
            }
            Self::Other(name) => name.len(),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name(ours, None), Self::Name(theirs, None)) => {
                ours == theirs || name_key(ours) == name_key(theirs) && is_same_name(ours, theirs)
            }
            (Self::Name(ours, end), Self::Name(theirs, their_end)) => {
                is_same_continued_name((ours, *end), (theirs, *their_end))
            }
            (Self::Other(GeneralName::Uri(ours)), Self::Other(GeneralName::Uri(theirs))) => {
                is_same_uri(ours, theirs)
            }
            // What could not be read is nobody's name.
            (Self::Other(GeneralName::Unread(_)), _) => false,
            (Self::Other(ours), Self::Other(theirs)) => ours == theirs,
            _ => false,
        }
    }
}

/// The names of a distribution point; a relative one continues `base`.
fn parts<'a>(name: PointName<'a>, base: &'a [u8]) -> impl Iterator<Item = Part<'a>> + Clone {
    let (full, relative) = match name {
        PointName::Full(names) => (names, None),
        PointName::Relative(end) => (&[][..], Some(Part::Name(base, Some(end)))),
    };
    let full = general_names(full).map(|name| match name {
        GeneralName::Directory(name) => Part::Name(name, None),
        other => Part::Other(other),
    });
    full.chain(relative)
}

fn any_same<'a, 'b, I: Iterator<Item = Part<'b>>>(
    ours: impl Iterator<Item = Part<'a>>,
    theirs: impl Fn() -> I,
    budget: &Budget,
) -> Result<bool, Reason> {
    for our in ours {
        for their in theirs() {
            pay(budget, our.cost().max(their.cost()))?;
            if our.is_same(&their) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn directory_names(names: &[u8]) -> impl Iterator<Item = &[u8]> {
    general_names(names).filter_map(|name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    })
}

/// Scheme and host compare without case, the rest exactly (RFC 5280 §7.4).
fn is_same_uri(a: &str, b: &str) -> bool {
    let ([scheme, host], others) = split_uri(a);
    let ([their_scheme, their_host], their_others) = split_uri(b);
    scheme.eq_ignore_ascii_case(their_scheme)
        && host.eq_ignore_ascii_case(their_host)
        && others == their_others
}

/// Scheme and host; then what is before the authority, user information, and what is after the host
/// (RFC 3986 §3). Together they are the URI. Without an authority the host is empty.
fn split_uri(uri: &str) -> ([&str; 2], [&str; 3]) {
    let at = |text, index: Option<usize>| {
        let split = index.and_then(|index| str::split_at_checked(text, index));
        split.unwrap_or(("", text))
    };
    let (scheme, rest) = at(uri, uri.find(':'));
    let Some(after) = rest.strip_prefix("://") else {
        return ([scheme, ""], ["", "", rest]);
    };
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, rest) = at(after, Some(end));
    let user_end = authority.rfind('@').map(|at| at.saturating_add(1));
    let (user, host) = at(authority, user_end);
    ([scheme, host], ["://", user, rest])
}

#[cfg(test)]
mod tests {
    use testpki::Name;

    use super::{Element, GeneralName, Part, is_same_uri};
    use crate::x509::Reader;

    /// A byte costs as much as one of ASCII text, or 16 times more each beyond the first 16 that
    /// are not ASCII; in a relative name 16 times that.
    #[test]
    fn names_beyond_ascii_take_longer_to_compare() {
        let relative_name = |name: &'static [u8]| -> Element<'static> {
            Reader::new(name).element().expect("an element")
        };
        let uri = "http://crl.example/\u{e9}";
        for (part, cost) in [
            (Part::Name(Name::cn(&"a".repeat(100)).der(), None), 113),
            (Part::Name(Name::cn(&"\u{e9}".repeat(8)).der(), None), 29),
            (
                Part::Name(Name::cn(&"\u{e9}".repeat(50)).der(), None),
                113 + 16 * 84,
            ),
            (Part::Name(&[], Some(relative_name(b"\x31\x02ab"))), 16 * 4),
            (Part::Other(GeneralName::Uri(uri)), uri.len()),
        ] {
            assert_eq!(part.cost(), cost);
        }
    }

    #[test]
    fn scheme_and_host_of_a_uri_compare_without_case() {
        let uri = "http://crl.example/a.crl?x#y";
        assert!(is_same_uri(uri, uri));
        assert!(is_same_uri("HTTP://CRL.Example/a.crl?x#y", uri));
        assert!(!is_same_uri("http://crl.example/A.crl?x#y", uri));
        assert!(!is_same_uri("http://crl.example/a.crl", uri));
        assert!(!is_same_uri("http://crl.example", "http://crl.example/"));
        assert!(is_same_uri("http://crl.example", "http://CRL.example"));
        assert!(is_same_uri("http://a@crl.example", "http://a@CRL.example"));
        assert!(!is_same_uri("http://A@crl.example", "http://a@crl.example"));
        assert!(!is_same_uri("urn:A?://x/", "urn:a?://x/"));
        assert!(!is_same_uri("http:/A://x/", "http:/a://x/"));
        assert!(!is_same_uri("a:b", "a://b"));
        assert!(!is_same_uri("urn:x:Y", "urn:x:y"));
        assert!(is_same_uri("URN:x:y", "urn:x:y"));
        assert!(!is_same_uri("", uri));
        assert!(is_same_uri("", ""));
    }
}
