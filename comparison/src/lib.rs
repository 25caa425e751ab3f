//! Asks the library what the reference is asked, and holds the answers together.
//!
//! The reference shares no code with the library, so it does not have this itself.

mod compare;
mod rules;
mod scopes;

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::{
    AcceptablePolicies, AnyPolicy, CertificatePolicies, ClientCa, ClientKeyUsage, ClockSkew,
    ExpiryPolicy, ExplicitPolicy, KeyPurposes, Limits, PolicyMappings, ProcessedExtensions,
    ProcessedIn, Profile, PrunedEntries, RequiredPurpose, RevocationPolicy, RsaKeySize,
    SignatureAlgorithms, UnknownStatus,
};
use mtls_verify::{
    ClientPolicy, DenyList, StoreError, TrustStore, TrustStoreBuilder, VerifiedClient, VerifyError,
    verify_client_chain,
};
use reference::model::{Denied, Expired, Oid, Policy, Question, Scope, Time, Unknown};

pub use compare::{Place, against_library, failures, show};
pub use rules::identities;
pub use scopes::{against_library_in_scopes, ask_library_in, ask_verifier_in, scoped_store};

/// What the library says.
pub type Outcome = Result<VerifiedClient, VerifyError>;

/// What the library says with this store.
pub fn ask_library(question: &Question, store: &TrustStore) -> Outcome {
    let chain = chain(&question.presented);
    let policy = client_policy(&question.policy);
    verify_client_chain(store, &chain, time(question.now), &policy)
}

fn chain(presented: &[Vec<u8>]) -> Vec<CertificateDer<'_>> {
    presented.iter().map(|der| certificate(der)).collect()
}

fn time(now: Time) -> UnixTime {
    let seconds = now.try_into().expect("a time since 1970");
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

/// A certificate in the type of the library.
pub fn certificate(der: &[u8]) -> CertificateDer<'_> {
    CertificateDer::from(der)
}

/// The store of a question.
///
/// # Errors
///
/// If the library does not load it.
pub fn store(question: &Question) -> Result<TrustStore, StoreError> {
    builder(question)?.build()
}

fn builder(question: &Question) -> Result<TrustStoreBuilder, StoreError> {
    let algorithms = SignatureAlgorithms::new(question.policy.algorithms);
    let mut builder = TrustStore::builder();
    builder
        .crl_signatures(algorithms)
        .deny(deny_list(&question.denied));
    for der in &question.anchors {
        builder.add_ca_der(&certificate(der))?;
    }
    for der in &question.intermediates {
        builder.add_intermediate_der(&certificate(der))?;
    }
    for der in &question.pins {
        builder.pin_client_der(&certificate(der))?;
    }
    for der in &question.crls {
        builder.add_crl_der(&CertificateRevocationListDer::from(der.as_slice()))?;
    }
    Ok(builder)
}

/// A deny list in the type of the library.
pub fn deny_list(denied: &Denied) -> DenyList {
    let mut list = DenyList::new();
    for digest in &denied.certificates {
        list = list.with_certificate_sha256(*digest);
    }
    for digest in &denied.keys {
        list = list.with_key_sha256(*digest);
    }
    for der in &denied.signed {
        list = list.with_certificate(der).expect("a certificate");
    }
    for (issuer, serial) in &denied.serials {
        list = list
            .with_serial(issuer, serial)
            .expect("a name and a serial number");
    }
    list
}

/// The policy in the library's types. Work and signatures have no limit.
pub fn client_policy(policy: &Policy) -> ClientPolicy {
    let expiry = ExpiryPolicy::default()
        .with_client(expired(policy.client_expiry))
        .with_issuers(expired(policy.issuer_expiry))
        .with_anchors(expired(policy.anchor_expiry))
        .with_clock_skew(
            ClockSkew::new(Duration::from_secs(policy.clock_skew)).expect("at most 24 hours"),
        );
    let purpose = match &policy.key_purposes {
        None => RequiredPurpose::Unchecked,
        Some(oids) => {
            let purposes = oids
                .iter()
                .map(|oid| dotted(oid).parse().expect("a purpose"));
            let purposes = KeyPurposes::any_of(purposes).expect("one to sixteen");
            match policy.key_purpose_required {
                true => RequiredPurpose::Required(purposes),
                false => RequiredPurpose::IfPresent(purposes),
            }
        }
    };
    let (minimum, maximum) = policy.rsa_bits;
    let limits = Limits::default()
        .with_presented(policy.limits.presented)
        .with_certificate_bytes(policy.limits.certificate_bytes)
        .with_intermediates(policy.limits.intermediates)
        .with_signatures(1_000_000)
        .with_work(u32::MAX);
    let mut library = ClientPolicy::default()
        .with_expiry(expiry)
        .with_purpose(purpose)
        .with_limits(limits)
        .with_signatures(SignatureAlgorithms::new(policy.algorithms))
        .with_rsa_keys(RsaKeySize::new(minimum, maximum))
        .with_certificate_policies(certificate_policies(policy))
        .with_revocation(revocation(policy));
    if policy.accept_client_ca {
        library = library.with_client_ca(ClientCa::Accept);
    }
    if !policy.check_key_usage {
        library = library.with_key_usage(ClientKeyUsage::Unchecked);
    }
    if policy.rfc5280_profile {
        library = library.with_profile(Profile::Rfc5280);
    }
    let mut processed = ProcessedExtensions::none();
    for (oids, on) in [
        (&policy.processed_on_client, ProcessedIn::Client),
        (&policy.processed_on_path, ProcessedIn::Path),
    ] {
        for oid in oids {
            let oid = dotted(oid).parse().expect("an object identifier");
            processed = processed.with(oid, on).expect("none that is processed");
        }
    }
    library = library.with_processed_extensions(processed);
    if let Some(length) = policy.path_length {
        library = library.with_path_length(length);
    }
    if let Some(rule) = &policy.identities {
        let accepted = identities(rule).expect("a rule that somebody can meet");
        library = library.with_identities(accepted);
    }
    library
}

