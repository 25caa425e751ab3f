//! Pinned client certificates: trusted by their exact bytes, without a path, and under the policy
//! all the same.

use crate::KeyUsage::{DigitalSignature, KeyCertSign, KeyEncipherment};
use sha2::{Digest, Sha256};

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::key::rsa_spki_of_size;
use crate::{Cert, Crl, Extension, Key, oid};

pub(super) fn cases() -> Vec<Case> {
    [trusted(), expiry(), other_rules(), policies(), or_by_path()].concat()
}

/// A pin is no policy statement: the certificate is good for the policies that it lists, and no
/// more.
fn policies() -> Vec<Case> {
    const GOLD: &str = "1.3.6.1.4.1.32473.2.1";
    const ANY: &str = "2.5.29.32.0";
    let of = |policies: &[&str]| lone().extension(Extension::certificate_policies(policies));
    let required = |case: Case| case.policy("certificate-policies.explicit-policy", "required");
    let no_policy = "no-valid-policy";
    vec![
        required(pinned(
            "policy-required",
            "A policy is required, and the pinned client lists one.",
            of(&[GOLD]),
        ))
        .policies(&[GOLD]),
        required(pinned(
            "policy-required-none",
            "A policy is required, and the pinned client lists none.",
            lone(),
        ))
        .refuse(no_policy, "client"),
        pinned(
            "policy-none",
            "No policy is required: a pinned client without any is valid for none.",
            lone(),
        )
        .policies(&[]),
        required(pinned(
            "policy-acceptable",
            "The policy that the pinned client lists is acceptable.",
            of(&[GOLD]),
        ))
        .policy_list("certificate-policies.acceptable.only", &[GOLD])
        .policies(&[GOLD]),
        required(pinned(
            "policy-not-acceptable",
            "The policy that the pinned client lists is not acceptable.",
            of(&[GOLD]),
        ))
        .policy_list(
            "certificate-policies.acceptable.only",
            &["1.3.6.1.4.1.32473.2.2"],
        )
        .refuse("policy-not-acceptable", "client")
        .message(GOLD),
        required(pinned(
            "policy-any",
            "The pinned client lists any policy.",
            of(&[ANY]),
        ))
        .policies(&[ANY]),
        required(pinned(
            "policy-any-inhibited",
            "The pinned client lists any policy, and that does not count.",
            of(&[ANY]),
        ))
        .policy("certificate-policies.any-policy", "inhibited")
        .refuse(no_policy, "client"),
        pinned(
            "policy-requires-itself",
            "The pinned certificate itself requires a policy, and lists none.",
            lone().extension(Extension::policy_constraints(Some(0), None)),
        )
        .refuse(no_policy, "client"),
    ]
}

/// A pin adds trust, it takes none away: where it does not hold, the path is tried.
fn or_by_path() -> Vec<Case> {
    const GOLD: &str = "1.3.6.1.4.1.32473.2.1";
    const SILVER: &str = "1.3.6.1.4.1.32473.2.2";
    let points = || Extension::crl_distribution_point("http://crl.example/ca.crl").critical();
    let by_path = |name: &str, description: &str, client: Cert, ca: Cert| {
        pinned(name, description, client.clone())
            .chain(&[client, ca])
            .path(&["CN=alice", "CN=Issuing CA", "CN=Root"])
    };
    let silver = || alice().extension(Extension::certificate_policies(&[SILVER]));
    let mapping = issuing()
        .extension(Extension::certificate_policies(&[GOLD]))
        .extension(Extension::policy_mappings(&[(GOLD, SILVER)]));
    let key: String = Sha256::digest(alice().spki_der())
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    let crl = Crl::of(&issuing());
    let checked = |case: Case| {
        case.crls(std::slice::from_ref(&crl))
            .policy("revocation.scope", "client-only")
    };
    vec![
        checked(by_path(
            "or-path-critical-points",
            "Critical distribution points, which nobody processes for a pin: accepted by the path.",
            alice().extension(points()),
            issuing(),
        ))
        .revocation(&["good", "not-checked", "not-checked"])
        .valid_until("2027-01-01T00:00:00Z"),
        by_path(
            "or-path-critical-points-unchecked",
            "Critical distribution points, which nobody processes in the path either.",
            alice().extension(points()),
            issuing(),
        )
        .refuse("unhandled-extension", "client")
        .message(oid::CRL_DISTRIBUTION_POINTS),
        by_path(
            "or-path-mapped-policy",
            "The client has a policy that its CA maps: acceptable by the path alone.",
            silver(),
            mapping.clone(),
        )
        .policy("certificate-policies.explicit-policy", "required")
        .policy_list("certificate-policies.acceptable.only", &[GOLD])
        .policies(&[GOLD]),
        by_path(
            "or-path-ca",
            "The same for a CA, which is no client by a path: a pin that does not hold does not except it. The reason is the pin's.",
            silver().extension(Extension::basic_constraints(true, None)),
            mapping.clone(),
        )
        .policy("certificate-policies.explicit-policy", "required")
        .policy_list("certificate-policies.acceptable.only", &[GOLD])
        .refuse("policy-not-acceptable", "client"),
        by_path(
            "or-path-denied",
            "Neither the pin nor the path lets in a client that is denied.",
            silver(),
            mapping,
        )
        .policy("certificate-policies.explicit-policy", "required")
        .policy_list("certificate-policies.acceptable.only", &[GOLD])
        .deny("keys", &[&key])
        .refuse("denied", "client")
        .message("by the SHA-256 of its key"),
        by_path(
            "or-path-expired",
            "Expired for the pin and for the path.",
            alice(),
            issuing(),
        )
        .time("2027-01-01T00:00:01Z")
        .refuse("expired", "client"),
    ]
}

