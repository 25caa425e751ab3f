//! Which names lie in which subtrees, for each form of alternative name.

mod hosts;
mod strict;

use crate::cases::Case;
use crate::cases::fixture::{alice_of, root};
use crate::cases::name_constraints::{NAME_CONSTRAINT, RULE, constraint, dns, named};
use crate::{GeneralName, der};

/// A name of the client, a subtree, and whether the name keeps to it.
struct Row {
    label: &'static str,
    description: &'static str,
    name: GeneralName,
    base: GeneralName,
    lies: Lies,
}

/// How a name lies to a subtree.
#[derive(Clone, Copy, PartialEq)]
enum Lies {
    Inside,
    Outside,
    /// It stands for several names, or may be meant as one inside: not permitted, and excluded.
    Partly,
    /// It or the subtree is malformed, or of a form that nobody can compare. It keeps to no
    /// constraint.
    Unclear,
    /// The subtree is malformed. Nothing keeps to it.
    BadBase,
    /// They are of different forms.
    Elsewhere,
}

use Lies::{BadBase, Elsewhere, Inside, Outside, Partly, Unclear};

pub(super) fn cases() -> Vec<Case> {
    [
        hosts::dns_names(),
        hosts::emails(),
        hosts::uris(),
        strict::emails(),
        strict::mailboxes_beyond_ascii(),
        strict::uris(),
        strict::mapped_addresses(),
        addresses(),
        other_forms(),
        across_forms(),
    ]
    .concat()
    .iter()
    .flat_map(of_row)
    .collect()
}

impl Clone for Row {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            base: self.base.clone(),
            ..*self
        }
    }
}

/// The subtree permitted, and the subtree excluded if that makes a difference.
fn of_row(row: &Row) -> Vec<Case> {
    let case =
        |list: &str, is_kept_to: bool, permitted: &[GeneralName], excluded: &[GeneralName]| {
            let case = Case::new(
                &format!("name-constraint-{}-{list}", row.label),
                RULE,
                &format!("{} The subtree is {list}.", row.description),
            )
            .anchors(&[root().extension(constraint(permitted, excluded))])
            .chain(&[named(alice_of(&root()), std::slice::from_ref(&row.name))])
            .path(&["CN=alice", "CN=Root"]);
            if is_kept_to {
                case
            } else {
                let violation = match (row.lies, list) {
                    (Unclear | BadBase, _) => ", which cannot be judged by",
                    (_, "permitted") => ", not permitted by",
                    _ => ", excluded by",
                };
                case.refuse(NAME_CONSTRAINT, "client").message(violation)
            }
        };
    let base = std::slice::from_ref(&row.base);
    let is_permitted = matches!(row.lies, Inside | Elsewhere);
    let permitted = case("permitted", is_permitted, base, &[]);
    match row.lies {
        BadBase | Elsewhere => vec![permitted],
        _ => vec![permitted, case("excluded", row.lies == Outside, &[], base)],
    }
}

fn row(
    label: &'static str,
    lies: Lies,
    name: GeneralName,
    base: GeneralName,
    description: &'static str,
) -> Row {
    Row {
        label,
        description,
        name,
        base,
        lies,
    }
}

