//! Certificate policies: the inputs of RFC 5280 §6.1.1 that an entry sets, and the output that it expects.

use std::collections::BTreeSet;

use conformance::HarnessError;
use mtls_verify::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ClientCa, ClientKeyUsage, ClientPolicy,
    ExplicitPolicy, PolicyId, PolicyMappings, Profile, RequiredPurpose, VerifiedClient,
};

use crate::entry::Entry;

/// The policy of an entry.
pub(crate) fn of(entry: &Entry) -> Result<ClientPolicy, HarnessError> {
    let wrong = |error: &dyn std::fmt::Display| HarnessError::new("initial_policy_set", error);
    let acceptable = match entry.initial_policy_set.as_slice() {
        [any] if any == "any" => AcceptablePolicies::Any,
        // RFC 5280 §6.1.1 (c) has no empty set.
        [] => return Err(wrong(&"it is empty")),
        only => AcceptablePolicies::Only(
            only.iter()
                .map(|dotted| dotted.parse::<PolicyId>().map_err(|error| wrong(&error)))
                .collect::<Result<_, _>>()?,
        ),
    };
    let certificate_policies = CertificatePolicies::default()
        .with_acceptable(acceptable)
        .with_explicit_policy(match entry.explicit_policy {
            true => ExplicitPolicy::Required,
            false => ExplicitPolicy::NotRequired,
        })
        .with_mapping(match entry.inhibit_policy_mapping {
            true => PolicyMappings::Inhibited,
            false => PolicyMappings::Allowed,
        })
        .with_any_policy(match entry.inhibit_any_policy {
            true => AnyPolicy::Inhibited,
            false => AnyPolicy::Allowed,
        });
    Ok(ClientPolicy::default()
        // PKITS tests the processing of paths (RFC 5280 §6.1), not the profile of certificates (§4). Some that must validate
        // depart from it: with policyConstraints that are not critical (§4.2.1.11), for one.
        .with_profile(Profile::Compatible)
        // Its certificates are for no purpose in particular, and some targets are CAs.
        .with_purpose(RequiredPurpose::Unchecked)
        .with_client_ca(ClientCa::Accept)
        .with_key_usage(ClientKeyUsage::Unchecked)
        .with_certificate_policies(certificate_policies))
}

/// The user-constrained policy set of a valid path, as the vectors write it: nothing where the path is valid for no policy.
pub(crate) fn user_constrained_set(peer: &VerifiedClient) -> Vec<String> {
    peer.policies().iter().map(ToString::to_string).collect()
}

/// Says how the policy set of a path that was accepted is not the one that PKITS fixes; it does not
/// fix every one.
pub(crate) fn difference(entry: &Entry, policies: &[String]) -> Option<String> {
    let ours: BTreeSet<&String> = policies.iter().collect();
    let right: BTreeSet<&String> = entry.user_constrained_policy_set.as_ref()?.iter().collect();
    (ours != right).then(|| format!("the policy set is {ours:?} and should be {right:?}"))
}
