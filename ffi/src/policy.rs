//! Policies.

use std::ffi::c_char;
use std::ops::Deref;
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ClientCa, ClientKeyUsage, ClockSkew,
    Expired, ExplicitPolicy, IdentityRule, KeyPurpose, KeyPurposes, PolicyMappings, Profile,
    PrunedEntries, RequiredPurpose, RevocationPolicy, RsaKeySize, UnknownStatus,
};

use super::error::{Failure, MtlsResult};
use super::pointers::{ErrorOut, Out, borrow, free, guard, text};
use super::policy_choices::{
    MtlsAnyPolicy, MtlsClientCa, MtlsClientKeyUsage, MtlsExpired, MtlsExplicitPolicy, MtlsLimit,
    MtlsPolicyMappings, MtlsProfile, MtlsPrunedEntries, MtlsPurpose, MtlsRevocationScope, MtlsRole,
    MtlsUnknownStatus, choose,
};
use super::text::Handle;

/// What a server asks of its clients, beyond a path to one of its trust anchors. A new one is the
/// strict, ordinary policy of a TLS server. **It lets in every client that is verified, and
/// enforces the CRLs that the store was given**, if any. Functions change single parts of it. A
/// policy to which something could not be done is as it was before.
///
/// What no policy can switch off: signatures, the path to an anchor, basic constraints and path
/// length, keyCertSign, unknown critical extensions, notBefore.
#[derive(Debug)]
pub struct MtlsPolicy {
    asked: RwLock<Asked>,
}

/// A policy, and the rules on identities that were added and are not part of it yet: to make them
/// fast after each of thousands would take long.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) policy: ClientPolicy,
    pub(crate) added: Option<Vec<IdentityRule>>,
}

/// A policy while nobody changes it.
pub(crate) struct Reading<'a>(RwLockReadGuard<'a, Asked>);

impl Deref for Reading<'_> {
    type Target = ClientPolicy;

    fn deref(&self) -> &ClientPolicy {
        &self.0.policy
    }
}

impl Handle for MtlsPolicy {
    const NAME: &'static str = "mtls_policy";
}

impl MtlsPolicy {
    pub(crate) fn new(policy: ClientPolicy) -> Self {
        let added = None;
        let asked = RwLock::new(Asked { policy, added });
        Self { asked }
    }

    pub(crate) fn read(&self) -> Result<Reading<'_>, Failure> {
        let asked = self.asked.read().map_err(|_| half_done())?;
        if asked.added.is_none() {
            return Ok(Reading(asked));
        }
        drop(asked);
        self.write()?.settle()?;
        self.asked.read().map(Reading).map_err(|_| half_done())
    }

    pub(crate) fn write(&self) -> Result<RwLockWriteGuard<'_, Asked>, Failure> {
        self.asked.write().map_err(|_| half_done())
    }
}

/// After a panic in the middle of a change nobody knows what is asked for.
fn half_done() -> Failure {
    let message = "a bug in mtls-verify has left the policy half changed";
    Failure::usage(MtlsResult::Internal, message)
}

/// The default policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_new(policy: *mut *mut MtlsPolicy) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: as the contract in `lib.rs` asks of the caller.
        let out = unsafe { Out::new(policy, "policy") }?;
        out.put_handle(MtlsPolicy::new(ClientPolicy::default()))
    })
}

/// What becomes of expired certificates in a role: one of `mtls_role`, one of `mtls_expired`, and
/// for `MTLS_EXPIRED_ACCEPT_FOR` how many seconds after notAfter; `seconds` is not looked at
/// otherwise. Where revocation is checked as well, an expired certificate needs a CRL that can
/// still vouch for it: see `mtls_policy_set_pruned_entries`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_expiry(
    policy: *mut MtlsPolicy,
    role: u32,
    expired: u32,
    seconds: u64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let expired = expired_of(expired, seconds)?;
            let expiry = &mut policy.expiry;
            let rule = choose!(role, "mtls_role", {
                MtlsRole::Client => &mut expiry.client,
                MtlsRole::Issuers => &mut expiry.issuers,
                MtlsRole::Anchors => &mut expiry.anchors,
            });
            *rule = expired;
            Ok(())
        })
    }
}

