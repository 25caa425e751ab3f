//! What a key may be used for: keyUsage, extKeyUsage, and CAs that pose as clients.

mod several;

use crate::KeyUsage::{CrlSign, DigitalSignature, KeyAgreement, KeyCertSign, KeyEncipherment};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Extension, KeyUsage, oid};

const KEY_USAGE: &str = "key-usage";
const PURPOSE: &str = "purpose";

pub(super) fn cases() -> Vec<Case> {
    [
        client_key_usage(),
        ca_key_usage(),
        extended_key_usage(),
        other_purposes(),
        required(),
        several::cases(),
        ca_as_client(),
    ]
    .concat()
}

fn with_issuing(case: Case, issuing: Cert) -> Case {
    case.chain(&[alice_of(&issuing), issuing])
}

fn client_key_usage() -> Vec<Case> {
    let case = |name: &str, description: &str, client: Cert| {
        Case::new(
            &format!("key-usage-client-{name}"),
            "RFC 5280 §4.2.1.3",
            description,
        )
        .chain(&[client, issuing()])
    };
    let using = |usages: &[KeyUsage]| alice().extension(Extension::key_usage(usages));
    vec![
        case(
            "absent",
            "A client without keyUsage may sign.",
            alice().without_extension(oid::KEY_USAGE),
        ),
        case(
            "among-others",
            "A client whose keyUsage has digitalSignature among others may sign.",
            using(&[DigitalSignature, KeyEncipherment, KeyAgreement]),
        ),
        case(
            "not-critical",
            "keyUsage binds whether it is critical or not: digitalSignature is there.",
            alice().extension(Extension::key_usage(&[DigitalSignature]).not_critical()),
        ),
        case(
            "not-critical-missing",
            "keyUsage binds whether it is critical or not: digitalSignature is missing.",
            alice().extension(Extension::key_usage(&[KeyEncipherment]).not_critical()),
        )
        .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
        case(
            "encipherment",
            "A client whose key may only encipher keys cannot sign a handshake.",
            using(&[KeyEncipherment]),
        )
        .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
        case(
            "agreement",
            "A client whose key may only agree on keys cannot sign a handshake.",
            using(&[KeyAgreement]),
        )
        .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
        case(
            "cert-sign",
            "keyCertSign is not digitalSignature.",
            using(&[KeyCertSign, CrlSign]),
        )
        .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
    ]
}

fn ca_key_usage() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("key-usage-{name}"),
            "RFC 5280 §6.1.4 (n)",
            description,
        )
    };
    let crl_only = || Extension::key_usage(&[CrlSign, DigitalSignature]);
    vec![
        with_issuing(
            case(
                "issuer-absent",
                "An intermediate without keyUsage may issue.",
            ),
            issuing().without_extension(oid::KEY_USAGE),
        ),
        with_issuing(
            case(
                "issuer-no-cert-sign",
                "An intermediate whose keyUsage lacks keyCertSign may not issue.",
            ),
            issuing().extension(crl_only()),
        )
        .refuse(KEY_USAGE, "presented 1")
        .message("without keyCertSign"),
        case(
            "store-intermediate-no-cert-sign",
            "An intermediate of the store is judged like a presented one.",
        )
        .chain(&[alice()])
        .intermediates(&[issuing().extension(crl_only())])
        .refuse(KEY_USAGE, "intermediate")
        .message("without keyCertSign"),
        case("anchor-absent", "An anchor without keyUsage may issue.")
            .anchors(&[root().without_extension(oid::KEY_USAGE)]),
        case(
            "anchor-no-cert-sign",
            "An anchor whose keyUsage lacks keyCertSign may not issue.",
        )
        .anchors(&[root().extension(crl_only())])
        .refuse(KEY_USAGE, "anchor")
        .message("without keyCertSign"),
    ]
}

fn extended_key_usage() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("purpose-{name}"),
            "RFC 5280 §4.2.1.12",
            description,
        )
    };
    let for_purposes =
        |cert: Cert, purposes: &[&str]| cert.extension(Extension::extended_key_usage(purposes));
    let client = |name: &str, description: &str, purposes: &[&str]| {
        case(name, description).chain(&[for_purposes(alice(), purposes), issuing()])
    };
    let server = [oid::SERVER_AUTH];
    vec![
        case(
            "client-absent",
            "A client without extKeyUsage has every purpose.",
        )
        .chain(&[
            alice().without_extension(oid::EXTENDED_KEY_USAGE),
            issuing(),
        ]),
        client(
            "client-both",
            "A client that is for servers and clients is for clients.",
            &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
        ),
        client(
            "client-any",
            "A client for any purpose is for clients.",
            &[oid::ANY_EXTENDED_KEY_USAGE],
        ),
        client(
            "client-server-only",
            "A certificate for servers only is not for clients.",
            &server,
        )
        .refuse(PURPOSE, "client"),
        client(
            "client-others-only",
            "A certificate for code signing and a purpose nobody knows is not for clients.",
            &[oid::CODE_SIGNING, oid::UNKNOWN_EXTENSION],
        )
        .refuse(PURPOSE, "client"),
        case(
            "client-critical-server",
            "A critical extKeyUsage binds like one that is not.",
        )
        .chain(&[
            alice().extension(Extension::extended_key_usage(&server).critical()),
            issuing(),
        ])
        .refuse(PURPOSE, "client"),
        with_issuing(
            case(
                "issuer-client",
                "An intermediate for clients issues clients.",
            ),
            for_purposes(issuing(), &[oid::CLIENT_AUTH]),
        ),
        with_issuing(
            case(
                "issuer-any",
                "An intermediate for any purpose issues clients.",
            ),
            for_purposes(issuing(), &[oid::ANY_EXTENDED_KEY_USAGE]),
        ),
        with_issuing(
            case(
                "issuer-server-only",
                "An intermediate for servers only issues no clients.",
            ),
            for_purposes(issuing(), &server),
        )
        .refuse(PURPOSE, "presented 1"),
        case("anchor-client", "An anchor for clients issues clients.")
            .anchors(&[for_purposes(root(), &[oid::CLIENT_AUTH])]),
        case(
            "anchor-server-only",
            "An anchor for servers only issues no clients.",
        )
        .anchors(&[for_purposes(root(), &server)])
        .refuse(PURPOSE, "anchor"),
        case(
            "issuer-alternative",
            "One certificate of the CA is for servers only; its other one is for everything.",
        )
        .chain(&[alice(), for_purposes(issuing(), &server), issuing()]),
    ]
}

