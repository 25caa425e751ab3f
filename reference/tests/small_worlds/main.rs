//! The reference and the library on small worlds: every PKI of a kind up to a bound, and none left
//! out.
//!
//! `SMALL_WORLDS=large cargo test --release -p reference --test small_worlds` raises the bounds.

#[path = "../common/mod.rs"]
mod common;
mod crls;
mod policies;
mod shapes;
mod subtrees;
mod tally;

use std::sync::LazyLock;

use testpki::Key;

/// The time of all verifications: 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let numbers = 0..12;
    numbers
        .map(|number| Key::hashed(&format!("small worlds {number}")))
        .collect()
});

fn key(number: usize) -> Key {
    KEYS[number].clone()
}

/// Whether the larger bounds are asked for.
fn is_large() -> bool {
    match std::env::var("SMALL_WORLDS").as_deref() {
        Ok("large") => true,
        Ok(other) => panic!("SMALL_WORLDS={other}: it is unset, or large"),
        Err(_) => false,
    }
}
