//! Which CRLs are superseded (docs/PROFILES.md, R6).

use core::cmp::Ordering;

use super::crl::{StoredCrl, compare_numbers};
use crate::x509::Time;

/// Some CRLs of one issuer about the same certificates, the newest first. It knows of each further
/// one whether one of these is certainly newer. Each is looked at once.
#[derive(Default)]
pub(super) struct Newer<'a> {
    /// thisUpdate of the last one.
    time: Option<Time>,
    /// Those of that time, and those of later times.
    same: Numbers<'a>,
    later: Numbers<'a>,
}

impl<'a> Newer<'a> {
    /// Whether one of them is certainly newer than the next one: [`StoredCrl::is_newer_than`] holds
    /// for it.
    pub(super) fn supersedes(&mut self, next: &StoredCrl) -> bool {
        self.move_to(next.this_update());
        let number = next.number();
        let is_above = |numbers: &Numbers<'_>, at_least| {
            let both = numbers.largest.zip(number);
            both.is_some_and(|(ours, its)| compare_numbers(ours, its) >= at_least)
        };
        let is_later = self.later.any && (self.later.has_none || number.is_none());
        is_later
            || is_above(&self.later, Ordering::Equal)
            || is_above(&self.same, Ordering::Greater)
    }

    /// Adds the next one.
    pub(super) fn add(&mut self, next: &'a StoredCrl) {
        self.move_to(next.this_update());
        let number = next.number();
        self.same.add(Numbers {
            any: true,
            has_none: number.is_none(),
            largest: number,
        });
    }

    fn move_to(&mut self, time: Time) {
        if self.time != Some(time) {
            self.later.add(core::mem::take(&mut self.same));
            self.time = Some(time);
        }
    }
}

/// The CRL numbers of some CRLs.
#[derive(Clone, Copy, Default)]
struct Numbers<'a> {
    /// Whether there are any CRLs.
    any: bool,
    /// Whether one of them has none.
    has_none: bool,
    largest: Option<&'a [u8]>,
}

impl<'a> Numbers<'a> {
    fn add(&mut self, other: Self) {
        self.any |= other.any;
        self.has_none |= other.has_none;
        self.largest = match (self.largest, other.largest) {
            (Some(ours), Some(theirs)) if compare_numbers(ours, theirs) == Ordering::Less => {
                Some(theirs)
            }
            (ours, theirs) => ours.or(theirs),
        };
    }
}
