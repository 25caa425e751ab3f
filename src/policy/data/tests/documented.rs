//! `docs/guide/policy.md` is what is read.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::super::signatures::{From, NAMES};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use super::assert_same;
use crate::policy::ClientPolicy;

const GUIDE: &str = include_str!("../../../../docs/guide/policy.md");

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
fn block(language: &str) -> &'static str {
    let (_, block) = GUIDE
        .split_once(&*alloc::format!("```{language}\n"))
        .unwrap();
    block.split_once("```").unwrap().0
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn the_rule_in_the_guide_is_one() {
    const GUIDE: &str = include_str!("../../../../docs/guide/identities.md");
    let (_, block) = GUIDE.split_once("```toml\n").unwrap();
    let toml = block.split_once("```").unwrap().0;
    let policy: ClientPolicy = toml::from_str(toml).expect(toml);
    let written = toml::to_string(&policy).unwrap();
    assert_same(&toml::from_str(&written).expect(&written), &policy);
}

/// The cells of the row of a table.
fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split(" | ").map(str::trim).collect()
}

fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
#[test]
fn the_examples_are_one_policy() {
    let toml: ClientPolicy = toml::from_str(block("toml")).unwrap();
    let json: ClientPolicy = serde_json::from_str(block("json")).unwrap();
    assert_same(&toml, &json);
    assert_eq!(toml.signatures.as_slice().len(), 2);
}

/// The table has every field, with the default that it has.
#[test]
fn the_table_has_all_fields_and_their_defaults() {
    let rows = GUIDE
        .lines()
        .skip_while(|line| *line != "| field | values | default |");
    let mut documented = Vec::new();
    for row in rows.skip(2).take_while(|line| line.starts_with('|')) {
        let [fields, values, default] = cells(row)[..] else {
            panic!("{row}");
        };
        for field in in_backticks(fields) {
            documented.push(String::from(field));
            // The default is read as if it was left out, and so are the other values.
            for value in in_backticks(default) {
                let toml = alloc::format!("{field} = {value}");
                let policy: ClientPolicy = toml::from_str(&toml).expect(&toml);
                assert_eq!(serde_json::to_string(&policy).unwrap(), "{}", "{toml}");
            }
            for value in in_backticks(values).filter(|value| value.starts_with('"')) {
                let toml = alloc::format!("{field} = {value}");
                match toml::from_str::<ClientPolicy>(&toml) {
                    Ok(_) => {}
                    Err(error) => assert!(error.message().contains("feature"), "{error}"),
                }
            }
        }
    }
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/policy.schema.json")).unwrap();
    let properties = |schema: &Value| schema["properties"].as_object().cloned();
    let mut known = Vec::new();
    for (name, schema) in properties(&schema).unwrap() {
        match properties(&schema) {
            None => known.push(name),
            Some(inner) => {
                let inner: Map<_, _> = inner;
                known.extend(inner.keys().map(|inner| alloc::format!("{name}.{inner}")));
            }
        }
    }
    documented.sort();
    known.sort();
    assert_eq!(documented, known);
}

#[test]
fn the_table_has_all_algorithms() {
    for (begins, from) in [
        ("| default | `ecdsa", From::Default),
        ("| feature `aws-lc-rs` | `", From::AwsLcRs),
    ] {
        let row = GUIDE.lines().find(|line| line.starts_with(begins)).unwrap();
        let documented: Vec<_> = in_backticks(cells(row)[1]).collect();
        let known = NAMES.iter().filter(|(_, known)| *known == from);
        let known: Vec<_> = known.map(|(name, _)| *name).collect();
        let [mut documented, mut known] = [documented, known];
        documented.sort_unstable();
        known.sort_unstable();
        assert_eq!(documented, known);
    }
}
