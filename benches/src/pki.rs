//! The certificates that are measured with.

use serde::{Deserialize, Serialize};
use testpki::{Attribute, Cert, Extension, Key, Name, RsaKey, key, oid, pem};

use crate::case::Case;
use crate::signatures::Signature;

/// The kinds of keys that chains are measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyKind {
    /// ECDSA on P-256, SHA-256.
    P256,
    /// ECDSA on P-384, SHA-384.
    P384,
    /// Ed25519.
    Ed25519,
    /// RSA PKCS#1 with 2048 bits, SHA-256.
    Rsa2048,
    /// RSA PKCS#1 with 4096 bits, SHA-256.
    Rsa4096,
}

impl KeyKind {
    /// Each of them, the ones most used first.
    pub const ALL: [Self; 5] = [
        Self::P256,
        Self::P384,
        Self::Ed25519,
        Self::Rsa2048,
        Self::Rsa4096,
    ];

    /// The name that rows and plots have for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Ed25519 => "Ed25519",
            Self::Rsa2048 => "RSA-2048",
            Self::Rsa4096 => "RSA-4096",
        }
    }

    /// A key. Those of RSA are one for all labels: what a signature costs does not depend on which
    /// key it is.
    pub(crate) fn key(self, label: &str) -> Key {
        match self {
            Self::P256 => Key::p256(label),
            Self::P384 => Key::p384(label),
            Self::Ed25519 => Key::ed25519(label),
            Self::Rsa2048 => Key::rsa(RsaKey::Rsa2048A),
            Self::Rsa4096 => Key::rsa(RsaKey::Rsa4096A),
        }
    }
}

/// A client, the CAs above it, and the anchor at the end.
pub struct Pki {
    /// The client first, the anchor last.
    path: Vec<Cert>,
}

impl Pki {
    /// A client at `depth` below its anchor: 1 is directly below it, 2 below one intermediate.
    ///
    /// # Panics
    ///
    /// If `depth` is 0.
    pub fn new(kind: KeyKind, depth: usize) -> Self {
        assert!(depth > 0, "a client is below its anchor");
        let mut path = vec![ca("Root CA", &kind.key("root"))];
        for level in 1..depth {
            let name = format!("Issuing CA {level}");
            let issuing = ca(&name, &kind.key(&name)).issued_by(&path[0]);
            path.insert(0, issuing);
        }
        let client = Cert::client("device-7", &kind.key("client"))
            .subject(name("device-7"))
            .issued_by(&path[0]);
        path.insert(0, client);
        Self { path }
    }

    /// Changes the client's certificate.
    pub fn with_client(mut self, change: impl FnOnce(Cert) -> Cert) -> Self {
        let client = self.path.remove(0);
        self.path.insert(0, change(client));
        self
    }

    /// The CAs above the client, the anchor last.
    pub(crate) fn cas(&self) -> &[Cert] {
        &self.path[1..]
    }

    /// What the client presents: all but the anchor.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        let (_, presented) = self.path.split_last().expect("an anchor");
        presented.iter().map(Cert::der).collect()
    }

    /// The anchor.
    pub fn anchor(&self) -> Vec<u8> {
        self.path.last().expect("an anchor").der()
    }

    /// The signatures of the path.
    pub fn signatures(&self) -> Vec<Signature> {
        let links = self.path.iter().zip(&self.path[1..]);
        links
            .map(|(certificate, issuer)| {
                let issuer = issuer.key().expect("a CA with a key");
                Signature::of(&certificate.der(), issuer.spki())
            })
            .collect()
    }

    /// The chain against its anchor.
    pub fn case(&self) -> Case {
        self.case_among(Vec::new())
    }

    /// The chain against its anchor in the middle of others.
    pub fn case_among(&self, mut anchors: Vec<Vec<u8>>) -> Case {
        anchors.insert(anchors.len() / 2, self.anchor());
        Case::new(&anchors, &self.chain()).with_signatures(self.signatures())
    }

    /// The same with ten of the anchors in each scope.
    pub fn case_in_scopes(&self, mut anchors: Vec<Vec<u8>>) -> Case {
        anchors.insert(anchors.len() / 2, self.anchor());
        self.case().in_scopes(&anchors, 10)
    }
}

/// CAs that have nothing to do with any client: each with a name and a key of its own.
pub struct CaBundle(Vec<Vec<u8>>);

impl CaBundle {
    /// So many CAs. Nobody verifies a trust anchor's signature, and checking that its key is on its
    /// curve is left to who uses it, so that both are made up: 100,000 of them take about a second.
    pub fn new(count: usize) -> Self {
        let template = ca("any", &Key::p256("bundle"));
        let cas = (0..count).map(|number| {
            let octets = pseudo_random(number as u64, 128);
            let mut point = octets[..64].to_vec();
            point.insert(0, 4);
            let spki = key::ec_spki(oid::P256, &point);
            let mut signature = vec![0x30, 68, 0x02, 32];
            signature.extend(
                [
                    &[0x11],
                    &octets[64..95],
                    &[0x02, 32, 0x11],
                    &octets[95..126],
                ]
                .concat(),
            );
            template
                .clone()
                .subject(name(&format!("Device CA {number:06}")))
                .extension(Extension::subject_key_identifier(&octets[108..]))
                .spki(spki)
                .raw_signature(signature)
                .der()
        });
        Self(cas.collect())
    }

