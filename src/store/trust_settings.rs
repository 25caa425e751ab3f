//! What the trust settings of a store's certificates allow.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::policy::{KeyPurpose, KeyPurposes};
use crate::x509::Certificate;

/// The purposes for which trust settings allow a certificate. Each is the content octets of an
/// OBJECT IDENTIFIER, and anyExtendedKeyUsage is none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    AllBut(Purposes),
    Only(Purposes),
}

pub(crate) type Purposes = BTreeSet<Vec<u8>>;

impl Allowed {
    /// As `openssl verify` reads the two lists: a purpose among `rejected` is refused, and where
    /// `trusted` is present, even if empty, only its purposes hold. In either list,
    /// anyExtendedKeyUsage stands for every purpose.
    pub(super) fn new(trusted: Option<Purposes>, rejected: Purposes) -> Self {
        if rejected.contains(KeyPurpose::ANY.as_bytes()) {
            return Self::Only(Purposes::new());
        }
        let trusted = match trusted {
            Some(trusted) if !trusted.contains(KeyPurpose::ANY.as_bytes()) => Self::Only(trusted),
            _ => Self::AllBut(Purposes::new()),
        };
        trusted.and(Self::AllBut(rejected))
    }

    pub(super) fn is_everything(&self) -> bool {
        matches!(self, Self::AllBut(rejected) if rejected.is_empty())
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Only(trusted) if trusted.is_empty())
    }

    /// What both allow. Takes time for the smaller of them.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::AllBut(one), Self::AllBut(other)) => {
                let (mut all, others) = smaller_last(one, other);
                all.extend(others);
                Self::AllBut(all)
            }
            (Self::Only(one), Self::Only(other)) => {
                let (larger, mut smaller) = smaller_last(one, other);
                smaller.retain(|purpose| larger.contains(purpose));
                Self::Only(smaller)
            }
            (Self::Only(mut trusted), Self::AllBut(rejected))
            | (Self::AllBut(rejected), Self::Only(mut trusted)) => {
                if rejected.len() < trusted.len() {
                    for purpose in &rejected {
                        trusted.remove(purpose);
                    }
                } else {
                    trusted.retain(|purpose| !rejected.contains(purpose));
                }
                Self::Only(trusted)
            }
        }
    }

    /// Whether they allow a purpose. anyExtendedKeyUsage is allowed if every purpose is.
    pub(crate) fn allows(&self, purpose: &KeyPurpose) -> bool {
        match self {
            _ if *purpose == KeyPurpose::ANY => self.is_everything(),
            Self::AllBut(rejected) => !rejected.contains(purpose.as_bytes()),
            Self::Only(trusted) => trusted.contains(purpose.as_bytes()),
        }
    }

    pub(crate) fn allows_any_of(&self, purposes: &KeyPurposes) -> bool {
        purposes.iter().any(|purpose| self.allows(purpose))
    }
}

fn smaller_last(one: Purposes, other: Purposes) -> (Purposes, Purposes) {
    match one.len() < other.len() {
        true => (other, one),
        false => (one, other),
    }
}

/// The trust settings of certificates, by what was signed: the DER of each tbsCertificate. Those
/// that allow everything are not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustSettings(BTreeMap<Vec<u8>, Allowed>);

impl TrustSettings {
    /// Adds settings of a certificate. Where it has others, only what all allow is allowed,
    /// whatever the order.
    pub(super) fn add(&mut self, tbs: &[u8], allowed: Allowed) {
        let both = match self.0.remove(tbs) {
            Some(known) => known.and(allowed),
            None => allowed,
        };
        if !both.is_everything() {
            self.0.insert(tbs.to_vec(), both);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they allow; `None` of a certificate without settings, which is for everything.
    pub(crate) fn of(&self, certificate: Certificate<'_>) -> Option<&Allowed> {
        if self.is_empty() {
            return None;
        }
        self.0.get(certificate.tbs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static KNOWN: [KeyPurpose; 4] = [
        KeyPurpose::CLIENT_AUTH,
        KeyPurpose::SERVER_AUTH,
        KeyPurpose::EMAIL_PROTECTION,
        KeyPurpose::ANY,
    ];

    /// Each subset of the purposes above.
    fn lists() -> impl Iterator<Item = Purposes> {
        (0u8..16).map(|chosen| {
            let is_chosen = |at: usize| chosen & (1 << at) != 0;
            let purposes = KNOWN.iter().enumerate().filter(|(at, _)| is_chosen(*at));
            purposes
                .map(|(_, known)| known.as_bytes().to_vec())
                .collect()
        })
    }

    /// By the words of OpenSSL's manual, of a purpose but anyExtendedKeyUsage.
    fn is_allowed(trusted: Option<&Purposes>, rejected: &Purposes, purpose: &KeyPurpose) -> bool {
        let names = |list: &Purposes| {
            list.contains(purpose.as_bytes()) || list.contains(KeyPurpose::ANY.as_bytes())
        };
        !names(rejected) && trusted.is_none_or(names)
    }

    #[test]
    fn every_pair_of_lists_and_of_settings() {
        let trusted_lists = || lists().map(Some).chain([None]);
        let mut all = Vec::new();
        for trusted in trusted_lists() {
            for rejected in lists() {
                let allowed = Allowed::new(trusted.clone(), rejected.clone());
                for purpose in &KNOWN[..3] {
                    let expected = is_allowed(trusted.as_ref(), &rejected, purpose);
                    assert_eq!(
                        allowed.allows(purpose),
                        expected,
                        "{trusted:?} {rejected:?}"
                    );
                }
                if allowed.allows(&KeyPurpose::ANY) {
                    assert!(KNOWN.iter().all(|purpose| allowed.allows(purpose)));
                }
                all.push(allowed);
            }
        }
        for one in &all {
            for other in &all {
                let both = one.clone().and(other.clone());
                assert_eq!(both, other.clone().and(one.clone()));
                for purpose in &KNOWN {
                    let expected = one.allows(purpose) && other.allows(purpose);
                    assert_eq!(both.allows(purpose), expected, "{one:?} {other:?}");
                }
            }
        }
    }
}
