use super::*;
use alloc::vec::Vec;

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::from([tag, content.len() as u8]);
    bytes.extend_from_slice(content);
    bytes
}

/// What the `der` crate says of the same SET OF, for sets of three out of several elements. It
/// refuses equal elements as well, which X.690 §11.6 does not.
#[test]
fn the_order_of_sets_agrees_with_the_der_crate() {
    use ::der::asn1::{AnyRef, SetOfRef};
    let elements: Vec<Vec<u8>> = [
        (0x0c, &b"a"[..]),
        (0x0c, b"b"),
        (0x0c, b"aa"),
        (0x0c, b""),
        (0x0c, b"\0"),
        (0x13, b"a"),
        (0x04, b"\xff"),
        (0x04, &[b'a'; 0x7f]),
    ]
    .into_iter()
    .map(|(tag, content)| element(tag, content))
    .collect();
    let mut ordered = 0;
    for one in &elements {
        for two in &elements {
            for three in &elements {
                if one == two || two == three || one == three {
                    continue;
                }
                let content = [&one[..], two, three].concat();
                let mut set = Vec::from([tag::SET]);
                match u8::try_from(content.len()) {
                    Ok(len @ 0..=0x7f) => set.push(len),
                    Ok(len) => set.extend([0x81, len]),
                    Err(_) => panic!("longer than tried here"),
                }
                set.extend_from_slice(&content);
                let is_ordered = check_set_order(&only_element(&set, tag::SET).unwrap()).is_ok();
                let theirs = <SetOfRef<'_, AnyRef<'_>> as ::der::Decode>::from_der(&set);
                assert_eq!(is_ordered, theirs.is_ok(), "{set:02x?}");
                ordered += usize::from(is_ordered);
            }
        }
    }
    // Of the six orders of any three, one is right.
    assert_eq!(ordered, 8 * 7 * 6 / 6);
}

#[test]
fn named_bits_end_with_a_one() {
    for (content, is_good) in [
        (&[0u8][..], true),
        (&[7, 0x80], true),
        (&[0, 0x01], true),
        (&[0, 0x80], false),
        (&[6, 0x80], false),
        (&[0, 0x80, 0x00], false),
        (&[0, 0x00], false),
    ] {
        let bits = element(tag::BIT_STRING, content);
        let bits = only_element(&bits, tag::BIT_STRING).unwrap();
        assert_eq!(check_named_bits(&bits).is_ok(), is_good, "{content:02x?}");
    }
}

/// Names that are in other forms than those of the cases.
#[test]
fn general_names() {
    let check = |bytes: &[u8]| {
        let mut reader = Reader::new(bytes);
        check_general_name(&mut reader, Use::Name).map_err(|fault| fault.in_field("name"))
    };
    let malformed = Err(Breach::Extension("name"));
    let characters = Err(Breach::Encoding {
        field: "name",
        rule: EncodingRule::Characters,
    });
    assert_eq!(check(b"\x88\x01\x2a"), Ok(()));
    assert_eq!(check(b"\x88\x01\x80"), malformed);
    // ediPartyName, with and without a nameAssigner.
    assert_eq!(check(b"\xa5\x05\xa1\x03\x0c\x01a"), Ok(()));
    assert_eq!(check(b"\xa5\x0a\xa0\x03\x13\x01a\xa1\x03\x0c\x01a"), Ok(()));
    assert_eq!(check(b"\xa5\x05\xa0\x03\x13\x01a"), malformed);
    assert_eq!(check(b"\xa5\x05\xa1\x03\x13\x01@"), characters);
    // otherName
    assert_eq!(check(b"\xa0\x08\x06\x01\x2a\xa0\x03\x0c\x01a"), Ok(()));
    assert_eq!(
        check(b"\xa0\x08\x06\x01\x2a\xa0\x03\x0c\x01\xff"),
        characters
    );
}

/// RFC 9598 §3: a UTF8String whose local part has characters beyond ASCII.
#[test]
fn mailboxes_have_their_form() {
    use crate::x509::{GeneralName, SMTP_UTF8_MAILBOX};
    let form = |type_id, value: &[u8]| malformed_form(GeneralName::Other { type_id, value });
    let utf8 = |text: &str| element(tag::UTF8_STRING, text.as_bytes());
    assert_eq!(form(SMTP_UTF8_MAILBOX, &utf8("\u{e9}@example.com")), None);
    for bad in [
        utf8("e@example.com"),
        utf8("\u{e9}"),
        utf8("\u{e9}@"),
        element(tag::IA5_STRING, b"e@example.com"),
    ] {
        assert_eq!(form(SMTP_UTF8_MAILBOX, &bad), Some("SmtpUTF8Mailbox"));
        assert_eq!(form(b"\x2a\x03", &bad), None);
    }
}
