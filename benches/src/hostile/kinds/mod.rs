//! The kinds of dear chains.

mod forms;
mod mixed;
mod names;
mod paths;
mod policies;

use testpki::{Cert, Extension, oid};

use super::forge::forged;
use super::premises::{Anchoring, Asks, Names, World, strangers_key};
use super::{CERTIFICATE_BYTES, CHAIN_BYTES, Draft, Gene, Kind};
use crate::KeyKind;
use crate::pki::{ca, name};

/// All of them.
pub const KINDS: &[Kind] = &[
    names::DIRECTORY,
    names::DNS,
    names::URI,
    names::MAIL,
    names::SMTP_UTF8,
    names::IP,
    names::PRESENTED,
    names::LONG,
    paths::MESH,
    paths::PATH_LENGTHS,
    paths::FORGED,
    paths::GENUINE,
    paths::LARGE,
    paths::OTHER_ALGORITHM,
    paths::MANY_ANCHORS,
    paths::LARGE_STORES,
    paths::NEAR_COPIES,
    policies::POLICIES,
    policies::POINTS,
    forms::EXTENSIONS,
    forms::PURPOSES,
    forms::ALTERNATIVES,
    forms::MALFORMED,
    forms::GARBAGE,
    mixed::REPLAYED,
    mixed::MIXED,
];

/// The genes that all kinds begin with: which store and profile it is.
const KEY: Gene = gene("key", 2);
const STRICT: Gene = gene("strict", 1);
const UNIDENTIFIED: Gene = gene("unidentified", 1);
const EQUAL: Gene = gene("equal", 1);
/// 1, 24 or 1,000 anchors.
const ANCHORS: Gene = gene("anchors", 2);
/// 1 or 24 anchors.
const FEW: Gene = gene("anchors", 1);

const fn gene(name: &'static str, most: u32) -> Gene {
    Gene { name, most }
}

/// The world of the first five genes.
fn world(genes: &[u32]) -> World {
    let [key, strict, unidentified, equal, anchors] = genes[..5] else {
        panic!("five genes");
    };
    World {
        key: [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048][key as usize],
        anchors: [1, 24, 1_000, 11_000, 100_000][anchors as usize],
        names: match equal {
            0 => Names::Different,
            _ => Names::Equal,
        },
        anchoring: match unidentified {
            0 => Anchoring::Identified,
            _ => Anchoring::Unidentified,
        },
        is_strict: strict == 1,
        asks: Asks::Nothing,
    }
}

/// The bytes that each of `count` certificates may have beside what all have.
fn share(count: usize) -> usize {
    (CHAIN_BYTES / count).min(CERTIFICATE_BYTES) - 900
}

/// A client that `issuer` has not issued.
fn client(world: World, issuer: &Cert, number: u64) -> Cert {
    let key = strangers_key(0);
    let client = Cert::client("device-7", &key).subject(name("device-7"));
    forged(world.with_what_is_asked(client), issuer, world.key, number)
}

/// Intermediates below `issuer`, none of which it has issued, the lowest first; and the client
/// first of all. `change` is given each certificate with its place, of which the client has 0.
fn stack(
    world: World,
    issuer: &Cert,
    intermediates: usize,
    change: impl Fn(usize, Cert) -> Cert,
) -> Vec<Cert> {
    let mut stack: Vec<Cert> = Vec::new();
    for place in (1..=intermediates).rev() {
        let common_name = format!("Stranger CA {place}");
        let intermediate = world.with_what_is_asked(ca(&common_name, &strangers_key(place)));
        // A key of a stranger signs what is below, by the same algorithm or another.
        let (above, key) = match stack.first() {
            Some(above) => (above, KeyKind::P256),
            None => (issuer, world.key),
        };
        let intermediate = forged(intermediate, above, key, place as u64);
        stack.insert(0, change(place, intermediate));
    }
    let (above, key) = match stack.first() {
        Some(above) => (above, KeyKind::P256),
        None => (issuer, world.key),
    };
    let below = World { key, ..world };
    let client = client(below, above, 0);
    stack.insert(0, change(0, client));
    stack
}

fn encoded(chain: &[Cert]) -> Vec<Vec<u8>> {
    chain.iter().map(Cert::der).collect()
}

/// Where a stranger puts its certificates: the anchor, or the one intermediate that it did
/// issue, which is then presented.
fn issuer_of(world: World, is_genuine_between: bool) -> (Cert, Option<Cert>) {
    match is_genuine_between {
        true => (world.issuing(), Some(world.issuing())),
        false => (world.root(), None),
    }
}

fn draft(world: World, mut chain: Vec<Cert>, between: Option<Cert>) -> Draft {
    chain.extend(between);
    Draft {
        world,
        chain: encoded(&chain),
    }
}

/// A subjectAltName of encoded names.
fn alternative_names(names: &[Vec<u8>]) -> Extension {
    Extension::new(oid::SUBJECT_ALT_NAME, testpki::der::sequence(names))
}
