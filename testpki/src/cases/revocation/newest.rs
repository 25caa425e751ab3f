//! Several CRLs of one scope by one key: the newest counts. CRLs of several keys or scopes: all
//! count.

use super::faults::Fault;
use super::{REVOKED, STALE_CRL, by, client, new_key, plain_crl, revoking, variant};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, DistributionPoint, Entry, Extension, IssuingDistributionPoint, Reason, oid};

const RULE: &str = "RFC 5280 §5.2.3, §5.1.2.4";

pub(super) fn cases() -> Vec<Case> {
    [
        by_time(),
        by_number(),
        of_three(),
        newest_of_no_use(),
        keys(),
        scopes(),
    ]
    .concat()
}

fn february(crl: Crl) -> Crl {
    crl.number(2).this_update("2026-02-01T00:00:00Z")
}

fn march(crl: Crl) -> Crl {
    crl.number(3).this_update("2026-03-01T00:00:00Z")
}

/// The same with the two CRLs in either order.
fn both_orders(
    name: &str,
    rule: &str,
    description: &str,
    crls: [Crl; 2],
    expect: impl Fn(Case) -> Case,
) -> Vec<Case> {
    let case = |name: &str, crls: &[Crl]| expect(client(name, rule, description).crls(crls));
    let [one, other] = &crls;
    vec![
        case(name, &crls),
        case(&format!("{name}-swapped"), &[other.clone(), one.clone()]),
    ]
}

fn good(case: Case) -> Case {
    case
}

fn revoked(case: Case) -> Case {
    case.refuse(REVOKED, "client")
}

fn by_time() -> Vec<Case> {
    let held = plain_crl().entry(Entry::of(&alice()).reason(Reason::CertificateHold));
    [
        both_orders(
            "newest-released",
            RULE,
            "The client was on hold, and a newer CRL does not have it any more: good.",
            [february(held), march(plain_crl())],
            good,
        ),
        both_orders(
            "newest-revoked",
            RULE,
            "The newer CRL has the client: refused.",
            [february(plain_crl()), march(revoking())],
            revoked,
        ),
    ]
    .concat()
}

fn by_number() -> Vec<Case> {
    let long = Extension::crl_number(&[[1].as_slice(), &[0; 19]].concat());
    [
        both_orders(
            "newest-number-good",
            RULE,
            "Two CRLs of one second: that with the higher number does not have the client.",
            [march(revoking()).number(3), march(plain_crl()).number(4)],
            good,
        ),
        both_orders(
            "newest-number-revoked",
            RULE,
            "Two CRLs of one second: that with the higher number has the client. Refused.",
            [march(plain_crl()).number(3), march(revoking()).number(4)],
            revoked,
        ),
        both_orders(
            "newest-number-octets",
            RULE,
            "Numbers of one octet and of two compare as numbers: 256 is more than 255. Refused.",
            [
                march(plain_crl()).number(255),
                march(revoking()).number(256),
            ],
            revoked,
        ),
        both_orders(
            "newest-number-long",
            RULE,
            "A number of 20 octets is more than one of 8. Refused.",
            [
                march(plain_crl()).number(u64::MAX),
                march(revoking()).extension(long),
            ],
            revoked,
        ),
    ]
    .concat()
}

/// The last of three contradicts the first. The second, which has no number, is newer than the
/// first, and older than the last.
fn of_three() -> Vec<Case> {
    let unnumbered = march(plain_crl()).without_extension(oid::CRL_NUMBER);
    let last = plain_crl().number(1).this_update("2026-04-01T00:00:00Z");
    let case = client(
        "newest-of-three",
        "RFC 5280 §5.2.3, docs/PROFILES.md R6",
        "The oldest of three CRLs has the client and the highest number. The second has no number and supersedes it, though the third supersedes the second: good.",
    )
    .crls(&[february(revoking()).number(9), unnumbered, last]);
    let stored = case.clone().intermediates(&[issuing()]);
    vec![case, variant(stored, "stored", "The store has the issuer.")]
}

