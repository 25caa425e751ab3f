//! Certificates and CRLs as the generator describes them, and their DER.

use std::sync::LazyLock;

use testpki::{Cert, Crl, Entry, Extension, GeneralName, IssuingDistributionPoint, Key, Name, oid};

pub(crate) const NAMES: [&str; 7] = [
    "Root CA",
    "Policy CA",
    "Issuing CA",
    "Device CA",
    "Partner CA",
    "Stranger CA",
    "Nobody CA",
];

pub(crate) const KEYS: usize = 16;

/// Keys of CAs; the last one is that of every client.
static ALL_KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    (0..=KEYS)
        .map(|number| Key::ed25519(&format!("small PKI {number}")))
        .collect()
});

/// A name and a key by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entity {
    pub(crate) name: usize,
    pub(crate) key: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) serial: [u8; 2],
    pub(crate) subject: Entity,
    pub(crate) issuer: Entity,
    /// Another key than the issuer's made the signature.
    pub(crate) is_forged: bool,
    pub(crate) role: Role,
    pub(crate) validity: Validity,
    pub(crate) subject_key_id: KeyId,
    pub(crate) authority_key_id: KeyId,
    pub(crate) constraints: Option<Constraints>,
    pub(crate) policies: Policies,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Client,
    Ca { path_len: Option<u64> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    Usual,
    /// Also valid, with other dates.
    Renewed,
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyId {
    Right,
    Absent,
    Wrong,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Constraints {
    Permit(&'static str),
    Exclude(&'static str),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    pub(crate) listed: Vec<&'static str>,
    pub(crate) mappings: Vec<(&'static str, &'static str)>,
    pub(crate) require_explicit: Option<u8>,
    pub(crate) inhibit_any: Option<u64>,
}

impl Certificate {
    pub(crate) fn is_self_signed(&self) -> bool {
        self.subject == self.issuer && !self.is_forged
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let key = &ALL_KEYS[self.subject.key];
        let issuer_key = &ALL_KEYS[self.issuer.key];
        let template = match self.role {
            Role::Client => Cert::client("client", key),
            Role::Ca { path_len } => Cert::ca(NAMES[self.subject.name], key)
                .extension(Extension::basic_constraints(true, path_len)),
        };
        let template = template
            .serial(&self.serial)
            .issuer(Name::cn(NAMES[self.issuer.name]))
            .signed_by(issuer_key);
        let template = match self.validity {
            Validity::Usual => template,
            Validity::Renewed => template.not_before("2026-03-01T00:00:00Z"),
            Validity::Expired => template
                .not_before("2024-01-01T00:00:00Z")
                .not_after("2025-01-01T00:00:00Z"),
        };
        let template = template.without_extension(oid::SUBJECT_KEY_IDENTIFIER);
        let identifiers = [
            identifier(self.subject_key_id, key).map(|id| Extension::subject_key_identifier(&id)),
            identifier(self.authority_key_id, issuer_key)
                .map(|id| Extension::authority_key_identifier(&id)),
        ];
        let constraints = self.constraints.map(Constraints::extension);
        let further = identifiers.into_iter().chain([constraints]).flatten();
        let template = further
            .chain(self.policies.extensions())
            .fold(template, Cert::extension);
        match self.is_forged {
            true => template.flip_signature_bit().der(),
            false => template.der(),
        }
    }
}

fn identifier(id: KeyId, key: &Key) -> Option<Vec<u8>> {
    match id {
        KeyId::Right => Some(key.identifier()),
        KeyId::Absent => None,
        KeyId::Wrong => Some(vec![0xbb; 20]),
    }
}

impl Constraints {
    fn extension(self) -> Extension {
        let subtree = |name| vec![Extension::subtree(&GeneralName::dns(name))];
        match self {
            Self::Permit(name) => Extension::name_constraints(&subtree(name), &[]),
            Self::Exclude(name) => Extension::name_constraints(&[], &subtree(name)),
        }
    }
}

impl Policies {
    fn extensions(&self) -> impl Iterator<Item = Extension> {
        let listed = &self.listed;
        let listed = (!listed.is_empty()).then(|| Extension::certificate_policies(listed));
        let mappings = &self.mappings;
        let mappings =
            (!mappings.is_empty()).then(|| Extension::policy_mappings(mappings).critical());
        let explicit = self.require_explicit;
        let explicit = explicit.map(|skip| Extension::policy_constraints(Some(skip), None));
        let any = self.inhibit_any.map(Extension::inhibit_any_policy);
        [listed, mappings, explicit, any].into_iter().flatten()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct IssuedCrl {
    pub(crate) issuer: Entity,
    pub(crate) number: u64,
    pub(crate) is_stale: bool,
    pub(crate) covers: Covers,
    pub(crate) revoked: Vec<[u8; 2]>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Covers {
    All,
    Users,
    Cas,
}

impl IssuedCrl {
    pub(crate) fn der(&self) -> Vec<u8> {
        let issuer = Cert::bare(
            Name::cn(NAMES[self.issuer.name]),
            &ALL_KEYS[self.issuer.key],
        );
        let crl = Crl::of(&issuer).number(self.number);
        let crl = match self.is_stale {
            true => crl.next_update("2026-02-01T00:00:00Z"),
            false => crl,
        };
        let point = IssuingDistributionPoint::new();
        let crl = match self.covers {
            Covers::All => crl,
            Covers::Users => crl.point(&point.only_user_certs()),
            Covers::Cas => crl.point(&point.only_ca_certs()),
        };
        let entries = self.revoked.iter().map(|serial| Entry::serial(serial));
        entries.fold(crl, Crl::entry).der()
    }
}
