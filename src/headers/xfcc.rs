//! Envoy's `X-Forwarded-Client-Cert` (XFCC).
//!
//! The value is a list of elements with commas between them, one for each proxy that added its own,
//! **the nearest proxy's last**. An element is what that proxy says of *its* client, in pairs of
//! key and value: `By=spiffe://a/proxy;Hash=…;Cert="…";URI=spiffe://a/client`.
//!
//! # Which element
//!
//! What a client sends of its own comes first, so that elements counted from the front are worth
//! nothing. [`Hop`] therefore counts from the end, and the caller has to say it:
//!
//! - [`Hop::Only`] where the proxy sets the header anew (Envoy's `SANITIZE_SET`), which is what the
//!   proxy at the edge must do.
//! - [`Hop::FromLast`]`(0)` where the nearest proxy appends (`APPEND_FORWARD`): its own client.
//! - [`Hop::FromLast`]`(1)` is what the client of the nearest proxy said, **which may be anybody**
//!   unless the last element is known to be that of a proxy of one's own: verify that one too.
//!
//! With `FORWARD_ONLY` and `ALWAYS_FORWARD_ONLY` a proxy lets through what it gets, and vouches for
//! nothing.
//!
//! # What is held against what
//!
//! Envoy writes names (`By`, `URI`, `DNS`) as they are in the certificate, without quotes, even if
//! they hold `;` or `,`. A client with a strange name in its certificate can so add pairs, or whole
//! elements at the end. That comes out where certificates are forwarded (`cert` or `chain` in
//! Envoy's `set_current_client_cert_details`): in every element that has one, `URI` and `DNS`, if
//! they are there, must be all such names of that certificate in their order (or its first URI
//! alone, as old versions of Envoy write it), all of them printable ASCII, and `Hash` its SHA-256
//! (if the crate is built with `ring` or `aws-lc-rs`). Whatever else elements say is unproved; use
//! the identity of the verified client instead.

mod grammar;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use pki_types::CertificateDer;

use super::certificates::push_encoded_pem;
use super::error::{Fault, HeaderError, HeaderProblem, in_header};
use super::name::quotable_text;
use super::only_value;
use super::percent::Literal;
use crate::verified_client::VerifiedClient;
use crate::x509::{Fields, GeneralName};

/// `X-Forwarded-Client-Cert`.
pub const FORWARDED_CLIENT_CERT: &str = "x-forwarded-client-cert";

/// The most elements that the header may have: 32.
pub const MAX_ELEMENTS: usize = 32;

/// Which proxy's word is taken; [the module](self) says which is worth what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hop {
    /// That of the one element there is; more are an error.
    Only,
    /// That of the element so many before the last: `FromLast(0)` is the last one, by the nearest
    /// proxy. Fewer elements are an error.
    FromLast(usize),
}

/// What one proxy says of its client.
///
/// `Display` is the element as it is written into the header, always on one line of printable
/// ASCII; [`parse`] reads it back. A proxy that appends writes a comma and the element after what
/// it received.
///
/// ```
/// use mtls_verify::headers::xfcc::{self, Hop};
///
/// let value = r#"By=spiffe://a.example/front;Subject="CN=x,O=y";URI=spiffe://a.example/web"#;
/// let element = xfcc::parse([value], Hop::Only)?;
/// assert_eq!(element.subject(), Some("CN=x,O=y"));
/// assert!(element.uris().eq(["spiffe://a.example/web"]));
/// assert_eq!(element.to_string(), value);
/// # Ok::<(), mtls_verify::headers::HeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    by: Vec<String>,
    hash: Option<[u8; 32]>,
    cert: Option<CertificateDer<'static>>,
    chain: Vec<CertificateDer<'static>>,
    subject: Option<String>,
    uris: Vec<String>,
    dns_names: Vec<String>,
}

/// The element that `hop` names. `values` are all that the request has under
/// [`FORWARDED_CLIENT_CERT`].
///
/// All elements must be well-formed and have at least one of the keys `By`, `Hash`, `Cert`,
/// `Chain`, `Subject`, `URI` and `DNS`. Keys are compared without case; those that are not known
/// are skipped. `Hash`, `Cert`, `Chain` and `Subject` may be in an element once; `Chain` must begin
/// with the certificate of `Cert`, and what else is checked [the module](self) says. Values are
/// between double quotes or have none of `"`, `\`, `,`, `;` and blanks. Between double quotes `\"`
/// is a double quote; any other backslash stays, with the character after it, as it is in the names
/// of RFC 4514.
///
/// # Errors
/// No value, several, another number of elements, or what is not as said above; see
/// [`HeaderProblem`].
pub fn parse<V: AsRef<[u8]>>(
    values: impl IntoIterator<Item = V>,
    hop: Hop,
) -> Result<Element, HeaderError> {
    let value = only_value(values).map_err(in_header(FORWARDED_CLIENT_CERT))?;
    let mut elements =
        grammar::elements(value.as_ref()).map_err(in_header(FORWARDED_CLIENT_CERT))?;
    let count = elements.len();
    let (index, expected) = match hop {
        Hop::Only => ((count == 1).then_some(0), 1),
        Hop::FromLast(before) => {
            let expected = before.saturating_add(1);
            (count.checked_sub(expected), expected)
        }
    };
    match index {
        Some(index) if index < count => Ok(elements.swap_remove(index)),
        _ => Err(in_header(FORWARDED_CLIENT_CERT)(HeaderProblem::Elements {
            elements: count,
            expected,
        })),
    }
}

