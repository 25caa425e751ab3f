//! The scopes of a store, and which of them a chain may lead to.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::pinned::PinnedClients;
use super::scope::{InvalidScope, ScopeProblem};
use super::{Scope, TrustStore};
use crate::certificates::CertificateSet;
use crate::identity::Names;
use crate::x509::{Certificate, name_key};

/// The scopes of a store, in the order given.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    all: Vec<Scope>,
    by_name: BTreeMap<Arc<str>, u32>,
    trust_domains: BTreeMap<String, Standing>,
    /// Where CAs are, by the names of their subjects, and a digest of their key identifiers. What
    /// stands in no scope is among them.
    subjects: Index<Option<u64>>,
    /// The same of pinned clients.
    pinned: Index<()>,
    /// Where CRLs are, by the names of their issuers.
    crl_issuers: Index<()>,
}

/// Where in a store something stands: the index of a scope, or [`Standing::UNSCOPED`], which comes
/// after all scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing(u32);

impl Standing {
    pub(crate) const UNSCOPED: Self = Self(u32::MAX);
}

/// The keys of names, where each stands, and what else is known there. Sorted.
#[derive(Debug, Default)]
struct Index<T>(Vec<(u64, Standing, T)>);

impl<T: Copy + Ord> Index<T> {
    fn new(mut entries: Vec<(u64, Standing, T)>) -> Self {
        entries.sort_unstable();
        entries.dedup();
        entries.shrink_to_fit();
        Self(entries)
    }

    fn of(&self, key: u64) -> impl Iterator<Item = (Standing, T)> {
        let start = self.0.partition_point(|(other, ..)| *other < key);
        let from_start = self.0.get(start..).unwrap_or_default();
        let of_key = from_start
            .iter()
            .take_while(move |(other, ..)| *other == key);
        of_key.map(|(_, standing, more)| (*standing, *more))
    }
}

