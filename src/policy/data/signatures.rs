//! Signature algorithms by name.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use pki_types::SignatureVerificationAlgorithm;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserializer, Serializer};

use super::nearest::Quoted;
use super::record::Same;
use super::{Part, Place, Seed};
use crate::crypto::DEFAULT_ALGORITHMS;
use crate::policy::{SignatureAlgorithms, is_same_algorithm};

/// The default set, alone or with others.
pub(super) const DEFAULT: &str = "default";
/// All of `aws-lc-rs`.
pub(super) const AWS_LC_RS: &str = "aws-lc-rs";

/// The names in the order of `AWS_LC_RS_ALGORITHMS`, those of the default in the order of
/// [`DEFAULT_ALGORITHMS`] as well.
pub(super) const NAMES: [(&str, From); 22] = [
    ("ecdsa-p256-sha256", From::Default),
    ("ecdsa-p256-sha384", From::Default),
    ("ecdsa-p256-sha512", From::AwsLcRs),
    ("ecdsa-p384-sha256", From::Default),
    ("ecdsa-p384-sha384", From::Default),
    ("ecdsa-p384-sha512", From::AwsLcRs),
    ("ecdsa-p521-sha256", From::AwsLcRs),
    ("ecdsa-p521-sha384", From::AwsLcRs),
    ("ecdsa-p521-sha512", From::AwsLcRs),
    ("ed25519", From::Default),
    ("ml-dsa-44", From::AwsLcRs),
    ("ml-dsa-65", From::AwsLcRs),
    ("ml-dsa-87", From::AwsLcRs),
    ("rsa-pkcs1-sha256-2048-8192", From::Default),
    ("rsa-pkcs1-sha384-2048-8192", From::Default),
    ("rsa-pkcs1-sha512-2048-8192", From::Default),
    ("rsa-pkcs1-sha256-2048-8192-absent-params", From::Default),
    ("rsa-pkcs1-sha384-2048-8192-absent-params", From::Default),
    ("rsa-pkcs1-sha512-2048-8192-absent-params", From::Default),
    ("rsa-pss-sha256-2048-8192", From::Default),
    ("rsa-pss-sha384-2048-8192", From::Default),
    ("rsa-pss-sha512-2048-8192", From::Default),
];

/// Whose object has a name. A provider that is turned on changes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Default,
    AwsLcRs,
}

type Algorithm = &'static dyn SignatureVerificationAlgorithm;

/// The names of what this build can verify, with the objects. No generic function has this: in
/// another crate, the same object may have another address.
fn named() -> impl Iterator<Item = (&'static str, Algorithm)> {
    let names = |of: From| {
        let names = NAMES.iter().filter(move |(_, from)| *from == of);
        names.map(|(name, _)| *name)
    };
    let default = names(From::Default).zip(DEFAULT_ALGORITHMS.iter().copied());
    #[cfg(feature = "aws-lc-rs")]
    {
        let all = NAMES.iter().zip(crate::crypto::AWS_LC_RS_ALGORITHMS);
        let others = all.filter(|((_, from), _)| *from == From::AwsLcRs);
        default.chain(others.map(|((name, _), algorithm)| (*name, *algorithm)))
    }
    #[cfg(not(feature = "aws-lc-rs"))]
    default
}

/// The set with a name.
fn set(name: &str) -> Result<SignatureAlgorithms, String> {
    match name {
        DEFAULT => Ok(SignatureAlgorithms::default()),
        #[cfg(feature = "aws-lc-rs")]
        AWS_LC_RS => Ok(SignatureAlgorithms::aws_lc_rs()),
        #[cfg(not(feature = "aws-lc-rs"))]
        AWS_LC_RS => Err(missing(name, From::AwsLcRs)),
        _ if NAMES.iter().any(|(known, _)| *known == name) => {
            Err(format!("`{name}` is one algorithm: write [\"{name}\"]"))
        }
        _ => Err(unknown("set of algorithms", name, &[DEFAULT, AWS_LC_RS])),
    }
}

