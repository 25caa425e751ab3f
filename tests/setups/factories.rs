//! A fleet with a CA for each factory.

use std::error::Error;

use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, ScopePolicy, TextMatch};
use mtls_verify::store::{Scope, Source, Subtree};
use mtls_verify::{TrustStore, VerifiedClient, VerifyError};

/// A factory: the CAs in its file, and the names that they may give to devices.
fn factory(name: &str, file: &str, ca_pem: &[u8]) -> Result<Scope, Box<dyn Error>> {
    let store = TrustStore::from_pem(Source::new(ca_pem).labelled(file))?;
    let domain = format!("{name}.fleet.example.com");
    // Subtrees only refuse other names. That there is a name, a rule has to ask.
    let device = IdentityMatch::Dns(TextMatch::Glob(format!("*.{domain}")));
    let policy = ScopePolicy::default().with_identities(AcceptedIdentities::rule(device)?);
    let scope = Scope::new(name, store)?
        .permit(Subtree::dns(&domain)?)
        .permit(Subtree::uri_host(&domain)?)
        .with_policy(policy);
    Ok(scope)
}

/// A line for the log: which factory, and which CA of its file.
fn line(verified: &Result<VerifiedClient, VerifyError>) -> String {
    match verified {
        Ok(client) => {
            let device = client.identity().subject();
            let factory = client.scope().unwrap_or("none");
            let anchor = client
                .anchor_origin()
                .map(ToString::to_string)
                .unwrap_or_default();
            format!("{device} is of {factory} ({anchor})")
        }
        Err(refusal) => format!("{}: {refusal}", refusal.code()),
    }
}

mod tests {
    use std::slice;
    use std::sync::Arc;

    use mtls_verify::{ClientPolicy, ClientVerifier};
    use testpki::{Cert, Extension, GeneralName, oid};

    use super::*;
    use crate::common::{ca, client, of, outcome, verify};

    fn device(issuer: &Cert, names: &[GeneralName]) -> Cert {
        client("device", issuer).extension(Extension::subject_alt_name(names))
    }

    fn dns(name: &str) -> GeneralName {
        GeneralName::dns(name)
    }

    fn fleet(factories: &[(&str, &[&Cert])]) -> ClientVerifier {
        let mut builder = TrustStore::builder();
        for (name, cas) in factories {
            let pem: String = cas.iter().map(|ca| ca.pem()).collect();
            let scope = factory(name, &format!("{name}.pem"), pem.as_bytes());
            builder.add_scope(scope.expect("a factory")).expect("new");
        }
        let store = builder.build().expect("a store");
        ClientVerifier::new(Arc::new(store), ClientPolicy::default())
    }

    #[test]
    fn a_factory_names_its_own_devices() {
        let (old, new, other) = (ca("Factory 1"), ca("Factory 1 new"), ca("Factory 2"));
        let clients = fleet(&[("f1", &[&old, &new]), ("f2", &[&other])]);
        let verdict = |issuer: &Cert, names: &[GeneralName]| {
            outcome(verify(&clients, &[&device(issuer, names)]))
        };
        let own = || dns("d7.f1.fleet.example.com");
        let uri = |host: &str| GeneralName::uri(&format!("https://{host}/d7"));
        for issuer in [&old, &new] {
            assert_eq!(verdict(issuer, &[own()]), of("f1"));
            let both = [own(), uri("f1.fleet.example.com")];
            assert_eq!(verdict(issuer, &both), of("f1"));
        }
        // Of another factory, and beside a good name.
        for bad in [
            dns("d7.f2.fleet.example.com"),
            dns("fleet.example.com"),
            dns("d7.evilf1.fleet.example.com"),
            uri("f2.fleet.example.com"),
        ] {
            assert_eq!(verdict(&old, slice::from_ref(&bad)), Err("out-of-scope"));
            assert_eq!(verdict(&old, &[own(), bad]), Err("out-of-scope"));
        }
        assert_eq!(verdict(&other, &[own()]), Err("out-of-scope"));
        assert_eq!(verdict(&ca("stranger"), &[own()]), Err("unknown-issuer"));
        // Without such a name no subtree refuses it.
        let rule = Err("identity-not-accepted");
        assert_eq!(verdict(&old, &[GeneralName::email("d7@example.org")]), rule);
        assert_eq!(verdict(&old, &[dns("f1.fleet.example.com")]), rule);
        let nameless = device(&old, &[]).without_extension(oid::SUBJECT_ALT_NAME);
        assert_eq!(outcome(verify(&clients, &[&nameless])), rule);
    }

    #[test]
    fn a_log_says_whose_device_it_is() {
        let (old, new) = (ca("Factory 1"), ca("Factory 1 new"));
        let clients = fleet(&[("f1", &[&old, &new]), ("f2", &[&ca("Factory 2")])]);
        let line =
            |issuer: &Cert, name: &str| line(&verify(&clients, &[&device(issuer, &[dns(name)])]));
        let own = "d7.f1.fleet.example.com";
        assert_eq!(
            line(&old, own),
            "CN=device is of f1 (f1.pem, certificate 1)"
        );
        assert_eq!(
            line(&new, own),
            "CN=device is of f1 (f1.pem, certificate 2)"
        );
        assert_eq!(
            line(&old, "d7.f2.fleet.example.com"),
            "ClientCertUntrusted: client certificate CN=device has the name \
             DNS:d7.f2.fleet.example.com, not permitted in the scope f1, where its path ends"
        );
    }
}
