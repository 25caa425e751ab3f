use alloc::string::{String, ToString};
use alloc::vec::Vec;

use testpki::{Attribute, Cert, Extension, GeneralName, Key, Name, StringType, oid};

use super::Truth::{Fails, Holds, Unclear};
use super::*;
use crate::policy::{
    AttributeMatch, DistinguishedName, ExtensionMatch, IdentityMatch, IdentityRule, KeyPurpose,
    Limits, OtherNameMatch, OtherNameValue, SerialMatch, SpiffeMatch, TextMatch,
};
use crate::x509::Fields;
use TextMatch::{Contains, Glob, Prefix, Suffix};

mod fields;
mod refusals;

fn exact(text: &str) -> TextMatch {
    TextMatch::Exact(text.into())
}

fn bare() -> Cert {
    Cert::client("alice", &Key::p256("alice")).without_extension(oid::SUBJECT_ALT_NAME)
}

/// alice with these names.
fn named(names: &[GeneralName]) -> Cert {
    bare().extension(Extension::subject_alt_name(names))
}

fn subject(attributes: &[Attribute]) -> Cert {
    bare().subject(Name::new(attributes))
}

/// Of a name that is no text.
fn unreadable(tag: u8) -> GeneralName {
    GeneralName::Raw(testpki::der::context_primitive(tag, b"\xff"))
}

