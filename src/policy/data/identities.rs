//! Which identities are let in.

mod tables;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserializer, Serializer};

use super::choice::{Choice, choice, choice_is_part, write_valued};
use super::leaf::{read_text, shown, text};
use super::nearest::unknown;
use super::{Part, Place, Seed, public_part};
use crate::policy::identity::{MAX_DEPTH, Spiffe};
use crate::policy::{
    AcceptedIdentities, AttributeMatch, DistinguishedName, ExtensionMatch, IdentityMatch,
    IdentityRule, IdentityRules, IpNetwork, OtherNameMatch, SerialMatch, SpiffeMatch, TextMatch,
};

public_part! {
    AcceptedIdentities AttributeMatch DistinguishedName ExtensionMatch IdentityMatch IdentityRule
    IdentityRules IpNetwork OtherNameMatch SerialMatch SpiffeMatch TextMatch
}

/// `any`, `nobody`, or a rule.
impl Part for AcceptedIdentities {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Accepted(place))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str(ANY),
            Self::Nobody => serializer.serialize_str(NOBODY),
            Self::Rule(rules) => rules.write(serializer),
        }
    }
}

pub(super) const ANY: &str = "any";
pub(super) const NOBODY: &str = "nobody";

struct Accepted<'a>(Place<'a>);

impl<'de> Visitor<'de> for Accepted<'_> {
    type Value = AcceptedIdentities;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.after("for");
        write!(
            f,
            "`{ANY}`, `{NOBODY}` or a rule such as {{ any = … }}{place}"
        )
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<AcceptedIdentities, E> {
        match name {
            ANY => Ok(AcceptedIdentities::Any),
            NOBODY => Ok(AcceptedIdentities::Nobody),
            _ => {
                let place = self.0.after("for");
                Err(E::custom(unknown("value", name, place, &[ANY, NOBODY])))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AcceptedIdentities, A::Error> {
        let rule = MapAccessDeserializer::new(map);
        IdentityRules::read(rule, self.0).map(AcceptedIdentities::Rule)
    }
}

/// A rule that was checked.
impl Part for IdentityRules {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        let rule = IdentityRule::read(deserializer, place)?;
        Self::new(rule).map_err(|error| {
            let (path, problem) = (error.path(), error.problem());
            match place {
                Place::Top => D::Error::custom(format_args!("`{path}`: {problem}")),
                place => D::Error::custom(format_args!("`{place}.{path}`: {problem}")),
            }
        })
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rule().write(serializer)
    }
}

/// The names of its own variants, and those of the matches.
macro_rules! rule_names {
    ($($combined:literal $combined_in_rust:literal)*; $($name:literal => $variant:ident,)*) => {
        const RULE_NAMES: &[&str] = &[$($combined,)* $($name),*];
        #[cfg(test)]
        const RULES_IN_RUST: &[&str] = &[$($combined_in_rust,)* $(stringify!($variant)),*];

        choice!(IdentityMatch {
            ;
            $($name => $variant,)*
        });
    };
}

rule_names! {
    "all" "All" "any" "Any" "not" "Not";
    "dns" => Dns,
    "email" => Email,
    "uri" => Uri,
    "ip" => Ip,
    "common-name" => CommonName,
    "organizational-unit" => OrganizationalUnit,
    "spiffe-id" => SpiffeId,
    "user-principal-name" => UserPrincipalName,
    "other-name" => OtherName,
    "attribute" => Attribute,
    "subject" => Subject,
    "issuer" => Issuer,
    "serial" => Serial,
    "certificate-sha256" => CertificateSha256,
    "key-sha256" => KeySha256,
    "extension" => Extension,
    "key-purpose" => KeyPurpose,
    "certificate-policy" => CertificatePolicy,
    "scope" => Scope,
}

impl Choice for IdentityRule {
    const ALONE: &'static [&'static str] = &[];
    const WITH_VALUE: &'static [&'static str] = RULE_NAMES;
    #[cfg(test)]
    const IN_RUST: &'static [&'static str] = RULES_IN_RUST;

    fn alone(_: &str) -> Option<Self> {
        None
    }

    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error> {
        if depth(&place) > MAX_DEPTH {
            let message = format!("rules are nested more than {MAX_DEPTH} deep");
            return Err(place.error(message));
        }
        Ok(match name {
            "all" => Some(Self::All(map.next_value_seed(Seed::at(place))?)),
            "any" => Some(Self::Any(map.next_value_seed(Seed::at(place))?)),
            "not" => {
                let rule = map.next_value_seed(Seed::at(place))?;
                Some(Self::Not(Box::new(rule)))
            }
            _ => IdentityMatch::with_value(name, map, place)?.map(Self::Match),
        })
    }

    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All(rules) => write_valued("all", rules, serializer),
            Self::Any(rules) => write_valued("any", rules, serializer),
            Self::Not(rule) => write_valued("not", &**rule, serializer),
            Self::Match(one) => one.write_variant(serializer),
        }
    }
}