/// Another purpose than clientAuth, or none.
fn other_purposes() -> Vec<Case> {
    let case = |name: &str, description: &str, purpose: &str| {
        Case::new(
            &format!("purpose-policy-{name}"),
            "RFC 5280 §4.2.1.12",
            description,
        )
        .chain(&[
            alice().extension(Extension::extended_key_usage(&[purpose])),
            issuing(),
        ])
    };
    let asking = |name: &str, description: &str, wanted: &str, purpose: &str| {
        case(name, description, purpose).policy("purpose.if-present", wanted)
    };
    vec![
        asking(
            "server",
            "The policy asks for serverAuth, and that it is.",
            "server-auth",
            oid::SERVER_AUTH,
        ),
        asking(
            "server-missing",
            "The policy asks for serverAuth; clientAuth is not that.",
            "server-auth",
            oid::CLIENT_AUTH,
        )
        .refuse(PURPOSE, "client"),
        asking(
            "oid",
            "The policy asks for a purpose by its number.",
            oid::CODE_SIGNING,
            oid::CODE_SIGNING,
        ),
        asking(
            "oid-missing",
            "The policy asks for a purpose by its number; it is another one.",
            oid::CODE_SIGNING,
            oid::CLIENT_AUTH,
        )
        .refuse(PURPOSE, "client"),
        case(
            "none",
            "The policy asks for no purpose: one for servers will do.",
            oid::SERVER_AUTH,
        )
        .policy("purpose", "unchecked"),
        Case::new(
            "purpose-policy-none-key-usage",
            "RFC 5280 §4.2.1.3",
            "The policy asks for no purpose; keyUsage binds all the same.",
        )
        .policy("purpose", "unchecked")
        .chain(&[
            alice().extension(Extension::key_usage(&[KeyEncipherment])),
            issuing(),
        ])
        .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
    ]
}

/// extKeyUsage must be there.
fn required() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("purpose-required-{name}"),
            "RFC 5280 §4.2.1.12",
            description,
        )
        .policy("purpose.required", "client-auth")
    };
    vec![
        case(
            "present",
            "The client must have extKeyUsage, and has; its CAs need not.",
        ),
        case(
            "any",
            "The client must have extKeyUsage, and has one for any purpose.",
        )
        .chain(&[
            alice().extension(Extension::extended_key_usage(&[
                oid::ANY_EXTENDED_KEY_USAGE,
            ])),
            issuing(),
        ]),
        case("absent", "The client must have extKeyUsage, and has none.")
            .chain(&[
                alice().without_extension(oid::EXTENDED_KEY_USAGE),
                issuing(),
            ])
            .refuse("no-purpose", "client"),
    ]
}

fn ca_as_client() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("client-ca-{name}"),
            "RFC 5280 §4.2.1.9",
            description,
        )
    };
    let as_client = |cert: Cert| {
        cert.extension(Extension::basic_constraints(true, None))
            .extension(Extension::key_usage(&[DigitalSignature, KeyCertSign]))
    };
    vec![
        case("refuse", "A CA that poses as a client is refused, although it may sign and is for clients.")
            .chain(&[as_client(alice()), issuing()])
            .refuse("ca-as-client", "client"),
        case("accept", "A CA that poses as a client is accepted where the policy says so.")
            .policy("client-ca", "accept")
            .chain(&[as_client(alice()), issuing()]),
        case("accept-key-usage", "A CA that poses as a client, accepted by the policy, needs digitalSignature like any other.")
            .policy("client-ca", "accept")
            .chain(&[
                as_client(alice()).extension(Extension::key_usage(&[KeyCertSign])),
                issuing(),
            ])
            .refuse(KEY_USAGE, "client")
        .message("without digitalSignature"),
        case("false", "A client with cA=FALSE is a client.")
            .chain(&[alice().extension(Extension::basic_constraints(false, None)), issuing()]),
    ]
}
