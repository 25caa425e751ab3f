//! PEM bundles as they are found: blocks with anything between them (RFC 7468 §2, §5.2).

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::StoreProblem;

/// The blocks of a bundle, one after another; a block that is no block comes as its error, and reading goes on after it.
pub(crate) struct Blocks<'a> {
    lines: Lines<'a>,
    number: usize,
    /// A BEGIN line that was met where an END line should have been.
    pending: Option<Line<'a>>,
}

/// One block: where it begins, and what it holds.
pub(crate) struct Block<'a> {
    /// Among the blocks of the bundle, from one.
    pub(crate) number: usize,
    /// The line of BEGIN, from one.
    pub(crate) line: usize,
    pub(crate) content: Result<Armoured<'a>, StoreProblem>,
}

/// The label, and the text from the BEGIN line to the END line.
pub(crate) struct Armoured<'a> {
    pub(crate) label: &'a str,
    text: &'a [u8],
    line: usize,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(bundle: &'a [u8]) -> Self {
        const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
        Self {
            lines: Lines {
                rest: bundle.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bundle),
                number: 0,
            },
            number: 0,
            pending: None,
        }
    }

    /// Reads from the line after BEGIN to the END line.
    fn finish_block(
        &mut self,
        begin: Line<'a>,
        label: &'a str,
    ) -> Result<Armoured<'a>, StoreProblem> {
        loop {
            // What is left of the bundle shows where a line ends; the block is what was left at BEGIN less that.
            let Some(line) = self.lines.next() else {
                return Err(StoreProblem::NoEnd);
            };
            match line.boundary() {
                Boundary::None => {}
                Boundary::End(end) if end == label => {
                    let len = begin.from_here.len().saturating_sub(self.lines.rest.len());
                    return Ok(Armoured {
                        label,
                        text: begin.from_here.get(..len).unwrap_or_default(),
                        line: begin.number,
                    });
                }
                Boundary::End(_) => return Err(StoreProblem::StrayEnd),
                Boundary::Begin(_) | Boundary::Broken(_) => {
                    self.pending = Some(line);
                    return Err(StoreProblem::NoEnd);
                }
            }
        }
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
            let content = match line.boundary() {
                Boundary::None => continue,
                Boundary::Begin(label) => {
                    self.number = self.number.saturating_add(1);
                    self.finish_block(line, label)
                }
                Boundary::End(_) => Err(StoreProblem::StrayEnd),
                Boundary::Broken(begins) => {
                    self.number = self.number.saturating_add(1);
                    Err(StoreProblem::Boundary { begins })
                }
            };
            return Some(Block {
                number: self.number,
                line: line.number,
                content,
            });
        }
    }
}

impl Armoured<'_> {
    /// The bytes that the base64 between the boundaries stands for.
    pub(crate) fn decode(&self) -> Result<Vec<u8>, StoreProblem> {
        // Nearly all bundles have lines of 64 characters and nothing else, which is what RFC 7468 asks for.
        if let Ok((_, bytes)) = pem_rfc7468::decode_vec(self.text) {
            return Ok(bytes);
        }
        pem_rfc7468::decode_vec(self.normalised().as_bytes())
            .map(|(_, bytes)| bytes)
            .map_err(|_| StoreProblem::Base64 {
                line: self.first_line_that_is_not_base64(),
            })
    }

    /// The same block as RFC 7468 §2 asks issuers to write it: lines of 64 characters, without blanks.
    fn normalised(&self) -> String {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "\n-----END CERTIFICATE-----\n";
        let mut text = String::with_capacity(
            self.text
                .len()
                .saturating_add(self.text.len() / 64)
                .saturating_add(BEGIN.len())
                .saturating_add(END.len()),
        );
        text.push_str(BEGIN);
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
        text.push_str(END);
        text
    }

    /// The lines between the boundaries.
    fn body(&self) -> impl Iterator<Item = Line<'_>> {
        Lines {
            rest: self.text,
            number: self.line.saturating_sub(1),
        }
        .filter(|line| matches!(line.boundary(), Boundary::None))
    }

    /// Where every line is of base64 characters, the fault is in how they end: the last line.
    fn first_line_that_is_not_base64(&self) -> usize {
        let is_base64 = |line: &Line<'_>| {
            line.text.iter().all(|byte| {
                byte.is_ascii_alphanumeric() || b"+/=".contains(byte) || byte.is_ascii_whitespace()
            })
        };
        self.body()
            .find(|line| !is_base64(line))
            .or_else(|| self.body().filter(|line| !line.text.is_empty()).last())
            .map_or(self.line, |line| line.number)
    }
}

/// One line without the blanks around it.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// From one.
    number: usize,
    text: &'a [u8],
    /// The bundle from the beginning of this line on.
    from_here: &'a [u8],
}

enum Boundary<'a> {
    None,
    Begin(&'a str),
    End(&'a str),
    /// Begins like a boundary.
    Broken(&'static str),
}

impl<'a> Line<'a> {
    fn boundary(&self) -> Boundary<'a> {
        const BEGIN: &str = "-----BEGIN";
        const END: &str = "-----END";
        let label = |after: &'a [u8]| {
            let label = after.strip_prefix(b" ")?.strip_suffix(b"-----")?;
            let label = core::str::from_utf8(label).ok()?;
            let printable = label.chars().all(|c| c.is_ascii_graphic() || c == ' ');
            (printable && !label.contains("--")).then_some(label)
        };
        if let Some(after) = self.text.strip_prefix(BEGIN.as_bytes()) {
            label(after).map_or(Boundary::Broken(BEGIN), Boundary::Begin)
        } else if let Some(after) = self.text.strip_prefix(END.as_bytes()) {
            label(after).map_or(Boundary::Broken(END), Boundary::End)
        } else {
            Boundary::None
        }
    }
}

/// The lines of a text, whatever ends them: LF or CRLF.
struct Lines<'a> {
    rest: &'a [u8],
    /// Of the last line given out.
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let from_here = self.rest;
        let end = from_here.iter().position(|byte| *byte == b'\n');
        let (text, rest) = match end.and_then(|end| from_here.split_at_checked(end)) {
            Some((text, rest)) => (text, rest.strip_prefix(b"\n").unwrap_or(rest)),
            None => (from_here, &[][..]),
        };
        self.rest = rest;
        self.number = self.number.saturating_add(1);
        Some(Line {
            number: self.number,
            text: text.trim_ascii(),
            from_here,
        })
    }
}
