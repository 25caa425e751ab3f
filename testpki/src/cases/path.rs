//! Finding the path: order, strangers, several ways, no way.

mod key_identifiers;

use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::{Cert, Extension, Key, oid};

const UNKNOWN_ISSUER: &str = "unknown-issuer";
const UNTRUSTED_ROOT: &str = "untrusted-root";
const BAD_SIGNATURE: &str = "bad-signature";

pub(super) fn cases() -> Vec<Case> {
    [
        lengths_and_order(),
        no_path(),
        anchors(),
        renewed_and_crossed(),
        same_names(),
        key_identifiers::cases(),
        loops(),
        policy_path_length(),
        unreadable(),
    ]
    .concat()
}

fn case(name: &str, description: &str) -> Case {
    Case::new(&format!("path-{name}"), "RFC 5280 §6.1", description)
}

/// A CA between the issuing CA and the client.
fn sub() -> Cert {
    Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing())
}

fn below_sub() -> Cert {
    alice_of(&sub())
}

const THROUGH_SUB: [&str; 4] = ["CN=alice", "CN=Sub CA", "CN=Issuing CA", "CN=Root"];

fn lengths_and_order() -> Vec<Case> {
    let direct = alice_of(&root());
    vec![
        case("direct", "A client that the anchor itself issued.")
            .chain(std::slice::from_ref(&direct))
            .path(&["CN=alice", "CN=Root"]),
        case(
            "one-intermediate",
            "Client, one presented intermediate, anchor.",
        ),
        case(
            "two-intermediates",
            "Client, two presented intermediates, anchor.",
        )
        .chain(&[below_sub(), sub(), issuing()])
        .path(&THROUGH_SUB),
        case(
            "shuffled",
            "Presented intermediates may come in any order (RFC 8446 §4.4.2).",
        )
        .chain(&[below_sub(), issuing(), sub()])
        .path(&THROUGH_SUB),
        case(
            "strangers",
            "Certificates that have nothing to do with the client are passed over.",
        )
        .chain(&[
            below_sub(),
            stranger(),
            issuing(),
            Cert::client("bob", &Key::p256("bob")).issued_by(&stranger()),
            sub(),
        ])
        .path(&THROUGH_SUB),
        case(
            "duplicates",
            "A certificate that is presented twice is one.",
        )
        .chain(&[below_sub(), sub(), sub(), issuing(), issuing()])
        .path(&THROUGH_SUB),
        case(
            "client-twice",
            "The client's certificate among the rest of the chain does no harm.",
        )
        .chain(&[alice(), alice(), issuing()]),
        case(
            "root-presented",
            "A chain that ends with the root itself is fine.",
        )
        .chain(&[alice(), issuing(), root()]),
        case(
            "root-presented-direct",
            "Client and root, and the root is the anchor.",
        )
        .chain(&[direct, root()])
        .path(&["CN=alice", "CN=Root"]),
        case(
            "store-intermediate",
            "The intermediate comes from the store.",
        )
        .chain(&[alice()])
        .intermediates(&[stranger(), issuing()]),
        case(
            "store-and-presented",
            "One intermediate is presented, the other one comes from the store.",
        )
        .chain(&[below_sub(), sub()])
        .intermediates(&[issuing()])
        .path(&THROUGH_SUB),
        case(
            "store-and-presented-crosswise",
            "The upper intermediate is presented, the lower one comes from the store.",
        )
        .chain(&[below_sub(), issuing()])
        .intermediates(&[sub()])
        .path(&THROUGH_SUB),
    ]
}

