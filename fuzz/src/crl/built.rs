//! CRLs that choices build, and what a look-up in them must say.

use std::sync::LazyLock;

use mtls_verify::fuzzing::{ParsedCrl, Said};
use mtls_verify::revocation::RevocationReason;
use testpki::{
    Cert, Crl, Entry, Extension, GeneralName, IssuingDistributionPoint, Key, Name, Reason, Time,
    oid,
};

use super::strongest;
use crate::NOW;
use crate::choices::Bytes;
use crate::mutate::damage;
use crate::random::Choices;

/// A CRL that was built.
pub(super) struct Built {
    pub(super) der: Vec<u8>,
    /// What it says, unless it is damaged.
    pub(super) model: Option<Model>,
}

/// What a CRL says.
pub(super) struct Model {
    is_delta: bool,
    entries: Vec<Listed>,
}

struct Listed {
    /// Which of the CAs in [`NAMES`] issued the certificate.
    issuer: usize,
    serial: Vec<u8>,
    reason: RevocationReason,
    revoked_at: u64,
}

/// Names, and the CA that each belongs to: two names of one CA differ in spelling alone. The first
/// CA issues the CRLs.
static NAMES: LazyLock<[(Name, usize); 5]> = LazyLock::new(|| {
    [
        (Name::cn("CRL Issuer"), 0),
        (Name::cn("crl  ISSUER"), 0),
        (Name::cn("Another CA"), 1),
        (Name::cn("another ca"), 1),
        (Name::cn("Third CA"), 2),
    ]
});

static ISSUER: LazyLock<Cert> = LazyLock::new(|| Cert::ca("CRL Issuer", &Key::ed25519("crl")));

/// Reasons as they are written and as the library has them.
const REASONS: [(Reason, RevocationReason); 10] = [
    (Reason::Unspecified, RevocationReason::Unspecified),
    (Reason::KeyCompromise, RevocationReason::KeyCompromise),
    (Reason::CaCompromise, RevocationReason::CaCompromise),
    (
        Reason::AffiliationChanged,
        RevocationReason::AffiliationChanged,
    ),
    (Reason::Superseded, RevocationReason::Superseded),
    (
        Reason::CessationOfOperation,
        RevocationReason::CessationOfOperation,
    ),
    (Reason::CertificateHold, RevocationReason::CertificateHold),
    (Reason::RemoveFromCrl, RevocationReason::RemoveFromCrl),
    (
        Reason::PrivilegeWithdrawn,
        RevocationReason::PrivilegeWithdrawn,
    ),
    (Reason::AaCompromise, RevocationReason::AaCompromise),
];

/// More entries than one bucket of the library's table holds.
const MOST: usize = 24;

impl Built {
    pub(super) fn new(input: &[u8]) -> Self {
        let mut choices = Bytes::new(input);
        let (template, model) = template(&mut choices);
        let mut der = template.der();
        let damages = choices.pick(&[0, 0, 0, 0, 1, 1, 2]);
        for _ in 0..damages {
            der = damage(&der, &mut choices);
        }
        let model = (damages == 0).then_some(model);
        Self { der, model }
    }
}

