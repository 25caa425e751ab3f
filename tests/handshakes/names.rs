//! The names of CAs that a server advertises, as `openssl` shows them.

use std::sync::Arc;

use mtls_verify::ClientPolicy;
use mtls_verify::rustls::{CaNames, MAX_CA_NAMES_BYTES, RustlsVerifier};
use rustls::DistinguishedName;

use crate::clients::{Version, openssl};
use crate::pki::{self, Files, ca, client, clients, root, store};
use crate::server::{Outcome, Server};

/// What `openssl` prints between the heading and the next section: a name a line.
fn names_shown(verifier: &Arc<RustlsVerifier>, version: Version) -> Vec<String> {
    let files = Files::of(Some(&client("alice")));
    let (outcome, text) = Server::new(verifier).meet(|address| openssl(address, version, &files));
    assert!(matches!(outcome, Outcome::Served(..)), "{outcome:?}");
    let mut lines = text.lines();
    if text.contains("No client certificate CA names sent") {
        return Vec::new();
    }
    lines
        .find(|line| *line == "Acceptable client certificate CA names")
        .unwrap_or_else(|| panic!("no names in {text}"));
    lines
        .take_while(|line| line.contains('='))
        .map(str::to_owned)
        .collect()
}

#[test]
fn none_all_or_chosen() {
    let clients = clients(
        store(&[&root(), &ca("Another"), &root()], ""),
        ClientPolicy::default(),
    );
    let chosen = DistinguishedName::from(ca("Chosen").subject_name().der().to_vec());
    for (names, shown) in [
        (CaNames::default(), &[][..]),
        (CaNames::Store, &["CN = Root", "CN = Another"]),
        (CaNames::Chosen(vec![chosen]), &["CN = Chosen"]),
    ] {
        let builder = pki::builder(&clients).with_ca_names(names);
        let verifier = Arc::new(builder.build().expect("few names"));
        for version in Version::BOTH {
            assert_eq!(names_shown(&verifier, version), shown, "{version:?}");
        }
    }
}

/// As the documentation says: names are those of the store that the verifier was built with, until
/// another is built from it.
#[test]
fn names_follow_the_store_in_a_new_verifier() {
    let clients = clients(store(&[&root()], ""), ClientPolicy::default());
    let builder = pki::builder(&clients).with_ca_names(CaNames::Store);
    let verifier = Arc::new(builder.build().expect("few names"));
    clients
        .replace_store(store(&[&root(), &ca("Another")], ""))
        .unwrap();
    assert_eq!(names_shown(&verifier, Version::Tls13), ["CN = Root"]);
    let renewed = Arc::new(verifier.with_current_names().expect("few names"));
    let shown = names_shown(&renewed, Version::Tls13);
    assert_eq!(shown, ["CN = Root", "CN = Another"]);
}

/// 600 CAs in one CertificateRequest break handshakes; without names there are no limits.
#[test]
fn many_names_are_an_error_and_many_cas_are_not() {
    let many: Vec<_> = (0..600)
        .map(|number| {
            ca(&format!(
                "A certification authority of many, number {number}"
            ))
        })
        .collect();
    let many: Vec<_> = many.iter().chain([&root()]).cloned().collect();
    let clients = clients(
        store(&many.iter().collect::<Vec<_>>(), ""),
        ClientPolicy::default(),
    );
    let builder = || pki::builder(&clients);
    let error = builder().with_ca_names(CaNames::Store).build();
    let error = error.expect_err("too many");
    assert_eq!(error.count(), 601);
    assert!(error.bytes() > MAX_CA_NAMES_BYTES);
    assert!(error.to_string().starts_with("601 names of CAs take "));

    let verifier = Arc::new(builder().build().expect("no names"));
    for version in Version::BOTH {
        assert!(names_shown(&verifier, version).is_empty());
    }
}
