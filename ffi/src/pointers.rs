//! Where C's pointers become references, and Rust's values pointers. What a caller promises is in
//! `lib.rs`; what can be checked is checked here.

use std::ffi::c_char;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{Failure, MtlsError, MtlsResult};
use super::text::Handle;

/// Bytes at an address. They belong to the object or the caller that gave them out.
///
/// As an input, `data` may be NULL if `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct MtlsBytes {
    /// The first byte.
    pub data: *const u8,
    /// How many bytes there are.
    pub len: usize,
}

impl MtlsBytes {
    /// A view of bytes that stay where they are for as long as the object that gives it out.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr(),
            len: bytes.len(),
        }
    }
}

/// Where a result goes. Written by [`put`](Self::put) or [`put_handle`](Self::put_handle) only,
/// which come last.
pub(crate) struct Out<'a, T> {
    pointer: *mut T,
    caller: PhantomData<&'a mut T>,
}

impl<T> Out<'_, T> {
    /// # Safety
    /// `pointer` is NULL, or a `T` can be written to it until the call returns.
    pub(crate) unsafe fn new(pointer: *mut T, name: &str) -> Result<Self, Failure> {
        check(pointer, name)?;
        Ok(Self {
            pointer,
            caller: PhantomData,
        })
    }

    pub(crate) fn put(self, value: T) -> Result<(), Failure> {
        // SAFETY: not NULL and aligned, as `new` found; that it can be written to was promised to
        // `new`. What was there is not dropped: it is C's, and may be nothing at all.
        unsafe { self.pointer.write(value) };
        Ok(())
    }
}

impl<T: Handle> Out<'_, *mut T> {
    pub(crate) fn put_handle(self, value: T) -> Result<(), Failure> {
        self.put(into_raw(value))
    }
}

/// Where an error goes: nowhere, if the caller does not want it.
pub(crate) struct ErrorOut<'a>(Option<Out<'a, *mut MtlsError>>);

impl ErrorOut<'_> {
    pub(crate) const NONE: Self = Self(None);

    /// # Safety
    /// As for [`Out::new`].
    pub(crate) unsafe fn new(pointer: *mut *mut MtlsError) -> Self {
        // That `error` itself is no good could be told to nobody.
        let is_good = !pointer.is_null() && pointer.is_aligned();
        Self(is_good.then_some(Out {
            pointer,
            caller: PhantomData,
        }))
    }
}

/// Runs the body of a function of the library: no panic leaves it.
pub(crate) fn guard(error: ErrorOut<'_>, body: impl FnOnce() -> Result<(), Failure>) -> MtlsResult {
    // A body that panics has written nothing, and what it shares with others is behind locks and
    // atomics: nothing is left half done.
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return MtlsResult::Ok,
        Ok(Err(failure)) => failure,
        Err(panic) => {
            let message = Failure::of_panic(&*panic);
            // What was thrown may panic once more while it is dropped.
            std::mem::forget(panic);
            message
        }
    };
    let result = failure.result();
    if let ErrorOut(Some(error)) = error {
        // Should even this panic, the number is all there is.
        let told = catch_unwind(AssertUnwindSafe(|| error.put_handle(failure.into())));
        if let Err(panic) = told {
            std::mem::forget(panic);
        }
    }
    result
}

/// Gives a value into the hands of C, which has to give it back to [`free`].
fn into_raw<T: Handle>(value: T) -> *mut T {
    let handle = Box::into_raw(Box::new(value));
    #[cfg(debug_assertions)]
    live::add(handle.cast(), T::NAME);
    handle
}

/// # Safety
/// `handle` is NULL, or came from [`into_raw`] for this `T` and is not freed before the call
/// returns.
pub(crate) unsafe fn borrow<'a, T: Handle>(handle: *const T) -> Result<&'a T, Failure> {
    check(handle, T::NAME)?;
    #[cfg(debug_assertions)]
    live::check(handle.cast(), T::NAME)?;
    // SAFETY: it came from a Box that is still there, as promised. Nobody has a `&mut` to it: only
    // `free` could, and gives none out.
    Ok(unsafe { &*handle })
}

/// Drops what is behind a handle; nothing, if it is NULL.
///
/// # Safety
/// `handle` is NULL, or came from [`into_raw`] for this `T`, is not freed, and nobody else uses it
/// any more.
pub(crate) unsafe fn free<T: Handle>(handle: *mut T) -> MtlsResult {
    guard(ErrorOut::NONE, || {
        if handle.is_null() {
            return Ok(());
        }
        check(handle, T::NAME)?;
        #[cfg(debug_assertions)]
        live::remove(handle.cast(), T::NAME)?;
        // SAFETY: it came from a Box that is still there, as promised, and is the caller's alone.
        drop(unsafe { Box::from_raw(handle) });
        Ok(())
    })
}