/// How far the clocks of issuer and verifier may be apart, in seconds: every validity begins this
/// much earlier and ends this much later. At most 86,400 (24 hours), so that it does not switch
/// notBefore off; more is `MTLS_RESULT_INVALID_VALUE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_clock_skew(
    policy: *mut MtlsPolicy,
    seconds: u64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.expiry.clock_skew = ClockSkew::new(Duration::from_secs(seconds))
                .map_err(|error| Failure::usage(MtlsResult::InvalidValue, error.to_string()))?;
            Ok(())
        })
    }
}

/// Which certificates of a path are looked up in CRLs, and what becomes of those that no CRL names
/// and for which none vouches: one of `mtls_revocation_scope`, one of `mtls_unknown_status`.
/// Default: `MTLS_REVOCATION_SCOPE_AUTO`, `MTLS_UNKNOWN_STATUS_DENY`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_revocation(
    policy: *mut MtlsPolicy,
    scope: u32,
    unknown_status: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let revocation = choose!(scope, "mtls_revocation_scope", {
                MtlsRevocationScope::Off => RevocationPolicy::off(),
                MtlsRevocationScope::ClientOnly => RevocationPolicy::client_only(),
                MtlsRevocationScope::WholePath => RevocationPolicy::whole_path(),
                MtlsRevocationScope::Auto => RevocationPolicy::auto(),
            });
            let unknown = choose!(unknown_status, "mtls_unknown_status", {
                MtlsUnknownStatus::Deny => UnknownStatus::Deny,
                MtlsUnknownStatus::Allow => UnknownStatus::Allow,
                MtlsUnknownStatus::AllowUnpublished => UnknownStatus::AllowUnpublished,
            });
            policy.revocation = revocation
                .with_unknown(unknown)
                .with_stale(policy.revocation.stale)
                .with_pruned(policy.revocation.pruned);
            Ok(())
        })
    }
}

/// What becomes of a CRL after its nextUpdate, as for `mtls_policy_set_expiry`. A CRL without
/// nextUpdate is stale one second after its thisUpdate. A certificate that needs a CRL that is too
/// stale is refused, whatever `mtls_unknown_status` says. Being stale keeps no CRL from revoking a
/// certificate that it names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_stale_crls(
    policy: *mut MtlsPolicy,
    expired: u32,
    seconds: u64,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.revocation.stale = expired_of(expired, seconds)?;
            Ok(())
        })
    }
}

/// Whether the CRLs keep the entries of certificates that have expired: one of
/// `mtls_pruned_entries`. It matters where expired certificates are accepted and revocation is
/// checked: by default, a CRL made after a certificate's notAfter leaves its status unknown, unless
/// its expiredCertsOnCRL reaches back to then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_pruned_entries(
    policy: *mut MtlsPolicy,
    pruned_entries: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.revocation.pruned = choose!(pruned_entries, "mtls_pruned_entries", {
                MtlsPrunedEntries::MayBe => PrunedEntries::MayBe,
                MtlsPrunedEntries::Kept => PrunedEntries::Kept,
            });
            Ok(())
        })
    }
}

