//! Anchors that may not vouch for everything: [`Scope`].

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Subtree, TrustStore};
use crate::identity::Names;
use crate::policy::{ClientPolicy, ScopePolicy};
use crate::spiffe::TrustDomain;
use crate::x509::{GeneralName, Oid, ShortText, subtree_base};

/// The longest name of a scope, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// The most subtrees of a scope, permitted and excluded ones together.
const MAX_SUBTREES: usize = 1_024;

/// A part of a store with a name of its own, such as a tenant or a factory: its anchors,
/// intermediates, pins, CRLs and deny list, what its anchors may vouch for, and what is asked of
/// clients there.
///
/// Which scope a client belongs to follows from the anchor that its path ends at, and never from a
/// name that nobody verified. A store judges each scope by itself
/// ([`TrustStoreBuilder::add_scope`](crate::TrustStoreBuilder::add_scope)):
///
/// - A path stays in one scope. Its anchor and the intermediates that the server has for it are of
///   one scope, and so are the signers of CRLs.
/// - [`permit`](Self::permit) and [`exclude`](Self::exclude) are the initial subtrees of RFC 5280
///   §6.1.1 (h) and (i). They bind every certificate below the anchor but self-issued
///   intermediates, as name constraints in the anchor would (RFC 5937 §3.2).
/// - A pinned client is held to them as well, and to nothing else that it is not held to
///   [outside of scopes](crate::TrustStoreBuilder::pin_clients_pem).
/// - CRLs and the deny list of a scope say nothing in another one, with one exception. A CRL made
///   by the very key that signed a certificate of a path revokes that certificate in every scope,
///   unless revocation is off there, or a newer CRL by that key in any scope takes its place. It
///   vouches in its own scope alone.
/// - The deny list of the store as a whole binds in all scopes. Its CRLs are like those of another
///   scope.
/// - [`RevocationScope::Auto`](crate::policy::RevocationScope::Auto) looks at the CRLs of the
///   scope.
///
/// ```
/// use mtls_verify::TrustStore;
/// use mtls_verify::store::{Scope, Subtree};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let tenant_a = include_bytes!("../../testdata/example/ca.pem");
/// let scope = Scope::new("tenant-a", TrustStore::from_pem(tenant_a)?)?
///     .permit(Subtree::dns("a.example.com")?)
///     .permit(Subtree::email("a.example.com")?);
/// let store = TrustStore::builder().add_scope(scope)?.build()?;
/// assert_eq!(store.scopes().map(Scope::name).collect::<Vec<_>>(), ["tenant-a"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a scope does nothing outside of a store"]
pub struct Scope {
    name: Arc<str>,
    store: TrustStore,
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
    trust_domain: Option<TrustDomain>,
    policy: ScopePolicy,
}

