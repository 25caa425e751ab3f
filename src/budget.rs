//! What one verification may still cost.
//!
//! Signatures are counted, as they are what a verification should cost. Everything, signatures
//! included, is paid for in units of about equal work, so that one limit holds whatever mixture of
//! work is asked for. A unit is about 100 instructions, or 10 ns. `docs/DESIGN.md` has the table of
//! prices and how they were measured.
//!
//! What strangers can ask for is a tenth: the rest is for what certificates ask for whose
//! signatures hold.

use core::cell::Cell;

use crate::error::{Reason, Work};
use crate::policy::{DEFAULT_SIGNATURES, Limits};

/// What work costs, in units.
pub(crate) mod price {
    use crate::x509::{Certificate, characters_to_prepare, is_foldable};

    /// A signature. The cheapest that CAs make, of RSA with 2048 bits, takes up to twice as much,
    /// others up to 80 times; so their number has a limit of its own.
    pub(crate) const SIGNATURE: usize = 1_200;
    /// The same with the search for the path that it is in.
    pub(crate) const SIGNATURE_OF_PATH: usize = SIGNATURE + 100;
    /// Looking at one candidate for an issuer.
    pub(crate) const CANDIDATE: usize = 2;
    /// Looking at a presented certificate as the issuer of a CRL.
    pub(crate) const STRANGER: usize = 12;
    /// Looking for a serial number in a CRL.
    pub(crate) const LISTED: usize = 8;
    /// Reading an extension, and seeing that it is there once.
    pub(crate) const EXTENSION: usize = 8;
    /// Setting out from a certificate to look for its issuers, apart from [`searching`].
    pub(crate) const ISSUERS: usize = 10;
    /// Giving out a path, and taking back what came of it.
    pub(crate) const PATH: usize = 12;
    /// Going on after a path that was refused before its signatures.
    pub(crate) const REFUSED: usize = 60;
    /// Checking a certificate by itself.
    pub(crate) const CERTIFICATE: usize = 12;
    /// Comparing two short names.
    pub(crate) const COMPARISON: usize = 2;
    /// Reading a name or a subtree before it is compared.
    pub(crate) const NAME: usize = 10;
    /// A certificate policy, a mapping, or a node or an edge of the policy graph.
    pub(crate) const POLICY: usize = 5;
    /// Preparing one character (RFC 4518) of an attribute that is not plain.
    const CHARACTER: usize = 30;

    /// Hashing so many bytes for a signature, beyond what certificates usually have.
    pub(crate) fn hashing(bytes: usize) -> usize {
        const USUAL: usize = 1_024;
        bytes.saturating_sub(USUAL) / 5
    }

    /// Reading so many bytes of DER element by element.
    pub(crate) fn reading(bytes: usize) -> usize {
        bytes / 4
    }

    /// Preparing text of so many bytes, with so many characters of those attributes that have some
    /// which are not plain.
    pub(crate) fn preparing(bytes: usize, characters: usize) -> usize {
        (bytes / 2).saturating_add(characters.saturating_mul(CHARACTER))
    }

    /// Finding the key of a name, to look it up, or comparing it with another of the same key.
    pub(crate) fn looking_up(name: &[u8]) -> usize {
        let preparing = match is_foldable(name) {
            true => preparing(name.len(), characters_to_prepare(name)),
            false => 0,
        };
        comparing(name.len()).saturating_add(preparing)
    }

    /// Reading a certificate of the store, somewhere in memory.
    const STEP: usize = 8;

    /// Looking among so many certificates of the store with one name for a key identifier: each
    /// step of the search, of which there are several, reads a certificate.
    pub(crate) fn searching(certificates: usize) -> usize {
        let steps = certificates.checked_ilog2().unwrap_or(0) as usize;
        steps.saturating_mul(STEP)
    }

    /// Comparing a certificate of the store with another one. Where what is signed has two lengths,
    /// they differ in their first bytes.
    pub(crate) fn telling_apart(stored: Certificate<'_>, other: Certificate<'_>) -> usize {
        let len = |key_id: Option<&[u8]>| key_id.map_or(0, <[u8]>::len);
        let key_ids = len(stored.subject_key_id()).min(len(other.subject_key_id()));
        let bytes = match stored.tbs().len() == other.tbs().len() {
            true => other.as_bytes().len(),
            false => 0,
        };
        comparing(key_ids.saturating_add(bytes)).saturating_add(STEP)
    }

    /// Folding a name of so many bytes, which may have many attributes.
    pub(crate) fn folding(bytes: usize) -> usize {
        bytes.saturating_mul(2)
    }

