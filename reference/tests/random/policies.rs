//! Random policies, of the whole space that a policy has.

use std::collections::BTreeSet;

use reference::model::{CLIENT_AUTH, Expired, Policy, Scope, Unknown};

use crate::certificates::{DICE, POLICIES, SMART_CARD_LOGON};
use crate::common::{HASHED, Random};
use crate::rules;

/// id-kp-serverAuth.
const SERVER_AUTH: &[u8] = &[0x2B, 6, 1, 5, 5, 7, 3, 1];

pub(crate) fn policy(random: &mut Random, client: &[u8]) -> Policy {
    let mut policy = Policy {
        algorithms: HASHED,
        client_expiry: expired(random),
        issuer_expiry: expired(random),
        anchor_expiry: expired(random),
        clock_skew: random.pick(&[0, 0, 0, 1, 5, 10]),
        accept_client_ca: random.percent(30),
        key_purpose_required: random.percent(10),
        check_key_usage: random.percent(90),
        revocation: random.pick(&[
            Scope::Auto,
            Scope::Auto,
            Scope::Off,
            Scope::ClientOnly,
            Scope::WholePath,
        ]),
        unknown: random.pick(&[
            Unknown::Deny,
            Unknown::Allow,
            Unknown::Allow,
            Unknown::AllowUnpublished,
        ]),
        stale: expired(random),
        pruned_kept: random.percent(40),
        ..Policy::default()
    };
    policy.key_purposes = match random.below(10) {
        0 => None,
        1 => Some(vec![SERVER_AUTH.to_vec()]),
        _ => Some(vec![CLIENT_AUTH.to_vec()]),
    };
    if random.percent(10) {
        policy.path_length = Some(random.below(4) as u32);
    }
    if random.percent(5) {
        policy.limits.intermediates = random.below(4);
    }
    if random.percent(5) {
        policy.limits.presented = 1 + random.below(5);
    }
    if random.percent(3) {
        policy.rfc5280_profile = true;
    }
    if random.percent(40) {
        policy.explicit_policy = random.percent(60);
        policy.inhibit_mapping = random.percent(20);
        policy.inhibit_any_policy = random.percent(30);
        if random.percent(50) {
            let acceptable = random.some(&POLICIES, 50);
            let ids: BTreeSet<_> = acceptable.iter().map(|dotted| oid(dotted)).collect();
            policy.acceptable_policies = Some(ids);
        }
    }
    if random.percent(15) {
        policy.identities = Some(rules::rule(random, client));
    }
    let mut apart = random.apart();
    leave_to_application(&mut policy, &mut apart);
    several_purposes(&mut policy, &mut apart);
    policy
}

/// Purposes that certificates here have, and one that none has.
fn several_purposes(policy: &mut Policy, random: &mut Random) {
    if policy.key_purposes.is_some() && random.percent(30) {
        let smart_card_logon = oid(SMART_CARD_LOGON);
        let all = [CLIENT_AUTH.to_vec(), SERVER_AUTH.to_vec(), smart_card_logon];
        let some = random.some(&all, 70);
        policy.key_purposes = Some(some).filter(|some| !some.is_empty());
    }
}

fn leave_to_application(policy: &mut Policy, random: &mut Random) {
    if !random.percent(40) {
        return;
    }
    for of in [testpki::oid::UNKNOWN_EXTENSION, DICE] {
        match random.below(3) {
            0 => drop(policy.processed_on_client.insert(oid(of))),
            1 => drop(policy.processed_on_path.insert(oid(of))),
            _ => {}
        }
    }
}

fn expired(random: &mut Random) -> Expired {
    let seconds = random.below(30) as u64;
    random.pick(&[
        Expired::Reject,
        Expired::Reject,
        Expired::AcceptFor(seconds),
        Expired::Accept,
    ])
}

/// The content octets of an OBJECT IDENTIFIER of fewer than 128 octets.
fn oid(dotted: &str) -> Vec<u8> {
    let encoded = testpki::der::oid(dotted);
    encoded[2..].to_vec()
}
