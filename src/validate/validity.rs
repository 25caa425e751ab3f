//! Validity under the expiry policy (RFC 5280 §6.1.3 (a)(2)).

use crate::error::Reason;
use crate::policy::{Expired, ExpiryPolicy};
use crate::validate::Role;
use crate::x509::{Certificate, Time};

/// An interval of time, both ends included; no end means that it never ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    from: Option<Time>,
    until: Option<Time>,
}

impl Window {
    pub(crate) const ALWAYS: Self = Self {
        from: None,
        until: None,
    };

    /// The last second of it.
    pub(crate) fn until(&self) -> Option<Time> {
        self.until
    }

    pub(crate) fn intersect(self, other: Self) -> Self {
        let both = |ours: Option<Time>, theirs: Option<Time>, choose: fn(Time, Time) -> Time| match (
            ours, theirs,
        ) {
            (Some(ours), Some(theirs)) => Some(choose(ours, theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        Self {
            from: both(self.from, other.from, Time::max),
            until: both(self.until, other.until, Time::min),
        }
    }
}

/// Checks that `now` is in the certificate's validity, as far as the policy stretches it for its role. Both ends are
/// included (§4.1.2.5), and only the end is ever stretched beyond the clock skew.
///
/// Returns the stretched validity.
pub(super) fn check(
    certificate: Certificate<'_>,
    role: Role,
    now: Time,
    policy: &ExpiryPolicy,
) -> Result<Window, Reason> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    let from = not_before.saturating_sub(policy.clock_skew);
    if now < from {
        return Err(Reason::NotYetValid {
            not_before: not_before.to_unix(),
            now: now.to_unix(),
        });
    }
    let last = not_after.saturating_add(policy.clock_skew);
    let expired = match role {
        Role::Client => policy.client,
        Role::Issuer => policy.issuers,
        Role::Anchor => policy.anchors,
    };
    let until = match expired {
        Expired::Reject => Some(last),
        Expired::AcceptFor(grace) => Some(last.saturating_add(grace)),
        Expired::Accept => None,
    };
    if until.is_some_and(|until| now > until) {
        return Err(Reason::Expired {
            not_after: not_after.to_unix(),
            now: now.to_unix(),
        });
    }
    Ok(Window {
        from: Some(from),
        until,
    })
}
