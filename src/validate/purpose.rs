//! What keys may be used for (RFC 5280 §4.2.1.3 and §4.2.1.12).

use super::failure::{Failure, Scope};
use super::role::Role;
use crate::budget::{Budget, price};
use crate::error::{Reason, Work};
use crate::path::Step;
use crate::policy::{ClientKeyUsage, KeyPurpose, KeyPurposes, RequiredPurpose};
use crate::revocation::DeniedBy;
use crate::store::{Allowed, TrustStore};
use crate::x509::Certificate;

/// Where keyUsage is present, a client needs digitalSignature unless the policy says otherwise, as
/// TLS proves possession of the key (RFC 8446 §4.4.3), and a CA keyCertSign (RFC 5280 §6.1.4
/// (n)), and the issuer of CRLs cRLSign (§6.3.3 (f)).
pub(super) fn check_key_usage(
    certificate: Certificate<'_>,
    role: Role,
    asked: ClientKeyUsage,
) -> Result<(), Reason> {
    let Some(usage) = certificate.key_usage() else {
        return Ok(());
    };
    let (is_there, needed) = match role {
        Role::Client | Role::PinnedClient if asked == ClientKeyUsage::Unchecked => return Ok(()),
        Role::Client | Role::PinnedClient => (usage.digital_signature(), "digitalSignature"),
        Role::Issuer | Role::Anchor => (usage.key_cert_sign(), "keyCertSign"),
        Role::CrlIssuer => (usage.crl_sign(), "cRLSign"),
    };
    if is_there {
        Ok(())
    } else {
        Err(Reason::KeyUsage { needed })
    }
}

/// §4.2.1.12: where the extension is present, the key is only for the purposes in it. On CAs this
/// narrows what they may issue for, as all verifiers of note read it. To make CRLs is no purpose
/// that has a name.
///
/// Of several purposes, one is asked for here: what has none is on no path that holds.
pub(super) fn check_extended_key_usage(
    certificate: Certificate<'_>,
    role: Role,
    required: &RequiredPurpose,
) -> Result<(), Reason> {
    let Some(needed) = required.purposes().filter(|_| role != Role::CrlIssuer) else {
        return Ok(());
    };
    match certificate.extended_key_usage() {
        Some(mut purposes) => {
            let is_needed = |purpose: &[u8]| {
                let is_known = |known: &KeyPurpose| purpose == known.as_bytes();
                needed.iter().any(is_known) || purpose == KeyPurpose::ANY.as_bytes()
            };
            if purposes.any(is_needed) {
                Ok(())
            } else {
                Err(lacks(needed, Held::ALL))
            }
        }
        None if role.is_client() && matches!(required, RequiredPurpose::Required(_)) => {
            Err(Reason::NoPurpose {
                needed: needed.names(|_| true),
            })
        }
        None => Ok(()),
    }
}

/// Of several purposes, one must hold for all certificates of a client's path: RFC 5280 §4.2.1.12
/// and the trust settings of each of them, as if the policy asked for that one alone. The settings
/// are those of `stores`.
pub(super) fn check_common_purpose<'s>(
    path: &[Step<'_>],
    required: &RequiredPurpose,
    stores: impl Iterator<Item = &'s TrustStore>,
    budget: &Budget,
) -> Result<(), Failure> {
    let Some(needed) = required.purposes().filter(|needed| needed.len() > 1) else {
        return Ok(());
    };
    let in_path = |at| {
        move |reason| Failure {
            at,
            reason,
            scope: Scope::Path,
        }
    };
    let mut held = Held::ALL;
    for (at, step) in path.iter().enumerate().rev() {
        budget
            .pay(reading(step.certificate, required), Work::Checking)
            .map_err(|out| in_path(at)(out.into()))?;
        let both = held.and(Held::by(step.certificate, needed));
        if both.is_none(needed) {
            return Err(in_path(at)(lacks(needed, held)));
        }
        held = both;
    }
    for store in stores.filter(|store| store.has_settings()) {
        for (at, step) in path.iter().enumerate().rev() {
            let looking_up = price::hashing(step.certificate.as_bytes().len());
            let units = looking_up.saturating_add(price::COMPARISON.saturating_mul(needed.len()));
            budget
                .pay(units, Work::Checking)
                .map_err(|out| in_path(at)(out.into()))?;
            let Some(allowed) = store.settings_of(step.certificate) else {
                continue;
            };
            held = held.and(Held::by_settings(allowed, needed));
            if held.is_none(needed) {
                let by = DeniedBy::TrustSettings;
                return Err(in_path(at)(Reason::Denied { by }));
            }
        }
    }
    Ok(())
}

/// What it costs to compare the purposes of a certificate with those asked for.
pub(super) fn reading(certificate: Certificate<'_>, required: &RequiredPurpose) -> usize {
    let asked = required.purposes().map_or(1, KeyPurposes::len);
    price::reading(certificate.purposes_bytes()).saturating_mul(asked)
}

fn lacks(needed: &KeyPurposes, held: Held) -> Reason {
    Reason::Purpose {
        needed: needed.names(|_| true),
        left: needed.names(|at| held.has(at)),
    }
}

/// Which of the purposes asked for a certificate allows: a bit for each, the first the lowest.
/// There are at most [`KeyPurposes::MAX`].
#[derive(Clone, Copy)]
struct Held(u16);

impl Held {
    const ALL: Self = Self(u16::MAX);

    fn by(certificate: Certificate<'_>, needed: &KeyPurposes) -> Self {
        let Some(purposes) = certificate.extended_key_usage() else {
            return Self::ALL;
        };
        let mut held = Self(0);
        for purpose in purposes {
            if purpose == KeyPurpose::ANY.as_bytes() {
                return Self::ALL;
            }
            let known = needed.iter().position(|known| purpose == known.as_bytes());
            held.0 |= known.map_or(0, |at| Self::bit(at).0);
        }
        held
    }

    fn by_settings(allowed: &Allowed, needed: &KeyPurposes) -> Self {
        let purposes = needed.iter().enumerate();
        let held = purposes.filter(|(_, purpose)| allowed.allows(purpose));
        Self(held.fold(0, |held, (at, _)| held | Self::bit(at).0))
    }

    fn bit(at: usize) -> Self {
        let shift = u32::try_from(at).ok();
        Self(shift.and_then(|at| 1u16.checked_shl(at)).unwrap_or(0))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    fn has(self, at: usize) -> bool {
        self.0 & Self::bit(at).0 != 0
    }

    fn is_none(self, needed: &KeyPurposes) -> bool {
        !(0..needed.len()).any(|at| self.has(at))
    }
}
