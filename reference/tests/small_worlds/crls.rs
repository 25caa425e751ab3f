//! Two CRLs: every combination of kind, scope, time, signer and entry, with every policy.
//!
//! The large bounds have all 692,076 pairs of 1,176 CRLs, each under all 36 revocation policies:
//! four scopes, three rules for an unknown status and three for stale CRLs. The usual ones have
//! each CRL beside a usual one, and all pairs of 48 CRLs, under twelve policies.

use reference::model::{Expired, Policy, Question, Scope, Unknown};
use testpki::{
    Cert, DistributionPoint, Entry, Extension, GeneralName, IssuingDistributionPoint, KeyUsage,
    Name, Reason, Time,
};

use crate::tally::{Tally, World, policy};
use crate::{NOW, is_large, key};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    All,
    Users,
    Cas,
    KeyCompromise,
    OtherReasons,
    Point,
    Indirect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    Fresh,
    Stale,
    Future,
}

/// Delegates have the CA's name, and keys of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Signer {
    /// The CA that issued the client.
    Issuer,
    /// The anchor, by its own name.
    Root,
    Delegate,
    Expired,
    Revoked,
    /// Below another anchor.
    Elsewhere,
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    Nobody,
    Client,
    OnHold,
    /// removeFromCRL.
    Lifted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Template {
    is_delta: bool,
    about: About,
    when: When,
    signer: Signer,
    names: Names,
}

const ABOUT: [About; 7] = [
    About::All,
    About::Users,
    About::Cas,
    About::KeyCompromise,
    About::OtherReasons,
    About::Point,
    About::Indirect,
];
const WHEN: [When; 3] = [When::Fresh, When::Stale, When::Future];
const SIGNERS: [Signer; 7] = [
    Signer::Issuer,
    Signer::Root,
    Signer::Delegate,
    Signer::Expired,
    Signer::Revoked,
    Signer::Elsewhere,
    Signer::Nobody,
];
const NAMES: [Names; 4] = [Names::Nobody, Names::Client, Names::OnHold, Names::Lifted];

fn templates(about: &[About], when: &[When], signers: &[Signer], names: &[Names]) -> Vec<Template> {
    let mut all = Vec::new();
    for is_delta in [false, true] {
        for &about in about {
            for &when in when {
                for &signer in signers {
                    all.extend(names.iter().map(|&names| Template {
                        is_delta,
                        about,
                        when,
                        signer,
                        names,
                    }));
                }
            }
        }
    }
    all
}

const POINT: &str = "http://a.example/1.crl";

/// The certificates that all worlds have in common.
struct Pki {
    root: Cert,
    other_root: Cert,
    ca: Cert,
    client: Cert,
    /// By signer.
    delegates: Vec<(Signer, Cert)>,
    /// The root's own CRL: it names the delegate that is revoked.
    of_root: Vec<u8>,
}

impl Pki {
    fn new() -> Self {
        let bare = |name: &str, number: usize| {
            Cert::bare(Name::cn(name), &key(number)).serial(&[number as u8 + 1])
        };
        let usages = Extension::key_usage(&[KeyUsage::KeyCertSign, KeyUsage::CrlSign]);
        let ca = |name: &str, number| {
            bare(name, number)
                .extension(Extension::basic_constraints(true, None))
                .extension(usages.clone())
        };
        let (root, other_root) = (ca("Root", 0), ca("Other root", 1));
        let below = |cert: Cert, root: &Cert, number| {
            cert.issuer(root.subject_name().clone())
                .signed_by(&key(number))
        };
        let delegate = |number| below(ca("CA", number), &root, 0);
        let delegates = vec![
            (Signer::Delegate, delegate(3)),
            (
                Signer::Expired,
                delegate(4).not_after_time(Time::unix(NOW - 50)),
            ),
            (Signer::Revoked, delegate(5)),
            (Signer::Elsewhere, below(ca("CA", 6), &other_root, 1)),
            (Signer::Nobody, bare("CA", 7)),
        ];
        let points = [
            DistributionPoint::uri(POINT),
            DistributionPoint::uri("http://b.example/2.crl")
                .crl_issuer(&[GeneralName::directory(root.subject_name())]),
        ];
        let client = bare("alice", 8)
            .issuer(Name::cn("CA"))
            .signed_by(&key(2))
            .extension(Extension::crl_distribution_points(&points));
        let of_root = testpki::Crl::of(&root)
            .this_update_time(Time::unix(NOW - 100))
            .next_update_time(Time::unix(NOW + 500))
            .entry(Entry::serial(&delegates[2].1.serial_octets()));
        Self {
            ca: below(ca("CA", 2), &root, 0),
            client,
            of_root: of_root.der(),
            delegates,
            root,
            other_root,
        }
    }

