//! The names of all fields and variants, but for those of [`identities`](super::identities).

use alloc::format;

use super::choice::choice;
use super::public_part;
use super::record::record;
use crate::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ClientCa, ClientKeyUsage, ClientPolicy,
    ClockSkew, Expired, ExpiryPolicy, ExplicitPolicy, KeyPurpose, KeyPurposes, Limits, Memory,
    PolicyId, PolicyMappings, ProcessedExtensions, Profile, PrunedEntries, RequiredPurpose,
    RevocationPolicy, RevocationScope, RsaKeySize, SignatureAlgorithms, UnknownStatus,
};

public_part! {
    AcceptablePolicies AnyPolicy CertificatePolicies ClientCa ClientKeyUsage ClientPolicy ClockSkew
    Expired ExpiryPolicy ExplicitPolicy KeyPurpose KeyPurposes Limits Memory PolicyId PolicyMappings
    ProcessedExtensions Profile PrunedEntries RequiredPurpose RevocationPolicy RevocationScope
    RsaKeySize SignatureAlgorithms
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
