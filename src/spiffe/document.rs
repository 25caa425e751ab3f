//! Reads bundle documents (SPIFFE Trust Domain and Bundle §4, §5), in one pass and without a tree.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Encoding};
use pki_types::CertificateDer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::error::{Place, shown};
use super::json::{First, Object, ObjectSeed, Reading, Value, read};
use super::{Bundle, BundleError, BundleProblem, TrustDomain};
use crate::error::StoreProblem;
use crate::store::MAX_CERTIFICATE_BYTES;
use crate::x509::{Certificate, Fields, GeneralName};

/// The key types with public keys: of RFC 7518 §6.1, RFC 8037, and of ML-DSA in IANA's registry.
/// Which of them verify is for the policy to say.
const KEY_TYPES: [&str; 4] = ["EC", "RSA", "OKP", "AKP"];
/// How many members a bundle or a JWK may have; real ones have about ten. It bounds the search for
/// one that is there twice.
const MAX_MEMBERS: usize = 64;

/// Reads the document of one bundle.
pub(super) fn read_bundle(trust_domain: &TrustDomain, json: &[u8]) -> Result<Bundle, BundleError> {
    let place = Place {
        trust_domain: Some(trust_domain.clone()),
        ..Place::default()
    };
    read(json, place, BundleObject::new(trust_domain.clone()))
}

/// Reads the document of a map of bundles.
pub(super) fn read_map(json: &[u8]) -> Result<BTreeMap<TrustDomain, Bundle>, BundleError> {
    read(json, Place::default(), MapObject::default())
}

/// §5.1
#[derive(Default)]
struct MapObject(Option<BTreeMap<TrustDomain, Bundle>>);

impl<'de> Object<'de> for MapObject {
    const EXPECTED: &'static str = "a bundle map: an object with `trust_domains`";
    const MAX_MEMBERS: Option<usize> = Some(MAX_MEMBERS);
    type Output = BTreeMap<TrustDomain, Bundle>;

    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &mut Reading,
    ) -> Result<(), A::Error> {
        match name {
            "trust_domains" => {
                reading.place.member = Some("trust_domains");
                let object = TrustDomainsObject::default();
                self.0 = Some(map.next_value_seed(ObjectSeed { reading, object })?);
            }
            _ => drop(map.next_value::<Value<'_>>()?),
        }
        reading.place.member = None;
        Ok(())
    }

    fn finish(self, _: &mut Reading) -> Result<Self::Output, BundleProblem> {
        self.0.ok_or(BundleProblem::Missing {
            member: "trust_domains",
        })
    }
}

/// §5.1.1
#[derive(Default)]
struct TrustDomainsObject(BTreeMap<TrustDomain, Bundle>);

impl<'de> Object<'de> for TrustDomainsObject {
    const EXPECTED: &'static str = "an object with a bundle for each trust domain";
    const MAX_MEMBERS: Option<usize> = None;
    type Output = BTreeMap<TrustDomain, Bundle>;

    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &mut Reading,
    ) -> Result<(), A::Error> {
        let trust_domain: TrustDomain = match name.parse() {
            Ok(trust_domain) => trust_domain,
            Err(reason) => {
                let name = shown(name);
                return Err(reading.fail(BundleProblem::TrustDomain { name, reason }));
            }
        };
        if self.0.contains_key(&trust_domain) {
            let name = shown(name);
            return Err(reading.fail(BundleProblem::Duplicate { name }));
        }
        reading.place = Place {
            trust_domain: Some(trust_domain.clone()),
            ..Place::default()
        };
        let object = BundleObject::new(trust_domain.clone());
        let bundle = map.next_value_seed(ObjectSeed { reading, object })?;
        self.0.insert(trust_domain, bundle);
        reading.place = Place {
            member: Some("trust_domains"),
            ..Place::default()
        };
        Ok(())
    }

    fn finish(self, _: &mut Reading) -> Result<Self::Output, BundleProblem> {
        Ok(self.0)
    }
}