fn addresses() -> Vec<Row> {
    let row = |label, lies, name: &[u8], base: &[u8], description| {
        let ip = |octets: &[u8]| GeneralName::Ip(octets.to_vec());
        row(label, lies, ip(name), ip(base), description)
    };
    let net = [192, 0, 2, 0, 255, 255, 255, 0];
    let mut net6 = [0; 32];
    net6[..4].copy_from_slice(&[0x20, 1, 0x0d, 0xb8]);
    net6[16..20].copy_from_slice(&[0xff; 4]);
    let mut in_net6 = [0; 16];
    in_net6[..4].copy_from_slice(&net6[..4]);
    in_net6[15] = 1;
    let mut beside_net6 = in_net6;
    beside_net6[3] = 0xb9;
    vec![
        row(
            "ipv4-inside",
            Inside,
            &[192, 0, 2, 77],
            &net,
            "An IPv4 address in the subnet.",
        ),
        row(
            "ipv4-outside",
            Outside,
            &[192, 0, 3, 77],
            &net,
            "An IPv4 address beside the subnet.",
        ),
        row(
            "ipv4-bits",
            Outside,
            &[192, 0, 2, 128],
            &[192, 0, 2, 0, 255, 255, 255, 128],
            "An IPv4 address beside a subnet of 25 bits.",
        ),
        row(
            "ipv4-host",
            Inside,
            &[192, 0, 2, 1],
            &[192, 0, 2, 1, 255, 255, 255, 255],
            "A subnet of one address.",
        ),
        row(
            "ipv4-everything",
            Inside,
            &[192, 0, 2, 1],
            &[0; 8],
            "The subnet of all IPv4 addresses.",
        ),
        row(
            "ipv6-inside",
            Inside,
            &in_net6,
            &net6,
            "An IPv6 address in the subnet.",
        ),
        row(
            "ipv6-outside",
            Outside,
            &beside_net6,
            &net6,
            "An IPv6 address beside the subnet.",
        ),
        row(
            "ipv6-in-ipv4",
            Outside,
            &in_net6,
            &[0; 8],
            "No IPv6 address is in a subnet of IPv4, and both are of the form iPAddress.",
        ),
        row(
            "ipv4-in-ipv6",
            Outside,
            &[192, 0, 2, 1],
            &[0; 32],
            "No IPv4 address is in a subnet of IPv6, and both are of the form iPAddress.",
        ),
        row(
            "ip-five-octets",
            Unclear,
            &[192, 0, 2, 1, 0],
            &net,
            "An address has 4 or 16 octets.",
        ),
        row(
            "ip-mask-gap",
            BadBase,
            &[192, 0, 2, 1],
            &[192, 0, 2, 0, 255, 0, 255, 0],
            "A mask is ones and then zeros, as in CIDR (RFC 4632).",
        ),
        row(
            "ip-mask-gap-other-version",
            Unclear,
            &in_net6,
            &[192, 0, 2, 0, 255, 0, 255, 0],
            "The subnet is none, so that no address is known to be beside it, of whatever version.",
        ),
        row(
            "ip-without-mask",
            BadBase,
            &[192, 0, 2, 1],
            &[192, 0, 2, 1],
            "A subnet has address and mask.",
        ),
    ]
}

/// Forms for which nobody says what lies in a subtree: a name of a constrained form is refused.
fn other_forms() -> Vec<Row> {
    let upn = || GeneralName::upn("alice@corp.example");
    let registered = || GeneralName::RegisteredId("1.3.6.1.4.1.32473.1".to_owned());
    let x400 = || GeneralName::Raw(der::context_constructed(3, &der::sequence::<Vec<u8>>(&[])));
    vec![
        row(
            "other-name",
            Unclear,
            upn(),
            upn(),
            "An otherName of the type that is constrained.",
        ),
        row(
            "other-name-other-type",
            Elsewhere,
            GeneralName::Other(
                "1.3.6.1.4.1.32473.1.2".to_owned(),
                der::utf8_string("alice"),
            ),
            upn(),
            "An otherName of another type: each type is a form of its own (RFC 4985 §4).",
        ),
        row(
            "registered-id",
            Unclear,
            registered(),
            registered(),
            "A registeredID where registeredIDs are constrained.",
        ),
        row(
            "x400",
            Unclear,
            x400(),
            x400(),
            "An x400Address where x400Addresses are constrained.",
        ),
    ]
}

/// A constraint says nothing of names of other forms, well-formed or not.
fn across_forms() -> Vec<Row> {
    let email = GeneralName::email;
    let mask_gap = GeneralName::Ip(vec![192, 0, 2, 0, 255, 0, 255, 0]);
    let not_ascii = GeneralName::Raw(der::context_primitive(2, "zürich.example".as_bytes()));
    vec![
        row(
            "across-dns-email",
            Elsewhere,
            email("alice@example.com"),
            dns("test"),
            "A mailbox, where DNS names are constrained.",
        ),
        row(
            "across-email-uri",
            Elsewhere,
            GeneralName::uri("https://example.com/"),
            email("test"),
            "A URI, where mailboxes are constrained.",
        ),
        row(
            "across-malformed-name",
            Elsewhere,
            not_ascii,
            email("test"),
            "A malformed DNS name, where mailboxes are constrained.",
        ),
        row(
            "across-malformed-base",
            Elsewhere,
            dns("alice.example"),
            mask_gap,
            "A DNS name, and a malformed subtree of addresses.",
        ),
        row(
            "across-uri-without-host",
            Elsewhere,
            GeneralName::uri("urn:a:b"),
            dns("test"),
            "A URI without a host, where DNS names are constrained.",
        ),
    ]
}
