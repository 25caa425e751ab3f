//! What the model of `tests/oracle` does not have: names, name constraints and certificate
//! policies.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::mem::discriminant;
use std::sync::{LazyLock, Mutex};

use testpki::{Extension, GeneralName, Name, Version, oid};

use crate::model::{Certificate, Encoder, Pki};
use crate::random::Choices;

/// Policies that are mapped to each other.
pub(crate) const POLICIES: [&str; 3] = ["1.2.3.1", "1.2.3.2", "1.2.3.3"];
pub(crate) const ANY_POLICY: &str = "2.5.29.32.0";

/// The further extensions of a PKI, by the serial numbers of its certificates.
#[derive(Debug, Default)]
pub(crate) struct FurtherOf(BTreeMap<[u8; 2], Further>);

/// The further extensions of one certificate.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Further {
    pub(crate) names: Vec<GeneralName>,
    pub(crate) permitted: Vec<GeneralName>,
    pub(crate) excluded: Vec<GeneralName>,
    pub(crate) policies: Vec<&'static str>,
    pub(crate) are_policies_critical: bool,
    pub(crate) mappings: Vec<(&'static str, &'static str)>,
    pub(crate) require_explicit: Option<u8>,
    pub(crate) inhibit_mapping: Option<u8>,
    pub(crate) inhibit_any: Option<u64>,
    pub(crate) is_rest_critical: bool,
}

static NOTHING: Further = Further {
    names: Vec::new(),
    permitted: Vec::new(),
    excluded: Vec::new(),
    policies: Vec::new(),
    are_policies_critical: false,
    mappings: Vec::new(),
    require_explicit: None,
    inhibit_mapping: None,
    inhibit_any: None,
    is_rest_critical: false,
};

impl FurtherOf {
    pub(crate) fn choose(pki: &Pki, choices: &mut impl Choices) -> Self {
        let mut further = Self::default();
        let issuers = pki
            .presented
            .iter()
            .chain(&pki.anchors)
            .chain(&pki.intermediates);
        for certificate in [&pki.client].into_iter().chain(issuers) {
            // Only version 3 has extensions.
            if certificate.version == Version::V3 && !further.0.contains_key(&certificate.serial) {
                let is_ca = certificate.says_it_is_a_ca();
                further
                    .0
                    .insert(certificate.serial, Further::choose(is_ca, choices));
            }
        }
        further.0.retain(|_, further| *further != NOTHING);
        further
    }

    pub(crate) fn set(&mut self, certificate: &Certificate, further: Further) {
        self.0.insert(certificate.serial, further);
    }

    pub(crate) fn of(&self, certificate: &Certificate) -> &Further {
        self.0.get(&certificate.serial).unwrap_or(&NOTHING)
    }
}

impl Further {
    fn choose(is_ca: bool, choices: &mut impl Choices) -> Self {
        let mut further = Self::default();
        for _ in 0..choices.below(3) {
            further.names.push(name(choices));
        }
        if is_ca && choices.percent(40) {
            for _ in 0..choices.below(3) {
                further.permitted.push(base(choices));
            }
            for _ in 0..choices.below(3) {
                further.excluded.push(base(choices));
            }
        }
        if choices.percent(50) {
            let mut all = POLICIES.to_vec();
            choices.shuffle(&mut all);
            all.truncate(choices.below(3));
            if choices.percent(20) {
                all.push(ANY_POLICY);
            }
            // One that is there twice breaks a rule.
            if choices.percent(2) {
                all.extend(all.first().copied());
            }
            further.policies = all;
            further.are_policies_critical = choices.percent(20);
        }
        if is_ca && choices.percent(30) {
            let policies: &[&str] = match choices.percent(10) {
                true => &[ANY_POLICY],
                false => &POLICIES,
            };
            for _ in 0..choices.below(3) {
                further
                    .mappings
                    .push((choices.pick(policies), choices.pick(&POLICIES)));
            }
            let skip = |choices: &mut dyn FnMut(usize) -> usize| match choices(6) {
                count @ 0..3 => Some(count as u8),
                _ => None,
            };
            let mut below = |bound| choices.below(bound);
            further.require_explicit = skip(&mut below);
            further.inhibit_mapping = skip(&mut below);
            further.inhibit_any = skip(&mut below).map(u64::from);
            further.is_rest_critical = choices.percent(50);
        }
        further
    }

