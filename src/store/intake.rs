//! How bytes given to a builder are taken in, and what becomes of those that are not good.

use alloc::vec::Vec;

use super::OnBadInput;
use super::pem::{Armoured, Blocks, line_of_nul, shortened};
use crate::error::{Input, StoreError, StoreProblem};

/// What to do with bad input, and what was left out so far.
#[derive(Debug, Default)]
pub(super) struct Intake {
    pub(super) on_bad_input: OnBadInput,
    pub(super) skipped: Vec<StoreError>,
    /// Whether a CRL was skipped where certificates belong.
    pub(super) has_stray_crl: bool,
}

impl Intake {
    /// Gives each block of a PEM bundle to `add`, and takes its errors as bad input.
    pub(super) fn add_pem(
        &mut self,
        input: Input,
        pem: &[u8],
        mut add: impl FnMut(&Armoured<'_>) -> Result<(), StoreProblem>,
    ) -> Result<(), StoreError> {
        let mut blocks = Blocks::new(pem).peekable();
        let is_empty = blocks.peek().is_none();
        // Says more than that there is a NUL byte, where nothing else is there.
        let hint = hint_at_format(pem).filter(|_| is_empty);
        if hint.is_none()
            && let Some(line) = line_of_nul(pem)
        {
            self.refuse(StoreError::at(input, None, line, StoreProblem::Nul))?;
        } else if is_empty {
            self.refuse(StoreError::new(input, StoreProblem::Empty { hint }))?;
        }
        for block in blocks {
            if let Err(problem) = block.content.and_then(|armoured| add(&armoured)) {
                self.has_stray_crl |= block.names_crl && input != Input::Crl;
                self.refuse(StoreError::at(input, block.number, block.line, problem))?;
            }
        }
        Ok(())
    }

    /// Takes what came of adding DER.
    pub(super) fn add_der(
        &mut self,
        input: Input,
        outcome: Result<(), StoreProblem>,
    ) -> Result<(), StoreError> {
        outcome.or_else(|problem| self.refuse(StoreError::new(input, problem)))
    }

    /// Fails with `error`, or notes it and goes on.
    fn refuse(&mut self, error: StoreError) -> Result<(), StoreError> {
        match self.on_bad_input {
            OnBadInput::Fail => Err(error),
            OnBadInput::Skip => {
                self.skipped.push(error);
                Ok(())
            }
        }
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
