//! What a store collects in years refuses nobody: signers that expired, anchors of one name, copies
//! and predecessors of a CRL.

use super::faults::Fault;
use super::{
    ALL_GOOD, GOOD, REVOKED, by, client, placed, plain_crl, revoking, signer, whatever_is_allowed,
    whole_path,
};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Crl, Entry, Key, Reason};

const RULE: &str = "RFC 5280 §6.3.3 (f), docs/guide/revocation.md";

pub(super) fn cases() -> Vec<Case> {
    [signers(), anchors(), copies(), predecessors()].concat()
}

/// Five certificates for CRLs, of which all but the last one have expired.
fn five() -> Vec<Cert> {
    (1..=5u8)
        .map(|generation| {
            let signer = signer(&format!("CRLs {generation}"), &root());
            match generation {
                5 => signer,
                _ => signer.not_after(&format!("2026-0{generation}-20T00:00:00Z")),
            }
        })
        .collect()
}

/// The CRL of each: the first one of January, the last one of May. Only the last one is fresh, if
/// it is alone.
fn crls_of(signers: &[Cert], naming: Option<usize>) -> Vec<Crl> {
    let crl = |(index, signer): (usize, &Cert)| {
        let month = index + 1;
        let crl = match naming {
            Some(named) if named == index => revoking(),
            _ => plain_crl(),
        };
        by(signer, crl)
            .number(month as u64)
            .this_update(&format!("2026-0{month}-10T00:00:00Z"))
    };
    signers.iter().enumerate().map(crl).collect()
}

fn signers() -> Vec<Case> {
    let signers = five();
    let description = "The CA had five certificates for CRLs, one after the other, with a CRL each; four have expired.";
    let chain = [alice(), issuing()];
    let case = |name: &str, verdict: &str, naming: Option<usize>| {
        client(
            &format!("history-signers-{name}"),
            RULE,
            &format!("{description} {verdict}"),
        )
        .crls(&crls_of(&signers, naming))
    };
    let whole = |name: &str, verdict: &str, naming: Option<usize>| {
        let crls = crls_of(&signers, naming);
        whole_path(
            &format!("history-signers-path-{name}"),
            RULE,
            &format!("{description} {verdict}"),
        )
        .crls(&[&crls[..], &[Crl::of(&root())]].concat())
    };
    let beside_own = |name: &str, verdict: &str, naming: Option<usize>| {
        let crls = crls_of(&signers, naming);
        case(name, verdict, naming).crls(&[&crls[..], &[plain_crl()]].concat())
    };
    [
        placed(
            &case("good", "None names the client: good.", None),
            &chain,
            &signers,
        ),
        placed(
            &whole(
                "good",
                "None names the client, and the root's CRL none of them: good.",
                None,
            ),
            &chain,
            &signers,
        ),
        placed(
            &beside_own(
                "own-good",
                "None names the client, nor does the issuer's own: good.",
                None,
            ),
            &chain,
            &signers,
        ),
        whatever_is_allowed(
            [
                placed(
                    &case("newest", "The newest names the client: refused.", Some(4))
                        .refuse(REVOKED, "client"),
                    &chain,
                    &signers,
                ),
                placed(
                    &case("oldest", "The oldest names the client: refused.", Some(0))
                        .refuse(REVOKED, "client"),
                    &chain,
                    &signers,
                ),
                placed(
                    &beside_own(
                        "own-oldest",
                        "The oldest names the client, and the issuer's own CRL does not: refused.",
                        Some(0),
                    )
                    .refuse(REVOKED, "client"),
                    &chain,
                    &signers,
                ),
                placed(
                    &whole("oldest", "The oldest names the client: refused.", Some(0))
                        .refuse(REVOKED, "client"),
                    &chain,
                    &signers,
                ),
            ]
            .concat(),
        ),
    ]
    .concat()
}

