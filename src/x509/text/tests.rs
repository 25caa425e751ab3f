use super::*;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use stringprep::tables;

/// RFC 4518 §2.2 to §2.4 for one string, by the tables of the `stringprep` crate.
fn prepared_by_rfc_4518(text: &str) -> String {
    let folded = text.chars().flat_map(tables::case_fold_for_nfkc);
    folded.collect::<String>().nfkc().collect()
}

fn assigned() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|character| !tables::unassigned_code_point(*character))
}

/// What is prepared character by character comes out as by all steps, alone and beside others.
#[test]
fn plain_characters_are_prepared_one_by_one() {
    let mut count = 0;
    for character in '\0'..=char::MAX {
        let Some(prepared) = plain(character) else {
            continue;
        };
        count += 1;
        let starts = prepared.to_string();
        assert_eq!(
            is_nfkc_quick(['a', prepared].into_iter()),
            IsNormalized::Yes
        );
        assert!(!is_combining(prepared), "{character:?}");
        for (text, expected) in [
            (format!("a{character}a"), format!("a{starts}a")),
            (
                format!("{character}{character}"),
                format!("{starts}{starts}"),
            ),
            (format!("  A  {character}  "), format!("a {starts}")),
        ] {
            let expected = single_spaces(&expected);
            assert_eq!(prepare_any(&text).as_ref(), Ok(&expected), "{character:?}");
            assert_eq!(prepare(&text).as_ref(), Ok(&expected), "{character:?}");
        }
    }
    // Han and Hangul are most of them.
    assert!(count > 32_000, "{count}");
}

/// Characters become one by our folding exactly if they do by table B.2 of RFC 3454.
#[test]
fn characters_fold_as_in_rfc_3454() {
    let (mut ours_of, mut theirs_of) = (BTreeMap::new(), BTreeMap::new());
    let mut compared = 0;
    for character in assigned() {
        let text = String::from(character);
        let (Ok(ours), theirs) = (prepare(&text), prepared_by_rfc_4518(&text)) else {
            continue;
        };
        // Spaces and what is mapped to nothing have steps of their own.
        if ours.is_empty() || theirs.contains(' ') {
            continue;
        }
        compared += 1;
        assert_eq!(
            *ours_of.entry(theirs.clone()).or_insert(ours.clone()),
            ours,
            "{character:?}"
        );
        assert_eq!(
            *theirs_of.entry(ours).or_insert(theirs.clone()),
            theirs,
            "{character:?}"
        );
    }
    assert!(compared > 90_000, "{compared}");
}

/// What is mapped to nothing and to a space, by RFC 4518 §2.2: that of X.520, and characters of
/// general category Cf.
#[test]
fn characters_are_mapped_as_in_rfc_4518() {
    const FORMAT: [char; 3] = ['\u{6dd}', '\u{70f}', '\u{180e}'];
    const FORMAT_RANGES: [(char, char); 8] = [
        ('\u{200c}', '\u{200f}'),
        ('\u{202a}', '\u{202e}'),
        ('\u{2060}', '\u{2063}'),
        ('\u{206a}', '\u{206f}'),
        ('\u{feff}', '\u{feff}'),
        ('\u{fff9}', '\u{fffb}'),
        ('\u{1d173}', '\u{1d17a}'),
        ('\u{e0020}', '\u{e007f}'),
    ];
    let is_format = |character: char| {
        FORMAT.contains(&character)
            || character == '\u{e0001}'
            || FORMAT_RANGES
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&character))
    };
    for character in assigned() {
        let text: String = ['a', character, 'b'].into_iter().collect();
        let expected = if tables::x520_mapped_to_space(character) {
            "a b"
        } else if tables::x520_mapped_to_nothing(character) || is_format(character) {
            "ab"
        } else {
            assert!(
                !matches!(prepare(&text).as_deref(), Ok("ab" | "a b")),
                "{character:?}"
            );
            continue;
        };
        assert_eq!(prepare(&text).as_deref(), Ok(expected), "{character:?}");
    }
}

#[test]
fn some_characters_are_prohibited() {
    for character in '\0'..=char::MAX {
        // Corrigendum 4 of Unicode, after version 3.2.
        let is_corrected = [
            '\u{2f868}',
            '\u{2f874}',
            '\u{2f91f}',
            '\u{2f95f}',
            '\u{2f9bf}',
        ];
        let is_prohibited = is_corrected.contains(&character)
            || tables::unassigned_code_point(character)
            || tables::private_use(character)
            || tables::non_character_code_point(character)
            || character == '\u{fffd}';
        let text: String = ['a', character].into_iter().collect();
        assert_eq!(prepare(&text).is_err(), is_prohibited, "{character:?}");
    }
    assert_eq!(prepare("\u{301}a"), Err(Prohibited));
    assert_eq!(prepare("\u{200b}\u{301}a"), Err(Prohibited));
    assert!(prepare(" \u{301}a").is_ok());
    // Marks are those of version 3.2.
    assert_eq!(prepare("\u{6de}a"), Err(Prohibited));
    assert!(prepare("\u{1885}a").is_ok());
    // What would grow too much.
    assert!(prepare("\u{fdfa}").is_ok());
    assert_eq!(prepare(&"\u{fdfa}".repeat(10)), Err(Prohibited));
    assert!(prepare("\u{337f} \u{fb03}\u{1f80}").is_ok());
}

