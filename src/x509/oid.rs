//! OBJECT IDENTIFIERs (X.690 §8.19) of every size, as content octets and in dotted form.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::display::oid_text;

/// An OBJECT IDENTIFIER of any size, from its dotted form by [`str::parse`].
///
/// `Display` is the dotted form, and the order that of the arcs' numbers. Both take time that grows
/// with the square of the length of an arc. Copies share what they hold.
///
/// ```
/// use mtls_verify::client::Oid;
///
/// let organization_identifier: Oid = "2.5.4.97".parse()?;
/// assert_eq!(organization_identifier.as_bytes(), [0x55, 0x04, 0x61]);
/// # Ok::<(), mtls_verify::client::InvalidOid>(())
/// ```
#[derive(Clone)]
pub struct Oid(Content);

/// The content octets.
#[derive(Clone)]
enum Content {
    Known(&'static [u8]),
    Read(Arc<[u8]>),
}

impl Oid {
    /// From content octets that are good.
    pub(crate) const fn known(content: &'static [u8]) -> Self {
        Self(Content::Known(content))
    }

    /// From content octets that [`check_oid`](super::der::check_oid) found good.
    pub(crate) fn from_content(content: &[u8]) -> Self {
        Self(Content::Read(content.into()))
    }

    /// From the dotted form: arcs in decimal digits without leading zeros, at least two, as X.660
    /// allows them. The time grows with the square of the length of an arc.
    pub(crate) fn from_dotted(dotted: &str) -> Option<Self> {
        let mut arcs = dotted.split('.');
        let root = arcs.next()?;
        let second = arcs.next()?;
        let mut content = Vec::new();
        // X.690 §8.19.4: the first two arcs share a number.
        match (root, arc_below_40(second)) {
            ("0", Some(second)) => content.push(second),
            ("1", Some(second)) => content.push(second.saturating_add(40)),
            ("2", _) => push_arc(second, OF_ROOT_2, &mut content)?,
            _ => return None,
        }
        arcs.try_for_each(|arc| push_arc(arc, 0, &mut content))?;
        Some(Self(Content::Read(content.into())))
    }

    /// Its content octets (X.690 §8.19).
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Content::Known(content) => content,
            Content::Read(content) => content,
        }
    }
}

impl FromStr for Oid {
    type Err = InvalidOid;

    /// # Errors
    /// Anything but two or more arcs in decimal digits without leading zeros, as X.660 allows them:
    /// the first up to 2, and below 0 and 1 the second up to 39.
    fn from_str(dotted: &str) -> Result<Self, Self::Err> {
        Self::from_dotted(dotted).ok_or(InvalidOid(()))
    }
}

/// Not the dotted form of an OBJECT IDENTIFIER.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an object identifier in dotted form")]
pub struct InvalidOid(());

impl PartialEq for Oid {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Oid {}

impl PartialOrd for Oid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Arc by arc, by their numbers.
impl Ord for Oid {
    fn cmp(&self, other: &Self) -> Ordering {
        // No arc is padded, so the longer one is the larger.
        let sizes = |oid| arcs(oid).map(|arc| (arc.len(), arc));
        sizes(self.as_bytes()).cmp(sizes(other.as_bytes()))
    }
}

impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_dotted(self.as_bytes(), f)
    }
}

/// Cut to a length that a log can bear.
impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&oid_text(self.as_bytes()))
    }
}

/// Shows content octets without loss in linear time: dotted, or as `#` and hexadecimal digits if an
/// arc is of more than [`ARC_OCTETS`].
pub(super) struct OidText<'a>(pub(super) &'a [u8]);

/// 448 bits. Nobody registers longer arcs; decimal digits of an attacker's arcs would take
/// quadratic time.
const ARC_OCTETS: usize = 64;

impl fmt::Display for OidText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if arcs(self.0).all(|arc| arc.len() <= ARC_OCTETS) {
            return write_dotted(self.0, f);
        }
        f.write_str("#")?;
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// What X.690 §8.19.4 adds to the second arc below root 2.
const OF_ROOT_2: u32 = 80;

/// The octets of each arc; the first is of the first two.
fn arcs(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split_inclusive(|octet| octet & 0x80 == 0)
}

