//! CRLs for a PKI, and what the verdicts that ask for them must have in common with these CRLs and
//! with each other (RFC 5280 §6.3.3).

use std::sync::Arc;
use std::time::Duration;

use mtls_verify::error::Reason;
use mtls_verify::policy::{
    Expired, ExpiryPolicy, Limits, Memory, RevocationPolicy, RevocationScope, UnknownStatus,
};
use mtls_verify::{ClientPolicy, ClientVerifier, CrlSet, TrustStore, VerifiedClient};
use testpki::{Crl, Entry, IssuingDistributionPoint, KeyUsage, Time};

use crate::NOW;
use crate::further::ENCODER;
use crate::graph::{self, Graph, Outcome, at, der_of, no_limits};
use crate::model::{Certificate, Pki};
use crate::random::Choices;

/// A CRL of one of the CAs of a PKI.
#[derive(Debug)]
pub(crate) struct IssuedCrl {
    issuer: usize,
    signed_by: usize,
    number: u64,
    this_update: u64,
    next_update: u64,
    covers: Covers,
    revoked: Vec<[u8; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Covers {
    All,
    Users,
    Cas,
}

/// CRLs of some of the CAs of a PKI.
pub(crate) fn choose(pki: &Pki, choices: &mut impl Choices) -> Vec<IssuedCrl> {
    let all = || {
        let issuers = pki
            .presented
            .iter()
            .chain(&pki.anchors)
            .chain(&pki.intermediates);
        issuers.chain([&pki.client])
    };
    let serials: Vec<[u8; 2]> = all().map(|certificate| certificate.serial).collect();
    let mut crls = Vec::new();
    for issuer in all().filter(|certificate| certificate.says_it_is_a_ca()) {
        while choices.percent(60) && crls.len() < MOST {
            let mut revoked = Vec::new();
            while choices.percent(40) && revoked.len() < serials.len() {
                revoked.push(choices.pick(&serials));
            }
            let (one, other) = (choices.below(60) as u64, choices.below(60) as u64);
            let is_usual = choices.percent(80);
            crls.push(IssuedCrl {
                issuer: issuer.subject.name,
                signed_by: match choices.percent(90) {
                    true => issuer.key,
                    false => choices.below(2),
                },
                number: choices.below(4) as u64 + 1,
                this_update: NOW - if is_usual { 100 + one } else { 30 }
                    + if is_usual { 0 } else { one.min(other) },
                next_update: NOW - 30 + if is_usual { 100 } else { one.max(other) },
                covers: choices.pick(&[Covers::All, Covers::All, Covers::Users, Covers::Cas]),
                revoked,
            });
        }
    }
    crls
}

const MOST: usize = 8;

impl IssuedCrl {
    pub(crate) fn der(&self) -> Vec<u8> {
        let mut crl = ENCODER
            .crl(self.issuer, self.signed_by)
            .number(self.number)
            .this_update_time(Time::unix(self.this_update))
            .next_update_time(Time::unix(self.next_update));
        let point = IssuingDistributionPoint::new();
        crl = match self.covers {
            Covers::All => crl,
            Covers::Users => crl.point(&point.only_user_certs()),
            Covers::Cas => crl.point(&point.only_ca_certs()),
        };
        let entries = self.revoked.iter().map(|serial| Entry::serial(serial));
        entries.fold(crl, Crl::entry).der()
    }

    /// Whether it is about a certificate, or would be if its signature were another's.
    fn is_about(&self, certificate: &Certificate) -> bool {
        let is_ca = certificate.says_it_is_a_ca();
        self.issuer == certificate.issuer.name
            && match self.covers {
                Covers::All => true,
                Covers::Users => !is_ca,
                Covers::Cas => is_ca,
            }
    }

    /// Whether `issuer` made it.
    fn is_of(&self, issuer: &Certificate) -> bool {
        let may_sign = |usages: &[KeyUsage]| usages.contains(&KeyUsage::CrlSign);
        self.signed_by == issuer.key && issuer.key_usage.is_none_or(may_sign)
    }

    /// Whether it is certainly newer than another one of the same issuer, key and scope.
    fn is_newer_than(&self, other: &Self) -> bool {
        let of = |crl: &Self| (crl.issuer, crl.signed_by, crl.covers);
        of(self) == of(other)
            && self.this_update >= other.this_update
            && self.number >= other.number
            && (self.this_update > other.this_update || self.number > other.number)
    }
}

/// Checks the verdicts on a PKI with these CRLs.
///
/// Returns the one that asks for most.
pub(crate) fn check(
    graph: &Graph<'_>,
    crls: &[IssuedCrl],
    policy: &ClientPolicy,
    choices: &mut impl Choices,
) -> Outcome {
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let encoded: Vec<Vec<u8>> = crls.iter().map(IssuedCrl::der).collect();
    let with_crls_of = |encoded: &[Vec<u8>]| -> TrustStore {
        let mut set = CrlSet::new();
        for der in encoded {
            set.add_der(der).expect("a CRL");
        }
        store.with_crls(set)
    };
    let listed = with_crls_of(&encoded);
    let scope = choices.pick(&[
        RevocationPolicy::whole_path(),
        RevocationPolicy::client_only(),
    ]);
    let grace = Duration::from_secs(choices.below(30) as u64);
    let asking = |unknown, stale| {
        let revocation = scope.with_unknown(unknown).with_stale(stale);
        policy.clone().with_revocation(revocation)
    };
    let verify = |store: &TrustStore, now, policy: &ClientPolicy| {
        graph::verify(store, &graph.chain, now, policy, limits())
    };

    // Each asks for less than the one before.
    let verdicts = [
        (UnknownStatus::Deny, Expired::Reject),
        (UnknownStatus::Deny, Expired::AcceptFor(grace)),
        (UnknownStatus::Deny, Expired::Accept),
        (UnknownStatus::Allow, Expired::Accept),
    ]
    .map(|(unknown, stale)| verify(&listed, NOW, &asking(unknown, stale)));
    let of_any_age = ExpiryPolicy::default()
        .with_client(Expired::Accept)
        .with_issuers(Expired::Accept)
        .with_anchors(Expired::Accept)
        .with_clock_skew(policy.expiry.clock_skew);
    let allowed = verify(&listed, NOW, &asking(UnknownStatus::Allow, Expired::Reject));
    // And so does each of these, than the first and the last of those and the one between.
    let aged = [
        (UnknownStatus::Deny, Expired::Reject),
        (UnknownStatus::Allow, Expired::Accept),
        (UnknownStatus::Allow, Expired::Reject),
    ]
    .map(|(unknown, stale)| {
        let asking = asking(unknown, stale).with_expiry(of_any_age);
        verify(&listed, NOW, &asking)
    });
    // Dense PKIs can have so many paths with so many issuers of CRLs that a limit is what ends the
    // search, or that these rest on each other and there is no verdict. A laxer policy lets more
    // paths hold, and so may get there where a stricter one does not.
    let limited = |outcome: &Outcome| {
        let refusal = outcome.as_ref().err();
        refusal.is_some_and(|refusal| {
            matches!(
                refusal.reason(),
                Reason::WorkLimit { .. } | Reason::CircularCrls
            )
        })
    };
    if verdicts.iter().chain(&aged).chain([&allowed]).any(limited) {
        let [strictest, ..] = verdicts;
        return strictest;
    }
    let off = policy.clone().with_revocation(RevocationPolicy::off());
    let unasked = verify(&listed, NOW, &off);
    let by_laxness: Vec<&Outcome> = verdicts.iter().chain([&unasked]).collect();
    let pairs = by_laxness.windows(2).map(|pair| (pair[0], pair[1]));
    for pair in pairs.chain([
        (&verdicts[0], &aged[0]),
        (&verdicts[3], &aged[1]),
        (&verdicts[0], &allowed),
        (&allowed, &verdicts[3]),
        (&allowed, &aged[2]),
    ]) {
        assert!(
            pair.0.is_err() || pair.1.is_ok(),
            "refused for asking less: {pair:?} with {crls:?}"
        );
    }
    let skew = policy.expiry.clock_skew.duration().as_secs();
    for client in verdicts.iter().chain(&aged).chain([&allowed]).flatten() {
        assert_not_named(graph, crls, client, scope.scope, skew);
    }
    if let Ok(client) = &unasked
        && is_known_good(graph, crls, client, scope.scope)
    {
        assert!(verdicts[0].is_ok(), "{:?} with {crls:?}", verdicts[0]);
    }

    let strict = asking(UnknownStatus::Deny, Expired::Reject);
    let mut shuffled = encoded;
    choices.shuffle(&mut shuffled);
    assert_same(
        &verdicts[0],
        &verify(&with_crls_of(&shuffled), NOW, &strict),
    );

    // What a verifier remembers ends with the CRLs as well.
    let remembering = strict.clone().with_limits(limits());
    let memory = Memory::default()
        .with_chain_bytes(100_000)
        .with_signatures(100);
    let verifier = ClientVerifier::new(Arc::new(listed.clone()), remembering.with_memory(memory));
    let chain = der_of(&graph.chain);
    let until = verdicts[0]
        .as_ref()
        .ok()
        .and_then(VerifiedClient::valid_until);
    let until = until.map_or(NOW, |until| until.as_secs());
    for now in [NOW, NOW, NOW + 5, until, until + 1, NOW - 5, NOW] {
        assert_same(
            &verify(&listed, now, &strict),
            &verifier.verify(&chain, at(now)),
        );
    }
    if verdicts[0].is_ok() {
        let at_end = verify(&listed, until, &strict);
        assert!(
            at_end.is_ok() || limited(&at_end),
            "until {until}: {at_end:?} with {crls:?}"
        );
    }
    let [strictest, ..] = verdicts;
    strictest
}

/// More than most can use up, and not so much that one PKI takes seconds.
fn limits() -> Limits {
    no_limits().with_work(1_000_000)
}

fn assert_same(one: &Outcome, other: &Outcome) {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert!(one.path().eq(other.path()), "{one:?} and {other:?}");
            assert!(one.path_revocation().eq(other.path_revocation()));
            assert_eq!(one.valid_until(), other.valid_until());
        }
        (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
        _ => panic!("{one:?} becomes {other:?}"),
    }
}

/// The certificates of a path that are checked, each with its issuer there.
fn checked<'a>(
    path: &[&'a Certificate],
    scope: RevocationScope,
) -> Vec<(&'a Certificate, &'a Certificate)> {
    let links = path.windows(2).map(|link| (link[0], link[1]));
    match scope {
        RevocationScope::ClientOnly => links.take(1).collect(),
        _ => links.collect(),
    }
}

/// A CRL about a certificate that names it keeps it out, even a forged one, and whatever its age,
/// but where a newer one by the same key takes its place.
fn assert_not_named(
    graph: &Graph<'_>,
    crls: &[IssuedCrl],
    client: &VerifiedClient,
    scope: RevocationScope,
    skew: u64,
) {
    for (certificate, _) in checked(&graph.path_of(client), scope) {
        let about = || crls.iter().filter(|crl| crl.is_about(certificate));
        let names = |crl: &&IssuedCrl| crl.revoked.contains(&certificate.serial);
        for crl in about().filter(names) {
            let is_superseded = about().any(|newer| {
                newer.is_newer_than(crl)
                    && newer.this_update <= NOW + skew
                    && newer.this_update <= certificate.not_after
            });
            assert!(
                is_superseded,
                "{client:?} although {crl:?} names {certificate:?}"
            );
        }
    }
}

/// Whether there are CRLs about each certificate of the path, all of them of its issuer there,
/// fresh, without it, and from before it expired, so that it cannot have been pruned.
fn is_known_good(
    graph: &Graph<'_>,
    crls: &[IssuedCrl],
    client: &VerifiedClient,
    scope: RevocationScope,
) -> bool {
    checked(&graph.path_of(client), scope)
        .into_iter()
        .all(|(certificate, issuer)| {
            let about: Vec<_> = crls
                .iter()
                .filter(|crl| crl.issuer == certificate.issuer.name)
                .collect();
            about.iter().any(|crl| crl.is_about(certificate))
                && about.iter().all(|crl| {
                    crl.is_of(issuer)
                        && (crl.this_update..=crl.next_update).contains(&NOW)
                        && crl.this_update <= certificate.not_after
                        && !crl.revoked.contains(&certificate.serial)
                })
        })
}
