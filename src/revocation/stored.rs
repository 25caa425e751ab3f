//! The paths of a store's own certificates that may have signed CRLs.
//!
//! They are found once, while loading: a CA that has changed its key twenty times, each key
//! certified by the one before, has twenty certificates between its newest CRL and its anchor, and
//! no client pays for that.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;

use pki_types::SignatureVerificationAlgorithm;

use super::crls::CERTIFICATES_TRIED;
use crate::certificates::CertificateSet;
use crate::policy::SignatureAlgorithms;
use crate::x509::Certificate;

/// What is known of the certificates of a store that have the name of a CRL's issuer, and of those
/// above them.
#[derive(Default)]
pub(crate) struct StoredSigners {
    /// Of each such certificate, paths of certificates of the store, by their indices: itself
    /// first, an anchor last. One for each anchor, the shortest first.
    paths: BTreeMap<u32, Vec<Box<[u32]>>>,
    /// Those of which not all paths were looked for, as there are too many.
    incomplete: BTreeSet<u32>,
    /// Of each certificate that was looked at, all that issued it.
    issuers: BTreeMap<u32, Vec<u32>>,
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// To how many anchors paths are kept.
const ANCHORS: usize = 64;

/// Over how many certificates a path is looked for, and over how many steps between them.
const CERTIFICATES: usize = 1_024;
const STEPS: usize = 4_096;

impl StoredSigners {
    pub(super) fn finder<'a>(
        certificates: &'a CertificateSet,
        algorithms: &'a SignatureAlgorithms,
    ) -> Finder<'a> {
        Finder {
            certificates,
            algorithms,
            found: Self::default(),
            unknown: BTreeSet::new(),
        }
    }

    /// Whether all paths of a certificate of the store were looked for.
    pub(crate) fn knows(&self, index: u32) -> bool {
        self.paths.contains_key(&index) && !self.incomplete.contains(&index)
    }

    /// The paths of a certificate of the store, the shortest first.
    pub(crate) fn paths(&self, index: u32) -> impl Iterator<Item = &[u32]> {
        let paths = self.paths.get(&index).map_or(&[][..], Vec::as_slice);
        paths.iter().map(|path| &**path)
    }

    /// Whether one certificate of the store signed another one, by the algorithms that the CRLs
    /// were loaded with; `None` where that was not found out.
    pub(crate) fn link(&self, (child, issuer): (u32, u32)) -> Option<bool> {
        let issuers = self.issuers.get(&child)?;
        Some(issuers.contains(&issuer))
    }
}

/// Finds the paths of certificates of a store, and verifies each signature once.
pub(super) struct Finder<'a> {
    certificates: &'a CertificateSet,
    algorithms: &'a SignatureAlgorithms,
    found: StoredSigners,
    /// Certificates that too many others may have issued.
    unknown: BTreeSet<u32>,
}