impl Scope {
    /// A scope of the anchors, intermediates, pins, CRLs and deny list of a store, which may vouch
    /// for every name.
    ///
    /// # Errors
    /// A name that is empty, has more than 255 bytes or a control character; a store that has
    /// scopes itself.
    pub fn new(name: &str, store: TrustStore) -> Result<Self, InvalidScope> {
        let invalid = |problem| InvalidScope::new(name, problem);
        let is_name =
            (1..=MAX_NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
        if !is_name {
            return Err(invalid(ScopeProblem::Name));
        }
        if store.scopes().len() > 0 {
            return Err(invalid(ScopeProblem::Nested));
        }
        Ok(Self {
            name: name.into(),
            store,
            permitted: Vec::new(),
            excluded: Vec::new(),
            trust_domain: None,
            policy: ScopePolicy::default(),
        })
    }

    /// The scope of a bundle's trust domain, with its name: see
    /// [`of_trust_domain`](Self::of_trust_domain). A bundle without anchors is a scope that accepts
    /// nobody, and keeps others from vouching for its domain.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let json = include_bytes!("../../testdata/spiffe/bundle.json");
    /// use mtls_verify::TrustStore;
    /// use mtls_verify::spiffe::Bundle;
    /// use mtls_verify::store::Scope;
    ///
    /// let bundle = Bundle::from_json(&"example.org".parse()?, json)?;
    /// let mut builder = TrustStore::builder();
    /// builder.add_scope(Scope::of_bundle(&bundle)?)?;
    /// let store = builder.build()?;
    /// // Later, with newer CAs, and all else as it was:
    /// let scope = store.scope("example.org").ok_or("no such scope")?.clone();
    /// let store = store.with_scope(scope.with_bundle(&bundle)?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A CA certificate that no store takes.
    #[cfg(feature = "spiffe")]
    pub fn of_bundle(bundle: &crate::spiffe::Bundle) -> Result<Self, crate::StoreError> {
        let trust_domain = bundle.trust_domain();
        // The name of a trust domain has at most 255 characters, of which none is a control
        // character.
        Ok(Self {
            name: trust_domain.as_str().into(),
            store: store_of(bundle)?,
            permitted: Vec::new(),
            excluded: Vec::new(),
            trust_domain: Some(trust_domain.clone()),
            policy: ScopePolicy::default(),
        })
    }

    /// With the CAs of a newer bundle of its trust domain. Its policy and what it permits and
    /// excludes stay, and so does its deny list; its CRLs do not, and it counts as one that was
    /// given CRLs if it was.
    ///
    /// # Errors
    /// A CA certificate that no store takes. A bundle of another trust domain is
    /// [`ScopeProblem::TrustDomain`], and so is any bundle for a scope of no trust domain.
    #[cfg(feature = "spiffe")]
    pub fn with_bundle(self, bundle: &crate::spiffe::Bundle) -> Result<Self, InvalidBundle> {
        if self.trust_domain.as_ref() != Some(bundle.trust_domain()) {
            let problem = ScopeProblem::TrustDomain;
            return Err(InvalidScope::new(&self.name, problem).into());
        }
        let mut store = store_of(bundle)?;
        // Neither does another copy of a certificate lift what was said of it.
        store.denied = Arc::clone(&self.store.denied);
        store.rejected = Arc::clone(&self.store.rejected);
        store.settings = self.store.settings.clone();
        let renewed = Self {
            store,
            ..self.clone()
        };
        Ok(renewed.renewing(&self))
    }

    /// Permits the names of a subtree, besides those permitted before: then the scope permits none
    /// of that form but these. Names of other forms are not restricted by it.
    pub fn permit(mut self, subtree: Subtree) -> Self {
        self.permitted.push(subtree);
        self
    }

    /// Excludes the names of a subtree, whatever is permitted.
    pub fn exclude(mut self, subtree: Subtree) -> Self {
        self.excluded.push(subtree);
        self
    }

    /// Makes it the scope of a SPIFFE trust domain (X.509-SVID §5):
    ///
    /// - It accepts X.509-SVIDs of workloads of that domain alone
    ///   ([`Identity::x509_svid`](crate::Identity::x509_svid)). A certificate without a URI, with
    ///   several, or of another domain is refused.
    /// - In a store with this scope, nothing else vouches for the domain. No other anchor, in a
    ///   scope or in none, and no pin, lets in a certificate with a URI of that domain.
    /// - Other names of an SVID, its subject included, are no identities: readers of
    ///   [`Identity`](crate::Identity) find none, and no rule on them matches. A rule that keeps
    ///   them out still does ([`IdentityRule::Not`](crate::policy::IdentityRule::Not)). Where the
    ///   scope [permits](Self::permit) a subtree of their form they are identities. For logs,
    ///   [`Identity::subject`](crate::Identity::subject) and
    ///   [`subject_der`](crate::Identity::subject_der) show the subject all the same.
    ///
    /// [`Reason::TrustDomain`](crate::error::Reason::TrustDomain) is the refusal.
    ///
    /// ```
    /// use mtls_verify::TrustStore;
    /// use mtls_verify::store::Scope;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let ca = include_bytes!("../../testdata/example/ca.pem");
    /// let scope = Scope::new("example.org", TrustStore::from_pem(ca)?)?
    ///     .of_trust_domain("example.org".parse()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of_trust_domain(mut self, trust_domain: TrustDomain) -> Self {
        self.trust_domain = Some(trust_domain);
        self
    }