impl Element {
    /// What a server that is the front says of its client: hash (if the crate is built with `ring`
    /// or `aws-lc-rs`), certificate, the path that was verified, subject, URIs and DNS names.
    ///
    /// If a URI has a double quote or a backslash in it, or is not printable ASCII, which none
    /// should (RFC 3986 §2), no URI is written, and likewise with DNS names: readers do not agree
    /// on where such a value ends. Names that are no identities, as of an X.509-SVID in the scope
    /// of its trust domain ([`Scope::of_trust_domain`](crate::store::Scope::of_trust_domain)), are
    /// not written, and neither is the subject then.
    pub fn of_client(client: &VerifiedClient) -> Self {
        let identity = client.identity();
        let subject = identity.has_subject().then(|| identity.subject());
        let names = |form: &GeneralName<'_>| plain_names(names_of(identity.alt_names(), form));
        Self {
            by: Vec::new(),
            #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
            hash: Some(identity.fingerprint_sha256()),
            #[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
            hash: None,
            cert: Some(client.certificate().into_owned()),
            chain: client.path().map(CertificateDer::into_owned).collect(),
            subject: subject.map(|subject| quotable_text(&subject)),
            uris: names(&GeneralName::Uri("")),
            dns_names: names(&GeneralName::Dns("")),
        }
    }

    /// With `By`, a URI of the subjectAltName of the server's own certificate; may be called
    /// several times.
    ///
    /// # Errors
    /// An empty URI, or one with other characters than printable ASCII, or with a blank, a double
    /// quote or a backslash.
    pub fn with_by(mut self, uri: &str) -> Result<Self, HeaderError> {
        let check = || {
            let is_good = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
            match uri.bytes().enumerate().find(|(_, byte)| !is_good(*byte)) {
                Some((at, byte)) => Err(Fault::at(at, HeaderProblem::Character { byte })),
                None if uri.is_empty() => Err(HeaderProblem::Empty.into()),
                None => Ok(()),
            }
        };
        check().map_err(in_header(FORWARDED_CLIENT_CERT))?;
        self.by.push(uri.to_owned());
        Ok(self)
    }

    /// Without `Cert`, for servers that look at the chain or at names alone.
    #[must_use]
    pub fn without_cert(mut self) -> Self {
        self.cert = None;
        self
    }

    /// Without `Chain`, which makes for long headers.
    #[must_use]
    pub fn without_chain(mut self) -> Self {
        self.chain = Vec::new();
        self
    }

    /// The URIs of the proxy that wrote it, by its own word.
    pub fn by(&self) -> impl ExactSizeIterator<Item = &str> {
        self.by.iter().map(String::as_str)
    }

    /// SHA-256 of the client's certificate. Proved by it if there is one and the crate is built
    /// with `ring` or `aws-lc-rs`. It does not name a client: see
    /// [`Identity::fingerprint_sha256`](crate::Identity#method.fingerprint_sha256).
    pub fn hash(&self) -> Option<&[u8; 32]> {
        self.hash.as_ref()
    }

