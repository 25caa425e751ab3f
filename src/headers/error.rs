//! Why a header is refused.

use core::fmt;

use crate::x509::ParseError;

/// A header does not hold what its format asks for: which header, where in it, and what is wrong.
///
/// `Display` is a sentence for a person, such as `x-amzn-mtls-clientcert, byte 10: the byte 0x20,
/// which must be encoded or not be there`. It never repeats what the header holds, beyond a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    header: &'static str,
    fault: Fault,
}

/// What is wrong and where, before it is known in which header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    certificate: Option<usize>,
    offset: Option<usize>,
    problem: HeaderProblem,
}

impl HeaderError {
    /// The header, in lower case; for nginx and HAProxy, where operators choose its name, what they
    /// fill it with: `$ssl_client_escaped_cert`.
    pub fn header(&self) -> &'static str {
        self.header
    }

    /// The number of the certificate that it is about, from one, among those of the header or of
    /// the element.
    pub fn certificate(&self) -> Option<usize> {
        self.fault.certificate
    }

    /// The position in the value in bytes, from zero; where a header has several values, in the one
    /// that it is about.
    pub fn offset(&self) -> Option<usize> {
        self.fault.offset
    }

    /// What is wrong.
    pub fn problem(&self) -> &HeaderProblem {
        &self.fault.problem
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.header)?;
        if let Some(offset) = self.fault.offset {
            write!(f, ", byte {offset}")?;
        }
        if let Some(certificate) = self.fault.certificate {
            write!(f, ", certificate {certificate}")?;
        }
        write!(f, ": {}", self.fault.problem)
    }
}

impl core::error::Error for HeaderError {}

impl Fault {
    pub(super) fn at(offset: usize, problem: HeaderProblem) -> Self {
        Self::from(problem).shifted_by(offset)
    }

    /// The same in a text that begins at `start`; the start itself if it is not known where in the
    /// text.
    pub(super) fn shifted_by(mut self, start: usize) -> Self {
        self.offset = Some(self.offset.unwrap_or(0).saturating_add(start));
        self
    }

    pub(super) fn in_certificate(mut self, number: usize) -> Self {
        self.certificate = Some(number);
        self
    }
}

impl From<HeaderProblem> for Fault {
    fn from(problem: HeaderProblem) -> Self {
        Self {
            certificate: None,
            offset: None,
            problem,
        }
    }
}

/// Names the header that something is wrong with.
pub(super) fn in_header<F: Into<Fault>>(header: &'static str) -> impl Fn(F) -> HeaderError {
    move |fault| HeaderError {
        header,
        fault: fault.into(),
    }
}

/// What is wrong with a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// The request does not have it: the client presented no certificate, or there is no proxy.
    #[error("the request does not have it")]
    Missing,
    /// The request has it more than once: one of them may be forged, and nobody can tell which.
    #[error("the request has it more than once")]
    Repeated,
    /// It has no value.
    #[error("it is empty")]
    Empty,
    /// `Client-Cert-Chain` in a request that has no `Client-Cert` (RFC 9440 §2.3).
    #[error("the request does not have client-cert, without which this must not be there")]
    WithoutClientCert,
    /// Larger than [`MAX_HEADER_BYTES`](super::MAX_HEADER_BYTES).
    #[error("more than {limit} bytes, which is the limit")]
    TooLarge {
        /// How many bytes it may have.
        limit: usize,
    },
    /// More certificates than [`MAX_CERTIFICATES`](super::MAX_CERTIFICATES).
    #[error("more than {limit} certificates, which is the limit")]
    TooManyCertificates {
        /// How many it may have.
        limit: usize,
    },
    /// More than one certificate in a header that is for the client's own.
    #[error("more than one certificate, where the client's own alone belongs")]
    SeveralCertificates,
    /// A byte that the format has written otherwise or not at all: a space, a line break, a quote.
    #[error("the byte 0x{byte:02X}, which must be encoded or not be there")]
    Character {
        /// That byte.
        byte: u8,
    },
    /// A `%` without two hexadecimal digits after it.
    #[error("a '%' without two hexadecimal digits after it")]
    PercentEncoding,
    /// Something else where a certificate's `-----BEGIN CERTIFICATE-----` line must be: another
    /// label, text, data after the last block.
    #[error("no line BEGIN CERTIFICATE where one must be")]
    NoBegin,
    /// A PEM block without its `-----END CERTIFICATE-----` line.
    #[error("no line END CERTIFICATE where one must be")]
    NoEnd,
    /// Not base64 (RFC 4648 §4), or not in its canonical form: bits beyond the last byte, no
    /// padding.
    #[error("not base64")]
    Base64,
    /// What is encoded is not one DER `SEQUENCE` and nothing after it.
    #[error("not the DER of one certificate")]
    NotDer,
    /// A certificate that does not parse, in an element whose names are held against it.
    #[error("malformed: {0}")]
    Malformed(ParseError),
    /// Something else than what the format's grammar asks for at this place.
    #[error("{expected} must be there")]
    Expected {
        /// What must be there.
        expected: &'static str,
    },
    /// A key twice in one element of `X-Forwarded-Client-Cert` that may be there once.
    #[error("{key} a second time in one element")]
    RepeatedKey {
        /// The key.
        key: &'static str,
    },
    /// A hash in an element of `X-Forwarded-Client-Cert` that is not the SHA-256 of its
    /// certificate.
    #[error("Hash is not the SHA-256 of the element's certificate")]
    OtherHash,
    /// An element of `X-Forwarded-Client-Cert` whose `Chain` does not begin with its `Cert`.
    #[error("Chain does not begin with the certificate of Cert")]
    OtherCertificate,
    /// Names in an element of `X-Forwarded-Client-Cert` other than those of the element's
    /// certificate.
    #[error("{key} is other than in the element's certificate")]
    OtherNames {
        /// `URI` or `DNS`.
        key: &'static str,
    },
    /// An element of `X-Forwarded-Client-Cert` without a certificate: the proxy is not told to
    /// forward it.
    #[error("the element has neither Cert nor Chain")]
    NoCertificate,
    /// Another number of elements in `X-Forwarded-Client-Cert` than the [`Hop`](super::xfcc::Hop)
    /// asks for.
    #[error("{elements} elements, where {expected} must be there")]
    Elements {
        /// How many there are.
        elements: usize,
        /// How many are needed: exactly one, or at least so many.
        expected: usize,
    },
    /// More elements in `X-Forwarded-Client-Cert` than [`MAX_ELEMENTS`](super::xfcc::MAX_ELEMENTS).
    #[error("more than {limit} elements, which is the limit")]
    TooManyElements {
        /// How many it may have.
        limit: usize,
    },
}
