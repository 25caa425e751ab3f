//! The whole of a verification, from presented bytes to a verified client.

mod candidates;
mod crl_signers;
mod inquiry;
mod refusal;
mod revocation;
mod signatures;
mod signer_paths;
mod vouching;

use alloc::vec::Vec;

use pki_types::{CertificateDer, UnixTime};

use crate::budget::{Budget, price};
use crate::error::{Reason, VerifyError, Work};
use crate::path::{Node, PresentedChain, Search, Step, Stop};
use crate::policy::{Checked, ClientPolicy};
use crate::store::TrustStore;
use crate::validate::{
    Failure, Judge, Role, Scope, StableInterval, Window, check_denied, check_is_no_anchor,
    check_pinned, is_accepted,
};
use crate::verified_client::{RevocationStatus, VerifiedClient};
use crate::x509::{Time, earliest};

use inquiry::{Basis, Inquiry};
use refusal::{Refused, refusal, refuse, refuse_client};
use signatures::Signatures;
use signer_paths::KnownSigners;

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
    verify_with(store, chain, now, policy, None).map(|(client, _)| client)
}

/// As [`verify_client_chain`], with signatures of CA certificates that are known already. Also for
/// how long the outcome stays the same; `None` of a pinned client, which costs little to verify.
pub(crate) fn verify_with(
    store: &TrustStore,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: &ClientPolicy,
    known: Option<&dyn KnownSignatures>,
) -> Result<(VerifiedClient, Option<StableInterval>), VerifyError> {
    let budget = &Budget::new(&policy.limits);
    let presented = PresentedChain::parse(chain, store, &policy.limits, budget)?;
    let client = presented.client();
    if !store.is_pinned(client) {
        return verify_path(store, &presented, now, policy, known, budget);
    }
    check_denied(client, store, budget)
        .map_err(|reason| refuse_client(client.subject(), reason))?;
    match check_pinned(client, now, policy, store, budget) {
        Ok(window) => {
            let pinned = VerifiedClient::pinned(client, window, now, policy);
            admit(pinned, policy).map(|client| (client, None))
        }
        // A pin adds trust and takes none away: what is wrong with the certificate by itself may be
        // right in a path, as distribution points that are critical and policies that its CA maps.
        // Without a path, the pin's reason counts.
        Err(reason) => {
            verify_path(store, &presented, now, policy, known, budget).map_err(|error| match error
                .reason()
                .is_without_path()
            {
                true => refuse_client(client.subject(), reason),
                false => error,
            })
        }
    }
}

/// Verifies the client by a path to a trust anchor.
fn verify_path(
    store: &TrustStore,
    presented: &PresentedChain<'_>,
    now: UnixTime,
    policy: &ClientPolicy,
    known: Option<&dyn KnownSignatures>,
    budget: &Budget,
) -> Result<(VerifiedClient, Option<StableInterval>), VerifyError> {
    let client = presented.client();
    check_is_no_anchor(client, store, policy.client_ca)
        .map_err(|reason| refuse_client(client.subject(), reason))?;

    let signatures = Signatures::new(store, policy, known, budget);
    let mut verification = Verification::new(store, presented, now, policy, signatures, budget);
    let mut search = verification.search(Node::CLIENT, None);
    let mut basis = Basis::at(Time::from(now));
    let stopped =
        |search: &Search<'_>, stop: Stop| refuse(search, presented, stop.node, stop.reason);
    let mut found = verification
        .find(&mut search, Inquiry::CLIENT, &mut basis)
        .map_err(|stop| stopped(&search, stop))?;
    // Where the store knows that its certificates did not issue each other, no path may be left.
    // The error is about one all the same: loading CRLs, which makes the store know, changes no
    // reason.
    if let (Err(None), Some(by_names)) = (&found, search.by_names()) {
        search = by_names;
        found = verification
            .find(&mut search, Inquiry::CLIENT, &mut basis)
            .map_err(|stop| stopped(&search, stop))?;
    }
    match found {
        Ok(held) => {
            let issuers = search.path().get(1..).unwrap_or_default();
            let window = held.window.intersect(verification.until_limit());
            let revocation = &held.revocation;
            let verified = VerifiedClient::new(client, issuers, revocation, window, now, policy);
            admit(verified, policy).map(|client| (client, Some(basis.stable)))
        }
        Err(furthest) => Err(refusal(&search, presented, furthest, policy)),
    }
}

