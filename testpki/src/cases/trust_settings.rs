//! OpenSSL's trust settings in `TRUSTED CERTIFICATE` blocks, and base64 that no block holds.

mod purposes;

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Crl, Pem, der, oid};

pub(super) fn cases() -> Vec<Case> {
    let settings = [allowed(), rejected(), malformed(), purposes::cases()];
    [settings.concat(), stray_base64()].concat()
}

/// The fields of `X509_CERT_AUX`, in their order.
struct Fields {
    trust: Vec<u8>,
    reject: Vec<u8>,
    alias: Vec<u8>,
    key_id: Vec<u8>,
    other: Vec<u8>,
}

fn fields() -> Fields {
    let rsa = der::sequence(&[der::oid("1.2.840.113549.1.1.1"), der::null()]);
    Fields {
        trust: der::sequence(&[der::oid(oid::CLIENT_AUTH)]),
        reject: der::context_constructed(0, &der::oid(oid::CODE_SIGNING)),
        alias: der::utf8_string("our root"),
        key_id: der::octet_string(&[1, 2]),
        other: der::context_constructed(1, &rsa),
    }
}

/// The root with these bytes after its certificate.
fn trusted_root(auxiliary: &[u8]) -> String {
    let contents = [root().der(), auxiliary.to_vec()].concat();
    Pem::new("TRUSTED CERTIFICATE", &contents).to_string()
}

const RULE: &str = "OpenSSL X509_CERT_AUX";

const DENIED: &str = "the OpenSSL trust settings in a TRUSTED CERTIFICATE";

fn case(name: &str, description: &str, bundle: String) -> Case {
    Case::new(&format!("trust-settings-{name}"), RULE, description).file("ca.pem", bundle)
}

fn allowed() -> Vec<Case> {
    let all = fields();
    let without_parameters = der::sequence(&[der::oid("1.3.101.112")]);
    vec![
        case(
            "all-fields",
            "Every field is there, in order.",
            trusted_root(&der::sequence(&[
                all.trust, all.reject, all.alias, all.key_id, all.other,
            ])),
        ),
        case(
            "empty",
            "No field is there.",
            trusted_root(&der::sequence::<Vec<u8>>(&[])),
        ),
        case(
            "rejects-nothing",
            "The list of rejected purposes is empty.",
            trusted_root(&der::sequence(&[der::context_constructed(0, &[])])),
        ),
        case(
            "algorithm-without-parameters",
            "An algorithm in the last field has no parameters.",
            trusted_root(&der::sequence(&[der::context_constructed(
                1,
                &without_parameters,
            )])),
        ),
        case(
            "any-purpose",
            "It is trusted for every purpose.",
            trusted_root(&der::sequence(&[der::sequence(&[der::oid(
                oid::ANY_EXTENDED_KEY_USAGE,
            )])])),
        ),
    ]
}

/// A block with a rejection of this purpose alone.
fn rejecting(certificate: &[u8], purpose: &str) -> String {
    let settings = der::sequence(&[der::context_constructed(0, &der::oid(purpose))]);
    let contents = [certificate, &settings].concat();
    Pem::new("TRUSTED CERTIFICATE", &contents).to_string()
}

/// Settings that reject clients, or all.
fn rejected() -> Vec<Case> {
    let plain = root().pem();
    let rejecting_root = rejecting(&root().der(), oid::CLIENT_AUTH);
    let refused = |name: &str, description: &str, bundle: String| {
        case(name, description, bundle)
            .refuse("denied", "anchor")
            .message(DENIED)
    };
    let left_out = |name: &str, description: &str, settings: &[u8]| {
        case(name, description, trusted_root(settings)).store_error(
            "certificate 1, line 1 (CN=Root): its OpenSSL trust settings allow it for no purpose",
        )
    };
    vec![
        refused(
            "reject-after-plain",
            "The same certificate is there without settings, before the one that is rejected.",
            format!("{plain}{rejecting_root}"),
        ),
        refused(
            "reject-before-plain",
            "The same certificate is there without settings, after the one that is rejected.",
            format!("{rejecting_root}{plain}"),
        ),
        left_out(
            "reject-any",
            "It is rejected for every purpose.",
            &der::sequence(&[der::context_constructed(
                0,
                &der::oid(oid::ANY_EXTENDED_KEY_USAGE),
            )]),
        ),
        left_out(
            "trust-nothing",
            "The list of trusted purposes is empty: none is trusted.",
            &der::sequence(&[der::sequence::<Vec<u8>>(&[])]),
        ),
        left_out(
            "trust-and-reject",
            "It is trusted and rejected for clients: rejected.",
            &der::sequence(&[
                fields().trust,
                der::context_constructed(0, &der::oid(oid::CLIENT_AUTH)),
            ]),
        ),
        Case::new(
            "trust-settings-reject-intermediate",
            RULE,
            "An intermediate is rejected for clients.",
        )
        .file(
            "intermediates.pem",
            rejecting(&issuing().der(), oid::CLIENT_AUTH),
        )
        .refuse("denied", "intermediate")
        .message(DENIED),
        Case::new(
            "trust-settings-reject-pin",
            RULE,
            "A pinned certificate is rejected for clients.",
        )
        .file("pins.pem", rejecting(&alice().der(), oid::CLIENT_AUTH))
        .refuse("denied", "client")
        .message(DENIED),
    ]
}

