//! What becomes of bad input.

use mtls_verify::store::OnBadInput;

use super::error::Failure;

/// What becomes of input that is not good.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MtlsOnBadInput {
    /// It is an error, and nothing is loaded. What a new builder does.
    Fail = 2501,
    /// It is left out, and `mtls_store_skipped` tells what and why. A store without a trust anchor
    /// and without a pinned client is still an error.
    Skip = 2502,
}

pub(crate) fn on_bad_input_of(value: u32) -> Result<OnBadInput, Failure> {
    match value {
        value if value == MtlsOnBadInput::Fail as u32 => Ok(OnBadInput::Fail),
        value if value == MtlsOnBadInput::Skip as u32 => Ok(OnBadInput::Skip),
        _ => Err(Failure::value("mtls_on_bad_input", value)),
    }
}
