//! Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b)(c), §6.1.4 (g)).
//!
//! RFC 5280 carries two sets of subtrees down the path and intersects the permitted ones at each
//! CA. A name is in the intersection exactly if it is in the permitted set of each CA, so here each
//! name is held against the constraints of each CA above it, and no set is ever built. The
//! constraints of the trust anchor bind like those of other CAs (RFC 5937 §3.2), and so do the
//! initial subtrees (RFC 5280 §6.1.1 (h), (i)) that a scope has.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::certificate_policies::PathEnd;
use super::failure::{self, Failure};
use super::name_forms::{
    Base, Held, Unprocessable, Within, bytes_to_read, is_mapped_within, is_within,
};
use crate::budget::{Budget, OutOfWork, price};
use crate::error::{NameViolation, Reason, Work};
use crate::path::Step;
use crate::store::Scope;
use crate::x509::{Certificate, GeneralName, email_attributes_of};

/// Holds the names of each certificate against the constraints of each CA above it. Each name and
/// each subtree is read once, and paid for as it is read and whenever it is compared.
pub(super) fn check(path: &[Step<'_>], budget: &Budget) -> Result<(), Failure> {
    let mut names: Vec<Option<Vec<Held<'_>>>> = Vec::new();
    for (above, issuer) in path.iter().enumerate().skip(1).rev() {
        if !issuer.certificate.has_name_constraints() {
            continue;
        }
        let refuse = |at, reason| Failure {
            at,
            reason,
            scope: failure::Scope::Path,
        };
        let certificate = issuer.certificate;
        let subtrees = (
            certificate.permitted_subtrees(),
            certificate.excluded_subtrees(),
        );
        let constraints =
            Constraints::read(subtrees, budget).map_err(|reason| refuse(above, reason))?;
        names.resize_with(path.len(), || None);
        hold(path, above, &mut names, &constraints, budget).map_err(|(at, broken)| {
            let of_ca = |Violation { name, violation }| Reason::NameConstraint {
                name,
                constrained_by: certificate.subject().to_vec(),
                violation,
            };
            refuse(at, broken.reason(of_ca))
        })?;
    }
    Ok(())
}

/// Holds the names of each certificate below the anchor, or of a pinned client, against the initial
/// subtrees of a scope (RFC 5280 §6.1.1 (h), (i)).
pub(super) fn check_scope(
    path: &[Step<'_>],
    end: PathEnd,
    scope: &Scope,
    budget: &Budget,
) -> Result<(), Failure> {
    if !scope.is_restricted() {
        return Ok(());
    }
    let refuse = |at, reason| Failure {
        at,
        reason,
        scope: failure::Scope::Path,
    };
    let below = match end {
        PathEnd::Anchor => path.len().saturating_sub(1),
        PathEnd::Pin => path.len(),
    };
    let constraints = Constraints::read((scope.permitted(), scope.excluded()), budget)
        .map_err(|reason| refuse(0, reason))?;
    let mut names = Vec::new();
    names.resize_with(path.len(), || None);
    hold(path, below, &mut names, &constraints, budget).map_err(|(at, broken)| {
        let of_scope = |Violation { name, violation }| Reason::OutOfScope {
            scope: scope.name().into(),
            name,
            violation,
        };
        refuse(at, broken.reason(of_scope))
    })
}

/// A name that is not as constraints ask, or a limit that was reached before that was known.
enum Broken {
    Violation(Violation),
    Limit(Reason),
}

struct Violation {
    name: String,
    violation: NameViolation,
}

impl Broken {
    fn reason(self, of_violation: impl FnOnce(Violation) -> Reason) -> Reason {
        match self {
            Self::Violation(violation) => of_violation(violation),
            Self::Limit(reason) => reason,
        }
    }
}

impl From<OutOfWork> for Broken {
    fn from(out: OutOfWork) -> Self {
        Self::Limit(out.into())
    }
}

/// Holds the names of the first `above` certificates of a path against constraints. `names` are
/// those that were read before. The error says at which certificate.
fn hold<'a>(
    path: &[Step<'a>],
    above: usize,
    names: &mut [Option<Vec<Held<'a>>>],
    constraints: &Constraints<'_>,
    budget: &Budget,
) -> Result<(), (usize, Broken)> {
    for (at, (step, names)) in path.iter().zip(names).enumerate().take(above).rev() {
        // §6.1.3 (b)(c): a CA may issue to itself whatever the names; the last certificate is
        // always checked.
        if at > 0 && step.is_self_issued {
            continue;
        }
        let names = match names {
            Some(names) => names,
            None => {
                let read = names_of(step.certificate, budget);
                names.insert(read.map_err(|out| (at, out.into()))?)
            }
        };
        names
            .iter()
            .try_for_each(|name| constraints.check_name(name, budget))
            .map_err(|broken| (at, broken))?;
    }
    Ok(())
}

/// The names of a certificate that constraints are about.
fn names_of<'a>(certificate: Certificate<'a>, budget: &Budget) -> Result<Vec<Held<'a>>, OutOfWork> {
    let subject =
        (!certificate.has_empty_subject()).then(|| GeneralName::Directory(certificate.subject()));
    let mut names = Vec::new();
    let mut has_email = false;
    for name in subject.into_iter().chain(certificate.subject_alt_names()) {
        has_email |= matches!(name, GeneralName::Email(_));
        pay_to_read(name, budget)?;
        names.push(Held::new(name));
    }
    if !has_email {
        // §4.2.1.10: then constraints on rfc822Name apply to the emailAddress attributes of the
        // subject.
        for address in email_attributes_of(certificate.subject()) {
            pay_to_read(GeneralName::Email(address.unwrap_or_default()), budget)?;
            names.push(Held::email_attribute(address));
        }
    }
    Ok(names)
}

/// Pays for reading a name or a base, and for preparing what is compared as text.
fn pay_to_read(name: GeneralName<'_>, budget: &Budget) -> Result<(), OutOfWork> {
    let (bytes, characters) = bytes_to_read(name);
    let units = price::preparing(bytes, characters).saturating_add(price::NAME);
    budget.pay(units, Work::NameConstraints)
}

/// The constraints of one CA, or of a scope.
struct Constraints<'a> {
    permitted: Vec<Base<'a>>,
    excluded: Vec<Base<'a>>,
    /// The permitted ones that nothing can be compared with.
    unprocessable: Vec<usize>,
}

