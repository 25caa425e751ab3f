//! Verdicts of the default policy beside those of `webpki`.

use std::sync::LazyLock;
use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::error::Reason;
use mtls_verify::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use mtls_verify::policy::Limits;
use testpki::{GeneralName, KeyUsage, Name, Version, oid};
use webpki::{EndEntityCert, Error, anchor_from_trusted_cert};

use crate::NOW;
use crate::differences::{self, Difference, Link, Path, path_len};
use crate::further::FurtherOf;
use crate::graph::{self, Graph, Outcome};
use crate::model::{BasicConstraints, Encoder, Pki};
use crate::random::{self, Choices};

/// A PKI with further extensions or without.
pub(crate) fn pki(choices: &mut impl Choices) -> (Pki, FurtherOf) {
    let is_plain = choices.percent(75);
    let has_further = choices.percent(50);
    let mut pki = random::pki(&mut *choices);
    if is_plain {
        spell_alike(&mut pki);
    }
    let further = match has_further {
        true => FurtherOf::choose(&pki, choices),
        false => FurtherOf::default(),
    };
    (pki, further)
}

/// `webpki` compares names by their bytes: with all of them in one spelling, more of it is reached.
fn spell_alike(pki: &mut Pki) {
    let Pki {
        client,
        presented,
        anchors,
        intermediates,
        ..
    } = pki;
    let others = presented.iter_mut().chain(anchors).chain(intermediates);
    for certificate in others.chain([client]) {
        certificate.subject.spelling = 0;
        certificate.issuer.spelling = 0;
    }
}

/// Our verdict by the default policy.
pub(crate) fn verdict(graph: &Graph<'_>) -> Outcome {
    let store = graph::store(&graph.anchors, &graph.intermediates);
    let policy = ClientPolicy::default();
    graph::verify(&store, &graph.chain, NOW, &policy, Limits::default())
}

/// The default verdict differs from that of `webpki` for listed reasons alone.
pub(crate) fn check_against_webpki(graph: &Graph<'_>, further: &FurtherOf) -> Comparison {
    LazyLock::force(&ARE_LISTED);
    let ours = verdict(graph);
    let theirs = webpki_path(graph);
    let explain = |listed, path: &Path| {
        let is_accepted_by_both =
            |path: &Path| path.ask(|alone| verdict(alone).is_ok() && webpki_path(alone).is_ok());
        differences::explain(listed, path, is_accepted_by_both)
    };
    match (&ours, &theirs) {
        (Err(refusal), _) if is_limit(refusal.reason()) => Verdicts::Limit.into(),
        (_, Err(error)) if is_limit_of_webpki(error) => Verdicts::Limit.into(),
        (Err(refusal), Ok(path)) => {
            let path = Path::new(path.iter().map(|der| graph.by_der[der]), further);
            let needed = explain(WE_REFUSE, &path);
            let needed = needed.unwrap_or_else(|| panic!("{refusal:?} of {path:?}"));
            Comparison::new(Verdicts::WeRefuse, needed)
        }
        (Ok(client), Err(error)) => {
            let mut path = Path::new(graph.path_of(client), further);
            if path.intermediates().len() > INTERMEDIATES_OF_WEBPKI {
                return Verdicts::Limit.into();
            }
            let needed = explain(WE_ACCEPT, &path);
            let needed = needed.unwrap_or_else(|| panic!("webpki: {error:?} of {path:?}"));
            Comparison::new(Verdicts::WeAccept, needed)
        }
        (Ok(_), Ok(_)) => Verdicts::BothAccept.into(),
        (Err(_), Err(_)) => Verdicts::BothRefuse.into(),
    }
}

/// `webpki` tries no longer paths.
const INTERMEDIATES_OF_WEBPKI: usize = 6;

static ARE_LISTED: LazyLock<()> = LazyLock::new(|| {
    let list = include_str!("../../testdata/differences/webpki.toml");
    differences::assert_listed(WE_ACCEPT, WE_REFUSE, list, None);
});

