//! Who signed a CRL: the issuer, in its name and with its key, and with the right to do so.

use super::faults::Fault;
use super::{
    REVOKED, UNKNOWN, by, client, not_authentic, of_another_issuer, plain_crl, revokes_only,
    revoking, used, whole_path,
};
use crate::KeyUsage::{CrlSign, DigitalSignature, KeyCertSign};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::{
    Attribute, Cert, Crl, Extension, Key, Name, RsaKey, SignatureAlgorithm, StringType, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        signatures(),
        algorithms(),
        names(),
        key_usage(),
        impostors(),
        forged_by_the_revoked(),
    ]
    .concat()
}

fn signatures() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (g)";
    [
        not_authentic(
            "signature-wrong",
            rule,
            Fault::Signature,
            "The CRL's signature does not hold: it loads, and counts for nothing.",
            |case, crl| case.crls(&[crl.flip_signature_bit()]),
        ),
        not_authentic(
            "signature-by-another-key",
            rule,
            Fault::Signature,
            "A key that nobody knows signed the CRL, in the name of the issuer.",
            |case, crl| case.crls(&[crl.signed_by(&Key::p256("another"))]),
        ),
        not_authentic(
            "signature-by-the-client",
            rule,
            Fault::Signature,
            "The client itself signed the CRL, in the name of its issuer.",
            |case, crl| case.crls(&[crl.signed_by(&Key::p256("alice"))]),
        ),
        used(
            "signature-wrong-and-right",
            rule,
            "One CRL has a wrong signature, another one is right.",
            |case, crl| case.crls(&[super::plain_crl().flip_signature_bit(), crl]),
        ),
        used(
            "aki-wrong",
            "RFC 5280 §5.2.1, §6.3.3 (g)",
            "The CRL's authorityKeyIdentifier names no key there is, but the signature holds.",
            |case, crl| case.crls(&[crl.extension(Extension::authority_key_identifier(&[7; 20]))]),
        ),
        used(
            "aki-absent",
            "RFC 5280 §5.2.1, §6.3.3 (g)",
            "The CRL has no authorityKeyIdentifier, and the signature holds.",
            |case, crl| case.crls(&[crl.without_extension(oid::AUTHORITY_KEY_IDENTIFIER)]),
        ),
    ]
    .concat()
}

fn algorithms() -> Vec<Case> {
    let rule = "RFC 5280 §5.1.1.2";
    let with = |name: &str, description: &str, key: Key, algorithm: SignatureAlgorithm| {
        used(name, rule, description, move |case, crl| {
            let issuing = Cert::ca("Issuing CA", &key).issued_by(&root());
            let crl = by(&issuing, crl).signed_with(algorithm);
            case.chain(&[alice_of(&issuing), issuing]).crls(&[crl])
        })
    };
    let mut cases = [
        with(
            "signature-p384",
            "A P-384 key signed the CRL.",
            Key::p384("issuing"),
            SignatureAlgorithm::EcdsaSha384,
        ),
        with(
            "signature-ed25519",
            "An Ed25519 key signed the CRL.",
            Key::ed25519("issuing"),
            SignatureAlgorithm::Ed25519,
        ),
        with(
            "signature-rsa",
            "An RSA key signed the CRL.",
            Key::rsa(RsaKey::Rsa2048A),
            SignatureAlgorithm::RsaPkcs1Sha256,
        ),
        with(
            "signature-rsa-pss",
            "An RSA key signed the CRL, with PSS.",
            Key::rsa(RsaKey::Rsa2048A),
            SignatureAlgorithm::RsaPssSha256,
        ),
    ]
    .concat();
    cases.extend(not_authentic(
        "signature-sha1",
        rule,
        Fault::Algorithm,
        "The CRL is signed over SHA-1, which is no signature.",
        |case, crl| case.crls(&[crl.signed_with(SignatureAlgorithm::EcdsaSha1)]),
    ));
    cases
}

fn names() -> Vec<Case> {
    let folded = Name::new(&[Attribute::new(
        oid::COMMON_NAME,
        StringType::Printable,
        "issuing  ca",
    )]);
    let rule = "RFC 5280 §6.3.3 (b)(1), §7.1";
    let mut cases = used(
        "issuer-name-folded",
        rule,
        "The CRL has its issuer's name in other letters, blanks and string type.",
        move |case, crl| case.crls(&[crl.issuer(folded.clone())]),
    );
    cases.extend(of_another_issuer(
        "issuer-name-other",
        rule,
        "The key of the issuer signed the CRL, but in another name.",
        |case, crl| case.crls(&[crl.issuer(Name::cn("Issuing CA 2"))]),
    ));
    cases.extend(of_another_issuer(
        "issuer-name-of-another-ca",
        rule,
        "The key of the issuer signed the CRL, in the name of the root.",
        |case, crl| case.crls(&[crl.issuer(Name::cn("Root"))]),
    ));
    cases
}

