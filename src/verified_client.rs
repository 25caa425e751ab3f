//! The outcome of a verification that succeeded.

mod to_process;

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use pki_types::{CertificateDer, UnixTime};

pub use to_process::{ExtensionToProcess, ExtensionsToProcess, UnprocessedExtension};

use crate::budget::Budget;
use crate::certificates::Origin;
use crate::error::Reason;
use crate::identity::{Identity, Names};
use crate::path::Step;
use crate::policy::{CertificatePolicies, ClientPolicy};
use crate::store::TrustStore;
use crate::validate::{PathEnd, PolicySet, Window};
use crate::x509::{CalendarTime, Certificate, DisplayName, Fields, Rfc3339, Span, Time};

/// A client that was verified. There is no other way to come by one: code that holds a
/// `VerifiedClient` holds the proof.
///
/// It owns what it says, so it can go into a session or a request's extensions. Clones share it.
#[derive(Clone)]
pub struct VerifiedClient {
    verdict: Arc<Verdict>,
    /// The time of the verification.
    now: Time,
}

/// What does not depend on when it was found, as long as it holds.
#[derive(Clone)]
struct Verdict {
    /// The certificates of the path, one after another, the client's first.
    der: Vec<u8>,
    path: Vec<OnPath>,
    /// Of the client's certificate.
    fields: Fields,
    trust: TrustedBy,
    window: Window,
    asked_policies: CertificatePolicies,
    /// The names of the scopes in which it holds.
    scopes: Vec<Arc<str>>,
    /// Which names of the client are identities.
    names: Names,
}

/// One certificate of a path.
#[derive(Clone)]
struct OnPath {
    /// Where it ends in [`Verdict::der`]; it begins where the one before it ends.
    end: usize,
    /// Within the certificate.
    subject: Span,
    revocation: RevocationStatus,
    /// Where it comes from, if the store has it.
    origin: Option<Origin>,
}

/// What a client's certificate is trusted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TrustedBy {
    /// A path to a trust anchor, the last certificate of [`VerifiedClient::path`].
    Anchor,
    /// The client's certificate itself is pinned in the store.
    Pin,
}

/// What is known of the revocation of a verified certificate, at the time of the verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationStatus {
    /// The [`RevocationPolicy`](crate::policy::RevocationPolicy) does not ask for it, or it is a
    /// trust anchor or pinned.
    NotChecked,
    /// Fresh CRLs vouch for it.
    Good,
    /// CRLs vouch for it of which one was no longer fresh, and the policy accepts that.
    Stale {
        /// The last second at which that CRL was fresh: its nextUpdate, or its thisUpdate where it
        /// has none, and the clock skew. Of several CRLs, the earliest. It can be before 1970.
        since: CalendarTime,
    },
    /// No CRL names it and none vouches for it, or the status of a CRL's signer is unknown, and the
    /// policy allows that.
    Unknown,
}

/// Whether a verified client's certificate has expired, at the time of the verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
// No more can come: a client that is let in is not yet expired, or it is.
pub enum ExpiryStatus {
    /// It has not expired.
    Current {
        /// The time left until its notAfter.
        remaining: Duration,
    },
    /// It has expired, by however little, and the [`ExpiryPolicy`](crate::policy::ExpiryPolicy)
    /// accepts that (its clock skew included).
    Expired {
        /// Its notAfter: the last second at which it had not. It can be before 1970.
        since: CalendarTime,
    },
}

