//! What a search leaves out: how much work it takes, as the least limit on work that does not end
//! it.

use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};
use mtls_verify::policy::{Limits, Profile, RevocationPolicy};
use mtls_verify::{ClientPolicy, TrustStore, verify_client_chain};
use testpki::{Attribute, Cert, Crl, Extension, GeneralName, Key, Name, StringType};

use crate::counted::{least_work, verify_counting};
use crate::{NOW, at_second, without_key_ids};

/// What a verification costs until the signatures of a path hold, in units of work, and what it
/// comes to.
fn units(anchors: &[Cert], chain: &[Cert]) -> (u32, String) {
    units_beside(&[], anchors, chain)
}

/// The same with intermediates in the store.
fn units_beside(intermediates: &[Cert], anchors: &[Cert], chain: &[Cert]) -> (u32, String) {
    let (work, outcome) = work_beside(intermediates, anchors, chain);
    (work / 10, outcome)
}

fn work_beside(intermediates: &[Cert], anchors: &[Cert], chain: &[Cert]) -> (u32, String) {
    let verify = |work| {
        let limits = Limits::default().with_work(work);
        let policy = ClientPolicy::default().with_limits(limits);
        verify_counting(anchors, intermediates, chain, policy).0
    };
    let (work, outcome) = least_work(verify);
    let outcome = match outcome {
        Ok(client) => format!("{} certificates", client.path().len()),
        Err(refusal) => refusal.to_string(),
    };
    (work, outcome)
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

/// A path that is refused for itself is judged once, and not once more for each length that paths
/// may have.
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

/// A name in which a character is not plain takes 30 units more for each of its characters.
#[test]
fn names_that_take_long_to_prepare_are_paid_for() {
    // As many bytes of UTF-8, so that the certificates are as long.
    let of = |text: &str| {
        let name = Name::new(&[Attribute::new("2.5.4.3", StringType::Utf8, text)]);
        let other = Cert::ca("Other", &Key::ed25519("other")).subject(name);
        let client = Cert::client("client", &Key::ed25519("client")).issued_by(&root());
        units(&[root()], &[client, other.issued_by(&root())])
    };
    let ((plain, first), (slow, second)) = (of(&"a".repeat(60)), of(&"\u{10d0}".repeat(20)));
    assert_eq!([first, second], ["2 certificates", "2 certificates"]);
    assert!(slow >= plain + 20 * 30, "{plain} and {slow}");
}

/// What `Profile::Rfc5280` takes more: a unit for 4 bytes of each certificate, and one for 2 bytes
/// of its lists.
#[test]
fn a_profile_pays_for_what_it_reads() {
    let root = Cert::ca("Root", &Key::ed25519("root"));
    let work = |names: usize, profile| {
        let names: Vec<_> = (0..names)
            .map(|number| GeneralName::dns(&format!("a{number:05}.b")))
            .collect();
        let chain = [Cert::client("client", &Key::p256("client"))
            .extension(Extension::subject_alt_name(&names))
            .issued_by(&root)];
        let policy = ClientPolicy::default().with_profile(profile);
        let verify = |work| {
            let policy = policy.clone();
            let policy = policy.with_limits(Limits::default().with_work(work));
            verify_counting(std::slice::from_ref(&root), &[], &chain, policy).0
        };
        let (work, outcome) = least_work(verify);
        outcome.expect("a good client");
        work.div_ceil(10)
    };
    let more = |names| work(names, Profile::Rfc5280) - work(names, Profile::Compatible);
    // Four names more are 40 bytes more.
    assert_eq!(more(44) - more(40), 40 / 4 + 40 / 2);
}

/// A CRL from the future takes no other one's place, so each of many is looked at. To see which
/// newer ones take the place of a CRL takes a unit for 8 of them.
#[test]
fn crls_from_the_future_cost_little_each() {
    let root = root();
    let client = client_of(&root);
    let work = |future: usize| {
        let mut builder = TrustStore::builder();
        builder.add_ca_der(&root.der()).expect("a good CA");
        let crls = (1..=future).map(|number| {
            let begin = format!("2026-07-01T00:{:02}:{:02}Z", number / 60, number % 60);
            Crl::of(&root).number(1 + number as u64).this_update(&begin)
        });
        for crl in crls.chain([Crl::of(&root)]) {
            let der = CertificateRevocationListDer::from(crl.der());
            builder.add_crl_der(&der).expect("a good CRL");
        }
        let store = builder.build().expect("a good store");
        let chain = [CertificateDer::from(client.der())];
        let policy = ClientPolicy::default().with_revocation(RevocationPolicy::client_only());
        let (work, outcome) = least_work(|work| {
            let policy = policy.clone();
            let policy = policy.with_limits(Limits::default().with_work(work));
            verify_client_chain(&store, &chain, at_second(NOW), &policy)
        });
        outcome.expect("on no CRL");
        // A tenth is for other work.
        work - work.div_ceil(10)
    };
    // To leave out superseded ones; to look up the client; to look for those that are newer than
    // each but the newest.
    let of = |crls: u32| crls / 4 + crls * 8 + (crls - 1) * (crls / 8);
    assert_eq!(work(399) - work(319), of(400) - of(320));
}

/// A client, and CAs without authority key identifiers: four that lead from it to the root, and
/// `count` each of three names above its issuer's, which lead there over more.
fn beside_a_mesh(count: usize) -> (Cert, Vec<Cert>) {
    fn below(issuer: &Cert, name: &str, key: &str) -> Cert {
        without_key_ids(Cert::ca(name, &Key::p256(key)).issued_by(issuer))
    }
    let top = below(&root(), "Top", "top");
    let mut others = vec![below(&top, "Upper", "upper"), top];
    let mut issuer = others[0].clone();
    for name in ["V", "U", "M"] {
        let one = |number| below(&issuer, name, &format!("{name} {number}"));
        let all: Vec<_> = (0..count).map(one).collect();
        issuer = all[0].clone();
        others.extend(all);
    }
    let mut issuer = root();
    for name in ["S3", "S2", "S1", "M"] {
        issuer = below(&issuer, name, name);
        if name == "M" {
            // So it is the last of its name in the store and in the chain.
            issuer = issuer.extension(Extension::subject_key_identifier(&[0xff; 20]));
        }
        others.push(issuer.clone());
    }
    (client_of(&issuer), others)
}

/// A certificate has ways over its issuer's name alone. How long they are is known of those over
/// intermediates of the store too.
#[test]
fn no_mesh_is_entered_that_leads_nowhere_in_time() {
    let presented = |count| {
        let (client, others) = beside_a_mesh(count);
        units(&[root()], &[&[client], &others[..]].concat())
    };
    let stored = |count| {
        let (client, others) = beside_a_mesh(count);
        units_beside(&others, &[root()], &[client])
    };
    let ((one, first), (many, second)) = (presented(1), presented(3));
    assert_eq!([first, second], ["6 certificates", "6 certificates"]);
    // Each of the six is read, and looked at once.
    assert!(many <= one + 6 * 150, "{one} and {many}");

    let ((one, first), (many, second)) = (stored(1), stored(3));
    assert_eq!([first, second], ["6 certificates", "6 certificates"]);
    assert!(many <= one + 6 * 75, "{one} and {many}");
}

/// Going on after a path that was refused before its signatures takes 60 units, after the last one
/// too.
#[test]
fn going_on_after_a_refused_path_is_paid_for() {
    let of = |not_after: &str| {
        let issuer = Cert::ca("M", &Key::p256("m")).issued_by(&root());
        let issuer = issuer.not_after(not_after);
        units(&[root()], &[client_of(&issuer), issuer])
    };
    let (bad, refused) = of("2026-05-31T23:59:59Z");
    let (good, accepted) = of("2026-06-30T23:59:59Z");
    assert!(refused.contains("CN=M expired"), "{refused}");
    assert_eq!(accepted, "3 certificates");
    // Two signatures, and little after them.
    let before = good - 2 * 1_200;
    assert!(
        (before + 40..=before + 60).contains(&bad),
        "{bad} and {before}"
    );
}

/// Where a signature does not hold, the issuer's name alone is no way up any longer. Neither is a
/// way over a CA that fails by itself.
#[test]
fn a_mesh_that_leads_nowhere_is_left() {
    let below = |name, key, issuer: &Cert| {
        without_key_ids(Cert::ca(name, &Key::p256(key)).issued_by(issuer))
    };
    let (top, stranger) = (
        below("Top", "top", &root()),
        below("Top", "stranger", &root()),
    );
    let upper = below("Upper", "upper", &root());
    let expired = below("Top", "top", &upper).not_after("2026-05-31T23:59:59Z");
    for (presented, signer, fault, signatures) in [
        (vec![top], stranger, "its issuer's key did not make", 2),
        (vec![expired.clone(), upper], expired, "CN=Top expired", 0),
    ] {
        let of = |count: u8| {
            let (mut issuer, mut others) = (signer.clone(), presented.clone());
            for name in ["V", "U", "T", "M"] {
                let one = below(name, name, &issuer);
                others.extend((1..=count).map(|number| one.clone().serial(&[number])));
                issuer = one;
            }
            units(&[root()], &[&[client_of(&issuer)], &others[..]].concat())
        };
        let ((one, first), (many, second)) = (of(1), of(3));
        for refused in [first, second] {
            assert!(refused.contains(fault), "{refused}");
        }
        // Each of the eight more is read, and looked at once.
        assert!(
            many <= one + signatures * 1_200 + 8 * 150,
            "{one} and {many}"
        );
    }
}

/// A search does not go on for longer paths where no key identifiers contradict each other.
#[test]
fn a_search_without_contradictions_ends_with_its_path() {
    let of = |path_len| {
        let issuer = Cert::ca("M", &Key::p256("m"))
            .extension(Extension::basic_constraints(true, Some(path_len)))
            .issued_by(&root());
        let lower = Cert::ca("Lower", &Key::p256("lower")).issued_by(&issuer);
        let client = Cert::client("client", &Key::p256("client")).issued_by(&lower);
        units(&[root()], &[client, lower, issuer])
    };
    let ((good, accepted), (bad, refused)) = (of(1), of(0));
    assert_eq!(accepted, "4 certificates");
    assert!(refused.contains("allows 0 intermediates"), "{refused}");
    assert!(bad <= good + 100, "{good} and {bad}");
}

/// A name is compared with permitted subtrees until one permits it.
#[test]
fn a_name_that_is_permitted_is_compared_with_no_more() {
    const NAMES: usize = 200;
    let name = |label: &str| GeneralName::dns(&format!("{label}.example"));
    let others = || (0..400).map(|number| name(&format!("{number}")));
    let of = |permitted: Vec<GeneralName>| {
        let subtrees: Vec<_> = permitted.iter().map(Extension::subtree).collect();
        let issuer = Cert::ca("M", &Key::p256("m"))
            .extension(Extension::name_constraints(&subtrees, &[]))
            .issued_by(&root());
        let names: Vec<_> = (0..NAMES)
            .map(|number| name(&format!("{number}.client")))
            .collect();
        let client = client_of(&issuer).extension(Extension::subject_alt_name(&names));
        work_beside(&[], &[root()], &[client, issuer])
    };
    let client = || [name("client")].into_iter();
    let (first, accepted) = of(client().chain(others()).collect());
    let (last, again) = of(others().chain(client()).collect());
    assert_eq!([accepted, again], ["3 certificates", "3 certificates"]);
    assert!(first + 10_000 <= last, "{first} and {last}");
}
