//! The sentences with counts in them, and where the truth is.

use mtls_verify::ClientPolicy;
use testpki::folders;

use crate::document::{constant, entries};

/// A sentence of a document, with `{}` for each number, and the numbers that are true.
pub(crate) struct Claim {
    pub(crate) document: &'static str,
    pub(crate) sentence: &'static str,
    pub(crate) truth: Vec<usize>,
}

pub(crate) fn claims() -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut claim = |document, sentence, truth: &[usize]| {
        claims.push(Claim {
            document,
            sentence,
            truth: truth.to_vec(),
        });
    };
    let limits = ClientPolicy::default().limits;

    let oracle = |name| constant("tests/oracle/main.rs", name);
    claim(
        "docs/guide/checks.md",
        "and {} random PKIs with `rustls-webpki` and {} with OpenSSL",
        &[oracle("BESIDE_WEBPKI"), oracle("BESIDE_OPENSSL")],
    );
    claim(
        "docs/guide/revocation.md",
        "(../DESIGN.md#limits-of-crls): {} certificates of one name",
        &[constant("src/revocation/crls.rs", "CERTIFICATES_TRIED")],
    );
    claim(
        "docs/guide/costs.md",
        "up to four certificates below the anchor allocates at most {} times",
        &[constant("tests/allocations.rs", "COLD")],
    );
    claim(
        "SECURITY.md",
        "where the prices were measured, and {} signatures",
        &[limits.signatures as usize],
    );
    claim(
        "CONTRIBUTING.md",
        "`WORLDS={} cargo test --test revocation_worlds -- --nocapture` tries ten times as many",
        &[10 * constant("tests/revocation_worlds/main.rs", "DEFAULT_COUNT")],
    );
    claim(
        "docs/DIFFERENCES.md",
        "{} cases of this repository have a verdict",
        &[folders::cases("cases").len()],
    );
    claim(
        "docs/DIFFERENCES.md",
        "{} random PKIs go to webpki as well, and {} to OpenSSL",
        &[oracle("BESIDE_WEBPKI"), oracle("BESIDE_OPENSSL")],
    );
    budget(&mut claim);
    claim(
        "benches/README.md",
        "bytes in at most {} certificates of at most {} bytes, and the limits are the default ones",
        &[limits.presented, limits.certificate_bytes],
    );
    claim(
        "conformance/README.md",
        "Runs the library over {} public suites",
        &[entries("conformance/src/bin").len()],
    );
    let least = |program| {
        constant(
            &format!("conformance/src/bin/{program}/main.rs"),
            "LEAST_CASES",
        )
    };
    claim(
        "conformance/README.md",
        "there are fewer than {} cases (`limbo`) or {} (`pkits`)",
        &[least("limbo"), least("pkits")],
    );
    claims
}

/// The prices and limits in the tables of DESIGN.md.
fn budget(claim: &mut impl FnMut(&'static str, &'static str, &[usize])) {
    let price = |name| constant("src/budget.rs", name);
    let stored = |name| constant("src/revocation/stored.rs", name);
    for (sentence, truth) in [
        (
            "| a signature; hashing 5 bytes beyond {} | {}; 1 |",
            vec![price("USUAL"), price("SIGNATURE")],
        ),
        ("| an extension | {} |", vec![price("EXTENSION")]),
        (
            "| a candidate for an issuer; looking for the issuers of one, and for each doubling of the certificates in the \
             store with their name; a path | {}; {}, {}; {} |",
            vec![
                price("CANDIDATE"),
                price("ISSUERS"),
                price("STEP"),
                price("PATH"),
            ],
        ),
        (
            "| going on after a path that was refused before its signatures | {} |",
            vec![price("REFUSED")],
        ),
        (
            "| reading a name or a subtree for name constraints | {}, and as above |",
            vec![price("NAME")],
        ),
        (
            "| comparing two names; 32 bytes of them | {}; 1 |",
            vec![price("COMPARISON")],
        ),
        (
            "| a policy, a mapping, a node or an edge of the policy graph | {} |",
            vec![price("POLICY")],
        ),
        (
            "| keys of one name tried while loading, for a CRL and for a certificate | {}, of these",
            vec![constant("src/revocation/crls.rs", "CERTIFICATES_TRIED")],
        ),
        (
            "where there are more, the DER of the CRL is kept | {} |",
            vec![constant("src/revocation/crls.rs", "CERTIFICATES_TRIED")],
        ),
        (
            "certificates that this search meets, and steps between them | {}; {}; {} |",
            vec![stored("ANCHORS"), stored("CERTIFICATES"), stored("STEPS")],
        ),
        (
            "| how deep CRL signers may depend on each other | {};",
            vec![constant("src/engine/signer_paths.rs", "MAX_NESTED")],
        ),
        (
            "whose keys are tried with a CRL | {} |",
            vec![constant("src/engine/crl_signers.rs", "PRESENTED_TRIED")],
        ),
    ] {
        claim("docs/DESIGN.md", sentence, &truth);
    }
}
