//! The extensions that the application processes: an array of OBJECT IDENTIFIERs.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserializer, Serializer};

use super::choice::write_valued;
use super::nearest::Quoted;
use super::{Part, Place, Seed};
use crate::policy::{ProcessedExtensions, ProcessedIn};
use crate::x509::Oid;

/// The field of an element that is about the whole path.
const PATH: &str = "path";

impl Part for ProcessedExtensions {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        let elements = Vec::<Element>::read(deserializer, place)?;
        let mut elements = elements.into_iter().enumerate();
        elements.try_fold(Self::none(), |all, (index, Element(oid, on))| {
            let place = Place::Element(&place, index);
            all.with(oid, on).map_err(|error| place.error(error))
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let elements = self.iter().map(|(oid, on)| Element(oid.clone(), on));
        elements.collect::<Vec<_>>().write(serializer)
    }
}

/// `"2.23.133.5.4.1"` or `{ path = "2.23.133.5.4.1" }`.
struct Element(Oid, ProcessedIn);

impl Part for Element {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneElement(place))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(oid, on) = self;
        match on {
            ProcessedIn::Client => oid.write(serializer),
            ProcessedIn::Path => write_valued(PATH, oid, serializer),
        }
    }
}

struct OneElement<'a>(Place<'a>);

impl<'de> Visitor<'de> for OneElement<'_> {
    type Value = Element;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.after("for");
        write!(
            f,
            "an object identifier in dotted form or {{ path = … }}{place}"
        )
    }

    fn visit_str<E: Error>(self, dotted: &str) -> Result<Element, E> {
        let oid = Oid::read(dotted.into_deserializer(), self.0)?;
        Ok(Element(oid, ProcessedIn::Client))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element, A::Error> {
        let place = self.0;
        let mut path = None;
        while let Some(name) = map.next_key::<String>()? {
            if name != PATH || path.is_some() {
                let name = Quoted(&name);
                return Err(place.error(format_args!("{name}, expected {{ path = … }} alone")));
            }
            path = Some(map.next_value_seed(Seed::<Oid>::at(Place::Field(&place, PATH)))?);
        }
        let missing = || place.error("an empty table, expected { path = … }".to_owned());
        let oid = path.ok_or_else(missing)?;
        Ok(Element(oid, ProcessedIn::Path))
    }
}
