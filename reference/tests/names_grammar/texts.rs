//! DNS names and URIs.

use crate::written::Written;

pub(crate) fn dns(text: &str) -> Written {
    Written::text(0x82, text.as_bytes(), true)
}

pub(crate) fn uri(text: &str, is_known: bool) -> Written {
    Written::text(0x86, text.as_bytes(), is_known)
}

/// Host names.
pub(crate) fn hosts() -> Vec<String> {
    let label = "a".repeat(63);
    let mut hosts = [
        "a.example",
        "A.EXAMPLE",
        "b.a.example",
        "c.b.a.example",
        "example",
        "xa.example",
        "a.example.com",
        "a_b.example",
        "_tcp.a.example",
        "-a.example",
        "a-.example",
        "xn--bcher-kva.example",
        "xn--.example",
        "a",
    ]
    .map(str::to_owned)
    .to_vec();
    hosts.push(format!("{label}.example"));
    hosts.push(format!("{label}.{label}.{label}.{}", &label[..61])); // 253 bytes
    hosts
}

/// Hosts that are addresses in some notation.
pub(crate) const NUMBERS: [&str; 10] = [
    "192.0.2.1",
    "1",
    "0x7f000001",
    "127.0.0.0x1",
    "a.0x",
    "0X",
    "a.1",
    "0300.0.2.1",
    "256.256.256.256",
    "a.0X1F",
];

/// What is no host name.
pub(crate) fn no_hosts() -> Vec<Vec<u8>> {
    let texts = [
        ".",
        "..",
        "...",
        "a.example.",
        "a.example..",
        "a..example",
        " ",
        " a.example",
        "a.example ",
        "a .example",
        "\t",
        "a\0.example",
        "a.example\0",
        "a.example\0.evil",
        "\0",
        "a.example\n",
        "\u{7F}.example",
        "b\u{FC}cher.example",
        "\u{FF41}.example",
        "a\u{3002}example",
        "\u{131}.example",
        "\u{200B}a.example",
        "a%2Eexample",
        "a.example:443",
        "u@a.example",
        "@a.example",
        "a.example/",
        "https://a.example",
        "[a.example]",
        "[::1]",
        "::1",
        "a,b.example",
        "a\\.example",
        "(a).example",
        "*",
        "*.",
        ".*",
        "**.a.example",
        "a*.example",
        "*a.example",
        "*.*.example",
        "a.*.example",
        ".*.example",
        "*..example",
        "*.a.example.",
    ];
    let label = "a".repeat(64);
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.push(format!("{label}.example").into_bytes());
    all.push(["a"; 128].join(".").into_bytes()); // 255 bytes
    all.push(["a"; 30_000].join(".").into_bytes());
    all.push(b"b\xFCcher.example".to_vec());
    all.push(b"\xED\xA0\x80.example".to_vec());
    all
}

pub(crate) fn dns_names() -> Vec<Written> {
    let hosts = hosts();
    let wildcards = hosts.iter().map(|host| format!("*.{host}"));
    let numbers = NUMBERS.iter().map(|number| (*number).to_owned());
    // In a dNSName, a number is a label as others.
    let known = hosts.iter().cloned().chain(wildcards).chain(numbers);
    let known = known.map(|text| dns(&text));
    let none = no_hosts()
        .into_iter()
        .chain([Vec::new(), b".a.example".to_vec()]);
    let none = none.map(|octets| Written::text(0x82, &octets, false));
    known.chain(none).collect()
}

/// A host, a domain with a dot in front, and what is neither. All names are below the empty base.
pub(crate) fn host_bases(tag: u8) -> Vec<Written> {
    let hosts = hosts().into_iter().chain(NUMBERS.map(str::to_owned));
    let known = hosts.flat_map(|host| [format!(".{host}"), host]);
    let known = known.chain([String::new()]);
    let known = known.map(|text| Written::text(tag, text.as_bytes(), true));
    let none = no_hosts().into_iter().chain([b"..a.example".to_vec()]);
    known
        .chain(none.map(|octets| {
            // Of mailboxes, one of these is a base.
            let is_known = tag == 0x81 && octets == b"u@a.example";
            Written::text(tag, &octets, is_known)
        }))
        .collect()
}