/// §4.1
struct BundleObject {
    trust_domain: TrustDomain,
    keys: Option<Keys>,
    sequence: Option<u64>,
    refresh_hint: Option<u64>,
}

/// What the elements of `keys` come to.
#[derive(Default)]
struct Keys {
    anchors: Vec<CertificateDer<'static>>,
    ignored: usize,
}

impl BundleObject {
    fn new(trust_domain: TrustDomain) -> Self {
        Self {
            trust_domain,
            keys: None,
            sequence: None,
            refresh_hint: None,
        }
    }
}

impl<'de> Object<'de> for BundleObject {
    const EXPECTED: &'static str = "a bundle: an object with `keys`";
    const MAX_MEMBERS: Option<usize> = Some(MAX_MEMBERS);
    type Output = Bundle;

    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &mut Reading,
    ) -> Result<(), A::Error> {
        match name {
            "keys" => {
                reading.place.member = Some("keys");
                let trust_domain = &self.trust_domain;
                self.keys = Some(map.next_value_seed(KeysSeed {
                    reading,
                    trust_domain,
                })?);
                reading.place.member = None;
            }
            "spiffe_sequence" => self.sequence = Some(integer("spiffe_sequence", map, reading)?),
            "spiffe_refresh_hint" => {
                self.refresh_hint = Some(integer("spiffe_refresh_hint", map, reading)?);
            }
            _ => drop(map.next_value::<Value<'_>>()?),
        }
        Ok(())
    }

    fn finish(self, _: &mut Reading) -> Result<Bundle, BundleProblem> {
        let Self {
            trust_domain,
            keys,
            sequence,
            refresh_hint,
        } = self;
        // §4.1.3: without it, it may be anything; an empty one says that all is revoked.
        let Keys { anchors, ignored } = keys.ok_or(BundleProblem::Missing { member: "keys" })?;
        Ok(Bundle::new(
            trust_domain,
            anchors,
            sequence,
            refresh_hint,
            ignored,
        ))
    }
}

/// The value of a member that is an integer.
fn integer<'de, A: MapAccess<'de>>(
    member: &'static str,
    map: &mut A,
    reading: &mut Reading,
) -> Result<u64, A::Error> {
    let value = reading.value(member, map)?;
    value.integer().map_err(|problem| {
        reading.place.member = Some(member);
        reading.fail(problem)
    })
}

/// The array `keys` (§4.1.3).
struct KeysSeed<'r> {
    reading: &'r mut Reading,
    trust_domain: &'r TrustDomain,
}

impl<'de> DeserializeSeed<'de> for KeysSeed<'_> {
    type Value = Keys;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Keys, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeysSeed<'_> {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of JWKs, which may be empty")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Keys, A::Error> {
        let Self {
            reading,
            trust_domain,
        } = self;
        let mut keys = Keys::default();
        reading.place.member = None;
        for index in 0_usize.. {
            reading.place.key = Some(index);
            let object = KeyObject {
                trust_domain,
                key_type: None,
                key_use: None,
                certificates: None,
            };
            match seq.next_element_seed(ObjectSeed { reading, object })? {
                None => break,
                Some(Some(anchor)) => keys.anchors.push(anchor),
                Some(None) => keys.ignored = keys.ignored.saturating_add(1),
            }
        }
        reading.place.key = None;
        Ok(keys)
    }
}

/// A JWK (§4.2). Its other members are not looked at: the key is that of the certificate.
struct KeyObject<'de, 'r> {
    trust_domain: &'r TrustDomain,
    key_type: Option<Value<'de>>,
    key_use: Option<Value<'de>>,
    certificates: Option<Value<'de>>,
}

