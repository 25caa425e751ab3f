//! Rules that were checked.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt::{self, Write};

use super::compiled::{Node, compile, name_of};
use super::{IdentityMatch, IdentityRule, InvalidIdentityRule, RuleProblem, check};

/// Rules within rules, the match at the end included.
pub(in crate::policy) const MAX_DEPTH: usize = 16;
pub(super) const MAX_RULES: usize = 100_000;
pub(super) const MAX_BYTES: usize = 4_096;

/// A rule that was checked, in a form that is fast to apply. Clones share it.
///
/// What it costs to apply is part of [`Limits::work`](super::super::Limits::work): each match of a
/// part, and each `Not`, `All` and `Any`, is tried in turn. Exact matches in an `Any` are looked
/// up.
#[derive(Clone)]
pub struct IdentityRules(Arc<Rules>);

struct Rules {
    rule: IdentityRule,
    compiled: Node,
    depends_on_path: bool,
}

impl IdentityRules {
    /// How deep rules may be nested, the match at the end included.
    pub const MAX_DEPTH: usize = MAX_DEPTH;
    /// How many rules there may be: each match, and each `All`, `Any` and `Not`.
    pub const MAX_RULES: usize = MAX_RULES;
    /// How many bytes a text or another value of a match may have.
    pub const MAX_BYTES: usize = MAX_BYTES;

    /// Checks a rule.
    ///
    /// # Errors
    /// The first rule in it that could match nobody, that a client could void, or that is beyond
    /// one of the limits. See [`RuleProblem`].
    pub fn new(rule: impl Into<IdentityRule>) -> Result<Self, InvalidIdentityRule> {
        let rule = rule.into();
        let mut check = Check {
            path: String::new(),
            left: MAX_RULES,
        };
        match check.rule(&rule, MAX_DEPTH, Sense::AsSaid) {
            Ok(()) => {}
            Err(problem) => return Err(InvalidIdentityRule::new(check.path, problem)),
        }
        let compiled = compile(&rule);
        let depends_on_path = depends_on_path(&rule);
        Ok(Self(Arc::new(Rules {
            rule,
            compiled,
            depends_on_path,
        })))
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &IdentityRule {
        &self.0.rule
    }

    pub(super) fn depends_on_path(&self) -> bool {
        self.0.depends_on_path
    }

    pub(crate) fn compiled(&self) -> &Node {
        &self.0.compiled
    }
}

impl PartialEq for IdentityRules {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.rule() == other.rule()
    }
}

impl Eq for IdentityRules {}

impl fmt::Debug for IdentityRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IdentityRules").field(self.rule()).finish()
    }
}

/// Whether a match is about more than the client's certificate.
fn depends_on_path(rule: &IdentityRule) -> bool {
    match rule {
        IdentityRule::All(rules) | IdentityRule::Any(rules) => rules.iter().any(depends_on_path),
        IdentityRule::Not(rule) => depends_on_path(rule),
        IdentityRule::Match(one) => matches!(one, IdentityMatch::CertificatePolicy(_)),
    }
}

/// What a match is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// It lets clients in: it is within no `Not`, or within an even number of them.
    AsSaid,
    /// It keeps clients out: it is within an odd number of them.
    Negated,
}

impl Sense {
    fn negated(self) -> Self {
        match self {
            Self::AsSaid => Self::Negated,
            Self::Negated => Self::AsSaid,
        }
    }
}

/// Checks rules, and notes where it is.
struct Check {
    path: String,
    left: usize,
}

impl Check {
    /// Checks a rule that may be so deep.
    fn rule(&mut self, rule: &IdentityRule, depth: usize, sense: Sense) -> Result<(), RuleProblem> {
        // Before the path goes on: it names what is too deep, or one too many.
        let depth = depth.checked_sub(1).ok_or(RuleProblem::TooDeep)?;
        self.left = self.left.checked_sub(1).ok_or(RuleProblem::TooMany)?;
        match rule {
            IdentityRule::All(rules) => self.rules("all", rules, depth, sense),
            IdentityRule::Any(rules) => self.rules("any", rules, depth, sense),
            IdentityRule::Not(rule) => {
                let negated = sense.negated();
                self.within(format_args!("not"), |check| {
                    check.rule(rule, depth, negated)
                })
            }
            IdentityRule::Match(one) => self.within(format_args!("{}", name_of(one)), |_| {
                check::check(one, sense)
            }),
        }
    }

    fn rules(
        &mut self,
        name: &str,
        rules: &[IdentityRule],
        depth: usize,
        sense: Sense,
    ) -> Result<(), RuleProblem> {
        if rules.is_empty() {
            return self.within(format_args!("{name}"), |_| Err(RuleProblem::NoRules));
        }
        rules.iter().enumerate().try_for_each(|(index, rule)| {
            self.within(format_args!("{name}[{index}]"), |check| {
                check.rule(rule, depth, sense)
            })
        })
    }

    /// Checks what is in one more step of the path, which stays if that is wrong.
    fn within(
        &mut self,
        step: fmt::Arguments<'_>,
        check: impl FnOnce(&mut Self) -> Result<(), RuleProblem>,
    ) -> Result<(), RuleProblem> {
        let end = self.path.len();
        let dot = if end == 0 { "" } else { "." };
        // Writing to a String cannot fail.
        let _ = write!(self.path, "{dot}{step}");
        check(self)?;
        self.path.truncate(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