/// Eleven anchors of one name with a CRL each; the client is below one of them.
fn anchors() -> Vec<Case> {
    let anchors: Vec<Cert> = (0..11)
        .map(|number| Cert::ca("Root", &Key::p256(&format!("root {number}"))))
        .collect();
    let mut cases = Vec::new();
    for (place, number) in [("first", 0), ("middle", 5), ("last", 10)] {
        let direct = alice_of(&anchors[number]);
        let issuing = issuing().issued_by(&anchors[number]);
        let crls = |named: Option<(usize, &Cert)>| -> Vec<Crl> {
            let crl = |(index, anchor): (usize, &Cert)| match named {
                Some((at, certificate)) if at == index => Crl::of(anchor).revoke(certificate),
                _ => Crl::of(anchor),
            };
            anchors.iter().enumerate().map(crl).collect()
        };
        let case = |name: &str, verdict: &str, crls: Vec<Crl>| {
            client(
                &format!("history-anchors-{place}-{name}"),
                RULE,
                &format!("Eleven anchors have one name and a CRL each, and the {place} one issued the client. {verdict}"),
            )
            .anchors(&anchors)
            .chain(std::slice::from_ref(&direct))
            .crls(&crls)
            .path(&["CN=alice", "CN=Root"])
            .revocation(&GOOD[..2])
        };
        cases.push(case("good", "None names the client: good.", crls(None)));
        for (by, at) in [("own", number), ("another", (number + 4) % 11)] {
            cases.extend(whatever_is_allowed(vec![
                case(
                    &format!("{by}-revokes"),
                    &format!("The CRL of its {by} anchor names the client: refused."),
                    crls(Some((at, &direct))),
                )
                .refuse(REVOKED, "client"),
            ]));
        }
        let mut without_own = crls(None);
        without_own.remove(number);
        cases.push(
            case(
                "without-own",
                "Its own anchor's CRL is missing, and no other one leads to that anchor: refused.",
                without_own,
            )
            .untold(Fault::OtherAnchor, "client"),
        );
        let whole = |name: &str, verdict: &str, crls: Vec<Crl>| {
            whole_path(
                &format!("history-anchors-{place}-path-{name}"),
                RULE,
                &format!("Eleven anchors have one name and a CRL each, and the {place} one issued the client's issuer. {verdict}"),
            )
            .anchors(&anchors)
            .chain(&[alice(), issuing.clone()])
            .crls(&[&crls[..], &[plain_crl()]].concat())
        };
        cases.push(whole("good", "None names it: good.", crls(None)));
        cases.push(
            whole(
                "revoked",
                "The CRL of another one names it: refused.",
                crls(Some(((number + 4) % 11, &issuing))),
            )
            .refuse(REVOKED, "presented 1"),
        );
    }
    cases
}

/// 19 copies of one CRL, whose signer is presented, stored, and both.
fn copies() -> Vec<Case> {
    let signer = signer("CRLs", &root());
    let case = |name: &str, verdict: &str, crl: Crl| {
        client(
            &format!("history-copies-{name}"),
            RULE,
            &format!("The file has a CRL by a certificate for CRLs 19 times. {verdict}"),
        )
        .crls(&vec![by(&signer, crl); 19])
    };
    let chain = [alice(), issuing()];
    let signers = std::slice::from_ref(&signer);
    let left_out = case(
        "left-out",
        "Nobody has its signer's certificate, and it names the client: refused.",
        revoking(),
    )
    .named(Fault::Signature, "client");
    [
        placed(
            &case("good", "It does not name the client: good.", plain_crl()),
            &chain,
            signers,
        ),
        whatever_is_allowed(placed(
            &case("revoked", "It names the client: refused.", revoking()).refuse(REVOKED, "client"),
            &chain,
            signers,
        )),
        whatever_is_allowed(vec![left_out]),
    ]
    .concat()
}

/// 24 CRLs of one signer, each newer than the one before, and each with its number.
fn predecessors() -> Vec<Case> {
    let signer = signer("CRLs", &root());
    let chain = [alice(), issuing()];
    let signers = std::slice::from_ref(&signer);
    let held = || plain_crl().entry(Entry::of(&alice()).reason(Reason::CertificateHold));
    let case = |name: &str, verdict: &str, naming: Option<u8>| {
        let crl = |day: u8| {
            let crl = match naming {
                Some(named) if named == day => held(),
                _ => plain_crl(),
            };
            by(&signer, crl)
                .number(day.into())
                .this_update(&format!("2026-05-{day:02}T00:00:00Z"))
        };
        whole_path(
            &format!("history-predecessors-{name}"),
            RULE,
            &format!("There are 24 CRLs by one certificate for CRLs, of a day each. {verdict}"),
        )
        .crls(&[(1..=24).map(crl).collect(), vec![Crl::of(&root())]].concat())
        .revocation(&ALL_GOOD)
    };
    [
        placed(
            &case("good", "None names the client: good.", None),
            &chain,
            signers,
        ),
        placed(
            &case(
                "released",
                "The first one had the client on hold: good.",
                Some(1),
            ),
            &chain,
            signers,
        ),
        whatever_is_allowed(placed(
            &case(
                "newest",
                "The newest one has the client on hold: refused.",
                Some(24),
            )
            .refuse(REVOKED, "client"),
            &chain,
            signers,
        )),
    ]
    .concat()
}