    /// With a policy for the clients of this scope, in the place of the one it has.
    pub fn with_policy(mut self, policy: ScopePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Excludes all otherNames of a type, such as `1.3.6.1.4.1.311.20.2.3`, Microsoft's
    /// userPrincipalName. RFC 5280 does not say what lies within a subtree of otherNames, so that
    /// none of them can be permitted alone.
    pub fn exclude_other_names(self, type_id: &Oid) -> Self {
        self.exclude(Subtree::other_names(type_id))
    }

    /// With another store, such as one with newer CRLs. All else stays. If the store before was
    /// given CRLs, the new one counts as one that was, so that a missing file does not end
    /// [`RevocationPolicy::auto`](crate::policy::RevocationPolicy::auto).
    ///
    /// # Errors
    /// A store that has scopes itself.
    pub fn with_store(self, store: TrustStore) -> Result<Self, InvalidScope> {
        let renewed = Self::new(&self.name, store)?.renewing(&self);
        Ok(Self {
            store: renewed.store,
            ..self
        })
    }

    /// The same in the place of another one: CRLs that this one had are not forgotten.
    pub(super) fn renewing(mut self, older: &Self) -> Self {
        self.store.remember_crls_of(&older.store);
        self
    }

    /// Checks that no verification has to read more subtrees than are worth its while.
    pub(super) fn check_size(&self) -> Result<(), InvalidScope> {
        let all = self.permitted.len().saturating_add(self.excluded.len());
        match all > MAX_SUBTREES {
            true => Err(InvalidScope::new(&self.name, ScopeProblem::Subtrees)),
            false => Ok(()),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its anchors, intermediates, pins, CRLs and deny list.
    pub fn store(&self) -> &TrustStore {
        &self.store
    }

    /// What is asked of its clients beyond, or in the place of, the policy of a verification.
    pub fn policy(&self) -> &ScopePolicy {
        &self.policy
    }

    /// The SPIFFE trust domain that it is the scope of.
    pub fn trust_domain(&self) -> Option<&TrustDomain> {
        self.trust_domain.as_ref()
    }

    /// Which names of its clients are identities.
    pub(crate) fn names(&self) -> Names {
        match self.trust_domain {
            Some(_) => Names::of_svid(self.permitted()),
            None => Names::ALL,
        }
    }

    /// Whether it has a rule on identities.
    pub(crate) fn has_identities(&self) -> bool {
        self.policy.identities.is_some()
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Whether there is any name that its anchors may not vouch for.
    pub(crate) fn is_restricted(&self) -> bool {
        !self.permitted.is_empty() || !self.excluded.is_empty()
    }

    /// The bases of the permitted subtrees (RFC 5280 §6.1.1 (h)).
    pub(crate) fn permitted(&self) -> impl Iterator<Item = GeneralName<'_>> {
        bases(&self.permitted)
    }

    /// The bases of the excluded subtrees (RFC 5280 §6.1.1 (i)).
    pub(crate) fn excluded(&self) -> impl Iterator<Item = GeneralName<'_>> {
        bases(&self.excluded)
    }

    /// What is asked of its clients under a policy.
    pub(crate) fn policy_under<'p>(&self, policy: &'p ClientPolicy) -> Cow<'p, ClientPolicy> {
        self.policy.over(policy)
    }
}

/// The anchors of a bundle.
#[cfg(feature = "spiffe")]
fn store_of(bundle: &crate::spiffe::Bundle) -> Result<TrustStore, crate::StoreError> {
    let name = bundle.trust_domain().as_str();
    let mut builder = TrustStore::builder();
    for anchor in bundle.anchors() {
        builder.add_ca_der(super::Source::new(anchor).labelled(name))?;
    }
    match bundle.anchors().len() {
        0 => Ok(TrustStore::empty()),
        _ => builder.build(),
    }
}

/// A bundle that does not renew a scope.
#[cfg(feature = "spiffe")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBundle {
    /// It is not for this scope.
    #[error(transparent)]
    Scope(#[from] InvalidScope),
    /// A CA certificate that no store takes.
    #[error(transparent)]
    Store(#[from] crate::StoreError),
}

fn bases(subtrees: &[Subtree]) -> impl Iterator<Item = GeneralName<'_>> {
    // A subtree is well-formed, or it would not be there.
    subtrees
        .iter()
        .filter_map(|subtree| subtree_base(subtree.der()))
}

/// A scope that does not go into a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scope {}: {problem}", ShortText(scope))]
pub struct InvalidScope {
    scope: String,
    problem: ScopeProblem,
}

impl InvalidScope {
    pub(super) fn new(scope: &str, problem: ScopeProblem) -> Self {
        let scope = scope.to_owned();
        Self { scope, problem }
    }

    /// The name of the scope, as it was given.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// What is wrong.
    pub fn problem(&self) -> ScopeProblem {
        self.problem
    }
}

/// Why a scope does not go into a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeProblem {
    /// Its name is empty, longer than 255 bytes, or has a control character.
    #[error("a name has 1 to 255 bytes, and no control character")]
    Name,
    /// Its store has scopes itself.
    #[error("a store with scopes cannot be that of a scope")]
    Nested,
    /// The store has a scope of this name already.
    #[error("the store has a scope of this name already")]
    Duplicate,
    /// The store has another scope of this trust domain.
    #[error("a trust domain has one scope, and a scope stays that of its trust domain")]
    TrustDomain,
    /// It has more than 1,024 subtrees, which each of its clients would have to pay for.
    #[error("it has more than 1,024 subtrees")]
    Subtrees,
}
