//! Certificates that a proxy forwards in an HTTP header: read into the chain that
//! [`verify_client_chain`](crate::verify_client_chain) takes, and written from a
//! [`VerifiedClient`](crate::VerifiedClient) by a server that is the front itself.
//!
//! Behind a load balancer that ends TLS, the certificate of the client arrives in a header, each
//! proxy with its own format. There is a module for each format; the caller names it, and nothing
//! is detected.
//!
//! | header | format | from | the chain |
//! |---|---|---|---|
//! | `X-Amzn-Mtls-Clientcert` | [`alb::parse_chain`] | AWS ALB, passthrough mode | whole |
//! | `X-Amzn-Mtls-Clientcert-Leaf` | [`alb::parse_leaf`] | AWS ALB, verify mode | client only |
//! | `Client-Cert`, `Client-Cert-Chain` | [`rfc9440::parse`] | proxies that follow RFC 9440 | whole, if sent |
//! | `X-Forwarded-Client-Cert` | [`xfcc::parse`] | Envoy, Istio | whole, if sent |
//! | `X-Forwarded-Tls-Client-Cert` | [`traefik::parse`] | Traefik | whole |
//! | `CloudFront-Viewer-Cert-Pem` | [`cloudfront::parse`] | AWS CloudFront | client only |
//! | any, of `$ssl_client_escaped_cert` | [`nginx::parse`] | nginx | client only |
//! | any, of `ssl_c_der,base64` | [`haproxy::parse`] | HAProxy | client only |
//!
//! Where the client alone is forwarded, its intermediates come from the store
//! ([`add_intermediates_pem`](crate::TrustStoreBuilder::add_intermediates_pem)).
//!
//! # What a header is worth
//!
//! - **A header is only as good as the proxy that strips forged ones.** A client that reaches the
//!   server past the proxy, or through one that lets the header of a client pass, can send the
//!   certificate of anybody: certificates are public. Let nobody but the proxy connect, and have it
//!   remove or replace the header on every request, **with and without a client certificate, and
//!   under the spelling with underscores too** (`X_Amzn_Mtls_Clientcert`), which CGI, WSGI and some
//!   frameworks take for the same header.
//! - **Possession of the key was proved to the proxy, and to nobody else.** A chain that verifies
//!   here says that the certificate is good, not that the one who sent the request holds its key.
//!   That is the proxy's word, also in passthrough mode.
//! - What else a header says of the client (subject, names, hash) is the proxy's word too, and the
//!   certificate's is better: use [`VerifiedClient::identity`](crate::VerifiedClient::identity).
//!
//! # An error, never a guess
//!
//! Functions take *all* values that a request has under a header's name, as HTTP libraries give
//! them (`HeaderMap::get_all` of the `http` crate), because more than one is an error. The only
//! exception is `Client-Cert-Chain` of RFC 9440, a list that may be missing, or spread over several
//! (RFC 9651 §4.2). Errors are also: none, an empty one, anything that is not of the format, and
//! more than [`MAX_HEADER_BYTES`] or [`MAX_CERTIFICATES`]. Optional client authentication tells
//! [`HeaderProblem::Missing`] apart (behind HAProxy [`HeaderProblem::Empty`]); every other error is
//! a request to refuse, not one without a client.
//!
//! Of each certificate it is checked here that it is one DER `SEQUENCE` and nothing else; [`xfcc`]
//! also holds the names and the hash of an element against it. The rest is for the verification.
//!
//! ```
//! use mtls_verify::{ClientPolicy, TrustStore, headers, verify_client_chain};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use mtls_verify::pki_types::UnixTime;
//! # let ca_pem = include_bytes!("../testdata/example/ca.pem");
//! # let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_780_272_000));
//! # let received = include_str!("../testdata/headers/alb-chain.txt").trim_end();
//! let store = TrustStore::from_pem(ca_pem)?;
//!
//! // With the `http` crate: request.headers().get_all(headers::alb::CLIENTCERT)
//! let values = [received];
//! let chain = headers::alb::parse_chain(values)?;
//! let client = verify_client_chain(&store, &chain, now, &ClientPolicy::default())?;
//! assert_eq!(client.identity().subject(), "CN=device 7,O=Example");
//! # Ok(())
//! # }
//! ```

pub mod alb;
mod certificates;
pub mod cloudfront;
mod error;
pub mod haproxy;
mod name;
pub mod nginx;
mod percent;
pub mod rfc9440;
mod structured;
pub mod traefik;
pub mod xfcc;

pub use error::{HeaderError, HeaderProblem};

/// The most bytes that all values of one header may have together: 131,072. Load balancers and web
/// servers take 8,192 to 65,536 for all headers of a request unless they are told otherwise.
pub const MAX_HEADER_BYTES: usize = 131_072;

/// The most certificates that one header, or `Chain` in one element of it, may hold: 32. How many a
/// client may present is for [`Limits::presented`](crate::policy::Limits::presented), which is 16
/// by default.
pub const MAX_CERTIFICATES: usize = 32;

/// The one value of a header that must have exactly one, not empty and not too large.
fn only_value<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) -> Result<V, HeaderProblem> {
    let mut values = values.into_iter();
    let value = values.next().ok_or(HeaderProblem::Missing)?;
    if values.next().is_some() {
        return Err(HeaderProblem::Repeated);
    }
    match value.as_ref().len() {
        0 => Err(HeaderProblem::Empty),
        1..=MAX_HEADER_BYTES => Ok(value),
        _ => Err(HeaderProblem::TooLarge {
            limit: MAX_HEADER_BYTES,
        }),
    }
}
