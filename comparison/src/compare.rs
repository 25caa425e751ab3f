//! What the library and the reference must have in common.

use std::collections::BTreeSet;

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::Position;
use reference::model::{Answer, JudgedPath, Origin, Question, Status, Time};

use crate::{Outcome, dotted};

/// Holds the library's verdict against the answer: the same verdict, over a path of the reference,
/// with the same end, policies and statuses; or a failure of the reference, of the rank that the
/// documentation asks for.
///
/// # Errors
///
/// What they disagree on.
pub fn against_library(
    question: &Question,
    answer: &Answer,
    library: &Outcome,
) -> Result<(), String> {
    against(question, answer, library, is_known_until)
}

/// The same, with another rule on the library's `valid_until`.
pub(crate) fn against(
    question: &Question,
    answer: &Answer,
    library: &Outcome,
    is_known_until: impl Fn(&Answer, &JudgedPath, Option<Time>) -> bool,
) -> Result<(), String> {
    match library {
        Ok(client) => {
            let path: Vec<Vec<u8>> = client.path().map(|der| der.to_vec()).collect();
            let until = client
                .valid_until()
                .map(|time| i64::try_from(time.as_secs()).expect("a time"));
            let policies: BTreeSet<String> = client
                .policies()
                .iter()
                .map(|policy| policy.to_string())
                .collect();
            let status = |status: RevocationStatus| match status {
                RevocationStatus::NotChecked => Status::NotChecked,
                RevocationStatus::Good => Status::Good,
                RevocationStatus::Stale { .. } => Status::Stale,
                RevocationStatus::Unknown => Status::Unknown,
                other => panic!("a status {other:?}"),
            };
            let statuses: Vec<Status> = client.path_revocation().map(status).collect();
            let is_same = |judged: &&JudgedPath| {
                let nodes = judged
                    .nodes
                    .iter()
                    .map(|node| &answer.nodes[*node].certificate.der);
                nodes.eq(&path)
            };
            let to_process = client.extensions_to_process();
            let to_process = to_process.iter().map(|one| {
                let extension = one.extension();
                let oid = extension.oid().as_bytes().to_vec();
                (one.path_index(), oid, extension.value().to_vec())
            });
            let to_process: Vec<_> = to_process.collect();
            let Some(judged) = answer.valid().find(is_same) else {
                return Err(format!(
                    "library: accepts a path of {}; {}",
                    path.len(),
                    show(answer)
                ));
            };
            if !is_known_until(answer, judged, until)
                || shown(&judged.policies) != policies
                || judged.revocation != statuses
                || judged.to_process != to_process
            {
                return Err(format!(
                    "library: until {until:?} {policies:?} {statuses:?} {to_process:?}; reference: \
                     {judged:?}"
                ));
            }
            Ok(())
        }
        Err(error) => {
            let name = error.reason().name();
            if answer.valid().next().is_some() {
                return Err(format!("library: {name}; {}", show(answer)));
            }
            let failures = failures(question, answer)?;
            let place = error.certificate().map(|about| match about.position() {
                Position::Client => Place::Client,
                Position::Presented(index) => Place::Presented(index),
                Position::Intermediate => Place::Intermediate,
                Position::Anchor => Place::Anchor,
                other => panic!("a position {other:?}"),
            });
            let found = (name.to_owned(), place);
            if !failures.contains(&found) && !answer.only_signed {
                return Err(format!("library: {found:?}; reference: {failures:?}"));
            }
            // Revoked and denied come before all else, and a path that holds but for who the client
            // is ends the search.
            let fails_by = |rules: &[&str]| {
                let mut paths = answer.paths.iter();
                paths.any(|path| path.failures.iter().all(|one| rules.contains(&one.rule)))
            };
            for rules in [&["identity-not-accepted"][..], &["revoked", "denied"]] {
                if fails_by(rules) {
                    return match rules.contains(&name) {
                        true => Ok(()),
                        false => Err(format!("library: {name}; reference: {rules:?} comes first")),
                    };
                }
            }
            Ok(())
        }
    }
}

/// Whether the library's `valid_until` is that of the reference. Where a status is unknown, it may
/// be earlier: the last second before something begins, or is over, that is of no use now.
fn is_known_until(answer: &Answer, judged: &JudgedPath, until: Option<Time>) -> bool {
    match (until, judged.valid_until) {
        (until, expected) if until == expected => true,
        (None, _) => false,
        (Some(until), expected) => {
            expected.is_none_or(|expected| until < expected)
                && judged.revocation.contains(&Status::Unknown)
                && answer.moments.contains(&(until + 1))
        }
    }
}

/// A policy set in dotted form.
fn shown(policies: &Option<BTreeSet<Vec<u8>>>) -> BTreeSet<String> {
    let all = policies.iter().flatten();
    all.map(|oid| dotted(oid)).collect()
}

/// Where a certificate is from, as cases and the library have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The client's own.
    Client,
    /// Presented, by its index in the chain.
    Presented(usize),
    /// An intermediate of the store.
    Intermediate,
    /// A trust anchor.
    Anchor,
}

/// Every failure.
///
/// # Errors
///
/// If there is a valid path.
pub fn failures(
    question: &Question,
    answer: &Answer,
) -> Result<BTreeSet<(String, Option<Place>)>, String> {
    if answer.valid().next().is_some() {
        return Err(format!("to be refused; {}", show(answer)));
    }
    let mut failures = BTreeSet::new();
    for (index, rule) in &answer.before_paths {
        let place = index.map(|index| match index {
            0 => Place::Client,
            _ => Place::Presented(index),
        });
        failures.insert(((*rule).to_owned(), place));
    }
    let of_paths = answer.paths.iter().flat_map(|judged| &judged.failures);
    for failure in of_paths.chain(&answer.without_path) {
        let Some(node) = failure.node else {
            failures.insert((failure.rule.to_owned(), None));
            continue;
        };
        let node = &answer.nodes[node];
        let mut places = Vec::new();
        match node.origin {
            Origin::Client => places.push(Place::Client),
            Origin::Intermediate => places.push(Place::Intermediate),
            Origin::Anchor => places.push(Place::Anchor),
            Origin::Presented(_) => {
                let all = question.presented.iter().enumerate();
                let same = all.filter(|(_, der)| **der == node.certificate.der);
                places.extend(same.map(|(index, _)| Place::Presented(index)));
            }
        }
        if node.also_intermediate {
            places.push(Place::Intermediate);
        }
        let rule = failure.rule.to_owned();
        failures.extend(places.into_iter().map(|place| (rule.clone(), Some(place))));
    }
    Ok(failures)
}

/// An answer, for people.
#[must_use]
pub fn show(answer: &Answer) -> String {
    let paths = answer.paths.iter().map(|judged| {
        let failures = judged
            .failures
            .iter()
            .map(|failure| (failure.node, failure.rule));
        let failures: Vec<_> = failures.collect();
        let (until, statuses) = (judged.valid_until, &judged.revocation);
        format!(
            "{:?} until {until:?} {statuses:?} {failures:?}",
            judged.nodes
        )
    });
    let paths: Vec<String> = paths.collect();
    format!(
        "reference: {} {:?} {:?}",
        paths.join(" | "),
        answer.without_path,
        answer.before_paths
    )
}
