//! Real chains with known keys: what an attacker starts from who can have anything signed.

use std::collections::BTreeMap;

use reference::certificate::Certificate;
use reference::crl::Crl;
use reference::model::{Denied, Question};
use reference::signatures::{DEFAULT_ALGORITHMS, Outcome, verify};
use testpki::{Key, SignatureAlgorithm};

use crate::tree::{Content, Tree};

/// The certificates and CRLs of a question as trees, with keys of ours.
#[derive(Clone)]
pub(crate) struct Real {
    /// Each of them once, and the key that signs it.
    pub(crate) trees: Vec<Tree>,
    signers: Vec<Key>,
    /// Where they stand in the question, by index.
    pub(crate) anchors: Vec<usize>,
    pub(crate) intermediates: Vec<usize>,
    pub(crate) pins: Vec<usize>,
    pub(crate) crls: Vec<usize>,
    pub(crate) presented: Vec<usize>,
    /// All else that is asked.
    question: Question,
}

/// What is read of a certificate or CRL before its keys are replaced.
struct Signed {
    der: Vec<u8>,
    issuer: reference::names::Name,
    algorithm: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    certificate: Option<Certificate>,
}

impl Real {
    /// None: something does not parse, or digests are denied, which no longer are those of
    /// anything.
    pub(crate) fn new(question: &Question) -> Option<Self> {
        let denied = &question.denied;
        if !(denied.certificates.is_empty() && denied.keys.is_empty() && denied.signed.is_empty()) {
            return None;
        }
        let mut all: Vec<Signed> = Vec::new();
        let mut indices = |ders: &[Vec<u8>], is_crl: bool| -> Option<Vec<usize>> {
            let index = |der: &Vec<u8>| {
                let known = all.iter().position(|one| one.der == *der);
                let index = known.unwrap_or(all.len());
                if known.is_none() {
                    all.push(Signed::read(der, is_crl)?);
                }
                Some(index)
            };
            ders.iter().map(index).collect()
        };
        let mut real = Self {
            anchors: indices(&question.anchors, false)?,
            intermediates: indices(&question.intermediates, false)?,
            pins: indices(&question.pins, false)?,
            crls: indices(&question.crls, true)?,
            presented: indices(&question.presented, false)?,
            trees: Vec::new(),
            signers: Vec::new(),
            question: Question {
                policy: question.policy.clone(),
                now: question.now,
                denied: Denied {
                    serials: denied.serials.clone(),
                    ..Denied::default()
                },
                ..Question::default()
            },
        };

        let mut keys: BTreeMap<&[u8], Key> = BTreeMap::new();
        let mut identifiers: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
        for one in all.iter().filter_map(|one| one.certificate.as_ref()) {
            let number = keys.len();
            let key = keys
                .entry(&one.spki)
                .or_insert_with(|| Key::ed25519(&format!("resign {number}")));
            if let Some(identifier) = &one.subject_key_id {
                identifiers.insert(identifier, key.identifier());
            }
        }
        for one in &all {
            let is_signer = |other: &&Certificate| {
                other.subject.is_surely(&one.issuer)
                    && verify(
                        DEFAULT_ALGORITHMS,
                        &one.algorithm,
                        &other.spki,
                        &one.tbs,
                        &one.signature,
                    ) == Outcome::Holds
            };
            let mut certificates = all.iter().filter_map(|other| other.certificate.as_ref());
            let signer = certificates.find(is_signer);
            let nobody = || Key::ed25519("resign nobody");
            let signer = signer.map_or_else(nobody, |signer| keys[signer.spki.as_slice()].clone());
            real.signers.push(signer);
            real.trees.push(one.tree(&keys, &identifiers)?);
        }
        Some(real)
    }

    /// What engine and reference are asked: everything signed by its signer.
    pub(crate) fn question(&self) -> Question {
        let write = |(tree, signer): (&Tree, &Key)| {
            tree.write_signed(|message| signer.sign(SignatureAlgorithm::Ed25519, message))
        };
        let all: Vec<Vec<u8>> = self.trees.iter().zip(&self.signers).map(write).collect();
        let of = |indices: &[usize]| indices.iter().map(|index| all[*index].clone()).collect();
        Question {
            anchors: of(&self.anchors),
            intermediates: of(&self.intermediates),
            pins: of(&self.pins),
            crls: of(&self.crls),
            presented: of(&self.presented),
            ..self.question.clone()
        }
    }

    /// The same certificate once more, to be changed by itself; its index.
    pub(crate) fn copy(&mut self, index: usize) -> usize {
        self.trees.push(self.trees[index].clone());
        self.signers.push(self.signers[index].clone());
        self.trees.len() - 1
    }
}

impl Signed {
    fn read(der: &[u8], is_crl: bool) -> Option<Self> {
        let der = der.to_vec();
        if is_crl {
            let crl = Crl::read(&der).ok()?;
            return Some(Self {
                der,
                issuer: crl.issuer,
                algorithm: crl.signature_algorithm,
                tbs: crl.tbs,
                signature: crl.signature,
                certificate: None,
            });
        }
        let certificate = Certificate::read(&der).ok()?;
        Some(Self {
            der,
            issuer: certificate.issuer.clone(),
            algorithm: certificate.signature_algorithm.clone(),
            tbs: certificate.tbs.clone(),
            signature: certificate.signature.clone(),
            certificate: Some(certificate),
        })
    }

    /// The tree, with our algorithm, key and key identifiers, and the signature to be made.
    fn tree(
        &self,
        keys: &BTreeMap<&[u8], Key>,
        identifiers: &BTreeMap<&[u8], Vec<u8>>,
    ) -> Option<Tree> {
        let mut tree = Tree::read(&self.der)?;
        let algorithm = Tree::read(&SignatureAlgorithm::Ed25519.identifier())?;
        let [tbs, signed_by, signature] = tree.inner_mut()?.as_mut_slice() else {
            return None;
        };
        // Not everywhere: an Ed25519 key has the same AlgorithmIdentifier as its signatures.
        for field in tbs.inner_mut()? {
            if field == signed_by {
                field.clone_from(&algorithm);
            }
        }
        *signed_by = algorithm;
        signature.content = Content::Signature;
        if let Some(certificate) = &self.certificate {
            let old = Tree::read(&certificate.spki)?;
            let new = Tree::read(keys[certificate.spki.as_slice()].spki())?;
            tbs.replace(&old, &new);
        }
        for (old, new) in identifiers {
            for tag in [0x04, 0x80] {
                let element = |octets: &[u8]| Tree::new(tag, Content::Octets(octets.to_vec()));
                tree.replace(&element(old), &element(new));
            }
        }
        Some(tree)
    }
}
