//! Critical extensions that a policy leaves to the application.

use alloc::vec::Vec;
use core::fmt;

use crate::identity::Extension;
use crate::x509::{Fields, Oid};

/// The critical extensions of a verified path that nobody has processed yet (RFC 5280 §4.2). From
/// [`VerifiedClient::extensions_to_process`](crate::VerifiedClient::extensions_to_process).
///
/// The application takes out what it knows, one by one, and lets the client in only if
/// [`finish`](Self::finish) finds nothing left.
///
/// ```
/// # use mtls_verify::client::Oid;
/// # use mtls_verify::VerifiedClient;
/// # fn process(_tcb_info: &[u8]) -> Result<(), Box<dyn std::error::Error>> { Ok(()) }
/// fn admit(client: &VerifiedClient) -> Result<(), Box<dyn std::error::Error>> {
///     let dice_tcb_info: Oid = "2.23.133.5.4.1".parse()?;
///     let mut left = client.extensions_to_process();
///     while let Some(found) = left.take(&dice_tcb_info) {
///         process(found.extension().value())?;
///     }
///     left.finish()?;
///     Ok(())
/// }
/// ```
#[must_use = "a critical extension that nobody processes must refuse the client (RFC 5280 §4.2)"]
#[derive(Clone, Debug)]
pub struct ExtensionsToProcess<'a> {
    /// The client's own first.
    left: Vec<ExtensionToProcess<'a>>,
}

/// A critical extension that nobody has processed yet, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionToProcess<'a> {
    path_index: usize,
    extension: Extension<'a>,
}

impl<'a> ExtensionsToProcess<'a> {
    /// Of the certificates of a path that held, the client's own first. Everything that is
    /// critical and not processed here was let through for the application to process.
    pub(super) fn of_path(path: impl Iterator<Item = (Fields, &'a [u8])>) -> Self {
        let left = path.enumerate().flat_map(|(path_index, (fields, der))| {
            let unhandled = fields.unhandled_extensions(der);
            unhandled.map(move |extension| ExtensionToProcess {
                path_index,
                extension: extension.into(),
            })
        });
        Self {
            left: left.collect(),
        }
    }

    /// Takes out the first that has this OBJECT IDENTIFIER, the client's own before those of CAs.
    pub fn take(&mut self, oid: &Oid) -> Option<ExtensionToProcess<'a>> {
        let is_asked = |left: &ExtensionToProcess<'_>| left.extension.has_oid(oid);
        let place = self.left.iter().position(is_asked)?;
        Some(self.left.remove(place))
    }

    /// Those that were not taken out.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ExtensionToProcess<'a>> {
        self.left.iter().copied()
    }

    /// Whether none is left.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Nothing, if all were taken out.
    ///
    /// # Errors
    /// [`UnprocessedExtension`], the first that is left: the application must refuse the client.
    pub fn finish(self) -> Result<(), UnprocessedExtension> {
        match self.left.first() {
            None => Ok(()),
            Some(left) => Err(UnprocessedExtension {
                oid: left.extension.oid(),
                path_index: left.path_index,
            }),
        }
    }
}

impl<'a> ExtensionToProcess<'a> {
    /// The extension: its OBJECT IDENTIFIER and its raw value, which nobody has looked at.
    pub fn extension(&self) -> Extension<'a> {
        self.extension
    }

    /// Whose it is: the index in [`VerifiedClient::path`](crate::VerifiedClient::path), 0 for the
    /// client's own certificate.
    pub fn path_index(&self) -> usize {
        self.path_index
    }
}

/// A critical extension that the policy leaves to the application, and the application did not
/// process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnprocessedExtension {
    /// Its OBJECT IDENTIFIER.
    pub oid: Oid,
    /// Whose it is: the index in [`VerifiedClient::path`](crate::VerifiedClient::path).
    pub path_index: usize,
}

impl fmt::Display for UnprocessedExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the critical extension {:?} of certificate {} of the path was not processed by the \
             application (ClientPolicy::processed_extensions)",
            self.oid, self.path_index
        )
    }
}

impl core::error::Error for UnprocessedExtension {}
