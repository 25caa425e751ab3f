//! A CRL that says nothing of a certificate refuses nobody: its signer is left alone where the CAs
//! of the path vouch.

use super::faults::Fault;
use super::{
    ALL_GOOD, CIRCULAR_CRLS, REVOKED, by, placed, plain_crl, revoking, signer, whatever_is_allowed,
    whole_path,
};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{
    Cert, Crl, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, Key,
    Name, Reason,
};

const RULE: &str = "RFC 5280 §6.3.3 (f), docs/guide/revocation.md";

pub(super) fn cases() -> Vec<Case> {
    [
        one_revokes_the_other(),
        each_revokes_the_other(),
        of_itself(),
        together(),
        unauthentic(),
        certified_twice(),
        nested(),
    ]
    .concat()
}

fn new() -> Cert {
    signer("CRLs, new", &issuing())
}

fn old() -> Cert {
    signer("CRLs, old", &issuing())
}

/// The CRL of the new signer: of March.
fn by_new(crl: Crl) -> Crl {
    by(&new(), crl.number(3).this_update("2026-03-01T00:00:00Z"))
}

/// The CRL of the old signer: of February.
fn by_old(crl: Crl) -> Crl {
    by(&old(), crl.number(2).this_update("2026-02-01T00:00:00Z"))
}

/// The whole path is checked; the root has a CRL, and the signers are presented, stored and both.
fn case(name: &str, description: &str, crls: &[Crl]) -> Vec<Case> {
    let case = whole_path(&format!("bystander-{name}"), RULE, description)
        .crls(&[crls, &[Crl::of(&root())]].concat())
        .revocation(&ALL_GOOD);
    placed(&case, &[alice(), issuing()], &[old(), new()])
}

fn refused(
    refuse: impl Fn(Case) -> Case,
    name: &str,
    description: &str,
    crls: &[Crl],
) -> Vec<Case> {
    let cases = case(name, description, crls);
    whatever_is_allowed(cases.into_iter().map(refuse).collect())
}

fn revoked(case: Case) -> Case {
    case.refuse(REVOKED, "client")
}

fn named_by_revoked(case: Case) -> Case {
    case.named(Fault::IssuerRevoked, "client")
}

fn named_by_nobody(case: Case) -> Case {
    case.named(Fault::Signature, "client")
}

fn circular(case: Case) -> Case {
    case.refuse(CIRCULAR_CRLS, "client")
}

fn one_revokes_the_other() -> Vec<Case> {
    let revoking_old = || by_new(plain_crl().revoke(&old()));
    [
        case("successor", "The new certificate for CRLs revokes the old one, whose CRL is empty: good.", &[revoking_old(), by_old(plain_crl())]),
        case("successor-alone", "The new certificate for CRLs revokes the old one, which has no CRL: good.", &[revoking_old()]),
        case("successor-and-issuer", "The new certificate for CRLs revokes the old one, and the issuer's own CRL vouches: good.", &[plain_crl(), revoking_old(), by_old(plain_crl())]),
        refused(revoked, "successor-revokes", "The new certificate for CRLs revokes the old one and the client: refused.", &[by_new(revoking().revoke(&old())), by_old(plain_crl())]),
        refused(named_by_revoked, "revoked-names", "The new certificate for CRLs revokes the old one, whose CRL names the client: refused.", &[revoking_old(), by_old(revoking())]),
        refused(named_by_revoked, "revoked-names-issuer-good", "The new certificate for CRLs revokes the old one, whose CRL names the client; the issuer's own CRL does not: refused.", &[plain_crl(), revoking_old(), by_old(revoking())]),
        refused(named_by_revoked, "revoked-by-issuer-names", "The issuer revokes the old certificate for CRLs, whose CRL names the client: refused.", &[plain_crl().revoke(&old()), by_old(revoking())]),
        case("revoked-by-issuer", "The issuer revokes the old certificate for CRLs, whose CRL is empty: good by the issuer's own CRL.", &[plain_crl().revoke(&old()), by_old(plain_crl())]),
    ]
    .concat()
}

