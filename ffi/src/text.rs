//! Text that C can read, and what C holds by a pointer.

use std::ffi::c_char;

/// Text in UTF-8, with a NUL after its end and none inside.
///
/// It belongs to the object that gave it out, and is there until that object is freed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct MtlsStr {
    /// The first byte; never NULL in what this library gives out.
    pub data: *const c_char,
    /// How many bytes there are before the NUL.
    pub len: usize,
}

impl MtlsStr {
    pub(crate) const EMPTY: Self = Self {
        data: c"".as_ptr(),
        len: 0,
    };
}

/// Text that C can read: with a NUL after its end.
#[derive(Debug)]
pub(crate) struct Text {
    with_nul: Box<str>,
    has_nul_inside: bool,
}

impl Text {
    pub(crate) fn new(text: &str) -> Self {
        let mut with_nul = String::with_capacity(text.len() + 1);
        with_nul.push_str(text);
        with_nul.push('\0');
        Self {
            with_nul: with_nul.into_boxed_str(),
            has_nul_inside: text.contains('\0'),
        }
    }

    /// Text for a person: a NUL inside is shown as U+FFFD.
    pub(crate) fn message(text: &str) -> Self {
        Self::new(&text.replace('\0', "\u{fffd}"))
    }

    /// C code would take what is before a NUL for the whole, so text with one inside is not given
    /// out: a certificate for `admin\0.example` must not pass for one of `admin`.
    pub(crate) fn view(&self) -> Result<MtlsStr, NulInside> {
        if self.has_nul_inside {
            return Err(NulInside);
        }
        Ok(MtlsStr {
            data: self.with_nul.as_ptr().cast(),
            len: self.with_nul.len() - 1,
        })
    }
}

/// A NUL is inside of a text.
#[derive(Debug)]
pub(crate) struct NulInside;

/// What C holds by a pointer that it cannot look behind.
pub(crate) trait Handle: Send + Sync + Sized {
    /// What an error calls it.
    const NAME: &'static str;
}