/// What a name in an array stands for.
fn algorithms(name: &str) -> Result<Vec<Algorithm>, String> {
    if name == DEFAULT {
        return Ok(DEFAULT_ALGORITHMS.to_vec());
    }
    if let Some((_, algorithm)) = named().find(|(known, _)| *known == name) {
        return Ok([algorithm].into());
    }
    if name == AWS_LC_RS {
        return Err(format!(
            "`{name}` is a set: write \"{name}\" without an array"
        ));
    }
    Err(match NAMES.iter().find(|(known, _)| *known == name) {
        Some((name, from)) => missing(name, *from),
        None => {
            let known: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
            unknown("algorithm", name, &[&[DEFAULT], &*known].concat())
        }
    })
}

fn unknown(what: &str, name: &str, known: &[&'static str]) -> String {
    super::nearest::unknown(what, name, "", known)
}

fn missing(name: &str, from: From) -> String {
    let feature = match from {
        From::Default => "`ring` or `aws-lc-rs`",
        From::AwsLcRs => "`aws-lc-rs`",
    };
    format!("`{name}` needs the feature {feature} of mtls-verify")
}

/// Adds what a name stands for, once.
fn add(name: &str, all: &mut Vec<Algorithm>) -> Result<(), String> {
    for algorithm in algorithms(name)? {
        if all.iter().any(|known| is_same_algorithm(*known, algorithm)) {
            return Err(format!("{} twice", Quoted(name)));
        }
        all.push(algorithm);
    }
    Ok(())
}

/// What stands for a set.
#[derive(Debug, PartialEq, Eq)]
enum Names {
    Set(&'static str),
    Each(Vec<&'static str>),
}

/// What stands for these, if all have names.
fn names_of(algorithms: &SignatureAlgorithms) -> Result<Names, Unnamed> {
    let default = SignatureAlgorithms::default();
    if algorithms.are(&default) {
        return Ok(Names::Set(DEFAULT));
    }
    #[cfg(feature = "aws-lc-rs")]
    if algorithms.are(&SignatureAlgorithms::aws_lc_rs()) {
        return Ok(Names::Set(AWS_LC_RS));
    }
    let name_of = |algorithm: &Algorithm| {
        let same = named().find(|(_, known)| is_same_algorithm(*known, *algorithm));
        same.map(|(name, _)| name).ok_or(Unnamed(()))
    };
    let all = algorithms.as_slice();
    let first = all.get(..default.as_slice().len());
    let has_default = first
        .is_some_and(|first| !first.is_empty() && default.are(&first.iter().copied().collect()));
    let (mut names, rest) = match all.split_at_checked(default.as_slice().len()) {
        Some((_, rest)) if has_default => (Vec::from([DEFAULT]), rest),
        _ => (Vec::new(), all),
    };
    for (at, algorithm) in rest.iter().enumerate() {
        let before = all
            .iter()
            .take(all.len().saturating_sub(rest.len()).saturating_add(at));
        // The first of several counts.
        if !before
            .copied()
            .any(|known| is_same_algorithm(known, *algorithm))
        {
            names.push(name_of(algorithm)?);
        }
    }
    Ok(Names::Each(names))
}

/// Not an object of a name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`signatures`: an algorithm that is an object of its own has no name")]
struct Unnamed(());

impl Same for SignatureAlgorithms {
    fn is_same(&self, other: &Self) -> bool {
        self.are(other)
    }
}

impl Part for SignatureAlgorithms {
    fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
        place: Place<'_>,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Algorithms(place))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match names_of(self).map_err(serde::ser::Error::custom)? {
            Names::Set(name) => serializer.serialize_str(name),
            Names::Each(names) => serializer.collect_seq(names),
        }
    }
}

struct Algorithms<'a>(Place<'a>);

impl<'de> Visitor<'de> for Algorithms<'_> {
    type Value = SignatureAlgorithms;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.0.after("for");
        write!(
            f,
            "`{DEFAULT}`, `{AWS_LC_RS}` or an array of algorithms{place}"
        )
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<SignatureAlgorithms, E> {
        set(name).map_err(|error| self.0.error(error))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<SignatureAlgorithms, A::Error> {
        let mut all = Vec::new();
        let mut index: usize = 0;
        loop {
            let place = Place::Element(&self.0, index);
            let Some(name) = seq.next_element_seed(Seed::<String>::at(place))? else {
                break;
            };
            add(&name, &mut all).map_err(|error| place.error(error))?;
            index = index.saturating_add(1);
        }
        Ok(all.into_iter().collect())
    }
}
