//! Critical extensions that a policy leaves to the application.

use mtls_verify::client::ExtensionToProcess;

use super::client::{MtlsClient, read, read_bytes};
use super::error::MtlsResult;
use super::pointers::MtlsBytes;
use super::store::at;
use super::text::{MtlsStr, Text};

/// One of them.
#[derive(Debug)]
pub(crate) struct ToProcess {
    path_index: usize,
    oid: Text,
    value: Vec<u8>,
}

impl ToProcess {
    pub(crate) fn new(left: ExtensionToProcess<'_>) -> Self {
        let extension = left.extension();
        Self {
            path_index: left.path_index(),
            oid: Text::new(&extension.oid().to_string()),
            value: extension.value().to_vec(),
        }
    }
}

/// How many critical extensions of the path the policy leaves to the application
/// (`processed-extensions` of `mtls_policy_from_json`): 0 under every policy that names none.
/// **Nobody has looked at their values.** The application refuses the client if it cannot process
/// one of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_extension_to_process_count(
    client: *const MtlsClient,
    count: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe { read(client, count, |client| Ok(client.to_process().len())) }
}

/// The OBJECT IDENTIFIER of a critical extension that the application has to process, in dotted
/// form, by its index from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_extension_to_process_oid(
    client: *const MtlsClient,
    index: usize,
    oid: *mut MtlsStr,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, oid, |client| {
            Ok(at(client.to_process(), index)?.oid.view()?)
        })
    }
}

/// The value of a critical extension that the application has to process: the content of its
/// extnValue, which nobody has looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_extension_to_process_value(
    client: *const MtlsClient,
    index: usize,
    value: *mut MtlsBytes,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read_bytes(client, value, |client| {
            Ok(at(client.to_process(), index)?.value.as_slice())
        })
    }
}

/// Whose critical extension it is that the application has to process: the index of its certificate
/// in the path, 0 for the client's own.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtls_client_extension_to_process_path_index(
    client: *const MtlsClient,
    index: usize,
    path_index: *mut usize,
) -> MtlsResult {
    // SAFETY: as the contract in `lib.rs` asks of the caller.
    unsafe {
        read(client, path_index, |client| {
            Ok(at(client.to_process(), index)?.path_index)
        })
    }
}
