//! The whole of a verification, from presented bytes to a verified client.

mod candidates;
mod crl_signers;
mod inquiry;
mod known_signers;
mod other_scopes;
mod refusal;
mod revocation;
mod scopes;
mod shared;
mod signatures;
mod signer_paths;
mod verification;
mod vouching;

use pki_types::{CertificateDer, UnixTime};

use crate::budget::Budget;
use crate::error::VerifyError;
use crate::path::{Node, PresentedChain, Search, Stop};
use crate::policy::{AcceptedIdentities, ClientPolicy};
use crate::store::{Place, Scope, TrustStore};
use crate::validate::{
    StableInterval, Subject, check_accepted, check_denied, check_is_no_anchor, check_pinned,
};
use crate::verified_client::{TrustedBy, VerifiedClient};
use crate::x509::Time;

use inquiry::{Basis, Inquiry};
use refusal::{refusal, refuse, refuse_client};
use shared::Shared;
use signatures::Signatures;
use verification::Verification;

pub(crate) use signatures::KnownSignatures;

/// Verifies the certificate chain that a TLS client presented.
///
/// `chain` is what the client presented: its own certificate first, then others in any order, as
/// `peer_certificates()` of rustls gives it. `now` is the time to verify at. The function is pure:
/// no I/O and no clock. All that it notes, in the store, is which keys made the signatures of CRLs
/// and of self-signed anchors. That changes no verdict. It can be called from any number of threads
/// at once.
///
/// A path is looked for from the client's certificate over presented ones and those of the store to
/// a trust anchor, and judged by RFC 5280 §6.1 under `policy`. That the client holds the
/// certificate's key is for the TLS handshake to prove.
///
/// ```
/// use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use mtls_verify::pki_types::{CertificateDer, UnixTime, pem::PemObject};
/// # let ca_pem = include_bytes!("../testdata/example/ca.pem");
/// # let chain: Vec<_> = CertificateDer::pem_slice_iter(include_bytes!("../testdata/example/chain.pem")).collect::<Result<_, _>>()?;
/// # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
/// let store = TrustStore::from_pem(ca_pem)?;
/// let client = verify_client_chain(&store, &chain, now, &ClientPolicy::default())?;
/// println!("{} until {:?}", client.identity().subject(), client.valid_until());
/// # Ok(())
/// # }
/// ```
///
/// A [`Scope`](crate::store::Scope) of the store may have a policy of its own, which replaces parts
/// of `policy` for its clients.
///
/// # Errors
/// If no path holds, the failure of the one that got furthest; that a certificate was found to be
/// revoked or denied comes before all others. If a limit ended the search, that, unless a
/// certificate was found to be revoked or denied before.
pub fn verify_client_chain(
    store: &TrustStore,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    verify_with(store, None, chain, now, policy, None).map(|(client, _)| client)
}

/// As [`verify_client_chain`], by the anchors and the pins of these scopes alone: for a listener
/// that serves some of the clients of a store. What stands in no scope lets nobody in. The order of
/// `scopes` decides nothing: they are judged as the store has them.
///
/// What is not verified may make `scopes` narrower and never wider. A server that takes a scope
/// from the server name of the handshake (RFC 6066 §3) must hold the HTTP request to the same name
/// (RFC 9110 §15.5.20).
///
/// # Errors
/// As for [`verify_client_chain`];
/// [`Reason::NoSuchScope`](crate::error::Reason::NoSuchScope) for a scope that the store does not
/// have, and for no scopes at all.
pub fn verify_client_chain_in(
    store: &TrustStore,
    scopes: &[&str],
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    verify_with(store, Some(scopes), chain, now, policy, None).map(|(client, _)| client)
}

/// As [`verify_client_chain`], with signatures of CA certificates that are known already. Also for
/// how long the outcome stays the same; `None` of a pinned client, which costs little to verify.
pub(crate) fn verify_with(
    store: &TrustStore,
    scopes: Option<&[&str]>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
    known: Option<&dyn KnownSignatures>,
) -> Result<(VerifiedClient, Option<StableInterval>), VerifyError> {
    let budget = &Budget::new(&policy.limits);
    if scopes.is_some() || !store.scope_index().is_empty() {
        return scopes::verify_in_scopes(store, scopes, chain, now, (policy, known), budget);
    }
    let certificates = store.certificates();
    let presented = PresentedChain::parse(chain, certificates, &policy.limits, budget)?;
    let mut basis = Basis::at(Time::from(now));
    let asked = Question {
        store,
        place: None,
        presented: &presented,
        now,
        policy,
        known,
        shared: None,
        budget,
    };
    let client = asked.verify(&mut basis)?;
    let is_remembered = client.trusted_by() == TrustedBy::Anchor;
    Ok((client, is_remembered.then_some(basis.stable)))
}

