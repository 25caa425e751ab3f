//! PKIs: what one server has in its store, what one client presents, and the server's policy.

use std::fmt;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::{
    CertificatePolicies, ExplicitPolicy, Limits, Profile, RevocationPolicy, UnknownStatus,
};
use mtls_verify::{ClientPolicy, TrustStore, VerifiedClient, VerifyError, verify_client_chain};

use crate::certificate::{IssuedCrl, Role};
use crate::random::Random;
use crate::world::{Made, World};

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

/// The most certificates that a client presents, its own included.
pub(crate) const PRESENTED: usize = 9;
/// The most anchors, and the most intermediates of the store.
pub(crate) const STORED: usize = 3;

pub(crate) type Outcome = Result<VerifiedClient, VerifyError>;

/// One of the PKIs: a server, and what a client presents to it.
pub(crate) struct Pki<'a> {
    pub(crate) number: u64,
    pub(crate) server: &'a Server,
    /// The client's certificate first.
    pub(crate) chain: Vec<Made>,
}

impl Pki<'_> {
    pub(crate) fn verify(&self, limits: Limits) -> Outcome {
        let policy = self.server.policy.clone().with_limits(limits);
        let chain: Vec<_> = self
            .chain
            .iter()
            .map(|made| CertificateDer::from(made.der.as_slice()))
            .collect();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
        verify_client_chain(&self.server.store, &chain, now, &policy)
    }
}

impl fmt::Display for Pki<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "SMALL_PKIS_FIRST={} SMALL_PKIS=1", self.number)?;
        for (role, certificates) in [
            ("presented", &self.chain),
            ("anchor", &self.server.anchors),
            ("intermediate", &self.server.intermediates),
        ] {
            for certificate in certificates {
                writeln!(f, "{role} {:?}", certificate.model)?;
            }
        }
        for crl in &self.server.crls {
            writeln!(f, "{crl:?}")?;
        }
        writeln!(f, "{:?}", self.server.policy)
    }
}

/// A server.
pub(crate) struct Server {
    pub(crate) anchors: Vec<Made>,
    pub(crate) intermediates: Vec<Made>,
    pub(crate) crls: Vec<IssuedCrl>,
    pub(crate) store: TrustStore,
    pub(crate) policy: ClientPolicy,
}

impl Server {
    pub(crate) fn choose(world: &World, random: &mut Random) -> Self {
        let mut anchors = Vec::new();
        for _ in 0..1 + random.below(STORED) {
            let is_root = random.percent(80);
            let fits = |ca: &Made| !is_root || ca.model.is_self_signed();
            anchors.extend(random.pick_where(&world.cas, fits).cloned());
        }
        let intermediates: Vec<_> = (0..random.below(STORED + 1))
            .map(|_| random.pick(&world.cas))
            .collect();
        let has_crls = random.below(3) == 0;
        let crls = if has_crls { &world.crls[..] } else { &[] };
        let mut builder = TrustStore::builder();
        for anchor in &anchors {
            let anchor = CertificateDer::from(anchor.der.as_slice());
            builder.add_ca_der(&anchor).expect("a CA");
        }
        for intermediate in &intermediates {
            let intermediate = CertificateDer::from(intermediate.der.as_slice());
            builder.add_intermediate_der(&intermediate).expect("a CA");
        }
        for (_, der) in crls {
            let crl = CertificateRevocationListDer::from(der.as_slice());
            builder.add_crl_der(&crl).expect("a CRL");
        }
        Self {
            anchors,
            intermediates,
            crls: crls.iter().map(|(crl, _)| crl.clone()).collect(),
            store: builder.build().expect("a store"),
            policy: policy(has_crls, random),
        }
    }
}

fn policy(checks_revocation: bool, random: &mut Random) -> ClientPolicy {
    let revocation = match checks_revocation {
        false => RevocationPolicy::off(),
        true => random
            .pick(&[
                RevocationPolicy::whole_path(),
                RevocationPolicy::client_only(),
            ])
            .with_unknown(random.pick(&[UnknownStatus::Allow, UnknownStatus::Deny])),
    };
    let explicit = match random.percent(15) {
        true => ExplicitPolicy::Required,
        false => ExplicitPolicy::NotRequired,
    };
    ClientPolicy::default()
        .with_profile(random.pick(&[Profile::Compatible, Profile::Rfc5280]))
        .with_revocation(revocation)
        .with_certificate_policies(CertificatePolicies::default().with_explicit_policy(explicit))
}

/// What a client presents: its own certificate, most of its path, and others of its world. Copies
/// and strangers may be among them.
pub(crate) fn chain(world: &World, random: &mut Random) -> Vec<Made> {
    let client = random.pick(&world.clients);
    let mut others: Vec<Made> = Vec::new();
    let most = PRESENTED - 1;
    // Few are of no interest: no path, or one.
    let count = random.below(most + 1).max(random.below(most + 1));
    let mut issuer = client.model.issuer;
    while others.len() < count {
        let of_issuer = |ca: &Made| ca.model.subject == issuer;
        let next = match random.percent(60) {
            true => random.pick_where(&world.cas, of_issuer).cloned(),
            false => None,
        };
        let next = next.unwrap_or_else(|| random.pick(&world.cas));
        issuer = next.model.issuer;
        others.push(match random.below(40) {
            0 => random.pick(&world.strangers),
            1 => client.clone(),
            2 if !others.is_empty() => random.pick(&others),
            _ => next,
        });
    }
    random.shuffle(&mut others);
    others.insert(0, client);
    assert!(others[0].model.role == Role::Client && others.len() <= PRESENTED);
    others
}
