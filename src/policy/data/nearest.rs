//! What a name that nobody knows may have meant.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem::swap;

/// Longer names are not compared.
const LONGEST: usize = 64;

/// Names as messages show them.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.escape_debug())
    }
}

/// The end of the message about an unknown name: the known one that is nearest, if one is near, or
/// else all.
pub(super) struct Hint<'a> {
    pub(super) unknown: &'a str,
    pub(super) known: &'a [&'static str],
}

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match nearest(self.unknown, self.known) {
            Some(name) => write!(f, "did you mean {}?", Quoted(name)),
            None => write!(f, "expected {}", OneOf(self.known)),
        }
    }
}

/// `a`, `b` or `c`.
pub(super) struct OneOf<'a>(pub(super) &'a [&'static str]);

impl fmt::Display for OneOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, others)) = self.0.split_last() else {
            return Ok(());
        };
        for (index, name) in others.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{}", Quoted(name))?;
        }
        let separator = if others.is_empty() { "" } else { " or " };
        write!(f, "{separator}{}", Quoted(last))
    }
}

/// The known name with the fewest changes of a character, at most one for three characters. Case
/// and `_` for `-` are no changes.
fn nearest(unknown: &str, known: &[&'static str]) -> Option<&'static str> {
    if unknown.len() > LONGEST {
        return None;
    }
    let unknown = unknown.to_ascii_lowercase().replace('_', "-");
    let near = known.iter().filter_map(|name| {
        let changes = distance(&unknown, name);
        (changes <= (name.len() / 3).max(1)).then_some((changes, *name))
    });
    near.min_by_key(|(changes, _)| *changes)
        .map(|(_, name)| name)
}

/// How many characters to insert, remove, replace or swap with the next one make one text of the
/// other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    // The distances from the beginning of `one` to each beginning of `other`, and those before.
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous = None;
    for (row, character) in one.chars().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row.saturating_add(1));
        let mut left = row.saturating_add(1);
        for (column, wanted) in other.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX);
            let above = at(&last, column.saturating_add(1));
            let replaced = at(&last, column).saturating_add(usize::from(character != *wanted));
            let mut least = replaced
                .min(above.saturating_add(1))
                .min(left.saturating_add(1));
            if let Some(before) = column.checked_sub(1)
                && previous == Some(*wanted)
                && other.get(before) == Some(&character)
            {
                least = least.min(at(&before_last, before).saturating_add(1));
            }
            current.push(least);
            left = least;
        }
        swap(&mut before_last, &mut last);
        last = current;
        previous = Some(character);
    }
    last.last().copied().unwrap_or_default()
}

/// An unknown name, of what, and what it may have meant.
pub(super) fn unknown(
    what: &str,
    name: &str,
    place: impl fmt::Display,
    known: &[&'static str],
) -> String {
    let (quoted, hint) = (
        Quoted(name),
        Hint {
            unknown: name,
            known,
        },
    );
    alloc::format!("unknown {what} {quoted}{place}: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn changes_of_characters_are_counted() {
        for (one, other, changes) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("abc", "xabc", 1),
            ("abc", "acb", 1),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
            ("caf\u{e9}", "cafe", 1),
        ] {
            assert_eq!(distance(one, other), changes, "{one} {other}");
            assert_eq!(distance(other, one), changes, "{other} {one}");
        }
    }

    #[test]
    fn only_what_is_near_is_meant() {
        let known = &["client", "issuers", "clock-skew", "dns"];
        for (unknown, expected) in [
            ("clinet", Some("client")),
            ("Client", Some("client")),
            ("clockSkew", Some("clock-skew")),
            ("clock_skew", Some("clock-skew")),
            ("issuer", Some("issuers")),
            ("isuer", Some("issuers")),
            ("dnz", Some("dns")),
            ("", None),
            ("dxx", None),
            ("anchors", None),
        ] {
            assert_eq!(nearest(unknown, known), expected, "{unknown}");
        }
        assert_eq!(nearest(&"client".repeat(20), known), None);
    }

    #[test]
    fn names_are_listed() {
        let hint = |unknown, known| Hint { unknown, known }.to_string();
        assert_eq!(hint("xyz", &["one"]), "expected `one`");
        assert_eq!(hint("xyz", &["one", "two"]), "expected `one` or `two`");
        let three = hint("xyz", &["one", "two", "three"]);
        assert_eq!(three, "expected `one`, `two` or `three`");
        assert_eq!(hint("tow", &["one", "two"]), "did you mean `two`?");
        assert_eq!(Quoted("a\n\u{202e}").to_string(), "`a\\n\\u{202e}`");
    }
}
