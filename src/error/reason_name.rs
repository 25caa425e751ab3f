//! Stable names for reasons.

use super::Reason;

/// Gives each variant its name, and lists the names.
macro_rules! names {
    ($($variant:ident $name:literal,)*) => {
        impl Reason {
            /// Every [`name`](Self::name) there is, for metrics that begin at 0:
            ///
            $(#[doc = concat!(
                "- `", $name, "`: [`", stringify!($variant), "`](Self::", stringify!($variant), ")"
            )])*
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The stable name of the reason, without its values, such as `name-constraint`: for
            /// metrics, filters of logs and tests. It stays when a variant is renamed. Words are
            /// joined by hyphens. [`code`](Self::code) is coarser.
            ///
            /// ```
            /// use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
            /// # use mtls_verify::pki_types::UnixTime;
            /// # let store = TrustStore::from_pem(include_bytes!("../../testdata/example/ca.pem"))?;
            /// let refusal =
            ///     verify_client_chain(&store, &[], UnixTime::now(), &ClientPolicy::default())
            ///         .unwrap_err();
            /// assert_eq!(refusal.reason().name(), "empty-chain");
            /// # Ok::<(), mtls_verify::StoreError>(())
            /// ```
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)*
                }
            }
        }
    };
}

names! {
    EmptyChain "empty-chain",
    TooManyPresented "too-many-presented",
    CertificateTooLarge "certificate-too-large",
    PathTooLong "path-too-long",
    SignatureLimit "signature-limit",
    WorkLimit "work-limit",
    Malformed "malformed",
    UnknownIssuer "unknown-issuer",
    NoWayToAnchor "no-way-to-anchor",
    UntrustedRoot "untrusted-root",
    BadSignature "bad-signature",
    UnsupportedSignatureAlgorithm "unsupported-signature-algorithm",
    UnsupportedKey "unsupported-key",
    KeySize "key-size",
    NotYetValid "not-yet-valid",
    Expired "expired",
    NotACa "not-a-ca",
    PathLength "path-length",
    MaxPathLength "max-path-length",
    KeyUsage "key-usage",
    Purpose "purpose",
    NoPurpose "no-purpose",
    UnhandledExtension "unhandled-extension",
    NameConstraint "name-constraint",
    NoValidPolicy "no-valid-policy",
    PolicyNotAcceptable "policy-not-acceptable",
    RepeatedPolicy "repeated-policy",
    MapsAnyPolicy "maps-any-policy",
    Denied "denied",
    Revoked "revoked",
    RevocationUnknown "revocation-unknown",
    StaleCrl "stale-crl",
    CircularCrls "circular-crls",
    NonConforming "non-conforming",
    IdentityNotAccepted "identity-not-accepted",
    CaAsClient "ca-as-client",
    HandshakeSignature "handshake-signature",
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are in dashboards and alerts: none ever changes, and a new one comes in addition.
    #[test]
    fn names_stay() {
        let names = "empty-chain too-many-presented certificate-too-large path-too-long \
            signature-limit work-limit malformed unknown-issuer no-way-to-anchor untrusted-root \
            bad-signature unsupported-signature-algorithm unsupported-key key-size not-yet-valid \
            expired not-a-ca path-length max-path-length key-usage purpose no-purpose \
            unhandled-extension name-constraint no-valid-policy policy-not-acceptable \
            repeated-policy maps-any-policy denied revoked revocation-unknown stale-crl \
            circular-crls non-conforming identity-not-accepted ca-as-client handshake-signature";
        assert!(names.split_whitespace().eq(Reason::NAMES.iter().copied()));
    }

    /// They are labels of metrics: each is one, and plain.
    #[test]
    fn names_are_plain_and_unique() {
        for (index, name) in Reason::NAMES.iter().enumerate() {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            assert!(!name.is_empty() && name.bytes().all(is_plain), "{name}");
            let others = Reason::NAMES.iter().skip(index.saturating_add(1));
            assert!(!others.into_iter().any(|other| other == name), "{name}");
        }
    }
}
