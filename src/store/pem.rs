//! PEM bundles as they are found: blocks with anything between them (RFC 7468 §2, §5.2).

mod boundary;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::StoreProblem;
use boundary::{BEGIN, Boundary, END};

/// The blocks of a bundle, one after another; what is no block comes as its error, and reading goes
/// on after it.
pub(crate) struct Blocks<'a> {
    lines: Lines<'a>,
    /// Of the last block.
    number: usize,
    /// A BEGIN line that was met where an END line should have been.
    pending: Option<Line<'a>>,
    stray: Option<StrayBase64>,
}

/// One block: where it begins, and what it holds.
pub(crate) struct Block<'a> {
    /// Among the BEGIN lines of the bundle, from one; `None` for an END line outside of every
    /// block.
    pub(crate) number: Option<usize>,
    /// The line of BEGIN, from one; of END where that is all there is.
    pub(crate) line: usize,
    /// Whether that line, or an END line with another label, has the label of a CRL.
    pub(crate) names_crl: bool,
    pub(crate) content: Result<Encapsulated<'a>, StoreProblem>,
}

/// The label, and the text from the BEGIN line to the END line.
pub(crate) struct Encapsulated<'a> {
    pub(crate) label: &'a str,
    /// As in [`Block`].
    pub(crate) number: usize,
    text: &'a [u8],
    line: usize,
}

/// The line of the first NUL byte.
pub(crate) fn line_of_nul(bundle: &[u8]) -> Option<usize> {
    let at = bundle.iter().position(|byte| *byte == 0)?;
    Lines::new(bundle.get(..=at)?)
        .last()
        .map(|line| line.number)
}

/// A label as an error shows it.
pub(crate) fn shortened(label: &str) -> String {
    const CHARACTERS: usize = 64;
    label.get(..CHARACTERS).unwrap_or(label).to_owned()
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(bundle: &'a [u8]) -> Self {
        Self {
            lines: Lines::new(bundle),
            number: 0,
            pending: None,
            stray: None,
        }
    }

    /// Reads from the line after BEGIN to the END line.
    fn finish_block(
        &mut self,
        begin: Line<'a>,
        label: &'a str,
    ) -> Result<Encapsulated<'a>, StoreProblem> {
        let (end, end_label) = self.read_to_end().ok_or(StoreProblem::NoEnd)?;
        let line = end.number;
        match end_label {
            Some(end_label) if end_label == label => {
                // The block is what was left of the bundle at BEGIN less what is left after END.
                let len = begin.from_here.len().saturating_sub(end.from_here.len());
                let len = len.saturating_add(end.text.len());
                Ok(Encapsulated {
                    label,
                    number: self.number,
                    text: begin.from_here.get(..len).unwrap_or_default(),
                    line: begin.number,
                })
            }
            Some(end_label) => Err(StoreProblem::OtherEnd {
                begin: shortened(label),
                end: shortened(end_label),
                line,
            }),
            None => Err(StoreProblem::BrokenEnd { line }),
        }
    }

    /// Reads on to an END line, and gives its label unless it is broken; a BEGIN line before it is
    /// kept for later.
    fn read_to_end(&mut self) -> Option<(Line<'a>, Option<&'a str>)> {
        loop {
            let line = self.lines.next()?;
            match line.boundary() {
                Boundary::None => {}
                Boundary::End(label) => return Some((line, Some(label))),
                Boundary::BrokenEnd => return Some((line, None)),
                Boundary::Begin(_) | Boundary::BrokenBegin => {
                    self.pending = Some(line);
                    return None;
                }
            }
        }
    }

    /// Where base64 outside of every block began that may be a certificate or CRL, once a line
    /// leaves no doubt.
    fn find_stray_base64(&mut self, line: &Line<'_>) -> Option<usize> {
        let run = self.stray.take().and_then(|run| run.continued(line.text));
        let mut run = run.or_else(|| StrayBase64::beginning(line))?;
        let is_new = !run.is_told && run.characters >= run.enough;
        run.is_told |= is_new;
        let begin = is_new.then_some(run.begin);
        self.stray = Some(run);
        begin
    }

    fn count_block(&mut self) -> Option<usize> {
        self.number = self.number.saturating_add(1);
        Some(self.number)
    }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        loop {
            let line = match self.pending.take() {
                Some(line) => line,
                None => self.lines.next()?,
            };
            let boundary = line.boundary();
            if let Boundary::None = boundary {
                let Some(line) = self.find_stray_base64(&line) else {
                    continue;
                };
                return Some(Block {
                    number: None,
                    line,
                    names_crl: false,
                    content: Err(StoreProblem::StrayBase64),
                });
            }
            self.stray = None;
            let (number, content) = match boundary {
                Boundary::None => continue,
                Boundary::Begin(label) => (self.count_block(), self.finish_block(line, label)),
                Boundary::BrokenBegin => {
                    // Its END line, if it has one, is no error of its own.
                    self.read_to_end();
                    let problem = StoreProblem::Boundary { resembles: BEGIN };
                    (self.count_block(), Err(problem))
                }
                Boundary::End(_) => (None, Err(StoreProblem::StrayEnd)),
                Boundary::BrokenEnd => (None, Err(StoreProblem::Boundary { resembles: END })),
            };
            return Some(Block {
                number,
                line: line.number,
                names_crl: line.names_crl() || ends_as_crl(&content),
                content,
            });
        }
    }
}

