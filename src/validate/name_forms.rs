//! Whether a name lies within a subtree, for each form of name (RFC 5280 §4.2.1.10).

use core::cell::OnceCell;
use core::fmt;

use crate::x509::{
    Equality, FoldedName, GeneralName, Mailbox, SMTP_UTF8_MAILBOX, Uri, UriHost,
    are_possibly_equal, is_host,
};

/// The subtree is of a form that cannot be compared, or the name or the subtree is not well-formed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unprocessable;

/// A name that constraints are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    /// The subject, or a name of the subjectAltName.
    General(GeneralName<'a>),
    /// An emailAddress attribute of the subject, which is a mailbox; `None` if it cannot be read.
    EmailAttribute(Option<&'a str>),
}

impl Name<'_> {
    /// How many bytes it takes to compare it.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::General(name) => name.len(),
            Self::EmailAttribute(address) => address.map_or(1, str::len),
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::General(name) => name.fmt(f),
            Self::EmailAttribute(Some(address)) => GeneralName::Email(address).fmt(f),
            Self::EmailAttribute(None) => f.write_str("an emailAddress that cannot be read"),
        }
    }
}

/// A name or a base that is compared with many, and folded for that once.
#[derive(Debug)]
pub(super) struct Once<'a, T> {
    pub(super) name: T,
    /// If it is a directoryName, for permitted and for excluded subtrees.
    folded: [OnceCell<FoldedName<'a>>; 2],
}

impl<'a, T> Once<'a, T> {
    pub(super) fn new(name: T) -> Self {
        let folded = [OnceCell::new(), OnceCell::new()];
        Self { name, folded }
    }

    fn folded(&self, directory_name: &'a [u8], within: Within) -> &FoldedName<'a> {
        let [sure, possible] = &self.folded;
        let (cell, equality) = match within {
            Within::Wholly => (sure, Equality::Sure),
            Within::InPart => (possible, Equality::Possible),
        };
        cell.get_or_init(|| FoldedName::new(directory_name, equality))
    }
}

/// How a name is to be compared with a subtree. It matters for what stands for many names, and for what can be read in
/// several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// All that the name stands for surely is: permitted subtrees.
    Wholly,
    /// Something that the name stands for possibly is: excluded subtrees.
    InPart,
}

/// Whether `name` lies within the subtree `base`; `None` if they are of different forms, so that one says nothing of the other.
pub(super) fn is_within<'a>(
    held: &Once<'a, Name<'a>>,
    subtree: &Once<'a, GeneralName<'a>>,
    within: Within,
) -> Option<Result<bool, Unprocessable>> {
    use GeneralName::{Directory, Dns, Email, Ip, Other, Unread, Uri};

    let base = subtree.name;
    let name = match (held.name, base) {
        (Name::EmailAttribute(address), Email(base)) => {
            let address = address.and_then(Mailbox::read);
            return Some(is_mailbox_within(address, base, LocalPart::AnyCase));
        }
        (Name::EmailAttribute(_), Unread(_)) => GeneralName::Email(""),
        (Name::EmailAttribute(_), _) => return None,
        (Name::General(name), _) => name,
    };
    match (name, base) {
        (Dns(name), Dns(base)) => Some(is_dns_within(name, base, within)),
        (Email(name), Email(base)) => {
            let local_part = match within {
                Within::Wholly => LocalPart::Exact,
                Within::InPart => LocalPart::AnyCase,
            };
            Some(is_mailbox_within(Mailbox::read(name), base, local_part))
        }
        // RFC 9598 §6: constraints on rfc822Name are about these as well.
        (
            Other {
                type_id: SMTP_UTF8_MAILBOX,
                value,
            },
            Email(base),
        ) => {
            let mailbox = Mailbox::read_smtp_utf8(value);
            let local_part = match within {
                Within::Wholly => LocalPart::Exact,
                Within::InPart => LocalPart::AnySpelling,
            };
            Some(is_mailbox_within(mailbox, base, local_part))
        }
        (
            Other {
                type_id: SMTP_UTF8_MAILBOX,
                ..
            },
            Unread(_),
        ) if base.tag() == Email("").tag() => Some(Err(Unprocessable)),
        (Uri(name), Uri(base)) => Some(is_uri_within(name, base)),
        (Ip(name), Ip(base)) => Some(is_ip_within(name, base, within)),
        (Directory(name), Directory(base)) => {
            let (name, base) = (held.folded(name, within), subtree.folded(base, within));
            Some(Ok(name.is_within(base)))
        }
        // What a constraint on these means is nowhere said, so a name of the form is never known to keep to it.
        (Other { type_id: name, .. }, Other { type_id: base, .. }) => {
            (name == base).then_some(Err(Unprocessable))
        }
        (Unread(_), _) | (_, Unread(_)) => (name.tag() == base.tag()).then_some(Err(Unprocessable)),
        _ => None,
    }
}