    /// Looking through text of so many bytes for a part of it.
    pub(crate) fn matching(bytes: usize) -> usize {
        (bytes / 8).saturating_add(COMPARISON)
    }

    /// Comparing names of so many bytes.
    pub(crate) fn comparing(bytes: usize) -> usize {
        (bytes / 32).saturating_add(COMPARISON)
    }
}

/// Of how much a stranger can ask for one part.
const STRANGERS_PART: u32 = 10;

/// How much may be spent, and how much is left of it. Shared by all that a verification does.
///
/// There are two purses: one for what anybody can ask for, and one for what certificates ask for
/// whose signatures hold. So strangers beside a genuine chain cannot spend what is kept for it.
#[derive(Debug)]
pub(crate) struct Budget {
    anybody: Purse,
    trusted: Purse,
    signatures: Purse,
}

/// What was taken out of the purses of a budget, to be put back.
#[must_use = "it is to be put back"]
pub(crate) struct SetAside([u32; 3]);

#[derive(Debug)]
struct Purse {
    limit: u32,
    left: Cell<u32>,
}

impl Purse {
    fn of(limit: u32) -> Self {
        Self {
            limit,
            left: Cell::new(limit),
        }
    }

    /// Whether there was enough.
    #[inline]
    fn take(&self, units: u32) -> bool {
        let left = self.left.get().checked_sub(units);
        self.left.set(left.unwrap_or(self.left.get()));
        left.is_some()
    }
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        let anybody = limits.work.div_ceil(STRANGERS_PART);
        // A raised limit on signatures is of use by itself.
        let more = limits.signatures.saturating_sub(DEFAULT_SIGNATURES);
        let more = more.saturating_mul(price::SIGNATURE_OF_PATH as u32);
        Self {
            anybody: Purse::of(anybody.saturating_add(more)),
            trusted: Purse::of(limits.work.saturating_sub(anybody)),
            signatures: Purse::of(limits.signatures),
        }
    }

    /// Pays for work before it is done.
    #[inline]
    pub(crate) fn pay(&self, units: usize, doing: Work) -> Result<(), OutOfWork> {
        let purse = match doing {
            Work::Reading | Work::Searching | Work::Checking | Work::Signatures => &self.anybody,
            Work::NameConstraints | Work::Policies | Work::Revocation | Work::Identities => {
                &self.trusted
            }
        };
        match u32::try_from(units).is_ok_and(|units| purse.take(units)) {
            true => Ok(()),
            false => Err(OutOfWork {
                limit: purse.limit,
                doing,
            }),
        }
    }

    /// Takes a quarter out of what is left, for [`put_back`](Self::put_back).
    pub(crate) fn set_aside(&self) -> SetAside {
        let quarter = |purse: &Purse| {
            let rest = purse.left.get() / 4;
            purse.left.set(purse.left.get().saturating_sub(rest));
            rest
        };
        SetAside(self.purses().map(quarter))
    }

    pub(crate) fn put_back(&self, SetAside(rest): SetAside) {
        for (purse, rest) in self.purses().into_iter().zip(rest) {
            purse.left.set(purse.left.get().saturating_add(rest));
        }
    }

    fn purses(&self) -> [&Purse; 3] {
        [&self.anybody, &self.trusted, &self.signatures]
    }

    /// How many signatures may still be verified.
    pub(crate) fn signatures_left(&self) -> u32 {
        self.signatures.left.get()
    }

    /// Pays for a signature on so many bytes, whether it is verified or known: what is remembered
    /// changes no verdict. The error may also be [`Reason::SignatureLimit`].
    pub(crate) fn pay_signature(&self, bytes: usize) -> Result<(), Reason> {
        let limit = self.signatures.limit;
        if !self.signatures.take(1) {
            return Err(Reason::SignatureLimit { limit });
        }
        let units = price::SIGNATURE.saturating_add(price::hashing(bytes));
        Ok(self.pay(units, Work::Signatures)?)
    }
}

/// The limit on work is reached; smaller than [`Reason::WorkLimit`], which it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OutOfWork {
    limit: u32,
    doing: Work,
}

impl From<OutOfWork> for Reason {
    fn from(OutOfWork { limit, doing }: OutOfWork) -> Self {
        Self::WorkLimit { limit, doing }
    }
}

#[cfg(test)]
mod tests {
    use testpki::{Attribute, Cert, Key, Name, StringType};

    use super::*;
    use crate::x509::Fields;

    fn budget(work: u32, signatures: u32) -> Budget {
        let limits = Limits::default();
        Budget::new(&limits.with_work(work).with_signatures(signatures))
    }

