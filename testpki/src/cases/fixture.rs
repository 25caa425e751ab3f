//! The certificates that most cases begin with.

use crate::{Cert, Key};

/// The root: CN=Root, P-256, valid from 2020 to 2040.
pub(super) fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// The CA below the root: CN=Issuing CA, P-256, valid from 2020 to 2040.
pub(super) fn issuing() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root())
}

/// The client below the issuing CA: CN=alice, P-256, valid in 2026 and the first second of 2027.
pub(super) fn alice() -> Cert {
    alice_of(&issuing())
}

/// The same client below another CA.
pub(super) fn alice_of(issuer: &Cert) -> Cert {
    Cert::client("alice", &Key::p256("alice")).issued_by(issuer)
}

/// A CA that has nothing to do with the others.
pub(super) fn stranger() -> Cert {
    Cert::ca("Stranger", &Key::p256("stranger"))
}
