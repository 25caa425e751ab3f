//! Names and subtrees by the ten thousand for each form, from tokens of valid, odd and illegal
//! names, against readers that were written for this test alone, from the RFCs: whatever they
//! refuse is not permitted and not outside of what is excluded; and otherwise both agree on what
//! lies within.

use super::*;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub(super) const PAIRS: usize = 40_000;

/// A generator of numbers (xorshift), so that each run tries the same.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }

    pub(super) fn one_of<'a>(&mut self, tokens: &[&'a str]) -> &'a str {
        tokens[self.below(tokens.len())]
    }

    /// Up to `most` tokens in a row.
    fn text(&mut self, tokens: &[&str], most: usize) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| self.one_of(tokens)).collect()
    }

    /// A text of another kind one time in eight.
    fn usually(&mut self, usual: String, odd: String) -> String {
        if self.below(8) == 0 { odd } else { usual }
    }
}

/// How often a form was tried with each outcome, so that no side of a rule goes untested.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) inside: usize,
    pub(super) outside: usize,
    pub(super) refused: usize,
}

impl Tally {
    /// `expected` is whether the name lies within, surely and possibly; `None` if either is
    /// refused.
    fn compare(&mut self, found: [Verdict; 2], expected: Option<[bool; 2]>, what: &str) {
        match expected {
            None => {
                self.refused += 1;
                assert_eq!(found, [BAD, BAD], "{what}");
            }
            Some(within) => {
                self.inside += usize::from(within[0]);
                self.outside += usize::from(!within[1]);
                assert_eq!(found, within.map(|within| Some(Ok(within))), "{what}");
            }
        }
    }

    pub(super) fn assert_all_sides_were_tried(&self) {
        let Self {
            inside,
            outside,
            refused,
        } = self;
        assert!(
            *inside.min(outside).min(refused) > 500,
            "{inside} inside, {outside} outside, {refused} refused"
        );
    }
}

const HOST_TOKENS: &[&str] = &[
    "a", "B", "example", "Example", "com", ".", ".", ".", "-", "_", "*", " ", "%2e", "1", "0x7f",
    "\\", "/", "@",
];
const HOSTS: &[&str] = &[
    "example.com",
    "EXAMPLE.com",
    "a.example.com",
    "b.a.example.com",
    "aexample.com",
    "com",
    "a-b.example.com",
    "a_b.example.com",
    "-a.example.com",
    "*.example.com",
    "example.com.",
    ".example.com",
    "",
    "192.0.2.1",
    "0x7f.1",
];

/// The labels of a host in lower case, the last one first.
fn labels(host: &str, is_label: impl Fn(&[u8]) -> bool) -> Option<Vec<String>> {
    let mut labels: Vec<String> = Vec::new();
    let mut label = String::new();
    for character in host.chars().chain(['.']) {
        if character == '.' {
            if label.is_empty() || label.len() > 63 || !is_label(label.as_bytes()) {
                return None;
            }
            labels.insert(0, core::mem::take(&mut label));
        } else {
            label.push(character.to_ascii_lowercase());
        }
    }
    (host.len() < 254).then_some(labels)
}

