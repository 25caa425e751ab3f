//! Name constraints: sets of subtrees of each form of names, against each name.
//!
//! | bounds | sets of one CA | sets of two CAs |
//! |---|---|---|
//! | usual | up to two of six permitted and excluded | up to one of the first four |
//! | large | the same, and all sets of the first four | all sets of the first four |
//!
//! So the large bounds have every set over four subtrees of each form, and not over all six: two
//! CAs have 16 million of those.

use std::mem::Discriminant;

use reference::model::Question;
use testpki::{Attribute, Cert, Extension, GeneralName, Name};

use crate::tally::{Tally, World, policy};
use crate::{is_large, key};

/// One form of names.
struct Form {
    bases: Vec<GeneralName>,
    names: Vec<GeneralName>,
}

fn forms() -> Vec<Form> {
    let texts = |make: fn(&str) -> GeneralName, bases: &[&str], names: &[&str]| Form {
        bases: bases.iter().map(|base| make(base)).collect(),
        names: names.iter().map(|name| make(name)).collect(),
    };
    let v4 = |octets: [u8; 4]| GeneralName::Ip(octets.to_vec());
    let v4_net = |net: [u8; 8]| GeneralName::Ip(net.to_vec());
    let v6 = |low: [u8; 6]| [&[0; 10][..], &low].concat();
    let v6_net = |low: [u8; 6], mask: [u8; 6]| {
        let mask = [&[0xff; 10][..], &mask].concat();
        GeneralName::Ip([v6(low), mask].concat())
    };
    let directory = |levels: &[&str]| {
        let mut attributes = vec![Attribute::country("XX")];
        attributes.extend(
            levels
                .iter()
                .map(|level| Attribute::organizational_unit(level)),
        );
        GeneralName::directory(&Name::new(&attributes))
    };
    vec![
        texts(
            GeneralName::dns,
            &[
                "",
                "example",
                "a.example",
                ".a.example",
                "b.a.example",
                "other",
            ],
            &[
                "example",
                "a.example",
                "A.EXAMPLE",
                "b.a.example",
                "ba.example",
                "*.example",
                "*.a.example",
                "other",
                "a..example",
            ],
        ),
        texts(
            GeneralName::email,
            &[
                "example",
                ".example",
                "a.example",
                "x@example",
                "X@example",
                "x@a.example",
            ],
            &[
                "x@example",
                "X@example",
                "y@example",
                "x@EXAMPLE",
                "x@a.example",
                "x@b.a.example",
                "\"x\"@example",
                "example",
            ],
        ),
        texts(
            GeneralName::uri,
            &[
                "example",
                ".example",
                "a.example",
                ".a.example",
                "b.a.example",
                "other",
            ],
            &[
                "https://example/",
                "https://a.example/x",
                "https://u@A.example:1/",
                "https://b.a.example",
                "https://ba.example",
                "https://10.0.0.1/",
                "urn:a",
                "https://other/",
            ],
        ),
        Form {
            bases: vec![
                v4_net([0; 8]),
                v4_net([10, 0, 0, 0, 255, 0, 0, 0]),
                v4_net([10, 0, 1, 0, 255, 255, 255, 0]),
                v4_net([10, 0, 1, 1, 255, 255, 255, 255]),
                v6_net([0; 6], [0; 6]),
                v6_net([0xff, 0xff, 10, 0, 0, 0], [0xff, 0xff, 255, 0, 0, 0]),
            ],
            names: vec![
                v4([10, 0, 1, 1]),
                v4([10, 0, 1, 2]),
                v4([10, 1, 0, 0]),
                v4([11, 0, 0, 1]),
                GeneralName::Ip(v6([0, 0, 0, 0, 0, 1])),
                GeneralName::Ip(v6([0xff, 0xff, 10, 0, 1, 1])),
                GeneralName::Ip(v6([0xff, 0xff, 11, 0, 0, 1])),
                GeneralName::Ip(vec![0x20; 16]),
            ],
        },
        Form {
            bases: vec![
                GeneralName::directory(&Name::empty()),
                directory(&[]),
                directory(&["a"]),
                directory(&["A  B"]),
                directory(&["a", "b"]),
                GeneralName::directory(&Name::cn("other")),
            ],
            names: vec![
                GeneralName::directory(&Name::empty()),
                directory(&[]),
                directory(&["A"]),
                directory(&["a b"]),
                directory(&["a", "b"]),
                directory(&["a", "b", "c"]),
                directory(&["b"]),
                GeneralName::directory(&Name::cn("other")),
            ],
        },
        // One form's subtrees do not bind the names of another.
        Form {
            bases: vec![
                GeneralName::dns("example"),
                GeneralName::email("example"),
                GeneralName::uri("example"),
                v4_net([10, 0, 0, 0, 255, 0, 0, 0]),
                directory(&[]),
                GeneralName::upn("x@example"),
            ],
            names: vec![
                GeneralName::dns("example"),
                GeneralName::email("x@example"),
                GeneralName::uri("https://example/"),
                v4([10, 0, 0, 1]),
                directory(&["a"]),
                GeneralName::upn("x@example"),
                GeneralName::RegisteredId("1.2.3".to_owned()),
                GeneralName::dns("other"),
            ],
        },
    ]
}

/// The subtrees of one CA, by the numbers of their bases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subtrees {
    permitted: Vec<usize>,
    excluded: Vec<usize>,
}