/// Some of them.
pub(crate) fn few_host_bases(tag: u8) -> Vec<Written> {
    let (known, none): (Vec<_>, Vec<_>) = host_bases(tag).into_iter().partition(|it| it.is_known);
    let few = [
        "a.example",
        ".a.example",
        "A.EXAMPLE",
        "example",
        ".example",
        "b.a.example",
        ".b.a.example",
        "a_b.example",
        "",
        "a",
        "192.0.2.1",
        ".1",
        "a.0x",
        ".-a.example",
    ];
    let is_few = |base: &Written| few.iter().any(|it| base.der[2..] == *it.as_bytes());
    let known = known.into_iter().filter(is_few);
    known.chain(none.into_iter().step_by(3)).collect()
}

pub(crate) fn dns_bases() -> Vec<Written> {
    host_bases(0x82)
}

pub(crate) fn uri_bases() -> Vec<Written> {
    let of_mailboxes = [
        "https://a.example/",
        "a@a.example",
        "a.example:443",
        "//a.example",
    ];
    let none = of_mailboxes.map(|text| uri(text, false));
    few_host_bases(0x86).into_iter().chain(none).collect()
}

/// What a host may stand in, and whether the URI has it as the host of its authority.
const AROUND: [(&str, &str, bool); 32] = [
    ("https://", "", true),
    ("https://", "/", true),
    ("HTTPS://", "/", true),
    ("a+b-c.1://", "", true),
    ("https://u@", "/", true),
    ("https://u:p@", ":0443/p;a=b?q/?#f/?", true),
    ("https://b.example@", "/", true),
    ("https://b.example:443@", "/", true),
    ("https://%40@", "/", true),
    ("https://u;!$&'()*+,=-._~@", "/", true),
    ("https://", ":", true),
    ("https://", ":99999/", true),
    ("https://", "./", true),
    ("https://", "?@b.example/", true),
    ("https://", "#@b.example/", true),
    ("https://", "?a[]", false),
    ("https://", "..", false),
    ("https://", ":a/", false),
    ("https://", "::1", false),
    ("https://", ":1:2/", false),
    ("https://u@v@", "/", false),
    ("https://", "\\@b.example/", false),
    ("https://[", "]/", false),
    ("https://", "%2E/", false),
    ("https://", "/%4", false),
    ("https:", "/", false),
    ("https:/", "/", false),
    ("https:///", "/", false),
    ("//", "/", false),
    ("1s://", "/", false),
    ("", "", false),
    ("https://", "#a#b", false),
];

pub(crate) fn uris() -> Vec<Written> {
    let mut all = Vec::new();
    for (before, after, is_known) in AROUND {
        // A dot after the longest host is left out of it.
        let some = ["a.example", "b.a.example", "A_B.EXAMPLE"];
        all.extend(some.map(|host| uri(&format!("{before}{host}{after}"), is_known)));
    }
    all.extend(hosts().iter().map(|host| uri(&format!("x://{host}"), true)));
    all.extend(
        hosts()
            .iter()
            .map(|host| uri(&format!("x://{host}.:1/"), true)),
    );
    all.extend(NUMBERS.map(|number| uri(&format!("x://{number}/"), false)));
    all.extend(NUMBERS.map(|number| uri(&format!("x://{number}./"), false)));
    let whole = [
        "",
        ":",
        "x:",
        "x://",
        "x:///",
        "x://:1/",
        "x://u@/",
        "urn:a.example:a",
        "mailto:a@a.example",
        "x://[::1]/",
        "x://[::ffff:192.0.2.1]:1/",
        "x://[::1%25eth0]/",
        "x://[v1.a.example]/",
        "x://[v1.a.example/",
        "x://[]/",
        "x://a.example]/",
        "x://%61.example/",
        "x://a.exampl%65/",
        " x://a.example",
        "x ://a.example",
        "x://a.example\0/",
        "x://a.example/\u{FC}",
        "x://\u{FF41}.example/",
        "x://a.example,b.example/",
        "x://a.example;b/",
        "x://a!.example/",
    ];
    all.extend(whole.map(|text| uri(text, false)));
    all.extend(
        no_hosts()
            .into_iter()
            .filter(|host| !is_part_of_uri(host))
            .map(|host| Written::text(0x86, &[b"x://", host.as_slice(), b"/"].concat(), false)),
    );
    // The path may be as long as it wants.
    all.push(uri(&format!("x://a.example/{}", "a/".repeat(32_768)), true));
    all.push(uri(&format!("x://{}@a.example/", "a".repeat(65_536)), true));
    all
}

/// Whether a URI may have it in the place of a host, though it is none.
fn is_part_of_uri(host: &[u8]) -> bool {
    let parts: [&[u8]; 6] = [
        b"a.example.",
        b"a.example:443",
        b"u@a.example",
        b"@a.example",
        b"a.example/",
        b"https://a.example",
    ];
    parts.contains(&host)
}
