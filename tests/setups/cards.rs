//! Smart cards of people, and devices beside them.

use std::error::Error;

use mtls_verify::policy::{
    AcceptablePolicies, AcceptedIdentities, CertificatePolicies, ExplicitPolicy, IdentityMatch,
    IdentityRule, KeyPurpose, KeyPurposes, RequiredPurpose, ScopePolicy, TextMatch,
};
use mtls_verify::principal::{Edit, Field, NoPrincipal, Principal, PrincipalMap, Rule};
use mtls_verify::store::Scope;
use mtls_verify::{TrustStore, VerifiedClient};

/// Cards for smart-card logon or TLS, of one certificate policy, by people of the company.
fn cards(store: TrustStore) -> Result<Scope, Box<dyn Error>> {
    let medium_hardware = "2.16.840.1.101.3.2.1.3.12".parse()?;
    let policies = CertificatePolicies::default()
        .with_acceptable(AcceptablePolicies::Only(vec![medium_hardware]))
        .with_explicit_policy(ExplicitPolicy::Required);
    let in_company = TextMatch::Suffix("@corp.example.com".into());
    let external = IdentityMatch::OrganizationalUnit(TextMatch::Exact("External".into()));
    let people = AcceptedIdentities::rule(IdentityRule::all([
        IdentityMatch::UserPrincipalName(in_company).into(),
        IdentityRule::not(external),
    ]))?;
    let smart_card_logon = "1.3.6.1.4.1.311.20.2.2".parse()?;
    let purposes = KeyPurposes::any_of([smart_card_logon, KeyPurpose::CLIENT_AUTH])?;
    let policy = ScopePolicy::default()
        .with_purpose(RequiredPurpose::Required(purposes))
        .with_certificate_policies(policies)
        .with_identities(people);
    Ok(Scope::new("cards", store)?.with_policy(policy))
}

/// Devices, whose CAs give no user principal names (otherName 1.3.6.1.4.1.311.20.2.3).
fn devices(store: TrustStore) -> Result<Scope, Box<dyn Error>> {
    let upn = "1.3.6.1.4.1.311.20.2.3".parse()?;
    Ok(Scope::new("devices", store)?.exclude_other_names(&upn))
}

/// The account of a person, such as `alice`; `None` if it is none.
fn account(client: &VerifiedClient) -> Result<Option<Principal>, NoPrincipal> {
    // A principal says nothing of the CA that wrote it.
    if client.scope() != Some("cards") {
        return Ok(None);
    }
    let by_upn = Rule::take(Field::UserPrincipalName)
        .then(Edit::LowerCase)
        .then(Edit::StripSuffix("@corp.example.com".into()));
    PrincipalMap::new()
        .with_rule(by_upn)
        .principal(client)
        .map(Some)
}

mod tests {
    use std::sync::Arc;

    use mtls_verify::{ClientPolicy, ClientVerifier};
    use testpki::{Attribute, Cert, Crl, Extension, GeneralName, Name, oid};

    use super::*;
    use crate::common::{ca, client, of, outcome, verify};

    const LOGON: &str = "1.3.6.1.4.1.311.20.2.2";
    const MEDIUM_HARDWARE: &str = "2.16.840.1.101.3.2.1.3.12";

    fn card(issuer: &Cert, upn: &str) -> Cert {
        client("card", issuer)
            .extension(Extension::extended_key_usage(&[LOGON, oid::CLIENT_AUTH]))
            .extension(Extension::certificate_policies(&[MEDIUM_HARDWARE]))
            .extension(Extension::subject_alt_name(&[GeneralName::upn(upn)]))
    }

    fn store(ca: &Cert, crl: &Crl) -> TrustStore {
        let mut builder = TrustStore::builder();
        builder.add_ca_der(&ca.der()).expect("a CA");
        builder.add_crl_der(&crl.der()).expect("a CRL");
        builder.build().expect("a store")
    }

    fn clients(of_cards: (&Cert, &Crl), of_devices: (&Cert, &Crl)) -> ClientVerifier {
        let mut builder = TrustStore::builder();
        let (ca, crl) = of_cards;
        let cards = cards(store(ca, crl)).expect("cards");
        builder.add_scope(cards).expect("new");
        let (ca, crl) = of_devices;
        let devices = devices(store(ca, crl)).expect("devices");
        builder.add_scope(devices).expect("new");
        let store = builder.build().expect("a store");
        ClientVerifier::new(Arc::new(store), ClientPolicy::default())
    }