/// Settings that are not what OpenSSL writes. Each could hide a rejection.
fn malformed() -> Vec<Case> {
    let bad = |name: &str, description: &str, auxiliary: Vec<u8>| {
        case(name, description, trusted_root(&auxiliary))
            .store_error("certificate 1, line 1 (CN=Root): malformed: trust settings")
    };
    let of = |elements: &[Vec<u8>]| der::sequence(elements);
    let Fields {
        trust,
        reject,
        alias,
        key_id,
        other,
    } = fields();
    let explicit = der::context_constructed(0, &der::sequence(&[der::oid(oid::CLIENT_AUTH)]));
    let algorithm = |elements: &[Vec<u8>]| {
        der::sequence(&[der::context_constructed(1, &der::sequence(elements))])
    };
    let purpose = der::oid(oid::CODE_SIGNING);
    vec![
        bad(
            "trust-twice",
            "Trusted purposes twice.",
            of(&[trust.clone(), trust.clone()]),
        ),
        bad(
            "reject-twice",
            "Rejected purposes twice.",
            of(&[reject.clone(), reject.clone()]),
        ),
        bad(
            "alias-twice",
            "The alias twice.",
            of(&[alias.clone(), alias.clone()]),
        ),
        bad(
            "key-id-twice",
            "The key identifier twice.",
            of(&[key_id.clone(), key_id.clone()]),
        ),
        bad(
            "other-twice",
            "The algorithms twice.",
            of(&[other.clone(), other.clone()]),
        ),
        bad(
            "reject-before-trust",
            "Rejected purposes first.",
            of(&[reject.clone(), trust.clone()]),
        ),
        bad(
            "reject-after-alias",
            "Rejected purposes after the alias.",
            of(&[alias.clone(), reject.clone()]),
        ),
        bad(
            "reject-after-all",
            "Rejected purposes at the end.",
            of(&[other.clone(), reject.clone()]),
        ),
        bad(
            "alias-after-key-id",
            "The alias after the key identifier.",
            of(&[key_id.clone(), alias]),
        ),
        bad(
            "key-id-after-other",
            "The key identifier after the algorithms.",
            of(&[other, key_id]),
        ),
        bad(
            "unknown-field",
            "A field that there is not.",
            of(&[trust.clone(), der::context_constructed(2, &[])]),
        ),
        bad(
            "unknown-element",
            "An element that is no field.",
            of(&[trust.clone(), der::null()]),
        ),
        bad(
            "settings-twice",
            "Settings twice, the second ones reject.",
            [of(&[]), der::sequence(&[&reject])].concat(),
        ),
        bad(
            "after-settings",
            "An element after the settings.",
            [of(&[trust]), der::null()].concat(),
        ),
        bad(
            "byte-after-settings",
            "A byte after the settings.",
            [of(&[]), vec![0]].concat(),
        ),
        bad("truncated", "The settings end too early.", {
            let mut settings = of(&[reject]);
            settings.pop();
            settings
        }),
        bad("set", "A SET.", der::set(&[der::sequence(&[&purpose])])),
        bad(
            "trust-not-a-purpose",
            "A trusted purpose that is no OBJECT IDENTIFIER.",
            of(&[der::sequence(&[der::null()])]),
        ),
        bad(
            "reject-not-a-purpose",
            "A list in the list of rejected purposes.",
            of(&[explicit]),
        ),
        bad(
            "reject-primitive",
            "Rejected purposes in primitive form.",
            of(&[der::context_primitive(0, &purpose)]),
        ),
        bad(
            "alias-other-string",
            "The alias is an IA5String.",
            of(&[der::ia5_string("our root")]),
        ),
        bad(
            "other-not-an-algorithm",
            "An algorithm that is no SEQUENCE.",
            der::sequence(&[der::context_constructed(1, &purpose)]),
        ),
        bad(
            "other-without-identifier",
            "An algorithm without an identifier.",
            algorithm(&[]),
        ),
        bad(
            "other-more-parameters",
            "An algorithm with two elements of parameters.",
            algorithm(&[purpose, der::null(), der::null()]),
        ),
    ]
}

