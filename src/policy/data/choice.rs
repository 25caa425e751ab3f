//! Enums: the name of a variant, or a table with one field if the variant has a value.

use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserializer, Serializer};

use super::Place;
use super::nearest::{Quoted, unknown};

/// One of several variants.
pub(super) trait Choice: Sized {
    /// The names of variants without a value.
    const ALONE: &'static [&'static str];
    /// The names of variants with a value.
    const WITH_VALUE: &'static [&'static str];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str];

    /// The variant of one of [`ALONE`](Self::ALONE).
    fn alone(name: &str) -> Option<Self>;

    /// The variant of one of [`WITH_VALUE`](Self::WITH_VALUE), in the place of its value.
    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error>;

    /// Writes the variant.
    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A [`Choice`], and the [`Part`](super::Part) that it is, from the names of its variants.
macro_rules! choice {
    ($choice:ident {
        $($alone:literal => $variant:ident,)*
        $(; $($name:literal => $valued:ident,)+)?
    }) => {
        impl $crate::policy::data::choice::Choice for $choice {
            const ALONE: &'static [&'static str] = &[$($alone),*];
            const WITH_VALUE: &'static [&'static str] = &[$($($name),+)?];
            #[cfg(test)]
            const IN_RUST: &'static [&'static str] =
                &[$(stringify!($variant),)* $($(stringify!($valued)),+)?];

            fn alone(name: &str) -> Option<Self> {
                match name {
                    $($alone => Some(Self::$variant),)*
                    _ => None,
                }
            }

            fn with_value<'de, A: serde::de::MapAccess<'de>>(
                name: &str,
                map: &mut A,
                place: $crate::policy::data::Place<'_>,
            ) -> Result<Option<Self>, A::Error> {
                let _ = (&map, &place);
                Ok(match name {
                    $($($name => {
                        let value = map.next_value_seed($crate::policy::data::Seed::at(place))?;
                        Some(Self::$valued(value))
                    })+)?
                    _ => None,
                })
            }

            fn write_variant<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => serializer.serialize_str($alone),)*
                    $($(Self::$valued(value) => {
                        $crate::policy::data::choice::write_valued($name, value, serializer)
                    })+)?
                }
            }
        }

        $crate::policy::data::choice::choice_is_part!($choice);
    };
}
pub(super) use choice;

macro_rules! choice_is_part {
    ($choice:ident) => {
        impl $crate::policy::data::Part for $choice {
            fn read<'de, D: serde::Deserializer<'de>>(
                deserializer: D,
                place: $crate::policy::data::Place<'_>,
            ) -> Result<Self, D::Error> {
                $crate::policy::data::choice::read(deserializer, place)
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::policy::data::choice::Choice::write_variant(self, serializer)
            }
        }
    };
}
pub(super) use choice_is_part;

/// A table with one field.
pub(super) fn write_valued<T: super::Part, S: Serializer>(
    name: &'static str,
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map([(name, super::Written(value))])
}

pub(super) fn read<'de, C: Choice, D: Deserializer<'de>>(
    deserializer: D,
    place: Place<'_>,
) -> Result<C, D::Error> {
    deserializer.deserialize_any(Variant(place, PhantomData))
}

struct Variant<'a, C>(Place<'a>, PhantomData<C>);

impl<C: Choice> Variant<'_, C> {
    /// The names of all variants are looked through for the nearest.
    fn unknown<E: Error>(&self, name: &str) -> E {
        let known = [C::ALONE, C::WITH_VALUE].concat();
        E::custom(unknown("value", name, self.0.after("for"), &known))
    }
}

impl<'de, C: Choice> Visitor<'de> for Variant<'_, C> {
    type Value = C;

    /// `` `reject`, `accept` or { accept-for = … } for `expiry.client` ``
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = C::ALONE.len().saturating_add(C::WITH_VALUE.len());
        let alone = C::ALONE.iter().map(|name| (name, false));
        let names = alone.chain(C::WITH_VALUE.iter().map(|name| (name, true)));
        for (index, (name, has_value)) in names.enumerate() {
            match index {
                0 => {}
                _ if index.saturating_add(1) == count => f.write_str(" or ")?,
                _ => f.write_str(", ")?,
            }
            if has_value {
                write!(f, "{{ {name} = … }}")?;
            } else {
                write!(f, "`{name}`")?;
            }
        }
        write!(f, "{}", self.0.after("for"))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<C, E> {
        if let Some(variant) = C::alone(name) {
            return Ok(variant);
        }
        Err(if C::WITH_VALUE.contains(&name) {
            self.0
                .error(format_args!("`{name}` needs a value: {{ {name} = … }}"))
        } else {
            self.unknown(name)
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<C, A::Error> {
        let place = self.0;
        let Some(name) = map.next_key::<String>()? else {
            let message = format_args!("an empty table, expected {}", Expected(&self));
            return Err(A::Error::custom(message));
        };
        let known = C::WITH_VALUE.iter().find(|known| **known == name).copied();
        let Some(known) = known else {
            return Err(if C::ALONE.contains(&name.as_str()) {
                place.error(format_args!(
                    "`{name}` has no value: write \"{name}\" alone"
                ))
            } else {
                self.unknown(&name)
            });
        };
        let variant = C::with_value(known, &mut map, Place::Field(&place, known))?;
        if let Some(second) = map.next_key::<String>()? {
            let (first, second) = (Quoted(&name), Quoted(&second));
            return Err(place.error(format_args!("{first} and {second} at once, expected one")));
        }
        variant.ok_or_else(|| self.unknown(&name))
    }
}

/// What a visitor expects.
struct Expected<'a, T>(&'a T);

impl<'de, T: Visitor<'de>> fmt::Display for Expected<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}
