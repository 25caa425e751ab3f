//! What a server trusts and asks for, and the honest chain beside which others are dear.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use mtls_verify::policy::{
    CertificatePolicies, ExplicitPolicy, Profile, RevocationPolicy, SignatureAlgorithms,
};
use mtls_verify::{ClientPolicy, DenyList, TrustStore};
use serde::{Deserialize, Serialize};
use testpki::{
    Cert, Crl, DistributionPoint, Extension, GeneralName, IssuingDistributionPoint, Key, KeyUsage,
    key, oid,
};

use super::price;
use crate::pki::{ca, name, pseudo_random};
use crate::{KeyKind, NOW};

/// The policy that honest certificates have.
pub(super) const HONEST_POLICY: &str = "1.3.6.1.4.1.32473.2.1";
/// Where honest certificates say that their CRL is.
pub(super) const HONEST_POINT: &str = "http://crl.example/issuing.crl";
/// The name of who signs CRLs and is no CA.
pub(super) const CRL_SIGNER: &str = "CRL Signer";
/// How many of many anchors have keys for which signatures cost what they cost; the limit on
/// signatures is below it.
const REAL_KEYS: u32 = 24;

/// Whether the anchors have one name, as after renewals with a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Names {
    /// They do.
    Equal,
    /// Each has its own.
    Different,
}

/// Whether anchors say which key signed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Anchoring {
    /// They have an authorityKeyIdentifier.
    Identified,
    /// They have none, so that the profile `Rfc5280` has to find out whether they are self-signed.
    Unidentified,
}

/// What the server asks for beyond the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// An explicit policy.
    Policies,
    /// The revocation status of the whole path, by CRLs of the store.
    Revocation,
    /// The same, and the CRL about clients is issued by a CRL signer apart from the CAs.
    SeparateCrls,
    /// Nothing, but the anchors have name constraints of every form.
    Constraints,
    /// Nothing, but the store has a deny list.
    Denies,
}

/// A store and a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct World {
    /// The keys of the anchors.
    pub key: KeyKind,
    /// How many anchors there are.
    pub anchors: u32,
    /// Whether their names are equal.
    pub names: Names,
    /// Whether they have authorityKeyIdentifiers.
    pub anchoring: Anchoring,
    /// Whether the profile is `Rfc5280`.
    pub is_strict: bool,
    /// What the server asks for.
    pub asks: Asks,
}

impl World {
    /// One anchor with a key of this kind, and the default policy.
    pub const fn new(key: KeyKind) -> Self {
        Self {
            key,
            anchors: 1,
            names: Names::Different,
            anchoring: Anchoring::Identified,
            is_strict: false,
            asks: Asks::Nothing,
        }
    }

    /// The first anchor.
    pub(super) fn root(&self) -> Cert {
        self.anchor(0, &self.key.key("root"))
    }

    /// The one intermediate that the first anchor issued.
    pub(super) fn issuing(&self) -> Cert {
        let issuing = ca("Issuing CA", &self.key.key("issuing")).issued_by(&self.root());
        self.with_what_is_asked(issuing)
    }

    /// The honest client.
    fn client(&self) -> Cert {
        let key = self.key.key("client");
        let client = Cert::client("device-7", &key).subject(name("device-7"));
        self.with_what_is_asked(client.issued_by(&self.issuing()))
    }

    /// `certificate` with a policy or a distribution point, if the server asks for that.
    pub(super) fn with_what_is_asked(&self, certificate: Cert) -> Cert {
        match self.asks {
            Asks::Policies => {
                certificate.extension(Extension::certificate_policies(&[HONEST_POLICY]))
            }
            Asks::Revocation => {
                let point = DistributionPoint::uri(HONEST_POINT);
                certificate.extension(Extension::crl_distribution_points(&[point]))
            }
            Asks::SeparateCrls => {
                let signer = [GeneralName::directory(&name(CRL_SIGNER))];
                let point = DistributionPoint::uri(HONEST_POINT).crl_issuer(&signer);
                certificate.extension(Extension::crl_distribution_points(&[point]))
            }
            Asks::Nothing | Asks::Constraints | Asks::Denies => certificate,
        }
    }

    /// Who signs the CRL about clients and CAs, if it is none of the CAs.
    fn crl_signer(&self) -> Cert {
        let key = self.key.key("crl signer");
        let signer = Cert::client("any", &key).subject(name(CRL_SIGNER));
        signer
            .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
            .not_after("2040-01-01T00:00:00Z")
            .issued_by(&self.root())
    }