fn is_deployed_label(label: &[u8]) -> bool {
    label
        .iter()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

/// `sub-domain` of RFC 5321 §4.1.2.
fn is_mail_label(label: &[u8]) -> bool {
    let is_let_dig = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let [first, .., last] = label else {
        return label.iter().all(is_let_dig);
    };
    is_let_dig(first)
        && is_let_dig(last)
        && label.iter().all(|byte| is_let_dig(byte) || *byte == b'-')
}

/// A host against the subtree of a mailbox or a URI: itself, or all below a leading dot.
fn is_host_inside(host: &[String], base: &str) -> Option<bool> {
    if base.is_empty() {
        return Some(true);
    }
    Some(match base.strip_prefix('.') {
        Some(domain) => {
            let domain = labels(domain, is_deployed_label)?;
            host.len() > domain.len() && host.starts_with(&domain)
        }
        None => host == labels(base, is_deployed_label)?,
    })
}

fn host(random: &mut Random) -> String {
    let odd = random.text(HOST_TOKENS, 6);
    let usual = random.one_of(HOSTS).to_string();
    random.usually(usual, odd)
}

#[test]
fn dns_names_from_a_grammar() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut tally = Tally::default();
    for _ in 0..PAIRS {
        let (name, base) = (host(&mut random), host(&mut random));
        let expected = (|| {
            let (is_wildcard, rest) = match name.strip_prefix("*.") {
                Some(rest) => (true, rest),
                None => (false, name.as_str()),
            };
            let mut name = labels(rest, is_deployed_label)?;
            let is_below = base.starts_with('.');
            let base = match base.strip_prefix('.').unwrap_or(&base) {
                "" if is_below => return None,
                "" => Vec::new(),
                base => labels(base, is_deployed_label)?,
            };
            // Any label at all stands for the wildcard.
            let reaches =
                is_wildcard && !is_below && base.len() == name.len() + 1 && base.starts_with(&name);
            if is_wildcard {
                name.push("*".to_string());
            }
            let is_inside = name.starts_with(&base) && (!is_below || name.len() > base.len());
            Some([is_inside, is_inside || reaches])
        })();
        let found = both(GeneralName::Dns(&name), GeneralName::Dns(&base));
        tally.compare(found, expected, &alloc::format!("{name:?} within {base:?}"));
    }
    tally.assert_all_sides_were_tried();
}

const LOCAL_TOKENS: &[&str] = &[
    "a", "A", "b", "+", "_", "*", ".", "..", "\"", " ", ",", "@", "<", "\\", "(", "\u{e9}",
    "\u{ff21}",
];
const LOCALS: &[&str] = &["a", "A", "a.b", "A.B", "b+c", "*", "x"];

fn local(random: &mut Random) -> String {
    let odd = random.text(LOCAL_TOKENS, 4);
    let usual = random.one_of(LOCALS).to_string();
    random.usually(usual, odd)
}

/// `Dot-string` of RFC 5321 §4.1.2, and a domain; both as written.
fn split_mailbox(address: &str, is_other: impl Fn(char) -> bool) -> Option<(String, Vec<String>)> {
    const ATEXT: &str =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~";
    let at = address.find('@')?;
    let local = &address[..at];
    let domain = labels(&address[at + 1..], is_mail_label)?;
    let mut is_after_dot = true;
    for character in local.chars() {
        match character {
            '.' if is_after_dot => return None,
            '.' => is_after_dot = true,
            other if ATEXT.contains(other) || is_other(other) => is_after_dot = false,
            _ => return None,
        }
    }
    (!is_after_dot && local.len() <= 64).then(|| (local.to_string(), domain))
}

fn mail_base(random: &mut Random) -> String {
    match random.below(3) {
        0 => local(random) + "@" + &host(random),
        _ => host(random),
    }
}

#[test]
fn mailboxes_from_a_grammar() {
    let mut random = Random(0xd1b5_4a32_d192_ed03);
    let (mut tally, mut attributes) = (Tally::default(), Tally::default());
    for _ in 0..PAIRS {
        let name = local(&mut random) + "@" + &host(&mut random);
        let base = mail_base(&mut random);
        let expected = |is_any_case: bool| {
            let (name_local, name_host) = split_mailbox(&name, |_| false)?;
            if !base.contains('@') {
                return is_host_inside(&name_host, &base).map(|inside| [inside; 2]);
            }
            let (base_local, base_host) = split_mailbox(&base, |_| false)?;
            let is_exact = name_local == base_local;
            let is_similar = name_local.to_lowercase() == base_local.to_lowercase();
            let is_same_host = name_host == base_host;
            Some(
                [is_exact || is_any_case && is_similar, is_similar]
                    .map(|same| same && is_same_host),
            )
        };
        let what = alloc::format!("{name:?} within {base:?}");
        let found = both(GeneralName::Email(&name), GeneralName::Email(&base));
        tally.compare(found, expected(false), &what);
        let found = [Within::Wholly, Within::InPart]
            .map(|within| attribute_held(Some(&name), GeneralName::Email(&base), within));
        attributes.compare(found, expected(true), &what);
    }
    tally.assert_all_sides_were_tried();
    attributes.assert_all_sides_were_tried();
}

