//! A CA changes its key many times: each new key is certified by the one before, and all
//! certificates are in the store.

use super::faults::Fault;
use super::{CIRCULAR_CRLS, GOOD, REVOKED, STALE_CRL, client, whatever_is_allowed, whole_path};
use crate::cases::Case;
use crate::cases::fixture::alice_of;
use crate::{Cert, Crl, Key};

const RULE: &str = "RFC 5280 §6.3.3 (f), §4.2.1.9 (self-issued certificates)";

pub(super) fn cases() -> Vec<Case> {
    [
        by_each(),
        by_newest(),
        few(),
        of_itself(),
        presented(),
        linked(),
    ]
    .concat()
}

/// The certificates of the CA with its first key, which is the anchor, and with each later one,
/// which the key before it certified.
fn generations(changes: usize) -> Vec<Cert> {
    let mut all = vec![Cert::ca("Root", &Key::p256("root"))];
    for change in 1..=changes {
        let key = Key::p256(&format!("root {change}"));
        let next = Cert::ca("Root", &key).issued_by(&all[change - 1]);
        all.push(next);
    }
    all
}

/// The CRL by one key: later ones have higher numbers and are of a later day.
fn crl(all: &[Cert], generation: usize) -> Crl {
    Crl::of(&all[generation])
        .number(generation as u64 + 1)
        .this_update(&format!("2026-05-{:02}T00:00:00Z", generation + 1))
}

