//! Random stores with scopes: a random PKI, dealt out.

use std::collections::BTreeSet;

use reference::certificate::{Certificate, NameConstraints};
use reference::model::Denied;
use reference::names::{GeneralName, Name};
use reference::scopes::{Override, Part, ScopeOf, ScopedQuestion};
use testpki::{Extension, oid};

use crate::common::{self, Random};
use crate::pki::{Pki, denied, pki};
use crate::{crls, policies, rules};

/// Trust domains, of which clients have URIs.
const DOMAINS: [&str; 3] = ["example", "a.example", "b.example"];

/// URIs of clients: of these domains, of no domain, and what may be taken for one.
const URIS: [&str; 10] = [
    "spiffe://example/a",
    "spiffe://a.example/w/1",
    "spiffe://b.example/w",
    "spiffe://b.example/w",
    "spiffe://c.example/w",
    "spiffe://a.example",
    "SPIFFE://a.example/w",
    "spiffe://a.example/w/",
    "https://a.example/",
    "urn:a",
];

/// The question of a seed.
pub(crate) fn question(seed: u64) -> ScopedQuestion {
    let mut pki = mostly_accepted(seed);
    let mut random = Random::new(seed ^ 0x5c0_9ed);
    let random = &mut random;
    with_uris(&mut pki, random);
    let question = &pki.question;
    let mut outside = Part::default();
    let mut scopes: Vec<ScopeOf> = (0..1 + random.below(4))
        .map(|number| scope(number, &pki, random))
        .collect();
    deal_out(&pki, &mut scopes, &mut outside, random);
    // A store of a scope has somebody to trust.
    scopes.retain(|scope| !(scope.part.anchors.is_empty() && scope.part.pins.is_empty()));
    let mut domains = BTreeSet::new();
    for scope in &mut scopes {
        let is_first = |domain: &String| domains.insert(domain.clone());
        scope.trust_domain = scope.trust_domain.take().filter(is_first);
    }
    if scopes.is_empty() && outside.anchors.is_empty() {
        outside.anchors.clone_from(&question.anchors);
    }
    let mut policy = question.policy.clone();
    if random.percent(50) {
        policy.identities = None;
    }
    let within = random.percent(25).then(|| within(&scopes, random));
    ScopedQuestion {
        scopes,
        outside,
        presented: question.presented.clone(),
        now: question.now,
        policy,
        within: within.flatten(),
    }
}

/// A PKI whose client is accepted without scopes, if there is one among the next few.
fn mostly_accepted(seed: u64) -> Pki {
    const TRIES: u64 = 4;
    let of = |attempt| pki(seed.wrapping_mul(TRIES).wrapping_add(attempt));
    let is_accepted = |pki: &Pki| {
        let store = common::store(&pki.question).expect("it loads");
        common::ask_library(&pki.question, &store).is_ok()
    };
    let mut some = (0..TRIES).map(of);
    some.find(is_accepted).unwrap_or_else(|| of(0))
}

/// Gives the client a URI or two, and often nothing that keeps X.509-SVIDs out.
fn with_uris(pki: &mut Pki, random: &mut Random) {
    let presented = &mut pki.question.presented;
    let is_client = |cert: &&mut testpki::Cert| cert.der() == presented[0];
    let Some(cert) = pki
        .all
        .iter_mut()
        .find(is_client)
        .filter(|_| random.percent(50))
    else {
        return;
    };
    let mut names = vec![testpki::GeneralName::uri(random.pick(&URIS))];
    if random.percent(15) {
        names.push(testpki::GeneralName::uri(random.pick(&URIS)));
    }
    if random.percent(30) {
        names.push(testpki::GeneralName::dns("a.example"));
    }
    let named = cert
        .clone()
        .without_extension(oid::SUBJECT_ALT_NAME)
        .extension(Extension::subject_alt_name(&names));
    // Versions 1 and 2 have no extensions.
    if Certificate::read(&named.der()).is_err() {
        return;
    }
    let before = std::mem::replace(&mut presented[0], named.der());
    let renamed = presented[0].clone();
    for pin in &mut pki.question.pins {
        if *pin == before {
            pin.clone_from(&renamed);
        }
    }
    *cert = named;
}

