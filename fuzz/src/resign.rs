//! Real chains (`testdata`) that the input changes as trees of DER, signed again with keys of ours:
//! the verdict, the reason, and what is said of a client are those of the reference.
//!
//! Input: choices, as `arbitrary` takes them from bytes.

use crate::changed::{self, Changed};
use crate::choices::{self, Bytes};
use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// What library and reference say of a chain, or of the store that it goes to.
pub const KINDS: Kinds = &[("accepted", 100), ("refused", 200), ("does not load", 100)];

/// Checks the chain of an input.
pub fn check(input: &[u8]) -> Judged {
    let judged = Changed::new(&mut Bytes::new(input)).judge();
    Some(match judged {
        Ok(changed::Judged::Answered(Ok(_), _)) => "accepted",
        Ok(changed::Judged::Answered(Err(_), _)) => "refused",
        Ok(changed::Judged::DoesNotLoad) => "does not load",
        Err(difference) => panic!("{difference}"),
    })
}

/// Choices from nowhere: there is no way back from a chain to the choices that change it.
pub fn seeds(_testdata: &Testdata) -> Vec<Vec<u8>> {
    choices::seeds(600, 64)
}
