//! A certificate for CRLs only: the issuer's name, another key, and a path of its own to the same
//! anchor.

use super::delta::{base, delta, on_hold, removing};
use super::faults::Fault;
use super::{
    REVOKED, STALE_CRL, UNKNOWN, by, client, not_authentic, of_another_issuer, plain_crl,
    revokes_only, revoking, used, whole_path,
};
use crate::KeyUsage::{CrlSign, DigitalSignature};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{Cert, Crl, Extension, IssuingDistributionPoint, Key, Name, Reason, oid};

const RULE: &str = "RFC 5280 §6.3.3 (f)";

pub(super) fn cases() -> Vec<Case> {
    [
        found(),
        not_found(),
        not_valid(),
        not_lifting(),
        revoking_only(),
    ]
    .concat()
}

/// The certificate for CRLs, still without an issuer. It is no CA.
fn signer() -> Cert {
    let key = Key::p256("CRLs");
    Cert::bare(Name::cn("Issuing CA"), &key)
        .extension(Extension::key_usage(&[CrlSign]))
        .extension(Extension::subject_key_identifier(&key.identifier()))
}

/// The same, and it says that it is a CA, as everything must that a store has for an intermediate.
fn ca_signer() -> Cert {
    signer()
        .issued_by(&root())
        .extension(Extension::basic_constraints(true, None))
}

/// The client presents the signer with its chain, and the signer's CRL is the only one.
fn presented(signer: Cert) -> impl Fn(Case, Crl) -> Case {
    move |case, crl| {
        case.chain(&[alice(), issuing(), signer.clone()])
            .crls(&[by(&signer, crl)])
    }
}

fn found() -> Vec<Case> {
    let crl_ca = Cert::ca("CRL CA", &Key::p256("crl ca")).issued_by(&root());
    let below_crl_ca = signer().issued_by(&crl_ca);
    [
        used(
            "delegated-presented",
            RULE,
            "A certificate for CRLs, issued by the root, signed the CRL, and the client presents it.",
            presented(signer().issued_by(&root())),
        ),
        used(
            "delegated-presented-ca",
            RULE,
            "The same, and the certificate for CRLs says that it is a CA.",
            presented(ca_signer()),
        ),
        used(
            "delegated-below-issuer",
            RULE,
            "The issuer itself issued the certificate for CRLs, in its own name.",
            presented(signer().issued_by(&issuing())),
        ),
        used(
            "delegated-ca-no-key-usage",
            RULE,
            "The certificate for CRLs is a CA's without keyUsage: its key is for everything.",
            presented(ca_signer().without_extension(oid::KEY_USAGE)),
        ),
        used(
            "delegated-stored",
            RULE,
            "The certificate for CRLs is an intermediate of the store.",
            |case, crl| {
                case.intermediates(&[ca_signer()])
                    .crls(&[by(&ca_signer(), crl)])
            },
        ),
        used(
            "delegated-stored-all",
            RULE,
            "The certificate for CRLs and the issuer are intermediates of the store.",
            |case, crl| {
                case.chain(&[alice()])
                    .intermediates(&[ca_signer(), issuing()])
                    .crls(&[by(&ca_signer(), crl)])
            },
        ),
        used(
            "delegated-deeper",
            RULE,
            "The certificate for CRLs has an intermediate of its own.",
            move |case, crl| {
                case.chain(&[alice(), issuing(), below_crl_ca.clone(), crl_ca.clone()])
                    .crls(&[by(&below_crl_ca, crl)])
            },
        ),
        used(
            "delegated-other-anchors",
            RULE,
            "There is another anchor, which has to do with neither.",
            |case, crl| {
                let signer = signer().issued_by(&root());
                presented(signer)(case, crl).anchors(&[stranger(), root()])
            },
        ),
    ]
    .concat()
}