impl Encapsulated<'_> {
    /// The bytes that the base64 between the boundaries stands for.
    pub(crate) fn decode(&self) -> Result<Vec<u8>, StoreProblem> {
        // Nearly all bundles have lines of 64 characters and nothing else, which is what RFC 7468
        // asks for.
        if let Ok((_, bytes)) = pem_rfc7468::decode_vec(self.text) {
            return Ok(bytes);
        }
        pem_rfc7468::decode_vec(self.normalised().as_bytes())
            .map(|(_, bytes)| bytes)
            .map_err(|_| StoreProblem::Base64 {
                line: self.first_line_that_is_not_base64(),
            })
    }

    /// The same block as RFC 7468 §2 asks issuers to write it: lines of 64 characters, without
    /// blanks.
    fn normalised(&self) -> String {
        let mut text = String::with_capacity(self.text.len());
        text.push_str("-----BEGIN CERTIFICATE-----");
        let characters = self
            .body()
            .flat_map(|line| line.text.iter())
            .filter(|byte| !byte.is_ascii_whitespace());
        for (position, byte) in characters.enumerate() {
            if position % 64 == 0 {
                text.push('\n');
            }
            // What is not ASCII becomes a character that is not base64 either.
            text.push(if byte.is_ascii() {
                char::from(*byte)
            } else {
                '?'
            });
        }
        text.push_str("\n-----END CERTIFICATE-----\n");
        text
    }

    /// The lines between the boundaries.
    fn body(&self) -> impl Iterator<Item = Line<'_>> {
        Lines {
            rest: self.text,
            number: self.line,
        }
        .filter(|line| matches!(line.boundary(), Boundary::None))
    }

    /// Where all is of base64 characters with the padding at the end, the fault is in how it ends:
    /// the last line.
    fn first_line_that_is_not_base64(&self) -> usize {
        let mut last = self.line;
        let mut padding = None;
        for line in self.body() {
            for byte in line.text.iter().filter(|byte| !byte.is_ascii_whitespace()) {
                match (byte, padding) {
                    (b'=', None) => padding = Some(line.number),
                    (b'=', Some(_)) => {}
                    (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/', None) => {}
                    (_, padding) => return padding.unwrap_or(line.number),
                }
                last = line.number;
            }
        }
        last
    }
}

/// Whether the last word is `CRL`.
fn is_label_of_crl(text: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
    let end = text.iter().rposition(is_letter);
    let text = end.and_then(|end| text.get(..=end)).unwrap_or_default();
    let word = text.rsplit(|byte| !is_letter(byte)).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case(b"CRL"))
}

fn ends_as_crl(content: &Result<Encapsulated<'_>, StoreProblem>) -> bool {
    match content {
        Err(StoreProblem::OtherEnd { end, .. }) => is_label_of_crl(end.as_bytes()),
        _ => false,
    }
}

/// Lines of base64 outside of every block that may be a certificate or CRL.
struct StrayBase64 {
    /// The line that it begins on.
    begin: usize,
    /// How long each of its lines is, but for the last one.
    width: usize,
    characters: usize,
    /// With so many characters there is no doubt.
    enough: usize,
    is_ended: bool,
    /// Whether its error was given.
    is_told: bool,
}

