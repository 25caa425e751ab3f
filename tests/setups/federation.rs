//! SPIFFE trust domains that federate.

use std::error::Error;
use std::sync::Arc;

use mtls_verify::policy::{AcceptedIdentities, IdentityMatch, ScopePolicy, SpiffeMatch};
use mtls_verify::spiffe::{Bundle, BundleMap, TrustDomain};
use mtls_verify::store::Scope;
use mtls_verify::{ClientVerifier, TrustStore};

/// A scope for each trust domain of a bundle map.
fn federation(own: &TrustDomain, map: &[u8]) -> Result<TrustStore, Box<dyn Error>> {
    let mut builder = TrustStore::builder();
    for bundle in &BundleMap::from_json(map)? {
        builder.add_scope(domain(own, bundle)?)?;
    }
    Ok(builder.build()?)
}

/// All workloads of the own domain come in; those of others only if they are gateways.
fn domain(own: &TrustDomain, bundle: &Bundle) -> Result<Scope, Box<dyn Error>> {
    let scope = Scope::of_bundle(bundle)?;
    if bundle.trust_domain() == own {
        return Ok(scope);
    }
    let gateways = SpiffeMatch::below(&format!("spiffe://{}/gateway", bundle.trust_domain()))?;
    let accepted = AcceptedIdentities::rule(IdentityMatch::SpiffeId(gateways))?;
    Ok(scope.with_policy(ScopePolicy::default().with_identities(accepted)))
}

/// Puts a bundle that was fetched anew in the place of the one before.
fn refresh(
    clients: &ClientVerifier,
    own: &TrustDomain,
    bundle: &Bundle,
) -> Result<(), Box<dyn Error>> {
    let store = clients.store().with_scope(domain(own, bundle)?)?;
    Ok(clients.replace_store(Arc::new(store))?)
}

mod tests {
    use mtls_verify::ClientPolicy;
    use testpki::{Cert, Extension, GeneralName, oid, spiffe};

    use super::*;
    use crate::common::{ca, client, of, outcome, verify};

    fn own() -> TrustDomain {
        "example.org".parse().expect("a trust domain")
    }

    fn document(anchors: &[&Cert]) -> String {
        let keys = anchors.iter().map(|anchor| {
            let x5c = spiffe::x5c(anchor);
            format!(r#"{{"kty": "EC", "use": "x509-svid", "x5c": ["{x5c}"]}}"#)
        });
        let keys = keys.collect::<Vec<_>>().join(",");
        format!(r#"{{"spiffe_sequence": 1, "keys": [{keys}]}}"#)
    }

    fn clients(domains: &[(&str, &Cert)]) -> ClientVerifier {
        let bundles = domains.iter().map(|(name, anchor)| {
            let bundle = document(&[anchor]);
            format!(r#""{name}": {bundle}"#)
        });
        let bundles = bundles.collect::<Vec<_>>().join(",");
        let map = format!(r#"{{"trust_domains": {{{bundles}}}}}"#);
        let store = federation(&own(), map.as_bytes()).expect("a map");
        ClientVerifier::new(Arc::new(store), ClientPolicy::default())
    }

    fn svid(issuer: &Cert, id: &str) -> Cert {
        let names = Extension::subject_alt_name(&[GeneralName::uri(id)]);
        client("workload", issuer).extension(names)
    }

    #[test]
    fn each_domain_vouches_for_its_own_workloads() {
        let (ours, partner) = (ca("ours"), ca("partner"));
        let clients = clients(&[("example.org", &ours), ("partner.example", &partner)]);
        let verdict = |issuer: &Cert, id: &str| outcome(verify(&clients, &[&svid(issuer, id)]));
        for id in ["spiffe://example.org/web", "spiffe://example.org/gateway/1"] {
            assert_eq!(verdict(&ours, id), of("example.org"));
            // A partner claims to be one of ours.
            assert_eq!(verdict(&partner, id), Err("trust-domain"));
        }
        let gateway = "spiffe://partner.example/gateway/1";
        assert_eq!(verdict(&partner, gateway), of("partner.example"));
        assert_eq!(verdict(&ours, gateway), Err("trust-domain"));
        for other in [
            "spiffe://partner.example/web",
            "spiffe://partner.example/gateway",
            "spiffe://partner.example/gateways/1",
        ] {
            assert_eq!(verdict(&partner, other), Err("identity-not-accepted"));
        }
        assert_eq!(
            verdict(&partner, "spiffe://third.example/gateway/1"),
            Err("trust-domain")
        );
        assert_eq!(
            verdict(&ca("stranger"), "spiffe://example.org/web"),
            Err("unknown-issuer")
        );
        // DNS names are no identities of a workload, and a client without a URI is none.
        let plain = client("plain", &ours);
        assert_eq!(outcome(verify(&clients, &[&plain])), Err("trust-domain"));
        let nameless = plain.without_extension(oid::SUBJECT_ALT_NAME);
        assert_eq!(outcome(verify(&clients, &[&nameless])), Err("trust-domain"));
    }

    #[test]
    fn a_bundle_is_refreshed_alone() {
        let (ours, old, new) = (ca("ours"), ca("old"), ca("new"));
        let clients = clients(&[("example.org", &ours), ("partner.example", &old)]);
        let partner: TrustDomain = "partner.example".parse().expect("a trust domain");
        let refresh_with = |anchors: &[&Cert]| {
            let json = document(anchors);
            let bundle = Bundle::from_json(&partner, json.as_bytes()).expect("a bundle");
            refresh(&clients, &own(), &bundle).expect("replaced");
        };
        let verdict = |issuer: &Cert, id: &str| outcome(verify(&clients, &[&svid(issuer, id)]));
        let gateway = "spiffe://partner.example/gateway/1";
        let partners = || [&old, &new].map(|issuer| verdict(issuer, gateway));
        let accepted = || of("partner.example");
        assert_eq!(partners(), [accepted(), Err("unknown-issuer")]);
        refresh_with(&[&old, &new]);
        assert_eq!(partners(), [accepted(), accepted()]);
        refresh_with(&[&new]);
        assert_eq!(partners(), [Err("unknown-issuer"), accepted()]);
        // The rule on gateways is that of the new scope too.
        let web = verdict(&new, "spiffe://partner.example/web");
        assert_eq!(web, Err("identity-not-accepted"));
        // A partner that is compromised publishes no key.
        refresh_with(&[]);
        assert_eq!(partners(), [Err("unknown-issuer"), Err("unknown-issuer")]);
        assert_eq!(verdict(&ours, gateway), Err("trust-domain"));
        assert_eq!(
            verdict(&ours, "spiffe://example.org/web"),
            of("example.org")
        );
    }

    /// Nothing of a map is loaded that has a bad bundle.
    #[test]
    fn a_bad_map_is_an_error() {
        let good = document(&[&ca("ours")]);
        for bad in [
            format!(r#"{{"trust_domains": {{"a.example": {good}, "a.example": {good}}}}}"#),
            format!(r#"{{"trust_domains": {{"A.example": {good}}}}}"#),
            r#"{"trust_domains": {"a.example": {}}}"#.to_owned(),
        ] {
            assert!(federation(&own(), bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