impl VerifiedClient {
    /// A client whose path held; `issuers` are the steps above its own certificate. `revocation` is
    /// about the first certificates of the path; others were not checked.
    pub(crate) fn new(
        client: Certificate<'_>,
        (issuers, store): (&[Step<'_>], &TrustStore),
        revocation: &[RevocationStatus],
        window: Window,
        now: UnixTime,
        policy: &ClientPolicy,
    ) -> Self {
        let trust = TrustedBy::Anchor;
        let issuers = (issuers, Some(store));
        Self::from_path(client, issuers, revocation, trust, window, now, policy)
    }

    pub(crate) fn pinned(
        client: Certificate<'_>,
        window: Window,
        now: UnixTime,
        policy: &ClientPolicy,
    ) -> Self {
        let nobody = (&[][..], None);
        Self::from_path(client, nobody, &[], TrustedBy::Pin, window, now, policy)
    }

    fn from_path(
        client: Certificate<'_>,
        (issuers, store): (&[Step<'_>], Option<&TrustStore>),
        revocation: &[RevocationStatus],
        trust: TrustedBy,
        window: Window,
        now: UnixTime,
        policy: &ClientPolicy,
    ) -> Self {
        let path = || {
            [(client, None)].into_iter().chain(
                issuers
                    .iter()
                    .map(|step| (step.certificate, step.node.stored())),
            )
        };
        let total = path().map(|(one, _)| one.as_bytes().len()).sum();
        let mut der = Vec::with_capacity(total);
        let mut on_path = Vec::with_capacity(issuers.len().saturating_add(1));
        let unchecked = core::iter::repeat(&RevocationStatus::NotChecked);
        for ((certificate, stored), status) in path().zip(revocation.iter().chain(unchecked)) {
            der.extend_from_slice(certificate.as_bytes());
            let certificates = store.map(TrustStore::certificates);
            on_path.push(OnPath {
                end: der.len(),
                subject: certificate.subject_span(),
                revocation: *status,
                origin: certificates.and_then(|all| all.origin(stored?)),
            });
        }
        let verdict = Arc::new(Verdict {
            der,
            path: on_path,
            fields: client.fields(),
            trust,
            window,
            asked_policies: policy.certificate_policies.clone(),
            scopes: Vec::new(),
            names: Names::ALL,
        });
        let now = Time::from(now);
        Self { verdict, now }
    }

    /// The same client, of which these names are identities.
    pub(crate) fn with_names(mut self, names: Names) -> Self {
        Arc::make_mut(&mut self.verdict).names = names;
        self
    }

    /// The same client, also accepted in these scopes, and for no longer than in each of them.
    pub(crate) fn in_scopes(mut self, scopes: Vec<Arc<str>>, window: Window) -> Self {
        // Nobody has a clone yet, so that this copies nothing.
        let verdict = Arc::make_mut(&mut self.verdict);
        verdict.window = verdict.window.intersect(window);
        verdict.scopes = scopes;
        self
    }

    pub(crate) fn window(&self) -> Window {
        self.verdict.window
    }

    /// The same verdict at another time at which it holds.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn at(&self, now: Time) -> Self {
        let verdict = Arc::clone(&self.verdict);
        Self { verdict, now }
    }

    /// About how many bytes it takes.
    #[cfg(all(feature = "std", any(feature = "ring", feature = "aws-lc-rs")))]
    pub(crate) fn bytes(&self) -> usize {
        const BESIDES: usize = 512;
        let path = self.verdict.path.len().saturating_mul(size_of::<OnPath>());
        let policies = self.verdict.asked_policies.bytes();
        let scopes = self
            .verdict
            .scopes
            .len()
            .saturating_mul(size_of::<Arc<str>>());
        let sizes = [self.verdict.der.len(), path, policies, scopes];
        sizes.into_iter().fold(BESIDES, usize::saturating_add)
    }

    /// Who the client is, by its certificate. Nothing is read before it is asked for.
    pub fn identity(&self) -> Identity<'_> {
        let der = self.certificate_bytes(0);
        Identity::new(self.verdict.fields.view(der)).with_names(self.verdict.names)
    }

    /// The client's own certificate.
    pub fn certificate(&self) -> CertificateDer<'_> {
        CertificateDer::from(self.certificate_bytes(0))
    }

    /// The certificates of the path that held, the client's own first and the trust anchor last. Of
    /// a pinned client, its own alone.
    pub fn path(&self) -> impl ExactSizeIterator<Item = CertificateDer<'_>> {
        (0..self.verdict.path.len())
            .map(|index| CertificateDer::from(self.certificate_bytes(index)))
    }

    /// The subjects of [`path`](Self::path), each as [`Identity::subject`] has it.
    pub fn path_subjects(&self) -> impl ExactSizeIterator<Item = String> {
        self.verdict
            .path
            .iter()
            .enumerate()
            .map(|(index, on_path)| {
                let subject = on_path.subject.of(self.certificate_bytes(index));
                DisplayName(subject).to_string()
            })
    }

