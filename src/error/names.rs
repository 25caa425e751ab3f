//! Stable names for the variants of an error.

/// Gives each variant its name, and lists the names. The documentation is that of `name`.
macro_rules! names {
    ($type:ident, $(#[$doc:meta])* $($variant:ident $name:literal,)*) => {
        impl $type {
            /// Every [`name`](Self::name) there is, for metrics that begin at 0:
            ///
            $(#[doc = concat!(
                "- `", $name, "`: [`", stringify!($variant), "`](Self::", stringify!($variant), ")"
            )])*
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            $(#[$doc])*
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)*
                }
            }
        }
    };
}

pub(super) use names;

/// They are labels of metrics: each is one, and plain.
#[cfg(test)]
pub(super) fn assert_plain_and_unique(names: &[&str]) {
    for (index, name) in names.iter().enumerate() {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(!name.is_empty() && name.bytes().all(is_plain), "{name}");
        let others = names.iter().skip(index.saturating_add(1));
        assert!(!others.into_iter().any(|other| other == name), "{name}");
    }
}
