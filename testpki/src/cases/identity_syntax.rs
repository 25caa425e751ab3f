//! Names that are not what their form asks match no identity, and SPIFFE IDs match as such.

use crate::cases::fixture::{alice_of, root};
use crate::cases::{Case, Identity};
use crate::{Attribute, Cert, Extension, GeneralName, KeyUsage, Name, StringType, der, oid};

const NOT_ACCEPTED: &str = "identity-not-accepted";
const FLEET: Identity<'_> = ("spiffe-id.below", "spiffe://example.org/fleet");

pub(super) fn cases() -> Vec<Case> {
    [
        dns_names(),
        mailboxes(),
        uris(),
        spiffe_ids(),
        svids_of_signers(),
        addresses(),
        subjects(),
    ]
    .concat()
}

/// alice, with these names alone, where only one identity is let in.
fn case(
    name: &str,
    rule: &str,
    description: &str,
    names: &[GeneralName],
    wanted: Identity<'_>,
) -> Case {
    let client = alice().extension(Extension::subject_alt_name(names));
    of(name, rule, description, client, wanted)
}

fn of(name: &str, rule: &str, description: &str, client: Cert, wanted: Identity<'_>) -> Case {
    Case::new(&format!("identity-{name}"), rule, description)
        .chain(&[client])
        .path(&["CN=alice", "CN=Root"])
        .identities(&[wanted])
}

fn alice() -> Cert {
    alice_of(&root()).without_extension(oid::SUBJECT_ALT_NAME)
}

/// An element that is not ASCII, which its form has to be.
fn unreadable(form: u8) -> GeneralName {
    GeneralName::Raw(der::context_primitive(form, "spiffe://zürich/a".as_bytes()))
}

fn dns_names() -> Vec<Case> {
    let rule = "RFC 5280 §4.2.1.6, RFC 1034 §3.5";
    let refused = |name: &str, description: &str, dns: &str, wanted: Identity<'_>| {
        let name = format!("dns-{name}");
        case(&name, rule, description, &[GeneralName::dns(dns)], wanted)
            .refuse(NOT_ACCEPTED, "client")
    };
    vec![
        refused(
            "mailbox-and-path",
            "A dNSName with a mailbox, a path and a blank in it is no host, whatever it ends with.",
            "@evil.org/ .example.com",
            ("dns.suffix", ".example.com"),
        ),
        refused(
            "slash",
            "A dNSName with a slash in it is no host.",
            "evil.org/.example.com",
            ("dns.suffix", ".example.com"),
        ),
        refused(
            "empty-label",
            "A dNSName with an empty label is no host.",
            "a..example.com",
            ("dns.suffix", ".example.com"),
        ),
        refused(
            "trailing-dot",
            "A dNSName has no dot at its end, where the label would be empty.",
            "a.example.com.",
            ("dns.prefix", "a.example.com"),
        ),
        refused(
            "wildcard-inside",
            "A wildcard is the first label, alone and whole.",
            "a.*.example.com",
            ("dns.suffix", ".example.com"),
        ),
        case(
            "dns-underscore",
            rule,
            "Labels of hosts may have hyphens, and underscores, which are in use.",
            &[GeneralName::dns("_a-1.example.com")],
            ("dns.suffix", ".example.com"),
        ),
        case(
            "dns-malformed-besides",
            rule,
            "A dNSName that is no host takes nothing from another one that is.",
            &[
                GeneralName::dns("evil.org/.example.com"),
                GeneralName::dns("a.example.com"),
            ],
            ("dns.suffix", ".example.com"),
        ),
    ]
}

fn mailboxes() -> Vec<Case> {
    let rule = "RFC 5280 §4.2.1.6, RFC 5321 §4.1.2";
    let refused = |name: &str, description: &str, address: &str| {
        let name = format!("email-{name}");
        let names = [GeneralName::email(address)];
        case(
            &name,
            rule,
            description,
            &names,
            ("email.suffix", "@example.com"),
        )
        .refuse(NOT_ACCEPTED, "client")
    };
    vec![
        refused(
            "two-hosts",
            "A mailbox has one @: readers do not agree on the host of this one.",
            "a@evil.org@example.com",
        ),
        refused(
            "two-mailboxes",
            "A list of mailboxes is none.",
            "a@evil.org, b@example.com",
        ),
        refused(
            "comma",
            "A comma separates mailboxes for some readers.",
            "a,b@example.com",
        ),
        refused("blank", "A blank is in no Dot-string.", "a b@example.com"),
        refused(
            "two-dots",
            "A Dot-string has no empty atoms.",
            "a..b@example.com",
        ),
        refused(
            "quoted",
            "Quoted local parts are not taken for mailboxes.",
            "\"a\"@example.com",
        ),
        refused("no-local-part", "A host is no mailbox.", "@example.com"),
        case(
            "email-dot-string",
            rule,
            "A Dot-string has more than letters and digits.",
            &[GeneralName::email("o'hara+a.b@example.com")],
            ("email.suffix", "@example.com"),
        ),
    ]
}

