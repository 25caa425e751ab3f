//! Which delta belongs to which complete CRL. In each case the complete CRL has the client on hold
//! and the delta removes it: so the client is good where the delta counts, and revoked where it
//! does not.

use super::delta::{base, delta, on_hold, removing};
use super::{GOOD, REVOKED, by, client};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{
    Attribute, Cert, Crl, Extension, GeneralName, IssuingDistributionPoint, Key, Name, StringType,
    der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [numbers(), scopes(), signers(), forms()].concat()
}

/// The delta counts: until its nextUpdate.
fn applies(name: &str, rule: &str, description: &str, base: Crl, delta: Crl) -> Case {
    client(&format!("delta-applies-{name}"), rule, description)
        .crls(&[on_hold(base), removing(delta)])
        .revocation(&GOOD)
        .valid_until("2026-06-10T00:00:00Z")
}

/// The delta does not count: the client stays on hold.
fn differs(name: &str, rule: &str, description: &str, base: Crl, delta: Crl) -> Case {
    applies(&format!("not-{name}"), rule, description, base, delta).refuse(REVOKED, "client")
}

fn numbers() -> Vec<Case> {
    let rule = "RFC 5280 §5.2.4 (c), (d)";
    let long = |last: u8| [&[1; 19], &[last][..]].concat();
    let without_zero =
        |octet| Extension::new(oid::DELTA_CRL_INDICATOR, der::integer(&[octet])).critical();
    vec![
        applies(
            "base-equal",
            rule,
            "The delta builds on exactly this CRL.",
            base(),
            delta(),
        ),
        applies(
            "base-before",
            rule,
            "The delta builds on an earlier CRL.",
            base(),
            delta().delta(3),
        ),
        differs(
            "base-after",
            rule,
            "The delta builds on a later CRL.",
            base(),
            delta().number(8).delta(6),
        ),
        differs(
            "number-before",
            rule,
            "The delta is earlier than the CRL.",
            base(),
            delta().number(4).delta(3),
        ),
        differs(
            "number-equal",
            rule,
            "The delta has the number of the CRL: it must be later.",
            base(),
            delta().number(5).delta(4),
        ),
        applies(
            "number-much-later",
            rule,
            "The delta is much later than the CRL.",
            base(),
            delta().number(u64::MAX),
        ),
        applies(
            "numbers-long",
            rule,
            "The numbers have 20 octets, and that of the delta is more by one.",
            base().extension(Extension::crl_number(&long(5))),
            delta().extension(Extension::crl_number(&long(6))),
        ),
        differs(
            "numbers-long",
            rule,
            "The numbers have 20 octets, and that of the delta is less by one.",
            base().extension(Extension::crl_number(&long(5))),
            delta().extension(Extension::crl_number(&long(4))),
        ),
        differs(
            "base-negative",
            rule,
            "The number that the delta builds on lacks the zero in front: it is 221, a later one.",
            base(),
            delta().extension(without_zero(0xdd)),
        ),
        applies(
            "base-negative",
            rule,
            "The number that the delta builds on lacks the zero in front: it is 250, that of the CRL.",
            base().number(250),
            delta().number(256).extension(without_zero(250)),
        ),
        differs(
            "base-negative-later",
            rule,
            "The number that the delta builds on lacks the zero in front: it is 251, a later one.",
            base().number(250),
            delta().number(256).extension(without_zero(251)),
        ),
        differs(
            "number-of-base-negative",
            rule,
            "The number of the complete CRL lacks the zero in front: it is 255, and the delta builds on 256.",
            base().extension(Extension::crl_number(&[255])),
            delta().number(300).delta(256),
        ),
        applies(
            "number-negative",
            rule,
            "The delta's number lacks the zero in front: it is 255.",
            base(),
            delta().extension(Extension::crl_number(&[255])),
        ),
        differs(
            "base-unnumbered",
            rule,
            "The complete CRL has no number.",
            base().without_extension(oid::CRL_NUMBER),
            delta(),
        ),
        differs(
            "unnumbered",
            rule,
            "The delta has no number.",
            base(),
            delta().without_extension(oid::CRL_NUMBER),
        ),
    ]
}

