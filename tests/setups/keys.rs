//! An allow list of keys.

use std::error::Error;

use mtls_verify::{ClientPolicy, ClientVerifier};

/// Takes a policy file that has changed. If it is bad, the policy in use stays.
fn reload(clients: &ClientVerifier, toml: &str) -> Result<(), Box<dyn Error>> {
    let policy: ClientPolicy = toml::from_str(toml)?;
    Ok(clients.replace(clients.store(), policy)?)
}

mod tests {
    use std::fmt::Write;
    use std::sync::Arc;

    use mtls_verify::TrustStore;
    use mtls_verify::policy::Limits;
    use testpki::{Cert, Crl, sha256};

    use super::*;
    use crate::common::{ca, chain, client, now, outcome, verify};

    fn hex(octets: &[u8]) -> String {
        octets.iter().fold(String::new(), |mut text, octet| {
            write!(text, "{octet:02x}").expect("text");
            text
        })
    }

    fn key(certificate: &Cert) -> String {
        hex(&sha256(certificate.spki_der()))
    }

    /// Other keys, and these.
    fn keys(others: u32, named: &[&Cert]) -> Vec<String> {
        let others = (0..others).map(|number| hex(&sha256(&number.to_be_bytes())));
        others.chain(named.iter().map(|one| key(one))).collect()
    }

    fn toml_of(keys: &[String]) -> String {
        let lines: String = (keys.iter())
            .map(|key| format!("    {{ key-sha256 = \"{key}\" }},\n"))
            .collect();
        format!("[identities]\nany = [\n{lines}]\n")
    }

    fn clients(root: &Cert, crl: &Crl) -> ClientVerifier {
        let mut builder = TrustStore::builder();
        builder.add_ca_der(&root.der()).expect("a CA");
        builder.add_crl_der(&crl.der()).expect("a CRL");
        let store = Arc::new(builder.build().expect("a store"));
        ClientVerifier::new(store, ClientPolicy::default())
    }

    #[test]
    fn thousands_of_keys_come_in_and_no_other() {
        let root = ca("root");
        let (alice, bob, carol) = (
            client("alice", &root),
            client("bob", &root),
            client("carol", &root).serial(&[9]),
        );
        let clients = clients(&root, &Crl::of(&root).revoke(&carol));
        let file = toml_of(&keys(10_000, &[&alice, &carol]));
        reload(&clients, &file).expect("a policy");
        let verdict = |client: &Cert| outcome(verify(&clients, &[client]));
        assert_eq!(verdict(&alice), Ok(None));
        // Another certificate for the same key, and the other encoding.
        let renewed = client("renamed", &root);
        let same_key = Cert::client_with_spki("renamed", alice.spki_der().to_vec());
        assert_eq!(verdict(&same_key.issued_by(&root)), Ok(None));
        assert_eq!(verdict(&alice.clone().other_encoding()), Ok(None));
        assert_eq!(verdict(&renewed), Err("identity-not-accepted"));
        assert_eq!(verdict(&bob), Err("identity-not-accepted"));
        // A key on the list proves nothing by itself.
        assert_eq!(verdict(&client("alice", &ca("x"))), Err("unknown-issuer"));
        assert_eq!(verdict(&carol), Err("revoked"));
        let expired = alice.clone().not_after("2026-05-20T00:00:00Z");
        assert_eq!(verdict(&expired), Err("expired"));
        // In the next file bob has taken alice's place.
        let next = toml_of(&keys(10_000, &[&bob]));
        reload(&clients, &next).expect("a policy");
        assert_eq!(verdict(&bob), Ok(None));
        assert_eq!(verdict(&alice), Err("identity-not-accepted"));
        // A file that is cut off, is empty of keys or has half a key changes nothing.
        for bad in [
            &next[..next.len() / 2],
            &toml_of(&[]),
            &toml_of(&[key(&alice)[..62].to_owned()]),
            "[identities]\nany = [{ key-sha265 = \"\" }]",
        ] {
            assert!(reload(&clients, bad).is_err());
            assert_eq!(verdict(&bob), Ok(None));
            assert_eq!(verdict(&alice), Err("identity-not-accepted"));
        }
    }

    /// The same in JSON. A file of 20,000 keys costs a client hardly more work than one of two.
    #[test]
    fn a_long_list_costs_a_look_up() {
        let root = ca("root");
        let alice = chain(&[&client("alice", &root)]);
        let list_of = |others| -> ClientPolicy {
            let any: Vec<_> = keys(others, &[&client("alice", &root)])
                .into_iter()
                .map(|key| serde_json::json!({ "key-sha256": key }))
                .collect();
            let file = serde_json::json!({ "identities": { "any": any } });
            serde_json::from_str(&file.to_string()).expect("a policy")
        };
        let store = clients(&root, &Crl::of(&root)).store();
        let is_enough = |policy: &ClientPolicy, work| {
            let limits = Limits::default().with_work(work);
            let policy = policy.clone().with_limits(limits);
            mtls_verify::verify_client_chain(&store, &alice, now(), &policy).is_ok()
        };
        let least_work = |policy: ClientPolicy| {
            let (mut low, mut high) = (0, 250_000);
            while low < high {
                let middle = (low + high) / 2;
                match is_enough(&policy, middle) {
                    true => high = middle,
                    false => low = middle + 1,
                }
            }
            low
        };
        let (short, long) = (least_work(list_of(1)), least_work(list_of(20_000)));
        assert!(long <= short + 50, "{short} {long}");
    }
}
