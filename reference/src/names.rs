//! Names (RFC 5280 §4.1.2.4, §4.2.1.6), when two are equal (§7.1, RFC 4518), and the syntax of
//! hosts, mailboxes and URIs.

mod syntax;

use stringprep::tables;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::der::{self, Element, Malformed, elements, oid, only};
use crate::model::Oid;

pub(crate) use syntax::*;

/// An attribute of a relative distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub oid: Oid,
    /// The identifier octet of its value.
    pub tag: u8,
    /// The content octets of its value.
    pub value: Vec<u8>,
    /// The whole DER of the AttributeTypeAndValue.
    pub der: Vec<u8>,
}

/// A distinguished name.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Name {
    /// The whole DER.
    pub der: Vec<u8>,
    /// The relative names, each the DER order of its attributes.
    pub rdns: Vec<Vec<Attribute>>,
}

/// GeneralName; text and other names as the octets that they are, well-formed or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// otherName: its type, and the DER inside of `[0]`.
    Other(Oid, Vec<u8>),
    /// rfc822Name.
    Email(Vec<u8>),
    /// dNSName.
    Dns(Vec<u8>),
    /// x400Address, its content octets.
    X400(Vec<u8>),
    /// directoryName.
    Directory(Name),
    /// ediPartyName, its content octets.
    EdiParty(Vec<u8>),
    /// uniformResourceIdentifier.
    Uri(Vec<u8>),
    /// iPAddress.
    Ip(Vec<u8>),
    /// registeredID, its content octets.
    RegisteredId(Vec<u8>),
}

/// NumericString.
pub(crate) const NUMERIC_STRING: u8 = 0x12;

impl Attribute {
    /// AttributeTypeAndValue (RFC 5280 §4.1.2.4).
    fn read(whole: &[u8]) -> Result<Self, Malformed> {
        match elements(only(whole, der::SEQUENCE)?)?.as_slice() {
            [kind, value] if kind.tag == der::OBJECT_IDENTIFIER => Ok(Self {
                oid: oid(kind.content)?,
                tag: value.tag,
                value: value.content.to_vec(),
                der: whole.to_vec(),
            }),
            _ => Err("an attribute is a type and a value"),
        }
    }

    /// The text of the value for people and identities; none: it is no text.
    pub(crate) fn text(&self) -> Option<String> {
        text_of(self.tag, &self.value)
    }
}

/// The text of a string for people and identities; none: it is no text.
pub(crate) fn text_of(tag: u8, value: &[u8]) -> Option<String> {
    match tag {
        der::TELETEX_STRING => ascii(value),
        tag => text(tag, value),
    }
}

impl Name {
    /// Reads a whole Name.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn read(der: &[u8]) -> Result<Self, Malformed> {
        let mut rdns = Vec::new();
        for relative in elements(only(der, der::SEQUENCE)?)? {
            let attributes = der::some_elements(only(relative.whole, der::SET)?)?;
            let attributes = attributes.iter().map(|it| Attribute::read(it.whole));
            rdns.push(attributes.collect::<Result<_, _>>()?);
        }
        let der = der.to_vec();
        Ok(Self { der, rdns })
    }

    /// Whether the name has no relative name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether the names are surely equal (docs/PROFILES.md).
    #[must_use]
    pub fn is_surely(&self, other: &Name) -> bool {
        if self.is_large() || other.is_large() {
            return self.der == other.der;
        }
        self.rdns.len() == other.rdns.len() && self.begins_with(other, is_surely_rdn)
    }

    /// Whether each value is text that is compared for certain: a name without such values is equal
    /// to others surely or not at all.
    pub(crate) fn is_certain(&self) -> bool {
        let is_small = !self.is_large() && self.rdns.iter().all(|it| it.len() <= 8);
        let prepared = |it: &Attribute| prepare(&text(it.tag, &it.value)?, false);
        is_small && self.rdns.iter().flatten().all(|it| prepared(it).is_some())
    }

    /// Whether the names are possibly equal.
    #[must_use]
    pub fn is_possibly(&self, other: &Name) -> bool {
        self.rdns.len() == other.rdns.len() && self.begins_with(other, is_possibly_rdn)
    }

    /// Whether the name lies in the subtree of this base (RFC 5280 §4.2.1.10): its first relative
    /// names are those of the base. Names of any size are held against subtrees.
    pub(crate) fn begins_with(
        &self,
        base: &Name,
        is_same: fn(&[Attribute], &[Attribute]) -> bool,
    ) -> bool {
        let mut pairs = self.rdns.iter().zip(&base.rdns);
        self.rdns.len() >= base.rdns.len() && pairs.all(|(one, other)| is_same(one, other))
    }

    /// Whether the name is too large for any comparison but that of bytes.
    fn is_large(&self) -> bool {
        let attributes = self.rdns.iter().flatten();
        let texts = attributes.filter_map(|it| text(it.tag, &it.value));
        let beyond_ascii = |text: String| text.chars().filter(|c| !c.is_ascii()).count();
        self.der.len() > 1_024 || texts.map(beyond_ascii).sum::<usize>() > 128
    }
}

