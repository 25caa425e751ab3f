//! Names and subtrees as they are compared: each is read once, however many it is compared with.

use core::cell::OnceCell;
use core::fmt;

use super::Within;
use crate::x509::{
    Equality, FoldedName, GeneralName, Mailbox, Reading, SMTP_UTF8_MAILBOX, Uri, UriHost,
    characters_to_prepare, is_dns_name, is_host_base, is_prefix_mask,
};

/// How many bytes are read of a name or a base before it is compared, and how many characters
/// beyond ASCII are prepared.
pub(in crate::validate) fn bytes_to_read(name: GeneralName<'_>) -> (usize, usize) {
    let characters = match name {
        // Three times: once for permitted subtrees, twice for excluded ones.
        GeneralName::Directory(name) => characters_to_prepare(name).saturating_mul(3),
        GeneralName::Other {
            type_id: SMTP_UTF8_MAILBOX,
            value,
        } => value.iter().filter(|byte| **byte >= 0xc0).count(),
        _ => 0,
    };
    (name.len(), characters)
}

/// A name that constraints are held against.
#[derive(Debug)]
pub(in crate::validate) struct Held<'a> {
    /// To be shown; `None` is an emailAddress that cannot be read.
    shown: Option<GeneralName<'a>>,
    read: ReadName<'a>,
}

