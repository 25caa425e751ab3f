//! What the test programs share.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses a part of it"
)]

mod hashed;
mod random;

pub(crate) use comparison::{
    Outcome, Place, against_library, ask_library, certificate, client_policy, deny_list, failures,
    in_threads, oid, show, store,
};
pub(crate) use hashed::HASHED;
pub(crate) use random::Random;

/// The seeds to try: the one of `SEED`, or as many as this variable says, `default` without it.
pub(crate) fn seeds(variable: &str, default: u64) -> std::ops::Range<u64> {
    let number = |name: &str| -> Option<u64> {
        let text = std::env::var(name).ok()?;
        let number = text.parse();
        Some(number.unwrap_or_else(|_| panic!("{name}={text} is no number")))
    };
    match number("SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number(variable).unwrap_or(default).max(2),
    }
}
