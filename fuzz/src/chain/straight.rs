//! PKIs of one path, which holds but for what further extensions ask: most of the PKIs of
//! `tests/oracle` are refused for something else, and say nothing of these rules.

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ExplicitPolicy, PolicyMappings,
};
use testpki::{GeneralName, Version};

use crate::NOW;
use crate::further::{self, ANY_POLICY, Further, FurtherOf, POLICIES};
use crate::model::{BasicConstraints, Certificate, Encoder, Pki, Spelled};
use crate::random::Choices;

/// A path of two to five certificates.
pub(super) fn pki(choices: &mut impl Choices) -> (Pki, FurtherOf) {
    let count = 2 + choices.below(Encoder::KEYS);
    let (has_names, has_policies) = choices.pick(&[(true, false), (false, true), (true, true)]);
    let (mut path, mut further) = (Vec::new(), FurtherOf::default());
    let form = choices.pick(&[Form::Dns, Form::Dns, Form::Ip, Form::Any]);
    let mut name = Encoder::NAMES - 1;
    for at in (0..count).rev() {
        let issuer = name;
        let is_self_issued = at + 1 == count || choices.percent(30);
        if !is_self_issued {
            name = name.checked_sub(1).unwrap_or(Encoder::NAMES - 1);
        }
        let signed_at = if at + 1 == count { at } else { at + 1 };
        let certificate = certificate((at, name), (signed_at, issuer));
        let mut its = Further::default();
        if has_names {
            choose_names(&mut its, (form, at > 0), choices);
        }
        if has_policies {
            choose_policies(&mut its, at > 0, choices);
        }
        further.set(&certificate, its);
        path.insert(0, certificate);
    }
    let anchors = path.split_off(count - 1);
    let presented = path.split_off(1);
    let client = path.remove(0);
    let pki = Pki {
        client,
        presented,
        anchors,
        intermediates: Vec::new(),
        policy: ClientPolicy::default(),
    };
    (pki, further)
}

/// A certificate at a place of the path. Each issuer has a key of its own, so that no path is
/// shorter.
fn certificate((at, subject): (usize, usize), (signed_at, issuer): (usize, usize)) -> Certificate {
    let key_of = |at: usize| (at + Encoder::KEYS - 1) % Encoder::KEYS;
    let spelled = |name| Spelled { name, spelling: 0 };
    Certificate {
        serial: [1, 1 + at as u8],
        version: Version::V3,
        subject: spelled(subject),
        issuer: spelled(issuer),
        key: key_of(at),
        signed_by: key_of(signed_at),
        is_signature_broken: false,
        not_before: NOW - 1_000,
        not_after: NOW + 1_000,
        basic_constraints: match at {
            0 => BasicConstraints::Absent,
            _ => BasicConstraints::Ca { path_len: None },
        },
        key_usage: None,
        purposes: None,
        has_unknown_critical_extension: false,
        subject_key_id: None,
        authority_key_id: None,
    }
}

/// The form of most names of a path, so that names and subtrees meet.
#[derive(Clone, Copy)]
enum Form {
    Dns,
    Ip,
    Any,
}

fn choose_names(further: &mut Further, (form, is_ca): (Form, bool), choices: &mut impl Choices) {
    for _ in 0..choices.below(3) {
        further.names.push(name(form, choices));
    }
    if !is_ca || choices.percent(30) {
        return;
    }
    for _ in 0..choices.below(3) {
        further.permitted.push(base(form, choices));
    }
    for _ in 0..choices.below(3) {
        further.excluded.push(base(form, choices));
    }
}

fn name(form: Form, choices: &mut impl Choices) -> GeneralName {
    match form {
        Form::Dns if choices.percent(80) => {
            GeneralName::dns(choices.pick(&["a.example", "b.a.example", "other"]))
        }
        Form::Ip if choices.percent(80) => {
            GeneralName::Ip(choices.pick(&[[10, 0, 0, 1], [10, 0, 1, 1]]).to_vec())
        }
        _ => further::name(choices),
    }
}

/// One of the masks has a gap: nobody can judge such a subtree.
fn base(form: Form, choices: &mut impl Choices) -> GeneralName {
    match form {
        Form::Dns if choices.percent(80) => {
            GeneralName::dns(choices.pick(&["example", "a.example", ".a.example", "other"]))
        }
        Form::Ip if choices.percent(80) => {
            let networks = [
                [10, 0, 0, 0, 255, 0, 0, 0],
                [10, 0, 0, 0, 255, 255, 255, 0],
                [10, 0, 0, 0, 255, 0, 255, 0],
                [0; 8],
            ];
            GeneralName::Ip(choices.pick(&networks).to_vec())
        }
        _ => further::base(choices),
    }
}

fn choose_policies(further: &mut Further, is_ca: bool, choices: &mut impl Choices) {
    let mut policies = POLICIES.to_vec();
    choices.shuffle(&mut policies);
    policies.truncate(choices.below(4));
    if choices.percent(40) {
        policies.push(ANY_POLICY);
    }
    // One that is there twice breaks a rule.
    if choices.percent(2) {
        policies.extend(policies.first().copied());
    }
    further.policies = policies;
    further.require_explicit = skip(choices);
    if !is_ca {
        return;
    }
    further.inhibit_mapping = skip(choices);
    further.inhibit_any = skip(choices).map(u64::from);
    for _ in 0..choices.below(3) {
        let issuer = match choices.percent(3) {
            true => ANY_POLICY,
            false => choices.pick(&POLICIES),
        };
        further.mappings.push((issuer, choices.pick(&POLICIES)));
    }
}

/// How many certificates to skip.
fn skip(choices: &mut impl Choices) -> Option<u8> {
    match choices.below(10) {
        count @ 0..4 => Some(count as u8),
        _ => None,
    }
}

/// What a policy asks of certificate policies.
pub(super) fn asked(choices: &mut impl Choices) -> CertificatePolicies {
    let acceptable = match choices.percent(50) {
        true => {
            let mut all = [&POLICIES[..], &[ANY_POLICY]].concat();
            choices.shuffle(&mut all);
            let some = all[..choices.below(3)].iter();
            let parsed = some.map(|policy| policy.parse().expect("an identifier"));
            AcceptablePolicies::Only(parsed.collect())
        }
        false => AcceptablePolicies::Any,
    };
    let explicit = [ExplicitPolicy::Required, ExplicitPolicy::default()];
    let mapping = [PolicyMappings::default(), PolicyMappings::Inhibited];
    let any = [AnyPolicy::default(), AnyPolicy::Inhibited];
    CertificatePolicies::default()
        .with_explicit_policy(choices.pick(&explicit))
        .with_acceptable(acceptable)
        .with_mapping(choices.pick(&mapping))
        .with_any_policy(choices.pick(&any))
}
