use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;
use crate::policy::{
    AttributeMatch, ExtensionMatch, Found, IdentityMatch, OtherNameMatch, OtherNameValue,
    SpiffeMatch, TextMatch,
};
use crate::x509::Oid;

fn exact(text: &str) -> TextMatch {
    TextMatch::Exact(text.into())
}

fn dns(text: &str) -> IdentityRule {
    IdentityMatch::Dns(exact(text)).into()
}

fn oid() -> Oid {
    "1.2.3".parse().unwrap()
}

#[track_caller]
fn assert_refused(rule: impl Into<IdentityRule>, path: &str, problem: RuleProblem) {
    let error = IdentityRules::new(rule).unwrap_err();
    assert_eq!((error.path(), error.problem()), (path, problem));
    let shown = error.to_string();
    assert_eq!(shown, format!("identity rule `{path}`: {problem}"));
}

#[test]
fn errors_name_the_rule() {
    let bad = || IdentityRule::not(dns("a b"));
    let rules = ["a", "b", "c"].map(dns).into_iter().chain([bad()]);
    let problem = RuleProblem::NotAHostName;
    assert_refused(IdentityRule::any(rules), "any[3].not.dns", problem);
    let inner = IdentityRule::all([dns("a"), dns("")]);
    let nested = IdentityRule::all([dns("a"), IdentityRule::any([inner])]);
    assert_refused(nested, "all[1].any[0].all[1].dns", problem);
    let nothing: [IdentityRule; 0] = [];
    let empty = IdentityRule::all([IdentityRule::any(nothing.clone())]);
    assert_refused(empty, "all[0].any", RuleProblem::NoRules);
    assert_refused(IdentityRule::all(nothing), "all", RuleProblem::NoRules);
}

/// A client presents the path, and by another one it is valid for fewer policies.
#[test]
fn a_policy_is_not_kept_out() {
    let policy = || IdentityRule::from(IdentityMatch::CertificatePolicy("1.2.3".parse().unwrap()));
    let not = |rule: IdentityRule| IdentityRule::not(rule);
    let problem = RuleProblem::NegatedPolicy;
    assert_refused(not(policy()), "not.certificate-policy", problem);
    assert_refused(
        IdentityRule::all([dns("a"), not(IdentityRule::any([dns("b"), policy()]))]),
        "all[1].not.any[1].certificate-policy",
        problem,
    );
    let path = "not.not.not.certificate-policy";
    assert_refused(not(not(not(policy()))), path, problem);
    for good in [
        policy(),
        not(not(policy())),
        not(IdentityRule::all([dns("a"), not(policy())])),
        IdentityRule::all([not(dns("a")), policy()]),
    ] {
        assert!(IdentityRules::new(good.clone()).is_ok(), "{good:?}");
    }
}

