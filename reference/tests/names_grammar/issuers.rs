//! Names that lead to a CA, and to its CRLs: the ones that are surely equal.

use reference::model::Scope;
use reference::names::Name as ReferenceName;
use testpki::{Cert, Crl, Name};

use crate::common;
use crate::directory::{self, Directory};
use crate::pairs::{KEY, Tally, ca, question};

/// Whether two names are surely equal, by hand.
fn is_same(one: &Directory, other: &Directory) -> bool {
    one.written.der == other.written.der || (one.says.is_some() && one.says == other.says)
}

/// Whether the reference says so; none: one of them is malformed.
fn is_surely(one: &Directory, other: &Directory) -> Option<bool> {
    let read = |it: &Directory| ReferenceName::read(&it.written.name()).ok();
    Some(read(one)?.is_surely(&read(other)?))
}

/// Notes where reference and hand disagree, and what is accepted if they say it is not.
fn hold(tally: &mut Tally, subject: &Directory, issuer: &Directory, is_accepted: bool) {
    let by_reference = is_surely(subject, issuer);
    let by_hand = is_same(subject, issuer);
    let shown = || format!("{} is {}", subject.written.shown, issuer.written.shown);
    if by_reference.is_some_and(|it| it != by_hand) {
        tally.disagree(format!("{}: by hand {by_hand}", shown()));
    }
    if is_accepted && by_reference != Some(true) {
        tally.disagree(format!("{}: accepted; reference {by_reference:?}", shown()));
    }
}

#[test]
fn issuers_of_clients() {
    let names = directory::all();
    let mut tally = Tally::default();
    let client = |issuer: &Directory| {
        let cert = Cert::bare(Name::cn("client"), &KEY);
        cert.issuer(Name::raw(issuer.written.name()))
            .signed_by(&KEY)
            .der()
    };
    let clients: Vec<_> = names.iter().map(client).collect();
    for subject in &names {
        let mut question = question(ca(Name::raw(subject.written.name())).der(), Vec::new());
        let store = common::store(&question);
        for (issuer, client) in names.iter().zip(&clients) {
            let Ok(store) = &store else {
                // The reference leaves out what does not parse, and says so.
                question.presented = vec![clients[0].clone()];
                if reference::answer(&question).left_out != 1 {
                    tally.disagree(format!("{} does not load", subject.written.shown));
                }
                tally.note("malformed CA");
                continue;
            };
            question.presented = vec![client.clone()];
            let shown = || format!("{} by {}", issuer.written.shown, subject.written.shown);
            let is_accepted = tally.ask(&question, store, shown);
            hold(&mut tally, subject, issuer, is_accepted);
        }
    }
    tally.assert_is("issuers_of_clients", names.len() * names.len());
}

#[test]
fn issuers_of_crls() {
    let names: Vec<_> = directory::all().into_iter().step_by(4).collect();
    let mut tally = Tally::default();
    for subject in &names {
        let ca = ca(Name::raw(subject.written.name()));
        let client = Cert::bare(Name::cn("client"), &KEY);
        let client = client
            .issuer(Name::raw(subject.written.name()))
            .signed_by(&KEY)
            .der();
        for issuer in &names {
            let crl = Crl::of(&ca).issuer(Name::raw(issuer.written.name()));
            let mut question = question(ca.der(), client.clone());
            question.crls = vec![crl.der()];
            question.policy.revocation = Scope::ClientOnly;
            let Ok(store) = common::store(&question) else {
                if reference::answer(&question).left_out == 0
                    && is_surely(subject, issuer).is_some()
                {
                    tally.disagree(format!("{} does not load", subject.written.shown));
                }
                tally.note("malformed CA or CRL");
                continue;
            };
            let shown = || {
                format!(
                    "CRL of {} by {}",
                    issuer.written.shown, subject.written.shown
                )
            };
            let is_accepted = tally.ask(&question, &store, shown);
            hold(&mut tally, subject, issuer, is_accepted);
        }
    }
    tally.assert_is("issuers_of_crls", names.len() * names.len());
}
