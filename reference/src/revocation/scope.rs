//! Which CRLs are about a certificate (RFC 5280 §6.3.3 (b), (d)).

use super::*;

/// U1: Auto is one of the others.
pub(super) fn asked_scope(world: &World) -> Scope {
    match world.policy.revocation {
        Scope::Auto if world.crls.is_empty() => Scope::Off,
        Scope::Auto => Scope::WholePath,
        scope => scope,
    }
}

/// The distribution points of C, and the one implied at the end of §6.3.3: its issuer's name.
/// None: they are malformed, or one leads nowhere.
pub(super) fn distribution_points(subject: &Certificate) -> Option<Vec<DistributionPoint>> {
    let own = subject.distribution_points.as_ref().ok()?;
    let mut points = own.clone().unwrap_or_default();
    if points
        .iter()
        .any(|point| point.name.is_none() && point.crl_issuer.is_empty())
    {
        return None;
    }
    let issuer = GeneralName::Directory(subject.issuer.clone());
    let name = Some(PointName::Full(vec![issuer]));
    points.push(DistributionPoint {
        name,
        reasons: None,
        zero_bits: false,
        crl_issuer: Vec::new(),
    });
    Some(points)
}

/// For which reasons a CRL is about C (§6.3.3 (b), (d)); none: it is not.
pub(super) fn reasons_about(
    crl: &Crl,
    subject: &Certificate,
    points: &[DistributionPoint],
) -> Option<u16> {
    let own = crl
        .scope
        .as_ref()
        .and_then(|(own, _)| own.reasons)
        .unwrap_or(ALL_REASONS);
    let matching = points
        .iter()
        .filter(|point| is_in_scope(crl, subject, point));
    let reasons = matching.map(|point| own & point.reasons.unwrap_or(ALL_REASONS) & ALL_REASONS);
    // (d), (e): a CRL that has no reason in common with the points says nothing of C.
    reasons
        .reduce(|one, other| one | other)
        .filter(|reasons| *reasons != 0)
}

/// §6.3.3 (b): whether C is in the scope of the CRL by this distribution point.
pub(super) fn is_in_scope(crl: &Crl, subject: &Certificate, point: &DistributionPoint) -> bool {
    let scope = crl.scope.as_ref().map(|(scope, _)| scope);
    let crl_issuers = directory_names(&point.crl_issuer);
    // (b)(1)
    let is_issuer = if point.crl_issuer.is_empty() {
        crl.issuer.is_surely(&subject.issuer)
    } else {
        scope.is_some_and(|scope| scope.indirect)
            && crl_issuers.iter().any(|name| name.is_surely(&crl.issuer))
    };
    // (b)(2)
    is_issuer
        && scope.is_none_or(|scope| {
            // (i)
            let is_point = scope.name.as_ref().is_none_or(|name| {
                let of_crl = full_names(name, &[&crl.issuer]);
                let of_point = match &point.name {
                    Some(name) if point.crl_issuer.is_empty() => {
                        full_names(name, &[&subject.issuer])
                    }
                    Some(name) => full_names(name, &crl_issuers),
                    None => point.crl_issuer.clone(),
                };
                of_crl
                    .iter()
                    .any(|one| of_point.iter().any(|other| is_same(one, other)))
            });
            let of_kind = if is_ca(subject) {
                !scope.only_user
            } else {
                !scope.only_ca
            }; // (ii), (iii)
            is_point && of_kind && !scope.only_attribute // (iv)
        })
}

pub(super) fn directory_names<'a>(names: &'a [GeneralName]) -> Vec<&'a Name> {
    let directory = |name: &'a GeneralName| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    };
    names.iter().filter_map(directory).collect()
}

/// The names of a point; a relative one below each of these names (§4.2.1.13, §5.2.5).
pub(super) fn full_names(name: &PointName, bases: &[&Name]) -> Vec<GeneralName> {
    match name {
        PointName::Full(names) => names.clone(),
        PointName::Relative(attributes) => {
            let full = bases.iter().filter_map(|base| name_below(base, attributes));
            full.map(GeneralName::Directory).collect()
        }
    }
}

/// The name with one relative name more.
pub(super) fn name_below(base: &Name, attributes: &[Attribute]) -> Option<Name> {
    let mut sets = Vec::new();
    for rdn in base.rdns.iter().map(Vec::as_slice).chain([attributes]) {
        let ders: Vec<_> = rdn
            .iter()
            .map(|attribute| attribute.der.as_slice())
            .collect();
        sets.extend(element(0x31, &ders.concat()));
    }
    Name::read(&element(0x30, &sets)).ok()
}

/// A DER element with this identifier octet.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ 0..0x80 => vec![short as u8],
        long @ 0..0x100 => vec![0x81, long as u8],
        long => vec![0x82, (long >> 8) as u8, long as u8],
    };
    [&[tag], length.as_slice(), content].concat()
}

/// Whether two names of points are the same (§7).
pub(super) fn is_same(one: &GeneralName, other: &GeneralName) -> bool {
    match (one, other) {
        (GeneralName::Directory(one), GeneralName::Directory(other)) => one.is_surely(other),
        (GeneralName::Dns(one), GeneralName::Dns(other)) => one.eq_ignore_ascii_case(other), // §7.2
        (GeneralName::Email(one), GeneralName::Email(other)) => {
            mailbox(one).is_some() && mailbox(one) == mailbox(other)
        }
        (GeneralName::Uri(one), GeneralName::Uri(other)) => {
            uri(one).is_some() && uri(one) == uri(other)
        }
        _ => one == other,
    }
}

/// §7.5: the local part as it is, the host without regard to case.
pub(super) fn mailbox(octets: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let at = octets.iter().rposition(|&octet| octet == b'@')?;
    let (local, host) = octets.split_at(at);
    Some((local, host.to_ascii_lowercase()))
}

/// §7.4: scheme and host without regard to case, the rest as it is. None: it is no URI.
pub(super) fn uri(octets: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(octets).ok()?;
    let (scheme, rest) = text.split_once(':')?;
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        || !scheme.chars().all(in_scheme)
        || !text.chars().all(|c| c.is_ascii_graphic())
    {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let Some(after) = rest.strip_prefix("//") else {
        return Some(format!("{scheme}:{rest}"));
    };
    let (authority, path) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    Some(format!(
        "{scheme}://{user}{}{path}",
        host.to_ascii_lowercase()
    ))
}