/// A client that signed itself, as `openssl req -x509` makes them, but no CA.
fn lone() -> Cert {
    Cert::client("alice", &Key::p256("alice"))
}

/// A case in which `client` is pinned and presented.
fn pinned(name: &str, description: &str, client: Cert) -> Case {
    Case::new(
        &format!("pin-{name}"),
        "pinned certificates (no path: RFC 5280 §6.1 does not apply)",
        description,
    )
    .pins(std::slice::from_ref(&client))
    .chain(&[client])
    .path(&["CN=alice"])
}

fn trusted() -> Vec<Case> {
    let elsewhere = Cert::ca("Unknown CA", &Key::p256("unknown"));
    let renewed = lone().not_after("2028-01-01T00:00:00Z");
    let bob = Cert::client("bob", &Key::p256("bob"));
    vec![
        pinned(
            "self-signed",
            "A pinned self-signed client is accepted; the path is itself.",
            lone(),
        ),
        pinned(
            "unknown-issuer",
            "A pinned client is accepted whatever its issuer.",
            Cert::client("alice", &Key::p256("alice")).issued_by(&elsewhere),
        ),
        pinned(
            "chain-presented",
            "A pinned client may bring a chain, which is not needed.",
            lone(),
        )
        .chain(&[lone(), root()]),
        pinned("one-of-two", "One of two pinned clients.", lone()).pins(&[bob.clone(), lone()]),
        pinned("another", "Another client is pinned.", lone())
            .pins(&[bob])
            .refuse("untrusted-root", "client"),
        pinned(
            "renewed",
            "A pin is of the exact bytes: a new certificate of the same key is not pinned.",
            lone(),
        )
        .chain(&[renewed])
        .refuse("untrusted-root", "client"),
        pinned(
            "not-an-issuer",
            "A pinned certificate vouches for itself alone: it is no anchor.",
            lone(),
        )
        .chain(&[
            Cert::client("bob", &Key::p256("bob")).issued_by(&lone()),
            lone(),
        ])
        .refuse("untrusted-root", "presented 1"),
        pinned(
            "issuer-expired",
            "The issuer of a pinned client does not matter, not even expired.",
            alice(),
        )
        .anchors(&[root().not_after("2021-01-01T00:00:00Z")]),
    ]
}

fn expiry() -> Vec<Case> {
    let not_after = "2027-01-01T00:00:00Z";
    vec![
        pinned(
            "last-second",
            "A pinned client at its notAfter: accepted.",
            lone(),
        )
        .time(not_after),
        pinned(
            "expired",
            "A pinned client one second after its notAfter: refused.",
            lone(),
        )
        .time("2027-01-01T00:00:01Z")
        .refuse("expired", "client"),
        pinned(
            "expired-accept",
            "An expired pinned client, which the policy accepts, has no end.",
            lone(),
        )
        .time("2030-01-01T00:00:00Z")
        .policy("expiry.client", "accept")
        .expired_since(not_after)
        .valid_until("never"),
        pinned(
            "expired-grace",
            "An expired pinned client in the last second of its grace period.",
            lone(),
        )
        .time("2027-01-01T01:00:00Z")
        .policy("expiry.client.accept-for", "1h")
        .expired_since(not_after)
        .valid_until("2027-01-01T01:00:00Z"),
        pinned(
            "not-yet-valid",
            "A pinned client one second before its notBefore: refused.",
            lone(),
        )
        .time("2025-12-31T23:59:59Z")
        .refuse("not-yet-valid", "client"),
    ]
}

/// What binds a pinned client like any other.
fn other_rules() -> Vec<Case> {
    let usages = [DigitalSignature, KeyCertSign];
    let ca = lone()
        .extension(Extension::basic_constraints(true, None))
        .extension(Extension::key_usage(&usages));
    let weak = Cert::client_with_spki("alice", rsa_spki_of_size(1024)).issued_by(&root());
    vec![
        pinned(
            "weak-key",
            "A pinned client whose RSA key has 1024 bits is refused.",
            weak,
        )
        .refuse("key-size", "client"),
        pinned(
            "server-only",
            "A pinned certificate for servers only is not for clients.",
            lone().extension(Extension::extended_key_usage(&[oid::SERVER_AUTH])),
        )
        .refuse("purpose", "client"),
        pinned(
            "key-usage",
            "A pinned client without digitalSignature cannot sign a handshake.",
            lone().extension(Extension::key_usage(&[KeyEncipherment])),
        )
        .refuse("key-usage", "client"),
        pinned(
            "ca",
            "A pinned certificate is named by its exact bytes: it may be a CA's, as `openssl req -x509` makes them.",
            ca,
        ),
        pinned(
            "critical-unknown",
            "A pinned client with an unknown critical extension is refused.",
            lone().extension(Extension::unknown().critical()),
        )
        .refuse("unhandled-extension", "client")
        .message(oid::UNKNOWN_EXTENSION),
    ]
}
