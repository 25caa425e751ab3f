//! That each setter sets what it says, and nothing else, whatever was set before.
#![expect(
    clippy::undocumented_unsafe_blocks,
    reason = "SAFETY of all setters: they get the one policy that `run` made and has not freed yet"
)]

use std::ptr::null_mut;

use mtls_verify::policy::{AcceptedIdentities, Memory, TextMatch};

use super::super::identity_match::mtls_policy_add_identity;
use super::super::policy_choices::{MtlsNameKind, MtlsTextMatch};
use super::super::signature_algorithms::{
    MtlsSignatureAlgorithms, mtls_policy_set_signature_algorithms,
};
use super::*;

type Policy = *mut MtlsPolicy;
/// A call with values that are not the default.
type Setter = fn(Policy) -> MtlsResult;
/// What the call is to have done.
type Change = fn(&mut ClientPolicy);

fn hours(count: u64) -> Expired {
    Expired::AcceptFor(Duration::from_secs(3_600 * count))
}

fn c_text(text: &'static str) -> (*const c_char, usize) {
    (text.as_ptr().cast(), text.len())
}

const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
const POLICY: &str = "1.2.3";

/// Each of them is about a part of its own, so that their order does not matter.
const SETTERS: [(Setter, Change); 22] = {
    use MtlsExpired::AcceptFor;
    [
        (
            |policy| unsafe {
                mtls_policy_set_expiry(policy, MtlsRole::Client as u32, AcceptFor as u32, 3_600)
            },
            |policy| policy.expiry.client = hours(1),
        ),
        (
            |policy| unsafe {
                mtls_policy_set_expiry(policy, MtlsRole::Issuers as u32, AcceptFor as u32, 7_200)
            },
            |policy| policy.expiry.issuers = hours(2),
        ),
        (
            |policy| unsafe {
                mtls_policy_set_expiry(policy, MtlsRole::Anchors as u32, AcceptFor as u32, 10_800)
            },
            |policy| policy.expiry.anchors = hours(3),
        ),
        (
            |policy| unsafe { mtls_policy_set_clock_skew(policy, 5) },
            |policy| policy.expiry.clock_skew = ClockSkew::new(Duration::from_secs(5)).unwrap(),
        ),
        (
            |policy| unsafe {
                mtls_policy_set_revocation(
                    policy,
                    MtlsRevocationScope::ClientOnly as u32,
                    MtlsUnknownStatus::Allow as u32,
                )
            },
            |policy| {
                policy.revocation.scope = mtls_verify::policy::RevocationScope::ClientOnly;
                policy.revocation.unknown = UnknownStatus::Allow;
            },
        ),
        (
            |policy| unsafe { mtls_policy_set_stale_crls(policy, AcceptFor as u32, 14_400) },
            |policy| policy.revocation.stale = hours(4),
        ),
        (
            |policy| unsafe {
                mtls_policy_set_pruned_entries(policy, MtlsPrunedEntries::Kept as u32)
            },
            |policy| policy.revocation.pruned = PrunedEntries::Kept,
        ),
        (
            |policy| unsafe {
                let (oid, len) = c_text(CODE_SIGNING);
                mtls_policy_set_purpose(policy, MtlsPurpose::Required as u32, oid, len)
            },
            |policy| {
                policy.purpose =
                    RequiredPurpose::Required(CODE_SIGNING.parse::<KeyPurpose>().unwrap().into())
            },
        ),
        (
            |policy| unsafe {
                mtls_policy_set_client_key_usage(policy, MtlsClientKeyUsage::Unchecked as u32)
            },
            |policy| policy.key_usage = ClientKeyUsage::Unchecked,
        ),
        (
            |policy| unsafe { mtls_policy_set_client_ca(policy, MtlsClientCa::Accept as u32) },
            |policy| policy.client_ca = ClientCa::Accept,
        ),
        (
            |policy| unsafe { mtls_policy_set_profile(policy, MtlsProfile::Rfc5280 as u32) },
            |policy| policy.profile = Profile::Rfc5280,
        ),
        (
            |policy| unsafe { mtls_policy_set_path_length(policy, 6) },
            |policy| policy.path_length = Some(6),
        ),
        (
            |policy| unsafe { mtls_policy_set_rsa_key_bits(policy, 3_072, 4_096) },
            |policy| policy.rsa_keys = RsaKeySize::new(3_072, 4_096),
        ),
        (
            |policy| unsafe { mtls_policy_set_limit(policy, MtlsLimit::Presented as u32, 7) },
            |policy| policy.limits.presented = 7,
        ),
        (
            |policy| unsafe {
                mtls_policy_set_limit(policy, MtlsLimit::CertificateBytes as u32, 8)
            },
            |policy| policy.limits.certificate_bytes = 8,
        ),
        (
            |policy| unsafe { mtls_policy_set_limit(policy, MtlsLimit::Intermediates as u32, 9) },
            |policy| policy.limits.intermediates = 9,
        ),
        (
            |policy| unsafe { mtls_policy_set_limit(policy, MtlsLimit::Signatures as u32, 10) },
            |policy| policy.limits.signatures = 10,
        ),
        (
            |policy| unsafe { mtls_policy_set_limit(policy, MtlsLimit::Work as u32, 11) },
            |policy| policy.limits.work = 11,
        ),
        (
            |policy| unsafe { mtls_policy_set_memory(policy, 12, 13) },
            |policy| policy.memory = Memory::OFF.with_chain_bytes(12).with_signatures(13),
        ),
        (
            |policy| unsafe {
                let (kind, exact) = (MtlsNameKind::Dns as u32, MtlsTextMatch::Exact as u32);
                let (value, len) = c_text("a.example");
                mtls_policy_add_identity(policy, kind, exact, value, len)
            },
            |policy| {
                let name = TextMatch::Exact("a.example".into());
                let wanted = mtls_verify::policy::IdentityMatch::Dns(name);
                policy.identities = AcceptedIdentities::any_of([wanted]).unwrap();
            },
        ),
        (
            |policy| unsafe {
                let (oid, len) = c_text(POLICY);
                mtls_policy_add_acceptable_policy(policy, oid, len)
            },
            |policy| {
                let only = AcceptablePolicies::Only(vec![POLICY.parse().unwrap()]);
                policy.certificate_policies.acceptable = only;
            },
        ),
        (
            |policy| unsafe {
                mtls_policy_set_certificate_policies(
                    policy,
                    MtlsExplicitPolicy::Required as u32,
                    MtlsPolicyMappings::Inhibited as u32,
                    MtlsAnyPolicy::Inhibited as u32,
                )
            },
            |policy| {
                let policies = &mut policy.certificate_policies;
                policies.explicit_policy = ExplicitPolicy::Required;
                policies.mapping = PolicyMappings::Inhibited;
                policies.any_policy = AnyPolicy::Inhibited;
            },
        ),
    ]
};

