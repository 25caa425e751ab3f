//! Another path is no way out: what a CRL revokes is revoked on every path, whatever is presented.
//!
//! The root and the old root are anchors, and both certify the issuing CA.

use super::faults::Fault;
use super::{
    ALL_GOOD, GOOD, REVOKED, UNKNOWN, by, client, crossed, new_key, old_root, placed, plain_crl,
    revoking, signer, whatever_is_allowed, whole_path,
};
use crate::KeyUsage::KeyCertSign;
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Crl, Extension, Key};

pub(super) fn cases() -> Vec<Case> {
    [
        by_own_key(),
        by_new_key(),
        left_out(),
        below_another_anchor(),
        by_another_anchor(),
        of_intermediates(),
        of_nobody(),
    ]
    .concat()
}

const OVER_OLD_ROOT: [&str; 3] = ["CN=alice", "CN=Issuing CA", "CN=Old Root"];

fn anchors() -> [Cert; 2] {
    [root(), old_root()]
}

/// What the client can present of the issuing CA: its certificate below one anchor, the other one,
/// or both.
fn chains() -> [(&'static str, Vec<Cert>); 3] {
    [
        ("root", vec![alice(), issuing()]),
        ("old-root", vec![alice(), crossed()]),
        ("any", vec![alice(), issuing(), crossed()]),
    ]
}

/// The key that signed the client made the CRL: it revokes on every path, whether or not a
/// certificate lets it sign CRLs.
fn by_own_key() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f), docs/guide/revocation.md";
    let without_crl_sign = crossed().extension(Extension::key_usage(&[KeyCertSign]));
    let case = |name: &str, description: &str, chain: &[Cert]| {
        client(&format!("path-own-key-{name}"), rule, description)
            .anchors(&anchors())
            .chain(chain)
    };
    let without = [alice(), without_crl_sign.clone()];
    let both = [alice(), issuing(), without_crl_sign];
    let mut cases = vec![
        case("no-crl-sign-good", "One of the CA's two certificates has no cRLSign, and the CRL vouches over the other one.", &both)
            .revocation(&GOOD),
        case("no-crl-sign-denied", "The CA's certificate has no cRLSign, and its CRL does not name the client: refused.", &without)
            .untold(Fault::KeyUsage, "client"),
        case("no-crl-sign-allowed", "The CA's certificate has no cRLSign, and its CRL does not name the client, of which nothing is known, as the policy allows.", &without)
            .policy("revocation.unknown", "allow")
            .path(&OVER_OLD_ROOT)
            .revocation(&UNKNOWN),
    ];
    cases.extend(whatever_is_allowed(vec![
        case("no-crl-sign-revoked", "The CA's certificate has no cRLSign, and its CRL names the client: refused.", &without)
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        case("no-crl-sign-revoked-any", "One of the CA's two certificates has no cRLSign, and the CRL names the client: refused on both paths.", &both)
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
    ]));
    cases
}

/// The CA's new key, which has a certificate below the root only, made one CRL; the CA's old key,
/// which signed the client, vouches.
fn by_new_key() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let new = new_key(&root());
    let mut cases = Vec::new();
    for (way, chain) in chains() {
        let revoked = client(
            &format!("path-new-key-revoked-{way}"),
            rule,
            "The CA's new key, certified below one of two anchors, made the CRL that names the client; the old key's CRL does not: refused.",
        )
        .anchors(&anchors())
        .crls(&[plain_crl(), by(&new, revoking())])
        .refuse(REVOKED, "client");
        cases.extend(whatever_is_allowed(placed(
            &revoked,
            &chain,
            std::slice::from_ref(&new),
        )));
        let good = client(
            &format!("path-new-key-good-{way}"),
            rule,
            "Neither the CRL by the CA's old key nor that by the new one names the client: good.",
        )
        .anchors(&anchors())
        .crls(&[plain_crl(), by(&new, plain_crl())]);
        let good = match way {
            "old-root" => good.path(&OVER_OLD_ROOT),
            _ => good,
        };
        cases.extend(placed(&good, &chain, std::slice::from_ref(&new)));
    }
    cases
}

/// The client leaves out the certificate of the key that made the CRL: that makes the CRL no absent
/// one.
fn left_out() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (g)";
    let new = new_key(&root());
    let mut cases = Vec::new();
    for (way, chain) in chains() {
        for (crls, name, description) in [
            (
                vec![plain_crl(), by(&new, revoking())],
                "beside-own",
                "The CRL by the CA's old key does not name the client, that by its new key does.",
            ),
            (
                vec![by(&new, revoking())],
                "alone",
                "The only CRL is by the CA's new key and names the client.",
            ),
        ] {
            let case = client(
                &format!("path-left-out-{name}-{way}"),
                rule,
                &format!("{description} Nobody has the certificate of the new key: refused."),
            );
            cases.extend(whatever_is_allowed(vec![
                case.anchors(&anchors())
                    .chain(&chain)
                    .crls(&crls)
                    .named(Fault::Signature, "client"),
            ]));
        }
    }
    cases
}

