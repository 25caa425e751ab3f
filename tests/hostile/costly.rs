//! Certificates that are good to read and costly to judge: what a budget stops costs no signature,
//! and the verdict just below it is right.

use std::slice::from_ref;

use mtls_verify::error::{NameViolation, Position, Reason, Work};
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::policy::{CertificatePolicies, ExplicitPolicy, Limits};
use mtls_verify::{ClientPolicy, CrlSet, TrustStore};
use testpki::{Attribute, Cert, Extension, GeneralName, Key, Name, StringType, oid};

use crate::counted::{least_work, reason, refusal, verify_counting};
use crate::{Pki, client_of};

/// A client's certificate of a megabyte, so that only the budgets stand in the way.
fn roomy() -> Limits {
    Limits::default().with_certificate_bytes(4_000_000)
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// A client with so many names below a CA with so many constraints, none of which is about any of
/// the names; the last one permits them.
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
    let with = |client: Cert, work| {
        let limits = roomy().with_work(work);
        let policy = ClientPolicy::default().with_limits(limits);
        verify_counting(from_ref(&root), &[], &[client], policy)
    };
    let limit = |limit, doing| Reason::WorkLimit { limit, doing };
    // Reading it is more than a stranger may ask for.
    let (outcome, signatures) = with(client.clone(), 250_000);
    assert_eq!(reason(&outcome), &limit(25_000, Work::Reading));
    assert_eq!(signatures, 0);
    // Nobody compares the names of a certificate that a stranger made.
    let forged = client.clone().flip_signature_bit();
    let (outcome, signatures) = with(forged, 1_000_000);
    assert_eq!(reason(&outcome), &Reason::BadSignature);
    assert_eq!(signatures, 1);
    let (outcome, signatures) = with(client, 1_000_000);
    assert_eq!(reason(&outcome), &limit(900_000, Work::NameConstraints));
    assert_eq!(signatures, 1);
}

#[test]
fn as_many_comparisons_as_the_limit() {
    let (root, client) = constrained(400, 200);
    let with = |work| {
        let limits = roomy().with_work(work);
        let policy = ClientPolicy::default().with_limits(limits);
        verify_counting(from_ref(&root), &[], from_ref(&client), policy).0
    };
    let (needed, outcome) = least_work(with);
    outcome.expect("just enough");
    // Each name with each subtree.
    assert!((160_000..200_000).contains(&needed), "{needed}");
    let outcome = with(needed - 1);
    // A tenth is for what strangers can ask for.
    let limit = Reason::WorkLimit {
        limit: needed - 1 - (needed - 1).div_ceil(10),
        doing: Work::NameConstraints,
    };
    assert_eq!(reason(&outcome), &limit);
    let certificate = refusal(&outcome).certificate().expect("the one at hand");
    assert_eq!(certificate.position(), Position::Client);
}

/// As many names as permitted subtrees, each in one of them, as in the test of `webpki` that has to
/// pass: a name is compared until one permits it.
#[test]
fn names_that_are_permitted_one_by_one() {
    let names: Vec<_> = (0..260)
        .map(|number| GeneralName::dns(&format!("t{number}.test")))
        .collect();
    let permitted: Vec<_> = names.iter().map(Extension::subtree).collect();
    let root = root();
    let issuing = Cert::ca("CA", &Key::p256("ca"))
        .issued_by(&root)
        .extension(Extension::name_constraints(&permitted, &[]).critical());
    let client = client_of(&issuing).extension(Extension::subject_alt_name(&names));
    let chain = [client, issuing];
    let (outcome, _) = verify_counting(from_ref(&root), &[], &chain, ClientPolicy::default());
    outcome.expect("within the default limits");
}

