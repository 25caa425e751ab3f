//! Random certificates: CAs on a ladder of names, a client below them, and a little of everything
//! wrong.

use testpki::{
    Attribute, Cert, DistributionPoint, Extension, GeneralName, KeyUsage, Name, Reason, StringType,
    Time, Version, der, oid,
};

use crate::NOW;
use crate::common::Random;

/// What a certificate is made for. It may come to be used otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Client,
    Presented,
    /// An intermediate of the store, which takes only what is a CA's.
    Stored,
    Anchor,
}

/// How many names of CAs there are.
pub(crate) const NAMES: usize = 4;

/// Smart-card logon of Microsoft: a purpose.
pub(crate) const SMART_CARD_LOGON: &str = "1.3.6.1.4.1.311.20.2.2";

/// DICE TcbInfo: an extension that nothing here processes.
pub(crate) const DICE: &str = "2.23.133.5.4.1";

/// Policies that are mapped to each other.
pub(crate) const POLICIES: [&str; 3] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"];

/// URIs of distribution points.
pub(crate) const POINTS: [&str; 2] = ["http://a.example/1.crl", "http://a.example/2.crl"];

/// What the certificates of one PKI have in common.
pub(crate) struct Shape {
    names: usize,
    keys: usize,
    /// How likely each thing that can be wrong with a certificate is, in percent.
    faults: usize,
    /// How likely each extension is that few certificates have, in percent.
    extras: usize,
}

