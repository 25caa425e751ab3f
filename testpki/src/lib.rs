//! Issues X.509 certificates and CRLs for tests, right and wrong on purpose, and signs them for
//! real.
//!
//! Everything here is deterministic: the same program gives the same bytes on every run, so that
//! what it makes can be committed and compared. Elliptic-curve keys come from a label, RSA keys
//! from files in `testpki/keys/`.
//!
//! ```
//! use testpki::{Cert, Key};
//!
//! let root = Cert::ca("Root", &Key::p256("root"));
//! let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
//! let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
//! let chain = [client.der(), issuing.der()];
//! # assert_eq!(chain[0][0], 0x30);
//! ```
//!
//! [`Cert`] and [`Crl`] are templates with good defaults; each method changes one thing and gives
//! the template back. What a template cannot say, [`Cert::rewrite_tbs`], [`Cert::rewrite`] and the
//! encoder in [`der`] can.
//!
//! This is test tooling: it panics where a caller asks for what cannot be (a P-256 key that signs
//! RSA-PSS), and its private keys are public.

pub mod cases;
pub mod cert;
pub mod crafted;
pub mod crl;
pub mod der;
pub mod distribution;
pub mod extension;
pub mod folders;
pub mod key;
pub mod name;
pub mod oid;
pub mod pem;
pub mod pss;
pub mod recovery;
mod seal;
pub mod spiffe;
pub mod time;

pub use cert::{Cert, Version};
pub use crl::{Crl, Entry};
pub use distribution::{DistributionPoint, IssuingDistributionPoint, Reason};
pub use extension::{Extension, GeneralName, KeyUsage};
pub use key::{Key, RsaKey, SignatureAlgorithm};
pub use name::{Attribute, Name, StringType};
pub use pem::Pem;
pub use pss::{HashParameters, PssParameters};
pub use seal::Rewrite;
pub use time::Time;

/// SHA-256 of some bytes, whatever provider the library is built with.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}