    /// The anchor of a number; `root` is the key of the first.
    fn anchor(&self, number: u32, root: &Key) -> Cert {
        let subject = match (self.names, number) {
            (Names::Equal, _) | (_, 0) => name("Root CA"),
            _ => name(&format!("Root CA {number:06}")),
        };
        let key = match number {
            1..REAL_KEYS => self.key.key(&format!("anchor {number}")),
            _ => root.clone(),
        };
        let mut anchor = ca("any", &key).subject(subject);
        // There are no keys to sign with for so many.
        if number >= REAL_KEYS || self.key == KeyKind::Rsa2048 && number > 0 {
            let spki = self.random_spki(number);
            anchor = anchor
                .extension(Extension::subject_key_identifier(&key::key_identifier(
                    &spki,
                )))
                .spki(spki)
                .raw_signature(super::forge::signature(self.key, number.into()));
        }
        if self.anchoring == Anchoring::Identified {
            let identifier = key::key_identifier(anchor.spki_der());
            anchor = anchor.extension(Extension::authority_key_identifier(&identifier));
        }
        match self.asks {
            Asks::Policies => anchor.extension(Extension::certificate_policies(&[oid::ANY_POLICY])),
            Asks::Constraints => anchor.extension(constraints()),
            _ => anchor,
        }
    }

    /// A key that nobody has.
    fn random_spki(&self, number: u32) -> Vec<u8> {
        let number = u64::from(number);
        let point = |octets: usize| [&[4], &pseudo_random(number, octets)[..]].concat();
        match self.key {
            KeyKind::P384 => key::ec_spki(oid::P384, &point(96)),
            KeyKind::Rsa2048 => {
                let mut modulus = pseudo_random(number, 256);
                modulus[0] |= 0x80;
                modulus[255] |= 1;
                key::rsa_spki(&modulus, &[1, 0, 1])
            }
            _ => key::ec_spki(oid::P256, &point(64)),
        }
    }

    fn anchors(&self) -> impl Iterator<Item = Vec<u8>> {
        let root = self.key.key("root");
        (0..self.anchors).map(move |number| self.anchor(number, &root).der())
    }

    fn policy(&self) -> ClientPolicy {
        let policy =
            ClientPolicy::default().with_signatures(SignatureAlgorithms::new(price::algorithms()));
        let policy = match self.is_strict {
            true => policy.with_profile(Profile::Rfc5280),
            false => policy,
        };
        match self.asks {
            Asks::Policies => {
                let asked = CertificatePolicies::default();
                policy
                    .with_certificate_policies(asked.with_explicit_policy(ExplicitPolicy::Required))
            }
            Asks::Revocation => policy.with_revocation(RevocationPolicy::whole_path()),
            Asks::SeparateCrls => policy.with_revocation(RevocationPolicy::client_only()),
            Asks::Nothing | Asks::Constraints | Asks::Denies => policy,
        }
    }

    fn material(&self) -> Material {
        let issuing = self.issuing();
        let crls = match self.asks {
            Asks::Revocation => {
                let point = IssuingDistributionPoint::uri(HONEST_POINT);
                let of_issuing = Crl::of(&issuing).point(&point);
                vec![Crl::of(&self.root()).der(), of_issuing.der()]
            }
            Asks::SeparateCrls => {
                let point = IssuingDistributionPoint::uri(HONEST_POINT).indirect();
                vec![Crl::of(&self.crl_signer()).point(&point).der()]
            }
            _ => Vec::new(),
        };
        Material {
            anchors: self.anchors().collect(),
            // The CRL signer's certificate is with the clients, which present it.
            intermediates: match self.asks {
                Asks::Revocation => vec![issuing.der()],
                _ => Vec::new(),
            },
            crls,
            honest: self.honest(),
        }
    }

    fn store(&self, material: &Material) -> TrustStore {
        let mut builder = TrustStore::builder();
        builder.crl_signatures(SignatureAlgorithms::new(price::algorithms()));
        for der in &material.anchors {
            let der = CertificateDer::from(der.as_slice());
            builder.add_ca_der(&der).expect("a good CA");
        }
        for der in &material.intermediates {
            let der = CertificateDer::from(der.as_slice());
            builder.add_intermediate_der(&der).expect("a good CA");
        }
        for der in &material.crls {
            let der = CertificateRevocationListDer::from(der.as_slice());
            builder.add_crl_der(&der).expect("a good CRL");
        }
        if self.asks == Asks::Denies {
            let denied = DenyList::new()
                .with_certificate_sha256([7; 32])
                .with_key_sha256([7; 32])
                .with_serial(name("Issuing CA").der(), &[7])
                .expect("a good serial number");
            builder.deny(denied);
        }
        builder.build().expect("a good store")
    }

