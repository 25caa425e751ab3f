//! The whole of a verification, from presented bytes to a verified client.

use alloc::vec::Vec;

use pki_types::{CertificateDer, UnixTime};

use crate::error::{CertificateRef, Position, Reason, VerifyError};
use crate::path::{KeyIdMatch, Node, PresentedChain, Search, Step};
use crate::policy::{ClientCa, ClientPolicy};
use crate::store::TrustStore;
use crate::validate::{Failure, Judge, Scope, check_pinned, verify_signature};
use crate::verified::VerifiedClient;
use crate::x509::Version;

/// Verifies the certificate chain that a TLS client presented.
///
/// `chain` is what the client presented: its own certificate first, then others in any order, as
/// `peer_certificates()` of rustls gives it. `now` is the time to verify at. The function is pure: no I/O, no clock, no state; it can be called from any
/// number of threads at once.
///
/// A path is looked for from the client's certificate over presented ones and those of the store to a trust anchor, and
/// judged by RFC 5280 §6.1 under `policy`. That the client holds the certificate's key is for the TLS handshake to prove.
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
/// # Errors
/// If no path holds, the failure of the one that got furthest. If a limit ended the search, that.
pub fn verify_client_chain(
    store: &TrustStore,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
) -> Result<VerifiedClient, VerifyError> {
    let presented = PresentedChain::parse(chain, store, &policy.limits)?;
    let client = presented.client();
    let refuse_client = |reason| {
        let certificate = CertificateRef::new(Position::Client, client.subject());
        VerifyError::new(reason, Some(certificate))
    };
    if store.is_pinned(client) {
        let window = check_pinned(client, now, policy).map_err(refuse_client)?;
        return admit(VerifiedClient::pinned(client, window, now, policy), policy);
    }
    // An anchor that does not say of itself that it is a CA is one all the same.
    if policy.client_ca == ClientCa::Refuse
        && client.version() != Version::V3
        && store.certificates().has_anchor(client)
    {
        return Err(refuse_client(Reason::CaAsClient));
    }

    let mut search = Search::new(store, &presented, &policy.limits);
    let mut judge = Judge::new(now, policy, presented.len());
    let mut signatures = Signatures::new(policy);
    let mut furthest: Option<Refused> = None;
    loop {
        let path = match search.next_path() {
            Ok(Some(path)) => path,
            Ok(None) => break,
            Err(limit) => return Err(VerifyError::new(limit, None)),
        };
        let judged = judge
            .check(path)
            .and_then(|window| signatures.verify(path).map(|()| window));
        let failure = match judged {
            Ok(window) => {
                let issuers = path.get(1..).unwrap_or_default();
                return admit(
                    VerifiedClient::new(client, issuers, window, now, policy),
                    policy,
                );
            }
            Err(failure) => failure,
        };
        if failure.reason.is_limit_on_work() {
            return Err(VerifyError::new(failure.reason, None));
        }
        let refused = Refused::new(failure, path);
        match (refused.scope, refused.issuer) {
            (Scope::Certificate, _) => search.exclude(refused.node),
            (Scope::Issuer, Some(issuer)) => search.exclude_issuer(refused.node, issuer),
            _ => {}
        }
        if furthest
            .as_ref()
            .is_none_or(|best| refused.rank > best.rank)
        {
            furthest = Some(refused);
        }
    }
    Err(refusal(&search, &presented, furthest, policy))
}

/// Lets a verified client in, if it is one of those that the policy lets in.
fn admit(client: VerifiedClient, policy: &ClientPolicy) -> Result<VerifiedClient, VerifyError> {
    if policy.identities.accept(client.identity()) {
        Ok(client)
    } else {
        let subject = client.identity().subject_der();
        let certificate = CertificateRef::new(Position::Client, subject);
        Err(VerifyError::new(
            Reason::IdentityNotAccepted,
            Some(certificate),
        ))
    }
}

