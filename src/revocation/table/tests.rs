use super::*;
use alloc::vec::Vec;

/// Numbers that look random, from a seed (xorshift64*).
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed | 1;
    move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

fn serials(count: usize, seed: u64) -> Vec<(Vec<u8>, EntryNote)> {
    let mut random = random(seed);
    (0..count)
        .map(|_| {
            let len = 16 + (random() % 5) as usize;
            let octets = (0..len).map(|_| random() as u8).collect();
            let (reason, day) = ((random() % 11) as u8, (random() % 32_768) as u16);
            (octets, EntryNote { reason, day })
        })
        .collect()
}

const KEY: u64 = 0x1234_5678_9abc_def0;

fn serial(issuer: Option<u16>, octets: &[u8]) -> Serial {
    Serial::new(issuer, octets).unwrap()
}

fn table(serials: &[(Vec<u8>, EntryNote)], issuer: Option<u16>) -> SerialTable {
    let mut builder = TableBuilder::new(KEY);
    for (octets, note) in serials {
        builder.push(&serial(issuer, octets), *note);
    }
    assert_eq!(builder.len(), serials.len());
    builder.build()
}

#[test]
fn all_are_found_and_no_others() {
    for count in [0, 1, 7, 8, 9, 1_000, 20_000] {
        let (here, absent) = (serials(count, 1), serials(1_000, 2));
        for issuer in [None, Some(0), Some(60_000)] {
            let table = table(&here, issuer);
            for (octets, note) in &here {
                let found: Vec<_> = table.find(&serial(issuer, octets)).collect();
                assert_eq!(found, [*note]);
                let other = issuer.map_or(Some(0), |issuer| Some(issuer + 1));
                let other = &serial(other, octets);
                assert_eq!(table.find(other).count(), 0);
            }
            for (octets, _) in &absent {
                assert_eq!(table.find(&serial(issuer, octets)).count(), 0);
            }
        }
    }
}

#[test]
fn lengths_from_one_to_the_largest_and_repeats() {
    let note = |day| EntryNote { reason: 10, day };
    let mut all: Vec<(Vec<u8>, EntryNote)> = (1..=MAX_SERIAL_BYTES)
        .map(|len| (vec![0xa5; len], note(len as u16)))
        .collect();
    all.push((vec![0xa5; 3], note(32_767)));
    let table = table(&all, None);
    for len in 1..=MAX_SERIAL_BYTES {
        let octets = vec![0xa5; len];
        let days: Vec<u16> = table
            .find(&serial(None, &octets))
            .map(|note| note.day)
            .collect();
        match len {
            3 => assert_eq!(days, [3, 32_767]),
            _ => assert_eq!(days, [len as u16]),
        }
    }
}

#[test]
fn an_entry_takes_at_most_24_bytes() {
    let mut random = random(3);
    let largest: Vec<(Vec<u8>, EntryNote)> = (0..50_000)
        .map(|_| {
            let octets = (0..20).map(|_| random() as u8).collect();
            (octets, EntryNote { reason: 0, day: 0 })
        })
        .collect();
    let table = table(&largest, None);
    assert!(table.bytes() <= 24 * largest.len(), "{}", table.bytes());
}

/// Numbers of one hash, as somebody can make them who knows the key.
fn serials_of_one_bucket(key: u64, count: u16) -> Vec<(Vec<u8>, EntryNote)> {
    let serials = testpki::crafted::serials_of_one_hash(key);
    let notes = (0..count).map(|day| EntryNote { reason: 1, day });
    serials.zip(notes).collect()
}

#[test]
fn full_buckets_are_sorted() {
    let few = serials_of_one_bucket(KEY, 32);
    assert!(matches!(table(&few, None).order, Order::Hashed(KEY)));
    let many = serials_of_one_bucket(KEY, 5_000);
    let places = |serials: &[(Vec<u8>, EntryNote)]| {
        let hashes = serials.iter().map(|(octets, _)| hash(KEY, octets));
        hashes.collect::<alloc::collections::BTreeSet<_>>().len()
    };
    assert_eq!(places(&many), 1);
    let table = table(&many, None);
    assert!(matches!(table.order, Order::Sorted));
    for (octets, note) in &many {
        let found: Vec<_> = table.find(&serial(None, octets)).collect();
        assert_eq!(found, [*note]);
    }
    for (octets, _) in serials_of_one_bucket(KEY, 5_100).iter().skip(5_000) {
        assert_eq!(table.find(&serial(None, octets)).count(), 0);
    }
    for absent in [&[][..], &[0], &[0xff; MAX_SERIAL_BYTES]] {
        assert_eq!(table.find(&serial(None, absent)).count(), 0);
    }
}

/// Of many entries with one serial number, the first of each kind remains, in their order.
#[test]
fn repeated_numbers_are_kept_once() {
    let note = |reason, day| EntryNote { reason, day };
    for (first, second) in [(8, 1), (1, 8)] {
        let mut all = vec![(vec![7; 4], note(first, 1)), (vec![7; 4], note(second, 2))];
        all.extend((3..3_000).map(|day| (vec![7; 4], note((day % 11) as u8, day))));
        all.push((vec![8; 20], note(5, 9)));
        let table = table(&all, None);
        assert!(matches!(table.order, Order::Sorted));
        let found: Vec<_> = table.find(&serial(None, &[7; 4])).collect();
        assert_eq!(found, [note(first, 1), note(second, 2), note(6, 6)]);
        let found: Vec<_> = table.find(&serial(None, &[8; 20])).collect();
        assert_eq!(found, [note(5, 9)]);
        assert_eq!(table.starts.len(), 5);
    }
}

/// Serial numbers that count up, or differ in one place only, spread like random ones.
#[test]
fn buckets_stay_small() {
    let count = 100_000u32;
    for (shift, len) in [(0, 4), (0, 16), (64, 16), (96, 16)] {
        let serials: Vec<(Vec<u8>, EntryNote)> = (0..count)
            .map(|number| {
                let octets = (u128::from(number) << shift).to_be_bytes();
                let octets = octets[16 - len..].to_vec();
                (octets, EntryNote { reason: 0, day: 0 })
            })
            .collect();
        let table = table(&serials, None);
        let largest = table.starts.windows(2).map(|pair| pair[1] - pair[0]).max();
        let entries = largest.unwrap() as usize / (len + HEADER_BYTES);
        assert!(entries < 40, "{entries} entries in one bucket");
    }
}
