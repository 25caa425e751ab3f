//! Certificates as the generator describes them, and their DER.

use std::fmt;
use std::sync::LazyLock;

use testpki::{
    Cert, DistributionPoint, Extension, GeneralName, Key, KeyUsage, Name, Reason, oid, time,
};

/// 2026-06-01T00:00:00Z.
pub(crate) const NOW: u64 = 1_780_272_000;

/// The names of a world.
pub(crate) const ROOT: usize = 0;
pub(crate) const OTHER_ROOT: usize = 1;
pub(crate) const ISSUING: usize = 2;
pub(crate) const SUB: usize = 3;
pub(crate) const INDIRECT: usize = 4;
pub(crate) const CLIENT: usize = 5;
/// Of nobody in the world, and no certificate speaks of it.
pub(crate) const STRANGER: usize = 6;

const NAMES: [&str; 7] = [
    "Root CA",
    "Other Root CA",
    "Issuing CA",
    "Sub CA",
    "CRL Authority",
    "client",
    "Stranger CA",
];

/// Keys that certificates of a world have. The two behind them are a stranger's and the client's.
pub(crate) const KEYS: usize = 60;
pub(crate) const STRANGERS_KEY: usize = KEYS;
pub(crate) const CLIENTS_KEY: usize = KEYS + 1;

static ALL_KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    (0..=CLIENTS_KEY)
        .map(|number| Key::hashed(&format!("revocation world {number}")))
        .collect()
});

static ALL_NAMES: LazyLock<Vec<Name>> =
    LazyLock::new(|| NAMES.iter().copied().map(Name::cn).collect());

/// A name and a key by their numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) name: usize,
    pub(crate) key: usize,
}

impl Entity {
    pub(crate) fn key(self) -> &'static Key {
        &ALL_KEYS[self.key]
    }

    pub(crate) fn x501_name(self) -> &'static Name {
        x501_name(self.name)
    }
}

pub(crate) fn x501_name(number: usize) -> &'static Name {
    &ALL_NAMES[number]
}

impl fmt::Debug for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (key {})", NAMES[self.name], self.key)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Ca,
    /// An end-entity certificate with cRLSign.
    Signer,
}

/// Times are days from [`NOW`] on.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) serial: [u8; 2],
    pub(crate) subject: Entity,
    pub(crate) issuer: Entity,
    pub(crate) role: Role,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    /// Whether its keyUsage has cRLSign.
    pub(crate) signs_crls: bool,
    pub(crate) points: Vec<Point>,
    pub(crate) has_key_ids: bool,
}

/// A point of cRLDistributionPoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// The number of its URI.
    pub(crate) uri: Option<usize>,
    pub(crate) reasons: Reasons,
    /// The number of the cRLIssuer's name.
    pub(crate) crl_issuer: Option<usize>,
}

/// A set of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reasons {
    All,
    Compromises,
    Others,
}

impl Reasons {
    /// A bit for each set of which the union is all.
    pub(crate) fn bits(self) -> u8 {
        match self {
            Self::All => 3,
            Self::Compromises => 1,
            Self::Others => 2,
        }
    }

    /// None for all of them.
    pub(crate) fn flags(self) -> Option<Vec<Reason>> {
        let is_compromise = |reason: &Reason| {
            use Reason::{AaCompromise, CaCompromise, KeyCompromise};
            matches!(reason, KeyCompromise | CaCompromise | AaCompromise)
        };
        let flags = Reason::FLAGS.into_iter();
        match self {
            Self::All => None,
            Self::Compromises => Some(flags.filter(is_compromise).collect()),
            Self::Others => Some(flags.filter(|reason| !is_compromise(reason)).collect()),
        }
    }
}

pub(crate) fn uri(number: usize) -> String {
    format!("http://crl.example/{number}")
}

/// So many days from [`NOW`] on, as `YYYY-MM-DDThh:mm:ssZ`.
pub(crate) fn date(days: i64) -> String {
    time::rfc3339(NOW.saturating_add_signed(days * 86_400))
}

impl Certificate {
    /// A good one.
    pub(crate) fn new(serial: [u8; 2], subject: Entity, issuer: Entity, role: Role) -> Self {
        Self {
            serial,
            subject,
            issuer,
            role,
            not_before: -700,
            not_after: 700,
            signs_crls: role != Role::Client,
            points: Vec::new(),
            has_key_ids: true,
        }
    }

    pub(crate) fn is_ca(&self) -> bool {
        self.role == Role::Ca
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let template = match self.role {
            Role::Client => Cert::client("client", self.subject.key())
                .extension(Extension::key_usage(&[KeyUsage::DigitalSignature])),
            Role::Ca => Cert::bare(self.subject.x501_name().clone(), self.subject.key())
                .extension(Extension::basic_constraints(true, None))
                .extension(self.key_usage(KeyUsage::KeyCertSign)),
            Role::Signer => Cert::bare(self.subject.x501_name().clone(), self.subject.key())
                .extension(self.key_usage(KeyUsage::DigitalSignature)),
        };
        let mut template = template
            .without_extension(oid::SUBJECT_KEY_IDENTIFIER)
            .serial(&self.serial)
            .issuer(self.issuer.x501_name().clone())
            .signed_by(self.issuer.key())
            .not_before(&date(self.not_before))
            .not_after(&date(self.not_after));
        if self.has_key_ids {
            let (own, issuers) = (self.subject.key(), self.issuer.key());
            template = template
                .extension(Extension::subject_key_identifier(&own.identifier()))
                .extension(Extension::authority_key_identifier(&issuers.identifier()));
        }
        if !self.points.is_empty() {
            let points: Vec<_> = self.points.iter().map(Point::template).collect();
            template = template.extension(Extension::crl_distribution_points(&points));
        }
        template.der()
    }

    fn key_usage(&self, first: KeyUsage) -> Extension {
        match self.signs_crls {
            true => Extension::key_usage(&[first, KeyUsage::CrlSign]),
            false => Extension::key_usage(&[first]),
        }
    }
}

impl Point {
    fn template(&self) -> DistributionPoint {
        let mut point = match self.uri {
            Some(number) => DistributionPoint::uri(&uri(number)),
            None => DistributionPoint::nameless(),
        };
        if let Some(reasons) = self.reasons.flags() {
            point = point.reasons(&reasons);
        }
        match self.crl_issuer {
            Some(name) => point.crl_issuer(&[GeneralName::directory(x501_name(name))]),
            None => point,
        }
    }
}

/// A certificate and its DER.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) model: Certificate,
    pub(crate) der: Vec<u8>,
}

impl From<Certificate> for Made {
    fn from(model: Certificate) -> Self {
        Self {
            der: model.der(),
            model,
        }
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.serial;
        write!(
            f,
            "{:?} {first:02x}{second:02x} {:?}, issued by {:?}, valid {:+}..{:+} days",
            self.role, self.subject, self.issuer, self.not_before, self.not_after
        )?;
        if !self.signs_crls && self.role != Role::Client {
            write!(f, ", without cRLSign")?;
        }
        if !self.has_key_ids {
            write!(f, ", without key identifiers")?;
        }
        for point in &self.points {
            write!(f, ", {point:?}")?;
        }
        Ok(())
    }
}