fn no_path() -> Vec<Case> {
    let lone = Cert::client("alice", &Key::p256("alice"));
    let other_root = Cert::ca("Other Root", &Key::p256("other root"));
    vec![
        case(
            "missing-intermediate",
            "Nobody has the intermediate: no path.",
        )
        .chain(&[alice()])
        .refuse(UNKNOWN_ISSUER, "client")
        .message("issued by CN=Issuing CA"),
        case(
            "missing-upper-intermediate",
            "The upper intermediate is missing: no path.",
        )
        .chain(&[below_sub(), sub()])
        .refuse(UNKNOWN_ISSUER, "presented 1")
        .message("issued by CN=Issuing CA"),
        case(
            "unknown-root",
            "The chain is whole, but its root is not an anchor.",
        )
        .anchors(&[other_root])
        .chain(&[alice(), issuing(), root()])
        .refuse(UNTRUSTED_ROOT, "presented 2"),
        case(
            "store-intermediate-is-no-anchor",
            "An intermediate of the store does not end a path.",
        )
        .anchors(&[stranger()])
        .chain(&[alice()])
        .intermediates(&[issuing()])
        .refuse(UNKNOWN_ISSUER, "intermediate")
        .message("issued by CN=Root"),
        case(
            "self-signed-client",
            "A self-signed client that is not pinned is not trusted.",
        )
        .chain(&[lone])
        .refuse(UNTRUSTED_ROOT, "client"),
        case(
            "impostor-root",
            "A root with the anchor's name and another key is not the anchor, and not signed by it either.",
        )
        .chain(&{
            let impostor = Cert::ca("Root", &Key::p256("impostor"));
            let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&impostor);
            [alice_of(&issuing), issuing, impostor]
        })
        .refuse(BAD_SIGNATURE, "presented 2"),
    ]
}

fn anchors() -> Vec<Case> {
    let same_name = ["first", "second", "third"].map(|label| Cert::ca("Root", &Key::p256(label)));
    let third = &same_name[2];
    let issuing_of_third = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(third);
    let without_identifiers = |cert: Cert| {
        cert.without_extension(oid::SUBJECT_KEY_IDENTIFIER)
            .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
    };
    vec![
        case(
            "anchor-is-intermediate",
            "An anchor need not be self-signed: the path ends at it.",
        )
        .anchors(&[issuing()])
        .chain(&[alice()])
        .path(&["CN=alice", "CN=Issuing CA"]),
        case(
            "anchor-is-intermediate-root-presented",
            "The path ends at an anchor although the chain goes on to a root.",
        )
        .anchors(&[issuing()])
        .chain(&[alice(), root()])
        .path(&["CN=alice", "CN=Issuing CA"]),
        case("several-anchors", "The anchor is one of several.").anchors(&[
            stranger(),
            root(),
            Cert::ca("Other Root", &Key::p256("other root")),
        ]),
        case(
            "anchors-of-one-name",
            "Three anchors have one name and different keys; the third one signed.",
        )
        .anchors(&same_name)
        .chain(&[alice_of(&issuing_of_third), issuing_of_third.clone()]),
        case(
            "anchors-of-one-name-without-identifiers",
            "The same, and no key identifier helps.",
        )
        .anchors(&same_name.clone().map(without_identifiers))
        .chain(&[
            without_identifiers(alice_of(&issuing_of_third)),
            without_identifiers(issuing_of_third),
        ]),
        case(
            "anchor-renewed-same-key",
            "The anchor expired, but its successor with the same name and key is an anchor too.",
        )
        .anchors(&[root().not_after("2026-01-01T00:00:00Z"), root()]),
    ]
}

