//! Policies as a caller puts them together: each setter sets its part and leaves the others as they
//! are, and the defaults are those documented.

use std::time::Duration;

use mtls_verify::policy::{
    AcceptablePolicies, AcceptedIdentities, AnyPolicy, CertificatePolicies, ClientCa,
    ClientKeyUsage, ClockSkew, Expired, ExpiryPolicy, ExplicitPolicy, IdentityMatch, KeyPurpose,
    Limits, Memory, PolicyId, PolicyMappings, Profile, PrunedEntries, RequiredPurpose,
    RevocationPolicy, RevocationScope, RsaKeySize, SignatureAlgorithms, TextMatch, UnknownStatus,
};
use mtls_verify::{ClientPolicy, crypto};

const HOUR: Duration = Duration::from_secs(3_600);

/// Like `assert_eq`, of values that only show themselves.
fn assert_same(one: &impl std::fmt::Debug, other: &impl std::fmt::Debug) {
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}

#[test]
fn parts_of_a_policy_are_set_one_by_one() {
    let algorithms = SignatureAlgorithms::new(&crypto::DEFAULT_ALGORITHMS[..1]);
    let identities =
        AcceptedIdentities::rule(IdentityMatch::Dns(TextMatch::Exact("a".into()))).unwrap();
    let policies = CertificatePolicies::default()
        .with_acceptable(AcceptablePolicies::Only(vec![PolicyId::ANY]))
        .with_explicit_policy(ExplicitPolicy::Required)
        .with_mapping(PolicyMappings::Inhibited)
        .with_any_policy(AnyPolicy::Inhibited);
    let purpose = RequiredPurpose::Required(KeyPurpose::SERVER_AUTH.into());
    let policy = ClientPolicy::default()
        .with_expiry(ExpiryPolicy::ignore_client_expiry())
        .with_revocation(RevocationPolicy::whole_path())
        .with_purpose(purpose.clone())
        .with_certificate_policies(policies.clone())
        .with_profile(Profile::Rfc5280)
        .with_identities(identities.clone())
        .with_key_usage(ClientKeyUsage::Unchecked)
        .with_client_ca(ClientCa::Accept)
        .with_signatures(algorithms.clone())
        .with_rsa_keys(RsaKeySize::new(3_072, 4_096))
        .with_limits(Limits::default().with_work(1))
        .with_memory(Memory::OFF);
    assert_eq!(policy.expiry, ExpiryPolicy::ignore_client_expiry());
    assert_eq!(policy.revocation, RevocationPolicy::whole_path());
    assert_eq!(policy.purpose, purpose);
    assert_eq!(policy.certificate_policies, policies);
    assert_eq!(policy.profile, Profile::Rfc5280);
    assert_same(&policy.identities, &identities);
    assert_eq!(policy.key_usage, ClientKeyUsage::Unchecked);
    assert_eq!(policy.client_ca, ClientCa::Accept);
    assert_same(&policy.signatures, &algorithms);
    assert_eq!(policy.rsa_keys, RsaKeySize::new(3_072, 4_096));
    assert_eq!(policy.limits, Limits::default().with_work(1));
    assert_eq!(policy.memory, Memory::OFF);

    assert_eq!(
        policies.acceptable,
        AcceptablePolicies::Only(vec![PolicyId::ANY])
    );
    assert_eq!(policies.explicit_policy, ExplicitPolicy::Required);
    assert_eq!(policies.mapping, PolicyMappings::Inhibited);
    assert_eq!(policies.any_policy, AnyPolicy::Inhibited);
}

