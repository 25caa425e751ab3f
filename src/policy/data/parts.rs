//! The names of all fields and variants.

use alloc::format;
use alloc::string::String;

use serde::Serializer;
use serde::de::MapAccess;

use super::choice::{Choice, choice, choice_is_part, write_valued};
use super::record::record;
use super::{Place, Seed, public_part};
use crate::policy::identity::Spiffe;
use crate::policy::{
    AcceptablePolicies, AcceptedIdentities, AnyPolicy, CertificatePolicies, ClientCa,
    ClientKeyUsage, ClientPolicy, ClockSkew, Expired, ExpiryPolicy, ExplicitPolicy, IdentityMatch,
    KeyPurpose, Limits, Memory, PolicyId, PolicyMappings, ProcessedExtensions, Profile,
    PrunedEntries, RequiredPurpose, RevocationPolicy, RevocationScope, RsaKeySize,
    SignatureAlgorithms, SpiffeMatch, TextMatch, UnknownStatus,
};

public_part! {
    AcceptablePolicies AcceptedIdentities AnyPolicy CertificatePolicies ClientCa ClientKeyUsage
    ClientPolicy ClockSkew Expired ExpiryPolicy ExplicitPolicy IdentityMatch KeyPurpose Limits
    Memory PolicyId PolicyMappings ProcessedExtensions Profile PrunedEntries RequiredPurpose
    RevocationPolicy RevocationScope RsaKeySize SignatureAlgorithms SpiffeMatch TextMatch
    UnknownStatus
}

record!(ClientPolicy {
    "expiry" => expiry,
    "revocation" => revocation,
    "purpose" => purpose,
    "path-length" => path_length,
    "certificate-policies" => certificate_policies,
    "profile" => profile,
    "processed-extensions" => processed_extensions,
    "identities" => identities,
    "key-usage" => key_usage,
    "client-ca" => client_ca,
    "signatures" => signatures,
    "rsa-keys" => rsa_keys,
    "limits" => limits,
    "memory" => memory,
});

record!(ExpiryPolicy {
    "client" => client,
    "issuers" => issuers,
    "anchors" => anchors,
    "clock-skew" => clock_skew,
});

choice!(Expired {
    "reject" => Reject,
    "accept" => Accept,
    ;
    "accept-for" => AcceptFor,
});

record!(RevocationPolicy {
    "scope" => scope,
    "unknown" => unknown,
    "stale" => stale,
    "pruned" => pruned,
});

choice!(RevocationScope {
    "auto" => Auto,
    "off" => Off,
    "client-only" => ClientOnly,
    "whole-path" => WholePath,
});

choice!(UnknownStatus {
    "deny" => Deny,
    "allow-unpublished" => AllowUnpublished,
    "allow" => Allow,
});

choice!(PrunedEntries {
    "may-be" => MayBe,
    "kept" => Kept,
});

choice!(RequiredPurpose {
    "unchecked" => Unchecked,
    ;
    "if-present" => IfPresent,
    "required" => Required,
});

record!(CertificatePolicies {
    "acceptable" => acceptable,
    "explicit-policy" => explicit_policy,
    "mapping" => mapping,
    "any-policy" => any_policy,
});

choice!(AcceptablePolicies {
    "any" => Any,
    ;
    "only" => Only,
});

choice!(ExplicitPolicy {
    "not-required" => NotRequired,
    "required" => Required,
});

choice!(PolicyMappings {
    "allowed" => Allowed,
    "inhibited" => Inhibited,
});

choice!(AnyPolicy {
    "allowed" => Allowed,
    "inhibited" => Inhibited,
});

choice!(Profile {
    "compatible" => Compatible,
    "rfc5280" => Rfc5280,
});

choice!(AcceptedIdentities {
    "any" => Any,
    ;
    "any-of" => AnyOf,
});

choice!(IdentityMatch {
    ;
    "dns" => Dns,
    "email" => Email,
    "uri" => Uri,
    "ip" => Ip,
    "common-name" => CommonName,
    "organizational-unit" => OrganizationalUnit,
    "spiffe-id" => SpiffeId,
});

choice!(ClientKeyUsage {
    "digital-signature" => DigitalSignature,
    "unchecked" => Unchecked,
});

choice!(ClientCa {
    "refuse" => Refuse,
    "accept" => Accept,
});

record!(RsaKeySize {
    "minimum-bits" => minimum_bits,
    "maximum-bits" => maximum_bits,
} check {
    |sizes: &RsaKeySize| {
        let (minimum, maximum) = (sizes.minimum_bits, sizes.maximum_bits);
        let message = || format!("RSA keys of {minimum} to {maximum} bits are none");
        (minimum <= maximum).then_some(()).ok_or_else(message)
    }
});

record!(Limits {
    "presented" => presented,
    "certificate-bytes" => certificate_bytes,
    "intermediates" => intermediates,
    "signatures" => signatures,
    "work" => work,
});

record!(Memory {
    "chain-bytes" => chain_bytes,
    "signatures" => signatures,
});

/// The constructors refuse what is no SPIFFE ID.
impl Choice for SpiffeMatch {
    const ALONE: &'static [&'static str] = &[];
    const WITH_VALUE: &'static [&'static str] = &["exact", "below"];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str] = &["Exact", "Below"];

    fn alone(_: &str) -> Option<Self> {
        None
    }

    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error> {
        let text: String = map.next_value_seed(Seed::at(place))?;
        let made = match name {
            "exact" => Self::exact(&text),
            "below" => Self::below(&text),
            _ => return Ok(None),
        };
        made.map(Some).map_err(|error| place.error(error))
    }

    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Spiffe::Exact(id) => write_valued("exact", id, serializer),
            Spiffe::Below(base) => write_valued("below", base, serializer),
        }
    }
}

choice_is_part!(SpiffeMatch);

/// An empty prefix or suffix fits every name: in a file it is a variable that was not set.
impl Choice for TextMatch {
    const ALONE: &'static [&'static str] = &[];
    const WITH_VALUE: &'static [&'static str] = &["exact", "prefix", "suffix"];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str] = &["Exact", "Prefix", "Suffix"];

    fn alone(_: &str) -> Option<Self> {
        None
    }

    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error> {
        let text: String = map.next_value_seed(Seed::at(place))?;
        if text.is_empty() && name != "exact" {
            return Err(place.error(FITS_ALL));
        }
        Ok(match name {
            "exact" => Some(Self::Exact(text)),
            "prefix" => Some(Self::Prefix(text)),
            "suffix" => Some(Self::Suffix(text)),
            _ => None,
        })
    }

    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Prefix(text) | Self::Suffix(text) if text.is_empty() => {
                Err(serde::ser::Error::custom(FITS_ALL))
            }
            Self::Exact(text) => write_valued("exact", text, serializer),
            Self::Prefix(text) => write_valued("prefix", text, serializer),
            Self::Suffix(text) => write_valued("suffix", text, serializer),
        }
    }
}

choice_is_part!(TextMatch);

const FITS_ALL: &str = "an empty prefix or suffix fits every name";
