//! CRLs as the generator describes them, and their DER.

use std::fmt;

use testpki::{Cert, Crl, Extension, GeneralName, IssuingDistributionPoint, Reason, Time, oid};

use crate::certificate::{Certificate, Entity, Reasons, date, uri, x501_name};

/// Times are days from [`NOW`](crate::certificate::NOW) on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WorldCrl {
    pub(crate) issuer: Entity,
    /// The signature is not of the issuer's key.
    pub(crate) is_forged: bool,
    pub(crate) this_update: i64,
    pub(crate) next_update: Option<i64>,
    pub(crate) number: Option<u64>,
    /// Of a delta, the number of the CRL that it continues.
    pub(crate) base: Option<u64>,
    pub(crate) scope: Option<CrlScope>,
    pub(crate) expired_certs_on: Option<i64>,
    /// It has an authorityKeyIdentifier, which RFC 5280 asks for.
    pub(crate) is_conforming: bool,
    pub(crate) entries: Vec<Entry>,
}

/// The issuingDistributionPoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CrlScope {
    /// The number of its URI.
    pub(crate) uri: Option<usize>,
    pub(crate) only: Only,
    pub(crate) reasons: Reasons,
    pub(crate) is_indirect: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    Nothing,
    Users,
    Cas,
    Attributes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) serial: [u8; 2],
    /// Whose certificate it is: the CRL's issuer, or in indirect CRLs any.
    pub(crate) issuer: usize,
    pub(crate) reason: Option<Reason>,
}

impl Entry {
    /// Whether it is about the certificate, were the CRL.
    pub(crate) fn is_of(&self, certificate: &Certificate) -> bool {
        self.serial == certificate.serial && self.issuer == certificate.issuer.name
    }
}

impl WorldCrl {
    /// One that vouches for all that its issuer has issued.
    pub(crate) fn fresh(issuer: Entity) -> Self {
        Self {
            issuer,
            is_forged: false,
            this_update: -2,
            next_update: Some(28),
            number: Some(3000),
            base: None,
            scope: None,
            expired_certs_on: None,
            is_conforming: true,
            entries: Vec::new(),
        }
    }

    pub(crate) fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    pub(crate) fn is_indirect(&self) -> bool {
        self.scope.is_some_and(|scope| scope.is_indirect)
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.this_update <= 0 && self.next_update.is_some_and(|next| next > 0)
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let issuer = Cert::bare(self.issuer.x501_name().clone(), self.issuer.key());
        let mut crl = Crl::of(&issuer).this_update(&date(self.this_update));
        crl = match self.next_update {
            Some(next) => crl.next_update(&date(next)),
            None => crl.without_next_update(),
        };
        crl = match self.number {
            Some(number) => crl.number(number),
            None => crl.without_extension(oid::CRL_NUMBER),
        };
        if let Some(base) = self.base {
            crl = crl.delta(base);
        }
        if let Some(scope) = self.scope {
            crl = crl.point(&scope.template());
        }
        if let Some(since) = self.expired_certs_on {
            let time = Time::generalized_at(&date(since));
            crl = crl.extension(Extension::new(
                oid::EXPIRED_CERTS_ON_CRL,
                time.der().to_vec(),
            ));
        }
        if !self.is_conforming {
            crl = crl.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
        }
        // An entry without certificateIssuer is about the same CA as the one before (§5.3.3).
        let mut about = self.issuer.name;
        for entry in &self.entries {
            let mut template = testpki::Entry::serial(&entry.serial);
            if let Some(reason) = entry.reason {
                template = template.reason(reason);
            }
            if entry.issuer != about {
                let name = GeneralName::directory(x501_name(entry.issuer));
                template = template.extension(Extension::certificate_issuer(&[name]));
                about = entry.issuer;
            }
            crl = crl.entry(template);
        }
        match self.is_forged {
            true => crl.flip_signature_bit().der(),
            false => crl.der(),
        }
    }
}

impl CrlScope {
    fn template(&self) -> IssuingDistributionPoint {
        let mut point = match self.uri {
            Some(number) => IssuingDistributionPoint::uri(&uri(number)),
            None => IssuingDistributionPoint::new(),
        };
        point = match self.only {
            Only::Nothing => point,
            Only::Users => point.only_user_certs(),
            Only::Cas => point.only_ca_certs(),
            Only::Attributes => point.only_attribute_certs(),
        };
        if let Some(reasons) = self.reasons.flags() {
            point = point.only_some_reasons(&reasons);
        }
        match self.is_indirect {
            true => point.indirect(),
            false => point,
        }
    }
}

impl fmt::Display for WorldCrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_delta() { "delta" } else { "CRL" };
        write!(f, "{kind} of {:?}, {:+}..", self.issuer, self.this_update)?;
        match self.next_update {
            Some(next) => write!(f, "{next:+} days")?,
            None => write!(f, " days without nextUpdate")?,
        }
        match self.number {
            Some(number) => write!(f, ", number {number}")?,
            None => write!(f, ", no number")?,
        }
        if let Some(base) = self.base {
            write!(f, ", continues {base}")?;
        }
        if let Some(scope) = self.scope {
            write!(f, ", {scope:?}")?;
        }
        if let Some(since) = self.expired_certs_on {
            write!(f, ", expiredCertsOnCRL {since:+}")?;
        }
        if self.is_forged {
            write!(f, ", FORGED")?;
        }
        if !self.is_conforming {
            write!(f, ", no authorityKeyIdentifier")?;
        }
        for entry in &self.entries {
            let [first, second] = entry.serial;
            write!(f, ", revokes {first:02x}{second:02x}")?;
            if entry.issuer != self.issuer.name {
                write!(f, " of name {}", entry.issuer)?;
            }
            if let Some(reason) = entry.reason {
                write!(f, " ({reason:?})")?;
            }
        }
        Ok(())
    }
}
