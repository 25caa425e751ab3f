//! Certificates that are good to read and costly to judge: what a budget stops costs no signature, and the verdict just below it is right.

use std::slice::from_ref;

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::{
    CertificatePolicies, ClientPolicy, CrlSet, ExplicitPolicy, Limits, Reason, TrustStore,
};
use testpki::{Cert, Extension, GeneralName, Key, Name, oid};

use crate::counted::{reason, verify_counting};
use crate::{Pki, client_of};

/// A client's certificate of a megabyte, so that only the budgets stand in the way.
fn roomy() -> Limits {
    Limits::default().with_certificate_bytes(4_000_000)
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// A client with so many names below a CA with so many constraints, none of which is about any of the names; the last one permits them.
fn constrained(names: usize, constraints: usize) -> (Cert, Cert) {
    let subtree = |number: usize| Extension::subtree(&GeneralName::dns(&format!("x{number}.test")));
    let mut permitted: Vec<_> = (1..constraints).map(subtree).collect();
    permitted.push(Extension::subtree(&GeneralName::dns("example")));
    let root = root().extension(Extension::name_constraints(&permitted, &[]));
    let names: Vec<_> = (0..names)
        .map(|number| GeneralName::dns(&format!("n{number}.example")))
        .collect();
    let client = client_of(&root).extension(Extension::subject_alt_name(&names));
    (root, client)
}

#[test]
fn ten_thousand_names_against_ten_thousand_constraints() {
    // The store takes certificates of 64 KiB at most, so the constraints are as many as fit.
    let (root, client) = constrained(10_000, 2_500);
    let policy = ClientPolicy::default().with_limits(roomy());
    let (outcome, signatures) = verify_counting(&[root], &[], &[client], policy);
    assert_eq!(
        reason(&outcome),
        &Reason::NameComparisonLimit { limit: 50_000 }
    );
    assert_eq!(signatures, 0, "it is refused before it costs a signature");
}

#[test]
fn as_many_comparisons_as_the_limit() {
    let (root, client) = constrained(20, 30);
    let with = |limit| {
        let limits = Limits::default().with_name_comparisons(limit);
        let policy = ClientPolicy::default().with_limits(limits);
        verify_counting(from_ref(&root), &[], from_ref(&client), policy)
    };
    // Each name with each subtree, and the subject with each.
    let needed = 21 * 30;
    assert!(with(needed).0.is_ok());
    let (outcome, signatures) = with(needed - 1);
    assert_eq!(
        reason(&outcome),
        &Reason::NameComparisonLimit { limit: needed - 1 }
    );
    assert_eq!(signatures, 0);
}

/// CAs that each map every policy to every policy: a tree of RFC 5280 would have 10^6 leaves after six of them.
fn mapping_everything(cas: usize) -> (Cert, Vec<Cert>) {
    let policies: Vec<String> = (0..10).map(|number| format!("1.2.3.{number}")).collect();
    let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
    let mappings: Vec<(&str, &str)> = policies
        .iter()
        .flat_map(|from| policies.iter().map(move |to| (*from, *to)))
        .collect();
    let root = root();
    let mut chain = Vec::new();
    let mut issuer = root.clone();
    for number in 0..cas {
        let name = format!("CA {number}");
        issuer = Cert::ca(&name, &Key::p256(&name))
            .issued_by(&issuer)
            .extension(Extension::certificate_policies(&policies))
            .extension(Extension::policy_mappings(&mappings).critical());
        chain.insert(0, issuer.clone());
    }
    let client = client_of(&issuer).extension(Extension::certificate_policies(&policies));
    chain.insert(0, client);
    (root, chain)
}

fn explicit(limits: Limits) -> ClientPolicy {
    let policies = CertificatePolicies::default().with_explicit_policy(ExplicitPolicy::Required);
    ClientPolicy::default()
        .with_certificate_policies(policies)
        .with_limits(limits)
}

#[test]
fn mappings_of_everything_to_everything() {
    let (root, chain) = mapping_everything(6);
    let with = |limit| {
        let policy = explicit(Limits::default().with_policies(limit));
        verify_counting(from_ref(&root), &[], &chain, policy)
    };
    // The graph of RFC 9618 is small: the default is enough.
    let (outcome, _) = with(Limits::default().policies);
    outcome.expect("valid for its policies");
    let (mut too_few, mut enough) = (0, Limits::default().policies);
    while enough - too_few > 1 {
        let middle = (too_few + enough) / 2;
        match with(middle).0 {
            Ok(_) => enough = middle,
            Err(_) => too_few = middle,
        }
    }
    let (outcome, signatures) = with(too_few);
    assert_eq!(reason(&outcome), &Reason::PolicyLimit { limit: too_few });
    assert_eq!(signatures, 0);
    assert!(enough > 600, "{enough}: each mapping counts");
}

#[test]
fn twenty_megabytes() {
    let pki = Pki::new();
    let mut der = vec![0x30, 0x84, 0x01, 0x31, 0x2d, 0x00];
    der.resize(20_000_006, 0x30);
    let refusal = pki.verify(&[der.clone()]).expect_err("too large");
    let too_large = Reason::CertificateTooLarge {
        bytes: 20_000_006,
        limit: 16_384,
    };
    assert_eq!(refusal.reason(), &too_large);
    let limits = Limits::default().with_certificate_bytes(usize::MAX);
    let policy = ClientPolicy::default().with_limits(limits);
    let refusal = pki.verify_with(&[der.clone()], crate::NOW, &policy);
    assert!(matches!(
        refusal.expect_err("malformed").reason(),
        Reason::Malformed(_)
    ));
    let ca = CertificateDer::from(der.clone());
    assert!(TrustStore::builder().add_ca_der(&ca).is_err());
    let list = CertificateRevocationListDer::from(der);
    assert!(CrlSet::new().add_der(&list).is_err());
}

/// Elements within elements, as deep as lengths go in these bytes.
fn nested(bytes: usize) -> Vec<u8> {
    let mut nested = Vec::new();
    while nested.len() < bytes {
        let length = (nested.len() as u32).to_be_bytes();
        let header: Vec<u8> = match nested.len() {
            0..0x80 => vec![0x30, length[3]],
            0x80..0x100 => vec![0x30, 0x81, length[3]],
            0x100..0x1_0000 => vec![0x30, 0x82, length[2], length[3]],
            _ => vec![0x30, 0x83, length[1], length[2], length[3]],
        };
        nested.splice(0..0, header);
    }
    nested
}

#[test]
fn deeply_nested() {
    let pki = Pki::new();
    let deep = nested(60_000);
    let limits = Limits::default().with_certificate_bytes(1_000_000);
    let policy = ClientPolicy::default().with_limits(limits);
    let verify = |der: Vec<u8>| pki.verify_with(&[der], crate::NOW, &policy);
    assert!(verify(deep.clone()).is_err());
    assert!(
        CrlSet::new()
            .add_der(&CertificateRevocationListDer::from(deep.clone()))
            .is_err()
    );

    // Within good certificates: as an extension that nobody knows, as a name, and as constraints.
    let root = root();
    let of = |extension: Extension| client_of(&root).extension(extension);
    let unknown = of(Extension::new("2.25.1", deep.clone()));
    let (outcome, _) = verify_counting(from_ref(&root), &[], &[unknown], policy.clone());
    outcome.expect("what nobody knows may be anything");
    for oid in [
        "2.5.29.17",
        "2.5.29.30",
        "2.5.29.32",
        "2.5.29.33",
        "2.5.29.36",
    ] {
        let client = of(Extension::new(oid, deep.clone()));
        let (outcome, signatures) =
            verify_counting(from_ref(&root), &[], &[client], policy.clone());
        assert!(
            matches!(reason(&outcome), Reason::Malformed(_)),
            "{oid}: {outcome:?}"
        );
        assert_eq!(signatures, 0);
    }
}

#[test]
fn as_many_extensions_as_the_limit() {
    let root = root();
    let with = |extensions: usize| {
        let client = Cert::bare(Name::cn("client"), &Key::p256("client")).issued_by(&root);
        (0..extensions).fold(client, |client, number| {
            client.extension(Extension::new(&format!("2.25.{number}"), vec![5, 0]))
        })
    };
    let verify = |client| verify_counting(from_ref(&root), &[], &[client], ClientPolicy::default());
    verify(with(64)).0.expect("just the limit");
    let (outcome, signatures) = verify(with(65));
    assert!(
        reason(&outcome).to_string().contains("extensions"),
        "{outcome:?}"
    );
    assert_eq!(signatures, 0);
}

/// CAs of the anchor's name, signed by nobody, that issue each other: each path over them is judged up to the
/// policies, which refuse it before any signature.
fn junk(count: u8, constraints: &Extension) -> Vec<Cert> {
    (0..count)
        .map(|number| {
            Cert::ca("Root", &Key::p256(&format!("junk {number}")))
                .without_extension(oid::SUBJECT_KEY_IDENTIFIER)
                .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
                .extension(Extension::policy_constraints(Some(0), None))
                .extension(constraints.clone())
        })
        .collect()
}

/// The limit ends what nobody compares with anything: reading subtrees, for each path anew.
#[test]
fn constraints_that_are_only_read() {
    let bases: Vec<_> = (0..3_000)
        .map(|_| Extension::subtree(&GeneralName::dns("")))
        .collect();
    let client = client_of(&root())
        .subject(Name::empty())
        .extension(Extension::policy_constraints(Some(0), None));
    let chain = [
        vec![client],
        junk(5, &Extension::name_constraints(&[], &bases)),
    ]
    .concat();
    let (outcome, signatures) = verify_counting(
        &[root()],
        &[],
        &chain,
        ClientPolicy::default().with_limits(roomy()),
    );
    let limit = Limits::default().name_comparisons;
    assert_eq!(reason(&outcome), &Reason::NameComparisonLimit { limit });
    assert_eq!(signatures, 0);
}

/// And folding names, each for one comparison.
#[test]
fn names_that_are_only_folded() {
    let bases = [&Name::empty(), &Name::cn("nobody")].map(GeneralName::directory);
    let constraints = Extension::name_constraints(
        &[Extension::subtree(&bases[0])],
        &[Extension::subtree(&bases[1])],
    );
    let names: Vec<_> = (0..200)
        .map(|number| GeneralName::directory(&Name::cn(&format!("\u{390}\u{390}{number}"))))
        .collect();
    let client = client_of(&root())
        .extension(Extension::subject_alt_name(&names))
        .extension(Extension::policy_constraints(Some(0), None));
    let chain = [vec![client], junk(5, &constraints)].concat();
    let (outcome, signatures) = verify_counting(&[root()], &[], &chain, ClientPolicy::default());
    let limit = Limits::default().name_comparisons;
    assert_eq!(reason(&outcome), &Reason::NameComparisonLimit { limit });
    assert_eq!(signatures, 0);
}
