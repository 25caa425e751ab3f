//! How much of what has no end a run tries.

use std::env;

/// The number that the environment has by this name.
pub(crate) fn number(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

/// How many to try. None would be a test that cannot fail.
pub(crate) fn count(name: &str) -> Option<u64> {
    let count = number(name)?;
    assert!(count > 0, "{name}=0 tries nothing");
    Some(count)
}