/// What the certificates of a path must be made for: one of `mtls_purpose`, and the OBJECT
/// IDENTIFIER of the purpose in dotted form, such as `1.3.6.1.5.5.7.3.2` for clientAuth; `oid` is
/// not looked at for `MTLS_PURPOSE_UNCHECKED`. `mtls_policy_from_json` takes several.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_purpose(
    policy: *mut MtlsPolicy,
    purpose: u32,
    oid: *const c_char,
    oid_len: usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let wanted = || -> Result<KeyPurposes, Failure> {
                let oid = text(oid, oid_len, "oid")?;
                let purpose = oid.parse().map_err(|_| invalid_oid(oid));
                purpose.map(KeyPurpose::into)
            };
            policy.purpose = choose!(purpose, "mtls_purpose", {
                MtlsPurpose::IfPresent => RequiredPurpose::IfPresent(wanted()?),
                MtlsPurpose::Required => RequiredPurpose::Required(wanted()?),
                MtlsPurpose::Unchecked => RequiredPurpose::Unchecked,
            });
            Ok(())
        })
    }
}

/// What the client's keyUsage must include: one of `mtls_client_key_usage`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_client_key_usage(
    policy: *mut MtlsPolicy,
    key_usage: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.key_usage = choose!(key_usage, "mtls_client_key_usage", {
                MtlsClientKeyUsage::DigitalSignature => ClientKeyUsage::DigitalSignature,
                MtlsClientKeyUsage::Unchecked => ClientKeyUsage::Unchecked,
            });
            Ok(())
        })
    }
}

/// Whether a client that is not pinned may present a CA certificate as its own: one of
/// `mtls_client_ca`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_client_ca(
    policy: *mut MtlsPolicy,
    client_ca: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.client_ca = choose!(client_ca, "mtls_client_ca", {
                MtlsClientCa::Refuse => ClientCa::Refuse,
                MtlsClientCa::Accept => ClientCa::Accept,
            });
            Ok(())
        })
    }
}

/// How strictly the form of certificates, and of CRLs that vouch, is held to RFC 5280: one of
/// `mtls_profile`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_profile(
    policy: *mut MtlsPolicy,
    profile: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.profile = choose!(profile, "mtls_profile", {
                MtlsProfile::Compatible => Profile::Compatible,
                MtlsProfile::Rfc5280 => Profile::Rfc5280,
            });
            Ok(())
        })
    }
}

/// How many intermediates that are not self-issued a path may have: where max_path_length of RFC
/// 5280 §6.1.2 (k) begins. Default: as many as pathLenConstraints and the limit on intermediates
/// allow.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_path_length(
    policy: *mut MtlsPolicy,
    intermediates: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.path_length = Some(intermediates);
            Ok(())
        })
    }
}

/// The sizes that RSA keys may have, in bits of the modulus, both ends included. Default: 2048 to
/// 8192.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_rsa_key_bits(
    policy: *mut MtlsPolicy,
    minimum: u32,
    maximum: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            if minimum > maximum {
                let message = format!("RSA keys of {minimum} to {maximum} bits are none");
                return Err(Failure::usage(MtlsResult::InvalidValue, message));
            }
            policy.rsa_keys = RsaKeySize::new(minimum, maximum);
            Ok(())
        })
    }
}

/// Sets a limit on the work of one verification: one of `mtls_limit`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_limit(
    policy: *mut MtlsPolicy,
    limit: u32,
    value: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            // Where sizes have fewer bits than the limit, nothing is larger than the largest size.
            let size = usize::try_from(value).unwrap_or(usize::MAX);
            let limits = policy.limits;
            policy.limits = choose!(limit, "mtls_limit", {
                MtlsLimit::Presented => limits.with_presented(size),
                MtlsLimit::CertificateBytes => limits.with_certificate_bytes(size),
                MtlsLimit::Intermediates => limits.with_intermediates(size),
                MtlsLimit::Signatures => limits.with_signatures(value),
                MtlsLimit::Work => limits.with_work(value),
            });
            Ok(())
        })
    }
}

/// How much a verifier remembers: bytes for whole chains (default 16 MiB, some 8,000 clients), and
/// how many signatures on CA certificates of about 100 bytes each (default 4,096). Either is off at
/// 0. Both are of one type, so mind their order: bytes come first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_memory(
    policy: *mut MtlsPolicy,
    chain_bytes: usize,
    signatures: usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let memory = policy.memory.with_chain_bytes(chain_bytes);
            policy.memory = memory.with_signatures(signatures);
            Ok(())
        })
    }
}

