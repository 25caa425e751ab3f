//! CRLs.

use alloc::string::String;
use alloc::vec::Vec;

use crate::revocation::{EntryStatus, StoredCrl};
use crate::x509::{CalendarTime, Crl, RevocationReason};

/// A CRL as a store keeps it, and its entries one by one.
pub struct ParsedCrl {
    /// Whether it is a delta CRL.
    pub is_delta: bool,
    /// DER.
    pub issuer: Vec<u8>,
    /// In the order of the CRL.
    pub entries: Vec<Entry>,
    stored: StoredCrl,
}

/// One entry.
#[derive(Debug)]
pub struct Entry {
    /// DER of the name of its certificate's issuer.
    pub issuer: Vec<u8>,
    /// The content octets.
    pub serial: Vec<u8>,
    /// What the entry says.
    pub reason: RevocationReason,
    /// The second of the revocation, in Unix time.
    pub revoked_at: i64,
}

/// What a CRL says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// It is revoked: why, and the first second of the day, in Unix time.
    Revoked(RevocationReason, i64),
    /// It is taken off, by a delta CRL.
    Removed,
}

impl ParsedCrl {
    /// # Errors
    /// Why the CRL does not load.
    pub fn parse(der: &[u8]) -> Result<Self, String> {
        let stored = StoredCrl::parse(der.to_vec()).map_err(|error| alloc::format!("{error:?}"))?;
        let crl = Crl::parse(der).map_err(|error| alloc::format!("{error:?}"))?;
        let mut issuer = crl.issuer;
        let entries = crl.entries().flatten().map(|entry| {
            issuer = entry.certificate_issuer.unwrap_or(issuer);
            Entry {
                issuer: issuer.to_vec(),
                serial: entry.serial.to_vec(),
                reason: RevocationReason::from_number(entry.reason),
                revoked_at: CalendarTime::from(entry.revoked_at).seconds(),
            }
        });
        Ok(Self {
            is_delta: stored.is_delta(),
            issuer: crl.issuer.to_vec(),
            entries: entries.collect(),
            stored,
        })
    }

    /// What a look-up says of a certificate.
    pub fn find(&self, issuer: &[u8], serial: &[u8]) -> Said {
        match self.stored.find(issuer, serial) {
            EntryStatus::Revoked { reason, on } => Said::Revoked(reason, on.as_secs() as i64),
            EntryStatus::Removed => Said::Removed,
            EntryStatus::Absent => Said::Nothing,
        }
    }
}