impl Subtrees {
    /// All with up to so many of each.
    fn all(bases: usize, most: usize) -> Vec<Self> {
        let numbers = |set: u32| (0..bases).filter(move |base| set & 1 << base != 0);
        let sets = (0..1_u32 << bases).filter(|set| set.count_ones() as usize <= most);
        let sets: Vec<Vec<usize>> = sets.map(|set| numbers(set).collect()).collect();
        let pair = |permitted: &Vec<usize>, excluded: &Vec<usize>| Self {
            permitted: permitted.clone(),
            excluded: excluded.clone(),
        };
        let pairs = sets
            .iter()
            .flat_map(|one| sets.iter().map(move |two| pair(one, two)));
        pairs.collect()
    }

    fn is_empty(&self) -> bool {
        self.permitted.is_empty() && self.excluded.is_empty()
    }

    /// Whether these refuse all that the others refuse: more is excluded, and less is permitted of
    /// each form that the others restrict. Where the others permit IPv4 and IPv6, so must these: an
    /// IPv4-mapped address is then held against both (docs/PROFILES.md).
    fn is_at_least(&self, other: &Self, bases: &[GeneralName]) -> bool {
        let form = |base: usize| form_of(&bases[base]);
        let permits_less = other.permitted.iter().all(|&base| {
            let mut these = self.permitted.iter();
            these.clone().any(|one| form(*one) == form(base))
                && these.all(|one| form(*one).0 != form(base).0 || other.permitted.contains(one))
        });
        let has_all = |all: &[usize], of: &[usize]| of.iter().all(|one| all.contains(one));
        permits_less && has_all(&self.excluded, &other.excluded)
    }
}

/// The form, and how many octets an address has.
fn form_of(base: &GeneralName) -> (Discriminant<GeneralName>, usize) {
    let octets = match base {
        GeneralName::Ip(octets) => octets.len(),
        _ => 0,
    };
    (std::mem::discriminant(base), octets)
}

/// Asks about one name below CAs with these subtrees, the anchor's first.
struct One<'a> {
    form: &'a Form,
    name: &'a GeneralName,
}

impl One<'_> {
    fn ask(&self, all: &[&Subtrees], tally: &mut Tally) -> bool {
        let ca = |depth: usize, issuer: usize| {
            let cert = Cert::bare(Name::cn(&depth.to_string()), &key(depth))
                .issuer(Name::cn(&issuer.to_string()))
                .signed_by(&key(issuer))
                .serial(&[depth as u8 + 1])
                .extension(Extension::basic_constraints(true, None));
            if all[depth].is_empty() {
                return cert.der();
            }
            let bases = |numbers: &[usize]| -> Vec<Vec<u8>> {
                let bases = numbers.iter().map(|number| &self.form.bases[*number]);
                bases.map(Extension::subtree).collect()
            };
            let (permitted, excluded) = (bases(&all[depth].permitted), bases(&all[depth].excluded));
            cert.extension(Extension::name_constraints(&permitted, &excluded))
                .der()
        };
        let last = all.len() - 1;
        // A name of a directory is the subject, the others are in the subjectAltName.
        let client = match self.name {
            GeneralName::Directory(name) => Cert::bare(name.clone(), &key(5)),
            name => Cert::bare(Name::empty(), &key(5))
                .extension(Extension::subject_alt_name(std::slice::from_ref(name)).critical()),
        };
        let client = client
            .issuer(Name::cn(&last.to_string()))
            .signed_by(&key(last))
            .serial(&[9])
            .der();
        let mut presented = vec![client];
        presented.extend((1..all.len()).map(|depth| ca(depth, depth - 1)));
        let mut world = World::new(Question {
            anchors: vec![ca(0, 0)],
            presented,
            ..Question::default()
        });
        let (bases, name) = (&self.form.bases, self.name);
        let shown = || format!("{all:?} of {bases:?} and {name:?}");
        world.ask(&policy(), tally, &shown)
    }

    /// One CA, and two.
    fn run(&self, tally: &mut Tally) {
        // All sets of four subtrees, or those of up to one.
        let each = Subtrees::all(4, if is_large() { 4 } else { 1 });
        let mut alone = Subtrees::all(self.form.bases.len(), 2);
        alone.extend(each.iter().cloned());
        alone.sort_unstable();
        alone.dedup();
        let accepted: Vec<bool> = alone.iter().map(|one| self.ask(&[one], tally)).collect();
        let verdict = |subtrees: &Subtrees| {
            let index = alone.binary_search(subtrees);
            accepted[index.expect("one of them")]
        };
        for (more, &is_accepted) in alone.iter().zip(&accepted) {
            for (less, &is_accepted_by_less) in alone.iter().zip(&accepted) {
                if more != less && more.is_at_least(less, &self.form.bases) {
                    tally.implies(is_accepted, is_accepted_by_less, || {
                        format!("{:?}: {more:?}, {less:?}", self.name)
                    });
                }
            }
        }
        for first in &each {
            for second in &each {
                // Each CA alone has to accept as well.
                let both = self.ask(&[first, second], tally);
                for one in [first, second] {
                    tally.implies(both, verdict(one), || {
                        format!("{:?}: {first:?}, {second:?}", self.name)
                    });
                }
            }
        }
    }
}

#[test]
fn subtrees_of_each_form() {
    let forms = forms();
    let all: Vec<One<'_>> = forms
        .iter()
        .flat_map(|form| form.names.iter().map(move |name| One { form, name }))
        .collect();
    Tally::of(all.len(), |job, tally| all[job].run(tally))
        .assert("subtrees", [54_341, 0, 289_311, 0, 12_609]);
}
