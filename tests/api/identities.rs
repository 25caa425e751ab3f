//! Who a client is, where its certificate leaves that open: of several values none is picked.

use mtls_verify::pki_types::CertificateDer;
use mtls_verify::policy::{
    AcceptablePolicies, AcceptedIdentities, CertificatePolicies, IdentityMatch, IdentityRule,
    RuleProblem, SpiffeMatch, TextMatch,
};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};
use testpki::{Attribute, Cert, Extension, GeneralName, Key, Name, StringType, oid};

use crate::files;

fn verify(client: Cert, policy: &ClientPolicy) -> Result<VerifiedClient, VerifyError> {
    let root = Cert::ca("Root", &Key::p256("root"));
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good CA");
    let chain = [CertificateDer::from(client.issued_by(&root).der())];
    verify_client_chain(&store, &chain, files::time("2026-06-01T00:00:00Z"), policy)
}

fn named(names: &[GeneralName]) -> VerifiedClient {
    let client =
        Cert::client("alice", &Key::p256("alice")).extension(Extension::subject_alt_name(names));
    verify(client, &ClientPolicy::default()).expect("verified")
}

/// A userPrincipalName whose value is no text.
fn unreadable_upn() -> GeneralName {
    GeneralName::Other("1.3.6.1.4.1.311.20.2.3".to_owned(), vec![0x05, 0x00])
}

#[test]
fn of_several_user_principal_names_none_is_the_clients() {
    let upn = GeneralName::upn;
    let other = GeneralName::Other("1.3.6.1.4.1.311.20.2.4".to_owned(), vec![0x05, 0x00]);
    for (names, expected) in [
        (vec![upn("a@corp.example")], Some("a@corp.example")),
        (vec![other, upn("a@corp.example")], Some("a@corp.example")),
        (vec![upn("a@corp.example"), upn("b@corp.example")], None),
        (vec![upn("a@corp.example"), upn("a@corp.example")], None),
        (vec![upn("a@corp.example"), unreadable_upn()], None),
        (vec![unreadable_upn(), upn("a@corp.example")], None),
        (vec![unreadable_upn()], None),
        (vec![GeneralName::dns("a.example")], None),
    ] {
        let client = named(&names);
        let found = client.identity().user_principal_name();
        assert_eq!(found.as_deref(), expected, "{names:?}");
    }
}

#[test]
fn of_several_common_names_none_is_the_clients() {
    let cn = Attribute::common_name;
    let unreadable = Attribute::new(oid::COMMON_NAME, StringType::Bmp, "\u{10000}");
    let alice = IdentityMatch::CommonName(TextMatch::Exact("alice".into()));
    let alice = AcceptedIdentities::rule(alice).expect("a rule");
    let only_alice = ClientPolicy::default().with_identities(alice);
    for (attributes, expected) in [
        (vec![cn("alice")], Some("alice")),
        (
            vec![Attribute::organization("bob"), cn("alice")],
            Some("alice"),
        ),
        (vec![cn("alice"), cn("bob")], None),
        (vec![cn("bob"), cn("alice")], None),
        (vec![cn("alice"), cn("alice")], None),
        (vec![cn("alice"), unreadable], None),
        (vec![Attribute::organizational_unit("alice")], None),
    ] {
        let name = Name::new(&attributes);
        let client = || Cert::client("", &Key::p256("alice")).subject(name.clone());
        let verified = verify(client(), &ClientPolicy::default()).expect("verified");
        let found = verified.identity().common_name();
        assert_eq!(found.as_deref(), expected);
        let is_let_in = verify(client(), &only_alice).is_ok();
        assert_eq!(is_let_in, expected.is_some());
    }
}

/// SPIFFE-ID §2.1: 255 characters, and X.509-SVID §2: one URI.
#[test]
fn a_spiffe_id_is_one_uri_of_a_trust_domain_that_is_not_too_long() {
    let id = |len| format!("spiffe://{}/a", "d".repeat(len));
    let (longest, too_long) = (id(255), id(256));
    for (uris, expected) in [
        (vec![&*longest], Some(&*longest)),
        (vec![&*too_long], None),
        (vec![&*longest, "https://a.example/"], None),
        (vec!["https://a.example/", &*longest], None),
        (vec![&*longest, &*longest], None),
    ] {
        let names: Vec<_> = uris.iter().map(|uri| GeneralName::uri(uri)).collect();
        assert_eq!(named(&names).identity().spiffe_id(), expected, "{uris:?}");
    }
    for (text, is_good) in [(&longest, true), (&too_long, false)] {
        assert_eq!(SpiffeMatch::exact(text).is_ok(), is_good);
        let trust_domain = text.strip_suffix("/a").expect("a path");
        assert_eq!(SpiffeMatch::below(trust_domain).is_ok(), is_good);
    }
}