impl Finder<'_> {
    /// Finds the paths of a certificate, and tells whether there is one.
    pub(super) fn add(&mut self, index: u32) -> bool {
        if let Some(paths) = self.found.paths.get(&index) {
            return !paths.is_empty();
        }
        let (paths, is_complete) = self.find(index);
        if !is_complete {
            self.found.incomplete.insert(index);
        }
        let has_path = !paths.is_empty();
        self.found.paths.insert(index, paths);
        has_path
    }

    pub(super) fn finish(self) -> StoredSigners {
        self.found
    }

    /// The shortest paths to anchors, breadth first; and whether there are no others.
    fn find(&mut self, start: u32) -> (Vec<Box<[u32]>>, bool) {
        let mut paths = Vec::new();
        let (mut is_complete, mut steps) = (true, 0usize);
        // Each certificate that was met, with the one below it.
        let mut below = BTreeMap::from([(start, None)]);
        let mut waiting = VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            if self.certificates.is_anchor(at) {
                paths.push(path_from(start, at, &below));
                if paths.len() >= ANCHORS {
                    is_complete = false;
                    break;
                }
                // Another anchor may have certified the one that the path begins with.
                if at != start {
                    continue;
                }
            }
            let issuers = self.issuers_of(at);
            is_complete &= issuers.is_some();
            for issuer in issuers.unwrap_or_default() {
                steps = steps.saturating_add(1);
                if steps > STEPS {
                    return (paths, false);
                }
                if below.contains_key(&issuer) {
                    // There is another way to it, which is not looked for.
                    is_complete = false;
                    continue;
                }
                if below.len() >= CERTIFICATES {
                    is_complete = false;
                    break;
                }
                below.insert(issuer, Some(at));
                waiting.push_back(issuer);
            }
        }
        (paths, is_complete)
    }

    /// The certificates of the store that issued one of them; `None` where there are too many to
    /// find out.
    fn issuers_of(&mut self, child: u32) -> Option<Vec<u32>> {
        if let Some(known) = self.found.issuers.get(&child) {
            return Some(known.clone());
        }
        if self.unknown.contains(&child) {
            return None;
        }
        let issuers = self.find_issuers(child);
        match &issuers {
            Some(issuers) => {
                self.found.issuers.insert(child, issuers.clone());
            }
            None => {
                self.unknown.insert(child);
            }
        }
        issuers
    }

    /// `None` where there are too many to find out.
    fn find_issuers(&self, child: u32) -> Option<Vec<u32>> {
        let set = self.certificates;
        let certificate = set.get(child);
        let name = set.issuer(child);
        let all = set.with_subject(name);
        // Those whose key the certificate names come first.
        let named = match certificate.authority_key_id() {
            key_id @ Some(_) => set.with_key_id(name, key_id),
            None => all.start..all.start,
        };
        let others = (all.start..named.start).chain(named.end..all.end);
        let candidates = named.chain(others).filter_map(|place| set.at(place));

        if all.len() == 1 && set.at(all.start) == Some(child) {
            return Some(Vec::new());
        }
        if all.len() > CERTIFICATES_TRIED {
            return None;
        }
        let signature = certificate.signature_algorithm();
        if !self.algorithms.has_signature_algorithm(signature) {
            return None;
        }
        // A signature does not name one key, so that each key is tried, once.
        let mut issuers = Vec::new();
        let mut tried = BTreeMap::new();
        for candidate in candidates {
            let issuer = set.get(candidate);
            let is_issuer = match tried.get(issuer.spki()) {
                Some(known) => *known,
                None => {
                    let algorithm = self.algorithm(certificate, issuer);
                    let holds = algorithm
                        .is_some_and(|algorithm| is_signed(certificate, issuer, algorithm));
                    tried.insert(issuer.spki(), holds);
                    holds
                }
            };
            // One that signed itself is nobody's.
            if is_issuer && candidate != child {
                issuers.push(candidate);
            }
        }
        Some(issuers)
    }

    fn algorithm(&self, child: Certificate<'_>, issuer: Certificate<'_>) -> Option<Algorithm> {
        let key = issuer.public_key().algorithm;
        self.algorithms.find(child.signature_algorithm(), key)
    }
}

fn is_signed(child: Certificate<'_>, issuer: Certificate<'_>, algorithm: Algorithm) -> bool {
    let key = issuer.public_key().bits;
    let verified = algorithm.verify_signature(key, child.tbs(), child.signature());
    verified.is_ok()
}

/// The path from `start` up to `end`.
fn path_from(start: u32, end: u32, below: &BTreeMap<u32, Option<u32>>) -> Box<[u32]> {
    let mut path = Vec::from([end]);
    let mut at = end;
    while at != start
        && let Some(Some(next)) = below.get(&at)
    {
        at = *next;
        path.push(at);
    }
    path.reverse();
    path.into()
}

#[cfg(test)]
mod tests {
    use pki_types::{CertificateDer, CertificateRevocationListDer};
    use testpki::{Cert, Crl, Key};

    use super::*;
    use crate::TrustStore;

    /// 64 CAs of one name, each issued by all of `issuers`, are as many steps as are taken.
    #[test]
    fn paths_of_signers_end_after_so_many_steps() {
        let is_found = |issuers: u8| {
            let upper = Cert::ca("Upper", &Key::ed25519("upper"));
            let middle = Cert::ca("Middle", &Key::ed25519("middle"));
            let signer = Cert::ca("Signer", &Key::ed25519("signer")).issued_by(&middle);
            let stranger = Cert::ca("Stranger", &Key::ed25519("stranger"));
            let uppers = (1..issuers).map(|n| upper.clone().issued_by(&stranger).serial(&[n]));
            let middles = (1..=64).map(|n| middle.clone().issued_by(&upper).serial(&[n]));
            let mut builder = TrustStore::builder();
            builder
                .add_ca_der(&CertificateDer::from(upper.der()))
                .unwrap()
                .add_crl_der(&CertificateRevocationListDer::from(Crl::of(&signer).der()))
                .unwrap();
            for cert in uppers.chain(middles).chain([signer.clone()]) {
                let der = CertificateDer::from(cert.der());
                builder.add_intermediate_der(&der).unwrap();
            }
            let store = builder.build().unwrap();
            let certificates = store.certificates();
            let is_signer = |index: &u32| certificates.get(*index).as_bytes() == signer.der();
            let index = (0..).find(is_signer).unwrap();
            store.stored_crls().signers().paths(index).count() == 1
        };
        assert_eq!(64 + 64 * 63, STEPS);
        assert!(is_found(63));
        assert!(!is_found(64));
    }
}