fn renewed_and_crossed() -> Vec<Case> {
    let key = Key::p256("issuing");
    let old_root = Cert::ca("Old Root", &Key::p256("old root"));
    let crossed = Cert::ca("Issuing CA", &key).issued_by(&old_root);
    let root_by_old_root = Cert::ca("Root", &Key::p256("root")).issued_by(&old_root);
    let expired = issuing().not_after("2026-01-01T00:00:00Z");
    let new_key = Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(&root());
    let expired_crossed = root_by_old_root.clone().not_after("2026-01-01T00:00:00Z");
    let new_with_old = Cert::ca("Root", &Key::p256("root, new")).issued_by(&root());
    vec![
        case("crossed-known-second", "The CA was issued by two roots; only that of the second certificate is an anchor.")
            .chain(&[alice(), crossed.clone(), issuing()]),
        case("crossed-known-first", "The CA was issued by two roots; only that of the first certificate is an anchor.")
            .chain(&[alice(), issuing(), crossed]),
        case("crossed-root-old-anchor", "Only the old root is an anchor; it vouches for the new root.")
            .anchors(std::slice::from_ref(&old_root))
            .chain(&[alice(), issuing(), root_by_old_root.clone()])
            .path(&["CN=alice", "CN=Issuing CA", "CN=Root", "CN=Old Root"]),
        case("crossed-root-new-anchor", "The new root is an anchor: the certificate from the old one is not needed.")
            .chain(&[alice(), issuing(), root_by_old_root]),
        case("crossed-expired-with-alternative", "The certificate from the old root expired; the new root is an anchor.")
            .anchors(&[old_root, root()])
            .chain(&[alice(), issuing(), expired_crossed]),
        case("renewed-same-key-old-first", "The CA was renewed with its key; both certificates are presented, the expired one first.")
            .chain(&[alice(), expired.clone(), issuing()]),
        case("renewed-same-key-new-first", "The CA was renewed with its key; both certificates are presented, the expired one last.")
            .chain(&[alice(), issuing(), expired.clone()]),
        case("renewed-same-key-only-old", "The CA was renewed, but only its expired certificate is presented.")
            .chain(&[alice(), expired.clone()])
            .refuse("expired", "presented 1"),
        case("renewed-same-key-new-in-store", "The expired certificate of the CA is presented; the store has the new one.")
            .chain(&[alice(), expired])
            .intermediates(&[issuing()]),
        case("renewed-new-key-old-first", "The CA was renewed with a new key, which signed; the old certificate is presented first.")
            .chain(&[alice_of(&new_key), issuing(), new_key.clone()]),
        case("renewed-new-key-client-of-old", "The CA was renewed with a new key; the client was signed with the old one.")
            .chain(&[alice(), new_key, issuing()]),
        Case::new(
            "path-self-issued-rollover",
            "RFC 5280 §6.1, §3.2",
            "The root changed its key: the anchor vouches for the new key in a self-issued certificate.",
        )
        .chain(&{
            let issuing = Cert::ca("Issuing CA", &key).issued_by(&new_with_old);
            [alice_of(&issuing), issuing, new_with_old]
        })
        .path(&["CN=alice", "CN=Issuing CA", "CN=Root", "CN=Root"]),
    ]
}

fn same_names() -> Vec<Case> {
    let impostor = Cert::ca("Issuing CA", &Key::p256("impostor")).issued_by(&stranger());
    let silent = |cert: Cert| {
        cert.without_extension(oid::SUBJECT_KEY_IDENTIFIER)
            .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
    };
    vec![
        case(
            "same-name-other-key-first",
            "A stranger with the CA's name comes first; the right one is tried as well.",
        )
        .chain(&[alice(), impostor.clone(), issuing()]),
        case(
            "same-name-other-key-first-without-identifiers",
            "The same, and no key identifier helps.",
        )
        .chain(&[silent(alice()), silent(impostor.clone()), silent(issuing())]),
        case(
            "same-name-in-store",
            "A stranger with the CA's name is presented; the right one is in the store.",
        )
        .chain(&[alice(), impostor])
        .intermediates(&[issuing()]),
        case(
            "same-name-trusted-impostor",
            "A CA of the same root and name, with another key, did not sign the client.",
        )
        .chain(&{
            let namesake = Cert::ca("Issuing CA", &Key::p256("twin")).issued_by(&root());
            [alice(), namesake]
        })
        .refuse(BAD_SIGNATURE, "client"),
        case(
            "same-name-after-two-failures",
            "Of three CAs of the name the first has another key, and the second has expired.",
        )
        .chain(&{
            let ca = |name, key| Cert::ca(name, &Key::p256(key));
            let policy = ca("Policy CA", "policy").issued_by(&root());
            let namesake = ca("Issuing CA", "twin").issued_by(&root());
            let expired = ca("Issuing CA", "issuing").issued_by(&root());
            let longer = ca("Issuing CA", "issuing").issued_by(&policy);
            // The shorter ones are tried first.
            let expired = expired.not_after("2026-05-31T23:59:59Z");
            let expired = expired.extension(Extension::unknown());
            [alice(), namesake, expired, longer, policy].map(silent)
        })
        .path(&["CN=alice", "CN=Issuing CA", "CN=Policy CA", "CN=Root"]),
    ]
}

