//! Which topic a case belongs to: the folder of `testdata/cases/` that it is in.

/// The topics. A case whose name begins with the topic and a hyphen is in it by the rest of its
/// name; one that begins with one of the other words is in it by its whole name.
const TOPICS: [(&str, &[&str]); 23] = [
    ("bundle", &["stray"]),
    ("ca", &["client-ca"]),
    ("critical", &[]),
    ("form", &["oid", "subject"]),
    ("identity", &[]),
    ("key", &[]),
    ("limit", &[]),
    ("name", &[]),
    ("name-constraint", &[]),
    ("path", &[]),
    ("pin", &[]),
    ("policy", &[]),
    ("profile", &[]),
    ("pss", &[]),
    ("purpose", &["key-usage"]),
    ("revocation", &[]),
    ("shown", &[]),
    ("signature", &[]),
    ("store", &[]),
    ("stored", &[]),
    ("time", &[]),
    ("trust-settings", &[]),
    ("twin", &[]),
];

/// `TOPIC/CASE` of a name such as `time-client-at-not-after`. The longest beginning counts:
/// `name-constraint-` before `name-`.
///
/// # Panics
///
/// If no topic has the name.
pub(super) fn with_topic(name: &str) -> String {
    find(name).unwrap_or_else(|| panic!("{name}: no topic of testpki/src/cases/topics.rs"))
}

fn find(name: &str) -> Option<String> {
    let own = TOPICS.iter().map(|(topic, _)| (*topic, *topic, true));
    let others = TOPICS.iter().flat_map(|(topic, words)| {
        let word = |word: &'static &'static str| (*word, *topic, false);
        words.iter().map(word)
    });
    let rest = |beginning| name.strip_prefix(beginning)?.strip_prefix('-');
    let (_, topic, is_own, rest) = own
        .chain(others)
        .filter_map(|(beginning, topic, is_own)| Some((beginning, topic, is_own, rest(beginning)?)))
        .max_by_key(|(beginning, ..)| beginning.len())?;
    Some(match is_own {
        true => format!("{topic}/{rest}"),
        false => format!("{topic}/{name}"),
    })
}

#[test]
fn the_longest_beginning_counts() {
    for (name, path) in [
        ("name-case", "name/case"),
        ("name-constraint-dns", "name-constraint/dns"),
        ("key-usage-client-absent", "purpose/key-usage-client-absent"),
        ("store-empty", "store/empty"),
        ("stored-renewed", "stored/renewed"),
    ] {
        assert_eq!(with_topic(name), path);
    }
}

#[test]
fn a_name_without_a_topic_is_an_error() {
    assert_eq!(find("timely"), None);
}
