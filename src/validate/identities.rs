//! Which identities are let in.

mod explain;
mod values;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use core::ops::Not;

use crate::budget::{Budget, OutOfWork, price};
use crate::error::{Reason, Work};
use crate::identity::{Identity, Names};
use crate::policy::{
    AcceptedIdentities, Field, Found, IdentityRules, Index, Key, Likeness, Node, Test,
    fits_dns_glob, fits_uri_glob,
};

use super::PolicySet;
use explain::refusal;
use values::{Value, Values, read};

/// What rules on identities are about.
pub(crate) struct Subject<'a> {
    pub(crate) identity: Identity<'a>,
    /// The scope whose anchor vouches for the client.
    pub(crate) scope: Option<&'a str>,
    /// The certificate policies that the path is valid for; only asked for where a rule is on them.
    pub(crate) policies: &'a dyn Fn() -> Result<PolicySet, Reason>,
}

/// Checks that the identity is one of those that a policy accepts.
pub(crate) fn check_accepted(
    subject: &Subject<'_>,
    accepted: &AcceptedIdentities,
    budget: &Budget,
) -> Result<(), Reason> {
    match accepted {
        AcceptedIdentities::Any => Ok(()),
        AcceptedIdentities::Nobody => Err(Reason::IdentityNotAccepted {
            rule: "nobody".into(),
            found: [].into(),
        }),
        AcceptedIdentities::Rule(rules) => check_rules(subject, rules, budget),
    }
}

fn check_rules(
    subject: &Subject<'_>,
    rules: &IdentityRules,
    budget: &Budget,
) -> Result<(), Reason> {
    let mut trial = Trial {
        subject,
        budget,
        values: BTreeMap::new(),
    };
    match trial.node(rules.compiled())? {
        Truth::Holds => Ok(()),
        Truth::Fails | Truth::Unclear => Err(refusal(&mut trial, rules)),
    }
}

/// Whether a rule holds, in Kleene's logic of three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Holds,
    Fails,
    Unclear,
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Unclear => Self::Unclear,
        }
    }
}

/// One client, held to rules.
struct Trial<'a, 'r> {
    subject: &'a Subject<'a>,
    budget: &'a Budget,
    /// Of each field that was looked at.
    values: BTreeMap<&'r Field, Rc<Values<'a>>>,
}

impl<'a, 'r> Trial<'a, 'r> {
    fn pay(&self, units: usize) -> Result<(), OutOfWork> {
        self.budget.pay(units, Work::Identities)
    }

    fn node(&mut self, node: &'r Node) -> Result<Truth, Reason> {
        self.pay(price::COMPARISON)?;
        match node {
            Node::All(nodes) => self.all(nodes),
            Node::Any(indexes, nodes) => self.any(indexes, nodes),
            Node::Not(node) => Ok(!self.node(node)?),
            Node::Match(field, test) => {
                let values = self.values(field)?;
                self.some(&values, |trial, value| trial.test(test, value))
            }
        }
    }

    fn all(&mut self, nodes: &'r [Node]) -> Result<Truth, Reason> {
        let mut truth = Truth::Holds;
        for node in nodes {
            match self.node(node)? {
                Truth::Holds => {}
                Truth::Fails => return Ok(Truth::Fails),
                // One that fails may follow.
                Truth::Unclear => truth = Truth::Unclear,
            }
        }
        Ok(truth)
    }

    fn any(&mut self, indexes: &'r [Index], nodes: &'r [Node]) -> Result<Truth, Reason> {
        let mut truth = Truth::Fails;
        for index in indexes {
            let values = self.values(&index.field)?;
            match self.some(&values, |trial, value| trial.look_up(index, value))? {
                Truth::Holds => return Ok(Truth::Holds),
                Truth::Unclear => truth = Truth::Unclear,
                Truth::Fails => {}
            }
        }
        for node in nodes {
            match self.node(node)? {
                Truth::Holds => return Ok(Truth::Holds),
                Truth::Unclear => truth = Truth::Unclear,
                Truth::Fails => {}
            }
        }
        Ok(truth)
    }