    /// A client below one intermediate, and a CRL signer if there is one.
    pub(super) fn honest(&self) -> Vec<Vec<u8>> {
        let mut honest = vec![self.client().der(), self.issuing().der()];
        if self.asks == Asks::SeparateCrls {
            honest.push(self.crl_signer().der());
        }
        honest
    }
}

/// Constraints of every form, as a large organisation might have them.
fn constraints() -> Extension {
    let permitted = [
        GeneralName::dns("example"),
        GeneralName::uri(".example"),
        GeneralName::email(".example"),
        GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]),
        GeneralName::directory(&testpki::Name::new(&[testpki::Attribute::country("DE")])),
    ];
    let excluded = (0..16).flat_map(|number| {
        [
            GeneralName::dns(&format!("lab-{number}.example")),
            GeneralName::directory(&name(&format!("Lab {number}"))),
        ]
    });
    let excluded: Vec<_> = excluded.map(|base| Extension::subtree(&base)).collect();
    Extension::name_constraints(&permitted.map(|base| Extension::subtree(&base)), &excluded)
}

/// All that is signed in a world, encoded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Material {
    anchors: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    honest: Vec<Vec<u8>>,
}

/// A store, a policy and their honest chain.
pub struct Premises {
    world: World,
    material: Material,
    store: TrustStore,
    policy: ClientPolicy,
    honest: Vec<CertificateDer<'static>>,
}

thread_local! {
    static BUILT: RefCell<BTreeMap<World, Rc<Premises>>> = const { RefCell::new(BTreeMap::new()) };
}

impl Premises {
    /// Those of a world, built once.
    pub(super) fn of(world: World) -> Rc<Self> {
        let known = BUILT.with_borrow(|built| built.get(&world).cloned());
        known.unwrap_or_else(|| {
            // How strict a policy is makes no other store.
            let lenient = World {
                is_strict: false,
                ..world
            };
            match world.is_strict {
                true => {
                    let lenient = Self::of(lenient);
                    Self::keep(world, lenient.store.clone(), lenient.material.clone())
                }
                false => Self::made_of(world, world.material()),
            }
        })
    }

    /// Those of a world whose material was made before.
    pub(super) fn made_of(world: World, material: Material) -> Rc<Self> {
        Self::keep(world, world.store(&material), material)
    }

    fn keep(world: World, store: TrustStore, material: Material) -> Rc<Self> {
        let premises = Rc::new(Self {
            store,
            policy: world.policy(),
            honest: material
                .honest
                .iter()
                .cloned()
                .map(CertificateDer::from)
                .collect(),
            material,
            world,
        });
        BUILT.with_borrow_mut(|built| built.insert(world, Rc::clone(&premises)));
        premises
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }

    /// What they were made of.
    pub fn world(&self) -> World {
        self.world
    }

    /// A name for what they were made of, without spaces.
    pub fn name(&self) -> String {
        let World {
            key,
            anchors,
            names,
            anchoring,
            is_strict,
            asks,
        } = self.world;
        let mut name = format!("{}-{anchors}", key.name());
        let parts = [
            (names == Names::Equal && anchors > 1).then_some("equal"),
            (anchoring == Anchoring::Unidentified).then_some("unidentified"),
            is_strict.then_some("rfc5280"),
            match asks {
                Asks::Nothing => None,
                Asks::Policies => Some("policies"),
                Asks::Revocation => Some("revocation"),
                Asks::SeparateCrls => Some("separate-crls"),
                Asks::Constraints => Some("constraints"),
                Asks::Denies => Some("denies"),
            },
        ];
        for part in parts.into_iter().flatten() {
            name.push('-');
            name.push_str(part);
        }
        name
    }

    /// The store.
    pub fn store(&self) -> &TrustStore {
        &self.store
    }

    /// The policy, with the algorithms of [`price::algorithms`].
    pub fn policy(&self) -> &ClientPolicy {
        &self.policy
    }

    /// When chains are verified.
    pub fn now(&self) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(NOW))
    }

    /// A client below one intermediate.
    pub fn honest(&self) -> &[CertificateDer<'static>] {
        &self.honest
    }

    /// The anchors, encoded.
    pub fn anchors(&self) -> &[Vec<u8>] {
        &self.material.anchors
    }
}

/// A key that a stranger has.
pub(super) fn strangers_key(number: usize) -> Key {
    Key::p256(&format!("stranger {number}"))
}