    fn crl(&self, template: Template) -> Vec<u8> {
        let of_delegate = || {
            let mut all = self.delegates.iter();
            let found = all.find(|(signer, _)| *signer == template.signer);
            &found.expect("a delegate").1
        };
        let signer = match template.signer {
            Signer::Issuer => &self.ca,
            Signer::Root => &self.root,
            _ => of_delegate(),
        };
        let (begin, end, number) = match template.when {
            When::Fresh => (NOW - 60, NOW + 300, 6),
            When::Stale => (NOW - 1_000, NOW - 10, 5),
            When::Future => (NOW + 60, NOW + 400, 7),
        };
        // A delta is newer than the complete CRL of its time.
        let later = u64::from(template.is_delta);
        let mut crl = testpki::Crl::of(signer)
            .without_extensions()
            .this_update_time(Time::unix(begin + later))
            .next_update_time(Time::unix(end + later))
            .number(number + 10 * later);
        if template.is_delta {
            crl = crl.delta(4);
        }
        let point = IssuingDistributionPoint::new();
        let point = match template.about {
            About::All => None,
            About::Users => Some(point.only_user_certs()),
            About::Cas => Some(point.only_ca_certs()),
            About::KeyCompromise => Some(point.only_some_reasons(&[Reason::KeyCompromise])),
            About::OtherReasons => Some(point.only_some_reasons(&[
                Reason::CaCompromise,
                Reason::AffiliationChanged,
                Reason::Superseded,
                Reason::CessationOfOperation,
                Reason::CertificateHold,
                Reason::PrivilegeWithdrawn,
                Reason::AaCompromise,
            ])),
            About::Point => Some(IssuingDistributionPoint::uri(POINT)),
            About::Indirect => Some(point.indirect()),
        };
        if let Some(point) = point {
            crl = crl.point(&point);
        }
        let mut entry = Entry::serial(&self.client.serial_octets());
        if template.about == About::Indirect {
            entry = entry.certificate_issuer(&self.ca);
        }
        let entry = match template.names {
            Names::Nobody => return crl.der(),
            Names::Client => entry,
            Names::OnHold => entry.reason(Reason::CertificateHold),
            Names::Lifted => entry.reason(Reason::RemoveFromCrl),
        };
        crl.entry(entry).der()
    }

    fn question(&self, templates: &[Template]) -> Question {
        let is_used = |(signer, _): &&(Signer, Cert)| {
            *signer != Signer::Nobody && templates.iter().any(|one| one.signer == *signer)
        };
        let delegates = self.delegates.iter().filter(is_used);
        let mut intermediates = vec![self.ca.der()];
        intermediates.extend(delegates.map(|(_, cert)| cert.der()));
        let mut crls = vec![self.of_root.clone()];
        crls.extend(templates.iter().map(|one| self.crl(*one)));
        Question {
            anchors: vec![self.root.der(), self.other_root.der()],
            intermediates,
            crls,
            presented: vec![self.client.der()],
            ..Question::default()
        }
    }
}