    /// Whether one of the values passes. Where one would that is no identity, it is unclear: a rule
    /// that keeps out a name does so also where that name lets in nobody.
    fn some(
        &self,
        values: &Values<'a>,
        passes: impl Fn(&Self, &Value<'a>) -> Result<Truth, Reason>,
    ) -> Result<Truth, Reason> {
        match (self.some_of(values, &passes)?, &values.all) {
            (Truth::Fails, Some(all)) => match self.some_of(all, &passes)? {
                Truth::Fails => Ok(Truth::Fails),
                Truth::Holds | Truth::Unclear => Ok(Truth::Unclear),
            },
            (truth, _) => Ok(truth),
        }
    }

    fn some_of(
        &self,
        values: &Values<'a>,
        passes: &impl Fn(&Self, &Value<'a>) -> Result<Truth, Reason>,
    ) -> Result<Truth, Reason> {
        if values.is_every {
            return Ok(Truth::Holds);
        }
        let mut truth = match values.has_unreadable {
            true => Truth::Unclear,
            false => Truth::Fails,
        };
        for value in &values.known {
            match passes(self, value)? {
                Truth::Holds => return Ok(Truth::Holds),
                Truth::Unclear => truth = Truth::Unclear,
                Truth::Fails => {}
            }
        }
        Ok(truth)
    }

    /// The values of a field, read once.
    fn values(&mut self, field: &'r Field) -> Result<Rc<Values<'a>>, Reason> {
        if let Some(values) = self.values.get(field) {
            return Ok(Rc::clone(values));
        }
        let mut values = read(self.subject, field, self.budget)?;
        if self.subject.identity.has_hidden_names() {
            let whole = Subject {
                identity: self.subject.identity.with_names(Names::ALL),
                ..*self.subject
            };
            values.all = Some(Box::new(read(&whole, field, self.budget)?));
        }
        let values = Rc::new(values);
        self.values.insert(field, Rc::clone(&values));
        Ok(values)
    }

    fn look_up(&self, index: &Index, value: &Value<'a>) -> Result<Truth, Reason> {
        let comparison = price::comparing(value.exact.len());
        self.pay(comparison.saturating_mul(index.steps()))?;
        let may_stand_for = || index.has_wildcard(&value.exact);
        if value.is_wildcard {
            self.pay(comparison.saturating_mul(index.steps()))?;
        }
        Ok(match index.find(value.near(), &value.exact) {
            Found::Equal => Truth::Holds,
            Found::Nothing if value.is_wildcard && may_stand_for() => Truth::Unclear,
            Found::Nothing if value.is_certain => Truth::Fails,
            Found::Nothing | Found::Near => Truth::Unclear,
        })
    }

    fn test(&self, test: &Test, value: &Value<'a>) -> Result<Truth, Reason> {
        self.pay(price::matching(value.exact.len()))?;
        if let Some(part) = test.part() {
            self.pay(price::matching(part))?;
            // One that may mean another value has no certain part.
            if !value.is_certain {
                return Ok(Truth::Unclear);
            }
        }
        let exact = || match value.is_certain {
            true => Truth::Fails,
            false => Truth::Unclear,
        };
        let near = value.near();
        let truth = match test {
            Test::Exact(key) if *key.exact == *value.exact => Truth::Holds,
            Test::Exact(key) if *key.near == *near => Truth::Unclear,
            Test::Exact(_) => exact(),
            Test::ExactOrUnclear(key) if *key.exact == *value.exact => Truth::Holds,
            Test::ExactOrUnclear(_) => Truth::Unclear,
            Test::Prefix(key) => self.part(key, value, |part, whole| whole.starts_with(part))?,
            Test::Suffix(key) => self.part(key, value, |part, whole| whole.ends_with(part))?,
            Test::Contains(key) => self.part(key, value, is_within)?,
            Test::DnsGlob(pattern) => match fits_dns_glob(pattern, text(&value.exact)) {
                Likeness::Fits => Truth::Holds,
                Likeness::MayFit => Truth::Unclear,
                Likeness::Differs => Truth::Fails,
            },
            Test::UriGlob(key) => match fits_uri_glob(text(&key.exact), text(&value.exact)) {
                Likeness::Fits => Truth::Holds,
                Likeness::MayFit => Truth::Unclear,
                Likeness::Differs => {
                    self.pay(price::matching(near.len().saturating_add(key.near.len())))?;
                    match fits_uri_glob(text(&key.near), text(near)) {
                        Likeness::Differs => Truth::Fails,
                        Likeness::Fits | Likeness::MayFit => Truth::Unclear,
                    }
                }
            },
            Test::Network(network) => {
                let contains = |octets| {
                    values::address(octets).is_some_and(|address| network.contains(address))
                };
                let other = values::address(&value.exact).and_then(values::other_version);
                match contains(&value.exact) {
                    true => Truth::Holds,
                    false if other.is_some_and(|other| network.contains(other)) => Truth::Unclear,
                    false => Truth::Fails,
                }
            }
            Test::Below(base) => match base.matches(text(&value.exact)) {
                true => Truth::Holds,
                false => exact(),
            },
            Test::Present => Truth::Holds,
        };
        let is_unclear =
            truth == Truth::Fails && value.is_wildcard && test.may_pass_wildcard(&value.exact);
        Ok(if is_unclear { Truth::Unclear } else { truth })
    }

    /// Holds a value that is certain to a part; to what others may take both for only where that
    /// can make a difference.
    fn part(
        &self,
        key: &Key,
        value: &Value<'a>,
        is_part: fn(&[u8], &[u8]) -> bool,
    ) -> Result<Truth, Reason> {
        if is_part(&key.exact, &value.exact) {
            return Ok(Truth::Holds);
        }
        let near = value.near();
        if *key.near == *key.exact && *near == *value.exact {
            return Ok(Truth::Fails);
        }
        self.pay(price::matching(near.len().saturating_add(key.near.len())))?;
        Ok(match is_part(&key.near, near) {
            true => Truth::Unclear,
            false => Truth::Fails,
        })
    }
}

/// Values of fields that are text are text.
fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// In time that grows with the length of both.
fn is_within(part: &[u8], whole: &[u8]) -> bool {
    part.len() <= whole.len() && text(whole).contains(text(part))
}

#[cfg(test)]
mod tests;
