//! Revocation lists of up to a million entries: loading them, looking a client up, and the whole of a verification.

mod common;

use benches::lists::{Lists, load, webpki_list};
use benches::{Case, Outcome, PROVIDER, row};
use common::Group;
use criterion::Criterion;

/// How many entries the issuing CA's list has.
const ENTRIES: [usize; 4] = [0, 1_000, 100_000, 1_000_000];

fn main() {
    // A peer takes a second to load a large list, and tens of milliseconds to verify with one.
    let mut criterion = common::criterion().sample_size(10);
    let lists = ENTRIES.map(|entries| (entries.to_string(), Lists::new(entries)));
    for (entries, lists) in &lists[1..] {
        loading(&mut criterion, entries, lists);
    }
    verify(&mut criterion, &lists);
    revoked(&mut criterion, &lists);
    look_up(&mut criterion, &lists);
    criterion.final_summary();
}

/// From DER to what a server keeps. Ours with the signature, the peer's without; dropping it counts too.
fn loading(criterion: &mut Criterion, entries: &str, lists: &Lists) {
    let (store, list) = (lists.store(), lists.large());
    Group::new(format!("revocation/{PROVIDER}/load/{entries}"))
        .row(row::COLD, None, || load(&store, &list))
        .row(row::WEBPKI, None, || webpki_list(&list))
        .measure(criterion);
}

/// A client and its issuing CA are on neither list.
fn verify(criterion: &mut Criterion, lists: &[(String, Lists)]) {
    let cases: Vec<(&str, Case)> = lists
        .iter()
        .map(|(entries, lists)| (entries.as_str(), lists.of(lists.case())))
        .collect();
    let unchecked = lists[0].1.case();
    let mut group = Group::new(format!("revocation/{PROVIDER}/verify"));
    group = group.row(row::COLD, Some("no revocation"), || unchecked.ours());
    for (entries, case) in &cases {
        group = group.row(row::COLD, Some(entries), || case.ours());
    }
    group.measure(criterion);
    for (entries, case) in &cases {
        Group::new(format!("revocation/{PROVIDER}/beside webpki/{entries}"))
            .sides(case, None, Outcome::Accepted)
            .measure(criterion);
    }
}

/// A client that is on the large list, beside one that is not: the search ends with it.
fn revoked(criterion: &mut Criterion, lists: &[(String, Lists)]) {
    let Some((entries, largest)) = lists.last() else {
        return;
    };
    let good = largest.of(largest.case());
    let revoked = largest.of(largest.case_of_revoked());
    Group::new(format!("revocation/{PROVIDER}/revoked/{entries}"))
        .row(row::COLD, Some("good"), || good.ours())
        .row(row::COLD, Some("revoked"), || revoked.ours())
        .measure(criterion);
}

/// Signatures are left out, so that lists differ by the look-up. A client that is on the list is refused, which costs by itself: the
/// list of one entry is what others compare with.
fn look_up(criterion: &mut Criterion, lists: &[(String, Lists)]) {
    let one = ("1".to_owned(), Lists::new(1));
    let misses = lists
        .iter()
        .map(|(entries, lists)| (entries, lists.of(lists.case().saying_yes())));
    let hits = [&one]
        .into_iter()
        .chain(&lists[1..])
        .map(|(entries, lists)| (entries, lists.of(lists.case_of_revoked().saying_yes())));
    let groups: [(_, Vec<_>, _); 2] = [
        ("not on the list", misses.collect(), Outcome::Accepted),
        ("on the list", hits.collect(), Outcome::Refused),
    ];
    for (name, cases, outcome) in &groups {
        let mut group = Group::new(format!("revocation/no signatures/{name}"));
        for (entries, case) in cases {
            group = group.sides(case, Some(entries), *outcome);
        }
        group.measure(criterion);
    }
}