/// "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name": for
/// `example.com` that name and all below it. A leading dot, which RFC 5280 does not have here and many issuers write, leaves out
/// the name itself.
fn is_dns_within(name: &str, base: &str, within: Within) -> Result<bool, Unprocessable> {
    let wildcard = name.strip_prefix("*.");
    if !is_host(wildcard.unwrap_or(name)) || !is_host_base(base) {
        return Err(Unprocessable);
    }
    if is_at_or_below(name, base) {
        return Ok(true);
    }
    // A wildcard stands for one label: it reaches into a subtree that is one label below it.
    let reaches = wildcard.is_some_and(|parent| {
        base.split_once('.')
            .is_some_and(|(label, above)| !label.is_empty() && above.eq_ignore_ascii_case(parent))
    });
    Ok(within == Within::InPart && reaches)
}

/// How the local parts of two mailboxes compare.
#[derive(Clone, Copy)]
enum LocalPart {
    /// Byte by byte (RFC 5280 §7.5).
    Exact,
    /// Without regard to the case of ASCII letters: emailAddress (§4.1.2.6), and what is excluded, as no mail host is
    /// known to tell `Root@` from `root@`.
    AnyCase,
    /// Whether one may be meant as the other, which is in ASCII.
    AnySpelling,
}

/// A mailbox, all mailboxes of a host, or with a leading dot those of all hosts below a domain.
fn is_mailbox_within(
    mailbox: Option<Mailbox<'_>>,
    base: &str,
    local_part: LocalPart,
) -> Result<bool, Unprocessable> {
    let Mailbox { local, host } = mailbox.ok_or(Unprocessable)?;
    if !base.contains('@') {
        return is_host_within(host, base);
    }
    let base = Mailbox::read(base).ok_or(Unprocessable)?;
    if !host.eq_ignore_ascii_case(base.host) {
        return Ok(false);
    }
    Ok(match local_part {
        LocalPart::Exact => local == base.local,
        LocalPart::AnyCase => local.eq_ignore_ascii_case(base.local),
        LocalPart::AnySpelling => are_possibly_equal(local, base.local),
    })
}

/// A host, or with a leading dot all hosts below a domain, of URIs that name their host by its DNS name (RFC 5280 §4.2.1.10: others
/// must be refused).
fn is_uri_within(uri: &str, base: &str) -> Result<bool, Unprocessable> {
    match Uri::read(uri).and_then(|uri| uri.host) {
        Some(UriHost::Name(host)) => is_host_within(host, base),
        Some(UriHost::Address(_) | UriHost::Other) | None => Err(Unprocessable),
    }
}

/// An address in a subnet, given as address and mask.
///
/// An IPv4 address can be written as an IPv6 address as well (RFC 4291 §2.5.5.2: `::ffff:192.0.2.1`), and programs take one
/// for the other. So an excluded subnet excludes it in both spellings, whichever it is written in itself; but what is
/// permitted in one is not permitted in the other. An IPv4 address that is written as an IPv6 address is permitted by subnets
/// of such alone, and not by a wider one.
fn is_ip_within(address: &[u8], subnet: &[u8], within: Within) -> Result<bool, Unprocessable> {
    let (base, mask) = subnet
        .split_at_checked(subnet.len() / 2)
        .ok_or(Unprocessable)?;
    if !is_prefix_mask(mask) {
        return Err(Unprocessable);
    }
    let is_in = |address: &[u8], base: &[u8], mask: &[u8]| {
        let mut bytes = address.iter().zip(base).zip(mask);
        address.len() == base.len()
            && bytes.all(|((address, base), mask)| address & mask == base & mask)
    };
    if is_in(address, base, mask) {
        let is_wider = ipv4_of(address).is_some() && ipv4_mask_of(mask).is_none();
        return Ok(within == Within::InPart || !is_wider);
    }
    let is_in_other_spelling = match (ipv4_of(address), ipv4_of(base), ipv4_mask_of(mask)) {
        (Some(address), Some(base), Some(mask)) => is_in(address, base, mask),
        _ => false,
    };
    Ok(within == Within::InPart && is_in_other_spelling)
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

/// Ones and then zeroes, as CIDR has it (RFC 4632 §3.1).
pub(super) fn is_prefix_mask(mask: &[u8]) -> bool {
    let mut bytes = mask.iter().skip_while(|byte| **byte == 0xff);
    let first = bytes.next().copied().unwrap_or(0);
    first.leading_ones().saturating_add(first.trailing_zeros()) == 8 && bytes.all(|byte| *byte == 0)
}

/// Exactly the host, or with a leading dot those below it; everything for the empty base.
fn is_host_within(host: &str, base: &str) -> Result<bool, Unprocessable> {
    if !is_host_base(base) {
        return Err(Unprocessable);
    }
    Ok(base.is_empty()
        || host.eq_ignore_ascii_case(base)
        || base.starts_with('.') && is_at_or_below(host, base))
}

/// Whether `name` is `base` or ends with a dot and `base`; with a `base` that begins with a dot, whether there is more before it.
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

/// A host as a base: empty, or with a dot in front.
fn is_host_base(base: &str) -> bool {
    base.is_empty() || is_host(base.strip_prefix('.').unwrap_or(base))
}

#[cfg(test)]
mod tests;
