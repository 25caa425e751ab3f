//! Validity under the expiry policy (RFC 5280 §6.1.3 (a)(2)).

use super::role::Role;
use super::stable::StableInterval;
use crate::error::Reason;
use crate::policy::{Expired, ExpiryPolicy};
use crate::x509::{Certificate, Time, earliest};

/// For how long an outcome holds: to a last second, or without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    until: Option<Time>,
}

impl Window {
    pub(crate) const ALWAYS: Self = Self { until: None };

    /// Up to a last second; `None` without end.
    pub(crate) fn to(until: Option<Time>) -> Self {
        Self { until }
    }

    /// The last second of it.
    pub(crate) fn until(&self) -> Option<Time> {
        self.until
    }

    pub(crate) fn intersect(self, other: Self) -> Self {
        Self::to(earliest(self.until, other.until))
    }
}

/// Checks that `now` is in the certificate's validity, as far as the policy stretches it for its
/// role. Both ends are included (§4.1.2.5), and only the end is ever stretched beyond the clock
/// skew.
///
/// Returns the stretched validity.
pub(super) fn check(
    certificate: Certificate<'_>,
    role: Role,
    now: Time,
    policy: &ExpiryPolicy,
    stable: &mut StableInterval,
) -> Result<Window, Reason> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    let from = not_before.saturating_sub(policy.clock_skew.duration());
    stable.changes_at(from);
    if now < from {
        return Err(Reason::NotYetValid {
            not_before: not_before.into(),
            now: now.to_unix(),
        });
    }
    // `None`, without end, where the sum is beyond what can be counted.
    let last = not_after.checked_add(policy.clock_skew.duration());
    let expired = match role {
        Role::Client | Role::PinnedClient => policy.client,
        Role::Issuer | Role::CrlIssuer => policy.issuers,
        Role::Anchor => policy.anchors,
    };
    let until = match expired {
        Expired::Reject => last,
        Expired::AcceptFor(grace) => last.and_then(|last| last.checked_add(grace)),
        Expired::Accept => None,
    };
    stable.changes_after(until);
    if until.is_some_and(|until| now > until) {
        return Err(Reason::Expired {
            not_after: not_after.into(),
            now: now.to_unix(),
        });
    }
    Ok(Window { until })
}
