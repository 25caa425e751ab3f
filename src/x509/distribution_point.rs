//! Distribution points of CRLs, as certificates and CRLs name them (RFC 5280 §4.2.1.13, §5.2.5).

use super::der::{Element, Problem, Reader, Span, only_element, tag};
use super::general_name::{GeneralName, check_general_names};
use super::name::check_relative_name;

/// A set of reasons for revocation: `ReasonFlags` (§4.2.1.13), the bit of `unused` left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reasons(u16);

impl Reasons {
    pub(crate) const NONE: Self = Self(0);
    /// keyCompromise (1) to aACompromise (8).
    pub(crate) const ALL: Self = Self(0b1_1111_1110);

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub(crate) fn is_all(self) -> bool {
        self == Self::ALL
    }

    pub(super) fn read(bit_string: &Element<'_>) -> Result<Self, Problem> {
        let bytes = bit_string.bits()?;
        let mut first = [0; 2];
        for (to, from) in first.iter_mut().zip(bytes) {
            *to = *from;
        }
        // Bit 0 is the highest; here it becomes the lowest.
        let bits = u16::from_be_bytes(first).reverse_bits();
        Ok(Self(bits & Self::ALL.0))
    }
}

/// The name of a distribution point.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PointName<'a> {
    /// Any of these general names: the content of GeneralNames.
    Full(&'a [u8]),
    /// The relative name that continues the name of the CRL's issuer.
    Relative(Element<'a>),
}

impl<'a> PointName<'a> {
    /// `distributionPoint [0] DistributionPointName`, a CHOICE and so explicit.
    fn read(explicit: &Element<'a>) -> Result<Self, Problem> {
        let mut choice = explicit.reader();
        let name = choice.element()?;
        choice.finish()?;
        match name.tag {
            FULL_NAME => check_general_names(name.reader()).map(|()| Self::Full(name.value)),
            RELATIVE_NAME => check_relative_name(&name).map(|()| Self::Relative(name)),
            found => Err(Problem::UnexpectedTag { found }),
        }
    }
}

const FULL_NAME: u8 = tag::context_constructed(0);
const RELATIVE_NAME: u8 = tag::context_constructed(1);

/// The general names in the content of GeneralNames that was found good.
pub(crate) fn general_names(content: &[u8]) -> impl Iterator<Item = GeneralName<'_>> + Clone {
    let mut names = Reader::new(content);
    core::iter::from_fn(move || GeneralName::read(&mut names).ok())
}

/// One point of cRLDistributionPoints (§4.2.1.13).
#[derive(Clone, Copy, Debug)]
pub(crate) struct DistributionPoint<'a> {
    pub(crate) name: Option<PointName<'a>>,
    /// The reasons for which CRLs of this point revoke; `None` for all.
    pub(crate) reasons: Option<Reasons>,
    /// The names of the issuer of its CRLs, where that is not the certificate's issuer: the content
    /// of GeneralNames.
    pub(crate) crl_issuer: Option<&'a [u8]>,
}

impl<'a> DistributionPoint<'a> {
    /// `DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] }`, all
    /// of them optional.
    fn read(points: &mut Reader<'a>) -> Result<Self, Problem> {
        let mut fields = points.expect(tag::SEQUENCE)?.reader();
        let name = fields.optional(tag::context_constructed(0))?;
        let reasons = fields.optional(tag::context(1))?;
        let crl_issuer = fields.optional(tag::context_constructed(2))?;
        fields.finish()?;
        // §4.2.1.13: one that says reasons alone, or nothing, leads nowhere, or everywhere: nobody
        // can tell.
        if name.is_none() && crl_issuer.is_none() {
            return Err(Problem::NamelessPoint);
        }
        if let Some(names) = &crl_issuer {
            check_general_names(names.reader())?;
        }
        Ok(Self {
            name: name.as_ref().map(PointName::read).transpose()?,
            reasons: reasons.as_ref().map(Reasons::read).transpose()?,
            crl_issuer: crl_issuer.map(|names| names.value),
        })
    }
}

/// Checks `CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint`, and gives the
/// span of its content.
pub(super) fn read_distribution_points(list: &Element<'_>) -> Result<Span, Problem> {
    let mut points = list.reader();
    if points.is_empty() {
        return Err(Problem::Empty);
    }
    while !points.is_empty() {
        DistributionPoint::read(&mut points)?;
    }
    Ok(list.value_span())
}

pub(super) fn distribution_points(
    content: &[u8],
) -> impl Iterator<Item = DistributionPoint<'_>> + Clone {
    let mut points = Reader::new(content);
    core::iter::from_fn(move || DistributionPoint::read(&mut points).ok())
}

/// issuingDistributionPoint (§5.2.5): what a CRL is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IssuingPoint<'a> {
    pub(crate) name: Option<PointName<'a>>,
    pub(crate) only_user_certificates: bool,
    pub(crate) only_ca_certificates: bool,
    pub(crate) only_attribute_certificates: bool,
    /// The reasons for which it revokes; `None` for all.
    pub(crate) reasons: Option<Reasons>,
    /// Whether it may revoke certificates of other issuers.
    pub(crate) is_indirect: bool,
}

impl<'a> IssuingPoint<'a> {
    /// The SEQUENCE that is all of the extension's value; every field is optional.
    pub(crate) fn read(value: &'a [u8]) -> Result<Self, Problem> {
        let mut fields = only_element(value, tag::SEQUENCE)?.reader();
        let name = fields.optional(tag::context_constructed(0))?;
        let only_user_certificates = read_flag(&mut fields, 1)?;
        let only_ca_certificates = read_flag(&mut fields, 2)?;
        let reasons = fields.optional(tag::context(3))?;
        let is_indirect = read_flag(&mut fields, 4)?;
        let only_attribute_certificates = read_flag(&mut fields, 5)?;
        fields.finish()?;
        Ok(Self {
            name: name.as_ref().map(PointName::read).transpose()?,
            only_user_certificates,
            only_ca_certificates,
            only_attribute_certificates,
            reasons: reasons.as_ref().map(Reasons::read).transpose()?,
            is_indirect,
        })
    }

    /// Whether two say the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.order() == other.order()
    }

    /// An order in which those that say the same are equal.
    pub(crate) fn order(&self) -> impl Ord + 'a {
        let name = match self.name {
            None => (0, &[][..]),
            Some(PointName::Full(names)) => (1, names),
            Some(PointName::Relative(name)) => (2, name.value),
        };
        (name, self.flags(), self.reasons, self.is_indirect)
    }

    /// Whether every field is absent or its default, which §5.2.5 rules out.
    pub(crate) fn is_empty(&self) -> bool {
        self.name.is_none() && self.reasons.is_none() && self.only_flags() == 0 && !self.is_indirect
    }

    /// How many of the three flags are set that leave certificates out; §5.2.5 allows one.
    pub(crate) fn only_flags(&self) -> usize {
        self.flags().into_iter().filter(|flag| *flag).count()
    }

    fn flags(&self) -> [bool; 3] {
        [
            self.only_user_certificates,
            self.only_ca_certificates,
            self.only_attribute_certificates,
        ]
    }
}

/// `[number] BOOLEAN DEFAULT FALSE`; an explicit FALSE is accepted as in
/// [`Reader::boolean_default_false`].
fn read_flag(fields: &mut Reader<'_>, number: u8) -> Result<bool, Problem> {
    match fields
        .optional(tag::context(number))?
        .map(|flag| flag.value)
    {
        None | Some([0x00]) => Ok(false),
        Some([0xff]) => Ok(true),
        Some(_) => Err(Problem::BooleanForm),
    }
}
