//! The enums of the Rust library that C has as numbers may grow; here they are read as text, so
//! that what is new does not go by unnumbered.

/// The variants of an enum, by the lines of its source that begin one.
fn variants<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("pub enum {name} {{\n");
    let (_, body) = source.split_once(&begin).expect("the enum is there");
    let (body, _) = body.split_once("\n}").expect("the enum ends");
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|line| {
            let end = line.find(|c: char| !c.is_ascii_alphanumeric());
            &line[..end.unwrap_or(line.len())]
        })
        .collect()
}

fn assert_named(name: &str, source: &str, user: &str, at_least: usize) {
    let variants = variants(source, name);
    assert!(variants.len() >= at_least, "{name}: {variants:?}");
    for variant in variants {
        let path = format!("{name}::{variant}");
        let is_named = user.match_indices(&path).any(|(at, _)| {
            let after = user[at + path.len()..].chars().next();
            !after.is_some_and(|next| next.is_ascii_alphanumeric())
        });
        assert!(is_named, "{path} has no number in the C library");
    }
}

#[test]
fn everything_has_a_number() {
    let error = include_str!("../src/error.rs");
    let verdict = include_str!("../src/client_verdict.rs");
    let reason = include_str!("../../src/error/reason.rs");
    assert_named("Reason", reason, error, 36);
    let store = include_str!("../../src/error/store.rs");
    assert_named("StoreProblem", store, error, 16);
    assert_named("Input", store, error, 4);
    let certificate = include_str!("../../src/error/certificate.rs");
    assert_named("Position", certificate, error, 4);
    let verified = include_str!("../../src/verified_client.rs");
    assert_named("TrustedBy", verified, verdict, 2);
    // The last one is the rest: of a status without a number nothing may be concluded.
    let known = format!("{verdict} RevocationStatus::Unknown");
    assert_named("RevocationStatus", verified, &known, 4);
}

/// A choice that C gives in the place of another is an error: no two enums that C passes in share a
/// number, or a hundred, and 0 is in none.
#[test]
fn choices_have_numbers_of_their_own() {
    let (_, list) = include_str!("../cbindgen.toml")
        .split_once("\n[export]\ninclude = [")
        .expect("the enums that no function has as a type");
    let (list, _) = list.split_once("\n]").expect("the list ends");
    let enums: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(enums.len() >= 17, "{enums:?}");
    let sources = [
        include_str!("../src/policy_choices.rs"),
        include_str!("../src/on_bad_input.rs"),
        include_str!("../src/signature_algorithms.rs"),
    ];
    let mut hundreds = std::collections::BTreeMap::new();
    for name in enums {
        let begin = format!("pub enum {name} {{\n");
        let mut bodies = sources
            .iter()
            .filter_map(|source| source.split_once(&begin));
        let (_, body) = bodies.next().unwrap_or_else(|| panic!("where is {name}?"));
        let (body, _) = body.split_once("\n}").expect("the enum ends");
        let lines = body.lines().map(|line| line.trim().trim_end_matches(','));
        let numbers: Vec<u32> = lines
            .filter_map(|line| line.split_once(" = "))
            .map(|(_, number)| number.parse().expect("a number"))
            .collect();
        assert!(numbers.len() > 1, "{name}: {numbers:?}");
        for number in numbers {
            assert!(number > 1_000, "{name}: {number}");
            let owner = *hundreds.entry(number / 100).or_insert(name);
            assert_eq!(owner, name, "{number}");
        }
    }
}

/// What programs were compiled with, and scripts have copied: a line of `numbers.txt` stays as it
/// is, and new ones are added. A number that is given up keeps its line, with its name in the
/// header no more, so that nothing else gets it.
#[test]
fn no_number_changes_or_is_used_again() {
    let header = include_str!("../include/mtls_verify.h");
    let constants: Vec<&str> = header
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| line.starts_with("MTLS_") && line.contains(" = "))
        .collect();
    assert!(constants.len() > 120, "{constants:?}");
    let fixed: Vec<&str> = include_str!("numbers.txt").lines().collect();
    for constant in constants {
        assert!(
            fixed.contains(&constant),
            "{constant}: if it is new, add it to tests/numbers.txt; if it is not, its number has changed"
        );
    }
    let mut names = std::collections::BTreeSet::new();
    let mut results = std::collections::BTreeSet::new();
    for line in fixed {
        let (name, number) = line.split_once(" = ").expect("NAME = NUMBER");
        assert!(names.insert(name), "{name} has two numbers");
        let is_result = name.starts_with("MTLS_RESULT_");
        assert!(
            !is_result || results.insert(number),
            "{number} is used again"
        );
    }
}
