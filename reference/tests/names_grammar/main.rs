//! Names as an attacker writes them: all pairs of a name and a constraint, of two names that are to
//! be the same, and of a name and an identity. The library answers as the reference does.
//!
//! The tables say by hand which texts are well-formed in their form. What is not is never
//! permitted, and always excluded, where a constraint speaks of its form.

#[path = "../common/mod.rs"]
mod common;
mod directory;
mod identities;
mod issuers;
mod large;
mod mailboxes;
mod others;
mod pairs;
mod texts;
mod written;

use pairs::{Constraint, Stating, compare, compare_in, constraints};
use written::Written;

/// All names against all bases of one form, which permit alone, exclude, and permit beside others.
fn all_pairs(names: &[Written], bases: &[Written], beside: &[Written]) -> pairs::Tally {
    compare(names, &constraints(bases, beside))
}

#[test]
fn dns_names() {
    let (names, bases) = (texts::dns_names(), texts::dns_bases());
    let tally = all_pairs(&names, &bases, &[texts::dns("example")]);
    tally.assert_is("dns_names", names.len() * bases.len() * 3);
}

#[test]
fn uris() {
    let (names, bases) = (texts::uris(), texts::uri_bases());
    let tally = all_pairs(&names, &bases, &[texts::uri("a.example", true)]);
    tally.assert_is("uris", names.len() * bases.len() * 3);
}

#[test]
fn addresses() {
    let (names, bases) = (others::addresses(), others::subnets());
    let beside = [others::ip(&[0; 8], true), others::ip(&[0; 32], true)];
    let tally = all_pairs(&names, &bases, &beside);
    tally.assert_is("addresses", names.len() * bases.len() * 4);
}

#[test]
fn mailboxes() {
    let (names, bases) = (mailboxes::names(), mailboxes::bases());
    let tally = all_pairs(&names, &bases, &[mailboxes::email("a.example", true)]);
    tally.assert_is("mailboxes", names.len() * bases.len() * 3);
}

#[test]
fn directory_names() {
    let names: Vec<_> = directory::names();
    let as_subjects: Vec<_> = names.iter().map(Written::as_subject).collect();
    let bases: Vec<_> = names.iter().step_by(4).cloned().collect();
    let tally = all_pairs(&as_subjects, &bases, &[]);
    tally.assert_is("directory_names", names.len() * bases.len() * 2);
}

/// A CA of a store may just have such a name.
#[test]
fn directory_names_of_60_kilobytes() {
    let names = directory::large(60_000);
    let tally = all_pairs(&names, &names, &[directory::good()]);
    tally.assert_is("directory_names_of_60_kilobytes", 3 * 3 * 3);
}

/// Presented CAs state these constraints.
#[test]
fn bases_of_64_kilobytes() {
    let mut tally = pairs::Tally::default();
    let mut pairs = 0;
    for (names, bases) in large::forms() {
        let beside = names.last().expect("a short name");
        let constraints = constraints(&bases, std::slice::from_ref(beside));
        pairs += names.len() * constraints.len();
        compare_in(Stating::Presented, &names, &constraints, &mut tally);
    }
    tally.assert_is("bases_of_64_kilobytes", pairs);
}

#[test]
fn directory_names_in_alternatives() {
    let names = directory::names();
    let bases: Vec<_> = names.iter().skip(1).step_by(9).cloned().collect();
    let tally = all_pairs(&names, &bases, &[directory::good()]);
    tally.assert_is(
        "directory_names_in_alternatives",
        names.len() * bases.len() * 3,
    );
}

#[test]
fn names_of_other_forms() {
    let names = others::names();
    let bases: Vec<_> = names.iter().step_by(3).cloned().collect();
    let tally = all_pairs(&names, &bases, &[others::upn("b")]);
    tally.assert_is("names_of_other_forms", names.len() * bases.len() * 3);
}

/// Constraints of one form say nothing of names of another, but for the mailboxes that are other
/// names, or attributes.
#[test]
fn names_and_constraints_of_two_forms() {
    let forms = [
        (texts::dns_names(), texts::dns_bases()),
        (texts::uris(), texts::uri_bases()),
        (others::addresses(), others::subnets()),
        (mailboxes::names(), mailboxes::bases()),
        (directory::names(), directory::names()),
        (others::names(), others::names()),
    ];
    let some = |all: &[Written]| -> Vec<Written> {
        let step = all.len() / 8;
        all.iter().step_by(step).take(8).cloned().collect()
    };
    let names: Vec<_> = forms.iter().flat_map(|(names, _)| some(names)).collect();
    let bases: Vec<_> = forms.iter().flat_map(|(_, bases)| some(bases)).collect();
    let permitted = bases.iter().map(|base| Constraint::permitted(&[base]));
    let excluded = bases.iter().map(Constraint::excluded);
    let constraints: Vec<_> = permitted.chain(excluded).collect();
    let tally = compare(&names, &constraints);
    tally.assert_is("names_and_constraints_of_two_forms", 48 * 48 * 2);
}