fn not_found() -> Vec<Case> {
    let crl_ca = Cert::ca("CRL CA", &Key::p256("crl ca")).issued_by(&root());
    [
        not_authentic(
            "delegated-no-key-usage",
            "RFC 5280 §4.2.1.3",
            Fault::KeyUsage,
            "It is no CA and has no keyUsage, which the issuer of a certificate for CRLs must put in: it was not made for that.",
            presented(signer().issued_by(&root()).without_extension(oid::KEY_USAGE)),
        ),
        not_authentic(
            "delegated-absent",
            RULE,
            Fault::Signature,
            "Nobody has the certificate of the key that signed the CRL.",
            |case, crl| case.crls(&[by(&signer(), crl)]),
        ),
        revokes_only(
            "delegated-other-anchor",
            RULE,
            Fault::Signature,
            "The certificate for CRLs leads to another anchor than the client.",
            |case, crl| {
                let signer = signer().issued_by(&stranger());
                presented(signer)(case, crl).anchors(&[root(), stranger()])
            },
        ),
        not_authentic(
            "delegated-no-anchor",
            RULE,
            Fault::Signature,
            "The certificate for CRLs leads to no anchor.",
            presented(signer().issued_by(&stranger())),
        ),
        not_authentic(
            "delegated-no-intermediate",
            RULE,
            Fault::Signature,
            "The intermediate of the certificate for CRLs is missing.",
            presented(signer().issued_by(&crl_ca)),
        ),
        not_authentic(
            "delegated-self-signed",
            RULE,
            Fault::Signature,
            "The certificate for CRLs signed itself.",
            presented(signer()),
        ),
        revokes_only(
            "delegated-is-anchor",
            RULE,
            Fault::OtherAnchor,
            "The certificate for CRLs is an anchor itself, and not that of the client.",
            |case, crl| {
                let signer = signer().extension(Extension::basic_constraints(true, None));
                case.anchors(&[root(), signer.clone()])
                    .crls(&[by(&signer, crl)])
            },
        ),
        not_authentic(
            "delegated-other-name",
            "RFC 5280 §6.3.3 (b)(1)",
            Fault::Signature,
            "The certificate for CRLs has another name than the CRL.",
            |case, crl| {
                let signer = signer()
                    .subject(Name::cn("Issuing CA 2"))
                    .issued_by(&root());
                presented(signer)(case, crl)
            },
        ),
        of_another_issuer(
            "delegated-own-name",
            "RFC 5280 §6.3.3 (b)(1)",
            "The CRL has the name of the certificate for CRLs, which is not that of the issuer.",
            |case, crl| {
                let name = Name::cn("Issuing CA 2");
                let signer = signer().subject(name.clone()).issued_by(&root());
                presented(signer)(case, crl.issuer(name))
            },
        ),
    ]
    .concat()
}

/// There is a path, and it does not hold.
fn not_valid() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f), §6.1";
    let below = |issuer: &Cert| signer().issued_by(issuer);
    let no_ca = no_ca();
    let below_no_ca = below(&no_ca);
    [
        not_authentic(
            "delegated-no-crl-sign",
            RULE,
            Fault::KeyUsage,
            "The certificate for CRLs has a key that is not for CRLs.",
            presented(below(&root()).extension(Extension::key_usage(&[DigitalSignature]))),
        ),
        not_authentic(
            "delegated-not-yet-valid",
            rule,
            Fault::Signature,
            "The certificate for CRLs is valid from the next second on, and that is as far as this verdict goes.",
            |case, crl| {
                let signer = below(&root()).not_before("2026-06-01T00:00:01Z");
                presented(signer)(case, crl).valid_until("2026-06-01T00:00:00Z")
            },
        ),
        not_authentic(
            "delegated-signature-wrong",
            rule,
            Fault::Signature,
            "The signature of the certificate for CRLs does not hold.",
            presented(below(&root()).flip_signature_bit()),
        ),
        not_authentic(
            "delegated-critical-unknown",
            rule,
            Fault::Signature,
            "The certificate for CRLs has an unknown critical extension.",
            presented(below(&root()).extension(Extension::unknown().critical())),
        ),
        not_authentic(
            "delegated-below-no-ca",
            rule,
            Fault::Signature,
            "The certificate for CRLs was issued by a client.",
            |case, crl| {
                case.chain(&[alice(), issuing(), below_no_ca.clone(), no_ca.clone()])
                    .crls(&[by(&below_no_ca, crl)])
            },
        ),
    ]
    .concat()
}

