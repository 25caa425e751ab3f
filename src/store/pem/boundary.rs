//! Which lines of a bundle are boundaries of blocks, and which were meant as such (RFC 7468 §3).

use alloc::string::String;

pub(super) const BEGIN: &str = "-----BEGIN";
pub(super) const END: &str = "-----END";

/// What a line without the blanks around it is to the blocks of its bundle.
pub(super) enum Boundary<'a> {
    None,
    Begin(&'a str),
    End(&'a str),
    /// Meant as a BEGIN line, as far as one can tell, and not one.
    BrokenBegin,
    /// The same for an END line.
    BrokenEnd,
}

impl<'a> Boundary<'a> {
    pub(super) fn of(line: &'a [u8]) -> Self {
        if !may_be_boundary(line) || line.starts_with(b"#") {
            Self::None
        } else if let Some(label) = label(line, BEGIN) {
            Self::Begin(label)
        } else if let Some(label) = label(line, END) {
            Self::End(label)
        } else {
            let text = String::from_utf8_lossy(line);
            let capitals = text.to_ascii_uppercase();
            if text.contains(BEGIN) || resembles_boundary(&text, &capitals, "BEGIN") {
                Self::BrokenBegin
            } else if text.contains(END) || resembles_boundary(&text, &capitals, "END") {
                Self::BrokenEnd
            } else {
                Self::None
            }
        }
    }
}

/// Whether a line has a blank or something that may be a dash. Nearly all lines are base64 and have
/// neither, so this looks at every byte without a branch.
fn may_be_boundary(line: &[u8]) -> bool {
    let is_one = |byte: u8| matches!(byte, b'-' | b'=' | b' ' | b'\t') || byte >= 0x80;
    line.iter().fold(false, |any, byte| any | is_one(*byte))
}

/// The label of a boundary as RFC 7468 §3 has it: printable, with single blanks and hyphens
/// inside.
fn label<'a>(line: &'a [u8], start: &str) -> Option<&'a str> {
    let label = line.strip_prefix(start.as_bytes())?.strip_prefix(b" ")?;
    let label = core::str::from_utf8(label.strip_suffix(b"-----")?).ok()?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
    (label.is_empty() || label.split([' ', '-']).all(is_word)).then_some(label)
}

/// Whether a line was meant as a boundary. `word` is BEGIN or END, which may be in lower case in
/// `text` and is in upper case in `capitals`.
///
/// A damaged boundary must not hide a block: a CRL would be missing, and its revoked clients good.
/// Ordinary text must load: names in what `openssl x509 -text` prints have single dashes (Front-End
/// CA), pairs of them (xn--end) and equals signs (CN=End). So the word counts
///
/// - after dashes, if they are the first thing on the line or three at least;
/// - after any dash, if a label and a dash follow;
/// - as the first word of the line, if the last one is that of a label, and all of it is in upper
///   case or dashes follow.
fn resembles_boundary(text: &str, capitals: &str, word: &str) -> bool {
    let is_upper_case = text == capitals;
    capitals.match_indices(word).any(|(at, _)| {
        let (before, after) = capitals.split_at_checked(at).unwrap_or_default();
        let after = after.strip_prefix(word).unwrap_or_default();
        let gap = before.trim_end_matches(is_no_letter);
        let is_first = gap.is_empty();
        // What was trimmed: comparing it would take long for each word on a long line.
        let gap = before.get(gap.len()..).unwrap_or_default();

        let dashes = gap.chars().filter(|c| is_dash(*c)).count();
        let after_label = after_label(after);
        // Not ENDORSEMENT.
        let is_whole = after.chars().next().is_none_or(is_no_letter) || after_label.is_some();
        let is_closed = || after_label.is_some_and(|rest| rest.trim_start().starts_with(is_dash));
        is_whole && (dashes >= 3 || is_first && dashes > 0)
            || gap.contains(|c| is_dash(c) && c != '=') && is_closed()
            || is_first && is_unopened(after, is_upper_case)
    })
}

/// Whether this is what follows the word of a boundary that has lost the dashes in front of it.
fn is_unopened(after: &str, is_upper_case: bool) -> bool {
    let label = after.trim_end_matches(is_no_letter);
    let end = after.strip_prefix(label).unwrap_or_default();
    let has_dashes = end.chars().filter(|c| is_dash(*c)).count() > 1;
    (is_upper_case || has_dashes) && LABELS.iter().any(|last| label.ends_with(last))
}

/// The last words of the labels that belong in bundles.
const LABELS: [&str; 2] = ["CERTIFICATE", "CRL"];

