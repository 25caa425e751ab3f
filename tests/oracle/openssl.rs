//! Verdicts of the default policy beside those of the `openssl` program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use testpki::{GeneralName, Pem, Version, oid};

use crate::NOW;
use crate::differences::{Difference, Differences, Path};
use crate::further::{Further, FurtherOf};
use crate::graph::{Graph, Outcome};
use crate::model::Certificate;
use crate::peers::Verdicts;

/// The release that the list of differences is about: the next one errs elsewhere.
const RELEASE: &str = "OpenSSL 3.0.";

/// What says in OpenSSL's words what the default policy is, as in `tests/openssl_cases.rs`.
const DEFAULT_POLICY: &str = "verify -purpose sslclient -partial_chain -auth_level 2 -policy_check -policy 2.5.29.32.0 \
                              -no-CApath -no-CAstore -CAfile anchors.pem -untrusted issuers.pem";

static OPENSSL: LazyLock<Differences> = LazyLock::new(|| {
    let list = include_str!("../../testdata/differences/openssl.toml");
    Differences::listed(WE_ACCEPT, WE_REFUSE, list)
});

/// Over a path that holds. Where there are several, OpenSSL may have judged another one.
const WE_ACCEPT: &[Difference] = &[
    ("purpose-issuer-any", |path| {
        let is_not_named = |purposes: &[&str]| !purposes.contains(&oid::CLIENT_AUTH);
        path.certificates()
            .any(|(certificate, _)| certificate.purposes.is_some_and(is_not_named))
    }),
    // Known by the PKI: `has_alternatives`.
    ("path-length-alternative", |_| false),
    ("path-aki-wrong", |path| {
        links(path).any(|(child, issuer)| {
            let ids = (child.authority_key_id, issuer.subject_key_id);
            matches!(ids, (Some(wanted), Some(found)) if wanted != found)
        })
    }),
    (
        "profile-compatible-no-authority-key-id-self-issued",
        |path| links(path).any(|(child, _)| child.is_self_issued()),
    ),
    ("time-client-at-not-after", |path| {
        path.certificates()
            .any(|(certificate, _)| certificate.not_after == NOW)
    }),
    ("ca-anchor-v2", |path| path.anchor().version == Version::V2),
];

/// Over all there is of the PKI, as the program does not say which path it accepts.
const WE_REFUSE: &[Difference] = &[
    ("client-ca-refuse", |all| {
        // Or is a trust anchor of a version that cannot say so.
        all.client().says_it_is_a_ca() || all.client().version != Version::V3
    }),
    ("policy-anchor-requires", |all| {
        let is_asking =
            |further: &Further| further.require_explicit.is_some() || further.repeats_policy();
        all.certificates().any(|(_, further)| is_asking(further))
    }),
    ("policy-mapping-any-not-critical", |all| {
        all.certificates()
            .any(|(_, further)| further.maps_any_policy())
    }),
    ("name-constraint-ip-mask-gap-permitted", |all| {
        let is_gap = |base: &GeneralName| matches!(base, GeneralName::Ip(octets) if octets[4..] == [255, 0, 255, 0]);
        all.certificates()
            .any(|(_, further)| further.bases().any(is_gap))
    }),
    ("name-constraint-dns-empty-label-permitted", |all| {
        has_dns_base(all) && has_dns_name(all, |name| name.contains(".."))
    }),
    ("name-constraint-dns-wildcard-reaches-excluded", |all| {
        has_dns_base(all) && has_dns_name(all, |name| name.starts_with("*."))
    }),
];

fn has_dns_base(all: &Path<'_>) -> bool {
    let is_dns = |base: &GeneralName| matches!(base, GeneralName::Dns(_));
    all.certificates()
        .any(|(_, further)| further.bases().any(is_dns))
}

fn has_dns_name(all: &Path<'_>, is_such: impl Fn(&str) -> bool) -> bool {
    let is_such = |name: &GeneralName| matches!(name, GeneralName::Dns(name) if is_such(name));
    all.certificates()
        .any(|(_, further)| further.names.iter().any(is_such))
}

fn links<'a>(path: &'a Path<'_>) -> impl Iterator<Item = (&'a Certificate, &'a Certificate)> {
    let certificates = || path.certificates().map(|(certificate, _)| certificate);
    certificates().zip(certificates().skip(1))
}

/// Whether some certificate of the path, or the anchor, has an issuer by name that the path does not lead over.
fn has_alternatives(path: &[&Certificate], graph: &Graph<'_>) -> bool {
    path.iter().any(|child| {
        let issuers = graph
            .by_der
            .values()
            .filter(|issuer| issuer.subject.name == child.issuer.name);
        issuers
            .map(|issuer| issuer.serial)
            .any(|serial| path.iter().all(|on_path| on_path.serial != serial))
    })
}

/// Checks that our verdict differs from OpenSSL's for listed reasons alone.
pub(crate) fn check(graph: &Graph<'_>, further: &FurtherOf, ours: &Outcome) -> Verdicts {
    match (ours, openssl(graph)) {
        (Ok(client), Err(error)) => {
            let path = graph.path_of(client);
            let is_listed = has_alternatives(&path, graph)
                || OPENSSL.may_accept(&Path::new(path.iter().copied(), further));
            assert!(is_listed, "OpenSSL: {error} of {path:?}");
            Verdicts::WeAccept
        }
        (Err(refusal), Ok(())) => {
            let client = graph.by_der[&graph.chain[0]];
            let others = graph
                .by_der
                .values()
                .copied()
                .filter(|other| other.serial != client.serial);
            let all = Path::new([client].into_iter().chain(others), further);
            assert!(OPENSSL.may_refuse(&all), "{refusal:?} among {all:?}");
            Verdicts::WeRefuse
        }
        (Ok(_), Ok(())) => Verdicts::BothAccept,
        (Err(_), Err(_)) => Verdicts::BothRefuse,
    }
}

/// Whether the program is of that release; says so if it is not.
pub(crate) fn is_the_release() -> bool {
    let version = Command::new("openssl").arg("version").output();
    let version = version.expect("these tests need the `openssl` program");
    let version = String::from_utf8_lossy(&version.stdout);
    let is_the_release = version.starts_with(RELEASE);
    if !is_the_release {
        eprintln!("not compared: the differences are those of {RELEASE}x, and this is {version}");
    }
    is_the_release
}

/// The first error that the program reports.
fn openssl(graph: &Graph<'_>) -> Result<(), String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("oracle-openssl");
    fs::create_dir_all(&folder).expect("a folder for test files");
    let issuers = [&graph.chain[1..], &graph.intermediates].concat();
    for (file, certificates) in [
        ("client.pem", &graph.chain[..1]),
        ("issuers.pem", &issuers),
        ("anchors.pem", &graph.anchors),
    ] {
        let pem: String = certificates
            .iter()
            .map(|der| Pem::certificate(der).to_string())
            .collect();
        fs::write(folder.join(file), pem).expect("a test file");
    }
    let mut command = Command::new("openssl");
    command.args(DEFAULT_POLICY.split_whitespace());
    let output = command
        .args(["-attime", &NOW.to_string(), "client.pem"])
        .current_dir(&folder)
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .expect("the `openssl` program starts");
    let said = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
    match said.lines().find(|line| line.contains("error")) {
        None if output.status.success() => Ok(()),
        Some(error) => Err(error.to_owned()),
        None => Err(said),
    }
}