fn scopes() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (c)(2), §5.2.4 (b)";
    let users = || IssuingDistributionPoint::new().only_user_certs();
    let issuers_name = || {
        let name = GeneralName::directory(issuing().subject_name());
        IssuingDistributionPoint::new().full_name(&[name])
    };
    vec![
        applies(
            "point-same",
            rule,
            "Both have the same point.",
            base().point(&users()),
            delta().point(&users()),
        ),
        differs(
            "point-of-delta",
            rule,
            "Only the delta has a point.",
            base(),
            delta().point(&users()),
        ),
        differs(
            "point-of-base",
            rule,
            "Only the complete CRL has a point.",
            base().point(&users()),
            delta(),
        ),
        differs(
            "point-other",
            rule,
            "The points differ.",
            base().point(&users()),
            delta().point(&users().indirect()),
        ),
        applies(
            "point-name-same",
            rule,
            "Both have the issuer's name for their point.",
            base().point(&issuers_name()),
            delta().point(&issuers_name()),
        ),
        differs(
            "point-name-other",
            rule,
            "The complete CRL has the issuer's name for its point, the delta a URI.",
            base().point(&issuers_name()),
            delta().point(&IssuingDistributionPoint::uri("http://crl.example/1")),
        ),
    ]
}

fn signers() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (c)(1), (c)(3), §5.2.4 (a)";
    let aki = |octet| Extension::authority_key_identifier(&[octet; 20]);
    let without_aki = |crl: Crl| crl.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
    let new = Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&root());
    let folded = Name::new(&[Attribute::new(
        oid::COMMON_NAME,
        StringType::Printable,
        "ISSUING  CA",
    )]);
    let chain = [alice(), issuing(), new.clone()];
    let new_key = new.key().cloned().expect("a CA has a key");
    vec![
        applies("aki-same", rule, "Both have the same authorityKeyIdentifier, which is no key's.", base().extension(aki(7)), delta().extension(aki(7))),
        applies("aki-absent", rule, "Neither has an authorityKeyIdentifier.", without_aki(base()), without_aki(delta())),
        differs("aki-other", rule, "The delta has another authorityKeyIdentifier.", base(), delta().extension(aki(7))),
        differs("aki-of-base-only", rule, "The delta has no authorityKeyIdentifier.", base(), without_aki(delta())),
        differs("aki-of-delta-only", rule, "The complete CRL has no authorityKeyIdentifier.", without_aki(base()), delta()),
        differs("key-other", rule, "The CA's new key signed the delta, the old one the complete CRL.", base(), by(&new, delta()))
            .chain(&chain),
        differs("key-other-aki-same", rule, "The CA's new key signed the delta, the old one the complete CRL, and both have one authorityKeyIdentifier.", base(), delta().signed_by(&new_key))
            .chain(&chain),
        applies("key-new", rule, "The CA's new key signed both.", by(&new, base()), by(&new, delta()))
            .chain(&chain),
        differs("signature-wrong", "RFC 5280 §6.3.3 (h)", "The signature of the delta does not hold.", base(), delta().flip_signature_bit()),
        applies("issuer-folded", "RFC 5280 §6.3.3 (c)(1), §7.1", "The delta has the issuer's name in other letters and blanks.", base(), delta().issuer(folded)),
    ]
}

fn forms() -> Vec<Case> {
    let rule = "RFC 5280 §5.2.4";
    let not_critical = Extension::delta_crl_indicator(5).not_critical();
    vec![
        applies(
            "not-critical",
            rule,
            "The delta's indicator is not critical: it is a delta all the same.",
            base(),
            delta().extension(not_critical),
        ),
        differs(
            "to-come",
            "RFC 5280 §5.1.2.4",
            "The delta is of next year.",
            base(),
            delta()
                .this_update("2027-06-01T00:00:00Z")
                .next_update("2028-01-01T00:00:00Z"),
        ),
    ]
}
