//! Who is let in: all pairs of a name and an identity.

use reference::model::{IdentityMatch, IdentityRule, TextMatch};
use testpki::Name;

use crate::common;
use crate::pairs::{Tally, ca, client, question};
use crate::written::{Place, Written};
use crate::{directory, mailboxes, others, texts};

/// Every text as a whole, as what a name begins with, as what it ends with, and as a part of it.
fn all_matches(of: fn(TextMatch) -> IdentityMatch, texts: &[&str]) -> Vec<IdentityMatch> {
    let matches = |text: &&str| {
        let text = (*text).to_owned();
        [
            TextMatch::Exact(text.clone()),
            TextMatch::Prefix(text.clone()),
            TextMatch::Suffix(text.clone()),
            TextMatch::Contains(text),
        ]
        .map(of)
    };
    texts.iter().flat_map(matches).collect()
}

fn identities() -> Vec<IdentityMatch> {
    let hosts = [
        "",
        "a.example",
        "A.EXAMPLE",
        ".a.example",
        "*.a.example",
        "a.example.",
        "xn--bcher-kva.example",
        "b\u{FC}cher.example",
        "\u{FF41}.example",
        "a.example\0",
        "192.0.2.1",
        " a.example",
    ];
    let mailboxes = [
        "",
        "a@a.example",
        "A@a.example",
        "a@A.EXAMPLE",
        "@a.example",
        "zo\u{EB}@a.example",
        "\"a\"@a.example",
        "a@[192.0.2.1]",
        "a@",
    ];
    let uris = [
        "",
        "https://a.example/",
        "https://a.example",
        "HTTPS://A.EXAMPLE/",
        "https://a.example./",
        "https://u@a.example/",
        "spiffe://a.example/b",
        "x:",
        "x://[::1]/",
    ];
    let names = [
        "",
        "Evil",
        "EVIL",
        "\u{FF25}vil",
        "Ev\0il",
        "Zo\u{EB}",
        "12",
        " ",
        "Unit",
        "\u{FEFF}",
    ];
    let mut all = all_matches(IdentityMatch::Dns, &hosts);
    all.extend(all_matches(IdentityMatch::Email, &mailboxes));
    all.extend(all_matches(IdentityMatch::Uri, &uris));
    all.extend(all_matches(IdentityMatch::CommonName, &names));
    all.extend(all_matches(IdentityMatch::OrganizationalUnit, &names));
    let mapped = [&[0; 10][..], &[0xFF, 0xFF, 192, 0, 2, 1]].concat();
    let addresses = [vec![192, 0, 2, 1], vec![0; 4], mapped, vec![0; 16]];
    all.extend(addresses.map(|octets| {
        let bits = 8 * octets.len() as u8;
        IdentityMatch::Ip(octets, bits)
    }));
    all.push(IdentityMatch::Ip(vec![192, 0, 2, 0], 24));
    all.push(IdentityMatch::Ip(vec![0; 16], 0));
    for glob in ["*.example", "a.*", "*.a.example"] {
        all.push(IdentityMatch::Dns(TextMatch::Glob(glob.to_owned())));
    }
    for glob in [
        "https://*.example/",
        "https://a.example/*",
        "spiffe://a.example/*",
    ] {
        all.push(IdentityMatch::Uri(TextMatch::Glob(glob.to_owned())));
    }
    for id in ["spiffe://a.example/b", "spiffe://a/b/c", "spiffe://a_b/-"] {
        all.push(IdentityMatch::SpiffeExact(id.to_owned()));
    }
    for base in ["spiffe://a.example", "spiffe://a.example/b", "spiffe://a"] {
        all.push(IdentityMatch::SpiffeBelow(base.to_owned()));
    }
    all
}

