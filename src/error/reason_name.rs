//! Stable names for reasons.

use super::Reason;
use super::names::names;

names! {
    Reason,
    /// The stable name of the reason, without its values, such as `name-constraint`: for metrics,
    /// filters of logs and tests. It stays when a variant is renamed. Words are joined by hyphens.
    /// [`code`](Self::code) is coarser.
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
    OutOfScope "out-of-scope",
    TrustDomain "trust-domain",
    NoSuchScope "no-such-scope",
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
    use super::super::names::assert_plain_and_unique;
    use super::*;

    /// They are in dashboards and alerts: none ever changes, and a new one comes in addition.
    #[test]
    fn names_stay() {
        let names = "empty-chain too-many-presented certificate-too-large path-too-long \
            signature-limit work-limit malformed unknown-issuer no-way-to-anchor untrusted-root \
            bad-signature unsupported-signature-algorithm unsupported-key key-size not-yet-valid \
            expired not-a-ca path-length max-path-length key-usage purpose no-purpose \
            unhandled-extension name-constraint out-of-scope trust-domain no-such-scope \
            no-valid-policy \
            policy-not-acceptable repeated-policy maps-any-policy denied revoked \
            revocation-unknown stale-crl circular-crls non-conforming \
            identity-not-accepted ca-as-client handshake-signature";
        assert!(names.split_whitespace().eq(Reason::NAMES.iter().copied()));
    }

    #[test]
    fn names_are_plain_and_unique() {
        assert_plain_and_unique(Reason::NAMES);
    }
}
