//! Addresses, and the forms that nobody can compare.

use testpki::{GeneralName, der, oid};

use crate::mailboxes::SMTP_UTF8_MAILBOX;
use crate::written::{Place, Written};

pub(crate) fn ip(octets: &[u8], is_known: bool) -> Written {
    Written {
        shown: format!("{octets:02X?}"),
        ..Written::text(0x87, octets, is_known)
    }
}

/// An IPv4 address, IPv4-mapped.
fn mapped(address: [u8; 4]) -> Vec<u8> {
    [&[0; 10][..], &[0xFF, 0xFF], &address].concat()
}

pub(crate) fn addresses() -> Vec<Written> {
    let v4 = [
        [192, 0, 2, 1],
        [192, 0, 3, 1],
        [10, 0, 0, 1],
        [0; 4],
        [255; 4],
    ];
    let documentation = [&[0x20, 1, 0x0D, 0xB8][..], &[0; 12]].concat();
    let compatible = [&[0; 12][..], &[192, 0, 2, 1]].concat();
    let translated = [&[0, 0x64, 0xFF, 0x9B][..], &[0; 8], &[192, 0, 2, 1]].concat();
    let six_to_four = [&[0x20, 2, 192, 0, 2, 1][..], &[0; 10]].concat();
    let nearly = [&[0; 9][..], &[1, 0xFF, 0xFF, 192, 0, 2, 1]].concat();
    let v6 = [
        documentation,
        compatible,
        translated,
        six_to_four,
        nearly,
        vec![0; 16],
        vec![255; 16],
    ];
    let v4_mapped = v4.map(mapped);
    let known = v4.iter().map(|it| it.to_vec()).chain(v6).chain(v4_mapped);
    let known = known.map(|octets| ip(&octets, true));
    let lengths = [0, 1, 2, 3, 5, 6, 7, 8, 12, 15, 17, 20, 32, 33, 256, 65_536];
    let none = lengths.map(|length| ip(&[192, 0, 2, 1].repeat(length / 4 + 1)[..length], false));
    let text = ip(b"192.0.2.1", false);
    known.chain(none).chain([text]).collect()
}

pub(crate) fn subnets() -> Vec<Written> {
    let mask = |length: usize, ones: usize| -> Vec<u8> {
        let octet = |at: usize| (0xFF00_u16 >> ones.saturating_sub(at * 8).min(8)) as u8;
        (0..length).map(octet).collect()
    };
    let mut all = Vec::new();
    let v4 = [[192, 0, 2, 1], [192, 0, 2, 0], [10, 0, 0, 0], [0; 4]];
    for address in v4 {
        for ones in [0, 1, 8, 23, 24, 31, 32] {
            all.push(ip(&[&address[..], &mask(4, ones)].concat(), true));
        }
        for ones in [0, 1, 80, 95, 96, 97, 104, 120, 127, 128] {
            all.push(ip(&[mapped(address), mask(16, ones)].concat(), true));
        }
    }
    let documentation = [&[0x20, 1, 0x0D, 0xB8][..], &[0; 12]].concat();
    for address in [documentation, vec![0; 16], vec![255; 16]] {
        for ones in [0, 1, 32, 64, 96, 128] {
            all.push(ip(&[address.clone(), mask(16, ones)].concat(), true));
        }
    }
    // Masks with gaps.
    for gaps in [
        [0xFF, 0, 0xFF, 0],
        [0, 0xFF, 0xFF, 0xFF],
        [0, 0, 0, 1],
        [0xFF, 0xFD, 0, 0],
        [0x7F, 0, 0, 0],
    ] {
        all.push(ip(&[[192, 0, 2, 0], gaps].concat(), false));
        let gaps = [&[0xFF; 12][..], &gaps].concat();
        all.push(ip(&[mapped([192, 0, 2, 0]), gaps].concat(), false));
    }
    all.push(ip(
        &[mapped([192, 0, 2, 0]), [&[0; 12][..], &[0xFF; 4]].concat()].concat(),
        false,
    ));
    for length in [0, 1, 4, 5, 7, 9, 10, 12, 16, 20, 24, 31, 33, 34, 64, 60_000] {
        all.push(ip(&vec![0; length], false));
        all.push(ip(&vec![0xFF; length], false));
    }
    all
}

pub(crate) fn upn(text: &str) -> Written {
    other(oid::UPN, &der::utf8_string(text))
}

fn form(tag: u8, kind: &str) -> Vec<u8> {
    [vec![tag], der::oid(kind)].concat()
}

/// Nobody says how other names compare.
fn other(kind: &str, value: &[u8]) -> Written {
    Written {
        shown: format!("otherName {kind} {value:02X?}"),
        der: GeneralName::Other(kind.to_owned(), value.to_vec()).der(),
        place: Place::Alternative,
        form: form(0xA0, kind),
        is_known: false,
    }
}