/// Each with its three numbers: what is more in one of them, and not less in the others, is
/// stricter.
fn policies() -> Vec<([usize; 3], Policy)> {
    let mut all = Vec::new();
    let scopes = [Scope::Off, Scope::ClientOnly, Scope::WholePath, Scope::Auto];
    let unknowns = [Unknown::Allow, Unknown::AllowUnpublished, Unknown::Deny];
    let stales = [Expired::Accept, Expired::AcceptFor(9), Expired::Reject];
    for (scope, &revocation) in scopes.iter().enumerate() {
        for (u, &unknown) in unknowns.iter().enumerate() {
            for (s, &stale) in stales.iter().enumerate() {
                let is_further = matches!(revocation, Scope::Off | Scope::Auto) || s == 1;
                if is_further && !is_large() {
                    continue;
                }
                let policy = Policy {
                    revocation,
                    unknown,
                    stale,
                    ..policy()
                };
                all.push(([scope.min(2), u, s], policy));
            }
        }
    }
    all
}

/// Asks about these CRLs under all policies: who is accepted.
fn ask(
    pki: &Pki,
    templates: &[Template],
    policies: &[([usize; 3], Policy)],
    tally: &mut Tally,
) -> Vec<bool> {
    let mut world = World::new(pki.question(templates));
    let accepted: Vec<bool> = policies
        .iter()
        .map(|(rank, policy)| world.ask(policy, tally, &|| format!("{templates:?} {rank:?}")))
        .collect();
    for (more, (high, _)) in policies.iter().enumerate() {
        for (less, (low, _)) in policies.iter().enumerate() {
            let is_stricter = more != less && high.iter().zip(low).all(|(high, low)| high >= low);
            if is_stricter {
                tally.implies(accepted[more], accepted[less], || {
                    format!("{templates:?} {high:?} {low:?}")
                });
            }
        }
    }
    accepted
}

/// All pairs of one CRL of `first` and one of `second`; `first` is asked about alone as well.
fn pairs(first: &[Template], second: &[Template]) -> Tally {
    let pki = Pki::new();
    let policies = policies();
    Tally::of(first.len(), |job, tally| {
        let one = first[job];
        let alone = ask(&pki, &[one], &policies, tally);
        let mut asked: Vec<(Template, Vec<bool>)> = Vec::new();
        for &other in second {
            // Of two that are both in both, one order is enough.
            if other < one && first.contains(&other) && second.contains(&one) {
                continue;
            }
            let accepted = ask(&pki, &[one, other], &policies, tally);
            // A CRL that names the client lets in nobody more than none, or than it without entry.
            if matches!(other.names, Names::Client | Names::OnHold) {
                let nobody = Template {
                    names: Names::Nobody,
                    ..other
                };
                let without = asked.iter().find(|(one, _)| *one == nobody);
                let less = without
                    .map(|(_, accepted)| accepted)
                    .into_iter()
                    .chain([&alone]);
                for (less, index) in less.flat_map(|less| (0..).zip(less)).map(|(i, l)| (l, i)) {
                    tally.implies(accepted[index], *less, || {
                        format!("{one:?} and {other:?} {:?}", policies[index].0)
                    });
                }
            }
            asked.push((other, accepted));
        }
    })
}

/// The CRL of a CA that does what is usual.
fn usual(names: Names) -> Template {
    Template {
        is_delta: false,
        about: About::All,
        when: When::Fresh,
        signer: Signer::Issuer,
        names,
    }
}

#[test]
fn every_crl_with_a_usual_one() {
    let all = templates(&ABOUT, &WHEN, &SIGNERS, &NAMES);
    let second = match is_large() {
        true => vec![usual(Names::Nobody), usual(Names::OnHold)],
        false => vec![usual(Names::Nobody)],
    };
    pairs(&all, &second).assert("one CRL", [28_224, 28_224, 98_784, 0, 10_042]);
}

#[test]
fn every_two_crls() {
    let all = match is_large() {
        true => templates(&ABOUT, &WHEN, &SIGNERS, &NAMES),
        false => templates(
            &[About::All, About::KeyCompromise, About::Indirect],
            &[When::Fresh, When::Stale],
            &[Signer::Issuer, Signer::Delegate],
            &[Names::Nobody, Names::Client],
        ),
    };
    pairs(&all, &all).assert("two CRLs", [14_688, 14_688, 65_520, 0, 2216]);
}
