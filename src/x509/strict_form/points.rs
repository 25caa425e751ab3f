//! Where things are: distribution points and access descriptions (RFC 5280 §4.2.1.13, §4.2.2,
//! §5.2.5 to §5.2.7).

use super::super::der::{Element, tag};
use super::super::distribution_point::Reasons;
use super::super::extensions::{check_information_access, sequence};
use super::super::general_name::{GeneralName, check_general_names};
use super::super::policies::non_empty;
use super::names::{Use, check_each_name, check_general_name, check_relative_name};
use super::{Breach, Fault, Of, check_flag, check_named_bits};

/// id-ad-caIssuers, 1.3.6.1.5.5.7.48.2.
const CA_ISSUERS: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x02];

/// Which CRLs distribution points are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointsOf {
    /// Complete ones: cRLDistributionPoints.
    Complete,
    /// Delta CRLs: freshestCRL.
    Delta,
}

/// Checks cRLDistributionPoints or freshestCRL: `SEQUENCE SIZE (1..MAX) OF DistributionPoint`.
pub(super) fn check_points(field: PointsOf, value: &Element<'_>, of: Of<'_>) -> Result<(), Fault> {
    let mut is_for_all_reasons = false;
    let mut points = non_empty(&sequence(value)?)?;
    while !points.is_empty() {
        let mut fields = points.expect(tag::SEQUENCE)?.reader();
        let name = fields.optional(tag::context_constructed(0))?;
        let reasons = fields.optional(tag::context(1))?;
        let crl_issuer = fields.optional(tag::context_constructed(2))?;
        fields.finish()?;
        check_point_name(name.as_ref())?;
        reasons.as_ref().map_or(Ok(()), check_reasons)?;
        if name.is_none() && crl_issuer.is_none() {
            return Err(Fault::Malformed);
        }
        is_for_all_reasons |= match &reasons {
            None => true,
            Some(reasons) => Reasons::read(reasons)?.is_all(),
        };
        if let Some(names) = &crl_issuer {
            check_general_names(names.reader())?;
            check_each_name(names.reader(), Use::Name)?;
        }
        match of {
            Of::Certificate { issuer } => {
                if let Some(names) = &crl_issuer {
                    check_crl_issuer(names, issuer)?;
                }
            }
            // §5.2.6: "The reasons and cRLIssuer fields MUST be omitted from this CRL extension."
            Of::Crl => {
                if field == PointsOf::Delta && (reasons.is_some() || crl_issuer.is_some()) {
                    return Err(Breach::FreshestFields.into());
                }
            }
        }
    }
    // §4.2.1.13: "MUST include at least one DistributionPoint that points to a CRL that covers the
    // certificate for all reasons."
    if field == PointsOf::Complete && !is_for_all_reasons {
        return Err(Breach::NoPointForAllReasons.into());
    }
    Ok(())
}

/// §4.2.1.13: a cRLIssuer has the directory name of another issuer than the certificate's, and
/// nothing else. Names are compared by their bytes, as its encoding "MUST be exactly the same" as
/// in the CRL.
fn check_crl_issuer(names: &Element<'_>, issuer: &[u8]) -> Result<(), Fault> {
    let mut names = names.reader();
    let name = GeneralName::read(&mut names)?;
    match name {
        GeneralName::Directory(name) if names.is_empty() && name != issuer => Ok(()),
        _ => Err(Breach::CrlIssuer.into()),
    }
}

fn check_reasons(reasons: &Element<'_>) -> Result<(), Fault> {
    reasons.bits()?;
    check_named_bits(reasons)
}

/// `DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1]
/// RelativeDistinguishedName }`.
fn check_point_name(explicit: Option<&Element<'_>>) -> Result<(), Fault> {
    const FULL_NAME: u8 = tag::context_constructed(0);
    const RELATIVE_NAME: u8 = tag::context_constructed(1);

    let Some(explicit) = explicit else {
        return Ok(());
    };
    let mut choice = explicit.reader();
    let name = choice.element()?;
    choice.finish()?;
    match name.tag {
        FULL_NAME => {
            check_general_names(name.reader())?;
            check_each_name(name.reader(), Use::Location)
        }
        RELATIVE_NAME => check_relative_name(&name),
        _ => Err(Fault::Malformed),
    }
}

/// `issuingDistributionPoint` (§5.2.5).
pub(super) fn check_issuing_point(value: &Element<'_>) -> Result<(), Fault> {
    let mut fields = sequence(value)?.reader();
    check_point_name(fields.optional(tag::context_constructed(0))?.as_ref())?;
    check_flag(fields.optional(tag::context(1))?)?;
    check_flag(fields.optional(tag::context(2))?)?;
    let reasons = fields.optional(tag::context(3))?;
    reasons.as_ref().map_or(Ok(()), check_reasons)?;
    check_flag(fields.optional(tag::context(4))?)?;
    check_flag(fields.optional(tag::context(5))?)
}

/// `SEQUENCE SIZE (1..MAX) OF AccessDescription`, of authorityInfoAccess and subjectInfoAccess.
pub(super) fn check_access(value: &Element<'_>, of: Of<'_>) -> Result<(), Fault> {
    check_information_access(value)?;
    let mut descriptions = sequence(value)?.reader();
    while !descriptions.is_empty() {
        let mut description = descriptions.expect(tag::SEQUENCE)?.reader();
        let method = description.oid()?.value;
        // §5.2.7: "AccessMethod types other than id-ad-caIssuers MUST NOT be included."
        if of == Of::Crl && method != CA_ISSUERS {
            return Err(Breach::AccessMethod.into());
        }
        check_general_name(&mut description, Use::Location)?;
    }
    Ok(())
}
