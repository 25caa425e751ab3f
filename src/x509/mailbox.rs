//! Mail addresses (RFC 5321 §4.1.2) and those with letters beyond ASCII (RFC 9598).

use super::der::{Reader, tag};
use super::host::is_strict_host;

/// id-on-SmtpUTF8Mailbox, 1.3.6.1.5.5.7.8.9 (RFC 9598 §3).
pub(crate) const SMTP_UTF8_MAILBOX: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09];

/// The most bytes of a local part (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// A mail address that can be read in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mailbox<'a> {
    pub(crate) local: &'a str,
    pub(crate) host: &'a str,
}

impl<'a> Mailbox<'a> {
    /// `Dot-string "@" Domain`. Quoted local parts and address literals are not taken: they can be
    /// written in several ways, and hold an `@`.
    pub(crate) fn read(address: &'a str) -> Option<Self> {
        Self::split(address).filter(|mailbox| mailbox.local.is_ascii())
    }

    /// From the value of a SmtpUTF8Mailbox: a UTF8String without a byte order mark whose local part
    /// is not ASCII (RFC 9598 §3), with a host as in rfc822Name.
    pub(crate) fn read_smtp_utf8(value: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(value);
        let string = reader.expect(tag::UTF8_STRING).ok()?;
        reader.finish().ok()?;
        let address = core::str::from_utf8(string.value).ok()?;
        let address = Some(address).filter(|address| !address.starts_with('\u{feff}'))?;
        Self::split(address).filter(|mailbox| !mailbox.local.is_ascii())
    }

    fn split(address: &'a str) -> Option<Self> {
        let (local, host) = address.split_once('@')?;
        let is_atom = |atom: &str| !atom.is_empty() && atom.chars().all(is_atext);
        let is_good =
            local.len() <= MAX_LOCAL_BYTES && local.split('.').all(is_atom) && is_strict_host(host);
        is_good.then_some(Self { local, host })
    }
}

/// `atext` of RFC 5322 §3.2.3, and of RFC 6532 §3.2 all beyond ASCII but control characters and
/// white space.
fn is_atext(character: char) -> bool {
    match character {
        '\0'..='\u{7f}' => {
            character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
        }
        _ => !character.is_control() && !character.is_whitespace(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn mailboxes_have_a_local_part_and_a_host() {
        for (address, local, host) in [
            ("a@d.example", "a", "d.example"),
            ("a.b+c@d.example", "a.b+c", "d.example"),
            ("*@d-e.example", "*", "d-e.example"),
            ("!#$%&'*+-/=?^_`{|}~@d", "!#$%&'*+-/=?^_`{|}~", "d"),
        ] {
            assert_eq!(Mailbox::read(address), Some(Mailbox { local, host }));
        }
        for not_one in [
            "",
            "@",
            "a",
            "a@",
            "@d.example",
            "a b@d.example",
            "a..b@d.example",
            ".a@d.example",
            "a.@d.example",
            "\"a\"@d.example",
            "a,b@d.example",
            "a@b@d.example",
            "a@b@d.example, c@e.example",
            "<a@d.example>",
            "a@d..example",
            "a@-d.example",
            "a@d-.example",
            "a@d_e.example",
            "a@[192.0.2.1]",
            "a@d.example.",
            "a@d.example ",
            "\u{e9}@d.example",
            "a@\u{e9}.example",
        ] {
            assert_eq!(Mailbox::read(not_one), None, "{not_one}");
        }
        let local = "a".repeat(MAX_LOCAL_BYTES);
        assert!(Mailbox::read(&alloc::format!("{local}@d")).is_some());
        assert!(Mailbox::read(&alloc::format!("{local}a@d")).is_none());
    }

    #[test]
    fn mailboxes_beyond_ascii() {
        let value = |tag: u8, text: &str| {
            let mut value = Vec::from([tag, text.len() as u8]);
            value.extend_from_slice(text.as_bytes());
            value
        };
        let read = |tag, text: &str| {
            Mailbox::read_smtp_utf8(&value(tag, text)).map(|mailbox| mailbox.host.len())
        };
        assert_eq!(read(0x0c, "\u{e9}.b@d.example"), Some(9));
        assert_eq!(read(0x0c, "\u{533b}@xn--bcher-kva.example"), Some(21));
        for not_one in [
            "a@d.example",
            "\u{e9}@\u{e9}.example",
            "\u{e9}",
            "\u{e9}@",
            "\u{e9}..b@d",
            "\u{e9}\u{a0}@d",
            "\u{feff}\u{e9}@d",
            "\u{e9}@d@e",
        ] {
            assert_eq!(read(0x0c, not_one), None, "{not_one}");
        }
        assert_eq!(read(0x16, "\u{e9}@d"), None);
        assert_eq!(Mailbox::read_smtp_utf8(&[0x0c, 3, 0xff, b'@', b'd']), None);
        let mut trailing = value(0x0c, "\u{e9}@d");
        trailing.push(0);
        assert_eq!(Mailbox::read_smtp_utf8(&trailing), None);
    }

    #[test]
    fn readable_mailboxes() {
        for good in [
            "a@example.com",
            "A.b.c+d@Example",
            "!#$%&'*+-/=?^_`{|}~@a-b.example",
            "1@a.example",
        ] {
            assert!(Mailbox::read(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "@",
            "a",
            "a@",
            "@example.com",
            "a@evil.org@example.com",
            "a@evil.org, b@example.com",
            "a@evil.org,b@example.com",
            "a,b@example.com",
            "a b@example.com",
            " a@example.com",
            "a@example.com ",
            "a..b@example.com",
            ".a@example.com",
            "a.@example.com",
            "\"a\"@example.com",
            "a(b)@example.com",
            "<a@example.com>",
            "a@example.com>",
            "a;b@example.com",
            "a:b@example.com",
            "a\\b@example.com",
            "a[b]@example.com",
            "a@[192.0.2.1]",
            "a@*.example.com",
            "a@.example.com",
            "a@example..com",
            "a@example.com.",
            "a@-b.example",
            "a@b-.example",
            "zoë@example.com",
        ] {
            assert!(Mailbox::read(bad).is_none(), "{bad}");
        }
    }
}
