//! What a search leaves out: how much work it takes, as the least limit on work that does not end it.

use mtls_verify::{ClientPolicy, Limits};
use testpki::{Cert, Extension, Key};

use crate::counted::{least_work, verify_counting};

/// What a verification costs until the signatures of a path hold, in units of work, and what it
/// comes to.
fn units(anchors: &[Cert], chain: &[Cert]) -> (u32, String) {
    let verify = |work| {
        let limits = Limits::default().with_work(work);
        let policy = ClientPolicy::default().with_limits(limits);
        verify_counting(anchors, &[], chain, policy).0
    };
    let (work, outcome) = least_work(verify);
    let outcome = match outcome {
        Ok(client) => format!("{} certificates", client.path().len()),
        Err(refusal) => refusal.to_string(),
    };
    (work / 10, outcome)
}

fn root() -> Cert {
    Cert::ca("Root", &Key::p256("root"))
}

/// `count` CAs of one name below `issuer`.
fn of_one_name(name: &str, count: usize, issuer: &Cert) -> Vec<Cert> {
    let keys = (0..count).map(|number| Key::p256(&format!("{name} {number}")));
    keys.map(|key| Cert::ca(name, &key).issued_by(issuer))
        .collect()
}

fn client_of(issuer: &Cert) -> Cert {
    let client = Cert::client("client", &Key::p256("client")).issued_by(issuer);
    client.without_extension(testpki::oid::AUTHORITY_KEY_IDENTIFIER)
}

/// A CA that fails by itself fails for everybody below it.
#[test]
fn over_a_ca_that_fails_by_itself_there_is_one() {
    let upper = Cert::ca("Upper", &Key::p256("upper"))
        .issued_by(&root())
        .not_after("2026-05-31T23:59:59Z");
    let of = |count| {
        let issuers = of_one_name("M", count, &upper);
        let chain = [
            &[client_of(&issuers[0])],
            &issuers[..],
            std::slice::from_ref(&upper),
        ]
        .concat();
        units(&[root()], &chain)
    };
    let ((one, refused_one), (many, refused)) = (of(1), of(12));
    assert!(refused_one.contains("CN=Upper expired"), "{refused_one}");
    assert!(refused.contains("CN=Upper expired"), "{refused}");
    // To read the others is most of it; a path over each would take twelve times as much.
    assert!(many <= 5 * one, "{one} and {many}");
}

/// A path that is refused for itself is judged once, and not once more for each length that paths may have.
#[test]
fn a_path_that_fails_is_tried_once() {
    let issuer = Cert::ca("M", &Key::p256("m"))
        .extension(Extension::basic_constraints(true, Some(0)))
        .issued_by(&root());
    let lower = Cert::ca("Lower", &Key::p256("lower")).issued_by(&issuer);
    let chain = [client_of(&lower), lower, issuer];
    let (units, refused) = units(&[root()], &chain);
    assert!(refused.contains("allows 0 intermediates"), "{refused}");
    // Three signatures take 3,600.
    assert!(units <= 4_400, "{units}");
}

/// Ways that are known to be longer than the paths that are being looked for are not begun.
#[test]
fn ways_that_are_too_long_are_not_begun() {
    let top = Cert::ca("Top", &Key::p256("top")).issued_by(&root());
    let upper = Cert::ca("Upper", &Key::p256("upper")).issued_by(&top);
    let of = |count| {
        let long = of_one_name("M", count, &upper);
        let short = Cert::ca("M", &Key::p256("short")).issued_by(&root());
        let chain = [
            &[client_of(&short)],
            &long[..],
            &[short, upper.clone(), top.clone()],
        ]
        .concat();
        units(&[root()], &chain)
    };
    let ((one, first), (many, second)) = (of(1), of(10));
    assert_eq!([first, second], ["3 certificates", "3 certificates"]);
    // Each of the nine is read, and looked at once to see where it leads.
    assert!(many <= one + 9 * 150, "{one} and {many}");
}