/// What is not used does not supersede anything.
fn newest_of_no_use() -> Vec<Case> {
    [
        both_orders(
            "newest-signature-wrong-named",
            "RFC 5280 §6.3.3 (g)",
            "The newer CRL has a wrong signature and names the client, and the older one does not. It may be one by a key that nobody has: refused.",
            [february(plain_crl()), march(revoking()).flip_signature_bit()],
            |case| case.named(Fault::Signature, "client"),
        ),
        both_orders(
            "newest-signature-wrong-revoked",
            "RFC 5280 §6.3.3 (g)",
            "The newer CRL has a wrong signature: the older one counts, which has the client. Refused.",
            [february(revoking()), march(plain_crl()).flip_signature_bit()],
            revoked,
        ),
        both_orders(
            "newest-to-come",
            RULE,
            "The newer CRL is of next year: the older one counts, which has the client. Refused.",
            [
                february(revoking()),
                plain_crl()
                    .number(3)
                    .this_update("2027-06-01T00:00:00Z")
                    .next_update("2028-01-01T00:00:00Z"),
            ],
            revoked,
        ),
        both_orders(
            "newest-stale",
            RULE,
            "The newer CRL is stale and the older one is not: the newer one counts. Refused.",
            [february(plain_crl()), march(plain_crl()).next_update("2026-04-01T00:00:00Z")],
            |case| case.refuse(STALE_CRL, "client"),
        ),
        both_orders(
            "newest-of-another-ca",
            "RFC 5280 §6.3.3 (b)(1)",
            "The newer CRL is of another CA: it does not supersede that of the issuer, which has the client. Refused.",
            [february(revoking()), march(Crl::of(&root()))],
            revoked,
        ),
    ]
    .concat()
}

/// The CA has two keys, and each of its CRLs is about all its certificates.
fn keys() -> Vec<Case> {
    let new = new_key(&root());
    let rule = "RFC 5280 §6.3.3 (f)";
    let case = |name: &str, description: &str, crls: [Crl; 2], expect: fn(Case) -> Case| {
        both_orders(name, rule, description, crls, |case| {
            expect(case.chain(&[alice(), issuing(), new.clone()]))
        })
    };
    [
        case(
            "keys-old-revoked",
            "The CRL by the old key has the client, the newer one by the new key does not: both count. Refused.",
            [february(revoking()), march(by(&new, plain_crl()))],
            revoked,
        ),
        case(
            "keys-new-revoked",
            "The CRL by the new key has the client, the newer one by the old key does not: both count. Refused.",
            [march(plain_crl()), february(by(&new, revoking()))],
            revoked,
        ),
        case(
            "keys-good",
            "Neither the CRL by the old key nor that by the new key has the client.",
            [february(plain_crl()), march(by(&new, plain_crl()))],
            good,
        ),
        case(
            "keys-until",
            "CRLs by two keys, each of which covers the client: that by the key that signed the client ends the verdict.",
            [
                february(plain_crl()).next_update("2026-07-01T00:00:00Z"),
                march(by(&new, plain_crl())).next_update("2026-08-01T00:00:00Z"),
            ],
            |case| case.valid_until("2026-07-01T00:00:00Z"),
        ),
    ]
    .concat()
}

/// CRLs with another issuingDistributionPoint are another sequence.
fn scopes() -> Vec<Case> {
    let users = |crl: Crl| crl.point(&IssuingDistributionPoint::new().only_user_certs());
    let (one, folded) = ("http://crl.example/1", "HTTP://CRL.example/1");
    let point = |crl: Crl, uri: &str| crl.point(&IssuingDistributionPoint::uri(uri));
    let alice_with_point = alice().extension(Extension::crl_distribution_points(&[
        DistributionPoint::uri(one),
    ]));
    let held = plain_crl().entry(Entry::of(&alice_with_point).reason(Reason::CertificateHold));
    [
        both_orders(
            "scopes-point-folded",
            "RFC 5280 §7.4",
            "The client is on hold, and a newer CRL does not have it any more, whose point is the same URI in other letters. Nobody can tell by that whether it is about all that the older one is: both count. Refused.",
            [point(february(held), one), point(march(plain_crl()), folded)],
            |case| revoked(case.chain(&[alice_with_point.clone(), issuing()])),
        ),
        both_orders(
            "scopes-older-revoked",
            RULE,
            "The older CRL is about all certificates and has the client, the newer one about users does not: both count. Refused.",
            [february(revoking()), march(users(plain_crl()))],
            revoked,
        ),
        both_orders(
            "scopes-newer-revoked",
            RULE,
            "The older CRL is about all certificates, the newer one about users has the client: both count. Refused.",
            [february(plain_crl()), march(users(revoking()))],
            revoked,
        ),
    ]
    .concat()
}
