//! Where CRLs come from and what they are about: the distribution points of certificates and of
//! CRLs.

use crate::{Attribute, GeneralName, der};

/// Why a certificate is revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// unspecified: as an entry's reason better left out, and in no set of reasons.
    Unspecified,
    /// keyCompromise.
    KeyCompromise,
    /// cACompromise.
    CaCompromise,
    /// affiliationChanged.
    AffiliationChanged,
    /// superseded.
    Superseded,
    /// cessationOfOperation.
    CessationOfOperation,
    /// certificateHold.
    CertificateHold,
    /// removeFromCRL: of delta CRLs, and in no set of reasons.
    RemoveFromCrl,
    /// privilegeWithdrawn.
    PrivilegeWithdrawn,
    /// aACompromise.
    AaCompromise,
}

impl Reason {
    /// All that can be in a set of reasons: together they are every reason there is.
    pub const FLAGS: [Self; 8] = [
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// Its value as the reasonCode of an entry (CRLReason).
    pub fn code(self) -> u8 {
        match self {
            Self::Unspecified => 0,
            Self::KeyCompromise => 1,
            Self::CaCompromise => 2,
            Self::AffiliationChanged => 3,
            Self::Superseded => 4,
            Self::CessationOfOperation => 5,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
            Self::PrivilegeWithdrawn => 9,
            Self::AaCompromise => 10,
        }
    }

    /// Its bit in a set of reasons (ReasonFlags, RFC 5280 §4.2.1.13), which numbers the last two
    /// otherwise.
    ///
    /// # Panics
    ///
    /// If there is no bit for it.
    fn flag(self) -> u32 {
        match self {
            Self::PrivilegeWithdrawn => 7,
            Self::AaCompromise => 8,
            Self::Unspecified | Self::RemoveFromCrl => panic!("no bit for {self:?}"),
            other => other.code().into(),
        }
    }
}

/// One point of cRLDistributionPoints (RFC 5280 §4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    name: Vec<u8>,
    reasons: Vec<u8>,
    crl_issuer: Vec<u8>,
}

impl DistributionPoint {
    /// A point without a name: the cRLIssuer is to name it.
    pub fn nameless() -> Self {
        Self {
            name: Vec::new(),
            reasons: Vec::new(),
            crl_issuer: Vec::new(),
        }
    }

    /// A point with one URI as its full name.
    pub fn uri(uri: &str) -> Self {
        Self::full_name(&[GeneralName::uri(uri)])
    }

    /// A point with these alternatives as its full name.
    pub fn full_name(names: &[GeneralName]) -> Self {
        Self {
            name: full_name(names),
            ..Self::nameless()
        }
    }

    /// A point whose name is that of the CRL's issuer and one level more, with these attributes.
    pub fn relative_name(level: &[Attribute]) -> Self {
        Self {
            name: relative_name(level),
            ..Self::nameless()
        }
    }

    /// The point's CRL is about these reasons only.
    pub fn reasons(mut self, reasons: &[Reason]) -> Self {
        self.reasons = flags(1, reasons);
        self
    }

    /// The point's CRL is issued by another one than the certificate.
    pub fn crl_issuer(mut self, names: &[GeneralName]) -> Self {
        self.crl_issuer = general_names(2, names);
        self
    }

    /// The point, encoded.
    pub fn der(&self) -> Vec<u8> {
        der::sequence(&[&self.name, &self.reasons, &self.crl_issuer])
    }
}

/// The issuingDistributionPoint of a CRL (RFC 5280 §5.2.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    name: Vec<u8>,
    only_user_certs: bool,
    only_ca_certs: bool,
    only_some_reasons: Vec<u8>,
    indirect: bool,
    only_attribute_certs: bool,
}

impl IssuingDistributionPoint {
    /// Without a field, which is more than RFC 5280 allows: say something.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one URI as its full name.
    pub fn uri(uri: &str) -> Self {
        Self::new().full_name(&[GeneralName::uri(uri)])
    }

    /// distributionPoint: these alternatives as its full name.
    pub fn full_name(mut self, names: &[GeneralName]) -> Self {
        self.name = full_name(names);
        self
    }

    /// distributionPoint: the name of the CRL's issuer and one level more, with these attributes.
    pub fn relative_name(mut self, level: &[Attribute]) -> Self {
        self.name = relative_name(level);
        self
    }

    /// onlyContainsUserCerts.
    pub fn only_user_certs(mut self) -> Self {
        self.only_user_certs = true;
        self
    }

    /// onlyContainsCACerts.
    pub fn only_ca_certs(mut self) -> Self {
        self.only_ca_certs = true;
        self
    }

    /// onlySomeReasons.
    pub fn only_some_reasons(mut self, reasons: &[Reason]) -> Self {
        self.only_some_reasons = flags(3, reasons);
        self
    }

    /// indirectCRL.
    pub fn indirect(mut self) -> Self {
        self.indirect = true;
        self
    }

    /// onlyContainsAttributeCerts.
    pub fn only_attribute_certs(mut self) -> Self {
        self.only_attribute_certs = true;
        self
    }

    /// The value of the extension, encoded.
    pub fn der(&self) -> Vec<u8> {
        // FALSE is the default, which DER leaves out.
        let flag = |number, is_set| match is_set {
            true => der::context_primitive(number, &[0xff]),
            false => Vec::new(),
        };
        der::sequence(&[
            &self.name,
            &flag(1, self.only_user_certs),
            &flag(2, self.only_ca_certs),
            &self.only_some_reasons,
            &flag(4, self.indirect),
            &flag(5, self.only_attribute_certs),
        ])
    }
}

/// distributionPoint `[0]` with fullName `[0]`.
fn full_name(names: &[GeneralName]) -> Vec<u8> {
    der::context_constructed(0, &general_names(0, names))
}

/// distributionPoint `[0]` with nameRelativeToCRLIssuer `[1]`.
fn relative_name(level: &[Attribute]) -> Vec<u8> {
    let attributes: Vec<_> = level.iter().map(Attribute::der).collect();
    der::context_constructed(0, &der::context_constructed(1, &der::concat(&attributes)))
}

fn general_names(number: u8, names: &[GeneralName]) -> Vec<u8> {
    let names: Vec<_> = names.iter().map(GeneralName::der).collect();
    der::context_constructed(number, &der::concat(&names))
}

/// `[number]` IMPLICIT ReasonFlags: named bits, so that trailing zeros are left out.
fn flags(number: u8, reasons: &[Reason]) -> Vec<u8> {
    let bits = reasons
        .iter()
        .fold(0u16, |bits, reason| bits | 0x8000 >> reason.flag());
    der::context_primitive(number, der::contents(&der::named_bits(bits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_reasons_are_named_bits() {
        assert_eq!(flags(1, &[Reason::KeyCompromise]), [0x81, 2, 6, 0x40]);
        assert_eq!(flags(1, &[Reason::AaCompromise]), [0x81, 3, 7, 0, 0x80]);
        assert_eq!(flags(3, &Reason::FLAGS), [0x83, 3, 7, 0x7f, 0x80]);
    }

    #[test]
    fn points() {
        assert_eq!(
            DistributionPoint::uri("a:").der(),
            [0x30, 8, 0xa0, 6, 0xa0, 4, 0x86, 2, b'a', b':']
        );
        assert_eq!(
            IssuingDistributionPoint::new()
                .only_user_certs()
                .indirect()
                .der(),
            [0x30, 6, 0x81, 1, 0xff, 0x84, 1, 0xff]
        );
    }
}