/// What has issued a certificate for CRLs without being a CA.
fn no_ca() -> Cert {
    Cert::client("bob", &Key::p256("bob")).issued_by(&root())
}

/// A CRL names the client, and a newer one by the same key does not. No valid path leads to that
/// key, so that any client could have made the certificate that shows it.
fn not_lifting() -> Vec<Case> {
    let below_no_ca = signer().issued_by(&no_ca());
    [
        (
            "newer",
            "a newer one by the same key does not",
            revoking().this_update("2026-02-01T00:00:00Z"),
            plain_crl().this_update("2026-03-01T00:00:00Z"),
        ),
        (
            "delta",
            "a delta by the same key takes it off hold",
            on_hold(base()),
            removing(delta()),
        ),
    ]
    .into_iter()
    .map(|(suffix, verdict, older, newer)| {
        let description = format!("A client issued the certificate for CRLs. Its CRL has the client, and {verdict}. The issuer's own CRL vouches: refused.");
        client(
            &format!("delegated-below-no-ca-{suffix}"),
            "RFC 5280 §6.3.3 (f); docs/PROFILES.md R3, R6, R7",
            &description,
        )
        .chain(&[alice(), issuing(), below_no_ca.clone(), no_ca()])
        .crls(&[plain_crl(), by(&below_no_ca, older), by(&below_no_ca, newer)])
        .named(Fault::Signature, "client")
    })
    .collect()
}