/// About a path that we accept.
pub(crate) const WE_ACCEPT: &[Difference] = &[
    Difference {
        case: "name/case",
        undo: |path| {
            path.for_each_link(|child, issuer| child.issuer.spelling = issuer.subject.spelling);
        },
    },
    Difference {
        case: "purpose/issuer-any",
        undo: |path| path.below_anchor().iter_mut().for_each(Link::name_clients),
    },
    Difference {
        case: "path/length-self-issued",
        undo: |path| {
            for at in 1..path.0.len() - 1 {
                let (below, counted) = path.intermediates_below(at);
                if let Some(most) = path_len(&mut path.0[at].certificate)
                    && (counted..below).contains(most)
                {
                    *most = below;
                }
            }
        },
    },
    Difference {
        case: "form/version-1-client",
        undo: |path| path.client().version = Version::V3,
    },
    Difference {
        case: "path/loop-client-is-its-ca",
        undo: |path| {
            let client = path.client().clone();
            let has_the_name =
                |link: &&mut Link| link.certificate.subject.name == client.subject.name;
            let namesakes = path.intermediates().iter_mut().filter(has_the_name);
            let keys: Vec<_> = namesakes.map(|link| link.certificate.key).collect();
            if keys.contains(&client.key) {
                let other = (0..Encoder::KEYS).find(|key| !keys.contains(key));
                path.client().key = other.unwrap_or(client.key);
            }
        },
    },
    Difference {
        case: "ca/anchor-v2",
        undo: |path| path.anchor().have_version_3_if(Version::V2),
    },
    Difference {
        case: "name-constraint/directory-permitted-inside",
        undo: |path| remove_kept_constraints(path, &GeneralName::Directory(Name::empty())),
    },
    Difference {
        case: "name-constraint/email-host-permitted",
        undo: |path| remove_kept_constraints(path, &GeneralName::email("")),
    },
    Difference {
        case: "name-constraint/uri-host-permitted",
        undo: |path| remove_kept_constraints(path, &GeneralName::uri("")),
    },
    Difference {
        case: "name-constraint/other-name-other-type-permitted",
        undo: |path| remove_kept_constraints(path, &GeneralName::upn("")),
    },
    Difference {
        case: "name-constraint/dns-wildcard-one-label-permitted",
        undo: |path| {
            path.for_each_name_below_constraints(&GeneralName::dns(""), |name| {
                let wildcard = GeneralName::dns("*.example");
                Some(match name == wildcard {
                    true => GeneralName::dns("x.example"),
                    false => name,
                })
            });
        },
    },
    Difference {
        case: "name-constraint/self-issued-alternative-name",
        undo: |path| {
            for at in 1..path.0.len() - 1 {
                let mut above = path.0[at + 1..].iter();
                if path.0[at].certificate.is_self_issued()
                    && above.any(|issuer| issuer.further.has_constraints())
                {
                    path.0[at].further.names.clear();
                }
            }
        },
    },
    Difference {
        case: "policy/form-critical",
        undo: |path| {
            for link in path.below_anchor() {
                link.further.are_policies_critical = false;
                link.further.is_rest_critical = false;
            }
        },
    },
];

/// About a path that `webpki` accepts.
pub(crate) const WE_REFUSE: &[Difference] = &[
    Difference {
        case: "time/anchor-after",
        undo: |path| {
            let not_after = &mut path.anchor().certificate.not_after;
            *not_after = NOW.max(*not_after);
        },
    },
    Difference {
        case: "time/anchor-before",
        undo: |path| {
            let not_before = &mut path.anchor().certificate.not_before;
            *not_before = NOW.min(*not_before);
        },
    },
    Difference {
        case: "path/length-anchor-0",
        undo: |path| {
            let (_, counted) = path.intermediates_below(path.0.len() - 1);
            if let Some(most) = path_len(&mut path.anchor().certificate) {
                *most = counted.max(*most);
            }
        },
    },
    Difference {
        case: "purpose/key-usage-anchor-no-cert-sign",
        undo: |path| path.anchor().be_for(KeyUsage::KeyCertSign),
    },
    Difference {
        case: "purpose/anchor-server-only",
        undo: |path| {
            let purposes = &mut path.anchor().certificate.purposes;
            *purposes = purposes.filter(|purposes| *purposes != [oid::SERVER_AUTH]);
        },
    },
    Difference {
        case: "critical/unknown-anchor",
        undo: |path| path.anchor().certificate.has_unknown_critical_extension = false,
    },
    Difference {
        case: "purpose/key-usage-issuer-no-cert-sign",
        undo: |path| {
            for issuer in path.intermediates() {
                issuer.be_for(KeyUsage::KeyCertSign);
            }
        },
    },
    Difference {
        case: "purpose/key-usage-client-cert-sign",
        undo: |path| path.0[0].be_for(KeyUsage::DigitalSignature),
    },
    Difference {
        case: "policy/explicit-not-critical",
        undo: |path| {
            for link in &mut path.0 {
                link.further.require_explicit = None;
            }
        },
    },
    Difference {
        case: "policy/mapping-any-not-critical",
        undo: |path| {
            for issuer in &mut path.0[1..] {
                issuer.further.without_mappings_of_any();
            }
        },
    },
    Difference {
        case: "name-constraint/ip-mask-gap-other-version-excluded",
        undo: Path::close_gaps,
    },
    Difference {
        case: "policy/form-repeated-client",
        undo: |path| {
            for link in &mut path.0 {
                link.further.without_repeated_policies();
            }
        },
    },
];

/// Takes the constraints on names of this form out of CAs, where all names below keep to them.
fn remove_kept_constraints(path: &mut Path, form: &GeneralName) {
    for at in 1..path.0.len() {
        let (below, from_issuer) = path.0.split_at_mut(at);
        let is_exempt = |at: usize, link: &Link| at > 0 && link.certificate.is_self_issued();
        let bound = below.iter().enumerate();
        let bound = bound.filter(|(at, link)| !is_exempt(*at, link));
        let names = bound.flat_map(|(_, link)| {
            let subject = Encoder::COMMON_NAMES[link.certificate.subject.name];
            let subject = GeneralName::Directory(Name::cn(subject));
            [subject].into_iter().chain(link.further.names.clone())
        });
        let names: Vec<_> = names.collect();
        from_issuer[0].further.remove_kept_constraints(form, &names);
    }
}

