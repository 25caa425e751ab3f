//! What a wildcard DNS name may stand for: one label in the place of its `*`. All in lower case.

/// What comes after the `*` of a wildcard, with its dot.
pub(super) fn of(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(b"*")
        .filter(|rest| rest.first() == Some(&b'.'))
}

/// What comes after the first label of a name that is no wildcard, with its dot.
pub(super) fn parent(name: &[u8]) -> Option<&[u8]> {
    match split(name) {
        (label, rest) if is_in_label(label) && !label.is_empty() && !rest.is_empty() => Some(rest),
        _ => None,
    }
}

/// Whether a name begins with this that has a label before `rest`.
pub(super) fn may_begin(rest: &[u8], part: &[u8]) -> bool {
    let (label, after) = split(part);
    let is_label = is_in_label(label) && (!label.is_empty() || after.is_empty());
    is_label && rest.starts_with(after)
}

/// Whether a name ends with this that has a label before `rest`.
pub(super) fn may_end(rest: &[u8], part: &[u8]) -> bool {
    part.strip_suffix(rest).is_some_and(is_in_label) || rest.ends_with(part)
}

/// Whether this is in a name that has a label before `rest`, at its `*`.
pub(super) fn may_contain(rest: &[u8], part: &[u8]) -> bool {
    let (label, after) = split(part);
    is_in_label(label) && rest.starts_with(after)
}

/// Before the first dot, and from it on.
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    let dot = name.iter().position(|byte| *byte == b'.');
    name.split_at_checked(dot.unwrap_or(name.len()))
        .unwrap_or((name, &[]))
}

fn is_in_label(text: &[u8]) -> bool {
    let is_usual = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() <= 63 && text.iter().all(is_usual)
}