#[test]
fn spaces_at_the_ends_and_repeated_ones_do_not_matter() {
    for (text, prepared) in [
        ("", ""),
        ("   ", ""),
        (" a  b ", "a b"),
        ("\u{3000}\u{e4} \u{a0}b", "\u{e4} b"),
        // A space that bears a combining character is a letter.
        ("a \u{301}", "a \u{301}"),
        ("a  \u{301}", "a  \u{301}"),
        ("  \u{301} ", " \u{301}"),
        ("\u{b4}a", " \u{301}a"),
        // Table B.2 folds before it normalizes.
        ("a\u{37a}\u{31b}", "a \u{3b9}\u{31b}"),
    ] {
        assert_eq!(prepare(text).as_deref(), Ok(prepared), "{text:?}");
    }
}

/// Strings of characters that fold, compose, vanish and are spaces: prepared text is prepared
/// already, and the same as by the tables of RFC 3454.
#[test]
fn preparing_twice_changes_nothing() {
    let letters: Vec<char> = "aA\u{df}\u{3a3}\u{3c2}\u{17f}\u{130}\u{131}\u{212b}\u{301}\u{327}\
        \u{345}\u{1f80}\u{fb01}\u{2121}\u{1100}\u{1161}\u{11a8}\u{ac00}\u{ff21}\u{3371} \u{a0}\
        \u{ad}"
        .chars()
        .collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % bound
    };
    let mut compared = 0;
    let mut prepared_of = BTreeMap::new();
    for _ in 0..20_000 {
        let text: String = (0..below(8))
            .map(|_| letters[below(letters.len())])
            .collect();
        let Ok(prepared) = prepare(&text) else {
            continue;
        };
        assert_eq!(
            prepare(&prepared).as_deref(),
            Ok(prepared.as_str()),
            "{text:?}"
        );
        assert!(Reading::of_text(&text).is_possibly(&Reading::of_text(&prepared)));
        if !text.contains([' ', '\u{a0}', '\u{ad}']) {
            compared += 1;
            let theirs = prepared_by_rfc_4518(&text);
            assert_eq!(
                *prepared_of.entry(theirs).or_insert(prepared.clone()),
                prepared,
                "{text:?}"
            );
        }
    }
    assert!(compared > 5_000, "{compared}");
}

/// Names in these languages take no more work than those in ASCII.
#[test]
fn letters_of_many_languages_are_plain() {
    for (letters, lower) in [
        (
            "\u{c0}\u{c9}\u{d6}\u{d8}\u{de}",
            "\u{e0}\u{e9}\u{f6}\u{f8}\u{fe}",
        ),
        ("\u{c4}\u{d1}\u{dc}", "\u{e4}\u{f1}\u{fc}"),
        (
            "\u{104}\u{10c}\u{118}\u{160}\u{15e}",
            "\u{105}\u{10d}\u{119}\u{161}\u{15f}",
        ),
        (
            "\u{141}\u{147}\u{179}\u{17d}",
            "\u{142}\u{148}\u{17a}\u{17e}",
        ),
        (
            "\u{218}\u{21a}\u{1a0}\u{1af}",
            "\u{219}\u{21b}\u{1a1}\u{1b0}",
        ),
        (
            "\u{1e02}\u{1ea0}\u{1ed8}\u{1ef8}",
            "\u{1e03}\u{1ea1}\u{1ed9}\u{1ef9}",
        ),
        (
            "\u{391}\u{3a1}\u{3a3}\u{3a9}",
            "\u{3b1}\u{3c1}\u{3c3}\u{3c9}",
        ),
        ("\u{410}\u{416}\u{42f}", "\u{430}\u{436}\u{44f}"),
        (
            "\u{401}\u{404}\u{407}\u{408}",
            "\u{451}\u{454}\u{457}\u{458}",
        ),
        (
            "\u{5d0}\u{5ea}\u{627}\u{64a}",
            "\u{5d0}\u{5ea}\u{627}\u{64a}",
        ),
        (
            "\u{3042}\u{30a2}\u{4e00}\u{d55c}",
            "\u{3042}\u{30a2}\u{4e00}\u{d55c}",
        ),
    ] {
        for (upper, lower) in letters.chars().zip(lower.chars()) {
            assert_eq!(plain(upper), Some(lower));
            assert_eq!(plain(lower), Some(lower));
        }
    }
    for accented in ['\u{3ac}', '\u{3ad}', '\u{3af}', '\u{3cc}', '\u{3ce}'] {
        assert_eq!(plain(accented), Some(accented));
    }
}

#[test]
fn teletex_strings_of_256_octets_are_read() {
    let is_anything = |value: &[u8]| matches!(Reading::of_teletex(value), Reading::Anything);
    assert!(!is_anything(&[b'a'; 256]) && is_anything(&[b'a'; 257]));
}
