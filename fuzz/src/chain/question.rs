//! The question that a PKI is, as the reference is asked it.

use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    AcceptablePolicies, AnyPolicy, ClientCa, ExplicitPolicy, PolicyId, PolicyMappings,
    RequiredPurpose,
};
use reference::model::{CLIENT_AUTH, Expired, Policy, Question};
use testpki::der;

use crate::NOW;
use crate::graph::Graph;

/// Without CRLs.
pub(super) fn question(graph: &Graph<'_>, policy: &ClientPolicy) -> Question {
    Question {
        anchors: graph.anchors.clone(),
        intermediates: graph.intermediates.clone(),
        presented: graph.chain.clone(),
        now: NOW.try_into().expect("a time"),
        policy: of(policy),
        ..Question::default()
    }
}

/// What PKIs here ask for: expiry, purpose, CAs as clients and certificate policies.
fn of(policy: &ClientPolicy) -> Policy {
    let asked = &policy.certificate_policies;
    let oid = |id: &PolicyId| der::contents(&der::oid(&id.to_string())).to_vec();
    Policy {
        client_expiry: expired(policy.expiry.client),
        issuer_expiry: expired(policy.expiry.issuers),
        anchor_expiry: expired(policy.expiry.anchors),
        clock_skew: policy.expiry.clock_skew.duration().as_secs(),
        accept_client_ca: policy.client_ca == ClientCa::Accept,
        key_purposes: match policy.purpose {
            RequiredPurpose::Unchecked => None,
            _ => Some(vec![CLIENT_AUTH.to_vec()]),
        },
        key_purpose_required: matches!(policy.purpose, RequiredPurpose::Required(_)),
        explicit_policy: asked.explicit_policy == ExplicitPolicy::Required,
        inhibit_mapping: asked.mapping == PolicyMappings::Inhibited,
        inhibit_any_policy: asked.any_policy == AnyPolicy::Inhibited,
        acceptable_policies: match &asked.acceptable {
            AcceptablePolicies::Only(ids) => Some(ids.iter().map(oid).collect()),
            _ => None,
        },
        ..Policy::default()
    }
}

fn expired(rule: mtls_verify::policy::Expired) -> Expired {
    match rule {
        mtls_verify::policy::Expired::Reject => Expired::Reject,
        mtls_verify::policy::Expired::AcceptFor(grace) => {
            Expired::AcceptFor(Duration::as_secs(&grace))
        }
        mtls_verify::policy::Expired::Accept => Expired::Accept,
        other => unreachable!("{other:?} has no rule here"),
    }
}