    pub(crate) fn extensions(&self) -> Vec<Extension> {
        let subtrees = |bases: &[GeneralName]| -> Vec<Vec<u8>> {
            bases.iter().map(Extension::subtree).collect()
        };
        let marked = |extension: Extension, is_critical| match is_critical {
            true => extension.critical(),
            false => extension.not_critical(),
        };
        let mut extensions = Vec::new();
        if !self.names.is_empty() {
            extensions.push(Extension::subject_alt_name(&self.names));
        }
        if self.has_constraints() {
            let (permitted, excluded) = (subtrees(&self.permitted), subtrees(&self.excluded));
            extensions.push(Extension::name_constraints(&permitted, &excluded));
        }
        if !self.policies.is_empty() {
            let policies = Extension::certificate_policies(&self.policies);
            extensions.push(marked(policies, self.are_policies_critical));
        }
        if !self.mappings.is_empty() {
            let mappings = Extension::policy_mappings(&self.mappings);
            extensions.push(marked(mappings, self.is_rest_critical));
        }
        if self.require_explicit.is_some() || self.inhibit_mapping.is_some() {
            let constraints =
                Extension::policy_constraints(self.require_explicit, self.inhibit_mapping);
            extensions.push(marked(constraints, self.is_rest_critical));
        }
        if let Some(skip) = self.inhibit_any {
            extensions.push(marked(
                Extension::inhibit_any_policy(skip),
                self.is_rest_critical,
            ));
        }
        extensions
    }

    /// Changes the bases of its subtrees, permitted and excluded.
    pub(crate) fn for_each_base(&mut self, change: impl Fn(&mut GeneralName)) {
        let bases = self.permitted.iter_mut().chain(&mut self.excluded);
        bases.for_each(change);
    }

    pub(crate) fn has_constraints(&self) -> bool {
        !(self.permitted.is_empty() && self.excluded.is_empty())
    }

    /// Whether it constrains names of this form.
    pub(crate) fn constrains(&self, form: &GeneralName) -> bool {
        let mut bases = self.permitted.iter().chain(&self.excluded);
        bases.any(|base| discriminant(base) == discriminant(form))
    }

    /// Takes the constraints on names of this form out, if these names keep to them.
    pub(crate) fn remove_kept_constraints(&mut self, form: &GeneralName, names: &[GeneralName]) {
        let is_of_form = |name: &&GeneralName| discriminant(*name) == discriminant(form);
        let is_kept = |name: &GeneralName| {
            let is_about =
                |base: &&GeneralName| is_of_form(base) && !are_of_other_types(name, base);
            let is_in = |bases: &[GeneralName]| {
                let mut bases = bases.iter().filter(is_about);
                bases.any(|base| is_within(name, base) == Some(true))
            };
            let mut all = self.permitted.iter().chain(&self.excluded);
            let is_judged = all.all(|base| !is_about(&base) || is_within(name, base).is_some());
            let are_permitted = self.permitted.iter().any(|base| is_about(&base));
            is_judged && (!are_permitted || is_in(&self.permitted)) && !is_in(&self.excluded)
        };
        if names.iter().filter(is_of_form).all(is_kept) {
            self.permitted.retain(|base| !is_of_form(&base));
            self.excluded.retain(|base| !is_of_form(&base));
        }
    }

    pub(crate) fn without_repeated_policies(&mut self) {
        let mut seen = Vec::new();
        self.policies.retain(|policy| {
            let is_new = !seen.contains(policy);
            seen.push(*policy);
            is_new
        });
    }

    /// Takes mappings of "any policy" out.
    pub(crate) fn without_mappings_of_any(&mut self) {
        self.mappings
            .retain(|(issuer, subject)| ![*issuer, *subject].contains(&ANY_POLICY));
    }

    /// Takes all that is about certificate policies out.
    #[allow(dead_code, reason = "the comparison with OpenSSL asks")]
    pub(crate) fn without_policies(&mut self) {
        let Self {
            names,
            permitted,
            excluded,
            ..
        } = std::mem::take(self);
        *self = Self {
            names,
            permitted,
            excluded,
            ..Self::default()
        };
    }
}

/// Whether both are other names, whose types differ: a subtree is not about those.
fn are_of_other_types(name: &GeneralName, base: &GeneralName) -> bool {
    use GeneralName::Other;
    matches!((name, base), (Other(name, _), Other(base, _)) if name != base)
}