/// A subtree that cannot be judged counts, wherever it stands among those that permit the name.
#[test]
fn what_cannot_be_judged_counts_in_each_place() {
    let good = Extension::subtree(&GeneralName::dns("example"));
    let bad = Extension::subtree(&GeneralName::dns("ex_ample..bad"));
    let of_another_form = Extension::subtree(&GeneralName::email("..bad"));
    let verify = |permitted: &[Vec<u8>]| {
        let root = root().extension(Extension::name_constraints(permitted, &[]));
        let name = GeneralName::dns("a.example");
        let client = client_of(&root)
            .subject(Name::empty())
            .extension(Extension::subject_alt_name(&[name]).critical());
        verify_counting(&[root], &[], &[client], ClientPolicy::default()).0
    };
    for permitted in [[good.clone(), bad.clone()], [bad, good.clone()]] {
        let outcome = verify(&permitted);
        assert!(
            matches!(
                reason(&outcome),
                Reason::NameConstraint {
                    violation: NameViolation::Unprocessable,
                    ..
                }
            ),
            "{outcome:?}"
        );
    }
    for permitted in [
        [good.clone(), of_another_form.clone()],
        [of_another_form, good],
    ] {
        verify(&permitted).expect("of another form");
    }
}

/// CAs that each map every policy to every policy: a tree of RFC 5280 would have 10^6 leaves after
/// six of them.
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
        let policy = explicit(Limits::default().with_work(limit));
        verify_counting(from_ref(&root), &[], &chain, policy).0
    };
    // The graph of RFC 9618 is small: the default is enough.
    let (enough, outcome) = least_work(with);
    outcome.expect("valid for its policies");
    assert!(enough < Limits::default().work, "{enough}");
}

