//! Matches that are tables, and values of octets.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use serde::{Deserializer, Serializer};

use super::super::leaf::{read_text, shown, text};
use super::super::record::record;
use super::super::{Part, Place};
use crate::policy::{
    AttributeMatch, DistinguishedName, ExtensionMatch, OtherNameMatch, OtherNameValue, SerialMatch,
    TextMatch,
};
use crate::x509::Oid;

text!(
    DistinguishedName,
    "a name as DER in base64",
    |text| Self::from_der(&from_base64(text)?).map_err(shown),
    |name| Base64::encode_string(name.as_der())
);

/// DER, in base64.
#[derive(Debug, Default, PartialEq, Eq)]
struct Octets(Vec<u8>);

text!(
    Octets,
    "bytes in base64",
    |text| from_base64(text).map(Self),
    |octets| Base64::encode_string(&octets.0)
);

fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    Base64::decode_vec(text).map_err(|_| "not base64".to_owned())
}

type Digest = [u8; 32];

text!(
    Digest,
    "64 hexadecimal digits",
    |text| {
        let digest = from_hex(text).and_then(|octets| octets.try_into().ok());
        digest.ok_or_else(|| "not 64 hexadecimal digits, with or without colons".to_owned())
    },
    |digest| to_hex(digest)
);

/// A serial number.
#[derive(Debug, Default, PartialEq, Eq)]
struct Serial(Vec<u8>);

text!(
    Serial,
    "hexadecimal digits",
    |text| {
        let octets = from_hex(text).filter(|octets| !octets.is_empty());
        octets.map(Self).ok_or_else(|| {
            "not the octets of a serial number in hexadecimal digits, two an octet".to_owned()
        })
    },
    |serial| to_hex(&serial.0)
);

fn to_hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Two digits an octet, alone or with a colon between each two.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let octet = |pair: &[u8]| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    match text.contains(':') {
        true => text.split(':').map(|pair| octet(pair.as_bytes())).collect(),
        false => text.as_bytes().chunks(2).map(octet).collect(),
    }
}

/// A [`Part`] that is a table, some fields of which it needs: what reads it, and back.
macro_rules! table {
    ($part:ty, $table:ty, $from:expr, $to:expr) => {
        impl Part for $part {
            fn read<'de, D: Deserializer<'de>>(
                deserializer: D,
                place: Place<'_>,
            ) -> Result<Self, D::Error> {
                let from: fn($table) -> Result<Self, String> = $from;
                from(<$table>::read(deserializer, place)?).map_err(|error| place.error(error))
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let to: fn(&Self) -> $table = $to;
                to(self).write(serializer)
            }
        }
    };
}

fn needed<T>(value: Option<T>, name: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("needs a field `{name}`"))
}

#[derive(Default)]
pub(super) struct AttributeTable {
    oid: Option<Oid>,
    text: Option<TextMatch>,
}

record!(AttributeTable {
    "oid" => oid,
    "text" => text,
});

table!(
    AttributeMatch,
    AttributeTable,
    |table| {
        let oid = needed(table.oid, "oid")?;
        Ok(Self::new(oid, needed(table.text, "text")?))
    },
    |attribute| AttributeTable {
        oid: Some(attribute.oid.clone()),
        text: Some(attribute.text.clone()),
    }
);

#[derive(Default)]
pub(super) struct OtherNameTable {
    oid: Option<Oid>,
    text: Option<TextMatch>,
    der: Option<Octets>,
}

record!(OtherNameTable {
    "oid" => oid,
    "text" => text,
    "der" => der,
});

table!(
    OtherNameMatch,
    OtherNameTable,
    |table| {
        let value = match (table.text, table.der) {
            (Some(text), None) => OtherNameValue::Text(text),
            (None, Some(der)) => OtherNameValue::Der(der.0),
            _ => return Err("needs either `text` or `der`".to_owned()),
        };
        Ok(Self::new(needed(table.oid, "oid")?, value))
    },
    |name| {
        let (text, der) = match &name.value {
            OtherNameValue::Text(text) => (Some(text.clone()), None),
            OtherNameValue::Der(der) => (None, Some(Octets(der.clone()))),
        };
        OtherNameTable {
            oid: Some(name.oid.clone()),
            text,
            der,
        }
    }
);

#[derive(Default)]
pub(super) struct ExtensionTable {
    oid: Option<Oid>,
    value: Option<Octets>,
}

record!(ExtensionTable {
    "oid" => oid,
    "value" => value,
});

table!(
    ExtensionMatch,
    ExtensionTable,
    |table| {
        let oid = needed(table.oid, "oid")?;
        Ok(match table.value {
            Some(value) => Self::with_value(oid, value.0),
            None => Self::present(oid),
        })
    },
    |extension| ExtensionTable {
        oid: Some(extension.oid.clone()),
        value: extension.value.clone().map(Octets),
    }
);

#[derive(Default)]
pub(super) struct SerialTable {
    issuer: Option<DistinguishedName>,
    number: Option<Serial>,
}

record!(SerialTable {
    "issuer" => issuer,
    "number" => number,
});

table!(
    SerialMatch,
    SerialTable,
    |table| {
        let issuer = needed(table.issuer, "issuer")?;
        Self::new(issuer, &needed(table.number, "number")?.0).map_err(shown)
    },
    |serial| SerialTable {
        issuer: Some(serial.issuer().clone()),
        number: Some(Serial(serial.serial().to_vec())),
    }
);
