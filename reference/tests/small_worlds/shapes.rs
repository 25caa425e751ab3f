//! Chain shapes: who issued which, over few names and keys.
//!
//! The large bounds have every shape of up to four certificates over three names and three keys, up
//! to renaming: the client's with a key of its own, and each other one presented, of the store or
//! an anchor. The usual ones have those of three certificates, and those of four over two names and
//! keys. Where the client's certificate is one of the store as well, or a CA's key is its own,
//! there are two names and keys.

use reference::model::{Policy, Question};
use testpki::{Cert, Extension, Name};

use crate::tally::{Tally, World, policy};
use crate::{is_large, key};

/// Names and keys by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Template {
    subject: usize,
    issuer: usize,
    key: usize,
    signer: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Presented,
    Stored,
    Anchor,
}

/// Where else the client's certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ClientIs {
    Alone,
    Stored,
    Anchor,
    Pinned,
}

/// The key of a client that shares it with nobody.
const OWN_KEY: usize = 3;

/// All shapes up to a bound.
struct Bound {
    /// Names and keys.
    count: usize,
    /// Certificates besides the client's.
    others: usize,
    clients: Vec<(Template, ClientIs)>,
}

impl Bound {
    /// All templates, in all places.
    fn elements(&self) -> Vec<(Template, Place)> {
        let mut all = Vec::new();
        let numbers = 0..self.count.pow(4);
        for number in numbers {
            let digit = |place: u32| number / self.count.pow(place) % self.count;
            let template = Template {
                subject: digit(0),
                issuer: digit(1),
                key: digit(2),
                signer: digit(3),
            };
            for place in [Place::Presented, Place::Stored, Place::Anchor] {
                all.push((template, place));
            }
        }
        all.sort_unstable();
        all
    }

    fn run(&self) -> Tally {
        let elements = self.elements();
        let ders: Vec<Vec<Vec<u8>>> = (0..self.others)
            .map(|serial| {
                let templates = elements.iter().map(|(template, _)| template);
                templates.map(|one| der(*one, serial, true)).collect()
            })
            .collect();
        let all = All {
            bound: self,
            elements: &elements,
            ders: &ders,
        };
        // The first job is the client alone.
        Tally::of(elements.len() + 1, |job, tally| match job {
            0 => all.ask(&[], tally),
            _ => all.extend(&mut vec![job - 1], tally),
        })
    }
}

struct All<'a> {
    bound: &'a Bound,
    elements: &'a [(Template, Place)],
    /// By place in the world, and by element.
    ders: &'a [Vec<Vec<u8>>],
}

impl All<'_> {
    /// Asks about these elements, and all that begin with them.
    fn extend(&self, chosen: &mut Vec<usize>, tally: &mut Tally) {
        self.ask(chosen, tally);
        if chosen.len() < self.bound.others {
            for next in *chosen.last().expect("one")..self.elements.len() {
                chosen.push(next);
                self.extend(chosen, tally);
                chosen.pop();
            }
        }
    }

    fn ask(&self, chosen: &[usize], tally: &mut Tally) {
        for &(client, client_is) in &self.bound.clients {
            let others: Vec<_> = chosen.iter().map(|index| self.elements[*index]).collect();
            let is_anchor = |(_, place): &(_, Place)| *place == Place::Anchor;
            let has_anchor = others.iter().any(is_anchor) || client_is == ClientIs::Anchor;
            if !has_anchor || !is_first_of_its_names(client, &others) {
                continue;
            }
            let is_ca = client_is != ClientIs::Alone;
            let client_der = der(client, 0x40, is_ca);
            let mut question = Question {
                presented: vec![client_der.clone()],
                ..Question::default()
            };
            match client_is {
                ClientIs::Alone => {}
                ClientIs::Stored => question.intermediates.push(client_der),
                ClientIs::Anchor => question.anchors.push(client_der),
                ClientIs::Pinned => question.pins.push(client_der),
            }
            for (serial, index) in chosen.iter().enumerate() {
                let list = match self.elements[*index].1 {
                    Place::Presented => &mut question.presented,
                    Place::Stored => &mut question.intermediates,
                    Place::Anchor => &mut question.anchors,
                };
                list.push(self.ders[serial][*index].clone());
            }
            let any_length = Policy {
                accept_client_ca: is_ca,
                ..policy()
            };
            let mut world = World::new(question);
            let shown = || format!("{client:?} {client_is:?} {others:?}");
            let any = world.ask(&any_length, tally, &shown);
            let [none, one] = [0, 1].map(|length| {
                world.accepts(&Policy {
                    path_length: Some(length),
                    ..any_length.clone()
                })
            });
            tally.implies(none, one, shown);
            tally.implies(one, any, shown);
        }
    }
}

