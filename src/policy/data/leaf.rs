//! Values that are text or a whole number.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::de::{Error, IntoDeserializer, SeqAccess, Unexpected, Visitor};
use serde::{Deserializer, Serializer};

use super::nearest::unknown;
use super::{Part, Place, duration};
use crate::policy::{ClockSkew, KeyPurpose, KeyPurposes, PolicyId};
use crate::x509::{InvalidOid, Oid};

/// Reads text, as `what` says, with a function that may refuse it.
pub(super) fn read_text<'de, D, T, F>(
    deserializer: D,
    place: Place<'_>,
    what: &'static str,
    parse: F,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: Fn(&str) -> Result<T, String>,
{
    deserializer.deserialize_str(Text { place, what, parse })
}

struct Text<'a, F> {
    place: Place<'a>,
    what: &'static str,
    parse: F,
}

impl<T, F: Fn(&str) -> Result<T, String>> Visitor<'_> for Text<'_, F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.what, self.place.after("for"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(|error| self.place.error(error))
    }
}

/// A [`Part`] that is text: what it is, how it is read, and how it is shown.
macro_rules! text {
    ($part:ty, $what:literal, $parse:expr, $show:expr) => {
        impl Part for $part {
            fn read<'de, D: Deserializer<'de>>(
                deserializer: D,
                place: Place<'_>,
            ) -> Result<Self, D::Error> {
                read_text(deserializer, place, $what, $parse)
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let show: fn(&Self) -> String = $show;
                serializer.serialize_str(&show(self))
            }
        }
    };
}

pub(super) use text;

text!(String, "text", |text| Ok(text.to_owned()), Self::clone);

text!(
    PolicyId,
    "an object identifier in dotted form",
    |text| text
        .parse()
        .map_err(shown::<crate::policy::InvalidPolicyId>),
    ToString::to_string
);

text!(
    Oid,
    "an object identifier in dotted form",
    |text| text.parse().map_err(shown::<InvalidOid>),
    ToString::to_string
);

text!(
    Duration,
    "a duration such as \"7d 12h\"",
    |text| duration::parse(text).map_err(shown),
    |duration| duration::Text(*duration).to_string()
);

text!(
    ClockSkew,
    "a duration such as \"5m\"",
    |text| {
        let skew = duration::parse(text).map_err(shown)?;
        Self::new(skew).map_err(shown)
    },
    |skew| duration::Text(skew.duration()).to_string()
);

text!(
    KeyPurpose,
    "a purpose such as \"client-auth\", or an object identifier in dotted form",
    |text| {
        if let Some(at) = PURPOSE_NAMES.iter().position(|name| *name == text) {
            return PURPOSES.get(at).cloned().ok_or_else(String::new);
        }
        if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Err(unknown("purpose", text, "", PURPOSE_NAMES));
        }
        text.parse()
            .map_err(shown::<crate::policy::InvalidKeyPurpose>)
    },
    |purpose| {
        let named = PURPOSES.iter().position(|known| known == purpose);
        let name = named.and_then(|at| PURPOSE_NAMES.get(at));
        name.map_or_else(|| purpose.to_string(), |name| (*name).to_owned())
    }
);

/// One purpose, or an array of several.
impl Part for KeyPurposes {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Purposes(place))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut purposes = self.iter();
        match (purposes.next(), purposes.next()) {
            (Some(only), None) => only.write(serializer),
            _ => serializer.collect_seq(self.iter().map(super::Written)),
        }
    }
}

struct Purposes<'a>(Place<'a>);

impl<'de> Visitor<'de> for Purposes<'_> {
    type Value = KeyPurposes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a purpose or an array of them{}", self.0.after("for"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<KeyPurposes, E> {
        KeyPurpose::read(text.into_deserializer(), self.0).map(KeyPurposes::from)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<KeyPurposes, A::Error> {
        let deserializer = serde::de::value::SeqAccessDeserializer::new(seq);
        let purposes = Vec::<KeyPurpose>::read(deserializer, self.0)?;
        KeyPurposes::any_of(purposes).map_err(|error| self.0.error(error))
    }
}

pub(super) const PURPOSE_NAMES: &[&str] =
    &["client-auth", "server-auth", "email-protection", "any"];
/// Those of [`PURPOSE_NAMES`].
const PURPOSES: [KeyPurpose; 4] = [
    KeyPurpose::CLIENT_AUTH,
    KeyPurpose::SERVER_AUTH,
    KeyPurpose::EMAIL_PROTECTION,
    KeyPurpose::ANY,
];

pub(super) fn shown<E: fmt::Display>(error: E) -> String {
    error.to_string()
}

struct WholeNumber<'a> {
    place: Place<'a>,
    largest: u64,
}

impl WholeNumber<'_> {
    fn bounded<E: Error>(&self, number: u64) -> Result<u64, E> {
        let is_in = number <= self.largest;
        is_in
            .then_some(number)
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), self))
    }
}

impl Visitor<'_> for WholeNumber<'_> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.after("for");
        write!(f, "a whole number from 0 to {}{place}", self.largest)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        self.bounded(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        match u64::try_from(number) {
            Ok(number) => self.bounded(number),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
        }
    }
}

fn read_number<'de, D: Deserializer<'de>, T: TryFrom<u64>>(
    deserializer: D,
    place: Place<'_>,
    largest: u64,
) -> Result<T, D::Error> {
    let number = deserializer.deserialize_u64(WholeNumber { place, largest })?;
    // It is at most the largest of its type.
    T::try_from(number).map_err(|_| place.error("a number that is too large"))
}

impl Part for u32 {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        read_number(deserializer, place, u64::from(Self::MAX))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(*self)
    }
}

impl Part for usize {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        let largest = u64::try_from(Self::MAX).unwrap_or(u64::MAX);
        read_number(deserializer, place, largest)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(self, serializer)
    }
}

/// What has no value is left out: no value stands for it.
impl<T: Part> Part for Option<T> {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        T::read(deserializer, place).map(Some)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_none(),
        }
    }
}
