//! Directory names in many spellings (RFC 5280 §7.1, RFC 4518), and mailboxes of the subject that
//! cannot be read.

use crate::cases::Case;
use crate::cases::fixture::{alice, issuing};
use crate::cases::name_constraints::{NAME_CONSTRAINT, case, constraint, directory, organization};
use crate::name::StringType::{Bmp, Ia5, Printable, Teletex, Universal, Utf8};
use crate::{Attribute, Extension, GeneralName, Name, StringType, der, oid};

pub(super) fn cases() -> Vec<Case> {
    [
        the_same_name(),
        other_names(),
        unreadable_names(),
        relative_names(),
        email_attributes(),
        addresses(),
    ]
    .concat()
}

/// The issuing CA permits or excludes `O=Evil Corp`, and the client's subject is this.
fn held(case: Case, list: &str, subject: &Name) -> Case {
    let base = [directory(&[organization("Evil Corp")])];
    let constraint = match list {
        "permitted" => constraint(&base, &[]),
        _ => constraint(&[], &base),
    };
    case.chain(&[
        alice().subject(subject.clone()),
        issuing().extension(constraint),
    ])
}

/// Accepted, the organization shown like this.
fn path(case: Case, organization: &str) -> Case {
    let subject = format!("O={organization}");
    case.path(&[&subject, "CN=Issuing CA", "CN=Root"])
}

/// The organization in some spelling.
fn spelled(string_type: StringType, text: &str) -> Name {
    Name::new(&[Attribute::new(oid::ORGANIZATION, string_type, text)])
}

const LISTS: [&str; 2] = ["permitted", "excluded"];

/// Spellings of `Evil Corp` that RFC 4518 finds equal to it: permitted, and not outside of what is
/// excluded.
fn the_same_name() -> Vec<Case> {
    [
        ("case", Utf8, "EVIL corp", "EVIL corp", "Other letters."),
        (
            "soft-hyphen",
            Utf8,
            "Evil\u{ad} Corp",
            "Evil\\C2\\AD Corp",
            "A soft hyphen is mapped to nothing.",
        ),
        (
            "zero-width",
            Utf8,
            "Ev\u{200b}il Corp",
            "Ev\\E2\\80\\8Bil Corp",
            "A zero width space is mapped to nothing.",
        ),
        (
            "direction",
            Utf8,
            "\u{200e}Evil Corp",
            "\\E2\\80\\8EEvil Corp",
            "A mark of direction is mapped to nothing.",
        ),
        (
            "delete",
            Utf8,
            "Evil\u{7f} Corp",
            "Evil\\7f Corp",
            "DEL is mapped to nothing.",
        ),
        (
            "control",
            Utf8,
            "Evil \u{1}Corp",
            "Evil \\01Corp",
            "A control character is mapped to nothing.",
        ),
        (
            "no-break-space",
            Utf8,
            "Evil\u{a0}Corp",
            "Evil\\C2\\A0Corp",
            "A no-break space is a space.",
        ),
        (
            "full-width",
            Utf8,
            "\u{ff25}vil Corp",
            "\u{ff25}vil Corp",
            "A full-width letter is the letter (NFKC).",
        ),
        (
            "script-letter",
            Utf8,
            "Evi\u{2113} Corp",
            "Evi\u{2113} Corp",
            "A script letter is the letter (NFKC).",
        ),
        (
            "variation",
            Utf8,
            "Evil Corp\u{fe0f}",
            "Evil Corp\\EF\\B8\\8F",
            "A variation selector is mapped to nothing.",
        ),
        (
            "printable",
            Printable,
            "Evil Corp",
            "Evil Corp",
            "PrintableString.",
        ),
        ("ia5", Ia5, "Evil Corp", "Evil Corp", "IA5String."),
        ("bmp", Bmp, "Evil Corp", "Evil Corp", "BMPString."),
        (
            "universal",
            Universal,
            "Evil Corp",
            "Evil Corp",
            "UniversalString.",
        ),
    ]
    .into_iter()
    .flat_map(|(label, string_type, text, shown, description)| {
        LISTS.map(|list| {
            let case = case(
                &format!("spelling-{label}-{list}"),
                &format!("{description} The subtree is {list}."),
            );
            let case = path(held(case, list, &spelled(string_type, text)), shown);
            match list {
                "permitted" => case,
                _ => case
                    .refuse(NAME_CONSTRAINT, "client")
                    .message(&format!("O={shown}, excluded by")),
            }
        })
    })
    .collect()
}

