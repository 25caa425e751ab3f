use alloc::borrow::ToOwned;

use super::*;

/// A name that is too long to be prepared is not the same as a shorter one that means the same.
#[test]
fn a_huge_name_is_compared_with_a_short_one_by_bytes() {
    let spaced = |count| common_name(tag::UTF8_STRING, &("a".to_owned() + &" ".repeat(count)));
    assert_same(&spaced(0), &spaced(MAX_FOLDED_BYTES / 2), true);
    assert_same(&spaced(0), &spaced(MAX_FOLDED_BYTES), false);
    assert_same(&spaced(MAX_FOLDED_BYTES), &spaced(0), false);
}

/// Spaces in front count as little as those at the end, however plain the text is.
#[test]
fn spaces_in_front_do_not_count() {
    for tag in [tag::PRINTABLE_STRING, tag::UTF8_STRING] {
        for text in [
            " Evil",
            "  Evil",
            "Evil ",
            " Evil  ",
            "  eVIL Corp",
            "  Evil  Corp",
        ] {
            let trimmed = text.trim().replace("  ", " ");
            assert_same(&common_name(tag, text), &common_name(tag, &trimmed), true);
        }
    }
}
