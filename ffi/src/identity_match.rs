//! Identities that a policy lets in.

use std::net::IpAddr;

use mtls_verify::policy::{IdentityMatch, SpiffeMatch, TextMatch};

use super::error::{Failure, MtlsResult};
use super::policy_choices::{MtlsNameKind, MtlsTextMatch, choose};

/// The match that numbers and text of C say.
pub(crate) fn identity_match(
    kind: u32,
    text_match: u32,
    value: &str,
) -> Result<IdentityMatch, Failure> {
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
        MtlsNameKind::Ip => IdentityMatch::Ip(address(text_match, value)?),
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