    #[test]
    fn a_tenth_is_for_strangers() {
        let budget = budget(1_000, 20);
        assert!(budget.pay(100, Work::Reading).is_ok());
        for doing in [Work::Reading, Work::Searching, Work::Checking] {
            assert_eq!(budget.pay(1, doing), Err(OutOfWork { limit: 100, doing }));
        }
        assert!(budget.pay(600, Work::NameConstraints).is_ok());
        assert!(budget.pay(300, Work::Revocation).is_ok());
        let doing = Work::Policies;
        let all = OutOfWork { limit: 900, doing };
        assert_eq!(budget.pay(1, doing), Err(all));
        assert_eq!(budget.pay(usize::MAX, doing), Err(all));
        assert_eq!(budget.pay(0, doing), Ok(()));
    }

    #[test]
    fn limits_at_both_ends() {
        assert!(budget(0, 0).pay(0, Work::Reading).is_ok());
        assert!(budget(0, 0).pay(1, Work::Reading).is_err());
        assert!(budget(0, 0).pay(1, Work::Policies).is_err());
        assert!(budget(1, 0).pay(1, Work::Reading).is_ok());
        let unlimited = budget(u32::MAX, u32::MAX);
        assert!(unlimited.pay(u32::MAX as usize, Work::Reading).is_ok());
        assert!(unlimited.pay(1, Work::Reading).is_err());
    }

    #[test]
    fn signatures_are_counted_and_paid_for() {
        let few = budget(u32::MAX, 2);
        assert!(few.pay_signature(0).is_ok());
        assert!(few.pay_signature(1_000).is_ok());
        let limit = Reason::SignatureLimit { limit: 2 };
        assert_eq!(few.pay_signature(0), Err(limit));

        // A tenth is for two signatures.
        let cheap = budget(2 * 10 * price::SIGNATURE as u32, 20);
        assert!(cheap.pay_signature(15).is_ok());
        assert!(cheap.pay_signature(0).is_ok());
        let refused = cheap.pay_signature(0).expect_err("no work left");
        assert!(matches!(
            refused,
            Reason::WorkLimit {
                doing: Work::Signatures,
                ..
            }
        ));
    }

    /// Half a unit a byte to prepare a name, 30 units a character that is not plain, and the price
    /// of a comparison. A name of more than 1,024 bytes is compared by its bytes.
    #[test]
    fn the_price_of_looking_up_a_name() {
        let of = |text: &str| Name::new(&[Attribute::new("2.5.4.3", StringType::Utf8, text)]);
        for (text, characters) in [
            ("a".repeat(100), 0),
            ("\u{e9}".repeat(50), 0),
            // No letter of a language that `text/plain.rs` has.
            ("a".repeat(90) + "\u{10d0}", 91),
            ("\u{10d0}".repeat(60), 60),
        ] {
            let name = of(&text);
            let bytes = name.der().len();
            let expected = bytes / 2 + 30 * characters + bytes / 32 + 2;
            assert_eq!(price::looking_up(name.der()), expected, "{text}");
        }
        let long = of(&"a".repeat(1_100));
        let expected = long.der().len() / 32 + 2;
        assert_eq!(price::looking_up(long.der()), expected);
    }

    /// A fifth of a unit a byte, beyond the first 1,024.
    #[test]
    fn the_price_of_hashing() {
        for (bytes, units) in [(0, 0), (1_028, 0), (1_029, 1), (2_024, 200)] {
            assert_eq!(price::hashing(bytes), units);
        }
    }

    #[test]
    fn the_price_of_folding_a_name() {
        for bytes in [0, 1, 100, 1_000] {
            assert_eq!(price::folding(bytes), 2 * bytes);
        }
    }

    /// A step of the search, and the bytes only where what is signed is as long.
    #[test]
    fn the_price_of_telling_certificates_apart() {
        let ca = |serial: &[u8]| Cert::ca("CA", &Key::p256("ca")).serial(serial).der();
        let (stored, as_long, longer) = (ca(&[1]), ca(&[2]), ca(&[1, 2]));
        let price = |other: &[u8]| {
            let [of_stored, of_other] = [&stored, other].map(|der| Fields::parse(der).unwrap());
            price::telling_apart(of_stored.view(&stored), of_other.view(other))
        };
        const KEY_IDENTIFIER: usize = 20;
        assert_eq!(price(&as_long), 10 + (KEY_IDENTIFIER + as_long.len()) / 32);
        assert_eq!(price(&longer), 10);
    }
}
