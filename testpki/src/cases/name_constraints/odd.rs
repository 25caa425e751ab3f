//! Constraints that are malformed, and constraints that are many.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::cases::name_constraints::{case, constraint, dns};
use crate::{Extension, Name, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [malformed(), limits()].concat()
}

/// Extensions that do not say what nameConstraints may say: the certificate is malformed.
fn malformed() -> Vec<Case> {
    let base = dns("example").der();
    let subtree = |fields: &[Vec<u8>]| {
        Extension::name_constraints(&[der::sequence(&[&base[..], &der::concat(fields)])], &[])
    };
    let list = |number: u8, list: &[u8]| der::context_constructed(number, list);
    let raw = |fields: &[Vec<u8>]| {
        Extension::new(oid::NAME_CONSTRAINTS, der::sequence(fields)).critical()
    };
    let good = || list(0, &Extension::subtree(&dns("example")));
    let minimum = subtree(&[der::context_primitive(0, &[1])]);
    let with = |name: &str, description: &str, problem: &str, extension: Extension| {
        case(&format!("malformed-{name}"), description)
            .chain(&[alice(), issuing().extension(extension)])
            .refuse("unknown-issuer", "client")
            .message(&format!(
                "presented certificate 1 was passed over as malformed: nameConstraints: {problem}"
            ))
    };
    vec![
        with(
            "minimum",
            "A subtree with a minimum is not processed: the CA is passed over, and there is no path.",
            "value out of range",
            minimum.clone(),
        ),
        with(
            "maximum",
            "A subtree with a maximum is not processed: the CA is passed over, and there is no path.",
            "value out of range",
            subtree(&[der::context_primitive(1, &[5])]),
        ),
        with(
            "empty-list",
            "A list of permitted subtrees has at least one.",
            "empty",
            raw(&[list(0, &[])]),
        ),
        with(
            "empty-second-list",
            "A list of excluded subtrees has at least one, whatever is permitted.",
            "empty",
            raw(&[good(), list(1, &[])]),
        ),
        with(
            "trailing",
            "An element follows the lists.",
            "bytes left over",
            raw(&[good(), der::null()]),
        ),
        with(
            "order",
            "The excluded subtrees come before the permitted ones.",
            "bytes left over",
            raw(&[list(1, &Extension::subtree(&dns("test"))), good()]),
        ),
        with(
            "no-name",
            "The base of a subtree is a general name.",
            "unexpected element",
            raw(&[list(0, &der::sequence(&[der::utf8_string("example")]))]),
        ),
        case(
            "malformed-minimum-client",
            "The client's own certificate is malformed if its constraints are.",
        )
        .chain(&[alice().extension(minimum.clone()), issuing()])
        .refuse("malformed", "client")
        .message("nameConstraints: value out of range"),
        case(
            "malformed-minimum-anchor",
            "An anchor with a minimum does not load.",
        )
        .anchors(&[root().extension(minimum)])
        .store_error("certificate 1, line 1 (CN=Root): malformed: nameConstraints"),
    ]
}

/// Each name against each subtree of the CAs above it is a comparison.
fn limits() -> Vec<Case> {
    let many = |name: &str, description: &str, bases: usize| {
        let names: Vec<_> = (0..500).map(|number| dns(&format!("a{number}"))).collect();
        let bases: Vec<_> = (0..bases)
            .map(|number| dns(&format!("b{number}")))
            .collect();
        case(&format!("limit-{name}"), description)
            .chain(&[
                alice()
                    .subject(Name::empty())
                    .extension(Extension::subject_alt_name(&names).critical()),
                issuing().extension(constraint(&[], &bases)),
            ])
            .path(&["", "CN=Issuing CA", "CN=Root"])
    };
    let limit = |case: Case| {
        case.refuse("work-limit", "client")
            .message("holding names to name constraints")
    };
    vec![
        many(
            "default",
            "500 names against 200 subtrees are well within the default.",
            200,
        ),
        limit(many(
            "default-exceeded",
            "500 names against 300 subtrees are too much work for the default.",
            300,
        )),
    ]
}