#[test]
fn what_nobody_can_meet_is_an_error() {
    use RuleProblem::{
        EmptyText, Glob, GlobWithoutText, ImpossiblePart, NoSegments, NotAHostName, NotAMailbox,
        NotASpiffeId, NotAUri,
    };
    use TextMatch::{Contains, Prefix, Suffix};

    let s = |text: &str| text.to_string();
    type Of = fn(TextMatch) -> IdentityMatch;
    let (d, e, u): (Of, Of, Of) = (IdentityMatch::Dns, IdentityMatch::Email, IdentityMatch::Uri);
    let (cn, upn): (Of, Of) = (IdentityMatch::CommonName, IdentityMatch::UserPrincipalName);
    let glob = |text: &str| TextMatch::Glob(text.into());
    for (of, text, problem) in [
        (d, exact(""), NotAHostName),
        (d, exact("a."), NotAHostName),
        (d, exact("a..b"), NotAHostName),
        (d, exact("*"), NotAHostName),
        (d, exact("a.*.b"), NotAHostName),
        (d, exact("b\u{fc}cher.example"), NotAHostName),
        (d, Prefix(s(".a")), ImpossiblePart),
        (d, Suffix(s("a.")), ImpossiblePart),
        (d, Contains(s("a..b")), ImpossiblePart),
        (d, Contains(s("a b")), ImpossiblePart),
        (d, Suffix(s("a*.b")), ImpossiblePart),
        (d, Contains("a".repeat(256)), ImpossiblePart),
        (d, Suffix(s("*")), ImpossiblePart),
        (d, Contains("a".repeat(64)), ImpossiblePart),
        (d, glob("*.*"), GlobWithoutText),
        (d, glob("a*.b"), Glob),
        (e, exact("a"), NotAMailbox),
        (e, exact("@a"), NotAMailbox),
        (e, Suffix(s("a@b@c")), ImpossiblePart),
        (e, Contains(s(" ")), ImpossiblePart),
        (e, glob("*@a"), NoSegments),
        (u, exact(""), NotAUri),
        (u, exact("a/b"), NotAUri),
        (u, exact("https://a b/"), NotAUri),
        (u, exact("spiffe://UPPER/"), NotASpiffeId),
        (u, exact("spiffe://a/"), NotASpiffeId),
        (u, Prefix(s("spiffe://A/b")), NotASpiffeId),
        (u, Prefix(s("https://a/%61")), ImpossiblePart),
        (u, Prefix(s("https://a/../b")), ImpossiblePart),
        (u, Prefix(s("https://a//b")), ImpossiblePart),
        (u, Suffix(s(" ")), ImpossiblePart),
        (u, glob("https://*/a"), GlobWithoutText),
        (cn, exact(""), EmptyText),
        (cn, glob("*"), NoSegments),
        (upn, exact(""), EmptyText),
    ] {
        let error = IdentityRules::new(of(text.clone())).expect_err(&format!("{text:?}"));
        assert_eq!(error.problem(), problem, "{text:?}");
    }
    let attribute = AttributeMatch::new(oid(), exact(""));
    assert_refused(IdentityMatch::Attribute(attribute), "attribute", EmptyText);
    let name = OtherNameMatch::new(oid(), OtherNameValue::Text(glob("a")));
    assert_refused(IdentityMatch::OtherName(name), "other-name", NoSegments);
    assert_refused(IdentityMatch::Scope(s("")), "scope", EmptyText);
    for bad in [s("a\nb"), "a".repeat(256)] {
        assert_refused(IdentityMatch::Scope(bad), "scope", RuleProblem::NotAScope);
    }
    assert!(IdentityRules::new(IdentityMatch::Scope("a".repeat(255))).is_ok());
    assert!(IdentityRules::new(IdentityMatch::Dns(Contains("a".repeat(63)))).is_ok());
}

#[test]
fn what_somebody_can_meet_is_none() {
    use TextMatch::{Contains, Prefix, Suffix};

    for good in [
        IdentityMatch::Dns(exact("*.a_b.example")),
        IdentityMatch::Dns(Prefix("*.a".into())),
        IdentityMatch::Dns(Prefix("*".into())),
        IdentityMatch::Dns(Suffix(".example".into())),
        IdentityMatch::Dns(Contains("".into())),
        IdentityMatch::Email(exact("a.b@c.example")),
        IdentityMatch::Email(Suffix("@c.example".into())),
        IdentityMatch::Uri(exact("https://a/%61/../b//c")),
        IdentityMatch::Uri(exact("spiffe://a")),
        IdentityMatch::Uri(Prefix("https://a/".into())),
        IdentityMatch::Uri(Prefix("spiffe://a".into())),
        IdentityMatch::Uri(Prefix("https://a/?b=//".into())),
        IdentityMatch::Uri(Contains("//a".into())),
        IdentityMatch::CommonName(exact(" ")),
        IdentityMatch::SpiffeId(SpiffeMatch::below("spiffe://a").unwrap()),
        IdentityMatch::Extension(ExtensionMatch::with_value(oid(), Vec::new())),
    ] {
        assert!(IdentityRules::new(good.clone()).is_ok(), "{good:?}");
    }
}

