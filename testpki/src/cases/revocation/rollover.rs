//! A CA changes its key: CRLs by the old key count for certificates by the new one, and the other
//! way round.

use super::faults::Fault;
use super::{GOOD, UNKNOWN, by, new_key, not_authentic, used};
use crate::cases::Case;
use crate::cases::fixture::{alice, alice_of, issuing, root};
use crate::{Cert, Crl, Key};

const RULE: &str = "RFC 5280 §6.3.3 (f), §3.3";

pub(super) fn cases() -> Vec<Case> {
    [issuing_ca(), self_issued(), anchor()].concat()
}

/// The issuing CA with its new key.
fn new() -> Cert {
    new_key(&root())
}

fn issuing_ca() -> Vec<Case> {
    [
        used(
            "rollover-crl-by-new-key",
            RULE,
            "The old key signed the client and the new one the CRL; both certificates of the CA are presented.",
            |case, crl| {
                case.chain(&[alice(), issuing(), new()])
                    .crls(&[by(&new(), crl)])
            },
        ),
        used(
            "rollover-crl-by-old-key",
            RULE,
            "The new key signed the client and the old one the CRL; both certificates of the CA are presented.",
            |case, crl| {
                case.chain(&[alice_of(&new()), new(), issuing()])
                    .crls(&[crl])
            },
        ),
        used(
            "rollover-new-in-store",
            RULE,
            "The old key signed the client and the new one the CRL; the store has the new certificate.",
            |case, crl| case.intermediates(&[new()]).crls(&[by(&new(), crl)]),
        ),
        used(
            "rollover-old-in-store",
            RULE,
            "The new key signed the client and the old one the CRL; the store has the old certificate.",
            |case, crl| {
                case.chain(&[alice_of(&new()), new()])
                    .intermediates(&[issuing()])
                    .crls(&[crl])
            },
        ),
        not_authentic(
            "rollover-new-missing",
            RULE,
            Fault::Signature,
            "The old key signed the client and the new one the CRL; nobody has the new certificate.",
            |case, crl| case.crls(&[by(&new(), crl)]),
        ),
        not_authentic(
            "rollover-old-missing",
            RULE,
            Fault::Signature,
            "The new key signed the client and the old one the CRL; nobody has the old certificate.",
            |case, crl| case.chain(&[alice_of(&new()), new()]).crls(&[crl]),
        ),
        used(
            "rollover-renewed-same-key",
            RULE,
            "The CA was renewed with its key: the CRL counts for both of its certificates.",
            |case, crl| {
                let renewed = issuing().not_before("2026-03-01T00:00:00Z");
                case.chain(&[alice(), renewed]).crls(&[crl])
            },
        ),
    ]
    .concat()
}

/// The old key vouches for the new one, or the new one for the old.
fn self_issued() -> Vec<Case> {
    let new_with_old = || new_key(&issuing());
    let old_with_new = || Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&new());
    let through_both = ["CN=alice", "CN=Issuing CA", "CN=Issuing CA", "CN=Root"];
    let good = ["good", "not-checked", "not-checked", "not-checked"];
    [
        used(
            "rollover-above-in-path",
            RULE,
            "The old key signed the CRL, and is in the path above the new one, which signed the client.",
            move |case, crl| {
                let new = new_with_old();
                case.chain(&[alice_of(&new), new, issuing()])
                    .crls(&[crl])
                    .path(&through_both)
                    .revocation(&good)
            },
        ),
        used(
            "rollover-new-with-old",
            RULE,
            "The new key signed the CRL; the old one, which signed the client, vouches for it.",
            |case, crl| {
                let new = new_with_old();
                case.chain(&[alice(), issuing(), new.clone()])
                    .crls(&[by(&new, crl)])
            },
        ),
        used(
            "rollover-old-with-new",
            RULE,
            "The old key signed the CRL; the new one, which signed the client, vouches for it.",
            |case, crl| {
                case.chain(&[alice_of(&new()), new(), old_with_new()])
                    .crls(&[crl])
            },
        ),
    ]
    .concat()
}

/// The anchor changes its key.
fn anchor() -> Vec<Case> {
    let new_key = Key::p256("root, new");
    let new_root = Cert::ca("Root", &new_key);
    let new_with_old = new_root.clone().issued_by(&root());
    let direct = |case: Case, crl: &Crl| {
        case.chain(&[alice_of(&root())])
            .crls(std::slice::from_ref(crl))
            .path(&["CN=alice", "CN=Root"])
    };
    // The CRLs of the root: without the client, and with it.
    let of_root = |signer: &Cert| {
        let good = by(signer, Crl::of(&root()));
        (good.clone(), good.revoke(&alice_of(&root())))
    };
    let (good, revoking) = of_root(&new_root);
    let vouched = |name: &str, description: &str, crl: &Crl| {
        let case = super::client(name, RULE, description).revocation(&GOOD[..2]);
        direct(case, crl).chain(&[alice_of(&root()), new_with_old.clone()])
    };
    let apart = |name: &str, description: &str, crl: &Crl| {
        let case = super::client(name, RULE, description).revocation(&UNKNOWN[..2]);
        direct(case, crl).anchors(&[root(), new_root.clone()])
    };
    vec![
        vouched(
            "rollover-anchor-good",
            "The anchor's new key signed the CRL, and its old one, which signed the client, vouches for it.",
            &good,
        ),
        vouched(
            "rollover-anchor-revoked",
            "The anchor's new key, for which its old one vouches, signed a CRL that has the client: refused.",
            &revoking,
        )
        .refuse(super::REVOKED, "client"),
        apart(
            "rollover-another-anchor-denied",
            "The CRL is by an anchor of the same name with the new key, and nothing leads from one to the other: refused.",
            &good,
        )
        .untold(Fault::OtherAnchor, "client"),
        apart(
            "rollover-another-anchor-allowed",
            "The same, and the policy allows unknown status.",
            &good,
        )
        .policy("revocation.unknown", "allow"),
        apart(
            "rollover-another-anchor-revoked",
            "An anchor of the same name with the new key made the CRL, which names the client: refused, although nothing leads from one anchor to the other.",
            &revoking,
        )
        .policy("revocation.unknown", "allow")
        .refuse(super::REVOKED, "client"),
    ]
}
