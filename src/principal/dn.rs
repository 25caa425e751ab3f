//! Names as strings of RFC 2253, to the byte as other programs write them: access lists hold such
//! strings.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

use super::error::Why;
use super::read::check_visible;
use crate::client::Oid;
use crate::x509::{Attribute, attributes_of, only_name, relative_names, tag};

/// Which program's strings. Both have the most specific part first, `CN=a,O=b`; they differ in
/// attributes with several values, in the names of attributes, and in what they escape.
///
/// A name with a value that cannot be read for certain, or has characters that are not to be seen,
/// has no such string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DnForm {
    /// `X509_NAME_print_ex` of OpenSSL with `XN_FLAG_RFC2253`, as PostgreSQL has it: short names
    /// such as `emailAddress` and `serialNumber`, other characters than ASCII as `\C3\BC`.
    ///
    /// The short names are those of OpenSSL 3.0. A name with an attribute of another type has no
    /// such string, as a later release may have given it a name.
    OpenSsl,
    /// `X500Principal.getName()` of Java, as Kafka has it: the names CN, C, L, ST, O, OU, STREET,
    /// DC and UID. Other types, and values of other string types, are `1.2.3.4=#0c0161`.
    Java,
}

/// The string of a name.
pub(super) fn text_of(name: &[u8], form: DnForm) -> Result<String, Why> {
    // The certificate's reader has checked it, so that it can only be empty.
    only_name(name).map_err(|_| Why::Missing)?;
    let mut text = String::new();
    let relative_names: Vec<_> = relative_names(name).collect();
    for relative_name in relative_names.into_iter().rev() {
        let mut values: Vec<_> = attributes_of(relative_name).collect();
        if form == DnForm::OpenSsl {
            // It reverses all attributes of the name, those with one relative name too.
            values.reverse();
        }
        let mut before = if text.is_empty() { "" } else { "," };
        for attribute in values {
            text.push_str(before);
            before = "+";
            match form {
                DnForm::OpenSsl => write_as_openssl(attribute, &mut text)?,
                DnForm::Java => write_as_java(attribute, &mut text)?,
            }
        }
    }
    Ok(text)
}

fn write_as_openssl(attribute: Attribute<'_>, text: &mut String) -> Result<(), Why> {
    let oid = Oid::from_content(attribute.oid);
    let dotted = oid.to_string();
    let known = OPENSSL_NAMES.iter().find(|(of, _)| *of == dotted);
    let Some((_, name)) = known else {
        return Err(Why::UnknownAttribute { oid });
    };
    let value = attribute.string().ok_or(Why::Unreadable)?;
    // It does not read VisibleString in a name.
    if attribute.tag == tag::VISIBLE_STRING {
        return Err(Why::Unreadable);
    }
    check_visible(&value)?;
    text.push_str(name);
    text.push('=');
    let last = value.chars().count().saturating_sub(1);
    for (number, character) in value.chars().enumerate() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => text.extend(['\\', character]),
            // OpenSSL takes the only character for the last, and not for the first.
            '#' if number == 0 && last != 0 => text.push_str("\\#"),
            ' ' if number == 0 || number == last => text.push_str("\\ "),
            ' '..='~' => text.push(character),
            other => {
                let mut buffer = [0; 4];
                for byte in other.encode_utf8(&mut buffer).bytes() {
                    // Writing to a String cannot fail.
                    let _ = write!(text, "\\{byte:02X}");
                }
            }
        }
    }
    Ok(())
}

fn write_as_java(attribute: Attribute<'_>, text: &mut String) -> Result<(), Why> {
    let dotted = Oid::from_content(attribute.oid).to_string();
    // That is how an identifier is shown which is too long for numbers.
    if dotted.starts_with('#') {
        return Err(Why::Unreadable);
    }
    let known = JAVA_NAMES.iter().find(|(of, _)| *of == dotted);
    let name = known.map_or(&*dotted, |(_, name)| name);
    let is_text = match attribute.tag {
        tag::UTF8_STRING | tag::PRINTABLE_STRING | tag::TELETEX_STRING | tag::IA5_STRING => true,
        // Its releases take these for text, and disagree on which.
        tag::BMP_STRING | GENERAL_STRING => return Err(Why::Unreadable),
        _ => false,
    };
    text.push_str(name);
    text.push('=');
    if known.is_none() || !is_text {
        return write_der(attribute, text);
    }
    let value = attribute.string().ok_or(Why::Unreadable)?;
    check_visible(&value)?;
    let without_leading = value.trim_start_matches(' ');
    let middle = without_leading.trim_end_matches(' ');
    let leading = value.len().saturating_sub(without_leading.len());
    let trailing = without_leading.len().saturating_sub(middle.len());
    text.extend(core::iter::repeat_n("\\ ", leading));
    for character in middle.chars() {
        if ",=+<>#;\"\\".contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text.extend(core::iter::repeat_n("\\ ", trailing));
    Ok(())
}

const GENERAL_STRING: u8 = 0x1b;

/// `#` and the DER of the value in hexadecimal.
fn write_der(attribute: Attribute<'_>, text: &mut String) -> Result<(), Why> {
    text.push('#');
    // Writing to a String cannot fail.
    let _ = write!(text, "{:02x}", attribute.tag);
    let length = attribute.value.len();
    let _ = match length {
        0..=0x7f => write!(text, "{length:02x}"),
        0x80..=0xff => write!(text, "81{length:02x}"),
        0x100..=0xffff => write!(text, "82{length:04x}"),
        // No certificate is so large.
        bytes => return Err(Why::TooLong { bytes }),
    };
    for octet in attribute.value {
        let _ = write!(text, "{octet:02x}");
    }
    Ok(())
}

/// Those of RFC 2253 §2.3 and UID.
const JAVA_NAMES: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];

/// Short names of OpenSSL 3.0.
const OPENSSL_NAMES: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.16", "postalAddress"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.18", "postOfficeBox"),
    ("2.5.4.20", "telephoneNumber"),
    ("2.5.4.41", "name"),
    ("2.5.4.42", "GN"),
    ("2.5.4.43", "initials"),
    ("2.5.4.44", "generationQualifier"),
    ("2.5.4.45", "x500UniqueIdentifier"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.72", "role"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.3", "mail"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
    ("1.2.840.113549.1.9.8", "unstructuredAddress"),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
];