/// An allowance without a bound would switch notBefore off.
#[test]
fn clock_skew_has_a_bound() {
    let nanosecond = Duration::from_nanos(1);
    let day = 24 * HOUR;
    for good in [
        Duration::ZERO,
        Duration::from_secs(1),
        day - nanosecond,
        day,
    ] {
        let skew = ClockSkew::new(good).expect("at most 24 hours");
        assert_eq!(ClockSkew::try_from(good), Ok(skew));
        // Whole seconds: a fraction is left out.
        assert_eq!(skew.duration(), Duration::from_secs(good.as_secs()));
    }
    assert_eq!(ClockSkew::new(Duration::ZERO), Ok(ClockSkew::NONE));
    assert_eq!(ClockSkew::new(day), Ok(ClockSkew::MAX));
    assert_eq!(
        ClockSkew::new(Duration::from_millis(1_900)).map(ClockSkew::duration),
        Ok(Duration::from_secs(1))
    );
    assert_eq!(ClockSkew::new(nanosecond), Ok(ClockSkew::default()));
    assert_eq!(ExpiryPolicy::default().clock_skew, ClockSkew::NONE);

    for (bad, shown) in [
        (day + nanosecond, "86400.000000001"),
        (day + Duration::from_secs(1), "86401"),
        (Duration::from_secs(u64::MAX), "18446744073709551615"),
        (Duration::MAX, "18446744073709551615.999999999"),
    ] {
        let error = ClockSkew::new(bad).expect_err("more than 24 hours");
        assert_eq!(ClockSkew::try_from(bad), Err(error));
        let message = format!(
            "a clock skew of {shown} seconds; at most 86400 seconds (24 hours) are allowed"
        );
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn expiry_is_set_by_role() {
    let [client, issuers, anchors] = [1, 2, 3].map(|hours| Expired::AcceptFor(hours * HOUR));
    let expiry = ExpiryPolicy::default()
        .with_client(client)
        .with_issuers(issuers)
        .with_anchors(anchors)
        .with_clock_skew(ClockSkew::new(HOUR).expect("less than 24 hours"));
    assert_eq!(
        (expiry.client, expiry.issuers, expiry.anchors),
        (client, issuers, anchors)
    );
    assert_eq!(expiry.clock_skew.duration(), HOUR);

    let switch = ExpiryPolicy::ignore_client_expiry();
    assert_eq!(switch.client, Expired::Accept);
    assert_eq!(switch.with_client(Expired::Reject), ExpiryPolicy::default());
}

#[test]
fn revocation_is_set_by_part() {
    let stale = Expired::AcceptFor(HOUR);
    for (revocation, scope) in [
        (RevocationPolicy::auto(), RevocationScope::Auto),
        (RevocationPolicy::off(), RevocationScope::Off),
        (RevocationPolicy::client_only(), RevocationScope::ClientOnly),
        (RevocationPolicy::whole_path(), RevocationScope::WholePath),
    ] {
        assert_eq!(revocation.scope, scope);
        assert_eq!(revocation.unknown, UnknownStatus::Deny);
        assert_eq!(revocation.stale, Expired::Reject);
        assert_eq!(revocation.pruned, PrunedEntries::MayBe);
        let lenient = revocation
            .with_unknown(UnknownStatus::Allow)
            .with_stale(stale)
            .with_pruned(PrunedEntries::Kept);
        assert_eq!(lenient.scope, scope);
        assert_eq!(lenient.unknown, UnknownStatus::Allow);
        assert_eq!(lenient.stale, stale);
        assert_eq!(lenient.pruned, PrunedEntries::Kept);
    }
    assert_eq!(RevocationPolicy::default(), RevocationPolicy::auto());
    let published = RevocationPolicy::whole_path().with_unknown(UnknownStatus::AllowUnpublished);
    assert_eq!(RevocationPolicy::where_published(), published);
}

#[test]
fn limits_are_set_one_by_one() {
    let limits = Limits::default()
        .with_presented(1)
        .with_certificate_bytes(2)
        .with_intermediates(3)
        .with_signatures(4)
        .with_work(5);
    let sizes = [
        limits.presented,
        limits.certificate_bytes,
        limits.intermediates,
    ];
    assert_eq!(sizes, [1, 2, 3]);
    assert_eq!([limits.signatures, limits.work], [4, 5]);

    let memory = Memory::OFF.with_chain_bytes(1).with_signatures(2);
    assert_eq!((memory.chain_bytes, memory.signatures), (1, 2));
    assert_ne!(Memory::default(), Memory::OFF);
}

/// As the fields of a policy are documented.
#[test]
fn a_policy_is_strict_by_default() {
    let policy = ClientPolicy::default();
    assert_eq!(policy.expiry, ExpiryPolicy::default());
    assert_eq!(policy.expiry.client, Expired::Reject);
    assert_eq!(policy.expiry.issuers, Expired::Reject);
    assert_eq!(policy.expiry.anchors, Expired::Reject);
    assert_eq!(policy.expiry.clock_skew, ClockSkew::NONE);
    assert_eq!(policy.revocation, RevocationPolicy::auto());
    let client_auth = RequiredPurpose::IfPresent(KeyPurpose::CLIENT_AUTH.into());
    assert_eq!(policy.purpose, client_auth);
    assert_eq!(policy.path_length, None);
    let policies = &policy.certificate_policies;
    assert_eq!(policies, &CertificatePolicies::default());
    assert_eq!(policies.explicit_policy, ExplicitPolicy::NotRequired);
    assert_eq!(policies.mapping, PolicyMappings::Allowed);
    assert_eq!(policies.any_policy, AnyPolicy::Allowed);
    assert_eq!(policies.acceptable, AcceptablePolicies::Any);
    assert_eq!(policy.profile, Profile::Compatible);
    assert_eq!(policy.identities, AcceptedIdentities::Any);
    assert_eq!(policy.key_usage, ClientKeyUsage::DigitalSignature);
    assert_eq!(policy.client_ca, ClientCa::Refuse);
    assert_eq!(policy.rsa_keys, RsaKeySize::new(2_048, 8_192));
    assert_same(&policy.signatures, &SignatureAlgorithms::default());
    assert_eq!(policy.memory.chain_bytes, 16 * 1_024 * 1_024);
    assert_eq!(policy.memory.signatures, 4_096);
}

/// Their arcs, and not only their names.
#[test]
fn purposes_have_their_object_identifiers() {
    for (purpose, dotted) in [
        (KeyPurpose::CLIENT_AUTH, "1.3.6.1.5.5.7.3.2"),
        (KeyPurpose::SERVER_AUTH, "1.3.6.1.5.5.7.3.1"),
        (KeyPurpose::EMAIL_PROTECTION, "1.3.6.1.5.5.7.3.4"),
        (KeyPurpose::ANY, "2.5.29.37.0"),
    ] {
        assert_eq!(dotted.parse(), Ok(purpose), "{dotted}");
    }
}

#[test]
fn object_identifiers_are_read_and_shown_in_dotted_form() {
    for dotted in [
        "2.5.29.32.0",
        "1.3.6.1.4.1.311.20.2.2",
        "0.0",
        "2.999.1",
        "1.2.4294967296.18446744073709551616",
        "2.25.340282366920938463463374607431768211455",
        &format!("1.2.{}", "9".repeat(1_000)),
        &format!("1.2{}", ".7".repeat(1_000)),
    ] {
        let policy: PolicyId = dotted.parse().expect("an object identifier");
        assert_eq!(policy.to_string(), dotted);
        let purpose: KeyPurpose = dotted.parse().expect("an object identifier");
        assert_eq!(purpose.to_string(), dotted);
    }
    assert_eq!("2.5.29.32.0".parse(), Ok(PolicyId::ANY));
    for (purpose, name) in [
        (KeyPurpose::CLIENT_AUTH, "clientAuth"),
        (KeyPurpose::SERVER_AUTH, "serverAuth"),
        (KeyPurpose::EMAIL_PROTECTION, "emailProtection"),
    ] {
        assert_eq!(purpose.to_string(), name);
    }
    for not_one in [
        "",
        "1",
        "1.2.",
        "anyPolicy",
        "9.9",
        "1.40",
        "1.02",
        "1.2.+3",
    ] {
        assert!(not_one.parse::<PolicyId>().is_err(), "{not_one}");
        assert!(not_one.parse::<KeyPurpose>().is_err(), "{not_one}");
    }
}