impl StrayBase64 {
    fn beginning(line: &Line<'_>) -> Option<Self> {
        let width = line.text.len();
        let enough = match line.text {
            text if !is_base64(text) => return None,
            // A SEQUENCE whose length takes two octets or more, and five dashes once more in
            // base64. Words are shorter, and seldom stand alone on lines of one width.
            [b'M', b'I', ..] | [b'L', b'S', b'0', b't', ..] => 40,
            // The first line may be lost. Fingerprints are shorter, hexadecimal or padded, and
            // rules repeat one character.
            text if width >= 32 && !text.iter().all(u8::is_ascii_hexdigit) && !is_rule(text) => 96,
            _ => return None,
        };
        Some(Self {
            begin: line.number,
            width,
            characters: width,
            enough,
            is_ended: enough > 40 && line.text.ends_with(b"="),
            is_told: false,
        })
    }

    /// The same with another line, if that belongs to it.
    fn continued(mut self, line: &[u8]) -> Option<Self> {
        // Once it was told, all base64 that follows is part of it.
        let fits = self.is_told || !self.is_ended && line.len() <= self.width;
        if !fits || !is_base64(line) {
            return None;
        }
        self.is_ended |= line.len() < self.width || self.enough > 40 && line.ends_with(b"=");
        self.characters = self.characters.saturating_add(line.len());
        Some(self)
    }
}

/// Whether all characters of a line are the same.
fn is_rule(line: &[u8]) -> bool {
    line.first()
        .is_none_or(|first| line.iter().all(|byte| byte == first))
}

/// Whether a line is base64 characters and nothing else, with padding at the end.
fn is_base64(line: &[u8]) -> bool {
    let end = line.iter().rposition(|byte| *byte != b'=');
    let text = end.and_then(|last| line.get(..=last)).unwrap_or_default();
    let is_character = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    !text.is_empty() && text.iter().all(is_character)
}

/// One line without the blanks and byte order marks around it.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// From one.
    number: usize,
    text: &'a [u8],
    /// The bundle from the beginning of `text` on.
    from_here: &'a [u8],
}

impl<'a> Line<'a> {
    fn boundary(&self) -> Boundary<'a> {
        Boundary::of(self.text)
    }

    fn names_crl(&self) -> bool {
        is_label_of_crl(self.text)
    }
}

/// The lines of a text, whatever ends them: LF, CRLF or CR (RFC 7468 §3).
struct Lines<'a> {
    rest: &'a [u8],
    /// Of the next line.
    number: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            rest: text,
            number: 1,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (number, from_start) = (self.number, self.rest);
        let end = from_start.iter().position(|byte| b"\r\n".contains(byte));
        let (mut line, rest) = from_start.split_at_checked(end.unwrap_or(from_start.len()))?;
        if let Some((end_line, begin_line)) =
            joined_begin(line).and_then(|at| from_start.split_at_checked(at))
        {
            (line, self.rest) = (end_line, begin_line);
        } else {
            let line_end = if rest.starts_with(b"\r\n") { 2 } else { 1 };
            self.rest = rest.get(line_end..).unwrap_or_default();
            self.number = self.number.saturating_add(1);
        }
        let text = trimmed_start(line);
        let blanks = line.len().saturating_sub(text.len());
        Some(Line {
            number,
            text: trimmed_end(text),
            from_here: from_start.get(blanks..).unwrap_or_default(),
        })
    }
}

/// Where BEGIN is on a line that begins with END, as when files that do not end their last line are
/// joined.
fn joined_begin(line: &[u8]) -> Option<usize> {
    let is_end = trimmed_start(line).starts_with(END.as_bytes());
    let mut places = line.windows(BEGIN.len());
    is_end.then(|| places.position(|text| text == BEGIN.as_bytes()))?
}

/// Joined files have byte order marks at the beginnings of lines, and at the end of the last one if
/// it is all that a file has.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn trimmed_start(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii_start();
    while let Some(rest) = text.strip_prefix(BYTE_ORDER_MARK) {
        text = rest.trim_ascii_start();
    }
    text
}

fn trimmed_end(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii_end();
    while let Some(rest) = text.strip_suffix(BYTE_ORDER_MARK) {
        text = rest.trim_ascii_end();
    }
    text
}
