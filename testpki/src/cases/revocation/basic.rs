//! One CRL for each CA: who is on it, who is looked up, and what becomes of clients of which
//! nothing is known.

use super::{ALL_GOOD, GOOD, REVOKED, UNKNOWN, bob, client, plain_crl, revoking, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root, stranger};
use crate::{Cert, Crl, Entry, Key, Reason};

const RULE: &str = "RFC 5280 §6.3.3 (i), (j)";

pub(super) fn cases() -> Vec<Case> {
    [
        of_the_client(),
        of_issuers(),
        whose(),
        reasons(),
        nothing_known(),
        several_paths(),
    ]
    .concat()
}

fn of_the_client() -> Vec<Case> {
    let many = (0..50).fold(plain_crl(), |crl, number| {
        crl.entry(Entry::serial(&[0x40, number]))
    });
    vec![
        client("good", RULE, "A CRL without entries: the client is good."),
        client(
            "good-others",
            RULE,
            "The CRL has others: the client is good.",
        )
        .crls(&[plain_crl().revoke(&bob()).entry(Entry::serial(&[1]))]),
        client("revoked", RULE, "The CRL has the client: refused.")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        client(
            "revoked-among-many",
            RULE,
            "The CRL has the client and 50 others: refused.",
        )
        .crls(&[many.clone().revoke(&alice())])
        .refuse(REVOKED, "client"),
        client(
            "good-many",
            RULE,
            "The CRL has 50 others: the client is good.",
        )
        .crls(&[many]),
        client(
            "revoked-unknown-allowed",
            RULE,
            "A policy that lets in clients of which nothing is known does not let in a revoked one.",
        )
        .policy("revocation.unknown", "allow")
        .crls(&[revoking()])
        .refuse(REVOKED, "client"),
        client(
            "off",
            RULE,
            "Revocation is off: the CRL that has the client is not looked at.",
        )
        .policy("revocation.scope", "off")
        .crls(&[revoking()])
        .revocation(&["not-checked"; 3]),
        client(
            "direct",
            RULE,
            "The anchor issued the client, and has a CRL without entries.",
        )
        .chain(&[alice_of(&root())])
        .crls(&[Crl::of(&root())])
        .path(&["CN=alice", "CN=Root"])
        .revocation(&GOOD[..2]),
        client(
            "direct-revoked",
            RULE,
            "The anchor issued the client, and its CRL has it: refused.",
        )
        .chain(&[alice_of(&root())])
        .crls(&[Crl::of(&root()).revoke(&alice_of(&root()))])
        .refuse(REVOKED, "client"),
        client(
            "expired-revoked",
            RULE,
            "The client has expired, which the policy accepts, and is revoked: refused.",
        )
        .chain(&[alice().not_after("2026-03-01T00:00:00Z"), issuing()])
        .policy("expiry.client", "accept")
        .crls(&[plain_crl().revoke(&alice().not_after("2026-03-01T00:00:00Z"))])
        .refuse(REVOKED, "client"),
    ]
}