/// There is a path, and nothing is wrong with it but the age of what it rests on: what the CRL
/// revokes is revoked, and nobody is good by it.
fn revoking_only() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f); docs/guide/revocation.md";
    let expired = presented(
        signer()
            .issued_by(&root())
            .not_after("2026-05-31T23:59:59Z"),
    );
    let crl_ca = Cert::ca("CRL CA", &Key::p256("crl ca")).issued_by(&root());
    let below = signer().issued_by(&crl_ca);
    // The issuer's own CRL says that the client is good.
    let beside = |case: Case, crl_of_delegate: Crl, more: &[Crl]| {
        let crls = [plain_crl(), Crl::of(&root()), by(&below, crl_of_delegate)];
        case.chain(&[alice(), issuing(), below.clone(), crl_ca.clone()])
            .crls(&[&crls[..], more].concat())
    };
    let stale = Crl::of(&crl_ca).next_update("2026-05-31T23:59:59Z");
    let revoked = Crl::of(&crl_ca).revoke(&below);
    let of_expired = |suffix: &str, verdict: &str| {
        let description = format!("The certificate for CRLs has expired. {verdict}");
        client(&format!("delegated-expired-{suffix}"), rule, &description)
    };
    let allowing = |case: Case| case.policy("revocation.unknown", "allow");
    let mut cases = vec![
        expired(
            of_expired("denied", "It does not list the client, of which nothing is known: refused."),
            plain_crl(),
        )
        .untold(Fault::Signature, "client"),
        expired(
            allowing(of_expired("allowed", "It does not list the client, which the policy lets in while nothing is known: accepted.")),
            plain_crl(),
        )
        .revocation(&UNKNOWN),
        expired(
            allowing(of_expired(
                "until",
                "It does not list the client, and once it is stale no policy on unknown status lets the client in.",
            )),
            plain_crl().next_update("2026-07-01T00:00:00Z"),
        )
        .revocation(&UNKNOWN)
        .valid_until("2026-07-01T00:00:00Z"),
        expired(
            allowing(of_expired(
                "stale",
                "It does not list the client and is stale, which is no unknown status: refused.",
            )),
            plain_crl().next_update("2026-05-31T23:59:59Z"),
        )
        .refuse(STALE_CRL, "client"),
        expired(
            allowing(of_expired("revokes", "It lists the client: refused, although the policy lets in clients of which nothing is known.")),
            revoking(),
        )
        .refuse(REVOKED, "client"),
    ];
    for (name, description, more) in [
        (
            "delegated-status-unknown",
            "Nothing tells whether the certificate for CRLs is revoked.",
            vec![],
        ),
        (
            "delegated-status-stale",
            "What tells whether the certificate for CRLs is revoked is stale.",
            vec![stale],
        ),
    ] {
        let case = |suffix: &str, verdict: &str| {
            whole_path(
                &format!("{name}-{suffix}"),
                rule,
                &format!("{description} {verdict}"),
            )
        };
        cases.push(beside(
            case("good", "It does not list the client, and the issuer's own CRL says that it is good: accepted."),
            plain_crl(),
            &more,
        ));
        cases.push(
            beside(
                case("revokes", "It lists the client: refused."),
                revoking(),
                &more,
            )
            .refuse(REVOKED, "client"),
        );
    }
    for (suffix, verdict, its_crl) in [
        (
            "silent",
            "Its CRL does not name the client, and the issuer's own CRL vouches: accepted.",
            plain_crl(),
        ),
        (
            "named",
            "Its CRL names the client, and the issuer's own CRL does not. Nobody can tell whether the entry came before the revocation: refused.",
            revoking(),
        ),
    ] {
        let case = whole_path(
            &format!("delegated-revoked-{suffix}"),
            rule,
            &format!("The certificate for CRLs is revoked. {verdict}"),
        );
        let case = beside(case, its_crl, std::slice::from_ref(&revoked));
        cases.push(match suffix {
            "named" => case.named(Fault::IssuerRevoked, "client"),
            _ => case,
        });
    }
    cases.push(beside(
        whole_path(
            "delegated-status-unknown-released",
            rule,
            "Nothing tells whether the certificate for CRLs is revoked. Its older CRL has the client, and its newer one does not have it any more: accepted.",
        ),
        plain_crl().this_update("2026-03-01T00:00:00Z"),
        &[by(&below, revoking().this_update("2026-02-01T00:00:00Z"))],
    ));
    let (some, others) = Reason::FLAGS.split_at(2);
    let about = |crl: Crl, reasons: &[Reason]| {
        crl.point(&IssuingDistributionPoint::new().only_some_reasons(reasons))
    };
    cases.push(
        allowing(whole_path(
            "delegated-status-unknown-beside-stale",
            rule,
            "For some reasons a stale CRL says that the client is good, for the others one by a certificate of unknown status. The policy allows both, and the worse is what is told.",
        ))
        .policy("revocation.stale", "accept")
        .chain(&[alice(), issuing(), below.clone(), crl_ca.clone()])
        .crls(&[
            about(plain_crl().next_update("2026-05-31T23:59:59Z"), some),
            by(&below, about(plain_crl(), others)),
            Crl::of(&root()),
        ])
        .revocation(&["unknown", "good", "not-checked"]),
    );
    let expired_ca = crl_ca.clone().not_after("2026-05-31T23:59:59Z");
    let to_come = signer()
        .issued_by(&expired_ca)
        .not_before("2026-06-01T00:00:01Z");
    cases.push(
        whole_path(
            "delegated-to-come-below-expired",
            rule,
            "The certificate for CRLs is valid from the next second on, below a CA that has expired. Its CRL names the client, and the issuer's own CRL does not: refused already, as the CRL may be authentic.",
        )
        .chain(&[alice(), issuing(), to_come.clone(), expired_ca])
        .crls(&[plain_crl(), Crl::of(&root()), by(&to_come, revoking())])
        .named(Fault::Signature, "client"),
    );
    cases
}