/// A digest of a key identifier (FNV-1a). Two that have the same are only taken for likely.
fn digest_of(key_id: &[u8]) -> u64 {
    key_id.iter().fold(0xcbf2_9ce4_8422_2325, |digest, octet| {
        (digest ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Scopes {
    /// The scopes of a store that has these certificates in no scope.
    pub(super) fn new(
        all: Vec<Scope>,
        certificates: &CertificateSet,
        pinned_clients: &PinnedClients,
    ) -> Self {
        let mut scopes = Self::default();
        let (mut subjects, mut pinned, mut issuers) = (Vec::new(), Vec::new(), Vec::new());
        let mut add = |certificates: &CertificateSet, clients: &PinnedClients, standing| {
            subjects.extend(certificates.iter().map(|certificate| {
                let key_id = certificate.subject_key_id().map(digest_of);
                (name_key(certificate.subject()), standing, key_id)
            }));
            let subjects = clients.iter().map(Certificate::subject);
            pinned.extend(subjects.map(|subject| (name_key(subject), standing, ())));
        };
        for (index, scope) in (0..).zip(&all) {
            let (store, standing) = (scope.store(), Standing(index));
            add(&store.certificates, &store.pinned_clients, standing);
            let of_scope = store.crls.issuers();
            issuers.extend(of_scope.map(|issuer| (name_key(issuer), standing, ())));
            scopes.by_name.insert(scope.shared_name(), index);
            if let Some(domain) = scope.trust_domain() {
                let domain = domain.as_str().to_owned();
                scopes.trust_domains.insert(domain, standing);
            }
        }
        add(certificates, pinned_clients, Standing::UNSCOPED);
        scopes.subjects = Index::new(subjects);
        scopes.pinned = Index::new(pinned);
        scopes.crl_issuers = Index::new(issuers);
        scopes.all = all;
        scopes
    }

    /// Checks that a scope may stand in a store, beside others.
    pub(super) fn check_beside<'s>(
        scope: &Scope,
        mut others: impl Iterator<Item = &'s Scope>,
    ) -> Result<(), InvalidScope> {
        scope.check_size()?;
        let domain = scope.trust_domain();
        match domain.is_some() && others.any(|other| other.trust_domain() == domain) {
            true => Err(InvalidScope::new(scope.name(), ScopeProblem::TrustDomain)),
            false => Ok(()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// In the order given.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Scope> {
        self.all.iter()
    }

    /// The scope of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Scope> {
        self.get(self.standing(name)?)
    }

    pub(crate) fn standing(&self, name: &str) -> Option<Standing> {
        self.by_name.get(name).map(|index| Standing(*index))
    }

    /// `None` of what stands in no scope.
    pub(crate) fn get(&self, Standing(index): Standing) -> Option<&Scope> {
        self.all.get(index as usize)
    }

    /// Where a CA with a subject of this key stands, and whether it may have the key identifier
    /// that is wanted.
    pub(crate) fn with_ca(
        &self,
        subject_key: u64,
        wanted: Option<&[u8]>,
    ) -> impl Iterator<Item = (Standing, bool)> {
        let wanted = wanted.map(digest_of);
        let differs = move |key_id: Option<u64>| match (wanted, key_id) {
            (Some(wanted), Some(key_id)) => wanted != key_id,
            _ => false,
        };
        let cas = self.subjects.of(subject_key);
        cas.map(move |(standing, key_id)| (standing, !differs(key_id)))
    }

    /// Where a client with a subject of this key may be pinned.
    pub(crate) fn with_pinned(&self, subject_key: u64) -> impl Iterator<Item = Standing> {
        self.pinned.of(subject_key).map(|(standing, ())| standing)
    }

    pub(crate) fn pins_any(&self) -> bool {
        !self.pinned.0.is_empty()
    }
}

/// Where in a store with scopes a verification looks for paths.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    whole: &'a TrustStore,
    standing: Standing,
}

impl<'a> Place<'a> {
    pub(crate) fn new(whole: &'a TrustStore, standing: Standing) -> Self {
        Self { whole, standing }
    }

    /// `None` outside of all scopes.
    pub(crate) fn scope(self) -> Option<&'a Scope> {
        self.whole.scopes.get(self.standing)
    }

    /// Whether any scope of the store is that of a trust domain.
    pub(crate) fn has_trust_domains(self) -> bool {
        !self.whole.scopes.trust_domains.is_empty()
    }

    /// Whether the trust domain of this name is another scope's.
    pub(crate) fn is_domain_of_another(self, trust_domain: &str) -> bool {
        let domains = &self.whole.scopes.trust_domains;
        let standing = domains.get(trust_domain);
        standing.is_some_and(|standing| *standing != self.standing)
    }

    /// Which names of its clients are identities.
    pub(crate) fn names(self) -> Names {
        self.scope().map_or(Names::ALL, Scope::names)
    }

    /// What paths may be made of.
    pub(crate) fn store(self) -> &'a TrustStore {
        self.scope().map_or(self.whole, Scope::store)
    }

    /// Whether anything of the whole store may have a CRL.
    pub(crate) fn has_crls(self) -> bool {
        !self.whole.scopes.crl_issuers.0.is_empty() || self.whole.crls().len() > 0
    }

    /// All that may have CRLs by an issuer of this name, in whatever place.
    pub(crate) fn with_crls_of(
        self,
        issuer: &[u8],
    ) -> impl Iterator<Item = (Standing, &'a TrustStore)> {
        let whole = self.whole;
        let unscoped = (whole.crls().len() > 0).then_some((Standing::UNSCOPED, whole));
        let scopes = whole.scopes.crl_issuers.of(name_key(issuer));
        let scopes =
            scopes.filter_map(|(standing, ())| Some((standing, whole.scopes.get(standing)?)));
        scopes
            .map(|(standing, scope)| (standing, scope.store()))
            .chain(unscoped)
    }

    /// The stores whose deny lists bind here: what stands here, and the store as a whole.
    pub(crate) fn denying(self) -> impl Iterator<Item = &'a TrustStore> {
        let here = self.scope().map(Scope::store);
        here.into_iter().chain([self.whole])
    }

    /// Where it is.
    pub(crate) fn standing(self) -> Standing {
        self.standing
    }
}