/// The CAs between client and anchor, and the anchor.
fn of_issuers() -> Vec<Case> {
    let sub = Cert::ca("Sub CA", &Key::p256("sub")).issued_by(&issuing());
    let below_sub = alice_of(&sub);
    let root_revokes = || Crl::of(&root()).revoke(&issuing());
    let three = |name: &str, description: &str| {
        whole_path(name, RULE, description)
            .chain(&[below_sub.clone(), sub.clone(), issuing()])
            .path(&["CN=alice", "CN=Sub CA", "CN=Issuing CA", "CN=Root"])
            .revocation(&["good", "good", "good", "not-checked"])
    };
    vec![
        whole_path("path-good", RULE, "Client and intermediate are on no CRL."),
        whole_path("path-client-revoked", RULE, "The client is revoked: refused.")
            .crls(&[revoking(), Crl::of(&root())])
            .refuse(REVOKED, "client"),
        whole_path("path-intermediate-revoked", RULE, "The intermediate is revoked: refused.")
            .crls(&[plain_crl(), root_revokes()])
            .refuse(REVOKED, "presented 1"),
        client("client-intermediate-revoked", RULE, "The intermediate is revoked, but only the client is checked.")
            .crls(&[plain_crl(), root_revokes()]),
        whole_path("path-stored-intermediate-revoked", RULE, "An intermediate of the store is revoked: refused.")
            .chain(&[alice()])
            .intermediates(&[issuing()])
            .crls(&[plain_crl(), root_revokes()])
            .refuse(REVOKED, "intermediate"),
        whole_path("path-stored-intermediate-good", RULE, "An intermediate of the store is on no CRL.")
            .chain(&[alice()])
            .intermediates(&[issuing()]),
        three("path-three-good", "Each certificate of a longer path is on no CRL of its issuer.")
            .crls(&[Crl::of(&sub), plain_crl(), Crl::of(&root())]),
        three("path-three-revoked", "The lower intermediate of a longer path is revoked: refused.")
            .crls(&[Crl::of(&sub), plain_crl().revoke(&sub), Crl::of(&root())])
            .refuse(REVOKED, "presented 1"),
        whole_path("path-anchor-listed", "RFC 5280 §6.1.1 (d)", "The anchor is on its own CRL: trust in it comes from elsewhere.")
            .crls(&[plain_crl(), Crl::of(&root()).revoke(&root())]),
        whole_path("path-anchor-issued-listed", "RFC 5280 §6.1.1 (d)", "The anchor has an issuer, whose CRL has it: an anchor is never looked up.")
            .anchors(&[issuing()])
            .chain(&[alice(), root()])
            .crls(&[plain_crl(), root_revokes()])
            .path(&["CN=alice", "CN=Issuing CA"])
            .revocation(&GOOD[..2]),
        whole_path("path-two-revoked-unknown-allowed", RULE, "Nothing is known of the intermediate, which is allowed; the client is revoked: refused.")
            .policy("revocation.unknown", "allow")
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
    ]
}

/// A serial number counts with its issuer.
fn whose() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (b)(1), §4.1.2.2";
    vec![
        client("serial-of-another-issuer", rule, "The CRL of the issuer's issuer has the client's serial number: that is another certificate.")
            .crls(&[plain_crl(), Crl::of(&root()).revoke(&alice())]),
        client("serial-of-a-stranger", rule, "The CRL of a trusted stranger has the client's serial number: that is another certificate.")
            .anchors(&[root(), stranger()])
            .crls(&[plain_crl(), Crl::of(&stranger()).revoke(&alice())]),
        whole_path("path-serial-of-another-issuer", rule, "The issuing CA lists the serial number that it has itself: that is another certificate.")
            .crls(&[plain_crl().revoke(&issuing()), Crl::of(&root()).revoke(&alice())]),
    ]
}

/// Whatever is said of the revocation, it is one.
fn reasons() -> Vec<Case> {
    let rule = "RFC 5280 §5.3.1";
    let reason = |name: &str, reason| {
        client(
            &format!("reason-{name}"),
            rule,
            &format!("The client is revoked, and the reason is {name}: refused."),
        )
        .crls(&[plain_crl().entry(Entry::of(&alice()).reason(reason))])
        .refuse(REVOKED, "client")
    };
    let entry = |name: &str, rule: &str, description: &str, entry: Entry| {
        client(name, rule, description)
            .crls(&[plain_crl().entry(entry)])
            .refuse(REVOKED, "client")
    };
    vec![
        reason("unspecified", Reason::Unspecified),
        reason("key-compromise", Reason::KeyCompromise),
        reason("ca-compromise", Reason::CaCompromise),
        reason("affiliation-changed", Reason::AffiliationChanged),
        reason("superseded", Reason::Superseded),
        reason("cessation-of-operation", Reason::CessationOfOperation),
        reason("certificate-hold", Reason::CertificateHold),
        reason("privilege-withdrawn", Reason::PrivilegeWithdrawn),
        reason("aa-compromise", Reason::AaCompromise),
        entry(
            "reason-remove-from-crl",
            rule,
            "A complete CRL has the client to be removed, which only a delta may say: refused.",
            Entry::of(&alice()).reason(Reason::RemoveFromCrl),
        ),
        entry(
            "date-to-come",
            "RFC 5280 §5.1.2.6, §6.3.3 (j)",
            "The client's revocation is dated later than now: it is on the CRL all the same.",
            Entry::of(&alice()).revoked_at("2026-12-01T00:00:00Z"),
        ),
        entry(
            "invalidity-date-to-come",
            "RFC 5280 §5.3.2",
            "The client's invalidity date is later than now: it is on the CRL all the same.",
            Entry::of(&alice())
                .reason(Reason::KeyCompromise)
                .invalidity_date("2026-12-01T00:00:00Z"),
        ),
    ]
}

