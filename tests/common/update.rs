//! Counts in documents that a test writes instead of comparing.

/// The variable that asks for it.
const VARIABLE: &str = "MTLS_VERIFY_UPDATE_COUNTS";

/// Whether the counts are to be written.
pub(crate) fn is_asked() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}
