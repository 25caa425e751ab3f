//! Stable names for what is wrong with the input of a store.

use super::StoreProblem;
use super::names::names;

names! {
    StoreProblem,
    /// The stable name of the problem, without its values, such as `not-a-ca`: for metrics, filters
    /// of logs and tests. It stays when a variant is renamed. Words are joined by hyphens.
    ///
    /// ```
    /// let error = mtls_verify::TrustStore::from_pem("-----BEGIN CERTIFICATE-----").unwrap_err();
    /// assert_eq!(error.problem().name(), "no-end");
    /// ```
    Empty "empty",
    Label "label",
    PrivateKey "private-key",
    Boundary "boundary",
    NoEnd "no-end",
    BrokenEnd "broken-end",
    OtherEnd "other-end",
    StrayEnd "stray-end",
    Nul "nul",
    Base64 "base64",
    TooLarge "too-large",
    StoreTooLarge "store-too-large",
    Malformed "malformed",
    UnhandledExtension "unhandled-extension",
    NotACa "not-a-ca",
    TrustSettings "trust-settings",
    StrayBase64 "stray-base64",
}

#[cfg(test)]
mod tests {
    use super::super::names::assert_plain_and_unique;
    use super::*;

    /// They are in dashboards and alerts: none ever changes, and a new one comes in addition.
    #[test]
    fn names_stay() {
        let names = "empty label private-key boundary no-end broken-end other-end stray-end nul \
            base64 too-large store-too-large malformed unhandled-extension not-a-ca \
            trust-settings stray-base64";
        let names = names.split_whitespace();
        assert!(names.eq(StoreProblem::NAMES.iter().copied()));
    }

    #[test]
    fn names_are_plain_and_unique() {
        assert_plain_and_unique(StoreProblem::NAMES);
    }
}