/// Names that are others, however similar.
fn other_names() -> Vec<Case> {
    [
        (
            "cyrillic",
            "\u{415}vil Corp",
            "A letter of another script that looks the same.",
        ),
        ("accent", "\u{c9}vil Corp", "A letter with an accent."),
        ("joined", "EvilCorp", "No space where there is one."),
    ]
    .into_iter()
    .flat_map(|(label, text, description)| {
        LISTS.map(|list| {
            let case = case(
                &format!("spelling-{label}-{list}"),
                &format!("{description} The subtree is {list}."),
            );
            let case = path(held(case, list, &spelled(Utf8, text)), text);
            match list {
                "permitted" => case
                    .refuse(NAME_CONSTRAINT, "client")
                    .message(&format!("O={text}, not permitted by")),
                _ => case,
            }
        })
    })
    .collect()
}

/// What nobody can compare is neither permitted nor known to be outside of what is excluded.
fn unreadable_names() -> Vec<Case> {
    let raw = |tag: u8, value: &[u8]| {
        let value = der::tlv(tag, value);
        let attribute = der::sequence(&[der::oid(oid::ORGANIZATION), value]);
        Name::raw(der::sequence(&[der::set(&[attribute])]))
    };
    [
        (
            "teletex",
            spelled(Teletex, "Evil Corp"),
            "A TeletexString, of which only Latin-1 is a common reading.",
        ),
        (
            "private-use",
            spelled(Utf8, "Evil Corp\u{e000}"),
            "A character for private use is prohibited (RFC 4518 §2.4).",
        ),
        (
            "unassigned",
            spelled(Utf8, "Evil\u{378} Corp"),
            "An unassigned character is prohibited (RFC 4518 §2.4).",
        ),
        (
            "replacement",
            spelled(Utf8, "Evil\u{fffd} Corp"),
            "The replacement character is prohibited (RFC 4518 §2.4).",
        ),
        (
            "not-utf8",
            raw(0x0c, b"Evil\xff Corp"),
            "A UTF8String that is not UTF-8.",
        ),
        (
            "ia5-not-ascii",
            raw(0x16, b"Evil Corp\xe9"),
            "An IA5String that is not ASCII.",
        ),
        (
            "bmp-odd",
            raw(0x1e, b"\0E\0v\0i\0l\0"),
            "A BMPString of an odd number of octets.",
        ),
        (
            "octets",
            raw(0x04, b"Evil Corp"),
            "A value that is no string.",
        ),
    ]
    .into_iter()
    .flat_map(|(label, subject, description)| {
        LISTS.map(|list| {
            let case = case(
                &format!("spelling-{label}-{list}"),
                &format!("{description} The subtree is {list}."),
            );
            let violation = match list {
                "permitted" => ", not permitted by",
                _ => ", excluded by",
            };
            held(case, list, &subject)
                .refuse(NAME_CONSTRAINT, "client")
                .message(violation)
        })
    })
    .chain([path(
        held(
            case(
                "spelling-teletex-other-excluded",
                "A TeletexString that no reading makes the excluded name.",
            ),
            "excluded",
            &spelled(Teletex, "Good Corp"),
        ),
        "Good Corp",
    )])
    .collect()
}

