//! Runs every case of `testdata/cases` and `testdata/public` through each entry point of Rust.

mod common;

use std::sync::Arc;

use common::{Case, Expect, show_time};
use mtls_verify::client::{ExpiryStatus, RevocationStatus};
use mtls_verify::error::Position;
#[cfg(feature = "rustls")]
use mtls_verify::pki_types::UnixTime;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::{ClientVerifier, TrustStore, VerifiedClient, VerifyError, verify_client_chain};

#[test]
fn every_case_comes_out_as_expected() {
    let cases = Case::all();
    assert!(cases.len() >= 1600, "only {} cases", cases.len());
    assert_all_hold(&cases);
}

#[test]
fn public_chains_come_out_as_expected() {
    let cases = Case::below("public");
    assert!(cases.len() >= 5, "only {} cases", cases.len());
    assert_all_hold(&cases);
}

/// The order of what is presented after the client's certificate decides nothing.
#[test]
fn order_of_presented_certificates_does_not_matter() {
    let mut compared = 0;
    for case in Case::all() {
        let Ok(store) = case.store() else { continue };
        let chain = case.chain();
        let outcome = |chain: &[CertificateDer<'_>]| {
            verify_client_chain(&store, chain, case.time(), &case.policy())
                .map(|client| {
                    let path: Vec<_> = client.path().map(CertificateDer::into_owned).collect();
                    let revocation: Vec<_> = client.path_revocation().collect();
                    (path, client.expiry(), client.valid_until(), revocation)
                })
                .map_err(|error| {
                    let subject = error.certificate().and_then(|about| about.subject());
                    (error.code(), error.reason().name(), subject)
                })
        };
        let given = outcome(&chain);
        for shift in 1..chain.len().min(6) {
            let mut other = chain.clone();
            if let Some(issuers) = other.get_mut(1..) {
                issuers.reverse();
                let shift = shift % issuers.len().max(1);
                issuers.rotate_left(shift);
            }
            if other == chain {
                continue;
            }
            assert_eq!(outcome(&other), given, "{}", case.name);
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared} chains were reordered");
}

/// Nor does the order of the lists in their file.
#[test]
fn order_of_crls_does_not_matter() {
    let mut compared = 0;
    for case in Case::all() {
        let mut crls = case.crls();
        if crls.len() < 2 || case.store().is_err() {
            continue;
        }
        let outcome = |crls: &[CertificateRevocationListDer<'_>]| {
            let store = case.store_with_crls(crls).expect("the same CRLs load");
            verify_client_chain(&store, &case.chain(), case.time(), &case.policy())
                .map(|client| {
                    let revocation: Vec<_> = client.path_revocation().collect();
                    (client.valid_until(), revocation)
                })
                .map_err(|error| (error.reason().name(), position(&error)))
        };
        let given = outcome(&crls);
        crls.reverse();
        assert_eq!(outcome(&crls), given, "{}", case.name);
        compared += 1;
    }
    assert!(compared > 50, "only {compared} files were reordered");
}

/// A path may have a CA twice where it maps policies, and no certificate twice, be the CAs
/// presented or in the store.
#[test]
fn stored_cas_may_be_in_a_path_twice() {
    let mut compared = 0;
    for case in Case::all() {
        if !case.name.starts_with("policy/mapping-same-") {
            continue;
        }
        let (store, chain) = (case.store().expect("a good store"), case.chain());
        let (client, issuers) = chain.split_at(1);
        let mut builder = TrustStore::builder();
        builder
            .add_ca_pem(&case.optional("ca.pem").expect("anchors"))
            .expect("good anchors");
        let stored = issuers
            .iter()
            .try_fold(&mut builder, |builder, issuer| {
                builder.add_intermediate_der(issuer)
            })
            .and_then(|builder| builder.build());
        let outcome = |store: &TrustStore, chain: &[CertificateDer<'_>]| {
            verify_client_chain(store, chain, case.time(), &case.policy())
                .map(|client| client.path().len())
                .map_err(|error| error.reason().name())
        };
        let given = outcome(&store, &chain);
        let (stored, name) = (stored.expect("a good store"), &case.name);
        assert_eq!(outcome(&stored, client), given, "{name}");
        compared += 1;
    }
    assert!(compared >= 5, "only {compared} cases");
}

fn assert_all_hold(cases: &[Case]) {
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let fault = check(case).err()?;
            Some(format!("{} ({}): {fault}", case.name, case.settings.rule))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

fn check(case: &Case) -> Result<(), String> {
    let store = match (case.store(), &case.settings.expect) {
        (Err(error), Expect::StoreError { message_contains }) => {
            return contains(&error.to_string(), Some(message_contains));
        }
        (Err(error), _) => return Err(format!("the store does not load: {error}")),
        (Ok(_), Expect::StoreError { .. }) => return Err("the store loads".to_owned()),
        (Ok(store), _) => store,
    };
    let (chain, now, policy) = (case.chain(), case.time(), case.policy());
    let outcome = verify_client_chain(&store, &chain, now, &policy);
    check_outcome(&outcome, &case.settings.expect)?;
    let clients = Arc::new(ClientVerifier::new(Arc::new(store), policy));
    for asked in ["first", "again"] {
        check_outcome(&clients.verify(&chain, now), &case.settings.expect)
            .map_err(|fault| format!("ClientVerifier, asked {asked}: {fault}"))?;
    }
    #[cfg(feature = "rustls")]
    check_in_rustls(&clients, &chain, now, &case.settings.expect)
        .map_err(|fault| format!("RustlsVerifier: {fault}"))?;
    Ok(())
}

/// What `rustls` is told in a handshake, and what its server learns after it.
#[cfg(feature = "rustls")]
fn check_in_rustls(
    clients: &Arc<ClientVerifier>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    expect: &Expect,
) -> Result<(), String> {
    use mtls_verify::rustls::{RefusalErrors, RustlsVerifier, refusal_of};
    use rustls::server::danger::ClientCertVerifier;

    let provider = rustls::crypto::ring::default_provider();
    let verifier = RustlsVerifier::builder(Arc::clone(clients), &provider)
        .with_refusal_errors(RefusalErrors::Whole)
        .build()
        .map_err(|error| error.to_string())?;
    check_outcome(
        &verifier
            .client_of(Some(chain), now)
            .map(|client| client.expect("a certificate is required")),
        expect,
    )?;
    let Some((client, others)) = chain.split_first() else {
        let missing = rustls::Error::NoCertificatesPresented;
        let refusal = verifier
            .report_failed_handshake(&missing, now)
            .ok_or("a missing certificate is no refusal")?;
        return check_refusal(&refusal, expect);
    };
    match verifier.verify_client_cert(client, others, now) {
        Ok(_) if matches!(expect, Expect::Accept { .. }) => Ok(()),
        Ok(_) => Err("accepted in the handshake".to_owned()),
        Err(error) => check_refusal(refusal_of(&error).ok_or("no refusal inside")?, expect),
    }
}

fn check_outcome(
    outcome: &Result<VerifiedClient, VerifyError>,
    expect: &Expect,
) -> Result<(), String> {
    match outcome {
        Ok(client) => check_client(client, expect),
        Err(refusal) => check_refusal(refusal, expect),
    }
}

fn check_refusal(refusal: &VerifyError, expect: &Expect) -> Result<(), String> {
    let Expect::Refuse {
        code,
        reason,
        certificate,
        message_contains,
    } = expect
    else {
        return Err(format!("refused: {refusal}"));
    };
    same("reason", refusal.reason().name(), reason.as_str())
        .and_then(|()| same("code", refusal.code().as_str(), code.as_str()))
        .and_then(|()| same("certificate", &position(refusal), certificate))
        .and_then(|()| contains(&refusal.to_string(), message_contains.as_deref()))
        .and_then(|()| is_sentence(refusal))
        .map_err(|fault| format!("{fault} ({refusal})"))
}

/// The sentence of a reason is about the certificate, which the refusal names, or about the client.
fn is_sentence(refusal: &VerifyError) -> Result<(), String> {
    let sentence = refusal.reason().to_string();
    let shown = match (
        sentence.strip_prefix("the certificate "),
        refusal.certificate(),
    ) {
        (Some(predicate), Some(certificate)) => format!("{certificate} {predicate}"),
        _ if sentence.starts_with("the client ") => sentence.clone(),
        _ => return Err(format!("no sentence: {sentence}")),
    };
    same("message", &refusal.to_string(), &shown)
}

fn check_client(client: &VerifiedClient, expect: &Expect) -> Result<(), String> {
    let Expect::Accept {
        expiry,
        expired_since,
        valid_until,
        path,
        policies,
        revocation,
    } = expect
    else {
        return Err(format!("accepted: {client:?}"));
    };
    let (status, since) = match client.expiry() {
        ExpiryStatus::Current { .. } => ("current", None),
        ExpiryStatus::Expired { since } => ("expired", Some(since.to_string())),
    };
    same("expiry", status, expiry)?;
    same("expired_since", &since, expired_since)?;
    let until = client
        .valid_until()
        .map_or_else(|| "never".to_owned(), show_time);
    same("valid_until", &until, valid_until)?;
    same("path", &client.path_subjects().collect::<Vec<_>>(), path)?;
    if let Some(policies) = policies {
        let valid_for: Vec<_> = client.policies().iter().map(ToString::to_string).collect();
        same("policies", &valid_for, policies)?;
    }
    if let Some(revocation) = revocation {
        let statuses: Vec<_> = client.path_revocation().map(show_status).collect();
        same("revocation", &statuses, revocation)?;
    }
    Ok(())
}

fn show_status(status: RevocationStatus) -> String {
    match status {
        RevocationStatus::NotChecked => "not-checked".to_owned(),
        RevocationStatus::Good => "good".to_owned(),
        RevocationStatus::Stale { .. } => "stale".to_owned(),
        RevocationStatus::Unknown => "unknown".to_owned(),
        other => format!("{other:?}"),
    }
}

fn position(error: &VerifyError) -> String {
    match error.certificate().map(|about| about.position()) {
        None => "none".to_owned(),
        Some(Position::Client) => "client".to_owned(),
        Some(Position::Presented(index)) => format!("presented {index}"),
        Some(Position::Intermediate) => "intermediate".to_owned(),
        Some(Position::Anchor) => "anchor".to_owned(),
        Some(other) => format!("{other:?}"),
    }
}

fn contains(message: &str, text: Option<&str>) -> Result<(), String> {
    match text {
        Some(text) if !message.contains(text) => Err(format!("{message:?} lacks {text:?}")),
        _ => Ok(()),
    }
}

fn same<T: PartialEq<U> + std::fmt::Debug + ?Sized, U: std::fmt::Debug + ?Sized>(
    what: &str,
    found: &T,
    expected: &U,
) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, expected {expected:?}"))
    }
}