#[test]
fn rules_are_bounded() {
    let text = |bytes: usize| IdentityMatch::CommonName(exact(&"a".repeat(bytes)));
    assert!(IdentityRules::new(text(MAX_BYTES)).is_ok());
    let too_long = text(MAX_BYTES + 1);
    assert_refused(too_long, "common-name", RuleProblem::TooLong);

    let nested = |levels: usize| {
        let not = |rule, _| IdentityRule::Not(Box::new(rule));
        (1..levels).fold(dns("a"), not)
    };
    assert!(IdentityRules::new(nested(MAX_DEPTH)).is_ok());
    let path = ["not"; MAX_DEPTH].join(".");
    assert_refused(nested(MAX_DEPTH + 1), &path, RuleProblem::TooDeep);

    let many = |count: usize| IdentityRule::any((1..count).map(|_| dns("a")));
    assert!(IdentityRules::new(many(MAX_RULES)).is_ok());
    let last = format!("any[{}]", MAX_RULES - 1);
    assert_refused(many(MAX_RULES + 1), &last, RuleProblem::TooMany);
}

/// Whatever their number, exact matches of a field in one `Any` are one look-up in order.
#[test]
fn exact_matches_are_looked_up() {
    const COUNT: usize = 10_000;
    let names = (0..COUNT).map(|number| dns(&format!("Host-{number}.example")));
    let emails = (0..COUNT)
        .map(|number| IdentityMatch::Email(exact(&format!("A{number}@a.example"))).into());
    let suffix = IdentityMatch::Dns(TextMatch::Suffix(".b.example".into())).into();
    let rules = IdentityRules::new(IdentityRule::any(names.chain(emails).chain([suffix]))).unwrap();
    let Node::Any(indexes, others) = rules.compiled() else {
        panic!("{:?}", rules.compiled());
    };
    assert_eq!((indexes.len(), others.len()), (2, 1));
    for index in indexes {
        // Two more than the logarithm of their number.
        assert_eq!(index.steps(), 15);
    }
    let [dns, email] = &indexes[..] else {
        panic!("{}", indexes.len());
    };
    let find = |name: &[u8]| dns.find(name, name);
    assert_eq!(find(b"host-0.example"), Found::Equal);
    assert_eq!(find(b"host-9999.example"), Found::Equal);
    assert_eq!(find(b"host-10000.example"), Found::Nothing);
    assert_eq!(email.find(b"a7@a.example", b"A7@a.example"), Found::Equal);
    assert_eq!(email.find(b"a7@a.example", b"a7@a.example"), Found::Near);
    assert_eq!(email.find(b"a7@a.example", b"Z"), Found::Near);
    assert_eq!(email.find(b"b7@a.example", b"b7@a.example"), Found::Nothing);
    // Alone it needs no index.
    let one = IdentityRules::new(IdentityRule::any([self::dns("a")])).unwrap();
    assert!(matches!(one.compiled(), Node::Match(..)));
}

#[test]
fn rules_are_equal_by_what_they_say() {
    let rules = |rule: IdentityRule| IdentityRules::new(rule).unwrap();
    let one = rules(dns("a"));
    assert_eq!(one, one.clone());
    assert_eq!(one, rules(dns("a")));
    assert_ne!(one, rules(dns("b")));
    assert_ne!(one, rules(IdentityRule::any([dns("a")])));
    assert_eq!(one.rule(), &dns("a"));
    assert!(format!("{one:?}").contains("Dns"));
}

/// Features add: without a digest such a rule is an error, and no rule that nobody meets.
#[test]
fn digests_need_a_provider() {
    for (rule, path) in [
        (
            IdentityMatch::CertificateSha256([0; 32]),
            "certificate-sha256",
        ),
        (IdentityMatch::KeySha256([0; 32]), "key-sha256"),
    ] {
        match cfg!(any(feature = "ring", feature = "aws-lc-rs")) {
            true => assert!(IdentityRules::new(rule).is_ok()),
            false => assert_refused(rule, path, RuleProblem::NoProvider),
        }
    }
}
