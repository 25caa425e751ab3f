//! How names are shown: by RFC 4514, attribute by attribute. The verdict is not what these are
//! about, the path is.

use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};
use crate::{Attribute, Name, StringType, oid};

/// organizationIdentifier, which has no short name.
const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";

pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, description: &str, subject: Name, shown: &str| {
        Case::new(&format!("shown-{name}"), "RFC 4514 §2.3, §2.4", description)
            .chain(&[alice_of(&root()).subject(subject)])
            .path(&[shown, "CN=Root"])
    };
    let cn = |string_type, text| Name::new(&[Attribute::new(oid::COMMON_NAME, string_type, text)]);
    vec![
        case(
            "printable-underscore",
            "A PrintableString with a character that it does not have is text all the same.",
            cn(StringType::Printable, "device_7"),
            "CN=device_7",
        ),
        case(
            "printable-mailbox",
            "A mailbox in a PrintableString is text.",
            cn(StringType::Printable, "a@b.example"),
            "CN=a@b.example",
        ),
        case(
            "bmp",
            "A BMPString is text.",
            cn(StringType::Bmp, "Zoë €"),
            "CN=Zoë €",
        ),
        case(
            "universal",
            "A UniversalString is text.",
            cn(StringType::Universal, "Zoë"),
            "CN=Zoë",
        ),
        case(
            "teletex-ascii",
            "A TeletexString of ASCII is text.",
            cn(StringType::Teletex, "device 7"),
            "CN=device 7",
        ),
        case(
            "teletex",
            "A TeletexString of more than ASCII can be read in several ways, and is shown as its DER.",
            cn(StringType::Teletex, "Zoë"),
            "2.5.4.3=#14035a6feb",
        ),
        case(
            "one-odd-attribute",
            "An attribute without a short name is shown as its type and the DER of its value, and leaves the others as they are.",
            Name::from_levels(&[
                &[Attribute::organization("Example")],
                &[Attribute::new(
                    ORGANIZATION_IDENTIFIER,
                    StringType::Utf8,
                    "X",
                )],
                &[Attribute::common_name("device 7")],
            ]),
            "CN=device 7,2.5.4.97=#0c0158,O=Example",
        ),
        case(
            "large-type",
            "An attribute type is of any size.",
            Name::new(&[
                Attribute::organization("Example"),
                Attribute::new(
                    "2.25.340282366920938463463374607431768211455",
                    StringType::Utf8,
                    "X",
                ),
            ]),
            "2.25.340282366920938463463374607431768211455=#0c0158,O=Example",
        ),
        case(
            "escaped",
            "Special characters have a backslash before them, and what is not to be seen is in hexadecimal digits.",
            cn(
                StringType::Utf8,
                " #a,b+c\"d\\e<f>g;h\u{ad}i\u{200b}j\u{a0}k\u{e0041} ",
            ),
            "CN=\\ #a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\C2\\ADi\\E2\\80\\8Bj\\C2\\A0k\\F3\\A0\\81\\81\\ ",
        ),
    ]
}