    /// The name of the [`Scope`](crate::store::Scope) whose anchor the path ends at, the first of
    /// [`scopes`](Self::scopes); `None` if it stands in no scope. It follows from that anchor
    /// alone, and not from any name in the certificate.
    ///
    /// ```
    /// use mtls_verify::store::Scope;
    /// use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use mtls_verify::pki_types::{CertificateDer, UnixTime, pem::PemObject};
    /// # let ca_pem = include_bytes!("../testdata/example/ca.pem");
    /// # let chain: Vec<_> = CertificateDer::pem_slice_iter(include_bytes!("../testdata/example/chain.pem")).collect::<Result<_, _>>()?;
    /// # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
    /// let factory = Scope::new("factory-7", TrustStore::from_pem(ca_pem)?)?;
    /// let store = TrustStore::builder().add_scope(factory)?.build()?;
    /// let client = verify_client_chain(&store, &chain, now, &ClientPolicy::default())?;
    /// assert_eq!(client.scope(), Some("factory-7"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn scope(&self) -> Option<&str> {
        self.scopes().next()
    }

    /// The names of the scopes that accept the client, in the order in which the store has them.
    /// The path, the statuses and the policies are those of the first. Of several that accept, and
    /// of what stands in no scope, [`valid_until`](Self::valid_until) is the earliest.
    ///
    /// Scopes whose CAs have the name that the chain asks for and another key identifier are among
    /// them only if no other one accepts
    /// ([`TrustStoreBuilder::add_scope`](crate::TrustStoreBuilder::add_scope)). The anchors of a
    /// scope can certify the CA of another one, whose clients then belong to both: where tenants do
    /// not trust each other, restrict what a scope may vouch for, or verify in one scope
    /// ([`verify_client_chain_in`](crate::verify_client_chain_in)).
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.verdict.scopes.iter().map(|scope| &**scope)
    }

    /// Where each certificate of [`path`](Self::path) comes from that the store has: the label of
    /// the input, such as the name of a file, and its number there. `None` for those that the
    /// client presented, its own included.
    pub fn path_origins(&self) -> impl ExactSizeIterator<Item = Option<&Origin>> {
        self.verdict
            .path
            .iter()
            .map(|on_path| on_path.origin.as_ref())
    }

    /// Where the trust anchor comes from, the last of [`path_origins`](Self::path_origins); `None`
    /// of a pinned client.
    ///
    /// A server that trusts several CAs can tell by it whose client this is, if it labels their
    /// files ([`Source::labelled`](crate::store::Source::labelled)).
    pub fn anchor_origin(&self) -> Option<&Origin> {
        self.verdict.path.last()?.origin.as_ref()
    }

    /// What the client's certificate is trusted by.
    pub fn trusted_by(&self) -> TrustedBy {
        self.verdict.trust
    }

    /// Whether the client's certificate has expired, which the policy accepts then, at the time of
    /// the verification.
    pub fn expiry(&self) -> ExpiryStatus {
        let not_after = self
            .verdict
            .fields
            .view(self.certificate_bytes(0))
            .not_after();
        if self.now > not_after {
            ExpiryStatus::Expired {
                since: not_after.into(),
            }
        } else {
            ExpiryStatus::Current {
                remaining: not_after.since(self.now),
            }
        }
    }

    /// What is known of the revocation of the client's own certificate.
    pub fn revocation(&self) -> RevocationStatus {
        let client = self.verdict.path.first();
        client.map_or(RevocationStatus::NotChecked, |client| client.revocation)
    }

    /// The same for each certificate of [`path`](Self::path).
    pub fn path_revocation(&self) -> impl ExactSizeIterator<Item = RevocationStatus> {
        self.verdict.path.iter().map(|on_path| on_path.revocation)
    }

    /// The last second at which this path is known to hold under the policy it was verified with.
    ///
    /// That is the earliest of:
    ///
    /// - the end of the validity of its certificates, each with the clock skew and what the expiry
    ///   policy accepts for its role;
    /// - where revocation was checked, the end of what CRLs say of them, the paths of separate
    ///   signers of CRLs included, and the last second before a CRL from the future begins to
    ///   count;
    /// - where a status is unknown and the policy accepts that, the last second before a CRL or a
    ///   signer that is of no use now begins or is too old, as that may refuse the client;
    /// - the last second before a certificate begins to be valid that was refused for that, where
    ///   it could then use up [`Limits::signatures`](crate::policy::Limits::signatures), or may
    ///   lead several scopes over more paths, as they share the limits.
    ///
    /// `None` if none of these comes. The policy then accepts the expired certificates of this path
    /// without limit, or for longer than times are counted. If it checks revocation, it also
    /// accepts the CRLs that vouch however stale they are, or it accepts that none does. Of a
    /// pinned client, only its own certificate counts. A notAfter of 9999-12-31 ends like any
    /// other.
    ///
    /// It does not foresee where a certificate that begins to be valid could use up
    /// [`Limits::work`](crate::policy::Limits::work).
    ///
    /// Servers bound sessions, resumption and caches with it.
    pub fn valid_until(&self) -> Option<UnixTime> {
        self.verdict.window.until().map(Time::to_unix)
    }

    /// The critical extensions that the policy leaves to the application
    /// ([`ClientPolicy::processed_extensions`]), of the client's certificate and then of those
    /// above it: none under a policy that names none. **Nobody has looked at their values.** The
    /// application refuses the client if it cannot process one of them.
    ///
    /// A verifier that remembers the chain hands over the same.
    pub fn extensions_to_process(&self) -> ExtensionsToProcess<'_> {
        let parsed = self.parsed_path().into_iter().enumerate();
        let with_bytes = parsed.map(|(index, fields)| (fields, self.certificate_bytes(index)));
        ExtensionsToProcess::of_path(with_bytes)
    }

    /// The certificate policies that the path is valid for, of those asked for: the
    /// user-constrained-policy-set of RFC 5280 §6.1.6, by RFC 9618. Computed when asked for. Of a
    /// pinned client, those that its certificate lists: none if it lists none.
    pub fn policies(&self) -> PolicySet {
        self.policies_paid(None).unwrap_or_default()
    }

    /// The same, paid for.
    pub(crate) fn policies_within(&self, budget: &Budget) -> Result<PolicySet, Reason> {
        self.policies_paid(Some(budget))
    }

    fn policies_paid(&self, budget: Option<&Budget>) -> Result<PolicySet, Reason> {
        let parsed = self.parsed_path();
        let path = parsed
            .iter()
            .enumerate()
            .map(|(index, fields)| fields.view(self.certificate_bytes(index)))
            .map(|certificate| (certificate, certificate.is_self_issued()));
        let end = match self.verdict.trust {
            TrustedBy::Anchor => PathEnd::Anchor,
            TrustedBy::Pin => PathEnd::Pin,
        };
        PolicySet::of_path(path, end, &self.verdict.asked_policies, budget)
    }

    /// The fields of the certificates of the path, which were read when it was verified.
    fn parsed_path(&self) -> Vec<Fields> {
        self.path()
            .map_while(|certificate| Fields::parse(&certificate).ok())
            .collect()
    }

    fn certificate_bytes(&self, index: usize) -> &[u8] {
        let start = index
            .checked_sub(1)
            .and_then(|before| self.verdict.path.get(before))
            .map_or(0, |before| before.end);
        let end = self
            .verdict
            .path
            .get(index)
            .map_or(start, |on_path| on_path.end);
        self.verdict.der.get(start..end).unwrap_or_default()
    }
}

impl fmt::Debug for VerifiedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identity = self.identity();
        f.debug_struct("VerifiedClient")
            .field(
                "subject",
                &format_args!("{}", DisplayName(identity.subject_der())),
            )
            .field("trusted_by", &self.verdict.trust)
            .field("expiry", &self.expiry())
            .field(
                "valid_until",
                &self
                    .valid_until()
                    .map(|until| alloc::format!("{}", Rfc3339::from(until))),
            )
            .finish_non_exhaustive()
    }
}
