//! Why a store does not load.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::num::NonZeroUsize;

use crate::x509::{NotACa, ParseError, ShortName, ShortText, subject_of_refused};

/// A store was not built: which certificate or CRL of which input, where in it, and why.
///
/// `Display` is a sentence for a person, such as `clients.pem: certificate 3, line 71
/// (CN=device 7,O=Example): not a CA: basicConstraints has cA=FALSE` or, outside of every block,
/// `certificates, line 12: an END line without a BEGIN line`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    input: Input,
    label: Option<Arc<str>>,
    place: Place,
    subject: Option<Box<str>>,
    problem: StoreProblem,
}

/// Where in an input, from one: a PEM block and the line of its BEGIN, a line outside of every
/// block, or which of the inputs in DER it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    number: Option<NonZeroUsize>,
    line: Option<NonZeroUsize>,
}

impl Place {
    pub(crate) fn new(number: Option<usize>, line: Option<usize>) -> Self {
        Self {
            number: number.and_then(NonZeroUsize::new),
            line: line.and_then(NonZeroUsize::new),
        }
    }
}

impl StoreError {
    /// Of an input as a whole, without a label.
    pub(crate) fn new(input: Input, problem: StoreProblem) -> Self {
        Self {
            input,
            label: None,
            place: Place::default(),
            subject: None,
            problem,
        }
    }

    pub(crate) fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    pub(crate) fn labelled(self, label: Option<Arc<str>>) -> Self {
        Self { label, ..self }
    }

    /// `der` is what was refused, as far as it can be told.
    pub(crate) fn about(self, der: &[u8]) -> Self {
        let subject = subject_of_refused(der).map(|name| ShortName(name).to_string().into());
        Self { subject, ..self }
    }

    /// What the bytes were given as.
    pub fn input(&self) -> Input {
        self.input
    }

    /// The label of the input, such as the name of a file, as
    /// [`Source::labelled`](crate::store::Source::labelled) was given it; `None` for an input
    /// without one, and if nothing was given.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The number, from one: in PEM that of the block, by its BEGIN line; of an input in DER that
    /// among all in DER that the builder or set was given as the same [`input`](Self::input), good
    /// or bad. `None` for an input as a whole, and for a line that belongs to no block.
    pub fn number(&self) -> Option<usize> {
        self.place.number.map(NonZeroUsize::get)
    }

    /// The line on which a PEM block begins, or the one that belongs to no block, from one; `None`
    /// for DER, and for an input as a whole.
    pub fn line(&self) -> Option<usize> {
        self.place.line.map(NonZeroUsize::get)
    }

    /// The subject of the certificate as an RFC 4514 string, such as `CN=device 7,O=Example`; of a
    /// CRL its issuer. At most 200 characters of it, and `#` with hexadecimal digits if it is no
    /// name. `None` if it is empty, or what was refused cannot be read that far.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// What is wrong.
    pub fn problem(&self) -> &StoreProblem {
        &self.problem
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = self.label() {
            write!(f, "{}: ", ShortText(label))?;
        }
        let noun = match self.input {
            Input::Ca => "certificate",
            Input::Intermediate => "intermediate",
            Input::PinnedClient => "pinned client certificate",
            Input::Crl => "CRL",
        };
        match (self.place.number, self.place.line) {
            (Some(number), Some(line)) => write!(f, "{noun} {number}, line {line}")?,
            (None, Some(line)) => write!(f, "{noun}s, line {line}")?,
            (Some(number), None) => write!(f, "DER {noun} {number}")?,
            (None, None) => f.write_str(noun)?,
        }
        if let Some(subject) = self.subject() {
            write!(f, " ({subject})")?;
        }
        f.write_str(": ")?;
        match (&self.problem, self.input) {
            (StoreProblem::Empty { hint }, Input::Crl) => {
                write!(f, "no CRL found{}", hint.unwrap_or_default())
            }
            (StoreProblem::Label { label }, Input::Crl) => {
                write!(f, "a block labelled {label:?} where only CRLs belong")
            }
            (problem, _) => problem.fmt(f),
        }
    }
}

impl core::error::Error for StoreError {}

