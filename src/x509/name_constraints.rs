//! The nameConstraints extension (RFC 5280 §4.2.1.10).

use super::der::{Element, Problem, Reader, Span, tag};
use super::general_name::{GeneralName, IpForm};

/// The subtrees of a nameConstraints extension, each list as the content of its GeneralSubtrees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameConstraints {
    pub(super) permitted: Span,
    pub(super) excluded: Span,
}

impl NameConstraints {
    pub(super) const ABSENT: Self = Self {
        permitted: Span::ABSENT,
        excluded: Span::ABSENT,
    };

    /// `NameConstraints ::= SEQUENCE { permittedSubtrees [0] OPTIONAL, excludedSubtrees [1]
    /// OPTIONAL }`, at least one of them, and neither empty.
    pub(super) fn read(sequence: &Element<'_>) -> Result<Self, Problem> {
        let mut fields = sequence.reader();
        if fields.is_empty() {
            return Err(Problem::Empty);
        }
        let mut subtrees = |number| match fields.optional(tag::context_constructed(number))? {
            Some(list) => check_subtrees(&list).map(|()| list.value_span()),
            None => Ok(Span::ABSENT),
        };
        let constraints = Self {
            permitted: subtrees(0)?,
            excluded: subtrees(1)?,
        };
        fields.finish()?;
        Ok(constraints)
    }
}

fn check_subtrees(list: &Element<'_>) -> Result<(), Problem> {
    let mut subtrees = list.reader();
    if subtrees.is_empty() {
        return Err(Problem::Empty);
    }
    while !subtrees.is_empty() {
        next_subtree(&mut subtrees)?;
    }
    Ok(())
}

/// The bases of a list of subtrees; none of an absent list.
pub(super) fn bases(list: &[u8]) -> impl Iterator<Item = GeneralName<'_>> + Clone {
    let mut subtrees = Reader::new(list);
    core::iter::from_fn(move || next_subtree(&mut subtrees).ok())
}

/// `GeneralSubtree ::= SEQUENCE { base, minimum [0] DEFAULT 0, maximum [1] OPTIONAL }`. Nobody uses
/// minimum and maximum, and RFC 5280 has them zero and absent; what says otherwise cannot be
/// processed and is refused with the certificate.
fn next_subtree<'a>(subtrees: &mut Reader<'a>) -> Result<GeneralName<'a>, Problem> {
    let mut subtree = subtrees.expect(tag::SEQUENCE)?.reader();
    let base = GeneralName::read_as(&mut subtree, IpForm::Subnet)?;
    if let Some(minimum) = subtree.optional(tag::context(0))?
        && minimum.value != [0]
    {
        return Err(Problem::OutOfRange);
    }
    if subtree.optional(tag::context(1))?.is_some() {
        return Err(Problem::OutOfRange);
    }
    subtree.finish()?;
    Ok(base)
}

/// The base of one GeneralSubtree, its DER and nothing else.
pub(crate) fn subtree_base(der: &[u8]) -> Option<GeneralName<'_>> {
    let mut subtrees = Reader::new(der);
    let base = next_subtree(&mut subtrees).ok()?;
    subtrees.finish().ok().map(|()| base)
}

/// Ones and then zeroes, as CIDR has it (RFC 4632 §3.1).
pub(crate) fn is_prefix_mask(mask: &[u8]) -> bool {
    let mut bytes = mask.iter().skip_while(|byte| **byte == 0xff);
    let first = bytes.next().copied().unwrap_or(0);
    first.leading_ones().saturating_add(first.trailing_zeros()) == 8 && bytes.all(|byte| *byte == 0)
}