/// The policy after these calls, and the one that they are to make, as they show themselves.
fn run(steps: &[usize]) -> [String; 2] {
    let mut policy = null_mut();
    // SAFETY: it is freed once, below.
    let made = unsafe { mtls_policy_new(&raw mut policy) };
    assert_eq!(made, MtlsResult::Ok);
    let mut expected = ClientPolicy::default();
    for (setter, change) in steps.iter().map(|at| SETTERS[*at]) {
        assert_eq!(setter(policy), MtlsResult::Ok);
        change(&mut expected);
    }
    // SAFETY: it was made above, and not freed yet.
    let found = unsafe { format!("{:?}", *(*policy).read().expect("no panic")) };
    // SAFETY: the same.
    let freed = unsafe { mtls_policy_free(policy) };
    assert_eq!(freed, MtlsResult::Ok);
    [found, format!("{expected:?}")]
}

#[test]
fn a_setter_sets_its_own_part_alone() {
    let [default, _] = run(&[]);
    for at in 0..SETTERS.len() {
        let [found, expected] = run(&[at]);
        assert_eq!(found, expected, "{at}");
        assert_ne!(found, default, "{at}");
    }
}

/// Each pair, in both orders, and twice.
#[test]
fn the_order_of_setters_does_not_matter() {
    for one in 0..SETTERS.len() {
        for other in (0..SETTERS.len()).filter(|other| *other != one) {
            let [found, expected] = run(&[one, other]);
            assert_eq!(found, expected, "{one}, then {other}");
            let [reversed, _] = run(&[other, one]);
            assert_eq!(found, reversed, "{one} and {other}");
        }
    }
    let all: Vec<usize> = (0..SETTERS.len()).collect();
    let backwards: Vec<usize> = all.iter().rev().copied().collect();
    let [found, expected] = run(&all);
    assert_eq!(found, expected);
    assert_eq!(run(&backwards)[0], found);
}

/// What was set is set back to the default by its own setter, and by no other.
#[test]
fn a_setter_takes_back_its_own_part() {
    let mut policy = null_mut();
    // SAFETY: a policy is made, changed and freed once.
    unsafe {
        assert_eq!(mtls_policy_new(&raw mut policy), MtlsResult::Ok);
        mtls_policy_set_stale_crls(policy, MtlsExpired::Accept as u32, 0);
        mtls_policy_set_pruned_entries(policy, MtlsPrunedEntries::Kept as u32);
        mtls_policy_set_memory(policy, 0, 5);
        let default = MtlsSignatureAlgorithms::Default as u32;
        mtls_policy_set_signature_algorithms(policy, default);
        let deny = MtlsUnknownStatus::Deny as u32;
        for scope in [MtlsRevocationScope::Off, MtlsRevocationScope::Auto] {
            mtls_policy_set_revocation(policy, scope as u32, deny);
            let set = (*policy).read().expect("no panic");
            assert_eq!(set.revocation.stale, Expired::Accept);
            assert_eq!(set.revocation.pruned, PrunedEntries::Kept);
            assert_eq!(set.memory, Memory::OFF.with_signatures(5));
        }
        mtls_policy_set_stale_crls(policy, MtlsExpired::Reject as u32, 0);
        let set = (*policy).read().expect("no panic").revocation;
        assert_eq!(
            set,
            RevocationPolicy::auto().with_pruned(PrunedEntries::Kept)
        );
        assert_eq!(mtls_policy_free(policy), MtlsResult::Ok);
    }
}