fn template(choices: &mut Bytes<'_>) -> (Crl, Model) {
    let crl = Crl::of(&ISSUER)
        .this_update_time(time(choices))
        .next_update_time(time(choices));
    let crl = match choices.percent(10) {
        true => crl.without_next_update(),
        false => crl,
    };
    // Version 1 has no extensions, nor have its entries.
    let is_v2 = !choices.percent(5);
    let is_delta = is_v2 && choices.percent(30);
    let is_indirect = is_v2 && choices.percent(50);
    let mut crl = match is_v2 {
        true => with_extensions(crl, is_delta, is_indirect, choices),
        false => crl.version_1().without_extensions(),
    };
    let (mut entries, mut issuer) = (Vec::new(), 0);
    while choices.percent(90) && entries.len() < MOST {
        let serial = serial(choices);
        let revoked_at = second(choices);
        let mut entry = Entry::serial(&serial).revoked_at_time(Time::unix(revoked_at));
        let mut reason = RevocationReason::Unspecified;
        if is_indirect && choices.percent(30) {
            let (name, ca) = choices.pick(&*NAMES);
            issuer = ca;
            let names = [GeneralName::directory(&name)];
            entry = entry.extension(Extension::certificate_issuer(&names));
        }
        if is_v2 && choices.percent(50) {
            let (written, read) = choices.pick(&REASONS);
            (entry, reason) = (entry.reason(written), read);
        }
        if is_v2 && choices.percent(10) {
            entry = entry.invalidity_date("2025-12-01T00:00:00Z");
        }
        if is_v2 && choices.percent(10) {
            entry = entry.extension(Extension::unknown());
        }
        crl = crl.entry(entry);
        entries.push(Listed {
            issuer,
            serial,
            reason,
            revoked_at,
        });
    }
    if choices.percent(5) {
        crl = crl.with_empty_list();
    }
    (crl, Model { is_delta, entries })
}

fn with_extensions(crl: Crl, is_delta: bool, is_indirect: bool, choices: &mut Bytes<'_>) -> Crl {
    let mut crl = crl.number(choices.below(1_000) as u64);
    if choices.percent(10) {
        crl = crl.without_extension(oid::CRL_NUMBER);
    }
    if choices.percent(10) {
        crl = crl.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
    }
    if choices.percent(10) {
        crl = crl.expired_certs_on_crl(Time::generalized_at("2020-01-01T00:00:00Z"));
    }
    // The library takes no empty list of extensions, and one without these is no CRL of version 2.
    crl = crl.extension(Extension::unknown());
    if is_delta {
        crl = crl.delta(choices.below(1_000) as u64);
    }
    let point = IssuingDistributionPoint::new();
    let point = match choices.below(4) {
        0 => point.only_user_certs(),
        1 => point.only_ca_certs(),
        2 => point.full_name(&[GeneralName::uri("http://crl.example/1")]),
        _ => point,
    };
    match is_indirect {
        true => crl.point(&point.indirect()),
        false if point != IssuingDistributionPoint::new() => crl.point(&point),
        false => crl,
    }
}

fn time(choices: &mut Bytes<'_>) -> Time {
    Time::unix(second(choices))
}

/// Of two days.
fn second(choices: &mut Bytes<'_>) -> u64 {
    NOW - 500 + choices.below(1_000) as u64
}

/// Few are different, so that there are some twice; some are as long as they may be.
fn serial(choices: &mut Bytes<'_>) -> Vec<u8> {
    let first = 1 + choices.below(4) as u8;
    let length = choices.pick(&[1, 1, 1, 2, 3, 8, 9, 20]);
    let mut serial = vec![0x5a; length];
    serial[0] = first;
    serial[length - 1] = 1 + choices.below(8) as u8;
    serial
}

impl Model {
    /// Every look-up says what the entries say that the CRL was built with.
    pub(super) fn check(&self, crl: &ParsedCrl) {
        assert_eq!(crl.is_delta, self.is_delta);
        assert_eq!(crl.entries.len(), self.entries.len());
        let unlisted = vec![0x7f];
        let serials = self.entries.iter().map(|entry| &entry.serial);
        for serial in serials.chain([&unlisted]) {
            for (name, ca) in NAMES.iter() {
                let found = crl.find(name.der(), serial);
                assert_eq!(found, self.find(*ca, serial), "{serial:02x?} of CA {ca}");
            }
        }
    }

    /// As [`ParsedCrl::find`].
    fn find(&self, issuer: usize, serial: &[u8]) -> Said {
        let entries = self.entries.iter();
        let of_it = entries.filter(|entry| entry.issuer == issuer && entry.serial == serial);
        let said = of_it.map(|entry| (entry.reason, entry.revoked_at as i64));
        strongest(self.is_delta, said)
    }
}