/// Relative names of several attributes.
fn relative_names() -> Vec<Case> {
    let common_name = || Attribute::common_name("alice");
    let evil = |text| organization(text);
    let level = |attributes: &[Attribute]| Name::from_levels(&[attributes]);
    vec![
        held(
            case(
                "spelling-twice-excluded",
                "An attribute that is there twice in one relative name, which X.501 rules out, says it once.",
            ),
            "excluded",
            &level(&[evil("EVIL CORP"), evil("Evil Corp")]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message(", excluded by"),
        held(
            case(
                "spelling-many-attributes-excluded",
                "A relative name of nine attributes, too many to compare, is not known to be outside.",
            ),
            "excluded",
            &level(&vec![common_name(); 9]),
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message(", excluded by"),
        held(
            case(
                "spelling-and-another-excluded",
                "A relative name with a further attribute is another one.",
            ),
            "excluded",
            &level(&[common_name(), evil("Evil Corp")]),
        )
        .path(&["CN=alice+O=Evil Corp", "CN=Issuing CA", "CN=Root"]),
    ]
}

/// RFC 4291 §2.5.5.2: an IPv4 address as an IPv6 one, where subtrees of both kinds are permitted.
fn addresses() -> Vec<Case> {
    let mapped = |last: [u8; 4]| {
        let mut octets = vec![0; 10];
        octets.extend([0xff, 0xff]);
        octets.extend(last);
        GeneralName::Ip(octets)
    };
    let net = || GeneralName::Ip(vec![192, 0, 2, 0, 255, 255, 255, 0]);
    let all = || GeneralName::Ip(vec![0; 32]);
    let with = |name: &str, description: &str, address: GeneralName, bases: &[GeneralName]| {
        case(&format!("mapped-{name}"), description).chain(&[
            alice().extension(Extension::subject_alt_name(&[address])),
            issuing().extension(constraint(bases, &[])),
        ])
    };
    vec![
        with(
            "both-inside",
            "An IPv4-mapped address within both: the subnet of all IPv6 and the one of IPv4.",
            mapped([192, 0, 2, 77]),
            &[net(), all()],
        ),
        with(
            "both-outside",
            "All IPv6 is permitted, and of IPv4 one subnet: an IPv4-mapped address of another one is of neither.",
            mapped([10, 0, 0, 1]),
            &[net(), all()],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("::ffff:10.0.0.1, not permitted by"),
        with(
            "both-outside-ipv6-first",
            "The same, and the subnet of IPv6, which permits it, comes first.",
            mapped([10, 0, 0, 1]),
            &[all(), net()],
        )
        .refuse(NAME_CONSTRAINT, "client")
        .message("::ffff:10.0.0.1, not permitted by"),
        with(
            "ipv6-beside-ipv4",
            "All IPv6 is permitted, and of IPv4 one subnet: an address of IPv6 alone.",
            GeneralName::Ip([&[0x20, 1, 0x0d, 0xb8][..], &[0; 12]].concat()),
            &[net(), all()],
        ),
    ]
}

/// §4.1.2.6, §4.2.1.10: emailAddress attributes of the subject, where no rfc822Name is there.
fn email_attributes() -> Vec<Case> {
    let subject = |tag: u8, value: &[u8]| {
        let value = der::tlv(tag, value);
        let email = der::sequence(&[der::oid(oid::EMAIL_ADDRESS), value]);
        let name = der::sequence(&[der::oid(oid::COMMON_NAME), der::utf8_string("alice")]);
        Name::raw(der::sequence(&[der::set(&[name]), der::set(&[email])]))
    };
    let with = |case: Case, list: &str, base: GeneralName, subject: Name| {
        let constraint = match list {
            "permitted" => constraint(&[base], &[]),
            _ => constraint(&[], &[base]),
        };
        case.chain(&[alice().subject(subject), issuing().extension(constraint)])
    };
    let path = |case: Case, email: &str| {
        let subject = format!("EMAIL={email},CN=alice");
        case.path(&[&subject, "CN=Issuing CA", "CN=Root"])
    };
    let host = || GeneralName::email("example.com");
    let unreadable = [
        ("teletex", 0x14, &b"alice@evil.example"[..], "a TeletexString"),
        ("bmp", 0x1e, b"\0a\0@\0b", "a BMPString"),
        ("not-ascii", 0x16, b"alic\xe9@evil.example", "an IA5String that is not ASCII"),
        ("control", 0x0c, b"a\n@evil.example", "a string with a line feed"),
    ]
    .into_iter()
    .flat_map(|(label, tag, value, description)| {
        LISTS.map(|list| {
            let case = case(
                &format!("subject-email-{label}-{list}"),
                &format!("An emailAddress in {description}: one that cannot be read keeps to no constraint. The subtree is {list}."),
            );
            with(case, list, host(), subject(tag, value))
                .refuse(NAME_CONSTRAINT, "client")
                .message(", which cannot be judged by")
        })
    });
    let mailbox = || GeneralName::email("alice@example.com");
    let other_case = || subject(0x16, b"Alice@example.com");
    unreadable
        .chain([
            path(
                with(
                    case(
                        "subject-email-unreadable-elsewhere",
                        "An emailAddress that cannot be read, where DNS names are constrained.",
                    ),
                    "permitted",
                    GeneralName::dns("alice.example"),
                    subject(0x14, b"alice@evil.example"),
                ),
                "alice@evil.example",
            ),
            path(
                with(
                    case(
                        "subject-email-case-permitted",
                        "An emailAddress compares without regard to case (§4.1.2.6).",
                    ),
                    "permitted",
                    mailbox(),
                    other_case(),
                ),
                "Alice@example.com",
            ),
            with(
                case(
                    "subject-email-case-excluded",
                    "An excluded emailAddress in another case.",
                ),
                "excluded",
                mailbox(),
                other_case(),
            )
            .refuse(NAME_CONSTRAINT, "client")
            .message("Alice@example.com, excluded by"),
            path(
                with(
                    case(
                        "subject-email-utf8-permitted",
                        "An emailAddress in a UTF8String is read like an IA5String.",
                    ),
                    "permitted",
                    host(),
                    subject(0x0c, b"alice@example.com"),
                ),
                "alice@example.com",
            ),
        ])
        .collect()
}