fn nothing_known() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (end): UNDETERMINED";
    let allow = |case: Case| case.policy("revocation.unknown", "allow");
    let no_crls =
        |name: &str, description: &str| client(name, rule, description).without_file("crls.pem");
    let of_root_only =
        |name: &str, description: &str| client(name, rule, description).crls(&[Crl::of(&root())]);
    let without_root =
        |name: &str, description: &str| whole_path(name, rule, description).crls(&[plain_crl()]);
    vec![
        no_crls("missing-denied", "There is no CRL at all: refused.").without_crl("client"),
        no_crls(
            "missing-deny",
            "There is no CRL at all, and the policy names the default: refused.",
        )
        .policy("revocation.unknown", "deny")
        .without_crl("client"),
        allow(no_crls(
            "missing-allowed",
            "There is no CRL at all, which the policy allows.",
        ))
        .revocation(&UNKNOWN),
        of_root_only(
            "missing-another-ca-denied",
            "There is a CRL of another CA only: refused.",
        )
        .without_crl("client"),
        allow(of_root_only(
            "missing-another-ca-allowed",
            "There is a CRL of another CA only, and the policy allows that nothing is known.",
        ))
        .revocation(&UNKNOWN),
        without_root(
            "path-missing-intermediate-denied",
            "There is no CRL for the intermediate: refused.",
        )
        .without_crl("presented 1"),
        allow(without_root(
            "path-missing-intermediate-allowed",
            "There is no CRL for the intermediate, which the policy allows.",
        ))
        .revocation(&["good", "unknown", "not-checked"]),
        allow(whole_path(
            "path-missing-both-allowed",
            rule,
            "There is no CRL for client and intermediate, which the policy allows.",
        ))
        .without_file("crls.pem")
        .revocation(&["unknown", "unknown", "not-checked"]),
        client(
            "client-missing-intermediate",
            rule,
            "There is no CRL for the intermediate, but only the client is checked.",
        )
        .crls(&[plain_crl()]),
        Case::new(
            "revocation-off-missing",
            rule,
            "There is no CRL at all, and revocation is off.",
        )
        .policy("revocation.scope", "off")
        .revocation(&["not-checked"; 3]),
        client(
            "pinned",
            "pinned certificates (no issuer: RFC 5280 §6.3 does not apply)",
            "A pinned client has no issuer whose CRL could count.",
        )
        .pins(&[alice()])
        .crls(&[revoking()])
        .path(&["CN=alice"])
        .revocation(&["not-checked"]),
    ]
}

/// A path that is not revoked is enough.
fn several_paths() -> Vec<Case> {
    let rule = "RFC 5280 §6.1, §6.3";
    let old_root = Cert::ca("Old Root", &Key::p256("old root"));
    let crossed = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&old_root);
    let case = |name: &str, description: &str| {
        whole_path(name, rule, description)
            .anchors(&[root(), old_root.clone()])
            .chain(&[alice(), issuing(), crossed.clone()])
    };
    vec![
        case(
            "paths-one-revoked",
            "The CA was issued by two roots, of which one revoked it: the path over the other one holds.",
        )
        .crls(&[plain_crl(), Crl::of(&root()).revoke(&issuing()), Crl::of(&old_root)])
        .path(&["CN=alice", "CN=Issuing CA", "CN=Old Root"])
        .revocation(&ALL_GOOD),
        case(
            "paths-client-revoked",
            "The CA was issued by two roots, and revoked the client: refused on both paths.",
        )
        .crls(&[revoking(), Crl::of(&root()), Crl::of(&old_root)])
        .refuse(REVOKED, "client"),
    ]
}