    /// Each as DER.
    pub fn into_der(self) -> Vec<Vec<u8>> {
        self.0
    }

    /// All as one PEM text.
    pub fn pem(&self) -> String {
        pem::bundle(&self.0)
    }

    /// The bytes of all as DER.
    pub fn der_bytes(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

/// Chains and stores that are made to be costly.
pub struct Hostile {
    /// What it is.
    pub name: String,
    /// What the server trusts.
    pub anchors: Vec<Vec<u8>>,
    /// What the client presents.
    pub chain: Vec<Vec<u8>>,
}

impl Hostile {
    /// CAs that issue each other in a ring, and a client below one of them. Nothing leads to the
    /// anchor.
    pub fn ring(length: usize) -> Self {
        let key = |number: usize| Key::p256(&format!("ring {}", number % length));
        let ca = |number: usize| ca(&format!("Ring CA {}", number % length), &key(number));
        let ring = (0..length).map(|number| ca(number).issued_by(&ca(number + 1)));
        Self::below(format!("ring of {length} CAs"), &root(), ring.collect())
    }

    /// CAs with one name and a key each, all of them issued by the next one: to a search that goes
    /// by names, each issues all others.
    pub fn namesakes(count: usize, key_ids: KeyIds) -> Self {
        let name = format!("{count} CAs of one name{}", key_ids.suffix());
        Self::below(name, &root(), mesh(count, key_ids))
    }

    /// The same, and the anchor has that name too: every path ends there, with a signature that
    /// does not hold.
    pub fn namesakes_of_anchor(count: usize, key_ids: KeyIds) -> Self {
        let name = format!("{count} CAs with the anchor's name{}", key_ids.suffix());
        let anchor = key_ids.of(ca(MESH, &Key::p256("mesh anchor")));
        Self::below(name, &anchor, mesh(count, key_ids))
    }

    /// Anchors of one name, as after many renewals with a new key, and a client that none of them
    /// issued.
    pub fn anchors_of_one_name(count: usize) -> Self {
        let anchors = (0..count)
            .map(|number| ca(MESH, &Key::p256(&format!("mesh {number}"))))
            .collect::<Vec<_>>();
        let stranger = ca(MESH, &Key::p256("stranger"));
        Self {
            name: format!("{count} anchors of one name"),
            anchors: anchors.iter().map(Cert::der).collect(),
            chain: vec![client_below(&stranger).der()],
        }
    }

    fn below(name: String, anchor: &Cert, cas: Vec<Cert>) -> Self {
        let mut chain = vec![client_below(&cas[0]).der()];
        chain.extend(cas.iter().map(Cert::der));
        Self {
            name,
            anchors: vec![anchor.der()],
            chain,
        }
    }

    /// Both sides of it.
    pub fn case(&self) -> Case {
        Case::new(&self.anchors, &self.chain)
    }
}

/// Whether certificates say which key signed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyIds {
    /// They do.
    Present,
    /// They do not.
    Absent,
}

impl KeyIds {
    fn of(self, certificate: Cert) -> Cert {
        match self {
            Self::Present => certificate,
            Self::Absent => certificate
                .without_extension(oid::SUBJECT_KEY_IDENTIFIER)
                .without_extension(oid::AUTHORITY_KEY_IDENTIFIER),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Present => "",
            Self::Absent => ", no key identifiers",
        }
    }
}

const MESH: &str = "Mesh CA";

fn mesh(count: usize, key_ids: KeyIds) -> Vec<Cert> {
    let ca = |number: usize| ca(MESH, &Key::p256(&format!("mesh {}", number % count)));
    (0..count)
        .map(|number| key_ids.of(ca(number).issued_by(&ca(number + 1))))
        .collect()
}

fn root() -> Cert {
    ca("Root CA", &Key::p256("root"))
}

fn client_below(issuer: &Cert) -> Cert {
    Cert::client("device-7", &Key::p256("client"))
        .subject(name("device-7"))
        .issued_by(issuer)
}

pub(crate) fn ca(common_name: &str, key: &Key) -> Cert {
    Cert::ca(common_name, key).subject(name(common_name))
}

/// A name of the usual size.
pub(crate) fn name(common_name: &str) -> Name {
    Name::new(&[
        Attribute::country("DE"),
        Attribute::organization("Example GmbH"),
        Attribute::common_name(common_name),
    ])
}

/// Octets that are the same on every run, and others for another number (splitmix64).
pub(crate) fn pseudo_random(number: u64, octets: usize) -> Vec<u8> {
    let mut state = number << 32;
    let words = core::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    });
    words.flat_map(u64::to_be_bytes).take(octets).collect()
}
