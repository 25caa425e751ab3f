//! What a judge remembers from one path to the next of the same verification.

use alloc::vec::Vec;

use testpki::{Cert, Extension, Key, KeyUsage};

use super::*;
use crate::x509::Fields;

/// 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

struct Pki {
    /// The client's, that of a CA which is no other's, and the anchor's.
    certificates: [Vec<u8>; 3],
}

impl Pki {
    fn new(intermediate: impl Fn(Cert) -> Cert) -> Self {
        let root = Cert::ca("Root", &Key::p256("root"));
        let issuing = Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&root);
        let issuing = intermediate(issuing);
        let client = Cert::client("alice", &Key::p256("alice")).issued_by(&issuing);
        Self {
            certificates: [client.der(), issuing.der(), root.der()],
        }
    }

    /// Judges the path from one of the certificates on, after another path.
    fn check(&self, judge: &mut Judge<'_>, first: usize, role: Role) -> Result<Window, Reason> {
        self.check_by(judge, first, (role, Strictness::Policy)).0
    }

    /// The same, and the time in which nothing changes.
    fn check_by(
        &self,
        judge: &mut Judge<'_>,
        first: usize,
        asked: (Role, Strictness),
    ) -> (Result<Window, Reason>, StableInterval) {
        let certificates = &self.certificates;
        let fields: Vec<_> = certificates
            .iter()
            .map(|der| Fields::parse(der).unwrap())
            .collect();
        let path: Vec<_> = (first..certificates.len())
            .map(|index| Step {
                node: match index {
                    2 => Node::Anchor(0),
                    index => Node::Presented(index),
                },
                certificate: fields[index].view(&certificates[index]),
                is_self_issued: index == 2,
            })
            .collect();
        let mut stable = StableInterval::around(Time::from(judge.now));
        let judged = judge.check_certificates(&path, asked, &mut stable);
        (judged.map_err(|failure| failure.reason), stable)
    }
}

fn with_judge(policy: &ClientPolicy, test: impl Fn(&mut Judge<'_>)) {
    let now = UnixTime::since_unix_epoch(core::time::Duration::from_secs(NOW));
    let root = Cert::ca("Root", &Key::p256("root"));
    let store = TrustStore::from_pem(root.pem().as_bytes()).unwrap();
    let budget = Budget::new(&policy.limits);
    test(&mut Judge::new(now, policy, (&store, None), &budget));
}

#[test]
fn an_issuer_of_crls_is_not_known_as_a_ca() {
    let for_crls = |cert: Cert| {
        cert.without_extension(testpki::oid::BASIC_CONSTRAINTS)
            .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
    };
    let pki = Pki::new(for_crls);
    with_judge(&ClientPolicy::default(), |judge| {
        for _ in 0..2 {
            pki.check(judge, 1, Role::CrlIssuer).expect("for CRLs");
            let reason = pki.check(judge, 0, Role::Client).expect_err("no CA");
            assert!(matches!(reason, Reason::NotACa(_)), "{reason:?}");
        }
    });
}

#[test]
fn what_is_valid_for_revoking_is_not_known_as_valid() {
    let pki = Pki::new(|cert| cert.not_after("2026-05-31T23:59:59Z"));
    with_judge(&ClientPolicy::default(), |judge| {
        for _ in 0..2 {
            let revoking = (Role::Client, Strictness::Revoking);
            let (checked, _) = pki.check_by(judge, 0, revoking);
            checked.expect("whatever its age");
            let reason = pki.check(judge, 0, Role::Client).expect_err("expired");
            assert!(matches!(reason, Reason::Expired { .. }), "{reason:?}");
        }
    });
}

#[test]
fn what_is_known_lasts_as_long_as_what_is_checked() {
    let pki = Pki::new(|cert| cert.not_after("2026-07-01T00:00:00Z"));
    with_judge(&ClientPolicy::default(), |judge| {
        let asked = (Role::Client, Strictness::Policy);
        let (first, stable) = pki.check_by(judge, 0, asked);
        for _ in 0..2 {
            let (again, its) = pki.check_by(judge, 0, asked);
            assert_eq!(
                again.as_ref().expect("valid"),
                first.as_ref().expect("valid")
            );
            assert_eq!(its.until(), stable.until());
        }
    });
}
