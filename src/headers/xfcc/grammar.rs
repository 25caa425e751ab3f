//! Elements, pairs and quotes of `X-Forwarded-Client-Cert`.

use alloc::string::String;
use alloc::vec::Vec;

use pki_types::CertificateDer;

use super::super::certificates::{from_encoded_pem, one_from_encoded_pem};
use super::super::error::{Fault, HeaderProblem};
use super::super::percent::{Literal, hex_byte};
use super::{Element, MAX_ELEMENTS};

/// Whether a character may be in a value without quotes. An `=` may, as Envoy writes URIs as they
/// are; it ends nothing.
pub(super) fn is_unquoted(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b',' | b';')
}

/// All elements, each held against its certificate.
pub(super) fn elements(value: &[u8]) -> Result<Vec<Element>, Fault> {
    let mut text = Text {
        whole: value,
        rest: value,
    };
    let mut elements = Vec::new();
    loop {
        if elements.len() >= MAX_ELEMENTS {
            let limit = MAX_ELEMENTS;
            return Err(HeaderProblem::TooManyElements { limit }.into());
        }
        let start = text.offset();
        let mut element = text.element()?;
        element.check().map_err(|fault| fault.shifted_by(start))?;
        // Envoy writes `URI=` for a certificate without URI.
        for names in [&mut element.by, &mut element.uris, &mut element.dns_names] {
            names.retain(|name| !name.is_empty());
        }
        elements.push(element);
        match text.rest {
            [b',', rest @ ..] => text.rest = rest,
            _ => return Ok(elements),
        }
        // RFC 9110 §5.6.1: HTTP libraries that join lists write a blank after the comma.
        text.skip_blanks();
    }
}

struct Text<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
}

/// A value without its quotes, and where it begins.
struct Value {
    text: String,
    start: usize,
}

impl<'a> Text<'a> {
    fn offset(&self) -> usize {
        self.whole.len().saturating_sub(self.rest.len())
    }

    /// Pairs up to the comma after the element, or to the end.
    fn element(&mut self) -> Result<Element, Fault> {
        let mut element = Element::empty();
        let (element_start, mut is_known) = (self.offset(), false);
        loop {
            let start = self.offset();
            let key = self.key()?;
            let value = self.value()?;
            is_known |= element.add(key, value, start)?;
            match self.rest {
                // A certificate as base64 may end like a pair: it is of another format.
                [] | [b',', ..] if !is_known => {
                    let expected = "By, Hash, Cert, Chain, Subject, URI or DNS";
                    let problem = HeaderProblem::Expected { expected };
                    return Err(Fault::at(element_start, problem));
                }
                [] | [b',', ..] => return Ok(element),
                [b';', rest @ ..] => self.rest = rest,
                _ => return Err(self.expected("',', ';' or the end")),
            }
        }
    }

    fn key(&mut self) -> Result<&'a [u8], Fault> {
        const EXPECTED: &str = "a key and '='";
        let end = self.rest.iter().position(|byte| !is_in_key(*byte));
        match end.and_then(|end| self.rest.split_at_checked(end)) {
            Some((key @ [_, ..], [b'=', rest @ ..])) => {
                self.rest = rest;
                Ok(key)
            }
            _ => Err(self.expected(EXPECTED)),
        }
    }

    fn value(&mut self) -> Result<Value, Fault> {
        if let [b'"', rest @ ..] = self.rest {
            self.rest = rest;
            return self.quoted();
        }
        let start = self.offset();
        let mut text = String::new();
        while let [byte, rest @ ..] = self.rest {
            match *byte {
                byte if is_unquoted(byte) => text.push(char::from(byte)),
                b',' | b';' => break,
                byte => {
                    return Err(Fault::at(self.offset(), HeaderProblem::Character { byte }));
                }
            }
            self.rest = rest;
        }
        Ok(Value { text, start })
    }

    /// From after the opening quote to after the closing one. A backslash and the character after
    /// it belong together, so that all names of RFC 4514, which Envoy puts between quotes as they
    /// are, end where they should.
    fn quoted(&mut self) -> Result<Value, Fault> {
        let start = self.offset();
        let mut text = String::new();
        loop {
            let (byte, rest) = match self.rest {
                [] => return Err(self.expected("a closing double quote")),
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return Ok(Value { text, start });
                }
                [b'\\', b'"', rest @ ..] => (b'"', rest),
                [b'\\', byte @ b' '..=b'~', rest @ ..] => {
                    text.push('\\');
                    (*byte, rest)
                }
                [byte @ b' '..=b'~', rest @ ..] if *byte != b'\\' => (*byte, rest),
                [byte, ..] => {
                    let byte = *byte;
                    return Err(Fault::at(self.offset(), HeaderProblem::Character { byte }));
                }
            };
            text.push(char::from(byte));
            self.rest = rest;
        }
    }

    fn skip_blanks(&mut self) {
        while let [b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn expected(&self, expected: &'static str) -> Fault {
        Fault::at(self.offset(), HeaderProblem::Expected { expected })
    }
}

fn is_in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

impl Element {
    fn empty() -> Self {
        Self {
            by: Vec::new(),
            hash: None,
            cert: None,
            chain: Vec::new(),
            subject: None,
            uris: Vec::new(),
            dns_names: Vec::new(),
        }
    }

    /// Adds a pair, whose key begins at `start`, and says whether the key is known.
    fn add(&mut self, key: &[u8], value: Value, start: usize) -> Result<bool, Fault> {
        let key_is = |name: &str| key.eq_ignore_ascii_case(name.as_bytes());
        let once = |is_first: bool, key| match is_first {
            true => Ok(()),
            false => Err(Fault::at(start, HeaderProblem::RepeatedKey { key })),
        };
        if key_is("By") {
            self.by.push(value.text);
        } else if key_is("Hash") {
            once(self.hash.is_none(), "Hash")?;
            self.hash = Some(value.hash()?);
        } else if key_is("Cert") {
            once(self.cert.is_none(), "Cert")?;
            self.cert = value.certificates(one_from_encoded_pem)?.pop();
        } else if key_is("Chain") {
            once(self.chain.is_empty(), "Chain")?;
            self.chain = value.certificates(from_encoded_pem)?;
        } else if key_is("Subject") {
            once(self.subject.is_none(), "Subject")?;
            self.subject = Some(value.text);
        } else if key_is("URI") {
            self.uris.push(value.text);
        } else if key_is("DNS") {
            self.dns_names.push(value.text);
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

impl Value {
    fn hash(&self) -> Result<[u8; 32], Fault> {
        let expected = "64 hexadecimal digits, a SHA-256,";
        let fault = || Fault::at(self.start, HeaderProblem::Expected { expected });
        let digits: &[u8; 64] = self.text.as_bytes().try_into().map_err(|_| fault())?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = match pair {
                [high, low] => hex_byte(*high, *low).ok_or_else(fault)?,
                _ => return Err(fault()),
            };
        }
        Ok(hash)
    }

    fn certificates(
        &self,
        read: fn(&[u8], Literal) -> Result<Vec<CertificateDer<'static>>, Fault>,
    ) -> Result<Vec<CertificateDer<'static>>, Fault> {
        read(self.text.as_bytes(), Literal::Base64Too).map_err(|fault| fault.shifted_by(self.start))
    }
}
