//! What the test programs share.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses a part of it"
)]

mod hashed;
mod random;

pub(crate) use comparison::{
    Outcome, Place, against_library, against_library_in_scopes, ask_library, ask_library_in,
    ask_verifier_in, certificate, client_policy, deny_list, failures, in_threads, oid,
    scoped_store, show, store,
};
pub(crate) use hashed::HASHED;
pub(crate) use random::Random;

/// The seeds to try: the one of `SEED`, or all below the number in this variable, `default` without
/// it. The variable with `_FROM` behind its name says where they begin, so that a long run can be
/// done in pieces.
pub(crate) fn seeds(variable: &str, default: u64) -> std::ops::Range<u64> {
    let number = |name: &str| -> Option<u64> {
        let text = std::env::var(name).ok()?;
        let number = text.parse();
        Some(number.unwrap_or_else(|_| panic!("{name}={text} is no number")))
    };
    if let Some(seed) = number("SEED") {
        return seed..seed + 1;
    }
    let end = number(variable).unwrap_or(default).max(2);
    let first = number(&format!("{variable}_FROM")).unwrap_or(0);
    assert!(first + 2 <= end, "{variable}_FROM={first} of {end}");
    first..end
}