/// A policy in a file cannot have an empty prefix, so that no case of `testdata/cases` shows it.
#[test]
fn a_name_that_is_not_there_does_not_even_begin_with_nothing() {
    let any = || TextMatch::Prefix(String::new());
    let let_in = |identity: IdentityMatch| AcceptedIdentities::rule(identity).expect("a rule");
    for (identity, name) in [
        (IdentityMatch::Dns(any()), GeneralName::dns("a.example")),
        (IdentityMatch::Email(any()), GeneralName::email("a@example")),
        (IdentityMatch::Uri(any()), GeneralName::uri("https://a/")),
    ] {
        let policy = ClientPolicy::default().with_identities(let_in(identity.clone()));
        let client = || Cert::client("alice", &Key::p256("alice"));
        let bare = client().without_extension(oid::SUBJECT_ALT_NAME);
        assert!(verify(bare, &policy).is_err(), "{identity:?}");
        let named = client().extension(Extension::subject_alt_name(&[name]));
        assert!(verify(named, &policy).is_ok(), "{identity:?}");
    }
    let unit = IdentityMatch::OrganizationalUnit(any());
    let policy = ClientPolicy::default().with_identities(let_in(unit));
    assert!(verify(Cert::client("alice", &Key::p256("alice")), &policy).is_err());
}

/// A CA with two certificates, one of which says nothing of policies: whichever a path leads over.
#[test]
fn a_rule_on_policies_is_held_to_each_path() {
    const POLICY: &str = "1.3.6.1.4.1.32473.1.1";
    let policies = || Extension::certificate_policies(&[POLICY]);
    let root = Cert::ca("Root", &Key::p256("root"));
    let ca = || Cert::ca("Issuing CA", &Key::p256("issuing"));
    let [plain, stated] =
        [ca(), ca().extension(policies())].map(|ca| ca.serial(&[7]).issued_by(&root));
    let client = Cert::client("alice", &Key::p256("alice"));
    let client = client.extension(policies()).issued_by(&plain);
    let store = TrustStore::from_pem(root.pem().as_bytes()).expect("a good CA");
    let of_policy = IdentityMatch::CertificatePolicy(POLICY.parse().expect("an identifier"));
    let valid = AcceptedIdentities::rule(of_policy.clone()).expect("a rule");
    // A client would evade it by the CA that says nothing.
    let not = AcceptedIdentities::rule(IdentityRule::not(of_policy)).expect_err("no rule");
    assert_eq!(not.problem(), RuleProblem::NegatedPolicy);
    let now = files::time("2026-06-01T00:00:00Z");
    let asking = |acceptable: &str| {
        let acceptable = AcceptablePolicies::Only(vec![acceptable.parse().expect("a policy")]);
        CertificatePolicies::default().with_acceptable(acceptable)
    };
    for (cas, is_valid) in [
        (vec![&plain], false),
        (vec![&stated], true),
        (vec![&plain, &stated], true),
        (vec![&stated, &plain], true),
    ] {
        let chain: Vec<_> = [&client]
            .into_iter()
            .chain(cas)
            .map(|cert| CertificateDer::from(cert.der()))
            .collect();
        let mut policy = ClientPolicy::default().with_identities(valid.clone());
        for (policies, expected) in [
            (CertificatePolicies::default(), is_valid),
            (asking(POLICY), is_valid),
            // The policy is none of those that are asked for.
            (asking("1.3.6.1.4.1.32473.1.2"), false),
        ] {
            policy.certificate_policies = policies;
            match verify_client_chain(&store, &chain, now, &policy) {
                Ok(verified) => {
                    assert!(expected);
                    assert!(!verified.policies().is_empty());
                }
                Err(refusal) => {
                    assert!(!expected, "{refusal}");
                    assert_eq!(refusal.reason().name(), "identity-not-accepted");
                }
            }
        }
    }
}
