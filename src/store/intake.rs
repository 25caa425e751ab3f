//! How bytes given to a builder are taken in, and what becomes of those that are not good.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Source;
use super::pem::{Blocks, Encapsulated, line_of_nul, shortened};
use crate::error::{Input, Place, StoreError, StoreProblem};
use crate::x509::has_crl;

/// What to do with bad input, and what was left out so far.
#[derive(Debug, Default)]
pub(super) struct Intake {
    on_bad_input: OnBadInput,
    /// Of a strict intake only while it reads an input, and then the first error alone.
    skipped: Vec<StoreError>,
    /// The first error that a strict intake had.
    first_refused: Option<StoreError>,
    /// Whether a CRL was refused where certificates belong.
    has_stray_crl: bool,
    /// How many inputs in DER there were, by their [`Input`].
    der_counts: [usize; 4],
}

/// What becomes of input that is not good.
#[derive(Clone, Copy, Debug, Default)]
enum OnBadInput {
    /// It is an error, and nothing of its input is loaded.
    #[default]
    Fail,
    /// It is left out.
    Skip,
}

impl Intake {
    pub(super) fn lenient() -> Self {
        Self {
            on_bad_input: OnBadInput::Skip,
            ..Self::default()
        }
    }

    /// What was taken in, which leaves nothing but what to do with bad input.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self {
            on_bad_input: self.on_bad_input,
            ..Self::default()
        };
        core::mem::replace(self, empty)
    }

    pub(super) fn skipped(&self) -> &[StoreError] {
        &self.skipped
    }

    pub(super) fn first_refused(&self) -> Option<&StoreError> {
        self.first_refused.as_ref()
    }

    pub(super) fn into_skipped(self) -> Vec<StoreError> {
        self.skipped
    }

    pub(super) fn has_stray_crl(&self) -> bool {
        self.has_stray_crl
    }

    /// Gives `add` each block of a PEM bundle, and what is there instead of one, and takes its
    /// errors as bad input.
    ///
    /// Where bad input is an error, that is the first of its errors. `add` is given the rest all
    /// the same: what speaks against clients there is not to be lost.
    pub(super) fn add_pem(
        &mut self,
        input: Input,
        source: Source<'_>,
        mut add: impl FnMut(Result<&Encapsulated<'_>, StoreProblem>) -> Result<(), StoreProblem>,
    ) -> Result<(), StoreError> {
        let pem = source.bytes();
        let mut refused = Refused::new(self, input, source.label());
        let mut blocks = Blocks::new(pem).peekable();
        let is_empty = blocks.peek().is_none();
        // Says more than that there is a NUL byte, where nothing else is there.
        let hint = hint_at_format(pem).filter(|_| is_empty);
        let whole = if hint.is_none()
            && let Some(line) = line_of_nul(pem)
        {
            Some((Place::new(None, Some(line)), StoreProblem::Nul))
        } else {
            is_empty.then_some((Place::default(), StoreProblem::Empty { hint }))
        };
        if let Some((place, problem)) = whole
            && let Err(problem) = add(Err(problem))
        {
            // DER, by mistake.
            refused.add(place, pem, problem);
        }
        for block in blocks {
            let place = Place::new(block.number, Some(block.line));
            let (encapsulated, outcome) = match block.content {
                Ok(encapsulated) => {
                    let outcome = add(Ok(&encapsulated));
                    (Some(encapsulated), outcome)
                }
                Err(problem) => (None, add(Err(problem))),
            };
            if let Err(problem) = outcome {
                let der = encapsulated.and_then(|encapsulated| encapsulated.decode().ok());
                refused.note_crl(block.names_crl);
                refused.add(place, &der.unwrap_or_default(), problem);
            }
        }
        self.outcome()
    }

    /// Gives `add` an input in DER and its number, and takes its error as bad input.
    pub(super) fn add_der(
        &mut self,
        input: Input,
        source: Source<'_>,
        add: impl FnOnce(Option<usize>, &[u8]) -> Result<(), StoreProblem>,
    ) -> Result<(), StoreError> {
        let number = self.count_der(input);
        let mut refused = Refused::new(self, input, source.label());
        if let Err(problem) = add(number, source.bytes()) {
            refused.add(Place::new(number, None), source.bytes(), problem);
        }
        self.outcome()
    }

    fn count_der(&mut self, input: Input) -> Option<usize> {
        let count = self.der_counts.get_mut(input as usize)?;
        *count = count.saturating_add(1);
        Some(*count)
    }

    /// What came of an input.
    fn outcome(&mut self) -> Result<(), StoreError> {
        match self.on_bad_input {
            OnBadInput::Fail => match self.skipped.pop() {
                Some(error) => {
                    self.first_refused.get_or_insert_with(|| error.clone());
                    Err(error)
                }
                None => Ok(()),
            },
            OnBadInput::Skip => Ok(()),
        }
    }
}

/// Takes note of what is refused of one input.
struct Refused<'a> {
    intake: &'a mut Intake,
    input: Input,
    label: Option<Arc<str>>,
}

impl<'a> Refused<'a> {
    fn new(intake: &'a mut Intake, input: Input, label: Option<&str>) -> Self {
        Self {
            intake,
            input,
            label: label.map(Arc::from),
        }
    }

    /// `der` is what was refused, as far as it can be told.
    fn add(&mut self, place: Place, der: &[u8], problem: StoreProblem) {
        self.note_crl(has_crl(der));
        let is_told = match self.intake.on_bad_input {
            OnBadInput::Fail => self.intake.skipped.is_empty(),
            OnBadInput::Skip => true,
        };
        if is_told {
            let error = StoreError::new(self.input, problem)
                .at(place)
                .labelled(self.label.clone())
                .about(der);
            self.intake.skipped.push(error);
        }
    }

    fn note_crl(&mut self, is_crl: bool) {
        self.intake.has_stray_crl |= is_crl && self.input != Input::Crl;
    }
}

/// What is wrong with a block that is labelled as none of those that belong in a bundle.
pub(super) fn wrong_label(label: &str) -> StoreProblem {
    let shown = shortened(label);
    if label.contains("PRIVATE KEY") {
        StoreProblem::PrivateKey { label: shown }
    } else {
        StoreProblem::Label { label: shown }
    }
}

/// What bytes without any PEM block look like instead.
fn hint_at_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [] => Some(": the input is empty"),
        [0x30, 0x80..=0xff, ..] => Some(" in PEM: this looks like DER"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(": this looks like UTF-16; PEM is ASCII"),
        _ => None,
    }
}