fn certificate_policies(policy: &Policy) -> CertificatePolicies {
    let mut policies = CertificatePolicies::default();
    if let Some(acceptable) = &policy.acceptable_policies {
        let ids = acceptable
            .iter()
            .map(|oid| dotted(oid).parse().expect("an identifier"));
        policies = policies.with_acceptable(AcceptablePolicies::Only(ids.collect()));
    }
    if policy.explicit_policy {
        policies = policies.with_explicit_policy(ExplicitPolicy::Required);
    }
    if policy.inhibit_mapping {
        policies = policies.with_mapping(PolicyMappings::Inhibited);
    }
    if policy.inhibit_any_policy {
        policies = policies.with_any_policy(AnyPolicy::Inhibited);
    }
    policies
}

fn revocation(policy: &Policy) -> RevocationPolicy {
    let revocation = match policy.revocation {
        Scope::Auto => RevocationPolicy::auto(),
        Scope::Off => RevocationPolicy::off(),
        Scope::ClientOnly => RevocationPolicy::client_only(),
        Scope::WholePath => RevocationPolicy::whole_path(),
    };
    let unknown = match policy.unknown {
        Unknown::Deny => UnknownStatus::Deny,
        Unknown::AllowUnpublished => UnknownStatus::AllowUnpublished,
        Unknown::Allow => UnknownStatus::Allow,
    };
    let pruned = match policy.pruned_kept {
        true => PrunedEntries::Kept,
        false => PrunedEntries::default(),
    };
    revocation
        .with_unknown(unknown)
        .with_stale(expired(policy.stale))
        .with_pruned(pruned)
}

fn expired(rule: Expired) -> mtls_verify::policy::Expired {
    match rule {
        Expired::Reject => mtls_verify::policy::Expired::Reject,
        Expired::AcceptFor(seconds) => {
            mtls_verify::policy::Expired::AcceptFor(Duration::from_secs(seconds))
        }
        Expired::Accept => mtls_verify::policy::Expired::Accept,
    }
}

/// The dotted form of the content octets of an OBJECT IDENTIFIER of arcs below 2^121.
pub fn dotted(oid: &[u8]) -> String {
    let mut arcs = Vec::new();
    let mut arc = 0u128;
    for octet in oid {
        arc = arc << 7 | u128::from(octet & 0x7f);
        if octet & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    let first = arcs.first().copied().unwrap_or_default();
    let top = (first / 40).min(2);
    let mut shown = format!("{top}.{}", first - 40 * top);
    for arc in &arcs[1..] {
        shown.push_str(&format!(".{arc}"));
    }
    shown
}

/// The content octets of an OBJECT IDENTIFIER of arcs below 2^121, by its dotted form.
#[must_use]
pub fn oid(dotted: &str) -> Option<Oid> {
    let arcs = dotted.split('.').map(|arc| arc.parse().ok());
    let arcs: Vec<u128> = arcs.collect::<Option<_>>()?;
    let (&[top, second], rest) = arcs.split_first_chunk()?;
    let first = top.checked_mul(40)?.checked_add(second)?;
    let mut content = Vec::new();
    for arc in [&[first], rest].concat() {
        let mut digits = vec![(arc & 0x7F) as u8];
        let mut higher = arc >> 7;
        while higher > 0 {
            digits.push((higher & 0x7F) as u8 | 0x80);
            higher >>= 7;
        }
        content.extend(digits.iter().rev());
    }
    Some(content)
}

/// Runs a part of the work in each of as many threads as there are processors: `part` gets the
/// number of its thread, and how many there are.
///
/// # Panics
///
/// Where a part does.
pub fn in_threads<T: Send>(part: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let part = &part;
        let start = |first| scope.spawn(move || part(first, count));
        let threads: Vec<_> = (0..count).map(start).collect();
        let ends = threads.into_iter().map(|thread| thread.join());
        ends.map(|end| end.expect("no panic")).collect()
    })
}
