//! Key identifiers put candidates in order; they refuse nothing.

use super::BAD_SIGNATURE;
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Cert, Extension, Key, oid};

pub(super) fn cases() -> Vec<Case> {
    let wrong = Extension::authority_key_identifier(&[7; 20]);
    let rule = "RFC 5280 §4.2.1.1, §6.1";
    vec![
        Case::new(
            "path-aki-wrong",
            rule,
            "The client's AKI names no key there is, but the signature holds: accepted.",
        )
        .chain(&[alice().extension(wrong.clone()), issuing()]),
        Case::new(
            "path-aki-wrong-issuer",
            rule,
            "The intermediate's AKI names no key there is, but the signature holds.",
        )
        .chain(&[alice(), issuing().extension(wrong)]),
        Case::new(
            "path-aki-misleads",
            rule,
            "The AKI names a stranger of the CA's name; the CA signed: accepted.",
        )
        .chain(&{
            let impostor_key = Key::p256("impostor");
            let impostor = Cert::ca("Issuing CA", &impostor_key).issued_by(&stranger());
            let misled = Extension::authority_key_identifier(&impostor_key.identifier());
            [alice().extension(misled), impostor, issuing()]
        }),
        Case::new(
            "path-aki-right-signature-wrong",
            rule,
            "The AKI names the CA's key, which did not sign: refused.",
        )
        .chain(&[alice().signed_by(&Key::p256("another")), issuing()])
        .refuse(BAD_SIGNATURE, "client"),
        Case::new(
            "path-without-key-identifiers",
            rule,
            "No certificate has a key identifier: names and signatures are enough.",
        )
        .anchors(&[root().without_extension(oid::SUBJECT_KEY_IDENTIFIER)])
        .chain(&[alice(), issuing()].map(|cert| {
            cert.without_extension(oid::SUBJECT_KEY_IDENTIFIER)
                .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
        })),
        Case::new(
            "path-aki-orders-lengths",
            rule,
            "Two certificates of the CA's key. That from the root has another identifier than the client asks for, so the longer path over the other comes first.",
        )
        .chain(&{
            let policy = Cert::ca("Policy CA", &Key::p256("policy")).issued_by(&root());
            let other = issuing().extension(Extension::subject_key_identifier(&[7; 20]));
            let same = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&policy);
            [alice(), other, same, policy]
        })
        .path(&["CN=alice", "CN=Issuing CA", "CN=Policy CA", "CN=Root"]),
    ]
}