/// What a name says in its form; `None` where it is not well-formed.
#[derive(Debug)]
pub(super) enum ReadName<'a> {
    Dns(Option<&'a str>),
    Email(Option<Mailbox<'a>>),
    /// An emailAddress attribute of the subject, which is a mailbox.
    EmailAttribute(Option<Mailbox<'a>>),
    /// An otherName that is a mailbox, and what its local part may be meant as.
    SmtpUtf8(Option<(Mailbox<'a>, Reading)>),
    /// The host.
    Uri(Option<&'a str>),
    Ip(&'a [u8]),
    Directory(DirectoryName<'a>),
    /// The type of an otherName.
    Other(&'a [u8]),
    /// The tag of a form that is not read.
    Unread(u8),
}

impl<'a> Held<'a> {
    /// The subject, or a name of the subjectAltName.
    pub(in crate::validate) fn new(name: GeneralName<'a>) -> Self {
        let read = match name {
            GeneralName::Dns(name) => ReadName::Dns(Some(name).filter(|name| is_dns_name(name))),
            GeneralName::Email(address) => ReadName::Email(Mailbox::read(address)),
            GeneralName::Other { type_id, value } if type_id == SMTP_UTF8_MAILBOX => {
                let mailbox = Mailbox::read_smtp_utf8(value);
                let and_reading = |mailbox: Mailbox<'a>| (mailbox, Reading::of_text(mailbox.local));
                ReadName::SmtpUtf8(mailbox.map(and_reading))
            }
            GeneralName::Other { type_id, .. } => ReadName::Other(type_id),
            // §4.2.1.10: only URIs that name their host by its DNS name can be compared.
            GeneralName::Uri(uri) => ReadName::Uri(match Uri::read(uri).and_then(|uri| uri.host) {
                Some(UriHost::Name(host)) => Some(host),
                Some(UriHost::Address(_) | UriHost::Other) | None => None,
            }),
            GeneralName::Ip(address) => ReadName::Ip(address),
            GeneralName::Directory(name) => ReadName::Directory(DirectoryName::new(name)),
            GeneralName::Unread(tag) => ReadName::Unread(tag),
        };
        let shown = Some(name);
        Self { shown, read }
    }

    /// An emailAddress attribute of the subject; `None` if it cannot be read.
    pub(in crate::validate) fn email_attribute(address: Option<&'a str>) -> Self {
        Self {
            shown: address.map(GeneralName::Email),
            read: ReadName::EmailAttribute(address.and_then(Mailbox::read)),
        }
    }

    /// How many bytes it takes to compare it.
    pub(in crate::validate) fn len(&self) -> usize {
        self.shown.map_or(1, |name| name.len())
    }

    /// Whether it may be an IPv4 address that is written as an IPv6 address.
    pub(in crate::validate) fn may_be_mapped(&self) -> bool {
        matches!(self.read, ReadName::Ip(address) if address.len() > 4)
    }

    pub(super) fn read(&self) -> &ReadName<'a> {
        &self.read
    }
}

impl fmt::Display for Held<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shown {
            Some(name) => name.fmt(f),
            None => f.write_str("an emailAddress that cannot be read"),
        }
    }
}

/// The base of a subtree.
#[derive(Debug)]
pub(in crate::validate) struct Base<'a> {
    name: GeneralName<'a>,
    read: ReadBase<'a>,
}

/// What a base says in its form; `None` where it is not well-formed.
#[derive(Debug)]
pub(super) enum ReadBase<'a> {
    Dns(Option<&'a str>),
    Email(Option<MailboxBase<'a>>),
    Uri(Option<&'a str>),
    Ip(Option<Subnet<'a>>),
    Directory(DirectoryName<'a>),
    /// The type of an otherName.
    Other(&'a [u8]),
    /// The tag of a form that is not read.
    Unread(u8),
}

/// A mailbox and what its local part may be meant as, or the host of many mailboxes.
#[derive(Debug)]
pub(super) enum MailboxBase<'a> {
    Mailbox(Mailbox<'a>, Reading),
    Host(&'a str),
}

/// An address and a prefix mask of one length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subnet<'a> {
    pub(super) base: &'a [u8],
    pub(super) mask: &'a [u8],
}

impl<'a> Base<'a> {
    pub(in crate::validate) fn new(name: GeneralName<'a>) -> Self {
        let host = |base: &'a str| is_host_base(base).then_some(base);
        let read = match name {
            GeneralName::Dns(base) => ReadBase::Dns(host(base)),
            GeneralName::Email(base) if base.contains('@') => {
                let and_reading = |mailbox: Mailbox<'a>| {
                    MailboxBase::Mailbox(mailbox, Reading::of_text(mailbox.local))
                };
                ReadBase::Email(Mailbox::read(base).map(and_reading))
            }
            GeneralName::Email(base) => ReadBase::Email(host(base).map(MailboxBase::Host)),
            GeneralName::Uri(base) => ReadBase::Uri(host(base)),
            GeneralName::Ip(subnet) => {
                let parts = subnet.split_at_checked(subnet.len() / 2);
                let subnet = parts.map(|(base, mask)| Subnet { base, mask });
                ReadBase::Ip(subnet.filter(|subnet| is_prefix_mask(subnet.mask)))
            }
            GeneralName::Directory(name) => ReadBase::Directory(DirectoryName::new(name)),
            // What a constraint on these means is nowhere said.
            GeneralName::Other { type_id, .. } => ReadBase::Other(type_id),
            GeneralName::Unread(tag) => ReadBase::Unread(tag),
        };
        Self { name, read }
    }

    /// How many bytes it takes to compare it.
    pub(in crate::validate) fn len(&self) -> usize {
        self.name.len()
    }

    /// Whether nothing can be compared with it: it is malformed, or of a form that is not read.
    pub(in crate::validate) fn is_unprocessable(&self) -> bool {
        matches!(
            self.read,
            ReadBase::Dns(None)
                | ReadBase::Email(None)
                | ReadBase::Uri(None)
                | ReadBase::Ip(None)
                | ReadBase::Other(_)
                | ReadBase::Unread(_)
        )
    }

    /// Whether it is of the form of `name`, so that it says something of it.
    pub(in crate::validate) fn concerns(&self, name: &Held<'_>) -> bool {
        self.read.concerns(&name.read)
    }

    pub(super) fn read(&self) -> &ReadBase<'a> {
        &self.read
    }
}

impl ReadBase<'_> {
    /// Whether the base is of the form of `name`, so that it says something of it.
    pub(super) fn concerns(&self, name: &ReadName<'_>) -> bool {
        use GeneralName::{Directory, Dns, Email, Ip, Uri};
        let tag = match self {
            Self::Other(base) => {
                return match name {
                    ReadName::Other(name) => name == base,
                    ReadName::SmtpUtf8(_) => SMTP_UTF8_MAILBOX == *base,
                    _ => false,
                };
            }
            Self::Dns(_) => Dns("").tag(),
            Self::Email(_) => Email("").tag(),
            Self::Uri(_) => Uri("").tag(),
            Self::Ip(_) => Ip(&[]).tag(),
            Self::Directory(_) => Directory(&[]).tag(),
            Self::Unread(tag) => *tag,
        };
        tag == match name {
            ReadName::Dns(_) => Dns("").tag(),
            ReadName::Email(_) | ReadName::EmailAttribute(_) | ReadName::SmtpUtf8(_) => {
                Email("").tag()
            }
            ReadName::Uri(_) => Uri("").tag(),
            ReadName::Ip(_) => Ip(&[]).tag(),
            ReadName::Directory(_) => Directory(&[]).tag(),
            ReadName::Unread(tag) => *tag,
            ReadName::Other(_) => return false,
        }
    }
}

/// A directory name, folded once for permitted and once for excluded subtrees.
#[derive(Debug)]
pub(super) struct DirectoryName<'a> {
    der: &'a [u8],
    sure: OnceCell<FoldedName<'a>>,
    possible: OnceCell<FoldedName<'a>>,
}

impl<'a> DirectoryName<'a> {
    fn new(der: &'a [u8]) -> Self {
        Self {
            der,
            sure: OnceCell::new(),
            possible: OnceCell::new(),
        }
    }

    pub(super) fn folded(&self, within: Within) -> &FoldedName<'a> {
        let (cell, equality) = match within {
            Within::Wholly => (&self.sure, Equality::Sure),
            Within::InPart => (&self.possible, Equality::Possible),
        };
        cell.get_or_init(|| FoldedName::new(self.der, equality))
    }
}
