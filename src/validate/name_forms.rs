//! Whether a name lies within a subtree, for each form of name (RFC 5280 §4.2.1.10).

mod read;

use crate::x509::Mailbox;

pub(super) use read::{Base, Held, bytes_to_read};
use read::{MailboxBase, ReadBase, ReadName, Subnet};

/// The subtree is of a form that cannot be compared, or the name or the subtree is not well-formed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unprocessable;

/// How a name is to be compared with a subtree. It matters for what stands for many names, and for
/// what can be read in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// All that the name stands for surely is: permitted subtrees.
    Wholly,
    /// Something that the name stands for possibly is: excluded subtrees.
    InPart,
}

/// Whether `held` lies within the subtree `base`; `None` if they are of different forms, so that
/// one says nothing of the other.
pub(super) fn is_within(
    held: &Held<'_>,
    base: &Base<'_>,
    within: Within,
) -> Option<Result<bool, Unprocessable>> {
    let name = held.read();
    let is_within = match (name, base.read()) {
        (ReadName::Dns(Some(name)), ReadBase::Dns(Some(base))) => is_dns_within(name, base, within),
        (ReadName::Email(Some(mailbox)), ReadBase::Email(Some(base))) => {
            let local_part = match within {
                Within::Wholly => LocalPart::Exact,
                Within::InPart => LocalPart::AnyCase,
            };
            is_mailbox_within(*mailbox, base, local_part)
        }
        (ReadName::EmailAttribute(Some(mailbox)), ReadBase::Email(Some(base))) => {
            is_mailbox_within(*mailbox, base, LocalPart::AnyCase)
        }
        // RFC 9598 §6: constraints on rfc822Name are about these as well. No local part is the
        // same as one in ASCII.
        (ReadName::SmtpUtf8(Some((mailbox, reading))), ReadBase::Email(Some(base))) => {
            is_host_of_base(mailbox.host, base)
                && match base {
                    MailboxBase::Host(_) => true,
                    MailboxBase::Mailbox(..) if within == Within::Wholly => false,
                    MailboxBase::Mailbox(_, theirs) => reading.is_possibly(theirs),
                }
        }
        (ReadName::Uri(Some(host)), ReadBase::Uri(Some(base))) => is_host_within(host, base),
        (ReadName::Ip(address), ReadBase::Ip(Some(subnet))) => {
            is_ip_within(address, *subnet, within)
        }
        (ReadName::Directory(name), ReadBase::Directory(base)) => {
            name.folded(within).is_within(base.folded(within))
        }
        (name, base) => return base.concerns(name).then_some(Err(Unprocessable)),
    };
    Some(Ok(is_within))
}

/// "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side
/// of the name": for `example.com` that name and all below it. A leading dot, which RFC 5280 does
/// not have here and many issuers write, leaves out the name itself.
fn is_dns_within(name: &str, base: &str, within: Within) -> bool {
    if is_at_or_below(name, base) {
        return true;
    }
    // A wildcard stands for one label: it reaches into a subtree that is one label below it.
    let reaches = name.strip_prefix("*.").is_some_and(|parent| {
        base.split_once('.')
            .is_some_and(|(label, above)| !label.is_empty() && above.eq_ignore_ascii_case(parent))
    });
    within == Within::InPart && reaches
}

/// How the local parts of two mailboxes compare.
#[derive(Clone, Copy)]
enum LocalPart {
    /// Byte by byte (RFC 5280 §7.5).
    Exact,
    /// Without regard to the case of ASCII letters: emailAddress (§4.1.2.6), and what is excluded,
    /// as no mail host is known to tell `Root@` from `root@`.
    AnyCase,
}