/// Some of the scopes; rarely one that is not there.
fn within(scopes: &[ScopeOf], random: &mut Random) -> Option<Vec<String>> {
    let names: Vec<String> = scopes.iter().map(|scope| scope.name.clone()).collect();
    let mut some = random.some(&names, 60);
    if random.percent(3) {
        some.push("nowhere".to_owned());
    }
    (!some.is_empty() || random.percent(20)).then_some(some)
}

/// A scope without anything in it.
fn scope(number: usize, pki: &Pki, random: &mut Random) -> ScopeOf {
    let mut initial = NameConstraints::default();
    while random.percent(25) && initial.permitted.len() < 3 {
        initial.permitted.push(subtree(random));
    }
    while random.percent(15) && initial.excluded.len() < 3 {
        initial.excluded.push(excluded(random));
    }
    let client = &pki.question.presented[0];
    let overrides = [
        Override::Expiry,
        Override::Revocation,
        Override::Purpose,
        Override::CertificatePolicies,
    ];
    let trust_domain = random.percent(25).then(|| random.pick(&DOMAINS).to_owned());
    ScopeOf {
        name: format!("s{number}"),
        part: Part::default(),
        initial,
        trust_domain,
        overrides: random.some(&overrides, 20).into_iter().collect(),
        policy: policies::policy(random, client),
        identities: random.percent(15).then(|| rules::rule(random, client)),
    }
}

/// A subtree that the library takes.
pub(crate) fn subtree(random: &mut Random) -> GeneralName {
    let text = |text: &str| text.as_bytes().to_vec();
    let dns = [
        "example",
        "a.example",
        ".a.example",
        "b.a.example",
        "",
        "other",
    ];
    match random.below(8) {
        0..3 => GeneralName::Dns(text(random.pick(&dns))),
        3 => GeneralName::Ip(random.pick(&[
            vec![10, 0, 0, 0, 255, 255, 255, 0],
            vec![10, 0, 0, 0, 255, 0, 0, 0],
            vec![0; 8],
            vec![0; 32],
        ])),
        4 => GeneralName::Email(text(random.pick(&["example", ".example", "a@example", ""]))),
        5 => GeneralName::Uri(text(random.pick(&["example", ".example", "a.example"]))),
        _ => {
            let names = [testpki::Name::cn("alice"), testpki::Name::empty()];
            let name = random.pick(&names);
            GeneralName::Directory(Name::read(name.der()).expect("a name"))
        }
    }
}

/// A subtree that can be excluded.
pub(crate) fn excluded(random: &mut Random) -> GeneralName {
    match random.percent(20) {
        // The userPrincipalName, of whatever value.
        true => {
            let kind = vec![0x2B, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3];
            GeneralName::Other(kind, vec![5, 0])
        }
        false => subtree(random),
    }
}

/// Deals out what the PKI has, and gives some of it to several scopes.
fn deal_out(pki: &Pki, scopes: &mut [ScopeOf], outside: &mut Part, random: &mut Random) {
    let question = &pki.question;
    let count = scopes.len();
    let mut parts: Vec<&mut Part> = scopes.iter_mut().map(|scope| &mut scope.part).collect();
    parts.push(outside);
    let mut deal = |what: &[Vec<u8>], of: fn(&mut Part) -> &mut Vec<Vec<u8>>| {
        for der in what {
            let home = random.below(count + 1);
            for (index, part) in parts.iter_mut().enumerate() {
                if index == home || random.percent(40) {
                    of(part).push(der.clone());
                }
            }
        }
    };
    deal(&question.anchors, |part| &mut part.anchors);
    deal(&question.intermediates, |part| &mut part.intermediates);
    deal(&question.pins, |part| &mut part.pins);
    deal(&question.crls, |part| &mut part.crls);
    for part in parts {
        if random.percent(50) {
            let further = crls::crls(&pki.shape, &pki.all, random);
            part.crls.extend(random.some(&further, 40));
        }
        if random.percent(8) {
            part.denied = match random.percent(50) {
                true => question.denied.clone(),
                false => denied(&pki.all, random),
            };
        } else {
            part.denied = Denied::default();
        }
    }
}
