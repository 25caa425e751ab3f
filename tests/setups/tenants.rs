//! Tenants with a CA each, and listeners for some of them.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{Expired, ExpiryPolicy, PrunedEntries, RevocationPolicy, ScopePolicy};
use mtls_verify::store::{Scope, Source};
use mtls_verify::{ClientVerifier, CrlSet, TrustStore, VerifiedClient, VerifyError};

/// A tenant's CA and CRL, and for how long its expired clients still come in.
fn tenant(name: &str, ca: &[u8], crl: &[u8], grace: Duration) -> Result<Scope, Box<dyn Error>> {
    let mut builder = TrustStore::builder();
    builder.add_ca_pem(Source::new(ca).labelled(name))?;
    builder.add_crl_pem(Source::new(crl).labelled(name))?;
    let expiry = ExpiryPolicy::default().with_client(Expired::AcceptFor(grace));
    // A CRL says nothing of expired clients, unless the tenant's CA keeps their entries.
    let revocation = RevocationPolicy::whole_path().with_pruned(PrunedEntries::Kept);
    let policy = ScopePolicy::default()
        .with_expiry(expiry)
        .with_revocation(revocation);
    Ok(Scope::new(name, builder.build()?)?.with_policy(policy))
}

/// Takes a tenant's new CRLs. What others have stays.
fn renew(clients: &ClientVerifier, tenant: &str, crl: &[u8]) -> Result<(), Box<dyn Error>> {
    let store = clients.store();
    let scope = store.scope(tenant).ok_or("no such tenant")?.clone();
    let crls = CrlSet::from_pem(Source::new(crl).labelled(tenant))?;
    let renewed = scope.store().with_crls(crls);
    let store = store.with_scope(scope.with_store(renewed)?)?;
    Ok(clients.replace_store(Arc::new(store))?)
}

/// One listener: the host names that it serves, each with the scope of its tenant.
struct Listener<'a> {
    clients: &'a ClientVerifier,
    hosts: &'a [(&'a str, &'a str)],
}

impl Listener<'_> {
    /// Verifies a client, after each handshake and each resumption. The server name (SNI) makes
    /// the set of scopes smaller and never larger: one of another listener leaves none.
    fn verify(
        &self,
        server_name: Option<&str>,
        chain: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<VerifiedClient, VerifyError> {
        let is_named = |host: &str| server_name.is_none_or(|name| name.eq_ignore_ascii_case(host));
        let named = self.hosts.iter().filter(|(host, _)| is_named(host));
        let scopes: Vec<&str> = named.map(|(_, scope)| *scope).collect();
        self.clients.verify_in(&scopes, chain, now)
    }

    /// The status of a request by its Host or `:authority`. Nothing else ties it to the server
    /// name: a client of one tenant may ask for another one's host.
    fn status(&self, client: &VerifiedClient, host: &str) -> u16 {
        let mut known = self
            .hosts
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(host));
        match known.any(|(_, tenant)| client.scopes().any(|scope| scope == *tenant)) {
            true => 200,
            false => 421, // Misdirected Request, RFC 9110 §15.5.20
        }
    }
}

mod tests {
    use mtls_verify::ClientPolicy;
    use testpki::{Cert, Crl, Key};

    use super::*;
    use crate::common::{at, ca, chain, client, now, of, outcome};

    const DAY: Duration = Duration::from_secs(86_400);

    /// Tenants a, b and c, of which a and b have a listener. The CAs of a and b have one name.
    struct World {
        clients: ClientVerifier,
        a: Cert,
        b: Cert,
        c: Cert,
    }