/// SPIFFE IDs, and what looks like one; whether it is one by hand.
fn spiffe_ids() -> Vec<Written> {
    let long = |length: usize| format!("spiffe://a.example/{}", "b".repeat(length - 19));
    let domain = |length: usize| format!("spiffe://{}/b", "a".repeat(length));
    let ids = [
        ("spiffe://a.example/b".to_owned(), true),
        ("spiffe://a.example/b/c".to_owned(), true),
        ("spiffe://a.example/B_-.9/...".to_owned(), true),
        ("spiffe://a_b/-".to_owned(), true),
        ("spiffe://1/b".to_owned(), true),
        ("spiffe://../b".to_owned(), true),
        (long(2_048), true),
        (long(2_049), false),
        (domain(255), true),
        (domain(256), false),
    ];
    let none = [
        "spiffe://a.example",
        "spiffe://a.example/",
        "spiffe://a.example/b/",
        "spiffe://a.example//b",
        "spiffe://a.example/./b",
        "spiffe://a.example/..",
        "spiffe://a.example/b?c",
        "spiffe://a.example/b#",
        "spiffe://a.example:1/b",
        "spiffe://u@a.example/b",
        "spiffe://A.example/b",
        "SPIFFE://a.example/b",
        "spiffe:///b",
        "spiffe:/a.example/b",
        "spiffe://a.example/%62",
        "spiffe://a.example/b~",
        "spiffe://[::1]/b",
        "spiffe://a.example/\u{EB}",
        "spiffe://a.example/b\0",
        " spiffe://a.example/b",
    ];
    let none = none.map(|text| (text.to_owned(), false));
    let all = ids.into_iter().chain(none);
    all.map(|(text, is_known)| texts::uri(&text, is_known))
        .collect()
}

/// Whether the name can be an identity of this kind, by hand: only one that has the syntax of its
/// form, and is there.
fn may_be(name: &Written, identity: &IdentityMatch) -> bool {
    match identity {
        // One stands beside an emailAddress that is none.
        IdentityMatch::Dns(_) => {
            name.der[0] == 0x82 && (name.is_known || name.place != Place::Alternative)
        }
        IdentityMatch::Email(_) => name.form == [0x81] && name.is_known && name.der[0] == 0x81,
        // A URI need not have a host to be one.
        IdentityMatch::Uri(_) => name.form == [0x86],
        IdentityMatch::Ip(..) => name.form == [0x87] && name.is_known,
        IdentityMatch::CommonName(_) | IdentityMatch::OrganizationalUnit(_) => {
            name.form == [0xA4] && name.der[0] == 0x30
        }
        IdentityMatch::SpiffeExact(_) | IdentityMatch::SpiffeBelow(_) => {
            name.is_known && name.shown.contains("spiffe://")
        }
        other => panic!("{other:?} is not asked for here"),
    }
}

#[test]
fn names_and_identities() {
    let mut names = texts::dns_names();
    names.extend(texts::uris().into_iter().step_by(3));
    names.extend(spiffe_ids());
    names.extend(mailboxes::names().into_iter().step_by(2));
    names.extend(others::addresses().into_iter().step_by(2));
    let subjects = directory::names();
    names.extend(subjects.iter().step_by(2).map(Written::as_subject));
    names.push(directory::good());
    let identities = identities();
    let mut tally = Tally::default();
    let mut asked = 0;
    let mut question = question(ca(Name::cn("CA")).der(), Vec::new());
    let store = common::store(&question).expect("the CA loads");
    for name in &names {
        question.presented = vec![client(name)];
        for identity in &identities {
            let rule = IdentityRule::Match(identity.clone());
            question.policy.identities = Some(rule.clone());
            // What nobody can meet is no rule.
            if comparison::identities(&rule).is_err() {
                let is_met = reference::answer(&question).valid().next().is_some();
                // An empty text is refused as one that was left out, though a name may be empty.
                if is_met && !matches!(identity, IdentityMatch::CommonName(TextMatch::Exact(_))) {
                    tally.disagree(format!("{} as {identity:?}: no rule, but met", name.shown));
                }
                continue;
            }
            asked += 1;
            let shown = || format!("{} as {identity:?}", name.shown);
            if tally.ask(&question, &store, shown) && !may_be(name, identity) {
                tally.disagree(format!("{}: accepted, by hand not", shown()));
            }
        }
    }
    tally.assert_is("names_and_identities", asked);
}