/// A block whose boundary nobody would know as one is still seen.
fn stray_base64() -> Vec<Case> {
    const RULE: &str = "RFC 7468 §2";
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    const CRL: &str = "-----BEGIN X509 CRL-----";
    let hidden = |begin: &str, end: &str| {
        let block = stranger().pem().replace(BEGIN, begin).replace(END, end);
        format!("{}{block}", root().pem())
    };
    let line = root().pem().lines().count() + 2;
    let seen = format!("certificates, line {line}: base64 outside of every PEM block");
    let case = |name: &str, description: &str, bundle: String| {
        Case::new(&format!("stray-base64-{name}"), RULE, description).file("ca.pem", bundle)
    };
    let bare = |pem: String| -> String {
        let lines = pem.lines().filter(|line| !line.starts_with('-'));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let comment = |pem: String| -> String {
        let lines = pem.lines().map(|line| format!("# {line}\n"));
        lines.collect()
    };
    let list = Crl::of(&root());
    vec![
        case(
            "entities",
            "The dashes of the second block are HTML entities.",
            hidden(
                "&#45;&#45;BEGIN&#32;CERTIFICATE&#45;&#45;",
                "&#45;&#45;END&#32;CERTIFICATE&#45;&#45;",
            ),
        )
        .store_error(&seen),
        case(
            "glued",
            "Letters are in front of the words BEGIN and END.",
            hidden("xBEGIN CERTIFICATE", "xEND CERTIFICATE"),
        )
        .store_error(&seen),
        case(
            "no-boundaries",
            "The second block has no boundaries.",
            hidden("", ""),
        )
        .store_error(&seen),
        case(
            "single-line",
            "All base64 is on one line, with blanks around it.",
            format!(
                "{} {}\t\n",
                root().pem(),
                bare(
                    Pem::certificate(&stranger().der())
                        .single_line()
                        .to_string()
                )
                .trim_end()
            ),
        )
        .store_error(&format!("certificates, line {}", line - 1)),
        case("alone", "There is nothing else.", bare(root().pem()))
            .store_error("certificates, line 1: base64 outside of every PEM block"),
        Case::new(
            "stray-base64-intermediates",
            RULE,
            "Among the intermediates.",
        )
        .file("intermediates.pem", bare(issuing().pem()))
        .store_error("intermediates, line 1: base64 outside of every PEM block"),
        Case::new("stray-base64-pins", RULE, "Among the pinned clients.")
            .file("pins.pem", bare(alice().pem()))
            .store_error("pinned client certificates, line 1: base64 outside"),
        Case::new(
            "stray-base64-crls",
            RULE,
            "Among the CRLs: nobody would miss it.",
        )
        .file(
            "crls.pem",
            format!("{}{}", list.pem(), list.pem().replace(CRL, "")),
        )
        .store_error("base64 outside of every PEM block"),
        case(
            "comments",
            "Base64 in comments is text, and so are lines of fewer than 40 characters or with blanks.",
            format!(
                "{}{}MIIB and text of forty characters and more, MI\nMIIBszCCAVmgAwIBAgIBATAKBggqhkjOPQQDAgI\nMI=IBszCCAVmgAwIBAgIBATAKBggqhkjOPQQDAgIdGhp\nxMIIBszCCAVmgAwIBAgIBATAKBggqhkjOPQQDAgIdGhp\n{}",
                comment(stranger().pem()),
                root().pem(),
                stranger().pem(),
            ),
        ),
    ]
}
