//! Certificate policies: the inputs of RFC 5280 §6.1.1 that an entry sets, and the output that it
//! expects.

use std::collections::BTreeSet;

use comparison::oid;
use conformance::HarnessError;
use mtls_verify::VerifiedClient;
use mtls_verify::policy::PolicyId;
use reference::model::{Oid, Policy};

use crate::entry::Entry;

/// The policy of an entry.
pub(crate) fn of(entry: &Entry) -> Result<Policy, HarnessError> {
    let wrong = |error: &dyn std::fmt::Display| HarnessError::new("initial_policy_set", error);
    let policy = |dotted: &String| -> Result<Oid, HarnessError> {
        let known = dotted.parse::<PolicyId>().map_err(|error| wrong(&error));
        known.and(oid(dotted).ok_or_else(|| wrong(&"an arc is too large")))
    };
    let acceptable_policies = match entry.initial_policy_set.as_slice() {
        [any] if any == "any" => None,
        // RFC 5280 §6.1.1 (c) has no empty set.
        [] => return Err(wrong(&"it is empty")),
        only => Some(only.iter().map(policy).collect::<Result<_, _>>()?),
    };
    Ok(Policy {
        acceptable_policies,
        explicit_policy: entry.explicit_policy,
        inhibit_mapping: entry.inhibit_policy_mapping,
        inhibit_any_policy: entry.inhibit_any_policy,
        // PKITS tests the processing of paths (RFC 5280 §6.1), not the profile of certificates
        // (§4). Some that must validate depart from it: with policyConstraints that are not
        // critical (§4.2.1.11), for one.
        rfc5280_profile: false,
        // Its certificates are for no purpose in particular, and some targets are CAs.
        key_purposes: None,
        accept_client_ca: true,
        check_key_usage: false,
        ..Policy::default()
    })
}

/// The user-constrained policy set of a valid path, as the vectors write it: nothing where the path
/// is valid for no policy.
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