// --- When two are equal ---

/// Whether the attributes of two relative names are surely the same set (RFC 5280 §7.1).
#[must_use]
pub fn is_surely_rdn(one: &[Attribute], other: &[Attribute]) -> bool {
    if one.len() > 8 || other.len() > 8 {
        return one == other;
    }
    let mut left: Vec<&Attribute> = other.iter().collect();
    one.iter().all(|it| {
        let same = left.iter().position(|other| is_surely_attribute(it, other));
        same.map(|at| left.remove(at)).is_some()
    }) && left.is_empty()
}

/// Whether they are possibly the same set: an attribute that is there twice says it once.
pub(crate) fn is_possibly_rdn(one: &[Attribute], other: &[Attribute]) -> bool {
    let is_in = |it: &Attribute, set: &[Attribute]| {
        set.iter().any(|other| is_possibly_attribute(it, other))
    };
    let are_in = |these: &[Attribute], set: &[Attribute]| these.iter().all(|it| is_in(it, set));
    one.len() > 8 || other.len() > 8 || (are_in(one, other) && are_in(other, one))
}

fn is_surely_attribute(one: &Attribute, other: &Attribute) -> bool {
    let prepared = |it: &Attribute| prepare(&text(it.tag, &it.value)?, false);
    one.oid == other.oid
        && ((one.tag, &one.value) == (other.tag, &other.value)
            || prepared(one).is_some_and(|text| prepared(other) == Some(text)))
}

fn is_possibly_attribute(one: &Attribute, other: &Attribute) -> bool {
    let pattern = |it: &Attribute| pattern(it.tag, &it.value);
    one.oid == other.oid && fit(&pattern(one), &pattern(other))
}

/// Whether the texts may be meant as the same one.
pub(crate) fn is_possibly_text(one: &str, other: &str) -> bool {
    let pattern = |text: &str| pattern(der::UTF8_STRING, text.as_bytes());
    fit(&pattern(one), &pattern(other))
}

/// The characters that a string says; none: its type does not allow it, or it is no string
/// (PROFILES, "How strict DER is read": text if it decodes).
pub(crate) fn text(tag: u8, value: &[u8]) -> Option<String> {
    let code = |octets: &[u8]| {
        octets
            .iter()
            .fold(0, |sum, octet| sum << 8 | u32::from(*octet))
    };
    let wide = |octets: &[u8]| char::from_u32(code(octets));
    match tag {
        NUMERIC_STRING | der::PRINTABLE_STRING => ascii(value),
        der::IA5_STRING | der::VISIBLE_STRING => ascii(value),
        der::UTF8_STRING => String::from_utf8(value.to_vec()).ok(),
        der::BMP_STRING if value.len().is_multiple_of(2) => value.chunks(2).map(wide).collect(),
        der::UNIVERSAL_STRING if value.len().is_multiple_of(4) => {
            value.chunks(4).map(wide).collect()
        }
        _ => None,
    }
}

