//! The certificate that an error is about.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::certificates::Origin;
use crate::x509::{DisplayName, ShortName};

/// One certificate, as an error speaks of it: where it came from, and its subject.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateRef {
    position: Position,
    /// DER; empty where the certificate does not parse, or was not read.
    subject: Vec<u8>,
    origin: Option<Origin>,
}

impl CertificateRef {
    pub(crate) fn new(position: Position, subject: &[u8]) -> Self {
        Self {
            position,
            subject: subject.to_vec(),
            origin: None,
        }
    }

    /// The same certificate, which the store has from there.
    pub(crate) fn with_origin(self, origin: Option<Origin>) -> Self {
        Self { origin, ..self }
    }

    /// Where a certificate of the store comes from, such as the name of a file; `None` of those
    /// that the client presented.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Where the certificate came from.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The DER of its subject; empty where the certificate does not parse, or was not read as it is
    /// beyond a limit.
    pub fn subject_der(&self) -> &[u8] {
        &self.subject
    }

    /// Its subject as an RFC 4514 string, such as `CN=device 7,O=Example`; `None` where
    /// [`subject_der`](Self::subject_der) is empty.
    pub fn subject(&self) -> Option<String> {
        (!self.subject.is_empty()).then(|| DisplayName(&self.subject).to_string())
    }
}

impl fmt::Debug for CertificateRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateRef({self})")
    }
}

impl fmt::Display for CertificateRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Position::Client => f.write_str("client certificate")?,
            Position::Presented(index) => write!(f, "presented certificate {index}")?,
            Position::Intermediate => f.write_str("intermediate certificate of the store")?,
            Position::Anchor => f.write_str("trust anchor")?,
        }
        if !self.subject.is_empty() {
            write!(f, " {}", ShortName(&self.subject))?;
        }
        match &self.origin {
            // A number says little without the input.
            Some(origin) if origin.label().is_some() => write!(f, " ({origin})"),
            _ => Ok(()),
        }
    }
}

/// Where a certificate came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Position {
    /// The first presented certificate: the client's own.
    Client,
    /// Another presented certificate, by its index in the chain given.
    Presented(usize),
    /// An intermediate of the store.
    Intermediate,
    /// A trust anchor of the store.
    Anchor,
}