/// A mailbox, all mailboxes of a host, or with a leading dot those of all hosts below a domain.
fn is_mailbox_within(mailbox: Mailbox<'_>, base: &MailboxBase<'_>, local_part: LocalPart) -> bool {
    is_host_of_base(mailbox.host, base)
        && match (base, local_part) {
            (MailboxBase::Host(_), _) => true,
            (MailboxBase::Mailbox(base, _), LocalPart::Exact) => mailbox.local == base.local,
            (MailboxBase::Mailbox(base, _), LocalPart::AnyCase) => {
                mailbox.local.eq_ignore_ascii_case(base.local)
            }
        }
}

fn is_host_of_base(host: &str, base: &MailboxBase<'_>) -> bool {
    match base {
        MailboxBase::Host(base) => is_host_within(host, base),
        MailboxBase::Mailbox(base, _) => host.eq_ignore_ascii_case(base.host),
    }
}

/// An address in a subnet.
///
/// An IPv4 address can be written as an IPv6 address as well (RFC 4291 §2.5.5.2:
/// `::ffff:192.0.2.1`), and programs take one for the other. So an excluded subnet excludes it in
/// both spellings, whichever it is written in itself; but what is permitted in one is not permitted
/// in the other.
fn is_ip_within(address: &[u8], subnet: Subnet<'_>, within: Within) -> bool {
    is_in_subnet(address, subnet)
        || within == Within::InPart && is_ipv4_within(address, subnet) == Some(true)
}

/// Whether the name, an IPv4 address that is written as an IPv6 address, lies within the subtree,
/// which is written as IPv4; `None` if they are not of this kind. Where such subtrees are
/// permitted, it must lie within one of them as well.
pub(super) fn is_mapped_within(held: &Held<'_>, base: &Base<'_>) -> Option<bool> {
    match (held.read(), base.read()) {
        (ReadName::Ip(address), ReadBase::Ip(Some(subnet)))
            if address.len() > subnet.base.len() =>
        {
            is_ipv4_within(address, *subnet)
        }
        _ => None,
    }
}

fn is_in_subnet(address: &[u8], Subnet { base, mask }: Subnet<'_>) -> bool {
    let mut bytes = address.iter().zip(base).zip(mask);
    address.len() == base.len()
        && bytes.all(|((address, base), mask)| address & mask == base & mask)
}

/// The same of IPv4 addresses, each in either spelling; `None` if one is none.
fn is_ipv4_within(address: &[u8], Subnet { base, mask }: Subnet<'_>) -> Option<bool> {
    let subnet = Subnet {
        base: ipv4_of(base)?,
        mask: ipv4_mask_of(mask)?,
    };
    Some(is_in_subnet(ipv4_of(address)?, subnet))
}

/// An IPv4 address in either spelling.
fn ipv4_of(address: &[u8]) -> Option<&[u8]> {
    const MAPPED: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
    match address.len() {
        4 => Some(address),
        _ => address.strip_prefix(&MAPPED),
    }
}

/// The mask of a subnet of IPv4 addresses alone, in either spelling.
fn ipv4_mask_of(mask: &[u8]) -> Option<&[u8]> {
    match mask.len() {
        4 => Some(mask),
        _ => mask.strip_prefix(&[0xff; 12]),
    }
}

/// Exactly the host, or with a leading dot those below it; everything for the empty base.
fn is_host_within(host: &str, base: &str) -> bool {
    base.is_empty()
        || host.eq_ignore_ascii_case(base)
        || base.starts_with('.') && is_at_or_below(host, base)
}

/// Whether `name` is `base` or ends with a dot and `base`; with a `base` that begins with a dot,
/// whether there is more before it.
fn is_at_or_below(name: &str, base: &str) -> bool {
    let Some((front, end)) = name
        .len()
        .checked_sub(base.len())
        .and_then(|front| name.split_at_checked(front))
    else {
        return false;
    };
    let is_whole_label = if base.starts_with('.') {
        !front.is_empty()
    } else {
        front.is_empty() || front.ends_with('.') || base.is_empty()
    };
    is_whole_label && end.eq_ignore_ascii_case(base)
}

#[cfg(test)]
mod tests;
