//! Random CRLs: of one CA or of nobody, complete and delta, with a scope, indirect, late and early.

use testpki::{
    Cert, Crl, Entry, Extension, GeneralName, IssuingDistributionPoint, Name, Reason, Time,
};

use crate::NOW;
use crate::certificates::{NAMES, POINTS, Shape, name};
use crate::common::Random;

/// Up to seven CRLs, about the certificates given.
pub(crate) fn crls(shape: &Shape, certificates: &[Cert], random: &mut Random) -> Vec<Vec<u8>> {
    let most = random.pick(&[2, 4, 7]);
    let how = How {
        is_plain: random.percent(40),
        percent_revoked: random.pick(&[0, 5, 30]),
    };
    (0..most)
        .map(|_| how.crl(shape, certificates, random))
        .collect()
}

struct How {
    /// Complete CRLs about all certificates, now.
    is_plain: bool,
    percent_revoked: usize,
}

impl How {
    fn crl(&self, shape: &Shape, certificates: &[Cert], random: &mut Random) -> Vec<u8> {
        let issuer = random.below(NAMES);
        let key = shape.key_of(issuer, random);
        let signer = Cert::bare(name(issuer, random), &crate::key(key));
        let (this_update, next_update) = self.times(random);
        let mut crl = Crl::of(&signer)
            .without_extensions()
            .this_update_time(Time::unix(this_update))
            .next_update_time(Time::unix(next_update));
        if random.percent(90) {
            crl = crl.number(1 + random.below(4) as u64);
        }
        if random.percent(5) {
            crl = crl.without_next_update();
        }
        if random.percent(30) {
            crl = crl.extension(Extension::authority_key_identifier(&[key as u8]));
        }
        if random.percent(3) {
            crl = crl.flip_signature_bit();
        }
        let is_delta = !self.is_plain && random.percent(20);
        if is_delta {
            crl = crl.delta(1 + random.below(3) as u64);
        }
        if !self.is_plain && random.percent(15) {
            let seconds = NOW - random.pick(&[2_000, 15, 5]);
            let time = Time::generalized_at(&testpki::time::rfc3339(seconds));
            crl = crl.expired_certs_on_crl(time);
        }
        let mut is_indirect = false;
        if !self.is_plain && random.percent(35) {
            let point;
            (point, is_indirect) = scope(random);
            crl = crl.point(&point);
        }
        let mut issuers = Vec::new();
        for certificate in certificates {
            if !random.percent(self.percent_revoked) {
                continue;
            }
            let mut entry = Entry::serial(&certificate.serial_octets());
            let reasons = [
                None,
                None,
                Some(Reason::KeyCompromise),
                Some(Reason::CertificateHold),
                Some(Reason::RemoveFromCrl),
            ];
            // Outside of a delta, removeFromCRL is rare.
            let reason = match random.pick(&reasons) {
                Some(Reason::RemoveFromCrl) if !is_delta && random.percent(80) => None,
                reason => reason,
            };
            if let Some(reason) = reason {
                entry = entry.reason(reason);
            }
            if is_indirect && random.percent(60) {
                let names = self.certificate_issuer(certificate, random);
                issuers.push(names.clone());
                entry = entry.extension(Extension::certificate_issuer(&names));
            }
            crl = crl.entry(entry);
        }
        crl.der()
    }

    fn times(&self, random: &mut Random) -> (u64, u64) {
        if self.is_plain || random.percent(70) {
            // Not all are of one second, so that some are newer than others.
            return (NOW - 100 + random.below(4) as u64, NOW + 500);
        }
        let near = |random: &mut Random| NOW - 20 + random.below(41) as u64;
        let (one, other) = (near(random), near(random));
        (one.min(other), one.max(other))
    }

    fn certificate_issuer(&self, certificate: &Cert, random: &mut Random) -> Vec<GeneralName> {
        let real: Name = certificate.issuer_name().clone();
        let anyone = name(random.below(NAMES), random);
        let name = random.pick(&[real.clone(), real, anyone]);
        vec![GeneralName::directory(&name)]
    }
}

/// What a CRL is about, and whether it is indirect.
fn scope(random: &mut Random) -> (IssuingDistributionPoint, bool) {
    let mut point = IssuingDistributionPoint::new();
    if random.percent(40) {
        point = IssuingDistributionPoint::uri(random.pick(&POINTS));
    }
    match random.below(8) {
        0 => point = point.only_user_certs(),
        1 => point = point.only_ca_certs(),
        2 => point = point.only_attribute_certs(),
        _ => {}
    }
    match random.below(5) {
        0 => point = point.only_some_reasons(&[Reason::KeyCompromise]),
        1 => {
            point = point.only_some_reasons(&[
                Reason::CaCompromise,
                Reason::AffiliationChanged,
                Reason::Superseded,
                Reason::CessationOfOperation,
                Reason::CertificateHold,
                Reason::PrivilegeWithdrawn,
                Reason::AaCompromise,
            ]);
        }
        _ => {}
    }
    match random.percent(50) {
        true => (point.indirect(), true),
        false => (point, false),
    }
}
