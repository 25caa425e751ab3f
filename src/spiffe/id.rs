//! SPIFFE IDs and trust domains.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

const SCHEME: &str = "spiffe://";
/// SPIFFE-ID §2.3: the most bytes of an ID, and of the name of a trust domain.
const MAX_ID_BYTES: usize = 2048;
const MAX_TRUST_DOMAIN_BYTES: usize = 255;

/// A SPIFFE ID: `spiffe://`, the name of a trust domain and a path (SPIFFE-ID §2).
///
/// Equal IDs have equal text: there is one way to write each. The trust domain is in lower case;
/// the path has no percent-encoding, no empty segment, and none that is `.` or `..`. The ID of a
/// trust domain itself has no path; a workload's has one.
///
/// ```
/// use mtls_verify::spiffe::SpiffeId;
///
/// let id: SpiffeId = "spiffe://example.org/fleet/web".parse()?;
/// assert_eq!(id.trust_domain().as_str(), "example.org");
/// assert_eq!(id.path(), "/fleet/web");
/// assert!(id.segments().eq(["fleet", "web"]));
/// assert!("spiffe://Example.org/fleet".parse::<SpiffeId>().is_err());
/// # Ok::<(), mtls_verify::spiffe::InvalidSpiffeId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpiffeId {
    text: String,
    trust_domain: TrustDomain,
}

impl SpiffeId {
    /// The ID as a URI.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The trust domain that the ID belongs to.
    pub fn trust_domain(&self) -> &TrustDomain {
        &self.trust_domain
    }

    /// The path with the slash before it: `/fleet/web`. Empty for the ID of a trust domain.
    pub fn path(&self) -> &str {
        let before = SCHEME.len().saturating_add(self.trust_domain.0.len());
        self.text.get(before..).unwrap_or_default()
    }

    /// The segments of the path, none of them empty; none for the ID of a trust domain.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        let path = self.path().strip_prefix('/');
        path.into_iter().flat_map(|path| path.split('/'))
    }

    /// Whether the ID has all of `base` and more segments after it: `spiffe://a/b/c` is below
    /// `spiffe://a` and `spiffe://a/b`, and neither below itself nor below `spiffe://a/bc`.
    pub fn is_below(&self, base: &SpiffeId) -> bool {
        let more = self.text.strip_prefix(base.as_str());
        more.is_some_and(|more| more.starts_with('/'))
    }
}

impl FromStr for SpiffeId {
    type Err = InvalidSpiffeId;

    fn from_str(text: &str) -> Result<Self, InvalidSpiffeId> {
        let (trust_domain, _) = parts(text)?;
        Ok(Self {
            text: text.to_owned(),
            trust_domain: TrustDomain(trust_domain.to_owned()),
        })
    }
}

/// The URI.
impl fmt::Display for SpiffeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `SpiffeId(spiffe://example.org/fleet/web)`.
impl fmt::Debug for SpiffeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpiffeId({self})")
    }
}

/// The name of a SPIFFE trust domain, such as `example.org`: 1 to 255 lower-case letters, digits,
/// `.`, `-` and `_` (SPIFFE-ID §2.1). It need not be a DNS name.
///
/// ```
/// use mtls_verify::spiffe::TrustDomain;
///
/// let trust_domain: TrustDomain = "example.org".parse()?;
/// assert_eq!(trust_domain.id().as_str(), "spiffe://example.org");
/// assert!("Example.org".parse::<TrustDomain>().is_err());
/// assert!("spiffe://example.org".parse::<TrustDomain>().is_err());
/// # Ok::<(), mtls_verify::spiffe::InvalidSpiffeId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrustDomain(String);

impl TrustDomain {
    /// The name, without a scheme.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The SPIFFE ID of the trust domain itself, which has no path.
    pub fn id(&self) -> SpiffeId {
        SpiffeId {
            text: alloc::format!("{SCHEME}{self}"),
            trust_domain: self.clone(),
        }
    }
}

/// Takes the name alone, without `spiffe://`.
impl FromStr for TrustDomain {
    type Err = InvalidSpiffeId;

    fn from_str(name: &str) -> Result<Self, InvalidSpiffeId> {
        check_trust_domain(name)?;
        Ok(Self(name.to_owned()))
    }
}

/// The name.
impl fmt::Display for TrustDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `TrustDomain(example.org)`.
impl fmt::Debug for TrustDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TrustDomain({self})")
    }
}

