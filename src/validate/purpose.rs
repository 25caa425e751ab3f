//! What keys may be used for (RFC 5280 §4.2.1.3 and §4.2.1.12).

use alloc::string::ToString;

use super::role::Role;
use crate::error::Reason;
use crate::policy::{ClientKeyUsage, KeyPurpose, RequiredPurpose};
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
pub(super) fn check_extended_key_usage(
    certificate: Certificate<'_>,
    role: Role,
    required: &RequiredPurpose,
) -> Result<(), Reason> {
    let Some(needed) = required.purpose().filter(|_| role != Role::CrlIssuer) else {
        return Ok(());
    };
    match certificate.extended_key_usage() {
        Some(mut purposes) => {
            if purposes.any(|purpose| {
                purpose == needed.as_bytes() || purpose == KeyPurpose::ANY.as_bytes()
            }) {
                Ok(())
            } else {
                Err(Reason::Purpose {
                    needed: needed.to_string(),
                })
            }
        }
        None if role.is_client() && matches!(required, RequiredPurpose::Required(_)) => {
            Err(Reason::NoPurpose {
                needed: needed.to_string(),
            })
        }
        None => Ok(()),
    }
}