#[test]
fn mailboxes_beyond_ascii_from_a_grammar() {
    let mut random = Random(0x94d0_49bb_1331_11eb);
    let mut tally = Tally::default();
    for _ in 0..PAIRS {
        let beyond = random.one_of(&["\u{e9}", "\u{ff21}", "\u{e9}.", ""]);
        let name = beyond.to_string() + &local(&mut random) + "@" + &host(&mut random);
        let base = mail_base(&mut random);
        let value = {
            let mut value = alloc::vec![0x0c, name.len() as u8];
            value.extend_from_slice(name.as_bytes());
            value
        };
        let expected = (|| {
            let (name_local, name_host) = split_mailbox(&name, |other| !other.is_ascii())?;
            if name_local.is_ascii() {
                return None;
            }
            if !base.contains('@') {
                return is_host_inside(&name_host, &base).map(|inside| [inside; 2]);
            }
            let (base_local, base_host) = split_mailbox(&base, |_| false)?;
            // The one letter here that has a compatibility mapping.
            let plain = name_local.replace('\u{ff21}', "a").to_lowercase();
            let is_possible = name_host == base_host && plain == base_local.to_lowercase();
            Some([false, is_possible])
        })();
        let name_of_form = GeneralName::Other {
            type_id: SMTP_UTF8_MAILBOX,
            value: &value,
        };
        let found = both(name_of_form, GeneralName::Email(&base));
        tally.compare(found, expected, &alloc::format!("{name:?} within {base:?}"));
    }
    tally.assert_all_sides_were_tried();
}

/// The host of a URI by the grammar of RFC 3986 appendix A, read from left to right, if that is a
/// DNS name.
fn uri_host(uri: &str) -> Option<Vec<String>> {
    let bytes = uri.as_bytes();
    let mut at = 0;
    // Takes what matches; octets that are percent-encoded count as characters.
    let take = |at: &mut usize, allowed: &dyn Fn(u8) -> bool| {
        let start = *at;
        loop {
            match bytes.get(*at) {
                Some(b'%') if allowed(b'%') => {
                    let digits = bytes.get(*at + 1..*at + 3);
                    if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                        break;
                    }
                    *at += 3;
                }
                Some(byte) if *byte != b'%' && allowed(*byte) => *at += 1,
                _ => break,
            }
        }
        uri[start..*at].to_string()
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte);
    let scheme = take(&mut at, &|byte| {
        byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)
    });
    if !scheme.as_bytes().first()?.is_ascii_alphabetic() || !uri[at..].starts_with("://") {
        return None;
    }
    at += 3;
    let authority = at;
    take(&mut at, &|byte| is_plain(byte) || byte == b':');
    if bytes.get(at) == Some(&b'@') {
        at += 1;
    } else {
        at = authority;
    }
    let host = take(&mut at, &is_plain);
    if bytes.get(at) == Some(&b':') {
        at += 1;
        take(&mut at, &|byte| byte.is_ascii_digit());
    }
    let in_path = |byte: u8| is_plain(byte) || b":@/".contains(&byte);
    if bytes.get(at) == Some(&b'/') {
        take(&mut at, &in_path);
    }
    for delimiter in [b'?', b'#'] {
        if bytes.get(at) == Some(&delimiter) {
            at += 1;
            take(&mut at, &|byte| in_path(byte) || byte == b'?');
        }
    }
    if at != uri.len() {
        return None;
    }
    let name = labels(host.strip_suffix('.').unwrap_or(&host), is_deployed_label)?;
    let last = name.first()?;
    let is_number = last.chars().all(|digit| digit.is_ascii_digit())
        || last.len() >= 2
            && last.starts_with("0x")
            && last[2..].chars().all(|digit| digit.is_ascii_hexdigit());
    (!is_number).then_some(name)
}

