//! What the reference says of a case, beside the library.

use std::collections::BTreeMap;

use comparison::against_library;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::store::CertificateInfo;
use mtls_verify::{TrustStore, VerifiedClient, VerifyError};
use reference::certificate::Certificate;
use reference::{Policy, Question, answer};

/// How the library's answer compares with the reference's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Verdict, reason, certificate at fault, path, `valid_until`, status and policies are the
    /// same.
    Same,
    /// The reference cannot answer, or not in full; and why.
    Unanswered(&'static str),
    /// How they differ.
    Differs(String),
}

impl Compared {
    /// Of the questions of one case, the one to tell: a difference before what is unanswered.
    pub fn worse(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Differs(_), _) | (_, Self::Same) => self,
            (_, Self::Differs(_)) | (Self::Same, _) => other,
            (Self::Unanswered(_), Self::Unanswered(_)) => self,
        }
    }
}

/// What the reference is asked of a store that holds `crls`, those that it left out included.
pub fn question(
    store: &TrustStore,
    crls: Vec<Vec<u8>>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
    policy: Policy,
) -> Question {
    let all = |certificates: &mut dyn Iterator<Item = CertificateInfo<'_>>| {
        certificates.map(|info| info.der().to_vec()).collect()
    };
    Question {
        anchors: all(&mut store.anchors()),
        intermediates: all(&mut store.intermediates()),
        crls,
        presented: chain.iter().map(|der| der.to_vec()).collect(),
        now: now.as_secs().try_into().unwrap_or(i64::MAX),
        policy,
        ..Question::default()
    }
}

/// Holds what the library says against the answer of the reference. It has no limits on work.
pub fn compare(
    question: &Question,
    store: &TrustStore,
    library: &Result<VerifiedClient, VerifyError>,
) -> Compared {
    if let Err(refused) = library
        && ["signature-limit", "work-limit"].contains(&refused.reason().name())
    {
        return Compared::Unanswered("a limit on work decides");
    }
    if has_too_many_paths(question) {
        return Compared::Unanswered("too many paths");
    }
    let answer = answer(question);
    if answer.left_out != store.skipped().len() {
        return Compared::Differs(format!(
            "the library left {} out of the store, the reference {}",
            store.skipped().len(),
            answer.left_out
        ));
    }
    match against_library(question, &answer, library) {
        Err(difference) => Compared::Differs(difference),
        Ok(()) if answer.only_signed && library.is_err() => {
            Compared::Unanswered("the reason, for too many paths")
        }
        Ok(()) => Compared::Same,
    }
}

/// The reference follows every order in which CAs of one name may have issued each other.
fn has_too_many_paths(question: &Question) -> bool {
    const MOST_OF_ONE_NAME: usize = 8;
    let mut subjects = BTreeMap::<Vec<u8>, usize>::new();
    for der in &question.presented {
        if let Ok(certificate) = Certificate::read(der) {
            *subjects.entry(certificate.subject.der).or_default() += 1;
        }
    }
    subjects.values().any(|count| *count > MOST_OF_ONE_NAME)
}

#[cfg(test)]
mod tests {
    use super::Compared::{self, Differs, Same, Unanswered};

    #[test]
    fn a_difference_is_told_first() {
        let differs = || Differs("in something".to_owned());
        let all = [Same, Unanswered("too many"), differs()];
        for (one, first) in all.iter().enumerate() {
            for (other, second) in all.iter().enumerate() {
                let worse: Compared = first.clone().worse(second.clone());
                assert_eq!(worse, all[one.max(other)]);
            }
        }
    }
}