/// A verification in one place: by a store without scopes, or by one scope.
struct Question<'a> {
    store: &'a TrustStore,
    place: Option<Place<'a>>,
    presented: &'a PresentedChain<'a>,
    now: UnixTime,
    policy: &'a ClientPolicy,
    known: Option<&'a dyn KnownSignatures>,
    shared: Option<&'a Shared>,
    budget: &'a Budget,
}

impl Question<'_> {
    /// Verifies the client as a pinned one or by a path. Narrows `basis`, also where it refuses.
    fn verify(&self, basis: &mut Basis) -> Result<VerifiedClient, VerifyError> {
        let Self {
            store,
            presented,
            now,
            policy,
            budget,
            ..
        } = *self;
        let client = presented.client();
        if !store.is_pinned(client) {
            return self.verify_path(basis);
        }
        for store in store.denying(self.place) {
            check_denied(client, store, &policy.purpose, budget)
                .map_err(|reason| refuse_client(client.subject(), reason))?;
        }
        let pin = (store, self.place);
        match check_pinned(client, now, policy, pin, budget, &mut basis.stable) {
            Ok(window) => {
                let pinned = VerifiedClient::pinned(client, window, now, policy);
                self.admit(pinned)
            }
            // A pin adds trust and takes none away: what is wrong with the certificate by itself
            // may be right in a path, as distribution points that are critical and policies that
            // its CA maps. Without a path, the pin's reason counts.
            Err(reason) => {
                self.verify_path(basis)
                    .map_err(|error| match error.reason().is_without_path() {
                        true => refuse_client(client.subject(), reason),
                        false => error,
                    })
            }
        }
    }

    /// Verifies the client by a path to a trust anchor.
    fn verify_path(&self, basis: &mut Basis) -> Result<VerifiedClient, VerifyError> {
        let Self {
            store,
            place,
            presented,
            now,
            policy,
            known,
            shared,
            budget,
        } = *self;
        let client = presented.client();
        check_is_no_anchor(client, store, policy.client_ca)
            .map_err(|reason| refuse_client(client.subject(), reason))?;

        let signatures = Signatures::new(store, policy, known, shared, budget);
        let mut verification = Verification::new(
            (store, place, shared),
            presented,
            now,
            policy,
            signatures,
            budget,
        );
        let mut search = verification.search(Node::CLIENT, None);
        let stopped =
            |search: &Search<'_>, stop: Stop| refuse(search, presented, stop.node, stop.reason);
        let mut found = verification
            .find(&mut search, Inquiry::CLIENT, basis)
            .map_err(|stop| stopped(&search, stop))?;
        // Where the store knows that its certificates did not issue each other, no path may be
        // left. The error is about one all the same: loading CRLs, which makes the store know,
        // changes no reason.
        if let (Err(None), Some(by_names)) = (&found, search.by_names()) {
            search = by_names;
            found = verification
                .find(&mut search, Inquiry::CLIENT, basis)
                .map_err(|stop| stopped(&search, stop))?;
        }
        match found {
            Ok(held) => {
                let issuers = search.path().get(1..).unwrap_or_default();
                let window = held.window.intersect(verification.until_limit());
                let revocation = &held.revocation;
                let verified =
                    VerifiedClient::new(client, (issuers, store), revocation, window, now, policy);
                self.admit(verified)
            }
            Err(furthest) => Err(refusal(&search, presented, furthest, policy)),
        }
    }

    /// Lets a verified client in, if it is one of those that the policy lets in.
    fn admit(&self, client: VerifiedClient) -> Result<VerifiedClient, VerifyError> {
        let policy = self.policy;
        let client = match self.place {
            Some(place) => client.with_names(place.names()),
            None => client,
        };
        // That was asked of its path, among others.
        let is_asked = policy.identities.depends_on_path();
        if !is_asked || client.trusted_by() == TrustedBy::Pin {
            self.check_identities(&client, &policy.identities)?;
        }
        Ok(client)
    }

    /// Checks that a verified client is one that these let in.
    fn check_identities(
        &self,
        client: &VerifiedClient,
        accepted: &AcceptedIdentities,
    ) -> Result<(), VerifyError> {
        let budget = self.budget;
        let subject = Subject {
            identity: client.identity(),
            scope: self.place.and_then(Place::scope).map(Scope::name),
            policies: &|| client.policies_within(budget),
        };
        check_accepted(&subject, accepted, budget)
            .map_err(|reason| refuse_client(client.identity().subject_der(), reason))
    }
}