impl Shape {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            names: 2 + random.below(NAMES - 1),
            keys: 2 + random.below(4),
            faults: random.pick(&[0, 1, 4, 10]),
            extras: random.pick(&[0, 0, 15, 40]),
        }
    }

    pub(crate) fn has_few_names(&self) -> bool {
        self.names == 2
    }

    /// The certificate with this number, which is in its serial number.
    pub(crate) fn certificate(&self, kind: Kind, number: u8, random: &mut Random) -> Cert {
        let (subject, issuer) = self.names(kind, random);
        let key = match kind {
            Kind::Client => random.below(self.keys),
            _ => self.key_of(subject, random),
        };
        let signed_by = match subject == issuer && random.percent(50) {
            true => key,
            false => self.key_of(issuer, random),
        };
        let (not_before, not_after) = validity(random);
        let subject_name = match kind {
            Kind::Client => client_name(subject, random),
            _ => name(subject, random),
        };
        let mut cert = Cert::bare(subject_name, &crate::key(key))
            .issuer(name(issuer, random))
            .signed_by(&crate::key(signed_by))
            .serial(&[1 + random.below(0x7e) as u8, number])
            .not_before_time(Time::unix(not_before))
            .not_after_time(Time::unix(not_after));
        if random.percent(3) {
            cert = cert.flip_signature_bit();
        }
        let percent_old = match kind {
            Kind::Anchor => 8,
            Kind::Client | Kind::Presented => 2,
            Kind::Stored => 0,
        };
        if random.percent(percent_old) {
            return cert.version(random.pick(&[Version::V1, Version::V2]));
        }
        let required = self.required(kind, random);
        let key_ids = key_ids(key, signed_by, random);
        let further = self.further(kind != Kind::Client, random);
        let all = required.into_iter().chain(key_ids).chain(further);
        all.fold(cert, Cert::extension)
    }

    /// Most are on a ladder of CAs, from the client up to the anchors. The rest names anyone.
    fn names(&self, kind: Kind, random: &mut Random) -> (usize, usize) {
        let top = self.names - 1;
        let is_on_ladder = random.percent(75);
        let anyone = random.below(self.names);
        let subject = match kind {
            Kind::Anchor if is_on_ladder => top,
            Kind::Presented | Kind::Stored if is_on_ladder => random.below(top),
            _ => anyone,
        };
        let percent_self_issued = match kind {
            Kind::Client => 5,
            Kind::Presented | Kind::Stored => 15,
            Kind::Anchor => 60,
        };
        let issuer = match kind {
            _ if random.percent(percent_self_issued) => subject,
            Kind::Client if is_on_ladder => 0,
            Kind::Presented | Kind::Stored if is_on_ladder => (subject + 1).min(top),
            _ => random.below(self.names),
        };
        (subject, issuer)
    }

    /// Each name has a key that is mostly its own.
    pub(crate) fn key_of(&self, name: usize, random: &mut Random) -> usize {
        match random.percent(15) {
            true => random.below(self.keys),
            false => name % self.keys,
        }
    }

    fn required(&self, kind: Kind, random: &mut Random) -> Vec<Extension> {
        let path_len = match random.percent(25) {
            true => Some(random.below(3) as u64),
            false => None,
        };
        let ca = Some(Extension::basic_constraints(true, path_len));
        let end = Some(Extension::basic_constraints(false, None));
        let basic_constraints = match kind {
            Kind::Client => random.pick(&[None, None, None, end, ca]),
            Kind::Presented if self.is_fault(random) => random.pick(&[None, end]),
            Kind::Presented | Kind::Stored | Kind::Anchor => ca,
        };
        let mut extensions: Vec<Extension> = basic_constraints.into_iter().collect();
        let right: &[KeyUsage] = match kind {
            Kind::Client => &[KeyUsage::DigitalSignature],
            _ => &[KeyUsage::KeyCertSign, KeyUsage::CrlSign],
        };
        let all = [
            KeyUsage::DigitalSignature,
            KeyUsage::KeyCertSign,
            KeyUsage::CrlSign,
        ];
        match random.below(10) {
            _ if self.is_fault(random) => {
                extensions.push(Extension::key_usage(&random.some(&all, 50)));
            }
            0..3 => {}
            3 => extensions.push(Extension::key_usage(&all)),
            _ => extensions.push(Extension::key_usage(right)),
        }
        match random.below(10) {
            _ if self.is_fault(random) => {
                extensions.push(Extension::extended_key_usage(&[oid::SERVER_AUTH]));
            }
            0 => extensions.push(Extension::extended_key_usage(&[
                oid::ANY_EXTENDED_KEY_USAGE,
            ])),
            1 | 2 => extensions.push(Extension::extended_key_usage(&[
                oid::SERVER_AUTH,
                oid::CLIENT_AUTH,
            ])),
            // One alone, where a policy asks for any of several.
            _ => match random.apart().below(20) {
                0 => extensions.push(Extension::extended_key_usage(&[oid::CLIENT_AUTH])),
                1 => extensions.push(Extension::extended_key_usage(&[
                    oid::CLIENT_AUTH,
                    SMART_CARD_LOGON,
                ])),
                _ => {}
            },
        }
        if self.is_fault(random) {
            extensions.push(Extension::unknown().critical());
        }
        if self.is_fault(&mut random.apart()) {
            extensions.push(Extension::new(DICE, der::null()).critical());
        }
        extensions
    }

    fn further(&self, is_ca: bool, random: &mut Random) -> Vec<Extension> {
        let mut extensions = Vec::new();
        let mut names = Vec::new();
        while random.percent(self.extras) && names.len() < 3 {
            names.push(general_name(random));
        }
        if !names.is_empty() {
            extensions.push(Extension::subject_alt_name(&names));
        }
        if is_ca && random.percent(self.extras) {
            let mut subtrees = |percent| {
                let mut bases = Vec::new();
                while random.percent(percent) && bases.len() < 3 {
                    bases.push(Extension::subtree(&base(random)));
                }
                bases
            };
            let (permitted, excluded) = (subtrees(55), subtrees(30));
            if !(permitted.is_empty() && excluded.is_empty()) {
                extensions.push(Extension::name_constraints(&permitted, &excluded));
            }
        }
        if random.percent(self.extras + self.extras / 2) {
            let mut policies = random.some(&POLICIES, 50);
            if random.percent(25) {
                policies.push(oid::ANY_POLICY);
            }
            if self.is_fault(random) && random.percent(30) {
                policies.extend(policies.first().copied());
            }
            if !policies.is_empty() {
                extensions.push(Extension::certificate_policies(&policies));
            }
        }
        if is_ca && random.percent(self.extras) {
            self.policy_extensions(&mut extensions, random);
        }
        if random.percent(self.extras) {
            extensions.push(Extension::crl_distribution_points(&[point(random)]));
        }
        extensions
    }

    fn policy_extensions(&self, extensions: &mut Vec<Extension>, random: &mut Random) {
        if random.percent(60) {
            let from: &[&str] = match self.is_fault(random) {
                true => &[oid::ANY_POLICY],
                false => &POLICIES,
            };
            let mappings: Vec<_> = (0..1 + random.below(2))
                .map(|_| (random.pick(from), random.pick(&POLICIES)))
                .collect();
            extensions.push(Extension::policy_mappings(&mappings));
        }
        let skip = |random: &mut Random| random.pick(&[None, None, Some(0), Some(1), Some(2)]);
        let (explicit, mapping) = (skip(random), skip(random));
        if explicit.is_some() || mapping.is_some() {
            extensions.push(Extension::policy_constraints(explicit, mapping));
        }
        if let Some(any) = skip(random) {
            extensions.push(Extension::inhibit_any_policy(any.into()));
        }
    }

    fn is_fault(&self, random: &mut Random) -> bool {
        random.percent(self.faults)
    }
}