fn uris() -> Vec<Case> {
    let rule = "RFC 5280 §4.2.1.6, RFC 3986 appendix A";
    let uri = |name: &str, description: &str, uri: &str| {
        let name = format!("uri-{name}");
        let names = [GeneralName::uri(uri)];
        let wanted = ("uri.prefix", "https://example.org/fleet/");
        case(&name, rule, description, &names, wanted)
    };
    let refused = |name: &str, description: &str, text: &str| {
        uri(name, description, text).refuse(NOT_ACCEPTED, "client")
    };
    vec![
        refused(
            "blank",
            "A blank is in no URI.",
            "https://example.org/fleet/a b",
        ),
        refused(
            "backslash",
            "A backslash is in no URI.",
            "https://example.org/fleet/..\\admin",
        ),
        refused(
            "cut-percent",
            "A percent sign has two hexadecimal digits after it.",
            "https://example.org/fleet/%2",
        ),
        uri(
            "all-parts",
            "All that a URI may have.",
            "https://example.org/fleet/a;b=c?d=/e#f",
        ),
        refused(
            "percent-encoded",
            "A URI with a percent-encoding has other spellings: no prefix matches it.",
            "https://example.org/fleet/%20a;b=c?d=/e#f",
        ),
        refused(
            "prefix-dot-segments",
            "A URI with dot segments is another one to programs that normalize it: no prefix matches it.",
            "https://example.org/fleet/../admin",
        ),
        refused(
            "prefix-empty-segment",
            "A URI with an empty segment is another one to programs that merge slashes: no prefix matches it.",
            "https://example.org/fleet//admin",
        ),
        case(
            "uri-no-scheme",
            rule,
            "A URI is absolute.",
            &[GeneralName::uri("//example.org/a")],
            ("uri.suffix", "/a"),
        )
        .refuse(NOT_ACCEPTED, "client"),
    ]
}

fn spiffe_ids() -> Vec<Case> {
    let rule = "SPIFFE-ID §2, X.509-SVID §2, §3.1, §5.2";
    let id = GeneralName::uri;
    let spiffe = |name: &str, description: &str, names: &[GeneralName], wanted: Identity<'_>| {
        case(&format!("spiffe-{name}"), rule, description, names, wanted)
    };
    let refused = |name: &str, description: &str, names: &[GeneralName]| {
        spiffe(name, description, names, FLEET).refuse(NOT_ACCEPTED, "client")
    };
    let alice = alice_id;
    vec![
        spiffe(
            "exact",
            "A SPIFFE ID, all of it.",
            &[alice()],
            ("spiffe-id.exact", "spiffe://example.org/fleet/alice"),
        ),
        spiffe("below", "A SPIFFE ID below a path.", &[alice()], FLEET),
        spiffe(
            "below-far",
            "A SPIFFE ID further below a path.",
            &[id("spiffe://example.org/fleet/eu/alice")],
            FLEET,
        ),
        spiffe(
            "trust-domain",
            "A SPIFFE ID of a trust domain.",
            &[alice()],
            ("spiffe-id.below", "spiffe://example.org"),
        ),
        spiffe(
            "other-names",
            "One URI makes the SPIFFE ID, whatever names of other forms there are.",
            &[
                GeneralName::dns("a.example"),
                alice(),
                GeneralName::email("a@b.example"),
            ],
            FLEET,
        ),
        refused(
            "itself",
            "A path is not below itself.",
            &[id("spiffe://example.org/fleet")],
        ),
        refused(
            "part-of-segment",
            "What is below a path has the whole of its last segment.",
            &[id("spiffe://example.org/fleets/alice")],
        ),
        refused(
            "longer-trust-domain",
            "A trust domain that only begins alike is another.",
            &[id("spiffe://example.org.evil.com/fleet/alice")],
        ),
        refused(
            "dot-segments",
            "A path with dot segments is no SPIFFE ID's: a reader that normalizes it sees another path.",
            &[id("spiffe://example.org/fleet/../admin")],
        ),
        refused(
            "percent-encoded",
            "A path with percent-encodings is no SPIFFE ID's.",
            &[id("spiffe://example.org/fleet/%2e%2e/admin")],
        ),
        refused(
            "empty-segment",
            "A path with an empty segment is no SPIFFE ID's.",
            &[id("spiffe://example.org/fleet//alice")],
        ),
        refused(
            "slash-at-end",
            "A path does not end with a slash.",
            &[id("spiffe://example.org/fleet/alice/")],
        ),
        refused(
            "two-uris",
            "A certificate with two URIs is no X.509-SVID.",
            &[alice(), id("https://example.org/")],
        ),
        refused(
            "two-ids",
            "A certificate with two SPIFFE IDs has none.",
            &[alice(), id("spiffe://example.org/fleet/bob")],
        ),
        refused(
            "unreadable-second",
            "A second URI that cannot be read is a second URI.",
            &[alice(), unreadable(6)],
        ),
        refused(
            "unreadable-first",
            "A first URI that cannot be read is a first URI.",
            &[unreadable(6), alice()],
        ),
        spiffe(
            "unreadable-dns",
            "A DNS name that cannot be read is no URI.",
            &[alice(), unreadable(2)],
            FLEET,
        ),
        spiffe(
            "no-path",
            "A trust domain without a path is not the ID of a workload.",
            &[id("spiffe://example.org")],
            ("spiffe-id.below", "spiffe://example.org"),
        )
        .refuse(NOT_ACCEPTED, "client"),
        spiffe(
            "capitals-in-trust-domain",
            "A trust domain is in lower case.",
            &[id("spiffe://Example.org/fleet/alice")],
            ("spiffe-id.exact", "spiffe://example.org/fleet/alice"),
        )
        .refuse(NOT_ACCEPTED, "client"),
    ]
}