/// Whether one of the names that [`name`] makes, or the subject of a CA, is within a subtree of its
/// form (RFC 5280 §4.2.1.10). `None` where nobody can say. It is about the forms that `webpki`
/// does not process.
fn is_within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    use GeneralName::{Directory, Email, Uri};
    let is_host_within = |host: &str, base: &str| match base.starts_with('.') {
        true => host.ends_with(base),
        false => host == base,
    };
    match (name, base) {
        (Directory(name), Directory(base)) => Some(*base == Name::empty() || name == base),
        (Email(name), Email(base)) if base.contains('@') => Some(name == base),
        (Email(name), Email(base)) => Some(is_host_within(name.split_once('@')?.1, base)),
        (Uri(name), Uri(base)) => {
            let after_scheme = name.split_once("://")?.1;
            let host = after_scheme.split('/').next()?;
            Some(is_host_within(host, base))
        }
        _ => None,
    }
}

/// Certificates by what they were made of: PKIs have most of theirs in common, and a signature
/// costs more than all else.
static SIGNED: LazyLock<Mutex<HashMap<String, Vec<u8>>>> = LazyLock::new(Mutex::default);
pub(crate) static ENCODER: LazyLock<Encoder> = LazyLock::new(Encoder::new);

pub(crate) fn signed(certificate: &Certificate, further: &Further) -> Vec<u8> {
    const MOST: usize = 20_000;
    let mut model = String::with_capacity(1_024);
    write!(model, "{certificate:?}{further:?}").expect("a string takes everything");
    let mut known = SIGNED.lock().expect("no thread panics here");
    if known.len() >= MOST {
        known.clear();
    }
    let make = || {
        let template = ENCODER.template(certificate);
        let further = further.extensions().into_iter();
        further.fold(template, testpki::Cert::extension).der()
    };
    known.entry(model).or_insert_with(make).clone()
}

pub(crate) fn name(choices: &mut impl Choices) -> GeneralName {
    match choices.below(10) {
        0..4 => GeneralName::dns(choices.pick(&[
            "a.example",
            "b.a.example",
            "*.a.example",
            "*.example",
            "A.EXAMPLE",
            "x_y.example",
            "other",
            "a..example",
        ])),
        4 | 5 => GeneralName::Ip(
            choices
                .pick::<&[u8]>(&[
                    &[10, 0, 0, 1],
                    &[10, 0, 1, 1],
                    &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                ])
                .to_vec(),
        ),
        6 => GeneralName::email(choices.pick(&["a@example", "b@a.example", "a@other"])),
        7 => GeneralName::uri(choices.pick(&["spiffe://example/a", "https://a.example/", "urn:a"])),
        8 => GeneralName::Directory(directory(choices)),
        _ => other(choices),
    }
}

/// A subtree.
pub(crate) fn base(choices: &mut impl Choices) -> GeneralName {
    match choices.below(10) {
        0..4 => GeneralName::dns(choices.pick(&[
            "example",
            "a.example",
            ".a.example",
            "b.a.example",
            "",
            "EXAMPLE",
            "other",
        ])),
        4 | 5 => GeneralName::Ip(
            choices
                .pick::<&[u8]>(&[
                    &[10, 0, 0, 0, 255, 255, 255, 0],
                    &[10, 0, 0, 0, 255, 0, 0, 0],
                    &[0; 8],
                    &[0; 32],
                    &[10, 0, 0, 0, 255, 0, 255, 0],
                ])
                .to_vec(),
        ),
        6 => GeneralName::email(choices.pick(&["example", ".example", "a@example"])),
        7 => GeneralName::uri(choices.pick(&["example", ".example", "a.example"])),
        8 => GeneralName::Directory(directory(choices)),
        _ => other(choices),
    }
}

/// One of those of the model among them.
fn directory(choices: &mut impl Choices) -> Name {
    match choices.below(3) {
        0 => Name::cn("alpha ca"),
        1 => Name::cn("nobody"),
        _ => Name::empty(),
    }
}

fn other(choices: &mut impl Choices) -> GeneralName {
    match choices.below(3) {
        0 => GeneralName::upn("a@example"),
        1 => GeneralName::Other(oid::UNKNOWN_EXTENSION.to_owned(), vec![0x05, 0x00]),
        _ => GeneralName::RegisteredId("1.2.3".to_owned()),
    }
}