    fn world(revoked: &[(&str, &Cert)]) -> World {
        let named_alike = |key: &str| Cert::ca("Client CA", &Key::p256(key));
        let (a, b, c) = (named_alike("a"), named_alike("b"), ca("c"));
        let mut builder = TrustStore::builder();
        for (name, root, days) in [("a", &a, 30), ("b", &b, 0), ("c", &c, 0)] {
            let of_tenant = revoked.iter().filter(|(tenant, _)| *tenant == name);
            let crl = of_tenant.fold(Crl::of(root), |crl, (_, client)| crl.revoke(client));
            let (root, crl) = (root.pem(), crl.pem());
            let scope = tenant(name, root.as_bytes(), crl.as_bytes(), days * DAY);
            builder.add_scope(scope.expect("a tenant")).expect("new");
        }
        let store = Arc::new(builder.build().expect("a store"));
        let clients = ClientVerifier::new(store, ClientPolicy::default());
        World { clients, a, b, c }
    }

    impl World {
        fn listener(&self) -> Listener<'_> {
            Listener {
                clients: &self.clients,
                hosts: &[("a.example.com", "a"), ("b.example.com", "b")],
            }
        }

        fn verdict(
            &self,
            server_name: Option<&str>,
            client: &Cert,
        ) -> Result<Option<String>, &'static str> {
            let chain = chain(&[client]);
            outcome(self.listener().verify(server_name, &chain, now()))
        }
    }

    #[test]
    fn a_listener_serves_its_tenants() {
        let world = world(&[]);
        let [a, b, c] = [&world.a, &world.b, &world.c].map(|root| client("alice", root));
        // Twice, the second time from memory.
        for _ in 0..2 {
            assert_eq!(world.verdict(None, &a), of("a"));
            assert_eq!(world.verdict(None, &b), of("b"));
            assert_eq!(world.verdict(Some("a.example.com"), &a), of("a"));
            assert_eq!(world.verdict(Some("B.Example.com"), &b), of("b"));
            // Another tenant's server name, also of one that this listener serves.
            let forged = Err("bad-signature");
            assert_eq!(world.verdict(Some("b.example.com"), &a), forged);
            assert_eq!(world.verdict(Some("a.example.com"), &b), forged);
            // Another listener's tenant, whatever it asks for, and a stranger.
            let refused = Err("unknown-issuer");
            assert_eq!(world.verdict(None, &c), refused);
            assert_eq!(world.verdict(Some("a.example.com"), &c), refused);
            for name in ["c.example.com", "", "c"] {
                assert_eq!(world.verdict(Some(name), &c), Err("no-such-scope"));
            }
            assert_eq!(world.verdict(None, &client("alice", &ca("x"))), refused);
        }
    }

    #[test]
    fn the_host_must_be_the_tenants() {
        let world = world(&[]);
        let listener = world.listener();
        let alice = chain(&[&client("alice", &world.a)]);
        for server_name in [None, Some("a.example.com")] {
            let verified = listener.verify(server_name, &alice, now());
            let verified = verified.expect("a client of a");
            assert_eq!(listener.status(&verified, "A.example.com"), 200);
            for host in ["b.example.com", "c.example.com", "", "a"] {
                assert_eq!(listener.status(&verified, host), 421, "{host}");
            }
        }
    }

    #[test]
    fn grace_periods_are_those_of_the_tenant() {
        let world = world(&[]);
        let expired =
            |root: &Cert| chain(&[&client("alice", root).not_after("2026-05-20T00:00:00Z")]);
        let listener = world.listener();
        let verdict =
            |root: &Cert, time: &str| outcome(listener.verify(None, &expired(root), at(time)));
        let (within, last, after) = (
            "2026-05-21T00:00:00Z",
            "2026-06-19T00:00:00Z",
            "2026-06-19T00:00:01Z",
        );
        assert_eq!(verdict(&world.a, within), of("a"));
        assert_eq!(verdict(&world.a, last), of("a"));
        assert_eq!(verdict(&world.a, after), Err("expired"));
        assert_eq!(verdict(&world.b, "2026-05-20T00:00:00Z"), of("b"));
        for time in [within, last, after] {
            assert_eq!(verdict(&world.b, time), Err("expired"));
        }
        let late = listener.verify(None, &expired(&world.a), at(within));
        let late = late.expect("within the grace period");
        assert_eq!(late.valid_until(), Some(at(last)));
    }

    #[test]
    fn a_tenants_crl_is_renewed_alone() {
        let world = world(&[]);
        let [a, b] = [&world.a, &world.b].map(|root| client("alice", root).serial(&[7]));
        let both = || [&a, &b].map(|client| world.verdict(None, client));
        let renew_by = |tenant, crl: &str| renew(&world.clients, tenant, crl.as_bytes());
        assert_eq!(both(), [of("a"), of("b")]);
        let newer = Crl::of(&world.a).this_update("2026-05-30T00:00:00Z");
        let revoking = newer.revoke(&a).pem();
        // The CRL of another tenant's CA vouches for nobody.
        renew_by("b", &revoking).expect("a CRL");
        assert_eq!(both(), [Err("revoked"), Err("revocation-unknown")]);
        renew_by("b", &Crl::of(&world.b).pem()).expect("a CRL");
        assert_eq!(both(), [of("a"), of("b")]);
        renew_by("a", &revoking).expect("a CRL");
        assert_eq!(both(), [Err("revoked"), of("b")]);
        // Its grace period is as before, and a file that is bad or empty changes nothing.
        let expired = client("bob", &world.a).not_after("2026-05-20T00:00:00Z");
        assert_eq!(world.verdict(None, &expired), of("a"));
        for bad in [
            "",
            "no CRL",
            &world.a.pem(),
            &revoking[..revoking.len() / 2],
        ] {
            assert!(renew_by("a", bad).is_err(), "{bad}");
        }
        assert!(renew_by("x", &revoking).is_err());
        assert_eq!(both(), [Err("revoked"), of("b")]);
    }

    /// Without [`PrunedEntries::Kept`] a tenant with a CRL has no grace period.
    #[test]
    fn a_crl_says_nothing_of_the_expired_by_default() {
        let root = ca("a");
        let made_later = Crl::of(&root).this_update("2026-05-30T00:00:00Z");
        let (pem, crl) = (root.pem(), made_later.pem());
        let kept = tenant("a", pem.as_bytes(), crl.as_bytes(), 30 * DAY).expect("a tenant");
        let by_default = kept.policy().clone();
        let by_default = by_default.with_revocation(RevocationPolicy::whole_path());
        let pruned = kept.clone().with_policy(by_default);
        let expired = chain(&[&client("alice", &root).not_after("2026-05-20T00:00:00Z")]);
        for (scope, expected) in [(kept, of("a")), (pruned, Err("revocation-unknown"))] {
            let mut builder = TrustStore::builder();
            builder.add_scope(scope).expect("new");
            let store = Arc::new(builder.build().expect("a store"));
            let clients = ClientVerifier::new(store, ClientPolicy::default());
            assert_eq!(outcome(clients.verify(&expired, now())), expected);
        }
    }

    /// The CAs of a and b have one name and count alike, and revoke their own clients alone.
    #[test]
    fn crls_are_those_of_the_tenant() {
        let none = world(&[]);
        let [a, b] = [&none.a, &none.b].map(|root| client("alice", root).serial(&[7]));
        assert_eq!(a.serial_octets(), b.serial_octets());
        let expired = a.clone().not_after("2026-05-20T00:00:00Z");
        for (tenant, of_a, of_b) in [
            ("a", Err("revoked"), of("b")),
            ("b", of("a"), Err("revoked")),
            ("c", of("a"), of("b")),
        ] {
            let world = world(&[(tenant, &a)]);
            assert_eq!(world.verdict(None, &a), of_a);
            assert_eq!(world.verdict(None, &b), of_b);
            // Within the grace period too.
            assert_eq!(world.verdict(None, &expired), of_a);
        }
    }
}
