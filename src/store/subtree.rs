//! Which names the anchors of a scope may vouch for.

use alloc::vec::Vec;
use core::fmt;
use core::net::IpAddr;

use crate::x509::{
    GeneralName, Mailbox, Oid, der_element, is_host_base, is_prefix_mask, subtree_base, tag,
};

/// A subtree of names: what a [`Scope`](super::Scope) permits its anchors to vouch for, or excludes
/// (RFC 5280 §4.2.1.10).
///
/// A subtree speaks of the names of its own form alone. What is permitted restricts nothing of
/// other forms: a scope that permits `dns("example.com")` still lets in certificates without any
/// dNSName, and those with other forms of names.
///
/// ```
/// use mtls_verify::store::Subtree;
///
/// let fleet = Subtree::dns("fleet.example.com")?;
/// let office = Subtree::ip("192.0.2.0".parse()?, 24)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Subtree {
    /// The DER of a GeneralSubtree.
    der: Vec<u8>,
}

impl Subtree {
    /// `example.com` and all names below it; with a leading dot, only those below it. Every
    /// dNSName for the empty string.
    ///
    /// # Errors
    /// Text that is no host name, such as one with a wildcard.
    pub fn dns(name: &str) -> Result<Self, InvalidSubtree> {
        Self::of(tag::context(2), name.as_bytes())
    }

    /// One mailbox (`a@example.com`), all mailboxes of a host (`example.com`), or with a leading
    /// dot those of all hosts below it.
    ///
    /// # Errors
    /// Text that is neither.
    pub fn email(base: &str) -> Result<Self, InvalidSubtree> {
        Self::of(tag::context(1), base.as_bytes())
    }

    /// The URIs of one host, or with a leading dot those of all hosts below it.
    ///
    /// # Errors
    /// Text that is no host name.
    pub fn uri_host(host: &str) -> Result<Self, InvalidSubtree> {
        Self::of(tag::context(6), host.as_bytes())
    }

    /// The addresses whose first `prefix` bits are those of `network`.
    ///
    /// # Errors
    /// More bits than the address has, or bits of `network` beyond them that are set.
    pub fn ip(network: IpAddr, prefix: u8) -> Result<Self, InvalidSubtree> {
        let of = |octets: &[u8]| {
            let mut left = usize::from(prefix);
            if left > octets.len().saturating_mul(8) {
                return Err(InvalidSubtree(Problem::Network));
            }
            let mut content = octets.to_vec();
            for octet in octets {
                let ones = left.min(8);
                left = left.saturating_sub(ones);
                let mask = (0xff00_u16 >> ones) as u8;
                if octet & !mask != 0 {
                    return Err(InvalidSubtree(Problem::Network));
                }
                content.push(mask);
            }
            Self::of(tag::context(7), &content)
        };
        match network {
            IpAddr::V4(address) => of(&address.octets()),
            IpAddr::V6(address) => of(&address.octets()),
        }
    }

    /// Names that begin with all relative names of this one, given as the DER of a Name.
    ///
    /// # Errors
    /// What is no Name.
    pub fn directory(name: &[u8]) -> Result<Self, InvalidSubtree> {
        Self::of(tag::context_constructed(4), name)
    }

    /// A GeneralSubtree in DER, with a base of one of the forms above.
    ///
    /// # Errors
    /// What is none, or has a minimum or maximum; a base of another form or without the syntax of
    /// its form, which could be compared with no name.
    pub fn from_der(der: &[u8]) -> Result<Self, InvalidSubtree> {
        let base = subtree_base(der).ok_or(InvalidSubtree(Problem::Der))?;
        match is_comparable(base) {
            true => Ok(Self { der: der.to_vec() }),
            false => Err(InvalidSubtree(Problem::Base)),
        }
    }

    /// All otherNames of a type, as nothing can be compared with the base of such a subtree.
    pub(super) fn other_names(type_id: &Oid) -> Self {
        let value = der_element(tag::context_constructed(0), &[tag::NULL, 0]);
        let mut content = der_element(tag::OID, type_id.as_bytes());
        content.extend_from_slice(&value);
        let base = der_element(tag::context_constructed(0), &content);
        Self {
            der: der_element(tag::SEQUENCE, &base),
        }
    }

    fn of(form: u8, content: &[u8]) -> Result<Self, InvalidSubtree> {
        let base = der_element(form, content);
        Self::from_der(&der_element(tag::SEQUENCE, &base))
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    fn base(&self) -> Option<GeneralName<'_>> {
        subtree_base(&self.der)
    }
}

/// Whether names of its form can be compared with a base.
fn is_comparable(base: GeneralName<'_>) -> bool {
    match base {
        GeneralName::Email(base) if base.contains('@') => Mailbox::read(base).is_some(),
        GeneralName::Dns(base) | GeneralName::Email(base) | GeneralName::Uri(base) => {
            is_host_base(base)
        }
        GeneralName::Ip(subnet) => subnet
            .split_at_checked(subnet.len() / 2)
            .is_some_and(|(_, mask)| is_prefix_mask(mask)),
        GeneralName::Directory(_) => true,
        GeneralName::Other { .. } | GeneralName::Unread(_) => false,
    }
}

/// The form and the base, such as `DNS:example.com`.
impl fmt::Display for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.base().map_or(Ok(()), |base| base.fmt(f))
    }
}

impl fmt::Debug for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subtree({self})")
    }
}

/// Not a subtree that names could be compared with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a subtree of names: {0}")]
pub struct InvalidSubtree(Problem);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("its DER is not that of a GeneralSubtree (RFC 5280 §4.2.1.10) without maximum")]
    Der,
    #[error("its base is not well-formed in its form, or of a form that no name is compared with")]
    Base,
    #[error("the prefix has more bits than the address, or the address has bits beyond the prefix")]
    Network,
}