impl<'de> Object<'de> for KeyObject<'de, '_> {
    const EXPECTED: &'static str = "a JWK, an object";
    const MAX_MEMBERS: Option<usize> = Some(MAX_MEMBERS);
    /// `None` of an element that is to be ignored.
    type Output = Option<CertificateDer<'static>>;

    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        reading: &mut Reading,
    ) -> Result<(), A::Error> {
        match name {
            "kty" => self.key_type = Some(reading.value("kty", map)?),
            "use" => self.key_use = Some(reading.value("use", map)?),
            "x5c" => self.certificates = Some(reading.value("x5c", map)?),
            _ => drop(map.next_value::<Value<'_>>()?),
        }
        Ok(())
    }

    fn finish(self, reading: &mut Reading) -> Result<Self::Output, BundleProblem> {
        let place = &mut reading.place.member;
        // §4.2.1, and RFC 7517 §5 for one without: "missing required members".
        *place = Some("kty");
        let key_type = self.key_type.map(Value::text).transpose()?;
        if !key_type.is_some_and(|key_type| KEY_TYPES.contains(&&*key_type)) {
            return ignored(place);
        }
        // §4.2.2
        *place = Some("use");
        let key_use = self.key_use.map(Value::text).transpose()?;
        if key_use.as_deref() != Some("x509-svid") {
            return ignored(place);
        }
        // X.509-SVID §6.2
        *place = Some("x5c");
        let expected = |expected| BundleProblem::Type { expected };
        let text = match self.certificates {
            None => return ignored(place),
            Some(Value::Array { first }) => match first {
                First::None => return ignored(place),
                First::Text(text) => text,
                First::Other => return Err(expected("an array of strings")),
            },
            Some(_) => return Err(expected("an array")),
        };
        let der = Base64::decode_vec(&text).map_err(|_| BundleProblem::Base64)?;
        check_anchor(&der, self.trust_domain)?;
        *place = None;
        Ok(Some(CertificateDer::from(der)))
    }
}

fn ignored<T>(member: &mut Option<&'static str>) -> Result<Option<T>, BundleProblem> {
    *member = None;
    Ok(None)
}

/// A signing certificate of the trust domain (X.509-SVID §3.2), as a store takes trust anchors.
fn check_anchor(der: &[u8], trust_domain: &TrustDomain) -> Result<(), BundleProblem> {
    if der.len() > MAX_CERTIFICATE_BYTES {
        return Err(BundleProblem::Certificate(StoreProblem::TooLarge {
            bytes: der.len(),
            limit: MAX_CERTIFICATE_BYTES,
        }));
    }
    let malformed = |error| BundleProblem::Certificate(StoreProblem::Malformed(error));
    let fields = Fields::parse(der).map_err(malformed)?;
    let certificate = fields.view(der);
    certificate
        .check_is_anchor_ca()
        .map_err(|problem| BundleProblem::Certificate(StoreProblem::NotACa(problem)))?;
    check_id(certificate, trust_domain)
}

/// X.509-SVID §3.2: the SPIFFE ID of a signing certificate has no path, and should be that of the
/// trust domain. One that is not is more likely the wrong bundle than a CA of two trust domains.
/// The standard's own example has the root path, a slash.
fn check_id(certificate: Certificate<'_>, trust_domain: &TrustDomain) -> Result<(), BundleProblem> {
    const SCHEME: &str = "spiffe:";
    let own = trust_domain.id();
    for name in certificate.subject_alt_names() {
        match name {
            GeneralName::Uri(uri) => {
                let scheme = uri.get(..SCHEME.len());
                let is_id = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME));
                let is_own = uri.strip_suffix('/').unwrap_or(uri) == own.as_str();
                if is_id && !is_own {
                    return Err(BundleProblem::OtherTrustDomain { uri: shown(uri) });
                }
            }
            name if name.tag() == GeneralName::Uri("").tag() => {
                return Err(BundleProblem::UnreadableUri);
            }
            _ => {}
        }
    }
    Ok(())
}