/// Why text is no SPIFFE ID, or not the name of a trust domain (SPIFFE-ID §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSpiffeId {
    /// It does not begin with `spiffe://` in lower case.
    #[error("it does not begin with \"spiffe://\"")]
    Scheme,
    /// It is longer than 2,048 bytes (§2.3).
    #[error("{bytes} bytes; a SPIFFE ID may have 2048")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The name of the trust domain is empty.
    #[error("it has no trust domain")]
    NoTrustDomain,
    /// The name of the trust domain is longer than 255 bytes (§2.3).
    #[error("a trust domain of {bytes} bytes; it may have 255")]
    TrustDomainTooLong {
        /// How long it is.
        bytes: usize,
    },
    /// A character that no trust domain has (§2.1), such as a capital letter or a port's colon.
    #[error(
        "{character:?} in the trust domain, which has lower-case letters, digits, '.', '-' and '_'"
    )]
    TrustDomainCharacter {
        /// The first such character.
        character: char,
    },
    /// An empty segment in the path (§2.2), or a slash at its end.
    #[error("an empty segment in the path, or a slash at its end")]
    EmptySegment,
    /// A segment of the path that is `.` or `..` (§2.2).
    #[error("a segment of the path that is \".\" or \"..\"")]
    DotSegment,
    /// A character that no path has (§2.2), such as a percent sign.
    #[error("{character:?} in the path, which has letters, digits, '.', '-' and '_'")]
    PathCharacter {
        /// The first such character.
        character: char,
    },
}

/// Whether `uri` is the ID of a workload (SPIFFE-ID §2, X.509-SVID §5.2): `spiffe://`, a trust
/// domain, and a path that is not empty; at most 2,048 bytes.
pub(crate) fn is_spiffe_id(uri: &str) -> bool {
    parts(uri).is_ok_and(|(_, path)| path.is_some())
}

/// Whether `uri` is a trust domain (`spiffe://example.org`) or a trust domain and a path.
pub(crate) fn is_spiffe_base(uri: &str) -> bool {
    parts(uri).is_ok()
}

/// The name of the trust domain of a SPIFFE ID, with a path or without.
pub(crate) fn trust_domain_of(uri: &str) -> Option<&str> {
    parts(uri).ok().map(|(trust_domain, _)| trust_domain)
}

/// Trust domain and path (without its first slash) of a SPIFFE ID or a trust domain's.
pub(super) fn parts(uri: &str) -> Result<(&str, Option<&str>), InvalidSpiffeId> {
    let rest = uri.strip_prefix(SCHEME).ok_or(InvalidSpiffeId::Scheme)?;
    if uri.len() > MAX_ID_BYTES {
        return Err(InvalidSpiffeId::TooLong { bytes: uri.len() });
    }
    let (trust_domain, path) = match rest.split_once('/') {
        Some((trust_domain, path)) => (trust_domain, Some(path)),
        None => (rest, None),
    };
    check_trust_domain(trust_domain)?;
    let mut segments = path.into_iter().flat_map(|path| path.split('/'));
    segments.try_for_each(check_segment)?;
    Ok((trust_domain, path))
}

/// §2.1, §2.3
fn check_trust_domain(name: &str) -> Result<(), InvalidSpiffeId> {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if name.is_empty() {
        return Err(InvalidSpiffeId::NoTrustDomain);
    }
    if let Some(character) = name.chars().find(|character| !is_good(*character)) {
        return Err(InvalidSpiffeId::TrustDomainCharacter { character });
    }
    match name.len() {
        0..=MAX_TRUST_DOMAIN_BYTES => Ok(()),
        bytes => Err(InvalidSpiffeId::TrustDomainTooLong { bytes }),
    }
}