#[test]
fn uris_from_a_grammar() {
    const SCHEMES: &[&str] = &[
        "https://",
        "spiffe://",
        "a+b.c://",
        "https:/",
        "https:",
        "urn:",
        "1a://",
        "://",
        "//",
        "",
    ];
    const USERS: &[&str] = &[
        "", "", "", "", "a@", "a:b@", "a%40b@", "a@b@", "a b@", "a\\@", "a/@", "%4@", "a?@", "[@",
    ];
    const ENDS: &[&str] = &[
        "",
        "",
        "",
        "/",
        "/a",
        ":443",
        ":",
        ":x",
        ":1:2",
        "?a",
        "#a",
        "#a#b",
        "/@://good.example/",
        "\\",
        "/a b",
        "/%zz",
        "/%41",
        ".",
        "%2f",
    ];
    let mut random = Random(0xbf58_476d_1ce4_e5b9);
    let mut tally = Tally::default();
    for _ in 0..PAIRS {
        let mut part = |usual: &str, odd: &[&str]| match random.below(3) {
            0 => random.one_of(odd).to_string(),
            _ => usual.to_string(),
        };
        let [scheme, user, end] =
            [("https://", SCHEMES), ("", USERS), ("/a", ENDS)].map(|(usual, odd)| part(usual, odd));
        let name = scheme + &user + &host(&mut random) + &end;
        let tokens = &[
            ":",
            "/",
            "//",
            "@",
            "?",
            "#",
            "example.com",
            "a",
            "%40",
            "[",
            "]",
            "\\",
        ];
        let odd = random.text(tokens, 8);
        let name = random.usually(name, odd);
        let base = host(&mut random);
        let expected = uri_host(&name).and_then(|host| is_host_inside(&host, &base));
        let found = both(GeneralName::Uri(&name), GeneralName::Uri(&base));
        let what = alloc::format!("{name:?} within {base:?}");
        tally.compare(found, expected.map(|inside| [inside; 2]), &what);
    }
    tally.assert_all_sides_were_tried();
}

#[test]
fn addresses_from_a_grammar() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut tally = Tally::default();
    // Addresses as numbers of IPv6, those of IPv4 mapped, and in which spelling.
    let address = |random: &mut Random| {
        let bits = [0x0a00_0001_u128, 0x0a00_0101, 0x0a80_0001, 0x7f00_0001][random.below(4)];
        match random.below(4) {
            0 => (bits | 0xffff_0000_0000, true),
            1 => (bits | 0xffff_0000_0000, false),
            2 => (bits | 0x2001 << 112, false),
            _ => (bits, false),
        }
    };
    let octets = |number: u128, is_ipv4: bool| {
        let octets = number.to_be_bytes();
        if is_ipv4 {
            octets[12..].to_vec()
        } else {
            octets.to_vec()
        }
    };
    for _ in 0..PAIRS {
        let ((name, is_name_ipv4), (base, is_base_ipv4)) =
            (address(&mut random), address(&mut random));
        let width = if is_base_ipv4 { 32 } else { 128 };
        let prefix = [0, 1, 8, 24, 31, 32, 80, 96, 104, 120, 128][random.below(11)].min(width);
        let has_gap = random.below(8) == 0;
        let ones = u128::MAX.checked_shl(width - prefix).unwrap_or(0);
        let mask = if has_gap { ones ^ 0b10 } else { ones };
        let at_the_top = mask << (128 - width);
        let prefix = at_the_top.leading_ones();
        let is_good = at_the_top.count_ones() == prefix;
        let subnet = [octets(base, is_base_ipv4), octets(mask, is_base_ipv4)].concat();
        let name_octets = octets(name, is_name_ipv4);
        // All of the network's bits, of which those of the mapping are 96.
        let network_bits = if is_base_ipv4 { prefix + 96 } else { prefix };
        let is_in = name.checked_shr(128 - network_bits).unwrap_or(0)
            == base.checked_shr(128 - network_bits).unwrap_or(0);
        let is_same_spelling = is_name_ipv4 == is_base_ipv4;
        let is_inside = is_in && is_same_spelling;
        let is_possible = is_in && (is_same_spelling || network_bits >= 96);
        let expected = is_good.then_some([is_inside, is_possible]);
        let found = both(GeneralName::Ip(&name_octets), GeneralName::Ip(&subnet));
        tally.compare(
            found,
            expected,
            &alloc::format!("{name_octets:?} within {subnet:?}"),
        );
    }
    tally.assert_all_sides_were_tried();
}