fn each_revokes_the_other() -> Vec<Case> {
    let mutual = |named: Crl| {
        [
            by_new(named.revoke(&old())),
            by_old(plain_crl().revoke(&new())),
        ]
    };
    let and_issuer = |crls: [Crl; 2]| [&[plain_crl()][..], &crls].concat();
    [
        refused(circular, "mutual", "Two certificates for CRLs revoke each other, and nobody else has a CRL: refused.", &mutual(plain_crl())),
        refused(circular, "mutual-named", "Two certificates for CRLs revoke each other, and the CRL of one names the client: refused.", &mutual(revoking())),
        case("mutual-issuer-good", "Two certificates for CRLs revoke each other, and the issuer's own CRL vouches for the client: good.", &and_issuer(mutual(plain_crl()))),
        refused(circular, "mutual-named-issuer-good", "Two certificates for CRLs revoke each other, and the CRL of one names the client; the issuer's own CRL does not: refused.", &and_issuer(mutual(revoking()))),
    ]
    .concat()
}

/// A CRL about the certificate of its own signer.
fn of_itself() -> Vec<Case> {
    [
        case("itself-good", "The only CRL about the certificate for CRLs is its own, which names nobody: good.", &[by_new(plain_crl())]),
        refused_where_denied(Fault::IssuerRevoked, "itself-named", "The only CRL names the certificate of its own signer: refused.", &[by_new(plain_crl().revoke(&new()))]),
        refused(named_by_revoked, "itself-and-client", "The only CRL names the certificate of its own signer, and the client: refused.", &[by_new(revoking().revoke(&new()))]),
        case("itself-named-issuer-good", "A CRL names the certificate of its own signer, and the issuer's own CRL vouches for the client: good.", &[plain_crl(), by_new(plain_crl().revoke(&new()))]),
    ]
    .concat()
}

/// Neither CRL covers all reasons.
fn together() -> Vec<Case> {
    let (compromise, rest) = Reason::FLAGS.split_at(2);
    let some = |crl: Crl, reasons: &[Reason]| {
        crl.point(&IssuingDistributionPoint::new().only_some_reasons(reasons))
    };
    let about_cas = plain_crl().point(&IssuingDistributionPoint::new().only_ca_certs());
    [
        case("reasons", "One certificate for CRLs covers some reasons and the other one the rest: good.", &[
            some(by_new(plain_crl()), compromise),
            some(by_old(plain_crl()), rest),
            about_cas.clone(),
        ]),
        refused(revoked, "reasons-revoked", "One certificate for CRLs covers some reasons and the other one the rest; the older CRL names the client: refused.", &[
            some(by_new(plain_crl()), compromise),
            some(by_old(plain_crl().entry(Entry::of(&alice()).reason(Reason::Superseded))), rest),
            about_cas.clone(),
        ]),
        refused_where_denied(Fault::SomeReasons, "reasons-missing", "Both certificates for CRLs cover the same reasons and not the rest: refused.", &[
            some(by_new(plain_crl()), compromise),
            some(by_old(plain_crl()), compromise),
            about_cas,
        ]),
    ]
    .concat()
}

fn refused_where_denied(fault: Fault, name: &str, description: &str, crls: &[Crl]) -> Vec<Case> {
    let cases = case(name, description, crls);
    cases
        .into_iter()
        .map(|case| case.untold(fault, "client"))
        .collect()
}

/// CRLs that nobody known made.
fn unauthentic() -> Vec<Case> {
    let by_nobody = |number: u64| {
        plain_crl()
            .number(number)
            .signed_by(&Key::p256(&format!("nobody {number}")))
    };
    let silent: Vec<Crl> = (1..=12).map(by_nobody).collect();
    let naming = by_nobody(13).revoke(&alice());
    let with_issuer = [&[plain_crl()][..], &silent].concat();
    [
        case("strangers", "12 CRLs by unknown keys name nobody, and the issuer's own CRL vouches: good.", &with_issuer),
        refused(named_by_nobody, "strangers-named", "The last of 13 CRLs by unknown keys names the client, and the issuer's own CRL does not: refused.", &[&with_issuer[..], &[naming]].concat()),
    ]
    .concat()
}