/// §2.2. There are no percent-encodings.
fn check_segment(segment: &str) -> Result<(), InvalidSpiffeId> {
    let is_good = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    match segment {
        "" => Err(InvalidSpiffeId::EmptySegment),
        "." | ".." => Err(InvalidSpiffeId::DotSegment),
        _ => match segment.chars().find(|character| !is_good(*character)) {
            Some(character) => Err(InvalidSpiffeId::PathCharacter { character }),
            None => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn ids_have_a_trust_domain_and_a_path() {
        for good in [
            "spiffe://example.org/a",
            "spiffe://example.org/ns/prod/sa/web-1",
            "spiffe://a_b-c.d/X.y_Z",
            "spiffe://a/...",
            "spiffe://a/.b",
        ] {
            assert!(is_spiffe_id(good), "{good}");
            assert!(is_spiffe_base(good), "{good}");
        }
        assert!(is_spiffe_base("spiffe://example.org"));
        assert!(!is_spiffe_id("spiffe://example.org"));
        for bad in [
            "",
            "spiffe://",
            "spiffe:///path",
            "SPIFFE://example.org/a",
            "Spiffe://example.org/a",
            "spiffe:/example.org/a",
            "https://example.org/a",
            "spiffe://Example.org/a",
            "spiffe://example.orG/a",
            "spiffe://example.org/",
            "spiffe://example.org//",
            "spiffe://example.org/a/",
            "spiffe://example.org//a",
            "spiffe://example.org/a//b",
            "spiffe://example.org/./a",
            "spiffe://example.org/a/../b",
            "spiffe://example.org/a/..",
            "spiffe://example.org/.",
            "spiffe://example.org/%2e%2e/a",
            "spiffe://example.org/a%20b",
            "spiffe://example.org:443/a",
            "spiffe://user@example.org/a",
            "spiffe://[::1]/a",
            "spiffe://example.org\\a/b",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a#b",
            "spiffe://example.org?/a",
            "spiffe://example.org/a b",
            "spiffe://example.org/z\u{fc}rich",
            " spiffe://example.org/a",
        ] {
            assert!(!is_spiffe_id(bad), "{bad}");
            assert!(!is_spiffe_base(bad), "{bad}");
        }
        let longest = alloc::format!("spiffe://d/{}", "a".repeat(2048 - 11));
        assert!(is_spiffe_id(&longest));
        assert!(!is_spiffe_id(&(longest + "a")));
        let trust_domain = |len| alloc::format!("spiffe://{}/a", "d".repeat(len));
        assert!(is_spiffe_id(&trust_domain(255)));
        assert!(!is_spiffe_id(&trust_domain(256)));
    }
    #[test]
    fn ids_are_taken_apart() {
        let id: SpiffeId = "spiffe://a.example/fleet/web".parse().unwrap();
        assert_eq!(id.to_string(), "spiffe://a.example/fleet/web");
        assert_eq!(id.trust_domain(), &"a.example".parse().unwrap());
        assert_eq!(id.path(), "/fleet/web");
        assert!(id.segments().eq(["fleet", "web"]));
        let domain: SpiffeId = "spiffe://a.example".parse().unwrap();
        assert_eq!(domain, id.trust_domain().id());
        assert_eq!((domain.path(), domain.segments().count()), ("", 0));
        assert_eq!(
            alloc::format!("{id:?} {:?}", id.trust_domain()),
            "SpiffeId(spiffe://a.example/fleet/web) TrustDomain(a.example)"
        );
    }

    #[test]
    fn below_is_by_whole_segments() {
        let id: SpiffeId = "spiffe://a/fleet/web".parse().unwrap();
        for (base, is_below) in [
            ("spiffe://a", true),
            ("spiffe://a/fleet", true),
            ("spiffe://a/fleet/web", false),
            ("spiffe://a/flee", false),
            ("spiffe://a/fleet/we", false),
            ("spiffe://ab", false),
            ("spiffe://a/Fleet", false),
        ] {
            assert_eq!(id.is_below(&base.parse().unwrap()), is_below, "{base}");
        }
        assert!(!id.trust_domain().id().is_below(&id));
    }

    #[test]
    fn reasons_are_precise() {
        use InvalidSpiffeId as Invalid;
        let long = "d".repeat(256);
        for (text, reason) in [
            ("https://a/b", Invalid::Scheme),
            ("spiffe:///b", Invalid::NoTrustDomain),
            ("spiffe://", Invalid::NoTrustDomain),
            (
                "spiffe://A/b",
                Invalid::TrustDomainCharacter { character: 'A' },
            ),
            (
                "spiffe://a:1/b",
                Invalid::TrustDomainCharacter { character: ':' },
            ),
            ("spiffe://a/", Invalid::EmptySegment),
            ("spiffe://a//b", Invalid::EmptySegment),
            ("spiffe://a/../b", Invalid::DotSegment),
            ("spiffe://a/%41", Invalid::PathCharacter { character: '%' }),
            (
                &alloc::format!("spiffe://{long}/b"),
                Invalid::TrustDomainTooLong { bytes: 256 },
            ),
            (
                &alloc::format!("spiffe://a/{}", "b".repeat(2038)),
                Invalid::TooLong { bytes: 2049 },
            ),
        ] {
            assert_eq!(text.parse::<SpiffeId>(), Err(reason), "{text}");
            assert!(!reason.to_string().is_empty());
        }
        assert_eq!(
            "spiffe://a".parse::<TrustDomain>(),
            Err(Invalid::TrustDomainCharacter { character: ':' })
        );
        assert_eq!("".parse::<TrustDomain>(), Err(Invalid::NoTrustDomain));
        assert_eq!(
            long.parse::<TrustDomain>(),
            Err(Invalid::TrustDomainTooLong { bytes: 256 })
        );
    }
}
