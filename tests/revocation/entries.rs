//! What is told of an entry: the day and the reason.

use mtls_verify::error::Reason;
use mtls_verify::pki_types::UnixTime;
use mtls_verify::revocation::RevocationReason;
use testpki::{Crl, Entry, Reason as Listed, Time};

use crate::{alice, builder, crl_der, issuing, policy, verify};

const DAY: u64 = 86_400;

/// The start of 1990 and of the last day that is told, in seconds.
const FIRST: u64 = 631_152_000;
const LAST: u64 = FIRST + 32_767 * DAY;

/// What a refusal says of an entry for the client.
fn told(entry: Entry) -> (RevocationReason, u64) {
    let store = builder()
        .add_crl_der(&crl_der(&Crl::of(&issuing()).entry(entry)))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    let refusal = verify(&store, &alice(), &policy()).expect_err("on the CRL");
    match refusal.reason() {
        Reason::Revoked { reason, on } => (*reason, on.as_secs()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn days_are_told() {
    let june = 1_780_272_000;
    for (at, day) in [
        (0, FIRST),
        (FIRST - 1, FIRST),
        (FIRST, FIRST),
        (FIRST + DAY - 1, FIRST),
        (FIRST + DAY, FIRST + DAY),
        (june - 1, june - DAY),
        (june, june),
        (june + 12 * 3_600, june),
        (LAST - 1, LAST - DAY),
        (LAST, LAST),
        (LAST + 40 * DAY, LAST),
    ] {
        let entry = Entry::of(&alice()).revoked_at_time(Time::unix(at));
        let (_, on) = told(entry);
        assert_eq!(
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(on)).as_secs(),
            day,
            "{at}"
        );
    }
}

#[test]
fn reasons_are_told() {
    for (listed, reason) in [
        (Listed::KeyCompromise, RevocationReason::KeyCompromise),
        (Listed::CaCompromise, RevocationReason::CaCompromise),
        (
            Listed::AffiliationChanged,
            RevocationReason::AffiliationChanged,
        ),
        (Listed::Superseded, RevocationReason::Superseded),
        (
            Listed::CessationOfOperation,
            RevocationReason::CessationOfOperation,
        ),
        (Listed::CertificateHold, RevocationReason::CertificateHold),
        (
            Listed::PrivilegeWithdrawn,
            RevocationReason::PrivilegeWithdrawn,
        ),
        (Listed::AaCompromise, RevocationReason::AaCompromise),
    ] {
        assert_eq!(told(Entry::of(&alice()).reason(listed)).0, reason);
    }
    assert_eq!(told(Entry::of(&alice())).0, RevocationReason::Unspecified);
}

/// Of several entries of a delta CRL for one certificate, one on hold counts more than one that
/// removes it from the CRL.
#[test]
fn an_entry_on_hold_outweighs_one_that_removes() {
    let entry = |reason| Entry::of(&alice()).reason(reason);
    let [hold, remove] = [Listed::CertificateHold, Listed::RemoveFromCrl].map(entry);
    for [first, second] in [[hold.clone(), remove.clone()], [remove, hold]] {
        let delta = Crl::of(&issuing()).number(2).delta(1);
        let store = builder()
            .add_crl_der(&crl_der(&Crl::of(&issuing())))
            .and_then(|builder| builder.add_crl_der(&crl_der(&delta.entry(first).entry(second))))
            .and_then(|builder| builder.build())
            .expect("a good store");
        let refusal = verify(&store, &alice(), &policy()).expect_err("on hold");
        let Reason::Revoked { reason, .. } = refusal.reason() else {
            panic!("{refusal:?}");
        };
        assert_eq!(*reason, RevocationReason::CertificateHold);
    }
}