/// # Safety
/// `data` is NULL, or `len` items can be read from it, and nobody writes to them, until the call
/// returns.
pub(crate) unsafe fn slice<'a, T>(
    data: *const T,
    len: usize,
    name: &str,
) -> Result<&'a [T], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    check(data, name)?;
    let bytes = len.checked_mul(size_of::<T>());
    let fits = bytes
        .filter(|bytes| isize::try_from(*bytes).is_ok())
        .and_then(|bytes| data.addr().checked_add(bytes));
    if fits.is_none() {
        let message = format!("{name}: {len} of them are more than there can be");
        return Err(Failure::usage(MtlsResult::TooLong, message));
    }
    // SAFETY: not NULL, aligned, no larger than an object can be and not beyond the end of all
    // addresses, as was checked; that there is something to read, which nobody changes, was
    // promised.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// Text is never NULL, so that what a configuration leaves open does not pass for the empty text.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn text<'a>(
    data: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'a str, Failure> {
    check(data, name)?;
    // SAFETY: promised by the caller.
    let bytes = unsafe { slice(data.cast::<u8>(), len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("{name}: not UTF-8: {error}");
        Failure::usage(MtlsResult::InvalidUtf8, message)
    })
}

fn check<T>(pointer: *const T, name: &str) -> Result<(), Failure> {
    if pointer.is_null() {
        let message = format!("{name} is NULL");
        return Err(Failure::usage(MtlsResult::NullPointer, message));
    }
    if !pointer.is_aligned() {
        let message = format!("{name} is not aligned: {pointer:p}");
        return Err(Failure::usage(MtlsResult::MisalignedPointer, message));
    }
    Ok(())
}

/// In debug builds alone: which handles there are, so that those that were freed, or never were,
/// are errors. The one global state of these sources; release builds have none, but for the nodes
/// that `arc-swap` keeps, one for each thread at work.
#[cfg(debug_assertions)]
mod live {
    use std::collections::BTreeMap;
    use std::ffi::c_void;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::{Failure, MtlsResult};

    static HANDLES: Mutex<BTreeMap<usize, &str>> = Mutex::new(BTreeMap::new());

    fn handles() -> MutexGuard<'static, BTreeMap<usize, &'static str>> {
        HANDLES.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(handle: *const c_void, name: &'static str) {
        handles().insert(handle.addr(), name);
    }

    pub(super) fn check(handle: *const c_void, name: &str) -> Result<(), Failure> {
        is(handles().get(&handle.addr()).copied(), name)
    }

    pub(super) fn remove(handle: *const c_void, name: &str) -> Result<(), Failure> {
        let mut handles = handles();
        is(handles.get(&handle.addr()).copied(), name)?;
        handles.remove(&handle.addr());
        Ok(())
    }

    fn is(found: Option<&str>, name: &str) -> Result<(), Failure> {
        let what = match found {
            Some(found) if found == name => return Ok(()),
            Some(found) => format!("a {found}, not a {name}"),
            None => format!("not a {name} that is there: freed before, or never made"),
        };
        Err(Failure::usage(MtlsResult::InvalidHandle, what))
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::Text;
    use super::super::{mtls_error_free, mtls_error_message};
    use super::*;

    /// What a body that panics comes to, and what is said of it.
    fn guarded(body: impl FnOnce()) -> (MtlsResult, String) {
        let mut error = std::ptr::null_mut();
        // SAFETY: a pointer to a local variable.
        let out = unsafe { ErrorOut::new(&mut error) };
        let result = guard(out, || {
            body();
            Ok(())
        });
        // SAFETY: the error was just made.
        let message = unsafe {
            let message = mtls_error_message(error);
            let bytes = std::slice::from_raw_parts(message.data.cast(), message.len);
            let message = String::from_utf8_lossy(bytes).into_owned();
            assert_eq!(mtls_error_free(error), MtlsResult::Ok);
            message
        };
        (result, message)
    }

    #[test]
    fn panics_stay_inside() {
        let (result, message) = guarded(|| panic!("number {}", 7));
        assert_eq!(result, MtlsResult::Internal);
        assert!(message.ends_with("number 7"), "{message}");
        let (result, message) = guarded(|| panic!("plain"));
        assert_eq!(result, MtlsResult::Internal);
        assert!(message.ends_with("plain"), "{message}");
        assert_eq!(
            guard(ErrorOut::NONE, || panic!("untold")),
            MtlsResult::Internal
        );
    }

    #[test]
    fn what_a_panic_throws_is_not_dropped() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("while dropping");
            }
        }
        let (result, _) = guarded(|| std::panic::panic_any(Bomb));
        assert_eq!(result, MtlsResult::Internal);
    }

    #[test]
    fn lengths_that_cannot_be_are_not_read() {
        let bytes = [0_u64; 2];
        for len in [usize::MAX, usize::MAX / 8, usize::MAX / 16 + 1] {
            // SAFETY: it is found out before anything is read.
            let slice = unsafe { slice(bytes.as_ptr(), len, "numbers") };
            let failure = slice.expect_err("too long");
            assert_eq!(failure.result(), MtlsResult::TooLong);
        }
        // SAFETY: as many as there are.
        let whole = unsafe { slice(bytes.as_ptr(), 2, "numbers") };
        assert_eq!(whole.expect("two numbers"), bytes);
    }

    #[test]
    fn text_ends_with_its_only_nul() {
        let text = Text::new("caf\u{e9}");
        let view = text.view().expect("no NUL inside");
        assert_eq!(view.len, 5);
        // SAFETY: the text is still there, and ends with a NUL.
        let read = unsafe { std::ffi::CStr::from_ptr(view.data) };
        assert_eq!(read.to_str(), Ok("caf\u{e9}"));
        let text = Text::new("a\0b");
        let failure = text.view().expect_err("a NUL inside");
        assert_eq!(Failure::from(failure).result(), MtlsResult::TextHasNul);
        let shown = Text::message("a\0b");
        assert_eq!(shown.view().expect("shown").len, 5);
    }
}