fn loops() -> Vec<Case> {
    let (key_a, key_b) = (Key::p256("loop a"), Key::p256("loop b"));
    let a = Cert::ca("CA A", &key_a);
    let b = Cert::ca("CA B", &key_b);
    let a_by_b = a.clone().issued_by(&b);
    let b_by_a = b.clone().issued_by(&a);
    let b_by_root = b.issued_by(&root());
    let client = alice_of(&a);
    vec![
        case("loop", "Two CAs issued each other and no anchor issued either: no path, and an end to the search.")
            .chain(&[client.clone(), a_by_b.clone(), b_by_a.clone()])
            .refuse("no-way-to-anchor", "presented 2"),
        case("loop-with-exit", "Two CAs issued each other, and the anchor one of them: accepted.")
            .chain(&[client, a_by_b, b_by_a, b_by_root])
            .path(&["CN=alice", "CN=CA A", "CN=CA B", "CN=Root"]),
        case("loop-of-one", "A self-signed CA that is no anchor leads nowhere.")
            .chain(&[alice_of(&a), a])
            .refuse(UNTRUSTED_ROOT, "presented 1"),
        case("loop-client-is-its-ca", "A CA issued a client certificate to itself, with its own name and key: two certificates, so no loop.")
            .chain(&[
                Cert::client("Issuing CA", &Key::p256("issuing")).issued_by(&issuing()),
                issuing(),
            ])
            .path(&["CN=Issuing CA", "CN=Issuing CA", "CN=Root"]),
    ]
}

/// max_path_length of RFC 5280 §6.1.2 (k), as the policy sets it.
fn policy_path_length() -> Vec<Case> {
    let case = |name: &str, description: &str| {
        Case::new(
            &format!("path-policy-length-{name}"),
            "RFC 5280 §6.1.2 (k), §6.1.4 (l)",
            description,
        )
    };
    let too_long = |case: Case| case.refuse("max-path-length", "client");
    let sub = || Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    let two = |case: Case| {
        case.chain(&[alice_of(&sub()), sub(), issuing()]).path(&[
            "CN=alice",
            "CN=Sub CA",
            "CN=Issuing CA",
            "CN=Root",
        ])
    };
    let renewed = || Cert::ca("Issuing CA", &Key::p256("issuing 2")).issued_by(&issuing());
    let self_issued = |case: Case| {
        case.chain(&[alice_of(&renewed()), renewed(), issuing()])
            .path(&["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"])
    };
    let direct = |case: Case| {
        case.chain(&[alice_of(&root())])
            .path(&["CN=alice", "CN=Root"])
    };
    vec![
        case("1-one", "One intermediate, and the policy allows one.").policy_number("path-length", 1),
        too_long(case("0-one", "One intermediate, and the policy allows none.").policy_number("path-length", 0))
            .message("ClientPolicy::path_length"),
        direct(case("0-none", "No intermediate, and the policy allows none.")).policy_number("path-length", 0),
        two(case("2-two", "Two intermediates, and the policy allows two.")).policy_number("path-length", 2),
        too_long(two(case("1-two", "Two intermediates, and the policy allows one.")).policy_number("path-length", 1)),
        self_issued(case(
            "1-self-issued",
            "Two intermediates, one of them self-issued, which does not count: the policy allows one.",
        ))
        .policy_number("path-length", 1),
        too_long(
            self_issued(case(
                "0-self-issued",
                "Two intermediates, one of them self-issued: the policy allows none.",
            ))
            .policy_number("path-length", 0),
        ),
    ]
}

/// A presented certificate that does not parse is passed over.
fn unreadable() -> Vec<Case> {
    let broken = || {
        issuing().rewrite(|mut certificate| {
            certificate.truncate(certificate.len() - 5);
            certificate
        })
    };
    vec![
        case(
            "unreadable-stranger",
            "A presented certificate that does not parse is not needed: passed over.",
        )
        .chain(&[alice(), broken(), issuing()]),
        case(
            "unreadable-intermediate",
            "The intermediate does not parse: no path.",
        )
        .chain(&[alice(), broken()])
        .refuse(UNKNOWN_ISSUER, "client")
        .message("presented certificate 1 was passed over as malformed"),
        case(
            "unreadable-intermediate-in-store-good",
            "The presented intermediate does not parse; the store has a good one.",
        )
        .chain(&[alice(), broken()])
        .intermediates(&[issuing()]),
        case(
            "stranger-critical-unknown",
            "A stranger with an unknown critical extension is no part of the path.",
        )
        .chain(&[
            alice(),
            stranger().extension(Extension::unknown().critical()),
            issuing(),
        ]),
        case(
            "stranger-expired",
            "An expired stranger is no part of the path.",
        )
        .chain(&[
            alice(),
            stranger().not_after("2021-01-01T00:00:00Z"),
            issuing(),
        ]),
    ]
}
