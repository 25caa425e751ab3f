use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use ::der::oid::ObjectIdentifier;

use super::super::der::check_oid;
use super::super::display::oid_text;
use super::*;

fn parsed(dotted: &str) -> Option<Vec<u8>> {
    Oid::from_dotted(dotted).map(|oid| oid.as_bytes().to_vec())
}

/// A generator of numbers that is the same on every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

#[test]
fn known_identifiers() {
    for (dotted, content) in [
        ("0.0", &[0x00][..]),
        ("0.39", &[39]),
        ("1.0", &[40]),
        ("1.39", &[79]),
        ("2.0", &[80]),
        ("2.47", &[127]),
        ("2.48", &[0x81, 0x00]),
        ("2.5.29.32.0", &[0x55, 0x1d, 0x20, 0x00]),
        // X.690 §8.19.5
        ("2.999.3", &[0x88, 0x37, 0x03]),
        ("2.999.1", &[0x88, 0x37, 0x01]),
        ("1.2.4294967295", &[0x2a, 0x8f, 0xff, 0xff, 0xff, 0x7f]),
        ("1.2.4294967296", &[0x2a, 0x90, 0x80, 0x80, 0x80, 0x00]),
        // X.667 §7: f81d4fae-7dec-11d0-a765-00a0c91e6bf6
        (
            "2.25.329800735698586629295641978511506172918",
            &[
                0x69, 0x83, 0xf0, 0x9d, 0xa7, 0xeb, 0xcf, 0xde, 0xe0, 0xc7, 0xa1, 0xa7, 0xb2, 0xc0,
                0x94, 0x8c, 0xc8, 0xf9, 0xd7, 0x76,
            ],
        ),
    ] {
        assert_eq!(parsed(dotted).as_deref(), Some(content), "{dotted}");
        let oid = Oid::from_dotted(dotted).unwrap();
        assert_eq!(oid.to_string(), dotted);
        assert_eq!(format!("{oid:?}"), dotted);
        assert_eq!(oid_text(oid.as_bytes()), dotted);
        assert_eq!(check_oid(oid.as_bytes()), Ok(()), "{dotted}");
    }
}

#[test]
fn what_is_no_dotted_form() {
    for not_one in [
        "",
        ".",
        "1",
        "2",
        "1.",
        ".1",
        "1..2",
        "1.2.",
        "3.1",
        "9.9",
        "0.40",
        "1.40",
        "1.999",
        "01.2",
        "1.02",
        "2.00",
        "1.2.00",
        "1.2.03",
        "+1.2",
        "1.+2",
        "1.2.+3",
        "1.-2",
        "1.2.3 ",
        " 1.2.3",
        "1.2.0x3",
        "1.2.\u{0663}",
        "anyPolicy",
        "#2a",
    ] {
        assert_eq!(parsed(not_one), None, "{not_one:?}");
    }
}

/// Whatever `der` can hold is read and shown as it does.
#[test]
fn agrees_with_der() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut compared = 0;
    for _ in 0..20_000 {
        let root = numbers.below(3);
        let second = if root < 2 {
            numbers.below(40)
        } else {
            numbers.below(200)
        };
        let mut dotted = format!("{root}.{second}");
        for _ in 0..numbers.below(6) {
            let bits = numbers.below(32);
            dotted += &format!(".{}", numbers.next() >> 32 >> bits);
        }
        let ours = Oid::from_dotted(&dotted).expect(&dotted);
        assert_eq!(ours.to_string(), dotted);
        let Ok(theirs) = ObjectIdentifier::new(&dotted) else {
            continue;
        };
        assert_eq!(ours.as_bytes(), theirs.as_bytes(), "{dotted}");
        compared += 1;
    }
    assert!(compared > 10_000, "{compared}");
    for _ in 0..50_000 {
        let len = numbers.below(8) + 1;
        let content: Vec<u8> = (0..len).map(|_| numbers.next() as u8).collect();
        if let Ok(theirs) = ObjectIdentifier::from_bytes(&content)
            && check_oid(&content).is_ok()
        {
            assert_eq!(Oid::from_content(&content).to_string(), theirs.to_string());
        }
    }
}

/// Text and octets stand for each other, one to one, however large an arc is.
#[test]
fn every_size_survives_both_ways() {
    let mut numbers = Numbers(1);
    for size in (1..60).chain([100, 1_000]) {
        for _ in 0..20 {
            let mut content = Vec::new();
            for _ in 0..=numbers.below(3) {
                let start = content.len();
                content.extend((0..size).map(|_| numbers.next() as u8 | 0x80));
                if content[start] == 0x80 {
                    content[start] = 0x81;
                }
                *content.last_mut().unwrap() &= 0x7f;
            }
            assert_eq!(check_oid(&content), Ok(()));
            let dotted = Oid::from_content(&content).to_string();
            assert_eq!(parsed(&dotted), Some(content), "{dotted}");
        }
    }
    // 2^(7n) and its neighbours.
    let digits = |octets: &[u8]| Oid::from_content(octets).to_string();
    let mut ones = Vec::from([0x2a]);
    ones.extend([0xff; 18]);
    ones.push(0x7f);
    assert_eq!(
        digits(&ones),
        "1.2.10889035741470030830827987437816582766591"
    );
    let mut power = Vec::from([0x2a, 0x81]);
    power.extend([0x80; 18]);
    power.push(0x00);
    assert_eq!(
        digits(&power),
        "1.2.10889035741470030830827987437816582766592"
    );
}

#[test]
fn identifiers_are_in_the_order_of_their_arcs() {
    let sorted = [
        "0.39",
        "1.2",
        "1.2.3",
        "1.2.3.0",
        "1.2.16383",
        "1.2.16384",
        "1.2.18446744073709551616",
        "1.3",
        "2.999.1",
        "2.1000",
    ];
    let sorted = sorted.map(|dotted| Oid::from_dotted(dotted).unwrap());
    for (index, one) in sorted.iter().enumerate() {
        for (other_index, other) in sorted.iter().enumerate() {
            assert_eq!(one.cmp(other), index.cmp(&other_index), "{one} {other}");
        }
    }
    let known = Oid::known(&[0x2a]);
    assert_eq!(Some(&known), Oid::from_dotted("1.2").as_ref());
}

#[test]
fn an_attackers_identifiers_are_shown_in_linear_time() {
    let mut huge = [0xff; 16_000];
    huge[15_999] = 0x7f;
    let text = OidText(&huge).to_string();
    assert_eq!(text.len(), 1 + 2 * huge.len());
    let many = [0x01; 16_000];
    let dotted: String = OidText(&many).to_string();
    assert_eq!(dotted.len(), 2 * (many.len() + 1) - 1);
    let largest = [&[0x2a][..], &[0xff; 63], &[0x7f]].concat();
    assert!(OidText(&largest).to_string().starts_with("1.2."));
}
