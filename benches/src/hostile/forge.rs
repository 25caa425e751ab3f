//! What a stranger can make without a key: signatures that do not hold, and names that are dear to
//! read.

use testpki::{Attribute, Cert, Extension, Name, StringType, der, oid};

use crate::KeyKind;
use crate::pki::pseudo_random;

/// What a forged number begins with.
const MARK: [u8; 4] = [0x11, 0xf0, 0x49, 0xed];

/// A signature that does not hold. Its numbers are within their ranges, so that finding that out
/// costs as much as if it held.
pub(crate) fn signature(key: KeyKind, number: u64) -> Vec<u8> {
    let octets = |count: usize| [&MARK, &pseudo_random(number, count)[4..]].concat();
    let ecdsa = |count: usize| {
        let scalar = der::integer(&octets(count));
        der::sequence(&[scalar.clone(), scalar])
    };
    match key {
        KeyKind::P256 => ecdsa(32),
        KeyKind::P384 => ecdsa(48),
        KeyKind::Ed25519 => octets(64),
        KeyKind::Rsa2048 => octets(256),
        KeyKind::Rsa4096 => octets(512),
    }
}

/// Whether a signature is one of [`signature`].
pub(crate) fn is_marked(signature: &[u8]) -> bool {
    let begins_at = |start: usize| signature.get(start..start + 4) == Some(&MARK);
    begins_at(0) || begins_at(4)
}

/// `certificate`, as if `issuer` had issued it by a key of this kind.
pub(super) fn forged(certificate: Cert, issuer: &Cert, key: KeyKind, number: u64) -> Cert {
    certificate
        .issued_by(issuer)
        .algorithms(key.key("root").default_algorithm().identifier())
        .raw_signature(signature(key, number))
}

/// `certificate` without its key identifiers.
pub(super) fn without_key_ids(certificate: Cert) -> Cert {
    certificate
        .without_extension(oid::SUBJECT_KEY_IDENTIFIER)
        .without_extension(oid::AUTHORITY_KEY_IDENTIFIER)
}

/// How many values `script` of [`text`] has, less one.
pub(super) const SCRIPTS: u32 = 13;

/// A text of so many characters, and how it is written. Texts that differ in `variant` alone are
/// equal once prepared, as far as the script allows that.
pub(super) fn text(script: u32, characters: usize, variant: usize) -> (StringType, String) {
    let repeat = |part: &str| part.repeat(characters.div_ceil(part.chars().count()).max(1));
    let cased = |lower: char, upper: char| -> String {
        let bit = |place: usize| (variant >> (place % usize::BITS as usize)) & 1 == 1;
        let places = 0..characters.max(1);
        places
            .map(|place| if bit(place) { upper } else { lower })
            .collect()
    };
    match script {
        0 => (StringType::Printable, repeat("a")),
        1 => (StringType::Utf8, cased('a', 'A')),
        2 => (StringType::Utf8, cased('é', 'É')),
        3 => (StringType::Utf8, repeat("\u{390}")),
        4 => (StringType::Utf8, repeat("\u{149}")),
        5 => (StringType::Utf8, repeat("\u{fdfa}")),
        6 => (StringType::Bmp, repeat("\u{390}")),
        7 => (StringType::Universal, cased('é', 'É')),
        8 => (StringType::Teletex, cased('é', 'É')),
        9 => (StringType::Printable, cased('a', ' ')),
        // Marks that belong to one letter, in an order that has to be turned round.
        10 => (StringType::Utf8, repeat("e\u{301}\u{323}\u{31b}")),
        11 => (StringType::Utf8, repeat("\u{315}\u{302}\u{321}")),
        12 => (StringType::Bmp, repeat("\u{fdfa}")),
        _ => (StringType::Utf8, cased('\u{1e9e}', 'ß')),
    }
}

/// A name of so many attributes. Names that differ in `variant` alone are equal, once prepared;
/// those that differ in `number` differ in the last attribute.
pub(super) struct LongName {
    pub(super) script: u32,
    pub(super) attributes: usize,
    pub(super) characters: usize,
    /// Whether all attributes are in one level, so that they have to be sorted.
    pub(super) is_one_level: bool,
}

impl LongName {
    pub(super) fn name(&self, variant: usize, number: Option<usize>) -> Name {
        let (string_type, text) = text(self.script, self.characters, variant);
        let kinds = [oid::ORGANIZATIONAL_UNIT, oid::ORGANIZATION, oid::LOCALITY];
        let attribute = |place: usize| match self.is_one_level {
            // A level has no two attributes that are equal.
            true => Attribute::new(&format!("2.5.4.{}", 100 + place), string_type, &text),
            false => Attribute::new(kinds[place % kinds.len()], string_type, &text),
        };
        let mut attributes: Vec<_> = (0..self.attributes).map(attribute).collect();
        let last = number.map(|number| Attribute::common_name(&format!("{number}")));
        if self.is_one_level && !attributes.is_empty() {
            let last = last.as_slice();
            return match last {
                [] => Name::from_levels(&[&attributes]),
                _ => Name::from_levels(&[&attributes, last]),
            };
        }
        attributes.extend(last);
        Name::new(&attributes)
    }
}

/// An extension whose value is so many octets that nobody reads.
pub(super) fn padding(octets: usize) -> Extension {
    Extension::new(
        "1.3.6.1.4.1.32473.1.7",
        der::octet_string(&vec![0x5a; octets]),
    )
}

/// As many of `parts` as have room within `bytes`.
pub(super) fn fit<T>(
    parts: impl Iterator<Item = T>,
    bytes: usize,
    length: impl Fn(&T) -> usize,
) -> Vec<T> {
    let mut left = bytes;
    parts
        .take_while(|part| match left.checked_sub(length(part)) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect()
}
