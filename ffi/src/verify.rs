//! The pure function.

use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::verify_client_chain;

use super::client::MtlsClient;
use super::error::{Failure, MtlsError, MtlsResult};
use super::pointers::{ErrorOut, MtlsBytes, Out, borrow, guard, slice};
use super::policy::MtlsPolicy;
use super::store::MtlsStore;

/// The longest chain that is looked at at all; `MTLS_LIMIT_PRESENTED` is far below.
const MAX_CHAIN: usize = 10_000;

/// Verifies the chain that a client presented: `count` certificates in DER, the client's own first,
/// at a time in seconds since 1970 (UTC). The buffers are not kept. A client that presents nothing
/// is a `count` of 0, and refused; a `count` of more than 10,000 is `MTLS_RESULT_TOO_LONG` without
/// a look at them.
///
/// On success `client` is who it is, to be freed. On failure `client` is left alone, and `error`,
/// unless NULL, is why. It depends on nothing but what it is given: it reads no clock and opens
/// nothing. All that it notes, in the store, is which keys made the signatures of CRLs and of
/// self-signed anchors. That changes no verdict. A verifier remembers more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_verify_client_chain(
    store: *const MtlsStore,
    chain: *const MtlsBytes,
    count: usize,
    unix_time: i64,
    policy: *const MtlsPolicy,
    client: *mut *mut MtlsClient,
    error: *mut *mut MtlsError,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: the same.
        let (store, policy, out, chain) = unsafe {
            (
                borrow(store)?,
                borrow(policy)?,
                Out::new(client, "client")?,
                certificates(chain, count)?,
            )
        };
        let policy = policy.read()?;
        let verified = verify_client_chain(store.store(), &chain, time(unix_time)?, &policy)?;
        out.put_handle(MtlsClient::new(verified))
    })
}

/// # Safety
/// As for [`slice`], for the array and for each buffer in it.
pub(crate) unsafe fn certificates<'a>(
    chain: *const MtlsBytes,
    count: usize,
) -> Result<Vec<CertificateDer<'a>>, Failure> {
    if count > MAX_CHAIN {
        let message = format!("a chain of {count} certificates; {MAX_CHAIN} are the most");
        return Err(Failure::usage(MtlsResult::TooLong, message));
    }
    // SAFETY: promised by the caller.
    let buffers = unsafe { slice(chain, count, "chain") }?;
    let certificate = |buffer: &MtlsBytes| {
        // SAFETY: promised by the caller.
        let der: &'a [u8] = unsafe { slice(buffer.data, buffer.len, "certificate") }?;
        Ok(CertificateDer::from(der))
    };
    buffers.iter().map(certificate).collect()
}

pub(crate) fn time(unix_time: i64) -> Result<UnixTime, Failure> {
    let seconds = u64::try_from(unix_time).map_err(|_| {
        let message = format!("the time {unix_time} is before 1970");
        Failure::usage(MtlsResult::InvalidTime, message)
    })?;
    Ok(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_have_a_greatest_length() {
        let empty = MtlsBytes {
            data: std::ptr::null(),
            len: 0,
        };
        let buffers = vec![empty; MAX_CHAIN + 1];
        // SAFETY: the array has as many buffers, and those have no bytes.
        let read = |count| unsafe { certificates(buffers.as_ptr(), count) };
        for count in [0, 1, MAX_CHAIN] {
            assert_eq!(read(count).map(|chain| chain.len()).ok(), Some(count));
        }
        let failure = read(MAX_CHAIN + 1).err().map(|failure| failure.result());
        assert_eq!(failure, Some(MtlsResult::TooLong));
    }
}