choice_is_part!(IdentityRule);

/// How many rules a place is within, its own included. Formats need not bound it, and each level
/// takes stack.
fn depth(place: &Place<'_>) -> usize {
    match place {
        Place::Top => 0,
        Place::Element(above, _) => depth(above),
        Place::Field(above, name) => {
            depth(above).saturating_add(usize::from(IdentityRule::WITH_VALUE.contains(name)))
        }
    }
}

text!(
    IpNetwork,
    "an IP address or a network",
    |text| text
        .parse()
        .map_err(shown::<crate::policy::InvalidIpNetwork>),
    ToString::to_string
);

/// The constructors refuse what is no SPIFFE ID.
impl Choice for SpiffeMatch {
    const ALONE: &'static [&'static str] = &[];
    const WITH_VALUE: &'static [&'static str] = &["exact", "below"];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str] = &["Exact", "Below"];

    fn alone(_: &str) -> Option<Self> {
        None
    }

    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error> {
        let text: String = map.next_value_seed(Seed::at(place))?;
        let made = match name {
            "exact" => Self::exact(&text),
            "below" => Self::below(&text),
            _ => return Ok(None),
        };
        made.map(Some).map_err(|error| place.error(error))
    }

    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Spiffe::Exact(id) => write_valued("exact", id, serializer),
            Spiffe::Below(base) => write_valued("below", base, serializer),
        }
    }
}

choice_is_part!(SpiffeMatch);

/// Text alone is all of it. An empty prefix, suffix or part fits every name: in a file it is a
/// variable that was not set.
impl Choice for TextMatch {
    const ALONE: &'static [&'static str] = &[];
    const WITH_VALUE: &'static [&'static str] = &["exact", "prefix", "suffix", "contains", "glob"];
    #[cfg(test)]
    const IN_RUST: &'static [&'static str] = &["Exact", "Prefix", "Suffix", "Contains", "Glob"];

    fn alone(text: &str) -> Option<Self> {
        Some(Self::Exact(text.to_owned()))
    }

    fn with_value<'de, A: MapAccess<'de>>(
        name: &str,
        map: &mut A,
        place: Place<'_>,
    ) -> Result<Option<Self>, A::Error> {
        let text: String = map.next_value_seed(Seed::at(place))?;
        if text.is_empty() && !matches!(name, "exact" | "glob") {
            return Err(place.error(FITS_ALL));
        }
        Ok(match name {
            "exact" => Some(Self::Exact(text)),
            "prefix" => Some(Self::Prefix(text)),
            "suffix" => Some(Self::Suffix(text)),
            "contains" => Some(Self::Contains(text)),
            "glob" => Some(Self::Glob(text)),
            _ => None,
        })
    }

    fn write_variant<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Prefix(text) | Self::Suffix(text) | Self::Contains(text) if text.is_empty() => {
                Err(serde::ser::Error::custom(FITS_ALL))
            }
            Self::Exact(text) => write_valued("exact", text, serializer),
            Self::Prefix(text) => write_valued("prefix", text, serializer),
            Self::Suffix(text) => write_valued("suffix", text, serializer),
            Self::Contains(text) => write_valued("contains", text, serializer),
            Self::Glob(text) => write_valued("glob", text, serializer),
        }
    }
}

choice_is_part!(TextMatch);

const FITS_ALL: &str = "an empty prefix, suffix or part fits every name";