/// What bytes given to a store builder are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Input {
    /// Certificates of CAs, each a trust anchor.
    Ca,
    /// Certificates of CAs and of CRL signers that are not trusted by themselves.
    Intermediate,
    /// Certificates of clients, trusted exactly as they are.
    PinnedClient,
    /// CRLs.
    Crl,
}

/// Why one certificate, or a whole input, does not go into a store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreProblem {
    /// There is no certificate in it, or no CRL.
    #[error("no certificate found{}", match hint { Some(hint) => hint, None => "" })]
    Empty {
        /// What the bytes look like instead, as the end of the sentence.
        hint: Option<&'static str>,
    },
    /// A PEM block with a label other than those of what belongs there.
    #[error("a block labelled {label:?} where only certificates belong")]
    Label {
        /// The label of the block, at most 64 characters of it.
        label: String,
    },
    /// A private key. Treat the key as exposed to every reader of trust
    /// bundles.
    #[error("a private key ({label:?}), which does not belong among certificates")]
    PrivateKey {
        /// The label of the block, at most 64 characters of it.
        label: String,
    },
    /// A line that was meant as a PEM boundary, as far as one can tell, and is not one; an END line
    /// only outside of every block.
    #[error("a line that resembles {resembles:?} but is not a PEM boundary")]
    Boundary {
        /// `-----BEGIN` or `-----END`.
        resembles: &'static str,
    },
    /// A block without its END line.
    #[error("no END line")]
    NoEnd,
    /// A block with an END line that is not a PEM boundary.
    #[error("its END line, line {line}, is not a PEM boundary")]
    BrokenEnd {
        /// That line of the input, from one.
        line: usize,
    },
    /// A block with another label on its END line than on its BEGIN line.
    #[error("it begins as {begin:?} and ends, on line {line}, as {end:?}")]
    OtherEnd {
        /// The label of the BEGIN line, at most 64 characters of it.
        begin: String,
        /// The label of the END line, at most 64 characters of it.
        end: String,
        /// The END line of the input, from one.
        line: usize,
    },
    /// An END line outside of every block.
    #[error("an END line without a BEGIN line")]
    StrayEnd,
    /// A NUL byte, the first of the input: what is there is UTF-16 or binary.
    #[error("a NUL byte; PEM is ASCII text, and this is UTF-16 or binary")]
    Nul,
    /// The text between the boundaries is not base64.
    #[error("not base64 on line {line}")]
    Base64 {
        /// The line of the input, from one.
        line: usize,
    },
    /// Larger than the largest certificate taken.
    #[error("{bytes} bytes; a certificate may have {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest size taken.
        limit: usize,
    },
    /// All certificates together are larger than 4 GiB.
    #[error("more than 4 GiB of certificates")]
    StoreTooLarge,
    /// Not a certificate as RFC 5280 §4.1 describes it, or not a CRL (§5.1).
    #[error("malformed: {0}")]
    Malformed(ParseError),
    /// A CRL with a critical extension that is not processed (RFC 5280 §5.2, §5.3).
    #[error(
        "{}an extension that is not processed and must not be ignored: {oid}",
        InEntry(entry)
    )]
    UnhandledExtension {
        /// The OBJECT IDENTIFIER of the extension.
        oid: String,
        /// The entry that it is in, from one; `None` if it is one of the CRL.
        entry: Option<usize>,
    },
    /// Given as a CA, and not one.
    #[error("not a CA: {0}")]
    NotACa(NotACa),
    /// OpenSSL's trust settings in a `TRUSTED CERTIFICATE` allow it for no purpose. That rejects
    /// equal certificates too, in whatever role they were given or presented. Settings that allow
    /// some purposes are no problem of a store: they are judged for those that a policy asks for.
    #[error(
        "its OpenSSL trust settings allow it for no purpose, and reject every equal certificate"
    )]
    TrustSettings,
    /// Base64 outside of every block that may be a certificate or CRL, as
    /// [`TrustStore::from_pem`](crate::TrustStore::from_pem) says. A damaged BEGIN line may hide a
    /// block there.
    #[error(
        "base64 outside of every PEM block: repair the BEGIN line above it, or begin its lines \
         with #"
    )]
    StrayBase64,
}

/// Begins a sentence with the entry that it is about.
struct InEntry<'a>(&'a Option<usize>);

impl fmt::Display for InEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(entry) => write!(f, "entry {entry} has "),
            None => f.write_str("it has "),
        }
    }
}
