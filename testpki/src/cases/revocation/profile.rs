//! What `Profile::Rfc5280` also asks of CRLs: one that is not so is as if absent.

use super::delta::{base, delta};
use super::faults::Fault;
use super::{GOOD, REVOKED, STALE, STALE_CRL, by, client, crl_issuer, plain_crl, revoking};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Reason,
    der, oid,
};

pub(super) fn cases() -> Vec<Case> {
    [
        conforming(),
        fields(),
        numbers(),
        key_identifiers(),
        points_and_entries(),
        of_others(),
        still_revokes(),
    ]
    .concat()
}

pub(super) fn strict(name: &str, section: &str, description: &str) -> Case {
    let rule = format!("RFC 5280 {section}");
    client(&format!("profile-rfc5280-{name}"), &rule, description).policy("profile", "rfc5280")
}

/// What becomes of the client where Rfc5280 does not use a CRL.
pub(super) enum Unused {
    /// The CRL breaks this rule, and there is no other one.
    Breaks(&'static str),
    /// It is a delta CRL, without which the complete one is stale.
    Delta,
}

/// The same under both profiles: for Compatible the CRL counts, for Rfc5280 it does not.
pub(super) fn both(
    name: &str,
    section: &str,
    unused: &Unused,
    description: &str,
    set: impl Fn(Case) -> Case,
) -> Vec<Case> {
    let rule = format!("RFC 5280 {section}");
    let compatible = client(
        &format!("profile-compatible-{name}"),
        &rule,
        &format!("{description} For Compatible the CRL counts."),
    );
    let strict = strict(
        name,
        section,
        &format!("{description} For Rfc5280 there is no CRL: refused."),
    );
    let refused = match unused {
        Unused::Breaks(rule) => set(strict).untold(Fault::NonConforming(rule), "client"),
        Unused::Delta => set(strict).refuse(STALE_CRL, "client"),
    };
    vec![set(compatible), refused]
}

/// As [`both`], of the one CRL, which breaks this rule.
pub(super) fn form(
    name: &str,
    section: &str,
    rule: &'static str,
    description: &str,
    crl: Crl,
) -> Vec<Case> {
    both(name, section, &Unused::Breaks(rule), description, |case| {
        case.crls(std::slice::from_ref(&crl))
    })
}

/// What breaks no rule.
fn conforming() -> Vec<Case> {
    let case = |name: &str, description: &str, crl: Crl| {
        strict(name, "§5.1, §5.2, §5.3", description).crls(&[crl])
    };
    let entry = Entry::of(&super::bob())
        .reason(Reason::Superseded)
        .invalidity_date("2025-06-01T00:00:00Z");
    let number = |contents: &[u8]| plain_crl().extension(Extension::crl_number(contents));
    vec![
        case(
            "crl",
            "A CRL in which all is as RFC 5280 asks.",
            plain_crl(),
        ),
        case(
            "crl-entry",
            "A CRL with an entry in which all is as RFC 5280 asks.",
            plain_crl().entry(entry),
        ),
        case(
            "crl-revoked",
            "The same has the client: refused.",
            revoking(),
        )
        .refuse(REVOKED, "client"),
        case(
            "point",
            "A CRL with a point in which all is as RFC 5280 asks.",
            plain_crl().point(&IssuingDistributionPoint::new().only_user_certs()),
        ),
        case(
            "number-20-octets",
            "A number may have 20 octets.",
            number(&[0x7f; 20]),
        ),
        case("number-zero", "A number may be 0.", number(&[0])),
        strict(
            "delta",
            "§5.2.4",
            "A complete CRL that is stale, and a delta in which all is as RFC 5280 asks.",
        )
        .crls(&[base().next_update("2026-05-25T00:00:00Z"), delta()])
        .valid_until("2026-06-10T00:00:00Z"),
    ]
}

fn fields() -> Vec<Case> {
    [
        form(
            "version-1",
            "§5.1.2.1",
            "not of version 2",
            "The CRL is of version 1.",
            plain_crl().version_1().without_extensions(),
        ),
        form(
            "empty-crl",
            "§5.1.2.6",
            "revokedCertificates there and empty",
            "revokedCertificates is an empty CRL.",
            plain_crl().with_empty_list(),
        ),
        both(
            "no-next-update",
            "§5.1.2.5",
            &Unused::Breaks("no nextUpdate"),
            "The CRL has no nextUpdate, and the policy accepts stale ones.",
            |case| {
                case.policy("revocation.stale", "accept")
                    .crls(&[plain_crl().without_next_update()])
                    .revocation(&STALE)
            },
        ),
    ]
    .concat()
}

fn numbers() -> Vec<Case> {
    let section = "§5.2.3";
    let number = |contents: &[u8]| plain_crl().extension(Extension::crl_number(contents));
    [
        form(
            "no-number",
            section,
            "no CRL number",
            "The CRL has no number.",
            plain_crl().without_extension(oid::CRL_NUMBER),
        ),
        form(
            "number-critical",
            section,
            "cRLNumber critical",
            "The CRL's number is critical.",
            plain_crl().extension(Extension::crl_number(&[1]).critical()),
        ),
        form(
            "number-21-octets",
            section,
            "a CRL number that is negative or has more than 20 octets",
            "The CRL's number has 21 octets.",
            number(&[0x7f; 21]),
        ),
        form(
            "number-negative",
            section,
            "a CRL number that is negative or has more than 20 octets",
            "The CRL's number is negative.",
            number(&[0xff]),
        ),
    ]
    .concat()
}

fn key_identifiers() -> Vec<Case> {
    let section = "§5.2.1";
    let identifier = issuing().key().expect("a CA has a key").identifier();
    let critical = Extension::authority_key_identifier(&identifier).critical();
    let issuer =
        der::context_constructed(1, &GeneralName::directory(issuing().issuer_name()).der());
    let serial = der::context_primitive(2, &issuing().serial_octets());
    let without_key = Extension::new(
        oid::AUTHORITY_KEY_IDENTIFIER,
        der::sequence(&[issuer, serial]),
    );
    [
        form(
            "no-aki",
            section,
            "no authorityKeyIdentifier with a keyIdentifier",
            "The CRL has no authorityKeyIdentifier.",
            plain_crl().without_extension(oid::AUTHORITY_KEY_IDENTIFIER),
        ),
        form(
            "aki-without-key",
            section,
            "no authorityKeyIdentifier with a keyIdentifier",
            "The CRL's authorityKeyIdentifier names a certificate and no key.",
            plain_crl().extension(without_key),
        ),
        form(
            "aki-critical",
            section,
            "authorityKeyIdentifier critical",
            "The CRL's authorityKeyIdentifier is critical.",
            plain_crl().extension(critical),
        ),
    ]
    .concat()
}

fn points_and_entries() -> Vec<Case> {
    let users = IssuingDistributionPoint::new().only_user_certs();
    let entry =
        |extension: Extension| plain_crl().entry(Entry::of(&super::bob()).extension(extension));
    let date = Extension::invalidity_date("2025-06-01T00:00:00Z");
    [
        form(
            "point-not-critical",
            "§5.2.5",
            "issuingDistributionPoint not critical",
            "The CRL's point is not critical.",
            plain_crl().extension(Extension::issuing_distribution_point(&users).not_critical()),
        ),
        form(
            "reason-critical",
            "§5.3.1",
            "reasonCode critical",
            "The reason of an entry is critical.",
            entry(Extension::reason_code(Reason::Superseded).critical()),
        ),
        form(
            "invalidity-date-critical",
            "§5.3.2",
            "invalidityDate critical",
            "The invalidity date of an entry is critical.",
            entry(date.critical()),
        ),
        both(
            "delta-not-critical",
            "§5.2.4",
            &Unused::Delta,
            "The complete CRL is stale, and the delta's indicator is not critical.",
            |case| {
                let indicator = Extension::delta_crl_indicator(5).not_critical();
                case.crls(&[
                    base().next_update("2026-05-25T00:00:00Z"),
                    delta().extension(indicator),
                ])
                .valid_until("2026-06-10T00:00:00Z")
            },
        ),
    ]
    .concat()
}

/// An indirect CRL, whose entries say in a critical extension whose they are.
fn of_others() -> Vec<Case> {
    let name = |cert: &Cert| GeneralName::directory(cert.subject_name());
    let point = DistributionPoint::uri("http://crl.example/1").crl_issuer(&[name(&crl_issuer())]);
    let alice = alice().extension(Extension::crl_distribution_points(&[point]));
    let with = |entry: Extension| {
        let entry = Entry::of(&super::bob()).extension(entry);
        let crl = by(&crl_issuer(), plain_crl())
            .issuer(crl_issuer().subject_name().clone())
            .point(&IssuingDistributionPoint::uri("http://crl.example/1").indirect())
            .entry(entry);
        let chain = [alice.clone(), issuing(), crl_issuer()];
        move |case: Case| {
            case.chain(&chain)
                .crls(std::slice::from_ref(&crl))
                .revocation(&GOOD)
        }
    };
    let issuer = || Extension::certificate_issuer(&[name(&issuing())]);
    let mut cases = both(
        "certificate-issuer-not-critical",
        "§5.3.3",
        &Unused::Breaks("certificateIssuer not critical"),
        "An entry of an indirect CRL says in an extension that is not critical whose it is.",
        with(issuer().not_critical()),
    );
    cases.push(with(issuer())(strict(
        "certificate-issuer",
        "§5.3.3",
        "An entry of an indirect CRL says in a critical extension whose it is.",
    )));
    cases
}

/// That a certificate is revoked counts whatever the form of the CRL: a stricter profile lets
/// nobody in.
fn still_revokes() -> Vec<Case> {
    let unconforming = |crl: Crl| crl.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
    let allow = |case: Case| case.policy("revocation.unknown", "allow");
    // Its authorityKeyIdentifier must be that of the CRL.
    let delta = delta().extension(Extension::crl_number(&[6]).critical());
    vec![
        allow(strict(
            "still-revokes",
            "§5.2.1",
            "A CRL that does not conform has the client, and unknown status is allowed.",
        ))
        .crls(&[unconforming(revoking())])
        .refuse(REVOKED, "client"),
        allow(strict(
            "still-revokes-nobody",
            "§5.2.1",
            "A CRL that does not conform does not have the client, and unknown status is allowed.",
        ))
        .crls(&[unconforming(plain_crl())])
        .revocation(&["unknown", "not-checked", "not-checked"]),
        strict(
            "still-revokes-by-delta",
            "§5.2.3",
            "A delta CRL that does not conform has the client.",
        )
        .crls(&[base(), delta.revoke(&alice())])
        .refuse(REVOKED, "client"),
    ]
}