impl Link {
    /// Says "clients" instead of "any purpose".
    pub(crate) fn name_clients(&mut self) {
        let is_any = |purposes: &&[&str]| {
            purposes.contains(&oid::ANY_EXTENDED_KEY_USAGE) && !purposes.contains(&oid::CLIENT_AUTH)
        };
        if self.certificate.purposes.as_ref().is_some_and(is_any) {
            self.certificate.purposes = Some(&[oid::CLIENT_AUTH]);
        }
    }

    /// Makes an anchor of this version one of version 3, which says that it is a CA.
    pub(crate) fn have_version_3_if(&mut self, version: Version) {
        if self.certificate.version == version {
            self.certificate.version = Version::V3;
            self.certificate.basic_constraints = BasicConstraints::Ca { path_len: None };
        }
    }

    fn be_for(&mut self, usage: KeyUsage) {
        let usages = &mut self.certificate.key_usage;
        *usages = usages.filter(|usages| usages.contains(&usage));
    }
}

impl Path {
    /// Gives masks with gaps the mask that has the same addresses of those that there are.
    pub(crate) fn close_gaps(&mut self) {
        for issuer in &mut self.0[1..] {
            issuer.further.for_each_base(|base| {
                if let GeneralName::Ip(octets) = base
                    && octets[4..] == [255, 0, 255, 0]
                {
                    octets[5] = 255;
                }
            });
        }
    }

    /// Changes or removes alternative names below a CA that constrains names of this form.
    pub(crate) fn for_each_name_below_constraints(
        &mut self,
        form: &GeneralName,
        change: impl Fn(GeneralName) -> Option<GeneralName>,
    ) {
        let is_constraining = |link: &Link| link.further.constrains(form);
        let Some(topmost) = self.0.iter().rposition(is_constraining) else {
            return;
        };
        for link in &mut self.0[..topmost] {
            let names = std::mem::take(&mut link.further.names);
            link.further.names = names.into_iter().filter_map(&change).collect();
        }
    }
}

/// A comparison and what explains it.
#[derive(Debug)]
pub(crate) struct Comparison {
    #[allow(dead_code, reason = "the tests count them")]
    pub(crate) verdicts: Verdicts,
    /// The cases of the differences that explain it.
    #[allow(dead_code, reason = "the tests count them")]
    pub(crate) needed: Vec<&'static str>,
}

impl Comparison {
    pub(crate) fn new(verdicts: Verdicts, needed: Vec<&'static str>) -> Self {
        Self { verdicts, needed }
    }
}

impl From<Verdicts> for Comparison {
    fn from(verdicts: Verdicts) -> Self {
        Self::new(verdicts, Vec::new())
    }
}

/// The two verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdicts {
    BothAccept,
    BothRefuse,
    WeAccept,
    WeRefuse,
    /// A limit ended one of the two, which says nothing.
    Limit,
}

fn is_limit(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::SignatureLimit { .. } | Reason::WorkLimit { .. }
    )
}

fn is_limit_of_webpki(error: &Error) -> bool {
    matches!(
        error,
        Error::MaximumSignatureChecksExceeded
            | Error::MaximumPathBuildCallsExceeded
            | Error::MaximumNameConstraintComparisonsExceeded
    )
}

/// The path that `webpki` accepts, as DER.
fn webpki_path(graph: &Graph<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let der = |all: &[Vec<u8>]| -> Vec<CertificateDer<'static>> {
        all.iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect()
    };
    let (anchors, chain, stored) = (
        der(&graph.anchors),
        der(&graph.chain),
        der(&graph.intermediates),
    );
    // Some it does not take as anchors.
    let (anchor_der, anchors): (Vec<_>, Vec<TrustAnchor<'_>>) = anchors
        .iter()
        .filter_map(|der| Some((der, anchor_from_trusted_cert(der).ok()?)))
        .unzip();
    let (client, presented) = chain.split_first().expect("the client's own");
    let intermediates = [presented, &stored].concat();
    let client_der = client.to_vec();
    let client = EndEntityCert::try_from(client)?;
    let path = client.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        &intermediates,
        UnixTime::since_unix_epoch(Duration::from_secs(NOW)),
        webpki::KeyUsage::client_auth(),
        None,
        None,
    )?;
    let is_the_one = |anchor: &TrustAnchor<'_>| std::ptr::eq(anchor, path.anchor());
    let anchor = anchors
        .iter()
        .position(is_the_one)
        .expect("one of those given");
    let mut all = vec![client_der];
    all.extend(
        path.intermediate_certificates()
            .map(|certificate| certificate.der().to_vec()),
    );
    all.push(anchor_der[anchor].to_vec());
    Ok(all)
}
