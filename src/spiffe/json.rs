//! JSON, as far as bundle documents need it: objects without repeated members, and small values.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::error::{Place, shown};
use super::{BundleError, BundleProblem, MAX_DOCUMENT_BYTES};

/// Where a document is read, and what is wrong there.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) place: Place,
    problem: Option<BundleProblem>,
}

impl Reading {
    /// Notes what is wrong, and stops the reading.
    pub(super) fn fail<E: Error>(&mut self, problem: BundleProblem) -> E {
        self.problem = Some(problem);
        E::custom("")
    }

    /// The value of this member, which an error is about from now on.
    pub(super) fn value<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        map: &mut A,
    ) -> Result<Value<'de>, A::Error> {
        self.place.member = Some(member);
        let value = map.next_value()?;
        self.place.member = None;
        Ok(value)
    }
}

/// Reads a document: one object, and nothing after it.
pub(super) fn read<'de, O: Object<'de>>(
    json: &'de [u8],
    place: Place,
    object: O,
) -> Result<O::Output, BundleError> {
    let mut reading = Reading {
        place,
        problem: None,
    };
    let outcome = match json {
        _ if json.len() > MAX_DOCUMENT_BYTES => Err(BundleProblem::TooLarge { bytes: json.len() }),
        [0xef, 0xbb, 0xbf, ..] => Err(BundleProblem::ByteOrderMark),
        _ => {
            let mut deserializer = serde_json::Deserializer::from_slice(json);
            let seed = ObjectSeed {
                reading: &mut reading,
                object,
            };
            let outcome = seed.deserialize(&mut deserializer);
            let outcome = outcome.and_then(|read| deserializer.end().map(|()| read));
            outcome.map_err(|error| {
                let problem = reading.problem.take();
                problem.unwrap_or_else(|| BundleProblem::Json(shown(&error.to_string())))
            })
        }
    };
    outcome.map_err(|problem| BundleError::new(reading.place, problem))
}

/// An object that is read member by member.
pub(super) trait Object<'de>: Sized {
    /// What it is, for an error.
    const EXPECTED: &'static str;
    /// How many members it may have, none of them twice; `None` of an object that sees to both.
    const MAX_MEMBERS: Option<usize>;
    type Output;

    /// Reads the value of a member.
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &mut Reading,
    ) -> Result<(), A::Error>;

    /// What the members come to.
    fn finish(self, reading: &mut Reading) -> Result<Self::Output, BundleProblem>;
}

/// Reads an [`Object`].
pub(super) struct ObjectSeed<'r, O> {
    pub(super) reading: &'r mut Reading,
    pub(super) object: O,
}

impl<'de, O: Object<'de>> DeserializeSeed<'de> for ObjectSeed<'_, O> {
    type Value = O::Output;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<O::Output, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, O: Object<'de>> Visitor<'de> for ObjectSeed<'_, O> {
    type Value = O::Output;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(O::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<O::Output, A::Error> {
        let Self {
            reading,
            mut object,
        } = self;
        let mut names: Vec<Cow<'de, str>> = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            if let Some(limit) = O::MAX_MEMBERS {
                if names.contains(&name) {
                    let name = shown(&name);
                    return Err(reading.fail(BundleProblem::Duplicate { name }));
                }
                if names.len() == limit {
                    return Err(reading.fail(BundleProblem::TooManyMembers { limit }));
                }
                names.push(name.clone());
            }
            object.member(&name, &mut map, reading)?;
        }
        object
            .finish(reading)
            .map_err(|problem| reading.fail(problem))
    }
}

/// The name of a member.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Text(name) => Ok(Self(name)),
            // JSON has no other names.
            _ => Err(D::Error::custom("a member without a name")),
        }
    }
}

/// A value, as far as a document has use for it.
pub(super) enum Value<'de> {
    Text(Cow<'de, str>),
    /// An integer that is not negative and has at most 64 bits, written without fraction and
    /// exponent.
    Integer(u64),
    /// An array; the first of its values is all that counts.
    Array {
        first: First<'de>,
    },
    /// Anything else, and nothing of it is kept.
    Other,
}

/// The first value of an array.
pub(super) enum First<'de> {
    None,
    Text(Cow<'de, str>),
    Other,
}

impl<'de> Value<'de> {
    /// The value as text.
    pub(super) fn text(self) -> Result<Cow<'de, str>, BundleProblem> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(BundleProblem::Type {
                expected: "a string",
            }),
        }
    }

    pub(super) fn integer(self) -> Result<u64, BundleProblem> {
        match self {
            Self::Integer(number) => Ok(number),
            _ => Err(BundleProblem::Type {
                expected: "an integer from 0 to 18446744073709551615",
            }),
        }
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Which bounds the depth, where a value that is ignored may have any.
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Integer(number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        let first = match seq.next_element()? {
            None => First::None,
            Some(Value::Text(text)) => First::Text(text),
            Some(_) => First::Other,
        };
        while seq.next_element::<Value<'de>>()?.is_some() {}
        Ok(Value::Array { first })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<Name<'de>, Value<'de>>()?.is_some() {}
        Ok(Value::Other)
    }
}