/// Applies a rule to a certificate within so much work.
fn within<T>(
    cert: &Cert,
    policies: &dyn Fn() -> Result<PolicySet, Reason>,
    work: u32,
    apply: impl FnOnce(&Subject<'_>, &Budget) -> T,
) -> T {
    let der = cert.der();
    let fields = Fields::parse(&der).unwrap();
    let subject = Subject {
        identity: Identity::new(fields.view(&der)),
        scope: Some("tenant-a"),
        policies,
    };
    apply(&subject, &Budget::new(&Limits::default().with_work(work)))
}

fn truth(cert: &Cert, rule: impl Into<IdentityRule>) -> Truth {
    let rules = IdentityRules::new(rule).unwrap();
    let policies = || Ok(PolicySet::default());
    within(cert, &policies, u32::MAX, |subject, budget| {
        let mut trial = Trial {
            subject,
            budget,
            values: BTreeMap::new(),
        };
        trial.node(rules.compiled()).unwrap()
    })
}

/// Also in an `Any`, where exact matches are looked up.
#[track_caller]
fn assert_truth(cert: &Cert, wanted: &IdentityMatch, expected: Truth) {
    assert_eq!(truth(cert, wanted.clone()), expected, "{wanted:?}");
    let rule = IdentityRule::from(wanted.clone());
    let twice = IdentityRule::any([rule.clone(), rule.clone()]);
    assert_eq!(truth(cert, twice), expected, "any of {wanted:?}");
    let not = truth(cert, IdentityRule::not(rule));
    assert_eq!(not, !expected, "not {wanted:?}");
}

/// Kleene's tables.
#[test]
fn rules_are_combined() {
    let names = [GeneralName::dns("a"), unreadable(1)];
    let cert = named(&names);
    let of = |truth| match truth {
        Holds => IdentityMatch::Dns(exact("a")),
        Fails => IdentityMatch::Dns(exact("b")),
        Unclear => IdentityMatch::Email(exact("a@b")),
    };
    for (one, other, all, any) in [
        (Holds, Holds, Holds, Holds),
        (Holds, Unclear, Unclear, Holds),
        (Holds, Fails, Fails, Holds),
        (Unclear, Unclear, Unclear, Unclear),
        (Unclear, Fails, Fails, Unclear),
        (Fails, Fails, Fails, Fails),
    ] {
        for [one, other] in [[one, other], [other, one]] {
            let rules = || [one, other].map(of);
            assert_eq!(truth(&cert, IdentityRule::all(rules())), all);
            assert_eq!(truth(&cert, IdentityRule::any(rules())), any);
            let not = |rule| IdentityRule::not(rule);
            assert_eq!(truth(&cert, not(IdentityRule::all(rules()))), !all);
            assert_eq!(truth(&cert, not(not(IdentityRule::any(rules())))), any);
        }
    }
}

fn out_of_work(cert: &Cert, rules: &AcceptedIdentities, work: u32) -> bool {
    let policies = || Ok(PolicySet::default());
    let refused = within(cert, &policies, work, |subject, budget| {
        check_accepted(subject, rules, budget)
    });
    matches!(
        refused,
        Err(Reason::WorkLimit {
            doing: Work::Identities,
            ..
        })
    )
}

/// What a certificate can make of rules is paid for: each part that is looked for, in each value.
#[test]
fn the_work_is_bounded() {
    let names: Vec<_> = (0..500)
        .map(|number| GeneralName::dns(&alloc::format!("a{number}.example")))
        .collect();
    let many = named(&names);
    let parts = |count: usize| {
        let part = |number| IdentityMatch::Dns(Contains(alloc::format!("b{number}")));
        AcceptedIdentities::any_of((0..count).map(part)).unwrap()
    };
    let default = 250_000;
    assert!(!out_of_work(&many, &parts(50), default));
    assert!(out_of_work(&many, &parts(500), default));
    assert!(!out_of_work(&bare(), &parts(500), default));
    // What is looked up costs as much as little.
    let exact = |count: usize| {
        let name = |number| IdentityMatch::Dns(exact(&alloc::format!("b{number}.example")));
        AcceptedIdentities::any_of((0..count).map(name)).unwrap()
    };
    assert!(!out_of_work(&many, &exact(50_000), default));
    let least = |rules: &AcceptedIdentities| {
        let (mut too_little, mut enough) = (0, default);
        while enough - too_little > 100 {
            let middle = (too_little + enough) / 2;
            match out_of_work(&many, rules, middle) {
                true => too_little = middle,
                false => enough = middle,
            }
        }
        enough
    };
    let (few, thousands) = (least(&exact(10)), least(&exact(10_000)));
    assert!(thousands < 3 * few, "{few} {thousands}");
}

/// A part is paid for by its own length too, and once more where it is looked for in another form.
#[test]
fn long_parts_are_paid_for() {
    let unit = |text: &str| subject(&[Attribute::organizational_unit(text)]);
    let parts = |part: &str| {
        let one = |number| alloc::format!("{part}{number}");
        let one = |number| IdentityMatch::OrganizationalUnit(Contains(one(number)));
        AcceptedIdentities::any_of((0..100).map(one)).unwrap()
    };
    let least = |cert: &Cert, rules: &AcceptedIdentities| {
        let is_enough = |work: &u32| !out_of_work(cert, rules, *work);
        (1_000..1_000_000).step_by(2_000).find(is_enough).unwrap()
    };
    let value = "b".repeat(4_000);
    let short = least(&unit(&value), &parts("a"));
    let long = least(&unit(&value), &parts(&"a".repeat(3_900)));
    // 3,900 of 4,000 more bytes.
    assert!(long > short * 9 / 5, "{short} {long}");
    // Capitals are looked for a second time, in lower case.
    let folded = least(&unit(&value.to_uppercase()), &parts(&"a".repeat(3_900)));
    assert!(folded > long * 9 / 5, "{long} {folded}");
}

#[test]
fn no_value_has_a_part_that_is_longer() {
    let cert = subject(&[Attribute::organizational_unit("Tests")]);
    for (part, expected) in [
        ("Tests", Holds),
        ("Test", Holds),
        ("Tests1", Fails),
        ("tests", Unclear),
        // It is longer but for its blanks.
        ("T e s t s", Unclear),
        ("T e s t s 1", Fails),
    ] {
        for of in [Contains, Prefix, Suffix] {
            let (wanted, end) = (of(part.into()), part == "Test");
            if !(end && matches!(wanted, Suffix(_))) {
                assert_truth(&cert, &IdentityMatch::OrganizationalUnit(wanted), expected);
            }
        }
    }
}
