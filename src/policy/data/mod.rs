//! Policies as data: what a configuration file says of them (feature `serde`).
//!
//! A structure is a [`Record`], a table with one field for each of its own. An enum is a
//! [`Choice`]: the name of a variant, or a table with one field if the variant has a value. Each
//! has one list of its names. All else is text or a whole number ([`leaf`]).
//!
//! The implementations are written by hand, not derived. So an error says where it is and what
//! would be right, and no build of a user waits for `syn`.

mod choice;
mod duration;
mod identities;
mod leaf;
mod nearest;
mod parts;
mod processed;
mod record;
mod signatures;

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// What a policy is made of.
trait Part: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D, place: Place<'_>)
    -> Result<Self, D::Error>;

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// `Serialize` and `Deserialize` of a type that users have.
macro_rules! public_part {
    ($($part:ident)+) => {$(
        /// As `docs/guide/policy.md` has it.
        impl serde::Serialize for $part {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::policy::data::Part::write(self, serializer)
            }
        }

        /// As `docs/guide/policy.md` has it.
        impl<'de> serde::Deserialize<'de> for $part {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let top = $crate::policy::data::Place::Top;
                $crate::policy::data::Part::read(deserializer, top)
            }
        }
    )+};
}
use public_part;

/// Where in a policy a value is: errors name it.
#[derive(Clone, Copy)]
enum Place<'a> {
    Top,
    Field(&'a Self, &'static str),
    Element(&'a Self, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Field(Self::Top, name) => f.write_str(name),
            Self::Field(above, name) => write!(f, "{above}.{name}"),
            Self::Element(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

impl Place<'_> {
    /// ` in` this place, or ` for` it, as an error goes on; nothing at the top.
    fn after(&self, preposition: &'static str) -> After<'_> {
        After(preposition, *self)
    }

    /// An error about a value in this place.
    fn error<E: serde::de::Error>(&self, error: impl fmt::Display) -> E {
        match self {
            Self::Top => E::custom(error),
            place => E::custom(format_args!("`{place}`: {error}")),
        }
    }
}

struct After<'a>(&'static str, Place<'a>);

impl fmt::Display for After<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Place::Top => Ok(()),
            place => write!(f, " {} `{place}`", self.0),
        }
    }
}

/// Reads what is in a place.
struct Seed<'a, T>(Place<'a>, PhantomData<T>);

impl<'a, T> Seed<'a, T> {
    fn at(place: Place<'a>) -> Self {
        Self(place, PhantomData)
    }
}

impl<'de, T: Part> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer, self.0)
    }
}

/// Writes a part.
struct Written<'a, T>(&'a T);

impl<T: Part> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<T: Part> Part for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Elements(place, PhantomData))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Written))
    }
}

struct Elements<'a, T>(Place<'a>, PhantomData<T>);

impl<'de, T: Part> Visitor<'de> for Elements<'_, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array{}", self.0.after("for"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) =
            seq.next_element_seed(Seed::at(Place::Element(&self.0, elements.len())))?
        {
            elements.push(element);
        }
        Ok(elements)
    }
}

#[cfg(all(test, feature = "std"))]
mod tests;
