//! A PKI as RFC 5280 §6.1 looks at it: names are numbers, keys are numbers, and who signed what is
//! known. [`Encoder`] makes real certificates of it; the rules never see those.

use mtls_verify::ClientPolicy;
use testpki::{
    Attribute, Cert, Crl, Extension, Key, KeyUsage, Name, StringType, Time, Version, oid,
};

/// Everything that one verification depends on but the time.
#[derive(Debug)]
pub(crate) struct Pki {
    pub(crate) client: Certificate,
    /// What the client presents after its own certificate.
    pub(crate) presented: Vec<Certificate>,
    pub(crate) anchors: Vec<Certificate>,
    /// Those of the store.
    pub(crate) intermediates: Vec<Certificate>,
    pub(crate) policy: ClientPolicy,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Certificate {
    /// No two certificates of a PKI share it: it stands for the certificate.
    pub(crate) serial: [u8; 2],
    pub(crate) version: Version,
    pub(crate) subject: Spelled,
    pub(crate) issuer: Spelled,
    pub(crate) key: usize,
    /// The key that made the signature, whatever issuer is named.
    pub(crate) signed_by: usize,
    pub(crate) is_signature_broken: bool,
    /// Both ends are part of it.
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
    pub(crate) basic_constraints: BasicConstraints,
    /// The usages, if it has the extension.
    pub(crate) key_usage: Option<&'static [KeyUsage]>,
    /// The purposes of its extended key usage, if it has the extension.
    pub(crate) purposes: Option<&'static [&'static str]>,
    pub(crate) has_unknown_critical_extension: bool,
    /// Right, wrong or not there: no rule looks at them.
    pub(crate) subject_key_id: Option<u8>,
    pub(crate) authority_key_id: Option<u8>,
}

/// A name, and one of the ways to write it, all of which are equal by RFC 5280 §7.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spelled {
    pub(crate) name: usize,
    pub(crate) spelling: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BasicConstraints {
    Absent,
    EndEntity,
    Ca { path_len: Option<u64> },
}

impl Certificate {
    /// RFC 5280 §3.2: one name for both, whatever the keys.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject.name == self.issuer.name
    }

    /// Whether it says of itself that it is a CA's, as only version 3 can.
    pub(crate) fn says_it_is_a_ca(&self) -> bool {
        self.version == Version::V3 && matches!(self.basic_constraints, BasicConstraints::Ca { .. })
    }
}

/// Makes certificates of models. Keys and names are made once: they cost more than a signature.
pub(crate) struct Encoder {
    keys: Vec<Key>,
    /// For each name its spellings.
    names: Vec<Vec<Name>>,
}

impl Encoder {
    pub(crate) const NAMES: usize = 4;
    pub(crate) const SPELLINGS: usize = 4;
    pub(crate) const KEYS: usize = 4;
    /// The key on P-256. The others are Ed25519 keys.
    const P256: usize = 1;

    /// The common names of CAs, in their first spelling.
    pub(crate) const COMMON_NAMES: [&str; Self::NAMES] =
        ["alpha ca", "beta ca", "gamma ca", "delta ca"];

    pub(crate) fn new() -> Self {
        let names = Self::COMMON_NAMES;
        // Two kinds of key, so that some signatures cannot even be tried with the key of an issuer.
        let key = |at| match at {
            Self::P256 => Key::p256("oracle 1"),
            _ => Key::ed25519(&format!("oracle {at}")),
        };
        let keys: Vec<Key> = (0..Self::KEYS).map(key).collect();
        assert_eq!(names.len(), Self::NAMES);
        Self {
            keys,
            names: names.iter().map(|name| spellings(name)).collect(),
        }
    }

    /// Whether two keys have the same algorithm.
    #[allow(dead_code, reason = "the comparison with OpenSSL asks")]
    pub(crate) fn have_same_algorithm(one: usize, other: usize) -> bool {
        (one == Self::P256) == (other == Self::P256)
    }

    /// A CRL in a name, with a key, yet to be signed.
    pub(crate) fn crl(&self, issuer: usize, signed_by: usize) -> Crl {
        let name = self.names[issuer][0].clone();
        Crl::of(&Cert::bare(name, &self.keys[signed_by]))
    }

    /// The certificate, yet to be signed.
    pub(crate) fn template(&self, certificate: &Certificate) -> Cert {
        let named = |name: Spelled| self.names[name.name][name.spelling].clone();
        let template = Cert::bare(named(certificate.subject), &self.keys[certificate.key])
            .version(certificate.version)
            .serial(&certificate.serial)
            .issuer(named(certificate.issuer))
            .signed_by(&self.keys[certificate.signed_by])
            .not_before_time(Time::unix(certificate.not_before))
            .not_after_time(Time::unix(certificate.not_after));
        let template = match certificate.is_signature_broken {
            true => template.flip_signature_bit(),
            false => template,
        };
        extensions(certificate)
            .into_iter()
            .fold(template, Cert::extension)
    }
}

fn spellings(name: &str) -> Vec<Name> {
    let spaced = format!(" {}  ", name.replace(' ', "  "));
    let printable = Attribute::new(oid::COMMON_NAME, StringType::Printable, name);
    let spellings = vec![
        Name::cn(name),
        Name::cn(&name.to_uppercase()),
        Name::cn(&spaced),
        Name::new(&[printable]),
    ];
    assert_eq!(spellings.len(), Encoder::SPELLINGS);
    spellings
}

fn extensions(certificate: &Certificate) -> Vec<Extension> {
    let basic_constraints = match certificate.basic_constraints {
        BasicConstraints::Absent => None,
        BasicConstraints::EndEntity => Some(Extension::basic_constraints(false, None)),
        BasicConstraints::Ca { path_len } => Some(Extension::basic_constraints(true, path_len)),
    };
    let identifier = |id: Option<u8>| id.map(|id| [id]);
    [
        basic_constraints,
        certificate.key_usage.map(Extension::key_usage),
        certificate.purposes.map(Extension::extended_key_usage),
        certificate
            .has_unknown_critical_extension
            .then(|| Extension::unknown().critical()),
        identifier(certificate.subject_key_id).map(|id| Extension::subject_key_identifier(&id)),
        identifier(certificate.authority_key_id).map(|id| Extension::authority_key_identifier(&id)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