/// Whether no renaming of names and keys gives a world that comes before this one. The client's
/// issuer and its key are 0 already.
fn is_first_of_its_names(client: Template, others: &[(Template, Place)]) -> bool {
    let this = (client, others.to_vec());
    let swap = |number: usize, swapped: bool| match number {
        1 | 2 if swapped => 3 - number,
        _ => number,
    };
    let renamings = [(true, false), (false, true), (true, true)];
    let is_first = |(names, keys): (bool, bool)| {
        let renamed = |one: Template| Template {
            subject: swap(one.subject, names),
            issuer: swap(one.issuer, names),
            key: swap(one.key, keys),
            signer: swap(one.signer, keys),
        };
        let others = others.iter().map(|(one, place)| (renamed(*one), *place));
        let mut others: Vec<_> = others.collect();
        others.sort_unstable();
        this <= (renamed(client), others)
    };
    let numbers = others
        .iter()
        .flat_map(|(one, _)| [one.subject, one.issuer, one.key, one.signer]);
    // Of two names and keys, 0 is fixed, and so is 1.
    let has_three = numbers.chain([client.subject]).any(|number| number == 2);
    !has_three || renamings.into_iter().all(is_first)
}

fn der(one: Template, serial: usize, is_ca: bool) -> Vec<u8> {
    let name = |number: usize| Name::cn(["A", "B", "C"][number]);
    Cert::bare(name(one.subject), &key(one.key))
        .issuer(name(one.issuer))
        .signed_by(&key(one.signer))
        .serial(&[serial as u8 + 1])
        .extension(Extension::basic_constraints(is_ca, None))
        .der()
}

/// The client is issued by name 0 and signed by key 0.
fn client(subject: usize, key: usize) -> Template {
    Template {
        subject,
        issuer: 0,
        key,
        signer: 0,
    }
}

/// All shapes with a client that is no CA.
fn of_clients(count: usize, others: usize) -> Bound {
    let subjects = 0..count;
    let clients = subjects.map(|subject| (client(subject, OWN_KEY), ClientIs::Alone));
    Bound {
        count,
        others,
        clients: clients.collect(),
    }
}

#[test]
fn three_certificates_of_three_names_and_keys() {
    let others = if is_large() { 3 } else { 2 };
    of_clients(3, others)
        .run()
        .assert("shapes of 3", [12_656, 2582, 25_312, 0, 1826]);
}

#[test]
fn four_certificates_of_two_names_and_keys() {
    of_clients(2, 3)
        .run()
        .assert("shapes of 2", [28_560, 19_312, 57_120, 0, 11_476]);
}

#[test]
fn the_client_is_of_the_store() {
    let mut clients = Vec::new();
    for (subject, key) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for client_is in [ClientIs::Stored, ClientIs::Anchor, ClientIs::Pinned] {
            clients.push((client(subject, key), client_is));
        }
    }
    let bound = Bound {
        count: 2,
        others: if is_large() { 3 } else { 2 },
        clients,
    };
    bound.run().assert(
        "shapes with the client in the store",
        [10_212, 5856, 20_424, 0, 5646],
    );
}
