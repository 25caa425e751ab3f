//! What becomes of bad input.

use mtls_verify::CrlSet;

use super::error::Failure;

/// What becomes of CRLs that are not good.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsOnBadInput {
    /// They are an error, and nothing is loaded.
    Fail = 2501,
    /// They are left out, and `mtls_store_skipped` tells what and why.
    Skip = 2502,
}

/// A set of CRLs in which there is nothing yet.
pub(crate) fn crl_set(on_bad_input: u32) -> Result<CrlSet, Failure> {
    match on_bad_input {
        value if value == MtlsOnBadInput::Fail as u32 => Ok(CrlSet::new()),
        value if value == MtlsOnBadInput::Skip as u32 => Ok(CrlSet::lenient()),
        _ => Err(Failure::value("mtls_on_bad_input", on_bad_input)),
    }
}