/// Text in ASCII.
pub(crate) fn ascii(octets: &[u8]) -> Option<String> {
    String::from_utf8(octets.to_vec())
        .ok()
        .filter(|text| text.is_ascii())
}

/// Prepares text for caseIgnoreMatch (RFC 4518 §2); none: that fails. `wide`: what is shown as
/// nothing is nothing, and a dotless i is an i.
fn prepare(text: &str, wide: bool) -> Option<String> {
    // §2.1 Transcode: done. §2.2 Map, with case folding by table B.2 of RFC 3454. What Unicode
    // 3.2 leaves unassigned is mapped and normalized to itself, and prohibited by §2.4: see to it
    // here.
    if text.chars().any(tables::unassigned_code_point) {
        return None;
    }
    let mapped: String = text
        .chars()
        .filter(|c| !is_mapped_to_nothing(*c))
        .map(|c| if is_mapped_to_space(c) { ' ' } else { c })
        .flat_map(tables::case_fold_for_nfkc)
        .collect();
    // §2.3 Normalize. PROFILES: text that grows by more than half of its length and 18 characters
    // is only itself.
    let mut normalized: Vec<char> = mapped.nfkc().collect();
    let count = text.chars().filter(|c| !is_mapped_to_nothing(*c)).count();
    let is_long = normalized.len() > count + count / 2 + 18;
    // §2.4 Prohibit. §2.5 Check bidi: nothing to do.
    let is_mark_first = normalized.first().is_some_and(|c| is_combining_mark(*c));
    if is_long || is_mark_first || normalized.iter().any(|c| is_prohibited(*c)) {
        return None;
    }
    if wide {
        normalized.retain(|c| !is_shown_as_nothing(*c));
        let dotted = |c: &mut char| *c = if *c == 'ı' { 'i' } else { *c };
        normalized.iter_mut().for_each(dotted);
    }
    // §2.6.1 Insignificant space handling: a space is one without combining marks after it.
    let is_marked = |at: usize| normalized.get(at).is_some_and(|c| is_combining_mark(*c));
    let mut words = vec![String::new()];
    for (at, c) in normalized.iter().enumerate() {
        if *c == ' ' && !is_marked(at + 1) {
            words.push(String::new());
        } else {
            words.last_mut()?.push(*c);
        }
    }
    words.retain(|word| !word.is_empty());
    Some(format!(" {} ", words.join("  ")))
}

/// RFC 4518 §2.2: control characters and separators that are mapped to SPACE.
fn is_mapped_to_space(c: char) -> bool {
    let others = "\u{85} \u{A0}\u{1680}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}";
    matches!(c, '\t'..='\r' | '\u{2000}'..='\u{200A}') || others.contains(c)
}

/// RFC 4518 §2.2: what is mapped to nothing. The zero width space, U+200B, is among these.
fn is_mapped_to_nothing(c: char) -> bool {
    let others = "\u{AD}\u{34F}\u{6DD}\u{70F}\u{1806}\u{180E}\u{FEFF}\u{FFFC}\u{E0001}";
    matches!(c, '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}')
        || matches!(c, '\u{180B}'..='\u{180D}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2063}' | '\u{206A}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}')
        || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0020}'..='\u{E007F}')
        || others.contains(c)
}

/// RFC 4518 §2.4: tables A.1, C.3, C.4, C.5 and C.8 of RFC 3454, and the replacement character.
fn is_prohibited(c: char) -> bool {
    tables::unassigned_code_point(c)
        || tables::private_use(c)
        || tables::non_character_code_point(c)
        || tables::surrogate_code(c)
        || tables::change_display_properties_or_deprecated(c)
        || c == '\u{FFFD}'
}