/// The error of a search that came to its end.
fn refusal(
    search: &Search<'_>,
    presented: &PresentedChain<'_>,
    furthest: Option<Refused>,
    policy: &ClientPolicy,
) -> VerifyError {
    if search.is_depth_exceeded()
        && furthest
            .as_ref()
            .is_none_or(|refused| refused.rank < Rank::PATH_TOO_LONG)
    {
        let limit = policy.limits.intermediates;
        return VerifyError::new(Reason::PathTooLong { limit }, None);
    }
    let (node, reason) = match furthest {
        Some(refused) => (refused.node, refused.reason),
        None => {
            let last = search.last_of_chain();
            let certificate = search.certificate(last);
            let issuer = || certificate.issuer().to_vec();
            let reason = if certificate.is_self_issued() {
                Reason::UntrustedRoot
            } else if search.has_issuer(last) {
                Reason::NoWayToAnchor { issuer: issuer() }
            } else {
                Reason::UnknownIssuer {
                    issuer: issuer(),
                    malformed: presented.malformed().cloned(),
                }
            };
            (last, reason)
        }
    };
    let position = match node {
        Node::Presented(index) => presented.position(index),
        Node::Intermediate(_) => Position::Intermediate,
        Node::Anchor(_) => Position::Anchor,
    };
    let subject = search.certificate(node).subject();
    VerifyError::new(reason, Some(CertificateRef::new(position, subject)))
}

/// A path that was refused, as far as it matters for the error and the further search.
struct Refused {
    node: Node,
    issuer: Option<Node>,
    reason: Reason,
    scope: Scope,
    rank: Rank,
}

/// How far a path got: first whether its issuers were the right ones at all, then how many of its certificates held, counted from the anchor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u8, usize);

impl Rank {
    /// A path that was cut off is a better explanation than one over a wrong issuer, and a worse one than a broken rule.
    const PATH_TOO_LONG: Self = Self(1, 0);
}

impl Refused {
    fn new(failure: Failure, path: &[Step<'_>]) -> Self {
        let failed = path.get(failure.at);
        let issuer = path.get(failure.at.saturating_add(1));
        // An issuer is the right one if the key identifiers say so; else there may be another of its name.
        let is_right_issuer = failed.zip(issuer).is_some_and(|(failed, issuer)| {
            KeyIdMatch::of(failed.certificate, issuer.certificate) == KeyIdMatch::Same
        });
        let class = match failure.scope {
            Scope::Issuer if !is_right_issuer => 0,
            Scope::Issuer | Scope::Certificate | Scope::Path => 2,
        };
        Self {
            node: failed.map_or(Node::CLIENT, |step| step.node),
            issuer: issuer.map(|step| step.node),
            reason: failure.reason,
            scope: failure.scope,
            rank: Rank(class, path.len().saturating_sub(failure.at)),
        }
    }
}

/// Verifies the signatures of paths: each at most once in a verification, and no more than the limit.
struct Signatures<'a> {
    policy: &'a ClientPolicy,
    left: u32,
    /// Certificates and their issuers whose signatures held in paths that failed later.
    verified: Vec<(Node, Node)>,
}

impl<'a> Signatures<'a> {
    fn new(policy: &'a ClientPolicy) -> Self {
        Self {
            policy,
            left: policy.limits.signatures,
            verified: Vec::new(),
        }
    }

    /// From the anchor down (RFC 5280 §6.1), so that each key is trusted before it is used.
    fn verify(&mut self, path: &[Step<'_>]) -> Result<(), Failure> {
        let links = || path.iter().zip(path.iter().skip(1));
        for (at, (step, issuer)) in links().enumerate().rev() {
            let link = (step.node, issuer.node);
            if self.verified.contains(&link) {
                continue;
            }
            let outcome = self.verify_one(step, issuer);
            if let Err((reason, scope)) = outcome {
                let held = links().skip(at.saturating_add(1));
                self.verified
                    .extend(held.map(|(step, issuer)| (step.node, issuer.node)));
                return Err(Failure { at, reason, scope });
            }
        }
        Ok(())
    }

    fn verify_one(&mut self, step: &Step<'_>, issuer: &Step<'_>) -> Result<(), (Reason, Scope)> {
        let limit = self.policy.limits.signatures;
        self.left = self
            .left
            .checked_sub(1)
            .ok_or((Reason::SignatureLimit { limit }, Scope::Path))?;
        verify_signature(
            step.certificate,
            issuer.certificate,
            &self.policy.signatures,
        )
        .map_err(|reason| (reason, Scope::Issuer))
    }
}
