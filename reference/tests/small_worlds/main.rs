//! The reference and the library on small worlds: every PKI of a kind up to a bound, and none left
//! out.
//!
//! `SMALL_WORLDS=large cargo test --release -p reference --test small_worlds` raises the bounds.
//! The name of a test behind it does one part, and `SMALL_WORLDS_PART=3/16` the third sixteenth of
//! the worlds of each.

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

/// The share of the worlds that is asked for: which of how many.
fn part() -> Option<(usize, usize)> {
    let text = std::env::var("SMALL_WORLDS_PART").ok()?;
    let numbers = text.split_once('/').and_then(|(which, of)| {
        let (which, of) = (which.parse().ok()?, of.parse().ok()?);
        (1..=of).contains(&which).then_some((which, of))
    });
    Some(numbers.unwrap_or_else(|| panic!("SMALL_WORLDS_PART={text}: it is unset, or as 3/16")))
}

/// Whether the larger bounds are asked for.
fn is_large() -> bool {
    match std::env::var("SMALL_WORLDS").as_deref() {
        Ok("large") => true,
        Ok(other) => panic!("SMALL_WORLDS={other}: it is unset, or large"),
        Err(_) => false,
    }
}