/// Policies are processed within the limit on work, once signatures hold.
#[test]
fn as_many_policies_as_the_limit() {
    let policies: Vec<String> = (0..1_000).map(|number| format!("1.2.3.{number}")).collect();
    let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
    let root = root();
    let mut chain = Vec::new();
    let mut issuer = root.clone();
    for number in 0..5 {
        let name = format!("CA {number}");
        issuer = Cert::ca(&name, &Key::p256(&name))
            .issued_by(&issuer)
            .extension(Extension::certificate_policies(&policies));
        chain.insert(0, issuer.clone());
    }
    let client = client_of(&issuer).extension(Extension::certificate_policies(&policies));
    chain.insert(0, client);
    let with = |chain: &[Cert], limit| {
        let policy = explicit(roomy().with_work(limit));
        verify_counting(from_ref(&root), &[], chain, policy).0
    };
    let (needed, outcome) = least_work(|work| with(&chain, work));
    outcome.expect("just enough");
    let outcome = with(&chain, needed - 1);
    assert!(
        matches!(reason(&outcome), Reason::WorkLimit { .. }),
        "{outcome:?}"
    );
    chain[0] = chain[0].clone().flip_signature_bit();
    assert_eq!(reason(&with(&chain, 2 * needed)), &Reason::BadSignature);
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
    let limits = Limits::default()
        .with_certificate_bytes(usize::MAX)
        .with_work(u32::MAX);
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
    let limits = Limits::default()
        .with_certificate_bytes(1_000_000)
        .with_work(1_000_000);
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

/// A client below an intermediate of a trusted CA, with dear constraints and a forged signature.
fn below_constraints(constraints: &Extension, names: &[GeneralName]) -> (Cert, [Cert; 2]) {
    let root = root();
    let issuing = Cert::ca("CA", &Key::p256("ca"))
        .issued_by(&root)
        .extension(constraints.clone());
    let client = client_of(&issuing).extension(Extension::subject_alt_name(names));
    (root, [client, issuing])
}

/// Names that take long to prepare are paid for as they are prepared, and not at all before the
/// signatures hold.
#[test]
fn names_that_are_only_folded() {
    let bases = [&Name::empty(), &Name::cn("nobody")].map(GeneralName::directory);
    let constraints = Extension::name_constraints(
        &[Extension::subtree(&bases[0])],
        &[Extension::subtree(&bases[1])],
    );
    let names: Vec<_> = (0..100)
        .map(|number| {
            GeneralName::directory(&Name::cn(&format!("{}{number}", "\u{390}".repeat(40))))
        })
        .collect();
    let (root, chain) = below_constraints(&constraints, &names);
    let default = ClientPolicy::default();
    let (outcome, _) = verify_counting(from_ref(&root), &[], &chain, default.clone());
    let limit = Reason::WorkLimit {
        limit: Limits::default().work / 10 * 9,
        doing: Work::NameConstraints,
    };
    assert_eq!(reason(&outcome), &limit);
    let forged = [chain[0].clone().flip_signature_bit(), chain[1].clone()];
    let (outcome, signatures) = verify_counting(&[root], &[], &forged, default);
    assert_eq!(reason(&outcome), &Reason::BadSignature);
    assert_eq!(signatures, 2);
}

/// Names of real length in scripts that are prepared step by step fit, four of them and more.
#[test]
fn names_in_other_scripts() {
    for text in [
        // Turkish, Hindi, Thai, Georgian, Armenian: 50 to 60 characters.
        "T\u{fc}rkiye Bilimsel ve Teknolojik Ara\u{15f}t\u{131}rma Kurumu Sertifikas\u{131}",
        "\u{930}\u{93e}\u{937}\u{94d}\u{91f}\u{94d}\u{930}\u{940}\u{92f} \u{938}\u{942}\u{91a}\u{928}\u{93e} \u{935}\u{93f}\u{91c}\u{94d}\u{91e}\u{93e}\u{928} \u{915}\u{947}\u{902}\u{926}\u{94d}\u{930}",
        "\u{e2a}\u{e33}\u{e19}\u{e31}\u{e01}\u{e07}\u{e32}\u{e19}\u{e1e}\u{e31}\u{e12}\u{e19}\u{e32}\u{e18}\u{e38}\u{e23}\u{e01}\u{e23}\u{e23}\u{e21}\u{e17}\u{e32}\u{e07}\u{e2d}\u{e34}\u{e40}\u{e25}\u{e47}\u{e01}\u{e17}\u{e23}\u{e2d}\u{e19}\u{e34}\u{e01}\u{e2a}\u{e4c}",
        "\u{10e1}\u{10d0}\u{10ee}\u{10d4}\u{10da}\u{10db}\u{10ec}\u{10d8}\u{10e4}\u{10dd} \u{10e1}\u{10d4}\u{10e0}\u{10d5}\u{10d8}\u{10e1}\u{10d4}\u{10d1}\u{10d8}\u{10e1} \u{10d2}\u{10d0}\u{10dc}\u{10d5}\u{10d8}\u{10d7}\u{10d0}\u{10e0}\u{10d4}\u{10d1}\u{10d8}\u{10e1} \u{10e1}\u{10d0}\u{10d0}\u{10d2}\u{10d4}\u{10dc}\u{10e2}\u{10dd}",
    ] {
        let name = |level: usize| {
            Name::new(&[
                Attribute::new(oid::ORGANIZATION, StringType::Utf8, text),
                Attribute::new(
                    oid::COMMON_NAME,
                    StringType::Utf8,
                    &format!("{text} {level}"),
                ),
            ])
        };
        let root = Cert::ca("any", &Key::p256("root")).subject(name(0));
        let mut chain = Vec::new();
        let mut issuer = root.clone();
        for level in 1..4 {
            let key = Key::p256(&format!("level {level}"));
            issuer = Cert::ca("any", &key)
                .subject(name(level))
                .issued_by(&issuer);
            chain.insert(0, issuer.clone());
        }
        chain.insert(0, client_of(&issuer));
        let (outcome, signatures) =
            verify_counting(from_ref(&root), &[], &chain, ClientPolicy::default());
        outcome.expect("within the default limits");
        assert_eq!(signatures, 4);
    }
}
