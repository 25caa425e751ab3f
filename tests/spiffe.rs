//! SPIFFE IDs are those of another reader, the `spiffe` crate.

use mtls_verify::spiffe::{SpiffeId, TrustDomain};

/// Every text of up to three parts after the scheme, and texts with each ASCII character.
fn texts() -> Vec<String> {
    let parts = [
        "", "a", "A", "a.b", "..", ".", "-_", "a%20", "a:1", "u@a", "z\u{fc}", "a b", "...", "?",
        "#",
    ];
    let mut texts = Vec::new();
    for scheme in [
        "spiffe://",
        "SPIFFE://",
        "spiffe:/",
        "spiffe:",
        "https://",
        "",
    ] {
        for one in parts {
            texts.push(format!("{scheme}{one}"));
            for two in parts {
                texts.push(format!("{scheme}{one}/{two}"));
                for three in parts {
                    texts.push(format!("{scheme}{one}/{two}/{three}"));
                }
            }
        }
    }
    for character in (0..=0x100).filter_map(char::from_u32) {
        texts.push(format!("spiffe://a{character}b/c"));
        texts.push(format!("spiffe://a/b{character}c"));
        texts.push(format!("a{character}b"));
    }
    for length in [254, 255, 256] {
        texts.push(format!("spiffe://{}/a", "d".repeat(length)));
        texts.push("d".repeat(length));
    }
    for length in [2047, 2048, 2049] {
        texts.push(format!("spiffe://d/{}", "a".repeat(length - 11)));
    }
    texts
}

/// The other reader takes capitals in scheme and trust domain, and makes them small. A name that a
/// certificate may spell in two ways is none here (SPIFFE-ID §2.1). It also takes IDs of any length,
/// where §2.3 has readers take 2,048 bytes.
#[test]
fn ids_are_those_of_another_reader() {
    let mut good = 0;
    for text in texts() {
        let ours = text.parse::<SpiffeId>();
        let theirs = spiffe::SpiffeId::new(&text).ok();
        let theirs = theirs.filter(|id| id.to_string() == text && text.len() <= 2048);
        assert_eq!(ours.is_ok(), theirs.is_some(), "{text}: {ours:?}");
        let (Ok(ours), Some(theirs)) = (ours, theirs) else {
            continue;
        };
        good += 1;
        assert_eq!(ours.to_string(), theirs.to_string());
        assert_eq!(ours.path(), theirs.path());
        assert_eq!(
            ours.trust_domain().as_str(),
            theirs.trust_domain().to_string()
        );
    }
    assert!(good > 100, "{good}");
}

/// The other reader also takes the ID of a trust domain for its name, and capitals.
#[test]
fn trust_domains_are_those_of_another_reader() {
    let mut good = 0;
    for text in texts() {
        let ours = text.parse::<TrustDomain>();
        let theirs = spiffe::TrustDomain::new(&text).ok();
        let theirs = theirs.filter(|name| name.as_str() == text);
        assert_eq!(ours.is_ok(), theirs.is_some(), "{text}: {ours:?}");
        good += usize::from(ours.is_ok());
    }
    assert!(good > 40, "{good}");
}
