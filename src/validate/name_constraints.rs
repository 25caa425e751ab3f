//! Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b)(c), §6.1.4 (g)).
//!
//! RFC 5280 carries two sets of subtrees down the path and intersects the permitted ones at each CA. A name is in the
//! intersection exactly if it is in the permitted set of each CA, so here each name is held against the constraints of each CA
//! above it, and no set is ever built. The constraints of the trust anchor bind like those of other CAs (RFC 5937 §3.2).

use alloc::string::ToString;
use alloc::vec::Vec;

use super::Role;
use super::name_forms::{
    Base, Held, Unprocessable, Within, folded_bytes, is_mapped_within, is_within,
};
use crate::error::{NameViolation, Reason};
use crate::path::Step;
use crate::validate::{Failure, Scope};
use crate::x509::{Certificate, GeneralName, email_attributes_of};

/// How many more names may be compared with subtrees. One for a whole verification, whatever paths it judges.
#[derive(Debug)]
pub(crate) struct NameComparisons {
    limit: u32,
    left: u32,
    /// How much preparing is left that costs nothing besides.
    prepared_free: u32,
}

impl NameComparisons {
    pub(crate) fn new(limit: u32) -> Self {
        // 8,000 subtrees once, or 500 directory names of usual size: more than real chains have.
        const PREPARED_FREE: u32 = 8_192;
        Self {
            limit,
            left: limit,
            prepared_free: PREPARED_FREE,
        }
    }

    /// Pays for a comparison: one, and one more for each 64 bytes of the longer side.
    fn pay(&mut self, bytes: usize) -> Result<(), Reason> {
        let price = u32::try_from(bytes / 64)
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self.take(price)
    }

    /// Pays for preparing a name or a subtree: one, and as much as 16 comparisons for each 64 bytes
    /// that are folded. Nobody pays for the first of these, which are all that real chains have.
    fn pay_for_preparing(&mut self, folded_bytes: usize) -> Result<(), Reason> {
        let price = u32::try_from(folded_bytes.div_ceil(64)).unwrap_or(u32::MAX);
        let price = price.saturating_mul(16).saturating_add(1);
        let free = price.min(self.prepared_free);
        self.prepared_free = self.prepared_free.saturating_sub(free);
        self.take(price.saturating_sub(free))
    }

    fn take(&mut self, price: u32) -> Result<(), Reason> {
        self.left = self
            .left
            .checked_sub(price)
            .ok_or(Reason::NameComparisonLimit { limit: self.limit })?;
        Ok(())
    }
}

/// Holds the names of each certificate against the constraints of each CA above it.
pub(super) fn check(path: &[Step<'_>], comparisons: &mut NameComparisons) -> Result<(), Failure> {
    for (above, issuer) in path.iter().enumerate().skip(1).rev() {
        if !issuer.certificate.has_name_constraints() {
            continue;
        }
        let refuse = |at, reason| Failure {
            at,
            reason,
            scope: Scope::Path,
        };
        let constraints = Constraints::of(issuer.certificate, comparisons)
            .map_err(|reason| refuse(above, reason))?;
        let below = path.iter().enumerate().take(above).rev();
        for (at, step) in below {
            let role = if at == 0 { Role::Client } else { Role::Issuer };
            constraints
                .check_names(step, role, comparisons)
                .map_err(|reason| refuse(at, reason))?;
        }
    }
    Ok(())
}

/// The constraints of one CA.
struct Constraints<'a> {
    issuer: Certificate<'a>,
    permitted: Vec<Base<'a>>,
    excluded: Vec<Base<'a>>,
}

impl<'a> Constraints<'a> {
    fn of(issuer: Certificate<'a>, comparisons: &mut NameComparisons) -> Result<Self, Reason> {
        let mut prepare = |name| {
            comparisons.pay_for_preparing(folded_bytes(name))?;
            Ok(Base::new(name))
        };
        let permitted: Result<_, Reason> = issuer.permitted_subtrees().map(&mut prepare).collect();
        let excluded: Result<_, Reason> = issuer.excluded_subtrees().map(prepare).collect();
        let (permitted, excluded) = (permitted?, excluded?);
        Ok(Self {
            issuer,
            permitted,
            excluded,
        })
    }

    fn check_names(
        &self,
        step: &Step<'_>,
        role: Role,
        comparisons: &mut NameComparisons,
    ) -> Result<(), Reason> {
        // §6.1.3 (b)(c): a CA may issue to itself whatever the names; the last certificate is
        // always checked.
        let certificate = step.certificate;
        if role != Role::Client && step.is_self_issued {
            return Ok(());
        }
        if !certificate.has_empty_subject() {
            let subject = GeneralName::Directory(certificate.subject());
            self.check_general_name(subject, comparisons)?;
        }
        let mut has_email = false;
        for name in certificate.subject_alt_names() {
            has_email |= matches!(name, GeneralName::Email(_));
            self.check_general_name(name, comparisons)?;
        }
        if !has_email {
            // §4.2.1.10: then constraints on rfc822Name apply to the emailAddress attributes of the
            // subject.
            for address in email_attributes_of(certificate.subject()) {
                self.check_name(&Held::email_attribute(address), comparisons)?;
            }
        }
        Ok(())
    }

    fn check_general_name(
        &self,
        name: GeneralName<'_>,
        comparisons: &mut NameComparisons,
    ) -> Result<(), Reason> {
        comparisons.pay_for_preparing(folded_bytes(name))?;
        self.check_name(&Held::new(name), comparisons)
    }

    /// §6.1.3 (b)(c): within one of the permitted subtrees of its form, if there are any, and in
    /// none of the excluded ones.
    fn check_name(&self, name: &Held<'_>, comparisons: &mut NameComparisons) -> Result<(), Reason> {
        let violates = |violation| Reason::NameConstraint {
            name: name.to_string(),
            constrained_by: self.issuer.subject().to_vec(),
            violation,
        };
        let (mut is_constrained, mut is_permitted) = (false, false);
        let mut is_mapped_permitted = None;
        for base in &self.permitted {
            comparisons.pay(base.len().max(name.len()))?;
            if let Some(within) = is_mapped_within(name, base) {
                is_mapped_permitted = Some(within || is_mapped_permitted == Some(true));
            }
            match is_within(name, base, Within::Wholly) {
                None => {}
                Some(Ok(within)) => {
                    is_constrained = true;
                    is_permitted |= within;
                }
                Some(Err(Unprocessable)) => return Err(violates(NameViolation::Unprocessable)),
            }
        }
        if is_constrained && !is_permitted || is_mapped_permitted == Some(false) {
            return Err(violates(NameViolation::NotPermitted));
        }
        for base in &self.excluded {
            comparisons.pay(base.len().max(name.len()))?;
            match is_within(name, base, Within::InPart) {
                None | Some(Ok(false)) => {}
                Some(Ok(true)) => return Err(violates(NameViolation::Excluded)),
                Some(Err(Unprocessable)) => return Err(violates(NameViolation::Unprocessable)),
            }
        }
        Ok(())
    }
}