    /// The certificates that it has: those of `Chain` if it is there, else that of `Cert`, else
    /// none. The client's own is the first.
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        match self.chain.as_slice() {
            [] => self.cert.as_slice(),
            chain => chain,
        }
    }

    /// The chain for [`verify_client_chain`](crate::verify_client_chain):
    /// [`certificates`](Self::certificates), of which there must be one.
    ///
    /// # Errors
    /// [`HeaderProblem::NoCertificate`]
    pub fn into_chain(self) -> Result<Vec<CertificateDer<'static>>, HeaderError> {
        match (self.chain, self.cert) {
            (chain, _) if !chain.is_empty() => Ok(chain),
            (_, Some(cert)) => Ok(Vec::from([cert])),
            (_, None) => Err(in_header(FORWARDED_CLIENT_CERT)(
                HeaderProblem::NoCertificate,
            )),
        }
    }

    /// The subject of the client's certificate as an RFC 2253 string, by the word of the proxy; may
    /// be empty.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The URIs of the client's certificate. Proved by it if there is one.
    pub fn uris(&self) -> impl ExactSizeIterator<Item = &str> {
        self.uris.iter().map(String::as_str)
    }

    /// The DNS names of the client's certificate. Proved by it if there is one.
    pub fn dns_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.dns_names.iter().map(String::as_str)
    }

    /// Holds what it says against its certificate, if it has one.
    fn check(&self) -> Result<(), Fault> {
        let Some(client) = self.certificates().first() else {
            return Ok(());
        };
        if self.cert.as_ref().is_some_and(|cert| cert != client) {
            return Err(HeaderProblem::OtherCertificate.into());
        }
        #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
        if self
            .hash
            .is_some_and(|hash| hash != crate::crypto::sha256(client))
        {
            return Err(HeaderProblem::OtherHash.into());
        }
        if self.uris.is_empty() && self.dns_names.is_empty() {
            return Ok(());
        }
        let fields = Fields::parse(client).map_err(HeaderProblem::Malformed)?;
        let names =
            |form: GeneralName<'static>| names_of(fields.view(client).subject_alt_names(), &form);
        let check = |written: &[String], form, key| match names(form) {
            Some(names) if are_names_of(written, &names) => Ok(()),
            // Old versions of Envoy write the first URI alone.
            Some(names) if key == "URI" && are_names_of(written, names.get(..1).unwrap_or(&[])) => {
                Ok(())
            }
            // Nothing is known of names that are not read, not even that there are none.
            None if written.is_empty() => Ok(()),
            _ => Err(HeaderProblem::OtherNames { key }),
        };
        check(&self.uris, GeneralName::Uri(""), "URI")?;
        check(&self.dns_names, GeneralName::Dns(""), "DNS")?;
        Ok(())
    }
}

/// The URIs or the DNS names of a certificate; `None` if any of them is not read, as it is no ASCII
/// or has control characters.
fn names_of<'a>(
    names: impl Iterator<Item = GeneralName<'a>>,
    form: &GeneralName<'_>,
) -> Option<Vec<&'a str>> {
    names
        .filter(|name| name.tag() == form.tag())
        .map(|name| match name {
            GeneralName::Uri(name) | GeneralName::Dns(name) => Some(name),
            _ => None,
        })
        .collect()
}

/// Whether an element with these names, the empty ones included, can be about a certificate with
/// those: none, or all in their order. Were some enough, a name cut short by a `,` or `;` in it
/// could pass for another one of the certificate.
fn are_names_of(written: &[String], certificate: &[&str]) -> bool {
    written.is_empty() || (written == [""] && certificate.is_empty()) || written == certificate
}

/// Names as they go into an element: all of them or none.
fn plain_names(names: Option<Vec<&str>>) -> Vec<String> {
    let is_plain = |name: &&str| !name.is_empty() && !name.contains(['"', '\\']);
    match names {
        Some(names) if names.iter().all(is_plain) => {
            names.into_iter().map(ToOwned::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

impl fmt::Display for Element {
    /// In the order in which Envoy writes them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs = Pairs { f, is_first: true };
        for uri in &self.by {
            pairs.name("By", uri)?;
        }
        if let Some(hash) = &self.hash {
            pairs.key("Hash")?;
            hash.iter()
                .try_for_each(|byte| write!(pairs.f, "{byte:02x}"))?;
        }
        pairs.certificates("Cert", self.cert.as_slice())?;
        pairs.certificates("Chain", &self.chain)?;
        if let Some(subject) = &self.subject {
            pairs.quoted("Subject", subject)?;
        }
        for uri in &self.uris {
            pairs.name("URI", uri)?;
        }
        for name in &self.dns_names {
            pairs.name("DNS", name)?;
        }
        // A proxy with nothing to say; an element must not be empty.
        if pairs.is_first {
            pairs.name("URI", "")?;
        }
        Ok(())
    }
}

struct Pairs<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    is_first: bool,
}

impl Pairs<'_, '_> {
    fn key(&mut self, key: &str) -> fmt::Result {
        let separator = if self.is_first { "" } else { ";" };
        self.is_first = false;
        write!(self.f, "{separator}{key}=")
    }

    /// A value that has quotes only where it needs them.
    fn name(&mut self, key: &str, value: &str) -> fmt::Result {
        if value.bytes().all(grammar::is_unquoted) && !value.contains('=') {
            self.key(key)?;
            self.f.write_str(value)
        } else {
            self.quoted(key, value)
        }
    }

    fn quoted(&mut self, key: &str, value: &str) -> fmt::Result {
        self.key(key)?;
        write!(self.f, "\"{}\"", value.replace('"', "\\\""))
    }

    fn certificates(&mut self, key: &str, certificates: &[CertificateDer<'static>]) -> fmt::Result {
        if certificates.is_empty() {
            return Ok(());
        }
        let mut encoded = String::new();
        let ders = certificates.iter().map(AsRef::as_ref);
        push_encoded_pem(ders, Literal::Unreserved, &mut encoded);
        self.quoted(key, &encoded)
    }
}