/// What follows the label, if one that belongs in a bundle comes next, with anything in between but
/// letters and digits.
fn after_label(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(is_no_letter);
    let kinds = ["X509", "TRUSTED"];
    let last = kinds.iter().find_map(|kind| text.strip_prefix(kind));
    let last = last.map_or(text, |last| last.trim_start_matches(is_no_letter));
    LABELS.iter().find_map(|label| last.strip_prefix(label))
}

/// Neither a letter nor a digit.
fn is_no_letter(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Any dash, and the equals sign, which is drawn like two.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '=' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}'
            | '\u{2212}'
            | '\u{fe58}'
            | '\u{fe63}'
            | '\u{ff0d}'
            // Stands for what is not UTF-8, such as the dashes of Windows-1252.
            | '\u{fffd}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_broken_begin(line: &[u8]) -> bool {
        matches!(Boundary::of(line), Boundary::BrokenBegin)
    }

    /// Whether it is a broken BEGIN line and, with END in the place of BEGIN, a broken END line.
    fn is_broken(line: &str) -> bool {
        let end = line.replace("BEGIN", "END").replace("begin", "end");
        let end = end.replace("Begin", "End");
        let of_end = Boundary::of(end.as_bytes());
        let is_broken = is_broken_begin(line.as_bytes());
        assert_eq!(matches!(of_end, Boundary::BrokenEnd), is_broken, "{end}");
        assert_eq!(matches!(of_end, Boundary::None), !is_broken, "{end}");
        is_broken
    }

    #[test]
    fn dashes_of_any_number_and_kind() {
        const GOOD: [&[u8]; 3] = [
            b"-----BEGIN CERTIFICATE-----",
            b"-----BEGIN X509 CRL-----",
            b"-----BEGIN CA CERTIFICATE-----",
        ];
        let utf8 = [
            "-", "=", "\u{ad}", "\u{2010}", "\u{2013}", "\u{2014}", "\u{2015}",
        ];
        let utf8 = utf8.iter().chain(&["\u{2212}", "\u{ff0d}"]);
        let dashes = utf8
            .map(|dash| dash.as_bytes())
            .chain([&b"\x96"[..], b"\x97"]);
        let words = [" BEGIN", "BEGIN", "\tBegin", "begin", "\u{200b}BEGIN"];
        let labels = [
            " CERTIFICATE",
            " X509 CRL",
            " CA CERTIFICATE",
            "  x509 crl ",
            "",
        ];
        for (dash, word) in dashes.flat_map(|dash| words.map(|word| (dash, word.as_bytes()))) {
            for label in labels.map(str::as_bytes) {
                for (front, back) in (1..8).flat_map(|front| (0..8).map(move |back| (front, back)))
                {
                    let line = [&dash.repeat(front), word, label, &dash.repeat(back)].concat();
                    let is_good = GOOD.contains(&line.as_slice());
                    assert_eq!(is_broken_begin(&line), !is_good, "{}", line.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn what_was_meant_as_a_boundary() {
        for line in [
            "---- BEGIN X509 CRL ----",
            "----BEGINX509 CRL----",
            "--BEGINCERTIFICATE",
            "-----BEGINCA",
            "-----BEGIN X509 CRL----- # of today",
            "> - BEGIN CRL",
            "of today: --BEGIN CRL--",
            "of today: --- begin",
            "-- begin the certificates of a CA",
            "BEGIN CERTIFICATE-----",
            "BEGIN CA CERTIFICATE-----",
            "begin x509 crl --",
            "BEGIN X509 CRL",
            "*****BEGIN X509 CRL*****",
        ] {
            assert!(is_broken(line), "{line}");
        }
    }

    #[test]
    fn text_that_is_no_boundary() {
        for line in [
            "# -----BEGIN X509 CRL----",
            "Here the CRLs begin",
            "begin certificate",
            "begin certificate -",
            "Begin X509 CRL",
            "BEGIN OF THE CRLS",
            "the beginning - begin of file",
            "subject=CN = Front-Begin CA",
            "subject=CN = Example - Begin Entity CA - G2",
            "subject=CN = Begin Certificate Authority - G2",
            "subject=/O=Begin/CN=Begin-Entity",
            "DNS:xn--begin-0ra.example",
            "--- Beginners' CA ---",
            "= Beginners' CA =",
            "-- CAs of the begin entities --",
            "X509v3 extensions: -",
        ] {
            assert!(!is_broken(line), "{line}");
        }
        for text in ["--- Endorsement CA ---", "=== Pending ==="] {
            assert!(
                matches!(Boundary::of(text.as_bytes()), Boundary::None),
                "{text}"
            );
        }
    }
}