/// Keys of which clients are tested: the first, one in the middle, and the newest. With the default
/// limits, a client's path has 8 intermediates at most.
fn tested(changes: usize) -> [(&'static str, usize); 3] {
    [
        ("first", 0),
        ("middle", (changes / 2).min(7)),
        ("newest", changes),
    ]
}

/// The client below one of the keys.
fn below(case: Case, all: &[Cert], generation: usize) -> Case {
    let mut path = vec!["CN=alice"];
    path.extend(vec!["CN=Root"; generation + 1]);
    let statuses = [&GOOD[..1], &vec!["not-checked"; generation + 1][..]].concat();
    let case = case
        .anchors(&all[..1])
        .intermediates(&all[1..])
        .chain(&[alice_of(&all[generation])])
        .path(&path)
        .revocation(&statuses);
    // That the store verified the signatures between its certificates makes a client's own path no
    // shorter.
    match generation {
        0..=8 => case,
        _ => case
            .policy_number("limits.intermediates", generation)
            .policy_number("limits.signatures", 64)
            .policy_number("limits.work", 1_000_000),
    }
}

fn all_good(case: Case, generation: usize) -> Case {
    let statuses = [vec!["good"; generation + 1], vec!["not-checked"]].concat();
    case.revocation(&statuses)
}

/// Each key made a CRL.
fn by_each() -> Vec<Case> {
    let mut cases = Vec::new();
    for changes in [5, 20] {
        let all = generations(changes);
        let crls = |named: Option<(usize, &Cert)>| -> Vec<Crl> {
            let each = (0..=changes).map(|generation| match named {
                Some((by, client)) if by == generation => crl(&all, generation).revoke(client),
                _ => crl(&all, generation),
            });
            each.collect()
        };
        for (place, generation) in tested(changes) {
            let client_cert = alice_of(&all[generation]);
            let name = |suffix: &str| format!("generations-each-{changes}-{place}-{suffix}");
            let description = |verdict: &str| {
                format!(
                    "A CA changed its key {changes} times, and each key made a CRL. The {place} key signed the client. {verdict}"
                )
            };
            let good = client(&name("good"), RULE, &description("None names it: good."));
            cases.push(below(good.crls(&crls(None)), &all, generation));
            let good = whole_path(
                &name("path-good"),
                RULE,
                &description("None names anybody, and the whole path is checked: good."),
            );
            cases.push(all_good(
                below(good.crls(&crls(None)), &all, generation),
                generation,
            ));
            for (by, at) in tested(changes) {
                let suffix = format!("revoked-by-{by}");
                let verdict = format!("The CRL by the {by} one names it: refused.");
                let revoked = client(&name(&suffix), RULE, &description(&verdict));
                let revoked = revoked.crls(&crls(Some((at, &client_cert))));
                cases.extend(whatever_is_allowed(vec![
                    below(revoked, &all, generation).refuse(REVOKED, "client"),
                ]));
            }
        }
        let mut left_over = crls(None);
        left_over[0] = left_over[0].clone().next_update("2026-05-20T00:00:00Z");
        if changes == 5 {
            let case = client(
                &format!("generations-each-{changes}-left-over"),
                RULE,
                "A CA changed its key many times, and the CRL by the first key, which signed the client, is stale: refused.",
            );
            cases.push(below(case.crls(&left_over), &all, 0).refuse(STALE_CRL, "client"));
        }
        let case = client(
            &format!("generations-each-{changes}-left-over-elsewhere"),
            RULE,
            "A CA changed its key many times, and the CRL by the first key is stale; a later key signed the client: good.",
        );
        cases.push(below(case.crls(&left_over), &all, 3));
    }
    cases
}

/// The newest key alone made a CRL.
fn by_newest() -> Vec<Case> {
    let mut cases = Vec::new();
    for changes in [5, 20] {
        let all = generations(changes);
        let newest = || crl(&all, changes);
        for (place, generation) in tested(changes) {
            let client_cert = alice_of(&all[generation]);
            let name = |suffix: &str| format!("generations-newest-{changes}-{place}-{suffix}");
            let description = |verdict: &str| {
                format!(
                    "A CA changed its key {changes} times, and the newest key made the only CRL. The {place} key signed the client. {verdict}"
                )
            };
            let good = client(
                &name("good"),
                RULE,
                &description("It does not name it: good."),
            );
            cases.push(below(good.crls(&[newest()]), &all, generation));
            let good = whole_path(
                &name("path-good"),
                RULE,
                &description("It names nobody, and the whole path is checked: good."),
            );
            cases.push(all_good(
                below(good.crls(&[newest()]), &all, generation),
                generation,
            ));
            let revoked = client(
                &name("revoked"),
                RULE,
                &description("It names the client: refused."),
            );
            let revoked = revoked.crls(&[newest().revoke(&client_cert)]);
            cases.extend(whatever_is_allowed(vec![
                below(revoked, &all, generation).refuse(REVOKED, "client"),
            ]));
            // With 20 keys of one name, a limit ends the search for another path.
            if changes == 5 {
                let stale = client(&name("stale"), RULE, &description("It is stale: refused."));
                let stale = stale.crls(&[newest().next_update("2026-05-31T00:00:00Z")]);
                cases.push(below(stale, &all, generation).refuse(STALE_CRL, "client"));
            }
        }
    }
    cases
}

/// Every number of changes up to the default limit on intermediates, and the client of the first
/// key.
fn few() -> Vec<Case> {
    (1..=8)
        .map(|changes| {
            let all = generations(changes);
            let case = client(
                &format!("generations-newest-{changes}-changes"),
                RULE,
                &format!("A CA changed its key {changes} times, and the newest key made the only CRL. The first key signed the client: good."),
            );
            below(case.crls(&[crl(&all, changes)]), &all, 0)
        })
        .collect()
}

/// The newest key's CRL names a certificate of the CA between the first key and the newest one.
fn of_itself() -> Vec<Case> {
    let all = generations(5);
    let newest = crl(&all, 5).revoke(&all[3]);
    let case = whole_path(
        "generations-link-revoked",
        RULE,
        "A CA changed its key 5 times, and the newest key's CRL names the certificate of an earlier key, over which alone the newest one is certified: refused.",
    );
    vec![below(case.crls(&[newest]), &all, 0).refuse(CIRCULAR_CRLS, "client")]
}

/// The client presents the certificates that the store has not.
fn presented() -> Vec<Case> {
    let all = generations(3);
    let description = "A CA changed its key 3 times, and the newest key made the only CRL. The client of the first key presents the CA's certificates.";
    let case = |suffix: &str, verdict: &str, crl: Crl| {
        let name = format!("generations-presented-{suffix}");
        let case = client(&name, RULE, &format!("{description} {verdict}"));
        below(case.crls(&[crl]), &all, 0)
            .chain(&[&[alice_of(&all[0])][..], &all[1..]].concat())
            .without_file("intermediates.pem")
    };
    let newest = || crl(&all, 3);
    let mut cases = vec![case("good", "It does not name it: good.", newest())];
    cases.extend(whatever_is_allowed(vec![
        case(
            "revoked",
            "It names it: refused.",
            newest().revoke(&alice_of(&all[0])),
        )
        .refuse(REVOKED, "client"),
        case(
            "left-out",
            "It leaves out one of them, and the CRL names it: refused.",
            newest().revoke(&alice_of(&all[0])),
        )
        .chain(&[&[alice_of(&all[0])][..], &all[2..]].concat())
        .named(Fault::Signature, "client"),
    ]));
    cases
}

/// Each key is an anchor, and the certificates that lead from each to the one before are in the
/// store. The newest key alone made a CRL.
fn linked() -> Vec<Case> {
    let mut cases = Vec::new();
    for changes in [5, 20] {
        let all = generations(changes);
        let self_signed = all
            .iter()
            .filter_map(|link| Some(Cert::ca("Root", link.key()?)));
        let anchors: Vec<_> = self_signed.collect();
        let newest = || crl(&all, changes);
        for (place, generation) in [("first", 0), ("middle", changes / 2), ("newest", changes)] {
            let client_cert = alice_of(&all[generation]);
            let case = |suffix: &str, verdict: &str, crl: Crl| {
                client(
                    &format!("generations-linked-{changes}-{place}-{suffix}"),
                    RULE,
                    &format!("A CA changed its key {changes} times, each of which is an anchor, and the newest key made the only CRL. The {place} key signed the client. {verdict}"),
                )
                .anchors(&anchors)
                .intermediates(&all[1..])
                .chain(std::slice::from_ref(&client_cert))
                .crls(&[crl])
                .path(&["CN=alice", "CN=Root"])
                .revocation(&GOOD[..2])
            };
            cases.push(case("good", "It does not name it: good.", newest()));
            cases.extend(whatever_is_allowed(vec![
                case(
                    "revoked",
                    "It names it: refused.",
                    newest().revoke(&client_cert),
                )
                .refuse(REVOKED, "client"),
            ]));
        }
    }
    cases
}
