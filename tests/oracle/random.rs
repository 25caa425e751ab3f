//! Random PKIs, each from a seed: small enough to try every path, and with a little of everything
//! wrong.

use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::policy::{
    ClientCa, ClockSkew, Expired, ExpiryPolicy, KeyPurpose, RequiredPurpose,
};
use testpki::{KeyUsage, Version, oid};

use crate::NOW;
use crate::model::{BasicConstraints, Certificate, Encoder, Pki, Spelled};

/// The PKI of some choices, such as those of a seed.
pub(crate) fn pki(mut random: impl Choices) -> Pki {
    let mut generator = Generator {
        names: 2 + random.below(Encoder::NAMES - 1),
        keys: 2 + random.below(Encoder::KEYS - 1),
        // Where much is wrong, nothing is accepted; where nothing is, the first path is as good as
        // the last.
        faults: random.pick(&[0, 1, 4, 10]),
        next_serial: 0,
        random,
    };
    let mut pki = Pki {
        client: generator.certificate(Kind::Client),
        anchors: generator.up_to(3, Kind::Anchor),
        presented: generator.up_to(5, Kind::Presented),
        intermediates: generator.up_to(3, Kind::Stored),
        policy: generator.policy(),
    };
    if pki.anchors.is_empty() {
        pki.anchors.push(generator.certificate(Kind::Anchor));
    }
    generator.give_further_roles(&mut pki);
    pki
}

/// What a certificate is made for. It may come to be used otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Client,
    Presented,
    /// An intermediate of the store, which takes only what is a CA's.
    Stored,
    /// The same, or of a version that cannot say so.
    Anchor,
}

struct Generator<R> {
    random: R,
    names: usize,
    keys: usize,
    /// How likely each thing that can be wrong with a certificate is, in percent.
    faults: usize,
    next_serial: u8,
}

impl<R: Choices> Generator<R> {
    fn up_to(&mut self, most: usize, kind: Kind) -> Vec<Certificate> {
        // Few are of no interest: no path, or one.
        let (one, other) = (self.random.below(most + 1), self.random.below(most + 1));
        (0..one.max(other))
            .map(|_| self.certificate(kind))
            .collect()
    }

    fn certificate(&mut self, kind: Kind) -> Certificate {
        let (subject, issuer) = self.names(kind);
        let key = match kind {
            Kind::Client => self.random.below(self.keys),
            _ => self.key_of(subject),
        };
        let signed_by = match subject == issuer && self.random.percent(50) {
            true => key,
            false => self.key_of(issuer),
        };
        let (not_before, not_after) = self.validity();
        let certificate = Certificate {
            serial: self.serial(),
            version: Version::V3,
            subject: self.spelled(subject),
            issuer: self.spelled(issuer),
            key,
            signed_by,
            is_signature_broken: self.random.percent(5),
            not_before,
            not_after,
            basic_constraints: self.basic_constraints(kind),
            key_usage: self.key_usage(kind),
            purposes: self.purposes(),
            has_unknown_critical_extension: self.fault(),
            subject_key_id: self.key_id(key),
            authority_key_id: self.key_id(signed_by),
        };
        let percent_old = match kind {
            Kind::Anchor => 10,
            Kind::Client | Kind::Presented => 3,
            Kind::Stored => 0,
        };
        match self.random.percent(percent_old) {
            true => self.of_an_old_version(certificate),
            false => certificate,
        }
    }

    /// Two in three are one of a ladder of CAs, from the client up to the anchors, so that some
    /// paths are long. The rest names anyone.
    fn names(&mut self, kind: Kind) -> (usize, usize) {
        let top = self.names - 1;
        let is_on_ladder = self.random.percent(66);
        let anyone = self.random.below(self.names);
        let subject = match kind {
            Kind::Anchor if is_on_ladder => top,
            Kind::Presented if is_on_ladder => self.random.below(top),
            _ => anyone,
        };
        let percent_self_issued = match kind {
            Kind::Client => 10,
            Kind::Presented | Kind::Stored => 20,
            Kind::Anchor => 60,
        };
        let issuer = match kind {
            _ if self.random.percent(percent_self_issued) => subject,
            Kind::Client if is_on_ladder => 0,
            Kind::Presented | Kind::Stored if is_on_ladder => (subject + 1).min(top),
            _ => self.random.below(self.names),
        };
        (subject, issuer)
    }

    /// Each name has a key that is mostly its own. Where there are fewer keys than names, two share
    /// one.
    fn key_of(&mut self, name: usize) -> usize {
        match self.random.percent(20) {
            true => self.random.below(self.keys),
            false => name % self.keys,
        }
    }

    fn spelled(&mut self, name: usize) -> Spelled {
        let spelling = self.random.below(Encoder::SPELLINGS);
        Spelled { name, spelling }
    }

    fn serial(&mut self) -> [u8; 2] {
        self.next_serial += 1;
        // The first octet puts certificates in an order of its own: the search goes by their bytes.
        let order = self.random.below(0x7f) as u8;
        [1 + order, self.next_serial]
    }

    /// Some begin or end within seconds of the time of the verification, before or after it.
    fn validity(&mut self) -> (u64, u64) {
        if self.random.percent(80) {
            return (NOW - 1_000, NOW + 1_000);
        }
        let (one, other) = (self.near_now(), self.near_now());
        (one.min(other), one.max(other))
    }

    fn near_now(&mut self) -> u64 {
        NOW - 20 + self.random.below(41) as u64
    }

