//! Identities that a policy lets in.

use std::ffi::c_char;
use std::net::IpAddr;

use mtls_verify::policy::{
    AcceptedIdentities, IdentityMatch, IdentityRule, IdentityRules, InvalidIdentityRule,
    SpiffeMatch, TextMatch,
};

use super::error::{Failure, MtlsResult};
use super::pointers::{ErrorOut, borrow, guard, text};
use super::policy::{Asked, MtlsPolicy};
use super::policy_choices::{MtlsNameKind, MtlsTextMatch, choose};

/// Lets nobody in until identities are added with `mtls_policy_add_identity`. Call it before you
/// add what a configuration lists: if it lists nothing, nobody is let in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_restrict_identities(policy: *mut MtlsPolicy) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |asked| {
            asked.policy.identities = AcceptedIdentities::Nobody;
            asked.added = None;
            Ok(())
        })
    }
}

/// Lets in clients with such an identity, besides those added before, and no others: one of
/// `mtls_name_kind`, one of `mtls_text_match`, and the text. Every name begins and ends with the
/// empty text. Rules of a policy from JSON stay: a client comes in by them or by this.
///
/// For the fleet of a SPIFFE trust domain: `MTLS_NAME_KIND_SPIFFE_ID`, `MTLS_TEXT_MATCH_BELOW` and
/// `spiffe://example.org/fleet`, or `spiffe://example.org` for all of it. What is not in the form
/// of a SPIFFE ID is `MTLS_RESULT_INVALID_NAME`, and so is text that no such name can have.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_policy_add_identity(
    policy: *mut MtlsPolicy,
    kind: u32,
    text_match: u32,
    value: *const c_char,
    value_len: usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        change(policy, |asked| {
            let value = text(value, value_len, "value")?;
            let wanted = identity_match(kind, text_match, value)?;
            // What is wrong with it is said at once.
            IdentityRules::new(wanted.clone()).map_err(invalid)?;
            let known = &asked.policy.identities;
            let added = asked.added.get_or_insert_with(|| rules_of(known));
            added.push(wanted.into());
            Ok(())
        })
    }
}

/// # Safety
/// As the contract in `lib.rs` has it.
unsafe fn change(
    policy: *const MtlsPolicy,
    change: impl FnOnce(&mut Asked) -> Result<(), Failure>,
) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        // SAFETY: promised by the caller.
        let policy = unsafe { borrow(policy) }?;
        change(&mut *policy.write()?)
    })
}

/// The rules of which one must hold.
fn rules_of(accepted: &AcceptedIdentities) -> Vec<IdentityRule> {
    match accepted {
        AcceptedIdentities::Rule(rules) => match rules.rule() {
            IdentityRule::Any(rules) => rules.clone(),
            rule => vec![rule.clone()],
        },
        _ => Vec::new(),
    }
}

impl Asked {
    /// Makes what was added part of the policy.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        if let Some(added) = &self.added {
            let rules = added.iter().cloned();
            self.policy.identities = AcceptedIdentities::any_of(rules).map_err(invalid)?;
            self.added = None;
        }
        Ok(())
    }
}

fn invalid(error: InvalidIdentityRule) -> Failure {
    Failure::usage(MtlsResult::InvalidName, error.to_string())
}

/// The match that numbers and text of C say.
fn identity_match(kind: u32, text_match: u32, value: &str) -> Result<IdentityMatch, Failure> {
    if kind == MtlsNameKind::SpiffeId as u32 {
        return spiffe(text_match, value).map(IdentityMatch::SpiffeId);
    }
    if text_match == MtlsTextMatch::Below as u32 {
        let message = "MTLS_TEXT_MATCH_BELOW is for MTLS_NAME_KIND_SPIFFE_ID alone";
        return Err(Failure::usage(MtlsResult::InvalidValue, message));
    }
    let text = choose!(text_match, "mtls_text_match", {
        MtlsTextMatch::Exact => TextMatch::Exact(value.to_owned()),
        MtlsTextMatch::Prefix => TextMatch::Prefix(value.to_owned()),
        MtlsTextMatch::Suffix => TextMatch::Suffix(value.to_owned()),
    });
    Ok(choose!(kind, "mtls_name_kind", {
        MtlsNameKind::Dns => IdentityMatch::Dns(text),
        MtlsNameKind::Email => IdentityMatch::Email(text),
        MtlsNameKind::Uri => IdentityMatch::Uri(text),
        MtlsNameKind::Ip => IdentityMatch::Ip(address(text_match, value)?.into()),
        MtlsNameKind::CommonName => IdentityMatch::CommonName(text),
        MtlsNameKind::OrganizationalUnit => IdentityMatch::OrganizationalUnit(text),
    }))
}

fn spiffe(text_match: u32, value: &str) -> Result<SpiffeMatch, Failure> {
    let wanted = match text_match {
        exact if exact == MtlsTextMatch::Exact as u32 => SpiffeMatch::exact(value),
        below if below == MtlsTextMatch::Below as u32 => SpiffeMatch::below(value),
        _ => {
            let message = "a SPIFFE ID is matched by MTLS_TEXT_MATCH_EXACT or _BELOW";
            return Err(Failure::usage(MtlsResult::InvalidValue, message));
        }
    };
    wanted.map_err(|error| Failure::usage(MtlsResult::InvalidName, format!("{error}: {value:?}")))
}

fn address(text_match: u32, value: &str) -> Result<IpAddr, Failure> {
    if text_match != MtlsTextMatch::Exact as u32 {
        let message = "an IP address has no beginning and no end: MTLS_TEXT_MATCH_EXACT";
        return Err(Failure::usage(MtlsResult::InvalidValue, message));
    }
    value.parse().map_err(|_| {
        let message = format!("not an IP address: {value:?}");
        Failure::usage(MtlsResult::InvalidAddress, message)
    })
}
