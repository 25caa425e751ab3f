//! Whose SPIFFE trust domain a client is of (X.509-SVID §5, SPIFFE Trust Domain and Bundle §5).
//!
//! The anchors of a trust domain vouch for its own workloads, and nobody else does.

use alloc::string::ToString;

use crate::error::{Reason, TrustDomainProblem};
use crate::spiffe::{svid_id, trust_domain_of};
use crate::store::Place;
use crate::x509::{Certificate, GeneralName};

/// Checks that a client, by path or by pin, is let in where its trust domain is.
pub(super) fn check(client: Certificate<'_>, place: Place<'_>) -> Result<(), Reason> {
    if !place.has_trust_domains() {
        return Ok(());
    }
    let problem = match place.scope().and_then(|scope| scope.trust_domain()) {
        Some(domain) => problem_of_svid(client, domain.as_str()),
        None => client
            .subject_alt_names()
            .find_map(|name| problem_of_name(name, place)),
    };
    problem.map_or(Ok(()), |problem| Err(Reason::TrustDomain(problem)))
}

/// Why a client is not let in by the anchors of a trust domain.
fn problem_of_svid(client: Certificate<'_>, trust_domain: &str) -> Option<TrustDomainProblem> {
    let trust_domain = || trust_domain.to_string();
    match svid_id(client) {
        Ok(id) if trust_domain_of(id) == Some(&trust_domain()) => None,
        Ok(id) => Some(TrustDomainProblem::OtherDomain {
            trust_domain: trust_domain(),
            id: id.to_string(),
        }),
        Err(reason) => Some(TrustDomainProblem::NotSvid {
            trust_domain: trust_domain(),
            reason,
        }),
    }
}

/// Why a name of a client is not let in by others than the anchors of a trust domain.
fn problem_of_name(name: GeneralName<'_>, place: Place<'_>) -> Option<TrustDomainProblem> {
    const SCHEME: &str = "spiffe:";
    let unclear = || {
        let uri = name.to_string();
        Some(TrustDomainProblem::Unclear { uri })
    };
    let uri = match name {
        GeneralName::Uri(uri) => uri,
        // One that cannot be read has the tag too.
        other if other.tag() == GeneralName::Uri("").tag() => return unclear(),
        _ => return None,
    };
    if let Some(trust_domain) = trust_domain_of(uri) {
        return place
            .is_domain_of_another(trust_domain)
            .then(|| TrustDomainProblem::Elsewhere {
                trust_domain: trust_domain.to_string(),
            });
    }
    let start = uri.trim_start().get(..SCHEME.len());
    match start.is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)) {
        true => unclear(),
        false => None,
    }
}