/// The key that signed must be for that.
fn key_usage() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f), §4.2.1.3";
    let with = |usage: Extension| {
        move |case: Case, crl: Crl| {
            let issuing = issuing().extension(usage.clone());
            case.chain(&[alice(), issuing]).crls(&[crl])
        }
    };
    let mut cases = revokes_only(
        "crl-sign-missing",
        rule,
        Fault::KeyUsage,
        "The issuer's key is for certificates and not for CRLs.",
        with(Extension::key_usage(&[KeyCertSign, DigitalSignature])),
    );
    cases.extend(used(
        "crl-sign-among-others",
        rule,
        "The issuer's key is for CRLs among other things.",
        with(Extension::key_usage(&[
            DigitalSignature,
            KeyCertSign,
            CrlSign,
        ])),
    ));
    cases.extend(used(
        "crl-sign-no-key-usage",
        rule,
        "The issuer has no keyUsage: its key is for everything.",
        |case, crl| {
            let issuing = issuing().without_extension(oid::KEY_USAGE);
            case.chain(&[alice(), issuing]).crls(&[crl])
        },
    ));
    let anchor = root().extension(Extension::key_usage(&[KeyCertSign]));
    let by_anchor = |suffix: &str, verdict: &str, crl: Crl| {
        let description = "The anchor's key is for certificates and not for CRLs, and the anchor issued the client.";
        client(
            &format!("crl-sign-missing-anchor-{suffix}"),
            rule,
            &format!("{description} {verdict}"),
        )
        .anchors(std::slice::from_ref(&anchor))
        .chain(&[alice_of(&root())])
        .crls(&[crl])
        .path(&["CN=alice", "CN=Root"])
        .revocation(&UNKNOWN[..2])
    };
    let of_root = || Crl::of(&root());
    cases.extend([
        by_anchor(
            "denied",
            "So nothing is known of the client: refused.",
            of_root(),
        )
        .untold(Fault::KeyUsage, "client"),
        by_anchor(
            "allowed",
            "It does not name the client, of which nothing is known, as the policy allows.",
            of_root(),
        )
        .policy("revocation.unknown", "allow"),
        by_anchor(
            "revoked",
            "It names the client: refused, although the policy allows unknown status.",
            of_root().revoke(&alice_of(&root())),
        )
        .policy("revocation.unknown", "allow")
        .refuse(REVOKED, "client"),
    ]);
    cases
}

/// Others who have the issuer's name.
fn impostors() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let impostor = Cert::ca("Issuing CA", &Key::p256("impostor")).issued_by(&stranger());
    let mut cases = not_authentic(
        "impostor",
        rule,
        Fault::Signature,
        "A CA of the issuer's name below a root that is no anchor signed the CRL.",
        |case, crl| {
            case.chain(&[alice(), issuing(), impostor.clone()])
                .crls(&[by(&impostor, crl)])
        },
    );
    cases.extend(not_authentic(
        "impostor-self-signed",
        rule,
        Fault::Signature,
        "A self-signed CA of the issuer's name, which is no anchor, signed the CRL.",
        |case, crl| {
            let impostor = Cert::ca("Issuing CA", &Key::p256("impostor"));
            case.chain(&[alice(), issuing(), impostor.clone()])
                .crls(&[by(&impostor, crl)])
        },
    ));
    cases.extend(not_authentic(
        "impostor-client",
        "RFC 5280 §6.3.3 (f), §4.2.1.3",
        Fault::KeyUsage,
        "A client of the issuing CA that has its name, and a key for handshakes only, signed the CRL.",
        |case, crl| {
            let impostor = Cert::client("Issuing CA", &Key::p256("impostor")).issued_by(&issuing());
            case.chain(&[alice(), issuing(), impostor.clone()])
                .crls(&[by(&impostor, crl)])
        },
    ));
    let presented = [alice(), issuing(), impostor.clone()];
    cases.push(
        client(
            "impostor-good-issuer-revoked",
            rule,
            "The impostor's CRL does not have the client, and that of the issuer has: refused.",
        )
        .chain(&presented)
        .crls(&[by(&impostor, plain_crl()).number(9), revoking()])
        .refuse(REVOKED, "client"),
    );
    cases.push(
        client(
            "impostor-named-issuer-good",
            rule,
            "The impostor's CRL names the client, and that of the issuer does not. It may be one by a key that the client leaves out: refused.",
        )
        .chain(&presented)
        .crls(&[by(&impostor, revoking()).number(9), plain_crl()])
        .named(Fault::Signature, "client"),
    );
    cases.push(
        client(
            "impostor-silent-issuer-good",
            rule,
            "Neither the impostor's CRL nor that of the issuer names the client: good.",
        )
        .chain(&presented)
        .crls(&[by(&impostor, plain_crl()).number(9), plain_crl()]),
    );
    cases
}

/// A CA cannot say in the name of another one that it is not revoked itself.
fn forged_by_the_revoked() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let forged = || by(&issuing(), Crl::of(&root())).number(9);
    let case = |name: &str, description: &str| {
        whole_path(name, rule, description).crls(&[plain_crl(), forged()])
    };
    vec![
        case(
            "forged-by-intermediate",
            "The only CRL about the intermediate is in the name of its issuer, and by the intermediate's own key: refused.",
        )
        .untold(Fault::Signature, "presented 1"),
        case(
            "forged-by-intermediate-allowed",
            "The same, and the policy allows that nothing is known.",
        )
        .policy("revocation.unknown", "allow")
        .revocation(&["good", "unknown", "not-checked"]),
        case(
            "forged-by-revoked-intermediate",
            "The issuer revoked the intermediate, whose key signed a newer CRL in the name of the issuer: refused.",
        )
        .crls(&[plain_crl(), Crl::of(&root()).revoke(&issuing()), forged()])
        .refuse(REVOKED, "presented 1"),
    ]
}