/// One verification: what it is given, and what it has found out and spent so far.
struct Verification<'a> {
    store: &'a TrustStore,
    presented: &'a PresentedChain<'a>,
    now: UnixTime,
    policy: &'a ClientPolicy,
    /// Which certificates of a path are checked for revocation.
    checked: Checked,
    /// Whether what the store found out of CRL signers holds under the policy: it has algorithms
    /// with the same identifiers.
    store_speaks_for_signers: bool,
    judge: Judge<'a>,
    signatures: Signatures<'a>,
    budget: &'a Budget,
    known_signers: KnownSigners,
    to_come: ToCome,
    /// Those that the deny list was found not to deny: paths share certificates, and its digests
    /// cost something.
    not_denied: Vec<Node>,
}

/// Certificates that were refused because they are not yet valid.
#[derive(Default)]
struct ToCome {
    /// How many signatures it may take to find out that paths over them do not hold.
    signatures: u32,
    /// The last second before the first of them is.
    until: Option<Time>,
}

/// The result of a valid path.
struct Held {
    window: Window,
    /// Of the first certificates of the path.
    revocation: Vec<RevocationStatus>,
}

impl<'a> Verification<'a> {
    fn new(
        store: &'a TrustStore,
        presented: &'a PresentedChain<'a>,
        now: UnixTime,
        policy: &'a ClientPolicy,
        signatures: Signatures<'a>,
        budget: &'a Budget,
    ) -> Self {
        let checked = store.checked_under(policy);
        Self {
            store,
            presented,
            now,
            policy,
            checked,
            store_speaks_for_signers: checked != Checked::Nothing
                && policy.signatures.are_among(store.crl_signatures()),
            judge: Judge::new(now, policy, store, budget),
            signatures,
            budget,
            known_signers: KnownSigners::default(),
            to_come: ToCome::default(),
            not_denied: Vec::new(),
        }
    }

