//! The oracle of what further extensions ask of a path: name constraints (RFC 5280 §4.2.1.10, §6.1)
//! and certificate policies. It reads the models of certificates and none of their bytes.

use mtls_verify::CertificatePolicies;
use testpki::{GeneralName, Name};

use super::policies;
use crate::further::{Further, FurtherOf};
use crate::model::Certificate;

/// Whether this path, the client's certificate first and an anchor last, breaks no rule of its
/// further extensions.
pub(super) fn holds(
    path: &[&Certificate],
    further: &FurtherOf,
    asked: &CertificatePolicies,
) -> bool {
    let of = |certificate: &&Certificate| further.of(certificate);
    let all: Vec<&Further> = path.iter().map(of).collect();
    has_permitted_names(path, &all) && policies::holds(path, &all, asked)
}

/// §6.1.3 (b)(c): the names of each certificate but self-issued issuers, by each CA above.
fn has_permitted_names(path: &[&Certificate], further: &[&Further]) -> bool {
    let is_checked = |at: usize| at == 0 || !path[at].is_self_issued();
    (1..path.len()).all(|above| {
        (0..above).filter(|at| is_checked(*at)).all(|below| {
            let subject = GeneralName::Directory(subject(path[below]));
            let mut names = further[below].names.iter().chain([&subject]);
            names.all(|name| permits(further[above], name))
        })
    })
}

/// The first spelling of the names of `model.rs`. All four are equal, and so is every other pair of
/// names here either equal by its bytes or different.
fn subject(certificate: &Certificate) -> Name {
    let names = ["alpha ca", "beta ca", "gamma ca", "delta ca"];
    Name::cn(names[certificate.subject.name])
}

/// Whether one CA lets a name be.
fn permits(issuer: &Further, name: &GeneralName) -> bool {
    let judged = |bases: &[GeneralName], is_excluded| -> Vec<Within> {
        let of_form = bases.iter().filter(|base| is_of_form(name, base));
        of_form
            .map(|base| within(name, base, is_excluded))
            .collect()
    };
    let permitted = judged(&issuer.permitted, false);
    let excluded = judged(&issuer.excluded, true);
    let is_unjudged = permitted.iter().chain(&excluded).any(Option::is_none);
    !is_unjudged
        && (permitted.is_empty() || permitted.contains(&Some(true)))
        && !excluded.contains(&Some(true))
}

/// Whether a subtree says something of a name.
fn is_of_form(name: &GeneralName, base: &GeneralName) -> bool {
    use GeneralName::{Directory, Dns, Email, Ip, Other, RegisteredId, Uri};
    match (name, base) {
        (Other(name, _), Other(base, _)) => name == base,
        (Dns(_), Dns(_)) | (Email(_), Email(_)) | (Uri(_), Uri(_)) | (Ip(_), Ip(_)) => true,
        (Directory(_), Directory(_)) | (RegisteredId(_), RegisteredId(_)) => true,
        _ => false,
    }
}

/// `None` where it cannot be judged, which refuses (§4.2.1.10).
type Within = Option<bool>;

/// Whether all that a name stands for lies within a subtree of its form, or for an excluded subtree
/// whether something does.
fn within(name: &GeneralName, base: &GeneralName, is_excluded: bool) -> Within {
    use GeneralName::{Directory, Dns, Email, Ip, Uri};
    match (name, base) {
        (Dns(name), Dns(base)) => dns(&labels(name)?, base, is_excluded),
        (Email(name), Email(base)) => {
            let (local, host) = name.split_once('@')?;
            Some(match base.split_once('@') {
                // The local parts here differ in more than case.
                Some((its_local, its_host)) => local == its_local && host == its_host,
                None => is_host_within(host, base),
            })
        }
        (Uri(name), Uri(base)) => {
            let (_, authority) = name.split_once("://")?;
            let host = authority.split('/').next()?;
            Some(is_host_within(host, base))
        }
        (Ip(address), Ip(base)) => {
            let (network, mask) = base.split_at(base.len() / 2);
            let bits: Vec<bool> = mask.iter().flat_map(|octet| bits(*octet)).collect();
            let is_prefix = bits.is_sorted_by(|one, next| one >= next);
            let is_inside = || {
                let mut octets = address.iter().zip(network).zip(mask);
                octets.all(|((address, network), mask)| (address ^ network) & mask == 0)
            };
            is_prefix.then(|| address.len() == network.len() && is_inside())
        }
        // The empty name is above all others.
        (Directory(name), Directory(base)) => Some(name == base || *base == Name::empty()),
        // Nobody says how these compare.
        _ => None,
    }
}

fn bits(octet: u8) -> impl Iterator<Item = bool> {
    (0..8).map(move |bit| octet & 0x80 >> bit != 0)
}

/// In lower case; `None` of a name that has an empty label.
fn labels(name: &str) -> Option<Vec<String>> {
    let labels: Vec<_> = name.split('.').map(str::to_ascii_lowercase).collect();
    labels
        .iter()
        .all(|label| !label.is_empty())
        .then_some(labels)
}

/// A subtree is a domain and all below it; one with a leading dot is all below it. Everything lies
/// below the empty domain.
fn dns(name: &[String], base: &str, is_excluded: bool) -> Within {
    let (domain, least) = match (base.strip_prefix('.'), base) {
        (_, "") => return Some(true),
        (Some(below), _) => (labels(below)?, 1),
        (None, _) => (labels(base)?, 0),
    };
    let is_below = |name: &[String]| name.ends_with(&domain) && name.len() >= domain.len() + least;
    let mut name = name.to_vec();
    if is_below(&name) {
        return Some(true);
    }
    // A wildcard stands for each label, that of the domain among them.
    if is_excluded && name[0] == "*" && name.len() == domain.len() {
        name[0].clone_from(&domain[0]);
        return Some(is_below(&name));
    }
    Some(false)
}

/// Mailboxes and URIs: exactly a host, or with a leading dot those below it.
fn is_host_within(host: &str, base: &str) -> bool {
    match base.starts_with('.') {
        true => host.ends_with(base),
        false => host == base,
    }
}