    #[test]
    fn people_come_in_by_cards() {
        let (people, fleet) = (ca("People"), ca("Fleet"));
        let clients = clients((&people, &Crl::of(&people)), (&fleet, &Crl::of(&fleet)));
        let verdict = |client: &Cert| outcome(verify(&clients, &[client]));
        let alice = card(&people, "alice@corp.example.com");
        assert_eq!(verdict(&alice), of("cards"));
        let with_policies = |policies: &[&str]| {
            let policies = Extension::certificate_policies(policies);
            alice.clone().extension(policies)
        };
        let with_purposes = |purposes: &[&str]| {
            let purposes = Extension::extended_key_usage(purposes);
            alice.clone().extension(purposes)
        };
        assert_eq!(
            verdict(&with_policies(&["2.16.840.1.101.3.2.1.3.6"])),
            Err("policy-not-acceptable")
        );
        let without = alice.clone().without_extension(oid::CERTIFICATE_POLICIES);
        assert_eq!(verdict(&without), Err("no-valid-policy"));
        // Cards for one of the purposes, for another one, and for anything.
        for purpose in [LOGON, oid::CLIENT_AUTH] {
            assert_eq!(verdict(&with_purposes(&[purpose])), of("cards"));
        }
        let of_server = with_purposes(&[oid::SERVER_AUTH]);
        assert_eq!(verdict(&of_server), Err("purpose"));
        let for_anything = alice.clone().without_extension(oid::EXTENDED_KEY_USAGE);
        assert_eq!(verdict(&for_anything), Err("no-purpose"));
        // People of other companies, external ones, and cards without a person.
        let refused = Err("identity-not-accepted");
        for upn in ["alice@evil.example.com", "alice@corp.example.com.evil", ""] {
            assert_eq!(verdict(&card(&people, upn)), refused, "{upn}");
        }
        for unit in ["External", "external", " External"] {
            let subject = Name::new(&[
                Attribute::organizational_unit(unit),
                Attribute::common_name("alice"),
            ]);
            assert_eq!(verdict(&alice.clone().subject(subject)), refused, "{unit}");
        }
        let twice = ["alice@corp.example.com", "root@corp.example.com"].map(GeneralName::upn);
        let twice = alice.clone().extension(Extension::subject_alt_name(&twice));
        assert_eq!(verdict(&twice), refused);
        let none = alice.clone().without_extension(oid::SUBJECT_ALT_NAME);
        assert_eq!(verdict(&none), refused);
        // Devices, one of which claims to be a person, and a stranger.
        assert_eq!(verdict(&client("device", &fleet)), of("devices"));
        let claims = card(&fleet, "alice@corp.example.com");
        assert_eq!(verdict(&claims), Err("out-of-scope"));
        let stranger = card(&ca("stranger"), "alice@corp.example.com");
        assert_eq!(verdict(&stranger), Err("unknown-issuer"));
    }

    /// The purpose of a card is one that its CA has.
    #[test]
    fn one_purpose_holds_for_the_whole_path() {
        let logon = Extension::extended_key_usage(&[LOGON]);
        let (people, fleet) = (ca("People").extension(logon), ca("Fleet"));
        let clients = clients((&people, &Crl::of(&people)), (&fleet, &Crl::of(&fleet)));
        let alice = card(&people, "alice@corp.example.com");
        assert_eq!(outcome(verify(&clients, &[&alice])), of("cards"));
        let for_tls = Extension::extended_key_usage(&[oid::CLIENT_AUTH]);
        let for_tls = alice.extension(for_tls);
        assert_eq!(outcome(verify(&clients, &[&for_tls])), Err("purpose"));
    }

    #[test]
    fn a_card_is_revoked_by_its_own_ca() {
        let (people, fleet) = (ca("People"), ca("Fleet"));
        let alice = card(&people, "alice@corp.example.com");
        let device = client("device", &fleet);
        let revoking = Crl::of(&people).revoke(&alice);
        let of_fleet = Crl::of(&fleet);
        let with_crls = clients((&people, &revoking), (&fleet, &of_fleet));
        assert_eq!(outcome(verify(&with_crls, &[&alice])), Err("revoked"));
        assert_eq!(outcome(verify(&with_crls, &[&device])), of("devices"));
        // In the name of the CA of cards, by the fleet's.
        let forged = Cert::ca("People", fleet.key().expect("a key")).issued_by(&fleet);
        let forged = Crl::of(&forged).revoke(&alice);
        let mut mixed = TrustStore::builder();
        mixed.add_ca_der(&fleet.der()).expect("a CA");
        mixed.add_crl_der(&of_fleet.der()).expect("a CRL");
        mixed.add_crl_der(&forged.der()).expect("a CRL");
        let mut builder = TrustStore::builder();
        let cards = cards(store(&people, &Crl::of(&people))).expect("cards");
        builder.add_scope(cards).expect("new");
        let devices = devices(mixed.build().expect("a store")).expect("devices");
        builder.add_scope(devices).expect("new");
        let store = Arc::new(builder.build().expect("a store"));
        let with_forged = ClientVerifier::new(store, ClientPolicy::default());
        assert_eq!(outcome(verify(&with_forged, &[&alice])), of("cards"));
    }

    #[test]
    fn an_account_is_that_of_the_card() {
        let (people, fleet) = (ca("People"), ca("Fleet"));
        let clients = clients((&people, &Crl::of(&people)), (&fleet, &Crl::of(&fleet)));
        let account = |client: &Cert| {
            let verified = verify(&clients, &[client]).expect("verified");
            account(&verified).map(|found| found.map(|principal| principal.to_string()))
        };
        let alice = account(&card(&people, "Alice@corp.example.com"));
        assert_eq!(alice.expect("a name").as_deref(), Some("alice"));
        let device = account(&client("device", &fleet));
        assert_eq!(device.expect("no doubt"), None);
        // The company itself is nobody.
        assert!(account(&card(&people, "@corp.example.com")).is_err());
    }
}
