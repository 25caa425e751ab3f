//! That no extension is there twice (RFC 5280 §4.2).

use super::problem::{MAX_EXTENSIONS, Problem};

/// OBJECT IDENTIFIERs of extensions, in their order. Of those outside of the arc `id-ce` many
/// certificates have none, so room is made for the first.
#[derive(Default)]
pub(super) struct Others<'a> {
    seen: Option<[&'a [u8]; MAX_EXTENSIONS]>,
    count: usize,
}

impl<'a> Others<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Notes one that must not have been noted before.
    pub(super) fn note(&mut self, oid: &'a [u8]) -> Result<(), Problem> {
        if self.count >= MAX_EXTENSIONS {
            return Err(Problem::TooManyExtensions);
        }
        match self.is_repeated(oid) {
            true => Err(Problem::DuplicateExtension),
            false => Ok(()),
        }
    }

    /// Notes one; there is room for as many as a certificate may have. Whether it was noted before.
    pub(super) fn is_repeated(&mut self, oid: &'a [u8]) -> bool {
        let seen = self.seen.get_or_insert([&[]; MAX_EXTENSIONS]);
        let before = seen.get(..self.count).unwrap_or_default();
        let (place, is_repeated) = match before.binary_search(&oid) {
            Ok(place) => (place, true),
            Err(place) => (place, false),
        };
        self.count = self.count.saturating_add(1);
        if let Some(moved) = seen.get_mut(place..self.count) {
            moved.rotate_right(1);
            if let Some(own) = moved.first_mut() {
                *own = oid;
            }
        }
        is_repeated
    }
}
