use super::*;
use alloc::string::ToString;
use core::time::Duration;

/// An operator can find the CRL that is meant, and remove it.
#[test]
fn a_stale_crl_is_named() {
    let at = |days: u64| UnixTime::since_unix_epoch(Duration::from_secs(days * 86_400));
    let reason = Reason::StaleCrl {
        issuer: b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02CA".to_vec(),
        this_update: at(365),
        fresh_until: at(366).into(),
        now: at(369),
    };
    assert_eq!(
        reason.to_string(),
        "the certificate has no current revocation status: the CRL of CN=CA (thisUpdate \
         1971-01-01T00:00:00Z) was to be renewed 3 days ago (1971-01-02T00:00:00Z); renew it, or \
         remove it if it is left over"
    );
}