/// A SPIFFE ID in the certificate of a signer, which identifies no workload.
fn svids_of_signers() -> Vec<Case> {
    let rule = "X.509-SVID §4.1, §4.3, §5.2";
    let client = || alice().extension(Extension::subject_alt_name(&[alice_id()]));
    let with = |usages: &[KeyUsage]| {
        let client = client().without_extension(oid::KEY_USAGE);
        client.extension(Extension::key_usage(usages))
    };
    let spiffe = |name: &str, description: &str, client: Cert| {
        of(&format!("spiffe-{name}"), rule, description, client, FLEET)
    };
    vec![
        spiffe(
            "key-cert-sign",
            "A certificate with keyCertSign is no X.509-SVID of a workload.",
            with(&[KeyUsage::DigitalSignature, KeyUsage::KeyCertSign]),
        )
        .refuse(NOT_ACCEPTED, "client"),
        spiffe(
            "crl-sign",
            "A certificate with cRLSign is no X.509-SVID of a workload.",
            with(&[KeyUsage::DigitalSignature, KeyUsage::CrlSign]),
        )
        .refuse(NOT_ACCEPTED, "client"),
        spiffe(
            "key-agreement",
            "An X.509-SVID may have keyAgreement beside digitalSignature.",
            with(&[KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]),
        ),
        spiffe(
            "no-key-usage",
            "A certificate without keyUsage and basicConstraints restricts nothing and is no CA's.",
            client()
                .without_extension(oid::KEY_USAGE)
                .without_extension(oid::BASIC_CONSTRAINTS),
        ),
    ]
}

fn alice_id() -> GeneralName {
    GeneralName::uri("spiffe://example.org/fleet/alice")
}

fn addresses() -> Vec<Case> {
    let rule = "RFC 5280 §4.2.1.6";
    let mapped = || GeneralName::Ip([&[0; 10][..], &[0xff, 0xff, 192, 0, 2, 1]].concat());
    vec![
        case(
            "ip-mapped",
            rule,
            "An address is compared by its octets.",
            &[mapped()],
            ("ip", "::ffff:192.0.2.1"),
        ),
        case(
            "ip-mapped-is-no-ipv4",
            rule,
            "An IPv6 address that maps an IPv4 address is another one.",
            &[mapped()],
            ("ip", "192.0.2.1"),
        )
        .refuse(NOT_ACCEPTED, "client"),
        case(
            "ipv4-is-not-mapped",
            rule,
            "An IPv4 address is not the IPv6 address that maps it.",
            &[GeneralName::Ip(vec![192, 0, 2, 1])],
            ("ip", "::ffff:192.0.2.1"),
        )
        .refuse(NOT_ACCEPTED, "client"),
    ]
}

/// Common names and units of which some cannot be read.
fn subjects() -> Vec<Case> {
    let rule = "RFC 5280 §4.1.2.6";
    let odd = |oid: &str| Attribute::new(oid, StringType::Teletex, "zürich");
    let with = |attributes: &[Attribute]| alice().subject(Name::new(attributes));
    vec![
        of(
            "cn-second-unreadable",
            rule,
            "A second common name that cannot be read is a second common name.",
            with(&[Attribute::common_name("alice"), odd(oid::COMMON_NAME)]),
            ("common-name.exact", "alice"),
        )
        .refuse(NOT_ACCEPTED, "client"),
        of(
            "ou-besides-unreadable",
            rule,
            "An organizational unit that cannot be read takes nothing from one that can.",
            with(&[
                odd(oid::ORGANIZATIONAL_UNIT),
                Attribute::organizational_unit("Operations"),
                Attribute::common_name("alice"),
            ]),
            ("organizational-unit.exact", "Operations"),
        )
        .path(&[
            "CN=alice,OU=Operations,2.5.4.11=#14067afc72696368",
            "CN=Root",
        ]),
    ]
}