/// Accepts no certificate policy until some are added with `mtls_policy_add_acceptable_policy`.
/// **This alone refuses nobody**: a client without any policy is let in, unless
/// `mtls_policy_set_certificate_policies` sets `MTLS_EXPLICIT_POLICY_REQUIRED` or a certificate
/// requires one. Call it before you add what a configuration lists.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_restrict_acceptable_policies(
    policy: *mut MtlsPolicy,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            policy.certificate_policies.acceptable = AcceptablePolicies::Only(Vec::new());
            Ok(())
        })
    }
}

/// Accepts a certificate policy, besides those accepted before, and no others; its OBJECT
/// IDENTIFIER in dotted form. It only decides who comes in where a policy is required (RFC 5280
/// §6.1.1 (c)).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_add_acceptable_policy(
    policy: *mut MtlsPolicy,
    oid: *const c_char,
    oid_len: usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let oid = text(oid, oid_len, "oid")?;
            let id = oid.parse().map_err(|_| invalid_oid(oid))?;
            match &mut policy.certificate_policies.acceptable {
                AcceptablePolicies::Only(policies) => policies.push(id),
                any => *any = AcceptablePolicies::Only(vec![id]),
            }
            Ok(())
        })
    }
}

/// What is asked of certificate policies besides (RFC 5280 §6.1.1 (e) to (g)): one of
/// `mtls_explicit_policy`, one of `mtls_policy_mappings`, one of `mtls_any_policy`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_set_certificate_policies(
    policy: *mut MtlsPolicy,
    explicit_policy: u32,
    mappings: u32,
    any_policy: u32,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |policy| {
            let explicit = choose!(explicit_policy, "mtls_explicit_policy", {
                MtlsExplicitPolicy::NotRequired => ExplicitPolicy::NotRequired,
                MtlsExplicitPolicy::Required => ExplicitPolicy::Required,
            });
            let mapping = choose!(mappings, "mtls_policy_mappings", {
                MtlsPolicyMappings::Allowed => PolicyMappings::Allowed,
                MtlsPolicyMappings::Inhibited => PolicyMappings::Inhibited,
            });
            let any = choose!(any_policy, "mtls_any_policy", {
                MtlsAnyPolicy::Allowed => AnyPolicy::Allowed,
                MtlsAnyPolicy::Inhibited => AnyPolicy::Inhibited,
            });
            let policies: &mut CertificatePolicies = &mut policy.certificate_policies;
            policies.explicit_policy = explicit;
            policies.mapping = mapping;
            policies.any_policy = any;
            Ok(())
        })
    }
}

/// Frees a policy; NULL is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_free(policy: *mut MtlsPolicy) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { free(policy) }
}

/// # Safety
/// As the contract in `lib.rs` has it.
pub(crate) unsafe fn change(
    policy: *const MtlsPolicy,
    change: impl FnOnce(&mut ClientPolicy) -> Result<(), Failure>,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        let policy = unsafe { borrow(policy) }?;
        change(&mut policy.write()?.policy)
    })
}

fn expired_of(expired: u32, seconds: u64) -> Result<Expired, Failure> {
    Ok(choose!(expired, "mtls_expired", {
        MtlsExpired::Reject => Expired::Reject,
        MtlsExpired::AcceptFor => Expired::AcceptFor(Duration::from_secs(seconds)),
        MtlsExpired::Accept => Expired::Accept,
    }))
}

fn invalid_oid(oid: &str) -> Failure {
    let message = format!("not an object identifier in dotted form: {oid:?}");
    Failure::usage(MtlsResult::InvalidOid, message)
}

#[cfg(test)]
mod tests;
