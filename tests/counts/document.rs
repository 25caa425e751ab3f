//! Reading documents: sentences with numbers, tables, and where they are; and constants of the
//! code.

use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::COUNTED;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a folder.
pub(crate) fn entries(folder: &str) -> Vec<String> {
    let found =
        fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let names = found.map(|entry| entry.expect("readable").file_name());
    names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect()
}

/// The value of an integer constant, which has that name once in the file.
pub(crate) fn constant(path: &str, name: &str) -> usize {
    let text = read(path);
    let mut values = text.lines().filter_map(|line| {
        let (_, after) = line.split_once(&format!("const {name}: "))?;
        let value = after.split_once(" = ")?.1.strip_suffix(';')?;
        value.replace('_', "").parse().ok()
    });
    let value = values
        .next()
        .unwrap_or_else(|| panic!("{path}: no constant {name}"));
    assert_eq!(values.next(), None, "{path}: {name} twice");
    value
}

pub(crate) struct Row {
    /// Where it is, for a message.
    pub(crate) at: String,
    pub(crate) cells: Vec<String>,
}

/// The rows of the one table whose head has these words.
pub(crate) fn rows(path: &str, head: &str) -> Vec<Row> {
    let text = read(path);
    let heads = text.lines().filter(|line| line.contains(head)).count();
    assert_eq!(heads, 1, "{path}: tables with {head:?}");
    let lines = text.lines().enumerate();
    let rows: Vec<Row> = lines
        .skip_while(|(_, line)| !line.contains(head))
        .skip(2)
        .take_while(|(_, line)| line.starts_with('|'))
        .map(|(at, line)| Row {
            at: format!("{path}:{}", at + 1),
            cells: line
                .split('|')
                .skip(1)
                .map(|cell| cell.trim().to_owned())
                .collect(),
        })
        .collect();
    assert!(!rows.is_empty(), "{path}: no rows below {head:?}");
    rows
}

/// A document in which the end of a line is a blank, so that sentences may go on.
pub(crate) struct Document {
    path: &'static str,
    pub(crate) text: String,
    line_ends: Vec<usize>,
}

impl Document {
    pub(crate) fn read(path: &'static str) -> Self {
        let text = read(path);
        Self {
            path,
            line_ends: text.match_indices('\n').map(|(at, _)| at).collect(),
            text: text.replace('\n', " "),
        }
    }

    pub(crate) fn at(&self, position: usize) -> String {
        let line = 1 + self.line_ends.iter().filter(|end| **end < position).count();
        format!("{}:{line}", self.path)
    }

    /// The numbers of each place at which the sentence is.
    pub(crate) fn find(&self, sentence: &str) -> Vec<Vec<(Range<usize>, usize)>> {
        let pieces: Vec<&str> = sentence.split("{}").collect();
        let boundaries = (0..self.text.len()).filter(|at| self.text.is_char_boundary(*at));
        let beginnings: Vec<usize> = match pieces[0] {
            "" => boundaries.collect(),
            first => self.text.match_indices(first).map(|(at, _)| at).collect(),
        };
        beginnings
            .into_iter()
            .filter_map(|at| self.numbers(at, &pieces))
            .collect()
    }

    /// The numbers of a sentence that begins here. One that begins with a number begins with all of
    /// it.
    fn numbers(&self, at: usize, pieces: &[&str]) -> Option<Vec<(Range<usize>, usize)>> {
        let is_inside = |at: usize| {
            let before = self.text[..at].chars().next_back();
            before.is_some_and(|before| before.is_alphanumeric() || before == ',')
        };
        if pieces[0].is_empty() && is_inside(at) {
            return None;
        }
        let mut rest = self.text[at..].strip_prefix(pieces[0])?;
        let mut numbers = Vec::new();
        for piece in &pieces[1..] {
            let begin = self.text.len() - rest.len();
            let is_digit = |letter: char| letter.is_ascii_digit() || letter == ',';
            let length = match rest.find(|letter| !is_digit(letter))? {
                0 => rest.find(|letter: char| !letter.is_ascii_lowercase())?,
                digits => rest[..digits].trim_end_matches(',').len(),
            };
            numbers.push((begin..begin + length, parse_number(&rest[..length])?));
            rest = rest[length..].strip_prefix(piece)?;
        }
        Some(numbers)
    }

    /// Each count: where it is, the number, and what is counted; an adjective or two may stand
    /// between them.
    pub(crate) fn counts(&self) -> Vec<(usize, &str, &'static str)> {
        let words: Vec<&str> = self.text.split(' ').collect();
        let mut counts = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
            let Some(word) = COUNTED.iter().find(|counted| **counted == word) else {
                continue;
            };
            let number = words[at.saturating_sub(3)..at]
                .iter()
                .rev()
                .find_map(|word| {
                    let number = word.trim_start_matches(['(', '*']);
                    (parse_number(number)? > 1).then_some(number)
                });
            if let Some(number) = number {
                let position = number.as_ptr() as usize - self.text.as_ptr() as usize;
                counts.push((position, number, *word));
            }
        }
        counts
    }
}

/// A number in digits, with commas between thousands, or in letters.
pub(crate) fn parse_number(text: &str) -> Option<usize> {
    const WORDS: [&str; 13] = [
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    if let Some(number) = WORDS.iter().position(|word| *word == text) {
        return Some(number);
    }
    let groups: Vec<&str> = text.split(',').collect();
    let is_grouped = groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3);
    is_grouped.then(|| groups.concat().parse().ok()).flatten()
}

#[test]
fn numbers_are_read() {
    for (text, number) in [
        ("7", Some(7)),
        ("1,311", Some(1_311)),
        ("seven", Some(7)),
        ("1,31", None),
        ("1.004", None),
        ("", None),
    ] {
        assert_eq!(parse_number(text), number, "{text}");
    }
}