/// A certificate for CRLs leads to the old root only. It may revoke over the root, and vouches over
/// the old root only.
fn below_another_anchor() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let signer = signer("CRLs", &old_root());
    let others = std::slice::from_ref(&signer);
    let case = |name: &str, description: &str, crls: &[Crl]| {
        client(&format!("path-delegate-{name}"), rule, description)
            .anchors(&anchors())
            .crls(crls)
    };
    let chain = [alice(), issuing()];
    let revoked = case(
        "revoked",
        "A certificate for CRLs below the other anchor made the CRL that names the client; the issuer's own CRL does not: refused.",
        &[plain_crl(), by(&signer, revoking())],
    )
    .refuse(REVOKED, "client");
    let silent = case(
        "silent",
        "A certificate for CRLs below the other anchor made a CRL that does not name the client, as the issuer's own CRL does not: good.",
        &[plain_crl(), by(&signer, plain_crl())],
    );
    let alone = case(
        "alone",
        "The only CRL is by a certificate for CRLs below the other anchor, and does not name the client: refused.",
        &[by(&signer, plain_crl())],
    )
    .untold(Fault::Signature, "client");
    let over_other = case(
        "vouches",
        "The only CRL is by a certificate for CRLs below the old root, over which the client has a path as well: good over that one.",
        &[by(&signer, plain_crl())],
    )
    .path(&OVER_OLD_ROOT);
    [
        whatever_is_allowed(placed(&revoked, &chain, others)),
        placed(&silent, &chain, others),
        placed(&alone, &chain, others),
        placed(&over_other, &[alice(), issuing(), crossed()], others),
        placed(&over_other_only(over_other), &[alice(), crossed()], others),
    ]
    .concat()
}

/// The same where the client presents nothing else.
fn over_other_only(case: Case) -> Case {
    super::variant(case, "only", "The client presents no other path.")
}

/// An anchor of the store has the issuing CA's name and made a CRL.
fn by_another_anchor() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f), docs/guide/revocation.md";
    let namesake = Cert::ca("Issuing CA", &Key::p256("namesake"));
    let case = |name: &str, description: &str, crl: Crl| {
        client(&format!("path-namesake-{name}"), rule, description)
            .anchors(&[root(), namesake.clone()])
            .crls(&[plain_crl(), by(&namesake, crl)])
    };
    let mut cases = whatever_is_allowed(vec![
        case("revoked", "An anchor with the issuer's name made a CRL that names the client; the issuer's own CRL does not: refused.", revoking())
            .refuse(REVOKED, "client"),
    ]);
    cases.push(case(
        "good",
        "An anchor with the issuer's name made a CRL that does not name the client, as the issuer's own CRL does not: good.",
        plain_crl(),
    ));
    cases
}

/// A sub CA is revoked by the issuing CA's old key or its new one: on both paths.
fn of_intermediates() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    let new = new_key(&root());
    let others = [Crl::of(&sub), Crl::of(&root()), Crl::of(&old_root())];
    let mut cases = Vec::new();
    for (name, crls) in [
        ("own-key", vec![plain_crl().revoke(&sub)]),
        (
            "new-key",
            vec![plain_crl(), by(&new, plain_crl().revoke(&sub))],
        ),
    ] {
        for (way, issuers) in [
            ("root", vec![issuing()]),
            ("old-root", vec![crossed()]),
            ("any", vec![issuing(), crossed()]),
        ] {
            let case = whole_path(
                &format!("path-sub-ca-{name}-{way}"),
                rule,
                "The client's issuer is revoked by a CA that two anchors certify: refused on both paths.",
            );
            cases.push(
                case.anchors(&anchors())
                    .chain(&[&[alice_of(&sub), sub.clone()][..], &issuers].concat())
                    .intermediates(std::slice::from_ref(&new))
                    .crls(&[&crls[..], &others].concat())
                    .refuse(REVOKED, "presented 1"),
            );
        }
    }
    cases
}

/// A CRL in the root's name, by a key that nobody has, names the issuing CA's certificate below the
/// root.
fn of_nobody() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (g)";
    let forged = Crl::of(&root())
        .revoke(&issuing())
        .signed_by(&Key::p256("nobody"));
    let case = |name: &str, description: &str, crls: &[Crl]| {
        whole_path(&format!("path-unsigned-{name}"), rule, description)
            .anchors(&anchors())
            .crls(&[crls, &[plain_crl(), Crl::of(&root()), Crl::of(&old_root())]].concat())
    };
    let forged = std::slice::from_ref(&forged);
    let mut cases = whatever_is_allowed(vec![
        case("one-path", "A CRL by an unknown key names the intermediate, and the root's own CRL does not: refused.", forged)
            .named(Fault::Signature, "presented 1"),
        case("other-path", "A CRL by an unknown key names the intermediate below one anchor, and not that below the other one: good over that one.", forged)
            .chain(&[alice(), issuing(), crossed()])
            .path(&OVER_OLD_ROOT)
            .revocation(&ALL_GOOD),
    ]);
    let silent = Crl::of(&root()).signed_by(&Key::p256("nobody"));
    cases.push(case(
        "silent",
        "A CRL by an unknown key names nobody: good by the root's own CRL.",
        &[silent],
    ));
    cases
}