/// The key that made the CRL has two certificates below the root, of which one is revoked or has
/// expired.
fn certified_twice() -> Vec<Case> {
    let current = new().issued_by(&root());
    let expired = current.clone().not_after("2026-05-31T23:59:59Z");
    let other = current.clone().serial(&[0x42]);
    let case = |name: &str, description: &str, second: &Cert, crl: Crl, of_root: Crl| {
        let case = whole_path(&format!("bystander-twice-{name}"), RULE, description)
            .crls(&[by(&current, crl), of_root])
            .revocation(&ALL_GOOD);
        placed(
            &case,
            &[alice(), issuing()],
            &[second.clone(), current.clone()],
        )
    };
    let refused = |cases: Vec<Case>, refuse: fn(Case) -> Case| {
        whatever_is_allowed(cases.into_iter().map(refuse).collect())
    };
    let of_root = || Crl::of(&root());
    [
        case("expired-good", "The certificate for CRLs was renewed with its key: good by the current one.", &expired, plain_crl(), of_root()),
        refused(case("expired-named", "The certificate for CRLs was renewed with its key, and its CRL names the client: refused.", &expired, revoking(), of_root()), revoked),
        case("revoked-good", "The key for CRLs has two certificates, of which one is revoked: good by the other one.", &other, plain_crl(), of_root().revoke(&other)),
        refused(case("revoked-named", "The key for CRLs has two certificates, one of them revoked, and its CRL names the client: refused.", &other, revoking(), of_root().revoke(&other)), revoked),
        refused(case("both-revoked-named", "Both certificates of the key for CRLs are revoked, and its CRL names the client: refused.", &other, revoking(), of_root().revoke(&other).revoke(&current)), named_by_revoked),
    ]
    .concat()
}

/// Six signers, each of which leaves it to the next one to tell whether it is revoked.
fn nested() -> Vec<Case> {
    let uri = "http://crl.example/1";
    let points = |point: DistributionPoint| Extension::crl_distribution_points(&[point]);
    let name = |number: usize| Name::cn(&format!("CRLs {number}"));
    let point_of = |number: usize| {
        points(DistributionPoint::nameless().crl_issuer(&[GeneralName::directory(&name(number))]))
    };
    let at_uri = points(DistributionPoint::uri(uri));
    let signers: Vec<Cert> = (0..6)
        .map(|number| {
            let point = match number {
                5 => at_uri.clone(),
                _ => point_of(number + 1),
            };
            signer(&format!("CRLs {number}"), &root())
                .subject(name(number))
                .extension(point)
        })
        .collect();
    let client = alice().extension(point_of(0));
    let chain = [client.clone(), issuing().extension(at_uri)];
    let indirect =
        |signer: &Cert| Crl::of(signer).point(&IssuingDistributionPoint::new().indirect());
    let of_others: Vec<Crl> = signers[1..].iter().map(indirect).collect();
    let of_root = Crl::of(&root()).point(&IssuingDistributionPoint::uri(uri));
    let silent = || indirect(&signers[0]);
    let naming = || silent().entry(Entry::of(&client).certificate_issuer(&issuing()));
    let case = |name: &str, verdict: &str, crls: &[Crl]| {
        let description =
            "Six signers of CRLs leave it to each other to tell whether they are revoked.";
        let case = whole_path(
            &format!("bystander-nested-{name}"),
            RULE,
            &format!("{description} {verdict}"),
        )
        .crls(&[crls, &of_others, std::slice::from_ref(&of_root)].concat())
        .revocation(&ALL_GOOD);
        placed(&case, &chain, &signers)
    };
    let refused = |cases: Vec<Case>| {
        let cases = cases.into_iter().map(|case| case.refuse(REVOKED, "client"));
        whatever_is_allowed(cases.collect())
    };
    [
        case(
            "silent",
            "The first one's CRL does not name the client, and the issuer's own CRL vouches: good.",
            &[plain_crl(), silent()],
        ),
        refused(case(
            "named",
            "The first one's CRL names the client, and the issuer's own CRL does not: refused.",
            &[plain_crl(), naming()],
        )),
        refused(case(
            "named-alone",
            "The first one's CRL names the client: refused.",
            &[naming()],
        )),
    ]
    .concat()
}
