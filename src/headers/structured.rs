//! What `Client-Cert` and `Client-Cert-Chain` need of structured fields (RFC 9651, before RFC
//! 8941): Byte Sequences, and parameters, which are skipped.
//!
//! Not the `sfv` crate: it would bring two more crates to build values of all types in memory,
//! where this reads one type in place and can say where it went wrong.

use super::error::{Fault, HeaderProblem};

/// A field on its way from start to end.
pub(super) struct Field<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Field<'a> {
    pub(super) fn new(whole: &'a [u8]) -> Self {
        Self { whole, rest: whole }
    }

    pub(super) fn offset(&self) -> usize {
        self.whole.len().saturating_sub(self.rest.len())
    }

    /// The end, after spaces (§4.2, step 6 and 7).
    pub(super) fn finish(mut self) -> Result<(), Fault> {
        self.skip_spaces();
        match self.rest {
            [] => Ok(()),
            _ => Err(self.expected("the end")),
        }
    }

    /// Spaces, without tabs (SP in §4.2).
    pub(super) fn skip_spaces(&mut self) {
        self.skip_while(|byte| byte == b' ');
    }

    /// A comma and the blanks around it (OWS in §4.2.1), if there is one.
    pub(super) fn skip_comma(&mut self) -> bool {
        let before = self.rest;
        let is_blank = |byte| matches!(byte, b' ' | b'\t');
        self.skip_while(is_blank);
        if self.skip(b',') {
            self.skip_while(is_blank);
            true
        } else {
            self.rest = before;
            false
        }
    }

    /// The base64 of a Byte Sequence (§4.2.7), which may be none.
    pub(super) fn byte_sequence(&mut self) -> Result<&'a [u8], Fault> {
        const EXPECTED: &str = "a byte sequence, base64 between colons,";
        if !self.skip(b':') {
            return Err(self.expected(EXPECTED));
        }
        let is_base64 =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let base64 = self.skip_while(is_base64);
        if !self.skip(b':') {
            return Err(self.expected("base64 or the colon after it"));
        }
        Ok(base64)
    }

    /// Parameters (§4.2.3.2). Any may come one day; none can change what a certificate is.
    pub(super) fn skip_parameters(&mut self) -> Result<(), Fault> {
        while self.skip(b';') {
            self.skip_spaces();
            self.skip_key()?;
            if self.skip(b'=') {
                self.skip_bare_item()?;
            }
        }
        Ok(())
    }

    /// §4.2.3.3.
    fn skip_key(&mut self) -> Result<(), Fault> {
        match self.rest.first() {
            Some(b'a'..=b'z' | b'*') => {
                self.skip_while(
                    |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'*'),
                );
                Ok(())
            }
            _ => Err(self.expected("the key of a parameter")),
        }
    }

    /// §4.2.3.1.
    fn skip_bare_item(&mut self) -> Result<(), Fault> {
        match self.rest.first() {
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b'"') => self.skip_string(),
            Some(b':') => self.byte_sequence().map(|_| ()),
            Some(b'?') => {
                self.skip(b'?');
                if self.skip(b'0') || self.skip(b'1') {
                    return Ok(());
                }
                Err(self.expected("0 or 1"))
            }
            Some(b'@') => {
                self.skip(b'@');
                self.skip_number()
            }
            Some(b'%') => {
                self.skip(b'%');
                self.skip_string()
            }
            Some(b'A'..=b'Z' | b'a'..=b'z' | b'*') => {
                self.skip_while(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
                });
                Ok(())
            }
            _ => Err(self.expected("the value of a parameter")),
        }
    }

    /// An Integer or a Decimal (§4.2.4), of as many digits as it likes.
    fn skip_number(&mut self) -> Result<(), Fault> {
        self.skip(b'-');
        self.skip_digits()?;
        match self.skip(b'.') {
            true => self.skip_digits(),
            false => Ok(()),
        }
    }

    fn skip_digits(&mut self) -> Result<(), Fault> {
        match self.skip_while(|byte| byte.is_ascii_digit()) {
            [] => Err(self.expected("a digit")),
            _ => Ok(()),
        }
    }

    /// A String (§4.2.5), or what follows the `%` of a Display String (§4.2.10), which has the
    /// same end.
    fn skip_string(&mut self) -> Result<(), Fault> {
        if !self.skip(b'"') {
            return Err(self.expected("a double quote"));
        }
        loop {
            self.skip_while(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte));
            if self.skip(b'"') {
                return Ok(());
            }
            let is_escape = self.skip(b'\\') && (self.skip(b'"') || self.skip(b'\\'));
            if !is_escape {
                return Err(self.expected("a character of a string"));
            }
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn skip_while(&mut self, holds: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.rest.iter().position(|byte| !holds(*byte));
        let (skipped, rest) = self
            .rest
            .split_at_checked(end.unwrap_or(self.rest.len()))
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        skipped
    }

    fn expected(&self, expected: &'static str) -> Fault {
        Fault::at(self.offset(), HeaderProblem::Expected { expected })
    }
}
