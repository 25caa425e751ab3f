//! Bytes and texts that a program in C gives.

use std::ptr::null;

use arbitrary::{Result, Unstructured};

use super::GOOD;
use super::library::*;

/// An input. Its bytes are no longer than they are, so that reading beyond them is seen.
pub(super) struct Buffer {
    bytes: Option<Box<[u8]>>,
    pub(super) len: usize,
}

impl Buffer {
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self {
            len: bytes.len(),
            bytes: Some(bytes.into_boxed_slice()),
        }
    }

    pub(super) fn take(input: &mut Unstructured<'_>) -> Result<Self> {
        Ok(match input.int_in_range(0..=9)? {
            0 => Self {
                bytes: None,
                len: input.arbitrary()?,
            },
            1..=3 => {
                let len = input.int_in_range(0..=48)?;
                Self::of(input.bytes(len.min(input.len()))?.to_vec())
            }
            4 => {
                let mut bytes = input.choose(&GOOD)?.clone();
                bytes.truncate(input.int_in_range(0..=bytes.len())?);
                Self::of(bytes)
            }
            5 => {
                let mut bytes = input.choose(&GOOD)?.clone();
                let at = input.choose_index(bytes.len())?;
                bytes[at] ^= input.int_in_range(1..=255)?;
                Self::of(bytes)
            }
            _ => Self::of(input.choose(&GOOD)?.clone()),
        })
    }

    pub(super) fn data(&self) -> *const u8 {
        self.bytes.as_ref().map_or(null(), |bytes| bytes.as_ptr())
    }

    pub(super) fn view(&self) -> MtlsBytes {
        MtlsBytes {
            data: self.data(),
            len: self.len,
        }
    }
}
