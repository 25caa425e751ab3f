//! Which identities are let in.

use crate::identity::Identity;
use crate::policy::{AcceptedIdentities, IdentityMatch, TextMatch};
use crate::x509::{Mailbox, Uri, is_dns_name};

/// Whether the identity is one of those that a policy accepts.
pub(crate) fn is_accepted(identity: Identity<'_>, accepted: &AcceptedIdentities) -> bool {
    match accepted {
        AcceptedIdentities::Any => true,
        AcceptedIdentities::AnyOf(matches) => matches.iter().any(|one| is_met_by(one, identity)),
    }
}

fn is_met_by(wanted: &IdentityMatch, identity: Identity<'_>) -> bool {
    match wanted {
        IdentityMatch::Dns(text) => identity
            .dns_names()
            .any(|name| is_match_ignoring_case(text, name) && is_dns_name(name)),
        IdentityMatch::Email(text) => identity
            .email_addresses()
            .any(|address| is_match(text, address) && Mailbox::read(address).is_some()),
        IdentityMatch::Uri(text) => identity
            .uris()
            .any(|uri| is_match(text, uri) && Uri::read(uri).is_some()),
        IdentityMatch::Ip(address) => identity.ip_addresses().any(|found| found == *address),
        IdentityMatch::CommonName(text) => identity
            .common_name()
            .is_some_and(|name| is_match(text, &name)),
        IdentityMatch::OrganizationalUnit(text) => identity
            .organizational_units()
            .any(|name| is_match(text, &name)),
        IdentityMatch::SpiffeId(wanted) => {
            identity.spiffe_id().is_some_and(|id| wanted.matches(id))
        }
    }
}

fn is_match(wanted: &TextMatch, text: &str) -> bool {
    match wanted {
        TextMatch::Exact(whole) => text == whole,
        TextMatch::Prefix(start) => text.starts_with(start.as_str()),
        TextMatch::Suffix(end) => text.ends_with(end.as_str()),
    }
}

/// DNS names are ASCII, and compare without regard to its case (RFC 4343).
fn is_match_ignoring_case(wanted: &TextMatch, text: &str) -> bool {
    let is_equal = |part: Option<&str>, wanted: &str| {
        part.is_some_and(|part| part.eq_ignore_ascii_case(wanted))
    };
    match wanted {
        TextMatch::Exact(whole) => text.eq_ignore_ascii_case(whole),
        TextMatch::Prefix(start) => is_equal(text.get(..start.len()), start),
        TextMatch::Suffix(end) => {
            let from = text.len().checked_sub(end.len());
            is_equal(from.and_then(|from| text.get(from..)), end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_compared_from_the_right_end() {
        let exact = TextMatch::Exact("a.example".into());
        let prefix = TextMatch::Prefix("a.".into());
        let suffix = TextMatch::Suffix(".example".into());
        for (text, is_exact, has_prefix, has_suffix) in [
            ("a.example", true, true, true),
            ("A.Example", false, false, false),
            ("b.example", false, false, true),
            ("a.b", false, true, false),
            ("", false, false, false),
        ] {
            assert_eq!(is_match(&exact, text), is_exact, "{text}");
            assert_eq!(is_match(&prefix, text), has_prefix, "{text}");
            assert_eq!(is_match(&suffix, text), has_suffix, "{text}");
        }
        assert!(is_match_ignoring_case(&exact, "A.Example"));
        assert!(is_match_ignoring_case(&prefix, "A.Example"));
        assert!(is_match_ignoring_case(&suffix, "A.Example"));
        assert!(!is_match_ignoring_case(&suffix, "example"));
        assert!(!is_match_ignoring_case(&prefix, "\u{e9}"));
    }
}
