//! Which values of names are text, and how a value is shown that begins as none should.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};
use crate::{Attribute, Name, StringType, oid};

pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, rule: &str, description: &str, string_type, text: &str, shown: &str| {
        let common_name = Attribute::new(oid::COMMON_NAME, string_type, text);
        Case::new(name, rule, description)
            .chain(&[alice_of(&root()).subject(Name::new(&[common_name]))])
            .path(&[shown, "CN=Root"])
    };
    let identity = |name: &str, description: &str, string_type, text: &str| {
        case(
            &format!("identity-cn-{name}"),
            "X.680 §41, AcceptedIdentities",
            description,
            string_type,
            text,
            &format!("CN={text}"),
        )
        .identities(&[("common-name.exact", text)])
    };
    let shown = |name: &str, description: &str, string_type, text: &str, shown: &str| {
        let name = format!("shown-{name}");
        case(
            &name,
            "RFC 4514 §2.4",
            description,
            string_type,
            text,
            shown,
        )
    };
    vec![
        identity("bmp", "A common name in BMPString.", StringType::Bmp, "Zoë"),
        identity(
            "bmp-surrogates",
            "A common name in BMPString with a pair of surrogates, which UCS-2 does not have: no text.",
            StringType::Bmp,
            "😀",
        )
        .refuse("identity-not-accepted", "client"),
        identity(
            "universal",
            "The same character in UniversalString is text.",
            StringType::Universal,
            "😀",
        ),
        identity(
            "visible",
            "A common name in VisibleString.",
            StringType::Visible,
            "alice",
        ),
        identity(
            "numeric",
            "A common name in NumericString.",
            StringType::Numeric,
            "007",
        ),
        identity(
            "visible-not-ascii",
            "A common name in VisibleString that is UTF-8: no text.",
            StringType::Visible,
            "Zoë",
        )
        .refuse("identity-not-accepted", "client"),
        shown(
            "bmp-surrogates",
            "A BMPString with surrogates is shown as its DER.",
            StringType::Bmp,
            "😀",
            "2.5.4.3=#1e04d83dde00",
        ),
        shown(
            "mark-first",
            "A combining mark at the beginning would change the sign before it.",
            StringType::Utf8,
            "\u{338}alice",
            "CN=\\CC\\B8alice",
        ),
        shown(
            "mark-later",
            "A combining mark belongs to the letter before it.",
            StringType::Utf8,
            "Zoe\u{308}",
            "CN=Zoe\u{308}",
        ),
    ]
}