    /// A search for paths that begin with `start`.
    fn search(&self, start: Node, end: Option<Node>) -> Search<'a> {
        let loaded = self.store.crl_signatures();
        // Where nobody asks for revocation, CRLs change nothing.
        let is_asked = self.checked != Checked::Nothing;
        // As `Signatures` has it: the path of a client takes the policy's own algorithms.
        let signatures = &self.policy.signatures;
        let counts = || match start {
            Node::CLIENT => signatures.are(loaded),
            _ => self.store_speaks_for_signers,
        };
        let links = Some(self.store.stored_crls().signers());
        Search::new(
            self.store,
            self.presented,
            &self.policy.limits,
            (start, end),
            links.filter(|_| is_asked && counts()),
            self.budget,
        )
    }

    /// Judges the paths of a search until one holds. Otherwise, the failure of the one that got
    /// furthest. The error is a limit that was reached, unless a certificate was found to be
    /// revoked.
    fn find(
        &mut self,
        search: &mut Search<'a>,
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Result<Held, Option<Refused>>, Stop> {
        let mut furthest: Option<Refused> = None;
        // A signer of CRLs that a limit leaves unknown is no signer that is not there.
        let is_client = inquiry.role == Role::Client;
        let stopped = |stop, furthest: Option<Refused>| match furthest {
            Some(refused) if is_client && refused.reason.is_revoked() => Ok(Err(Some(refused))),
            _ => Err(stop),
        };
        loop {
            let path = match search.next_path() {
                Ok(Some(path)) => path,
                Ok(None) => return Ok(Err(furthest)),
                Err(stop) => return stopped(stop, furthest),
            };
            let failure = match self.judge(path, inquiry, basis) {
                Ok(held) => return Ok(Ok(held)),
                Err(failure) => failure,
            };
            if failure.reason.ends_verification() {
                let at = path.get(failure.at);
                let stop = Stop {
                    reason: failure.reason,
                    node: at.map_or(Node::CLIENT, |step| step.node),
                };
                return stopped(stop, furthest);
            }
            if let Some(failed) = path.get(failure.at) {
                self.note_to_come(&failure.reason, failed);
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
    }

    fn note_to_come(&mut self, reason: &Reason, step: &Step<'_>) {
        if !matches!(reason, Reason::NotYetValid { .. }) {
            return;
        }
        let longest = u32::try_from(self.policy.limits.intermediates).unwrap_or(u32::MAX);
        // An intermediate also leads to others, which are tried as well.
        let signatures = match step.node {
            Node::Anchor(_) => 1,
            Node::Presented(_) | Node::Intermediate(_) => longest.saturating_add(1),
        };
        let skew = self.policy.expiry.clock_skew.duration();
        let last = step.certificate.not_before().saturating_sub(skew).before();
        let to_come = &mut self.to_come;
        to_come.signatures = to_come.signatures.saturating_add(signatures);
        to_come.until = earliest(to_come.until, Some(last));
    }

    /// The time before certificates begin to be valid over which the search might then meet the
    /// limit on signatures.
    fn until_limit(&self) -> Window {
        let may_take = self.to_come.signatures;
        match may_take > self.budget.signatures_left() {
            true => Window::to(self.to_come.until),
            false => Window::ALWAYS,
        }
    }

    /// Judges one path: what each certificate says by itself, then signatures, and then what only
    /// trusted keys can ask for and vouch for.
    fn judge(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Held, Failure> {
        let Inquiry {
            role, strictness, ..
        } = inquiry;
        let checked = self
            .judge
            .check_certificates(path, (role, strictness), &mut basis.stable);
        let window = match checked {
            Ok(window) => window,
            Err(failure) => {
                // No signature was paid for, and the search goes on.
                let paid = self.budget.pay(price::REFUSED, Work::Checking);
                return Err(match paid {
                    Ok(()) => failure,
                    Err(out) => Failure {
                        reason: out.into(),
                        ..failure
                    },
                });
            }
        };
        self.signatures.verify(path, role)?;
        // Those of signers of CRLs may lead over the same certificates.
        let is_revocation_checked = self.checked != Checked::Nothing;
        if is_revocation_checked {
            self.signatures.remember(path, role);
        }
        let held = self.judge_signed(path, inquiry, window, basis);
        // And so may the next one.
        if held.is_err() && !is_revocation_checked {
            self.signatures.remember(path, role);
        }
        held
    }

    /// Judges a path whose signatures hold.
    fn judge_signed(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        window: Window,
        basis: &mut Basis,
    ) -> Result<Held, Failure> {
        self.check_denied(path)?;
        self.judge.check_path(path, inquiry.role)?;
        let (revocation, listed) = self.check_revocation(path, inquiry, basis)?;
        Ok(Held {
            window: window.intersect(listed),
            revocation,
        })
    }

    /// No certificate of the path may be on the store's deny list.
    fn check_denied(&mut self, path: &[Step<'_>]) -> Result<(), Failure> {
        if !self.store.denies_any() {
            return Ok(());
        }
        for (at, step) in path.iter().enumerate().rev() {
            if self.not_denied.contains(&step.node) {
                continue;
            }
            check_denied(step.certificate, self.store, self.budget).map_err(|reason| Failure {
                at,
                reason,
                scope: Scope::Certificate,
            })?;
            self.not_denied.push(step.node);
        }
        Ok(())
    }
}

/// Lets a verified client in, if it is one of those that the policy lets in.
fn admit(client: VerifiedClient, policy: &ClientPolicy) -> Result<VerifiedClient, VerifyError> {
    match is_accepted(client.identity(), &policy.identities) {
        true => Ok(client),
        false => {
            let subject = client.identity().subject_der();
            Err(refuse_client(subject, Reason::IdentityNotAccepted))
        }
    }
}