    fn basic_constraints(&mut self, kind: Kind) -> BasicConstraints {
        use BasicConstraints::{Absent, Ca, EndEntity};
        let path_len = match self.random.percent(30) {
            true => Some(self.random.below(3) as u64),
            false => None,
        };
        let ca = Ca { path_len };
        match kind {
            Kind::Client => self
                .random
                .pick(&[Absent, Absent, Absent, Absent, EndEntity, ca]),
            Kind::Presented if self.fault() => self.random.pick(&[Absent, EndEntity]),
            Kind::Presented | Kind::Stored | Kind::Anchor => ca,
        }
    }

    fn key_usage(&mut self, kind: Kind) -> Option<&'static [KeyUsage]> {
        use KeyUsage::{CrlSign, DigitalSignature, KeyCertSign};
        let right: &[KeyUsage] = match kind {
            Kind::Client => &[DigitalSignature],
            _ => &[KeyCertSign, CrlSign],
        };
        let wrong: &[KeyUsage] = match kind {
            Kind::Client => &[KeyCertSign],
            _ => &[DigitalSignature, CrlSign],
        };
        if self.fault() {
            return Some(wrong);
        }
        let both: &[KeyUsage] = &[DigitalSignature, KeyCertSign];
        self.random.pick(&[None, Some(right), Some(both)])
    }

    fn purposes(&mut self) -> Option<&'static [&'static str]> {
        if self.fault() {
            return Some(&[oid::SERVER_AUTH]);
        }
        let any: &[&str] = &[oid::ANY_EXTENDED_KEY_USAGE];
        let both: &[&str] = &[oid::SERVER_AUTH, oid::CLIENT_AUTH];
        let rest = [None, None, Some(any), Some(both)];
        self.random.pick(&rest)
    }

    /// The right one, none, or one of another key or of nobody.
    fn key_id(&mut self, key: usize) -> Option<u8> {
        match self.random.below(10) {
            0..6 => Some(key as u8),
            6..9 => None,
            _ => Some(self.random.below(2 * Encoder::KEYS) as u8),
        }
    }

    fn of_an_old_version(&mut self, certificate: Certificate) -> Certificate {
        Certificate {
            version: self.random.pick(&[Version::V1, Version::V2]),
            basic_constraints: BasicConstraints::Absent,
            key_usage: None,
            purposes: None,
            has_unknown_critical_extension: false,
            subject_key_id: None,
            authority_key_id: None,
            ..certificate
        }
    }

    /// The same certificate in two places: nothing may be decided twice, or in the wrong role.
    fn give_further_roles(&mut self, pki: &mut Pki) {
        let any_of = |random: &mut R, of: &[Certificate]| match of.len() {
            0 => None,
            count => Some(of[random.below(count)].clone()),
        };
        let random = &mut self.random;
        if random.percent(15) {
            pki.presented.extend(any_of(random, &pki.anchors));
        }
        if random.percent(15) {
            pki.presented.extend(any_of(random, &pki.intermediates));
        }
        if random.percent(10) {
            pki.presented.extend(any_of(random, &pki.presented));
        }
        if random.percent(10) {
            let anchor = any_of(random, &pki.anchors);
            let is_taken = |anchor: &Certificate| anchor.says_it_is_a_ca();
            pki.intermediates.extend(anchor.filter(is_taken));
        }
        let client = match random.below(30) {
            0 | 1 => any_of(random, &pki.anchors),
            2 => any_of(random, &pki.intermediates),
            3 => any_of(random, &pki.presented),
            _ => None,
        };
        if let Some(client) = client {
            pki.client = client;
        }
        if random.percent(5) {
            pki.presented.push(pki.client.clone());
        }
    }

    fn policy(&mut self) -> ClientPolicy {
        let random = &mut self.random;
        let clock_skew = match random.percent(70) {
            true => ClockSkew::NONE,
            false => ClockSkew::new(seconds_up_to(random, 10)).expect("at most 24 hours"),
        };
        let expiry = ExpiryPolicy::default()
            .with_client(expired(random))
            .with_issuers(expired(random))
            .with_anchors(expired(random))
            .with_clock_skew(clock_skew);
        let purpose = random.pick(&[
            RequiredPurpose::default(),
            RequiredPurpose::default(),
            RequiredPurpose::Required(KeyPurpose::CLIENT_AUTH.into()),
            RequiredPurpose::Unchecked,
        ]);
        ClientPolicy::default()
            .with_expiry(expiry)
            .with_client_ca(random.pick(&[ClientCa::Refuse, ClientCa::Accept]))
            .with_purpose(purpose)
    }

    fn fault(&mut self) -> bool {
        self.random.percent(self.faults)
    }
}

fn expired(random: &mut impl Choices) -> Expired {
    let grace = seconds_up_to(random, 30);
    random.pick(&[
        Expired::Reject,
        Expired::Reject,
        Expired::AcceptFor(grace),
        Expired::Accept,
    ])
}

fn seconds_up_to(random: &mut impl Choices, most: usize) -> Duration {
    Duration::from_secs(random.below(most + 1) as u64)
}

/// What decides.
pub(crate) trait Choices {
    /// Less than `bound`.
    fn below(&mut self, bound: usize) -> usize;

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

impl<C: Choices> Choices for &mut C {
    fn below(&mut self, bound: usize) -> usize {
        (**self).below(bound)
    }

    fn percent(&mut self, percent: usize) -> bool {
        (**self).percent(percent)
    }
}

/// The generator xorshift64 (Marsaglia 2003), good enough to pick from a few.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // Seeds are small and close together; its state must be neither, nor 0.
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

impl Choices for Random {
    fn below(&mut self, bound: usize) -> usize {
        ((self.next() >> 11) % bound as u64) as usize
    }
}
