//! Names of certificates in a header.

use alloc::string::String;
use core::fmt::Write;

/// A name in the form of RFC 4514 as printable ASCII. Nothing of it is lost: other characters
/// become `\XX` for each byte of their UTF-8 (§2.4).
///
/// A last space, which is escaped as a backslash and itself, becomes `\20`: HTTP takes blanks from
/// the end of a value (RFC 9110 §5.5).
pub(super) fn header_text(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, ' '..='~') {
            text.push(character);
        } else {
            push_hex(character, &mut text);
        }
    }
    if text.ends_with(' ') {
        text.pop();
        if !text.ends_with('\\') {
            text.push('\\');
        }
        text.push_str("20");
    }
    text
}

/// The same without any double quote, and with backslashes only before what they escape: inside of
/// double quotes, all readers see its end at the same place.
pub(super) fn quotable_text(name: &str) -> String {
    let name = header_text(name);
    let mut text = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        match character {
            // RFC 4514 §2.4: what a backslash escapes is a special character or the first of two
            // hexadecimal digits.
            '\\' => match characters.next() {
                Some(special @ ('"' | '\\')) => push_hex(special, &mut text),
                Some(other) => text.extend(['\\', other]),
                None => push_hex('\\', &mut text),
            },
            '"' => push_hex('"', &mut text),
            other => text.push(other),
        }
    }
    text
}

fn push_hex(character: char, text: &mut String) {
    let mut buffer = [0; 4];
    for byte in character.encode_utf8(&mut buffer).bytes() {
        // Writing to a String cannot fail.
        let _ = write!(text, "\\{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_printable_ascii() {
        for (name, text) in [
            ("CN=device 7,O=Example", "CN=device 7,O=Example"),
            ("CN=Zo\u{eb}", "CN=Zo\\C3\\AB"),
            ("CN=a\r\nb\0", "CN=a\\0D\\0Ab\\00"),
            ("CN=a\\,b", "CN=a\\,b"),
            ("CN=x\\ ", "CN=x\\20"),
            ("CN=\u{1f600}", "CN=\\F0\\9F\\98\\80"),
        ] {
            assert_eq!(header_text(name), text);
            assert_eq!(quotable_text(name), text);
        }
    }

    #[test]
    fn quotable_names_have_no_quotes() {
        for (name, text) in [
            (r#"CN=a\"b"#, r"CN=a\22b"),
            (r"CN=a\\", r"CN=a\5C"),
            (r#"CN=a\\\","#, r"CN=a\5C\22,"),
            (r#"CN=a""#, r"CN=a\22"),
            (r"CN=a\", r"CN=a\5C"),
        ] {
            assert_eq!(quotable_text(name), text);
        }
    }
}
