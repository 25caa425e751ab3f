//! Critical extensions that the application processes (RFC 5280 §4.2).

use alloc::vec::Vec;

use crate::x509::{Oid, processed_extension};

/// The critical extensions that the application processes itself (RFC 5280 §4.2), by their OBJECT
/// IDENTIFIERs. Default: none, so that every critical extension that this crate does not process
/// refuses.
///
/// One that is named here does not refuse. Then nobody has looked at it yet, and the application
/// must: it asks every verified client for
/// [`extensions_to_process`](crate::VerifiedClient::extensions_to_process), processes what is in
/// there, and refuses the client where it cannot.
///
/// ```
/// use mtls_verify::ClientPolicy;
/// use mtls_verify::policy::ProcessedExtensions;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dice_tcb_info = "2.23.133.5.4.1".parse()?;
/// let processed = ProcessedExtensions::of_client([dice_tcb_info])?;
/// let policy = ClientPolicy::default().with_processed_extensions(processed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessedExtensions {
    /// Sorted by content octets, none twice.
    known: Vec<(Oid, ProcessedIn)>,
}

/// On which certificates the application processes a critical extension.
///
/// On the paths of separate CRL signers it refuses all the same: nobody hands these to the
/// application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessedIn {
    /// On the client's own certificate, pinned or not. On a CA it refuses.
    Client,
    /// On every certificate of the client's path, the trust anchor included.
    Path,
}

impl ProcessedExtensions {
    /// No extension.
    pub const fn none() -> Self {
        Self { known: Vec::new() }
    }

    /// These extensions, on the client's own certificate alone.
    ///
    /// # Errors
    /// As for [`with`](Self::with).
    pub fn of_client(
        oids: impl IntoIterator<Item = Oid>,
    ) -> Result<Self, InvalidProcessedExtension> {
        oids.into_iter()
            .try_fold(Self::none(), |all, oid| all.with(oid, ProcessedIn::Client))
    }

    /// One more extension, on these certificates.
    ///
    /// # Errors
    /// [`InvalidProcessedExtension`] if this crate processes the extension itself, or it is named
    /// already.
    pub fn with(
        mut self,
        oid: Oid,
        certificates: ProcessedIn,
    ) -> Result<Self, InvalidProcessedExtension> {
        if let Some(name) = processed_extension(oid.as_bytes()) {
            return Err(InvalidProcessedExtension::ProcessedHere { oid, name });
        }
        match self.place(oid.as_bytes()) {
            Ok(_) => Err(InvalidProcessedExtension::Repeated { oid }),
            Err(place) => {
                self.known.insert(place, (oid, certificates));
                Ok(self)
            }
        }
    }

    /// Each extension, and on which certificates the application processes it.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Oid, ProcessedIn)> {
        self.known.iter().map(|(oid, on)| (oid, *on))
    }

    /// On which certificates the application processes the extension with these content octets.
    pub(crate) fn get(&self, oid: &[u8]) -> Option<ProcessedIn> {
        let place = self.place(oid).ok()?;
        self.known.get(place).map(|(_, on)| *on)
    }

    /// Whether what is said of a CA depends on whose path it is in.
    pub(crate) fn reach_cas(&self) -> bool {
        self.iter().any(|(_, on)| on == ProcessedIn::Path)
    }

    fn place(&self, oid: &[u8]) -> Result<usize, usize> {
        self.known
            .binary_search_by(|(known, _)| known.as_bytes().cmp(oid))
    }
}

/// Why an application cannot process an extension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProcessedExtension {
    /// This crate processes it, in every certificate of a path. What it cannot read, it refuses.
    #[error("the extension {name} ({oid}) is always processed here, and not by the application")]
    ProcessedHere {
        /// Its OBJECT IDENTIFIER.
        oid: Oid,
        /// Its name in RFC 5280.
        name: &'static str,
    },
    /// It is named twice.
    #[error("the extension {oid} is named twice")]
    Repeated {
        /// Its OBJECT IDENTIFIER.
        oid: Oid,
    },
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn oid(dotted: &str) -> Oid {
        dotted.parse().expect("an object identifier")
    }

    #[test]
    fn what_is_processed_here_is_refused() {
        for arc in [14, 15, 17, 19, 30, 31, 32, 33, 35, 36, 37, 54] {
            let own = oid(&alloc::format!("2.5.29.{arc}"));
            let error = ProcessedExtensions::of_client([own.clone()]).unwrap_err();
            assert!(error.to_string().contains(&own.to_string()), "{error}");
            ProcessedExtensions::none()
                .with(own, ProcessedIn::Path)
                .unwrap_err();
        }
        let error = ProcessedExtensions::of_client([oid("2.5.29.15")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the extension keyUsage (2.5.29.15) is always processed here, and not by the \
             application"
        );
    }

    #[test]
    fn each_is_named_once() {
        let (one, other) = (oid("2.23.133.5.4.1"), oid("1.3.6.1.4.1.53594.1.1"));
        let both = ProcessedExtensions::of_client([one.clone()])
            .and_then(|all| all.with(other.clone(), ProcessedIn::Path))
            .unwrap();
        assert_eq!(both.get(one.as_bytes()), Some(ProcessedIn::Client));
        assert_eq!(both.get(other.as_bytes()), Some(ProcessedIn::Path));
        assert_eq!(both.get(oid("2.23.133.5.4").as_bytes()), None);
        assert_eq!(both.iter().len(), 2);
        let error = both.with(one, ProcessedIn::Path).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the extension 2.23.133.5.4.1 is named twice"
        );
    }
}