/// The name of a CA, in one of two spellings that are equal (RFC 4518).
pub(crate) fn name(number: usize, random: &mut Random) -> Name {
    let text = ["Alpha CA", "Beta CA", "Gamma CA", "Delta CA"][number];
    match random.percent(80) {
        true => Name::cn(text),
        false => Name::new(&[Attribute::new(
            oid::COMMON_NAME,
            StringType::Printable,
            &text.to_uppercase(),
        )]),
    }
}

/// Mostly the name of nobody else; some have an emailAddress, or nothing.
fn client_name(number: usize, random: &mut Random) -> Name {
    match random.below(20) {
        0 => Name::empty(),
        1 => name(number, random),
        2..5 => Name::new(&[
            Attribute::common_name("alice"),
            Attribute::email_address(random.pick(&["a@example", "b@a.example"])),
        ]),
        5 | 6 => Name::new(&[
            Attribute::organizational_unit("clients"),
            Attribute::common_name("bob"),
        ]),
        _ => Name::cn("alice"),
    }
}

/// Some begin or end within seconds of the time of the verification, before or after it.
fn validity(random: &mut Random) -> (u64, u64) {
    if random.percent(80) {
        return (NOW - 1_000, NOW + 1_000);
    }
    let near = |random: &mut Random| NOW - 20 + random.below(41) as u64;
    let (one, other) = (near(random), near(random));
    (one.min(other), one.max(other))
}

/// The right ones, none, or those of another key or of nobody.
fn key_ids(key: usize, signed_by: usize, random: &mut Random) -> Vec<Extension> {
    let id = |key: usize, random: &mut Random| match random.below(10) {
        0..6 => Some(key as u8),
        6..9 => None,
        _ => Some(random.below(8) as u8),
    };
    let subject = id(key, random).map(|id| Extension::subject_key_identifier(&[id]));
    let authority = id(signed_by, random).map(|id| Extension::authority_key_identifier(&[id]));
    subject.into_iter().chain(authority).collect()
}

fn point(random: &mut Random) -> DistributionPoint {
    let point = match random.percent(85) {
        true => DistributionPoint::uri(random.pick(&POINTS)),
        false => DistributionPoint::nameless(),
    };
    let point = match random.percent(15) {
        true => point.reasons(&[Reason::KeyCompromise]),
        false => point,
    };
    match random.percent(20) {
        true => {
            let number = random.below(NAMES);
            point.crl_issuer(&[GeneralName::directory(&name(number, random))])
        }
        false => point,
    }
}

fn general_name(random: &mut Random) -> GeneralName {
    match random.below(10) {
        0..4 => GeneralName::dns(random.pick(&[
            "a.example",
            "b.a.example",
            "*.a.example",
            "*.example",
            "A.EXAMPLE",
            "x_y.example",
            "other",
            "a..example",
        ])),
        4 | 5 => GeneralName::Ip(
            random
                .pick::<&[u8]>(&[
                    &[10, 0, 0, 1],
                    &[10, 0, 1, 1],
                    &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                    &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1],
                ])
                .to_vec(),
        ),
        6 => GeneralName::email(random.pick(&["a@example", "b@a.example", "A@EXAMPLE"])),
        7 => GeneralName::uri(random.pick(&[
            "spiffe://example/a",
            "https://a.example/",
            "https://u@a.example:1/",
            "urn:a",
        ])),
        8 => GeneralName::Directory(directory(random)),
        _ => other(random),
    }
}

fn base(random: &mut Random) -> GeneralName {
    match random.below(10) {
        0..4 => GeneralName::dns(random.pick(&[
            "example",
            "a.example",
            ".a.example",
            "b.a.example",
            "",
            "EXAMPLE",
            "other",
        ])),
        4 | 5 => GeneralName::Ip(
            random
                .pick::<&[u8]>(&[
                    &[10, 0, 0, 0, 255, 255, 255, 0],
                    &[10, 0, 0, 0, 255, 0, 0, 0],
                    &[0; 8],
                    &[0; 32],
                    &[10, 0, 0, 0, 255, 0, 255, 0],
                ])
                .to_vec(),
        ),
        6 => GeneralName::email(random.pick(&["example", ".example", "a@example", ""])),
        7 => GeneralName::uri(random.pick(&["example", ".example", "a.example"])),
        8 => GeneralName::Directory(directory(random)),
        _ => other(random),
    }
}

fn directory(random: &mut Random) -> Name {
    match random.below(4) {
        0 => Name::cn("alice"),
        1 => Name::cn("nobody"),
        2 => name(0, random),
        _ => Name::empty(),
    }
}

fn other(random: &mut Random) -> GeneralName {
    match random.below(3) {
        0 => GeneralName::upn("a@example"),
        1 => GeneralName::Other(oid::UNKNOWN_EXTENSION.to_owned(), vec![0x05, 0x00]),
        _ => GeneralName::RegisteredId("1.2.3".to_owned()),
    }
}