/// Any element: of a form that is not read, or of none.
pub(crate) fn raw(what: &str, tag: u8, content: &[u8]) -> Written {
    Written {
        shown: format!("{what} {tag:#x} {:02X?}", &content[..content.len().min(40)]),
        der: der::tlv(tag, content),
        place: Place::Alternative,
        form: vec![tag],
        is_known: false,
    }
}

pub(crate) fn names() -> Vec<Written> {
    let mut all = vec![upn("a@a.example"), upn("b"), upn("")];
    let kinds = [oid::UPN, oid::UNKNOWN_EXTENSION, SMTP_UTF8_MAILBOX];
    all.extend(values().iter().map(|value| other(kinds[0], value)));
    let some = values().into_iter().step_by(5);
    all.extend(some.map(|value| other(kinds[1], &value)));
    all.push(other(kinds[2], &der::utf8_string("\u{EB}@a.example")));
    // No value, two values, no type, a type that is padded, no explicit tag.
    let kind = der::oid(oid::UPN);
    let value = der::utf8_string("b");
    let explicit = der::context_constructed(0, &value);
    let two = der::context_constructed(0, &der::concat(&[&value, &value]));
    let empty = der::context_constructed(0, &[]);
    let padded = [6, 3, 0x2A, 0x80, 1].to_vec();
    let cut = [6, 2, 0x2A, 0x80].to_vec();
    for parts in [
        vec![],
        vec![kind.clone()],
        vec![kind.clone(), empty],
        vec![kind.clone(), two],
        vec![kind.clone(), value.clone()],
        vec![kind.clone(), explicit.clone(), value],
        vec![explicit.clone()],
        vec![explicit.clone(), kind],
        vec![padded, explicit.clone()],
        vec![cut, explicit.clone()],
        vec![vec![6, 0], explicit],
    ] {
        all.push(raw("otherName", 0xA0, &der::concat(&parts)));
    }
    let ids: [&[u8]; 7] = [
        b"\x2A\x03",
        b"\x2B",
        b"",
        b"\x80\x01",
        b"\x2A\x80\x01",
        b"\x2A\x83",
        b"\x2A\x04",
    ];
    all.extend(ids.map(|id| raw("registeredID", 0x88, id)));
    let contents: [&[u8]; 4] = [b"", b"\x30\x00", b"\x05", b"\xFF\xFF"];
    for content in contents {
        all.push(raw("x400Address", 0xA3, content));
        all.push(raw("ediPartyName", 0xA5, content));
    }
    // Tags that no GeneralName has, or in the other form.
    let text = b"a.example";
    for tag in [
        0x80, 0xA1, 0xA2, 0x83, 0x84, 0x85, 0xA6, 0xA7, 0xA8, 0x89, 0xA9, 0x9F, 0xBF, 0x16, 0x0C,
        0x30, 0x00,
    ] {
        all.push(raw("no GeneralName", tag, text));
    }
    // A directoryName that is none: no SEQUENCE, two, nothing.
    for content in [
        vec![],
        der::set::<Vec<u8>>(&[]),
        [0x30, 0].repeat(2),
        der::utf8_string("a"),
    ] {
        all.push(raw("directoryName", 0xA4, &content));
    }
    all
}

/// Values of other names, and of attributes: of all types, right and wrong.
pub(crate) fn values() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let string: &[u8] = b"b";
    for tag in [
        0x0C, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1A, 0x1B, 0x1C, 0x1E, 0x04, 0x07, 0x0B, 0x0D,
        0x0E,
    ] {
        all.push(der::tlv(tag, string));
        all.push(der::tlv(tag, b""));
    }
    let inside = der::utf8_string("b");
    // X.690 §10.2: no string is constructed. 29, 2A, 2B, 2D, 2E and 3D are no strings.
    for tag in [
        0x23, 0x24, 0x2C, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3E,
        0x27, 0x21, 0x22, 0x25, 0x26, 0x28, 0x29, 0x2A, 0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x3F, 0x20,
        0x30, 0x31, 0xA0, 0x60, 0xE0,
    ] {
        all.push(der::tlv(tag, &inside));
    }
    let further: [&[u8]; 24] = [
        b"\x01\x01\xFF",
        b"\x01\x01\x01",
        b"\x01\x00",
        b"\x02\x01\x05",
        b"\x02\x00",
        b"\x02\x02\x00\x05",
        b"\x0A\x01\x05",
        b"\x0A\x00",
        b"\x03\x01\x00",
        b"\x03\x02\x01\xFF",
        b"\x03\x00",
        b"\x03\x01\x01",
        b"\x05\x00",
        b"\x05\x01\x00",
        b"\x06\x01\x2A",
        b"\x06\x00",
        b"\x06\x02\x80\x01",
        b"\x17\x0D260601000000Z",
        b"\x17\x0B2606010000Z",
        b"\x18\x0F20260601000000Z",
        b"\x18\x1120260601000000.0Z",
        b"\x30\x03\x02\x01\x05",
        b"\x30\x03\x01\x01\x05",
        b"\x30\x02\x24\x00",
    ];
    all.extend(further.map(<[u8]>::to_vec));
    all
}
