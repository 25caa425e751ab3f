//! For how long a verdict cannot change.

use crate::x509::Time;

/// The times around that of a verification at which each certificate and CRL that was looked at is
/// as it was then: neither begins nor ends being valid, fresh or accepted. Verifying again within
/// them gives the same outcome, path and statuses.
///
/// Other than [`Window`](super::Window) this also ends where a path that was refused would begin to
/// hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StableInterval {
    now: Time,
    from: Time,
    until: Time,
}

impl StableInterval {
    pub(crate) fn around(now: Time) -> Self {
        Self {
            now,
            from: Time::BEGIN,
            until: Time::END,
        }
    }

    /// Something is different from `at` on.
    pub(crate) fn changes_at(&mut self, at: Time) {
        if at <= self.now {
            self.from = self.from.max(at);
        } else {
            self.until = self.until.min(at.before());
        }
    }

    /// Something is different after `last`, if it ever ends.
    pub(crate) fn changes_after(&mut self, last: Option<Time>) {
        if let Some(next) = last.and_then(Time::next) {
            self.changes_at(next);
        }
    }

    /// The last second of it.
    pub(crate) fn until(&self) -> Time {
        self.until
    }

    pub(crate) fn intersect(self, other: Self) -> Self {
        Self {
            now: self.now,
            from: self.from.max(other.from),
            until: self.until.min(other.until),
        }
    }

    #[cfg(any(
        test,
        all(feature = "std", any(feature = "ring", feature = "aws-lc-rs"))
    ))]
    pub(crate) fn includes(&self, time: Time) -> bool {
        self.from <= time && time <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    #[test]
    fn it_ends_before_each_change() {
        let at = |seconds| Time::BEGIN_OF_1970.checked_add(Duration::from_secs(seconds));
        let at = |seconds| at(seconds).unwrap();
        let mut stable = StableInterval::around(at(100));
        assert!(stable.includes(Time::BEGIN) && stable.includes(Time::END));
        stable.changes_at(at(50));
        stable.changes_at(at(20));
        stable.changes_at(at(150));
        stable.changes_after(Some(at(199)));
        stable.changes_after(None);
        stable.changes_after(Some(Time::END));
        let included = |seconds| stable.includes(at(seconds));
        assert!(!included(49) && included(50) && included(149) && !included(150));
        stable.changes_at(at(100));
        stable.changes_after(Some(at(100)));
        assert!(!stable.includes(at(99)) && stable.includes(at(100)) && !stable.includes(at(101)));
    }
}