fn write_dotted(content: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut arcs = arcs(content);
    match arcs.next() {
        Some([first @ 0..40]) => write!(f, "0.{first}")?,
        Some([first @ 40..80]) => write!(f, "1.{}", first.saturating_sub(40))?,
        Some(first) => {
            f.write_str("2.")?;
            write_arc(first, OF_ROOT_2, f)?;
        }
        None => {}
    }
    arcs.try_for_each(|arc| {
        f.write_str(".")?;
        write_arc(arc, 0, f)
    })
}

/// The number of an arc without `minus`, which is no more than it.
fn write_arc(arc: &[u8], minus: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // 126 bits.
    if arc.len() <= 18 {
        let number = arc.iter().fold(0u128, |number, octet| {
            number << 7 | u128::from(octet & 0x7f)
        });
        return write!(f, "{}", number.saturating_sub(minus.into()));
    }
    let mut limbs = limbs_of(arc);
    let mut borrowed = minus;
    for limb in &mut limbs {
        let (difference, borrows) = limb.overflowing_sub(borrowed);
        *limb = difference;
        borrowed = u32::from(borrows);
    }
    // Least significant first, nine digits each.
    let mut groups = Vec::new();
    while !limbs.is_empty() {
        let mut remainder = 0u64;
        for limb in limbs.iter_mut().rev() {
            let dividend = remainder << 32 | u64::from(*limb);
            // Below 2^32, as the remainder is below the divisor.
            *limb = (dividend / NINE_DIGITS) as u32;
            remainder = dividend % NINE_DIGITS;
        }
        groups.push(remainder);
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
    }
    let mut groups = groups.iter().rev();
    if let Some(first) = groups.next() {
        write!(f, "{first}")?;
    }
    groups.try_for_each(|group| write!(f, "{group:09}"))
}

const NINE_DIGITS: u64 = 1_000_000_000;

/// The number of an arc in base 2^32, least significant first.
fn limbs_of(arc: &[u8]) -> Vec<u32> {
    let mut limbs = Vec::with_capacity(arc.len() / 4);
    let mut bits = 0u64;
    let mut count = 0u32;
    for octet in arc.iter().rev() {
        bits |= u64::from(octet & 0x7f) << (count & 31);
        count = count.saturating_add(7);
        if count >= 32 {
            limbs.push(bits as u32);
            bits >>= 32;
            count = count.saturating_sub(32);
        }
    }
    limbs.push(bits as u32);
    limbs
}

/// The second arc below roots 0 and 1 (X.660 §A.2).
fn arc_below_40(digits: &str) -> Option<u8> {
    if !is_canonical(digits) {
        return None;
    }
    digits.parse().ok().filter(|arc| *arc < 40)
}

/// Decimal digits without leading zeros.
fn is_canonical(digits: &str) -> bool {
    let is_decimal = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_decimal && (digits == "0" || !digits.starts_with('0'))
}

/// Adds the octets of `digits` and `plus` together.
fn push_arc(digits: &str, plus: u32, content: &mut Vec<u8>) -> Option<()> {
    if !is_canonical(digits) {
        return None;
    }
    // Base 2^32, least significant first.
    let mut limbs: Vec<u32> = Vec::new();
    let mut multiply_and_add = |factor: u64, summand: u64| {
        let mut carry = summand;
        for limb in &mut limbs {
            // Below 2^64: both factors are below 2^32, and so is the carry.
            let product = u64::from(*limb).wrapping_mul(factor).wrapping_add(carry);
            *limb = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
    };
    for group in digits.as_bytes().chunks(9) {
        let number = group.iter().fold(0u64, |number, digit| {
            let digit = u64::from(digit & 0x0f);
            number.wrapping_mul(10).wrapping_add(digit)
        });
        let factor = group.iter().fold(1u64, |factor, _| factor.wrapping_mul(10));
        multiply_and_add(factor, number);
    }
    multiply_and_add(1, plus.into());
    // Seven bits an octet, least significant first.
    let mut octets = Vec::new();
    let mut bits = 0u64;
    let mut count = 0u32;
    for limb in limbs {
        bits |= u64::from(limb) << (count & 7);
        count = count.saturating_add(32);
        while count >= 7 {
            octets.push(bits as u8 & 0x7f | 0x80);
            bits >>= 7;
            count = count.saturating_sub(7);
        }
    }
    octets.push(bits as u8 & 0x7f | 0x80);
    while octets.len() > 1 && octets.last() == Some(&0x80) {
        octets.pop();
    }
    if let Some(last) = octets.first_mut() {
        *last &= 0x7f;
    }
    content.extend(octets.iter().rev());
    Some(())
}

#[cfg(test)]
mod tests;