/// What Unicode calls default ignorable, and RFC 4518 does not map to nothing: fillers of Hangul,
/// inherent vowels of Khmer.
fn is_shown_as_nothing(c: char) -> bool {
    "\u{115F}\u{1160}\u{3164}\u{FFA0}\u{17B4}\u{17B5}".contains(c)
}

/// What a value may say (PROFILES): one character after the other, and any text where there is
/// none.
fn pattern(tag: u8, value: &[u8]) -> Vec<Option<char>> {
    if tag == der::TELETEX_STRING {
        // Control characters, CSI among them, switch character sets, so that nobody knows what
        // comes after them. Long ones are not compared.
        let switches = |octet: &u8| octet.is_ascii_control() || *octet == 0x9B;
        if value.len() > 256 || value.iter().any(switches) {
            return vec![None];
        }
        // ASCII letters and digits are themselves. Other bytes may be anything in T.61, Latin-1 or
        // UTF-8. In T.61, one beyond ASCII may be the accent of the letter after it, and in UTF-8
        // of the letter before it.
        let is_beyond = |at: usize| value.get(at).is_some_and(|octet| !octet.is_ascii());
        let is_accented = |at: usize| is_beyond(at + 1) || (at > 0 && is_beyond(at - 1));
        let is_plain = |at: usize| value[at].is_ascii_alphanumeric() && !is_accented(at);
        let plain = |at: usize| char::from(value[at].to_ascii_lowercase());
        return (0..value.len())
            .map(|at| is_plain(at).then(|| plain(at)))
            .collect();
    }
    match text(tag, value) {
        Some(text) if !text.contains('\0') => match prepare(&text, true) {
            Some(text) => text.trim().replace("  ", " ").chars().map(Some).collect(),
            None => vec![None],
        },
        _ => vec![None],
    }
}

/// Whether there is a text that both say.
fn fit(one: &[Option<char>], other: &[Option<char>]) -> bool {
    if !one.contains(&None) && !other.contains(&None) {
        return one == other;
    }
    // fits[i][j]: whether both say one text from their i-th and j-th part on.
    let mut fits = vec![vec![false; other.len() + 1]; one.len() + 1];
    for i in (0..=one.len()).rev() {
        for j in (0..=other.len()).rev() {
            fits[i][j] = match (one.get(i), other.get(j)) {
                (None, None) => true,
                // Any text: none, or what the other one has next.
                (Some(None), _) => fits[i + 1][j] || (j < other.len() && fits[i][j + 1]),
                (_, Some(None)) => fits[i][j + 1] || (i < one.len() && fits[i + 1][j]),
                (Some(a), Some(b)) => a == b && fits[i + 1][j + 1],
                _ => false,
            };
        }
    }
    fits[0][0]
}

impl GeneralName {
    /// Reads one GeneralName, whole, tag included. What is inside of values is not looked into, but
    /// that no string is constructed.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn read(der: &[u8]) -> Result<Self, Malformed> {
        let [Element { tag, content, .. }] = elements(der)?[..] else {
            return Err("no GeneralName");
        };
        Ok(match tag {
            0xA0 => {
                let [kind, value] = elements(content)?[..] else {
                    return Err("an otherName is a type and a value");
                };
                let value = only(value.whole, 0xA0)?;
                let [_] = elements(value)?[..] else {
                    return Err("an otherName has one value");
                };
                Self::Other(
                    oid(only(kind.whole, der::OBJECT_IDENTIFIER)?)?,
                    value.to_vec(),
                )
            }
            0x81 => Self::Email(content.to_vec()),
            0x82 => Self::Dns(content.to_vec()),
            0xA3 => Self::X400(content.to_vec()),
            0xA4 => Self::Directory(Name::read(content)?),
            0xA5 => Self::EdiParty(content.to_vec()),
            0x86 => Self::Uri(content.to_vec()),
            0x87 => Self::Ip(content.to_vec()),
            0x88 => Self::RegisteredId(content.to_vec()),
            _ => return Err("no GeneralName"),
        })
    }
}

#[cfg(test)]
mod tests;