impl<'a> Constraints<'a> {
    fn read(
        (permitted, excluded): (
            impl Iterator<Item = GeneralName<'a>>,
            impl Iterator<Item = GeneralName<'a>>,
        ),
        budget: &Budget,
    ) -> Result<Self, Reason> {
        let read = |name| {
            pay_to_read(name, budget)?;
            Ok(Base::new(name))
        };
        let permitted: Result<Vec<_>, Reason> = permitted.map(read).collect();
        let excluded: Result<_, Reason> = excluded.map(read).collect();
        let (permitted, excluded) = (permitted?, excluded?);
        let unprocessable = permitted.iter().enumerate();
        let unprocessable = unprocessable.filter(|(_, base)| base.is_unprocessable());
        Ok(Self {
            unprocessable: unprocessable.map(|(index, _)| index).collect(),
            permitted,
            excluded,
        })
    }

    /// §6.1.3 (b)(c): within one of the permitted subtrees of its form, if there are any, and in
    /// none of the excluded ones.
    fn check_name(&self, name: &Held<'_>, budget: &Budget) -> Result<(), Broken> {
        let violates = |violation| {
            let name = name.to_string();
            Broken::Violation(Violation { name, violation })
        };
        let pay = |base: &Base<'_>| {
            let bytes = base.len().max(name.len());
            budget.pay(price::comparing(bytes), Work::NameConstraints)
        };
        // One that cannot be judged counts, wherever it stands.
        for index in &self.unprocessable {
            if let Some(base) = self.permitted.get(*index) {
                pay(base)?;
                if base.concerns(name) {
                    return Err(violates(NameViolation::Unprocessable));
                }
            }
        }
        let (mut is_constrained, mut is_permitted) = (false, false);
        let mut is_mapped_permitted = None;
        for base in &self.permitted {
            pay(base)?;
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
            // A mapped address has to be permitted in both its spellings.
            if is_permitted && !name.may_be_mapped() {
                break;
            }
        }
        if is_constrained && !is_permitted || is_mapped_permitted == Some(false) {
            return Err(violates(NameViolation::NotPermitted));
        }
        for base in &self.excluded {
            pay(base)?;
            match is_within(name, base, Within::InPart) {
                None | Some(Ok(false)) => {}
                Some(Ok(true)) => return Err(violates(NameViolation::Excluded)),
                Some(Err(Unprocessable)) => return Err(violates(NameViolation::Unprocessable)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use testpki::{Cert, Extension, Key, Name};

    use super::*;
    use crate::path::Node;
    use crate::policy::Limits;
    use crate::x509::Fields;

    /// The units of work that it takes to hold one DNS name against permitted subtrees.
    fn cost(name: &str, bases: &[&str]) -> usize {
        let dns = testpki::GeneralName::dns;
        let subtrees: Vec<_> = bases
            .iter()
            .map(|base| Extension::subtree(&dns(base)))
            .collect();
        let root = Cert::ca("Root", &Key::p256("root"))
            .extension(Extension::name_constraints(&subtrees, &[]));
        let client = Cert::client("", &Key::p256("client"))
            .subject(Name::empty())
            .extension(Extension::subject_alt_name(&[dns(name)]))
            .issued_by(&root);
        let certificates = [client.der(), root.der()];
        let fields = certificates.each_ref().map(|der| Fields::parse(der));
        let path: Vec<_> = (0..2)
            .map(|index| Step {
                node: [Node::Presented(0), Node::Anchor(0)][index],
                certificate: fields[index].as_ref().unwrap().view(&certificates[index]),
                is_self_issued: index == 1,
            })
            .collect();
        let is_enough = |units: usize| {
            // A tenth is for other work.
            let work = (units * 10).div_ceil(9) as u32;
            check(&path, &Budget::new(&Limits::default().with_work(work))).is_ok()
        };
        (0..10_000).find(|units| is_enough(*units)).expect("enough")
    }

    /// To read a name or a base takes 10 units, and one for 2 bytes; to compare two, 2 units, and
    /// one for 32 bytes of the longer one.
    #[test]
    fn the_price_of_names_and_subtrees() {
        let long = |length: usize| {
            let label = "a".repeat(31) + ".";
            label.repeat(length / 32 - 1) + &"b".repeat(32)
        };
        for (name, base, expected) in [
            ("a.b", "b", (10 + 1) + 10 + 2),
            (&long(224), "", (10 + 112) + 10 + (2 + 7)),
            (
                &long(224),
                &"b".repeat(32),
                (10 + 112) + (10 + 16) + (2 + 7),
            ),
            (&long(64), &long(64), 2 * (10 + 32) + (2 + 2)),
        ] {
            assert_eq!(cost(name, &[base]), expected, "{name} within {base}");
        }
        // A base that is longer than the name permits nothing; the second one does.
        let of_long_base = cost("a.b", &[&long(224), "b"]);
        assert_eq!(of_long_base, (10 + 1) + (10 + 112) + 10 + (2 + 7) + 2);
    }
}
