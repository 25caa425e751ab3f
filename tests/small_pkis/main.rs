//! How rarely small PKIs meet a default limit: at most 9 presented certificates, 3 anchors and 3
//! stored intermediates, drawn at random.
//!
//! Each test verifies its PKIs under the default limits, and again with room for nearly any search.
//! The two verdicts are the same, unless a limit ended the first search, and those are counted. One
//! command tries a million PKIs:
//!
//! ```sh
//! SMALL_PKIS=1000000 cargo test --release --test small_pkis -- --nocapture
//! ```
//!
//! `SMALL_PKIS` is how many PKIs each test tries, and `SMALL_PKIS_FIRST` is the number of the
//! first. The output has numbers of PKIs that met a limit. A test that tries one PKI prints it.

mod certificate;
#[path = "../common/environment.rs"]
mod environment;
mod pki;
mod random;
mod seen;
mod world;

use std::ops::Range;
use std::thread;

use mtls_verify::VerifyError;
use mtls_verify::error::{CertificateRef, Position, Reason};
use mtls_verify::policy::Limits;

use pki::{Pki, Server};
use random::Random;
use seen::Seen;
use world::{Shape, World};

/// How many PKIs come from one world, and how many of them have the same server.
const OF_ONE_WORLD: u64 = 100;
const OF_ONE_SERVER: u64 = 10;

/// How many PKIs a test tries by default. Without optimisation, both tests together take about 12
/// seconds on two idle cores.
const DEPLOYED: u64 = 20_000;
const MESHES: u64 = 400;

/// In how many PKIs of 10,000 a limit may end the verification. A change of the search may lower
/// these numbers and not raise them.
struct Allowed {
    /// Where the client is accepted with more room.
    accepted: u64,
    /// The same without CRLs: names that have five keys each, and no key identifiers, can take more
    /// than 20 signatures.
    accepted_without_crls: u64,
    /// In all.
    all: u64,
}

#[test]
fn deployed_pkis() {
    let seen = verify_all(Shape::Deployed, DEPLOYED);
    seen.assert_limits_are_rare(&Allowed {
        accepted: 5,
        accepted_without_crls: 1,
        all: 60,
    });
    if seen.count() >= DEPLOYED {
        seen.assert_varied();
    }
}

#[test]
fn meshes() {
    let seen = verify_all(Shape::Mesh, MESHES);
    seen.assert_limits_are_rare(&Allowed {
        accepted: 25,
        accepted_without_crls: 25,
        all: 200,
    });
}

/// Whether the error is a limit. The name of the reason says so.
fn is_limit(reason: &Reason) -> bool {
    let name = name_of(reason);
    name.ends_with("Limit") || name == "PathTooLong"
}

/// Room for nearly any search. A few meshes would take minutes to search to the end.
fn roomy() -> Limits {
    Limits::default()
        .with_presented(usize::MAX)
        .with_certificate_bytes(usize::MAX)
        .with_intermediates(usize::MAX)
        .with_signatures(u32::MAX)
        .with_work(1_000_000)
}

/// The name of a reason alone, without values.
fn name_of(reason: &Reason) -> String {
    let shown = format!("{reason:?}");
    let is_end = |character: char| !character.is_alphanumeric();
    shown.split(is_end).next().unwrap_or_default().to_owned()
}

/// Verifies PKIs on all cores.
fn verify_all(shape: Shape, default_count: u64) -> Seen {
    let first = environment::number("SMALL_PKIS_FIRST").unwrap_or(0);
    let count = environment::count("SMALL_PKIS").unwrap_or(default_count);
    let wanted = first..first + count;
    let worlds = wanted.start / OF_ONE_WORLD..wanted.end.div_ceil(OF_ONE_WORLD);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let verify_some = |at: usize| {
        let mut seen = Seen::default();
        for number in worlds.clone().skip(at).step_by(threads) {
            verify_world(shape, number, &wanted, &mut seen);
        }
        seen
    };
    let seen = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|at| scope.spawn(move || verify_some(at)))
            .collect();
        let parts = workers.into_iter().map(|worker| {
            worker
                .join()
                .expect("the output above says which PKI failed")
        });
        parts.fold(Seen::default(), Seen::add)
    });
    println!("{shape:?}: {seen}");
    seen
}

fn verify_world(shape: Shape, number: u64, wanted: &Range<u64>, seen: &mut Seen) {
    let world = World::new(number, shape);
    let all = number * OF_ONE_WORLD..(number + 1) * OF_ONE_WORLD;
    for first in all.step_by(OF_ONE_SERVER as usize) {
        let of_server = first..first + OF_ONE_SERVER;
        let numbers: Vec<_> = of_server.filter(|number| wanted.contains(number)).collect();
        if numbers.is_empty() {
            continue;
        }
        let server = Server::choose(&world, &mut Random::new(first, 2));
        for number in numbers {
            let pki = Pki {
                number,
                server: &server,
                chain: pki::chain(&world, &mut Random::new(number, 3)),
            };
            if wanted.end - wanted.start == 1 {
                println!("{pki}");
            }
            verify_one(&pki, seen);
        }
    }
}

/// Notes the verdict of a PKI, which must be the same with more room unless a limit ended the
/// search.
fn verify_one(pki: &Pki<'_>, seen: &mut Seen) {
    let limited = pki.verify(Limits::default());
    let unlimited = pki.verify(roomy());
    let is_same = match (&limited, &unlimited) {
        (Ok(one), Ok(other)) => one.path().eq(other.path()),
        (Err(one), Err(other)) => one.to_string() == other.to_string(),
        _ => false,
    };
    let is_limited = limited
        .as_ref()
        .is_err_and(|refusal| is_limit(refusal.reason()) || !is_same && may_outrank_limit(refusal));
    assert!(
        is_same || is_limited,
        "{pki}{limited:?}\nbecomes {unlimited:?}"
    );
    seen.note(pki, &limited, &unlimited, is_limited);
}

/// Whether the error may be told instead of a limit that ended the search: a CA that is revoked
/// leaves other paths to be searched.
fn may_outrank_limit(refusal: &VerifyError) -> bool {
    let position = refusal.certificate().map(CertificateRef::position);
    matches!(refusal.reason(), Reason::Revoked { .. }) && position != Some(Position::Client)
}
