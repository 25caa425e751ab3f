//! Structures: tables whose fields all have a default.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};

use super::Place;
use super::nearest::unknown;

/// A table. A field that it leaves out has its default.
pub(super) trait Record: Default {
    /// The names of all fields.
    const FIELDS: &'static [&'static str];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str];

    /// Reads the value of one of [`FIELDS`](Self::FIELDS).
    fn set<'de, A: MapAccess<'de>>(
        &mut self,
        field: &'static str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<(), A::Error>;

    /// Writes the fields that do not have their default: what an operator would have written, and
    /// what a reader wants to know. It also reads where a field that is not used is not known yet.
    fn write_changes<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;

    /// What the fields together must meet.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A [`Record`], and the [`Part`](super::Part) that it is, from the names of its fields.
macro_rules! record {
    ($record:ident { $($name:literal => $field:ident,)+ } $(check { $check:expr })?) => {
        impl $crate::policy::data::record::Record for $record {
            const FIELDS: &'static [&'static str] = &[$($name),+];
            #[cfg(test)]
            const IN_RUST: &'static [&'static str] = &[$(stringify!($field)),+];

            fn set<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                field: &'static str,
                map: &mut A,
                place: $crate::policy::data::Place<'_>,
            ) -> Result<(), A::Error> {
                use $crate::policy::data::{Place, Seed};

                match field {
                    $($name => {
                        self.$field = map.next_value_seed(Seed::at(Place::Field(&place, $name)))?;
                    })+
                    // There are no others.
                    _ => {}
                }
                Ok(())
            }

            fn write_changes<M: serde::ser::SerializeMap>(
                &self,
                map: &mut M,
            ) -> Result<(), M::Error> {
                use $crate::policy::data::Written;
                use $crate::policy::data::record::Same;

                // A field that has no name does not compile.
                let Self { $($field),+ } = self;
                let default = Self::default();
                $(if !$field.is_same(&default.$field) {
                    map.serialize_entry($name, &Written($field))?;
                })+
                Ok(())
            }

            $(fn check(&self) -> Result<(), alloc::string::String> {
                ($check)(self)
            })?
        }

        impl $crate::policy::data::Part for $record {
            fn read<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
                place: $crate::policy::data::Place<'_>,
            ) -> Result<Self, D::Error> {
                $crate::policy::data::record::read(deserializer, place)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::policy::data::record::write(self, serializer)
            }
        }
    };
}
pub(super) use record;

/// Whether a field is as another one.
pub(super) trait Same {
    fn is_same(&self, other: &Self) -> bool;
}

impl<T: PartialEq> Same for T {
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }
}

pub(super) fn read<'de, R: Record, D: Deserializer<'de>>(
    deserializer: D,
    place: Place<'_>,
) -> Result<R, D::Error> {
    deserializer.deserialize_map(Table(place, PhantomData))
}

pub(super) fn write<R: Record, S: Serializer>(
    record: &R,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // What could not be read is not written.
    record.check().map_err(serde::ser::Error::custom)?;
    let mut map = serializer.serialize_map(None)?;
    record.write_changes(&mut map)?;
    map.end()
}

struct Table<'a, R>(Place<'a>, PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for Table<'_, R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a table{}", self.0.after("for"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<R, A::Error> {
        let place = self.0;
        let mut record = R::default();
        let mut seen = Vec::new();
        while let Some(field) = map.next_key_seed(Field(place, R::FIELDS))? {
            if seen.contains(&field) {
                let twice = format!("field `{field}` twice{}", place.after("in"));
                return Err(A::Error::custom(twice));
            }
            seen.push(field);
            record.set(field, &mut map, place)?;
        }
        record.check().map_err(|error| place.error(error))?;
        Ok(record)
    }
}

/// The name of a field, one of those that are known.
struct Field<'a>(Place<'a>, &'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Field<'_> {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a field{}", self.0.after("in"))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let Self(place, fields) = self;
        let known = fields.iter().find(|field| **field == name).copied();
        known.ok_or_else(|| E::custom(unknown("field", name, place.after("in"), fields)))
    }
}
