//! The tables of `docs/DIFFERENCES.md`: a row for each topic of `testdata/differences/topics.toml`,
//! with the numbers of cases that the lists beside it have of that topic.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;

use crate::common::differences::{Difference, Peer, head_counts, listed_twice};
use crate::common::openssl::Release;
use crate::common::update;
use crate::document::{read, root};

const DOCUMENT: &str = "docs/DIFFERENCES.md";

/// How the head of each of these tables begins, and of no other.
const HEAD: &str = "| topic | webpki |";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topics {
    section: Vec<Section>,
}

/// A section of the document, which begins with its table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    title: String,
    topics: Vec<Topic>,
}

/// The first and the last cell of a row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    topic: String,
    ours: String,
}

/// How many cases of each topic differ, from each of [`Peer::ALL`].
type Counts<'a> = BTreeMap<&'a str, [usize; Peer::ALL.len()]>;

/// The texts of the files.
#[derive(Clone)]
struct Files {
    document: String,
    topics: String,
    webpki: String,
    openssl: String,
}

/// What is wrong with the tables. If that is asked for, they are written, and not compared.
pub(crate) fn check() -> Vec<String> {
    let listed = |name: &str| read(&format!("testdata/differences/{name}"));
    let files = Files {
        document: read(DOCUMENT),
        topics: listed("topics.toml"),
        webpki: listed("webpki.toml"),
        openssl: listed("openssl.toml"),
    };
    let mut faults = BTreeSet::new();
    let generated = files.generated(&mut faults);
    if !update::is_asked() {
        files.compare(&generated, &mut faults);
    } else if faults.is_empty() {
        fs::write(root().join(DOCUMENT), generated.document).expect("a document");
    }
    faults.into_iter().collect()
}

struct Generated {
    /// The document with the tables as they are to be.
    document: String,
    /// How many cases all rows have, for each of [`Peer::ALL`].
    cases: [usize; Peer::ALL.len()],
}

impl Files {
    /// What the lists make of the document. It is of no use if there are faults.
    fn generated(&self, faults: &mut BTreeSet<String>) -> Generated {
        let topics: Topics =
            toml::from_str(&self.topics).unwrap_or_else(|error| panic!("topics.toml: {error}"));
        let lists = Peer::ALL.map(|peer| match peer {
            Peer::Webpki => peer.differences_in(&self.webpki),
            Peer::OpenSsl(_) => peer.differences_in(&self.openssl),
        });
        let counts = count(&topics.section, &lists, faults);

        let (found, expected) = (self.document.matches(HEAD).count(), topics.section.len());
        if found != expected {
            faults.insert(format!(
                "{DOCUMENT}: {found} tables by topic, and topics.toml has {expected}"
            ));
        }
        let (mut document, mut titles) = (self.document.clone(), BTreeSet::new());
        for section in &topics.section {
            if !titles.insert(&section.title) {
                faults.insert(format!("topics.toml: {:?} is there twice", section.title));
            }
            match replaced(&document, section, &counts) {
                Some(with_table) => document = with_table,
                None => {
                    faults.insert(format!("{DOCUMENT}: no one table in {:?}", section.title));
                }
            }
        }
        let mut cases = [0; Peer::ALL.len()];
        for row in counts.values() {
            for (sum, count) in cases.iter_mut().zip(row) {
                *sum += count;
            }
        }
        Generated { document, cases }
    }

    /// Compares the tables with the generated ones, and the sums of their rows with what the head
    /// of the document says.
    fn compare(&self, generated: &Generated, faults: &mut BTreeSet<String>) {
        let is: Vec<&str> = self.document.lines().collect();
        let should: Vec<&str> = generated.document.lines().collect();
        let missing = should.iter().filter(|line| !is.contains(line));
        faults.extend(missing.map(|line| format!("{DOCUMENT} lacks {line}")));
        let wrong = is.iter().filter(|line| !should.contains(line));
        faults.extend(wrong.map(|line| format!("{DOCUMENT} has {line}")));
        if is != should && faults.is_empty() {
            faults.insert(format!("{DOCUMENT}: rows in another order, or twice"));
        }
        for (peer, cases) in Peer::ALL.into_iter().zip(generated.cases) {
            let row = peer.row();
            let [.., accept, refuse] = head_counts(&self.document, &row);
            if accept + refuse != cases {
                faults.insert(format!(
                    "{DOCUMENT} begins with {accept} and {refuse} cases of {row}, and {cases} are listed"
                ));
            }
        }
    }
}

/// Counts the listed cases of each topic. A fault is a topic that is there twice, that no
/// difference is about or that is not known, and a case that is listed twice.
fn count<'a>(
    sections: &'a [Section],
    lists: &[Vec<Difference>; Peer::ALL.len()],
    faults: &mut BTreeSet<String>,
) -> Counts<'a> {
    let mut counts = Counts::new();
    for Topic { topic, .. } in sections.iter().flat_map(|section| &section.topics) {
        if counts.insert(topic, Default::default()).is_some() {
            faults.insert(format!("topics.toml: {topic:?} is there twice"));
        }
    }
    for (at, (peer, list)) in Peer::ALL.into_iter().zip(lists).enumerate() {
        let file = peer.file();
        for case in listed_twice(list) {
            faults.insert(format!("{file}: {case} is listed twice"));
        }
        for difference in list {
            let topic = difference.topic.as_str();
            match counts.get_mut(topic) {
                Some(row) => row[at] += difference.count(),
                None => {
                    faults.insert(format!("{file}: topics.toml has no {topic:?}"));
                }
            }
        }
    }
    for (topic, row) in &counts {
        if row.iter().all(|count| *count == 0) {
            faults.insert(format!("topics.toml: no difference is about {topic:?}"));
        }
    }
    counts
}

/// The document with the table of a section written anew. `None` without the one section of that
/// title, or without its table.
fn replaced(document: &str, section: &Section, counts: &Counts<'_>) -> Option<String> {
    let heading = format!("\n## {}\n\n", section.title);
    let (before, after) = document.split_once(&heading)?;
    if after.contains(&heading) || !after.starts_with(HEAD) {
        return None;
    }
    let lines = after.split_inclusive('\n');
    let old = lines.take_while(|line| line.starts_with('|'));
    let (_, rest) = after.split_at(old.map(str::len).sum());

    let releases = Release::ALL.map(Release::name).join(" / ");
    let mut table = format!("{HEAD} OpenSSL {releases} | our verdict |\n|---|---|---|---|\n");
    for Topic { topic, ours } in &section.topics {
        let [webpki, openssl @ ..] = &counts[topic.as_str()];
        let (webpki, openssl) = (cell(&[*webpki]), cell(openssl));
        table += &format!("| {topic} |{webpki}|{openssl}| {ours} |\n");
    }
    Some([before, &heading, &table, rest].concat())
}

/// A number for each release, or one for all of them, or none if that is 0.
fn cell(counts: &[usize]) -> String {
    let mut written: Vec<String> = counts.iter().copied().map(update::grouped).collect();
    if counts.iter().all(|count| *count == counts[0]) {
        written.truncate(1);
    }
    match written.join(" / ").as_str() {
        "0" => " ".to_owned(),
        numbers => format!(" {numbers} "),
    }
}

#[test]
fn tables_are_generated_and_faults_are_found() {
    let files = Files {
        document: "\
| `rustls-webpki` 0.103 | 9 | 0 | 6 | 1 | 2 | [webpki.toml](webpki.toml) |
| OpenSSL 3.0 | 9 | 0 | 8 | 1 | 0 | [openssl.toml](openssl.toml) |
| OpenSSL 3.5 | 9 | 0 | 7 | 1 | 1 | [openssl.toml](openssl.toml) |
| OpenSSL 4.0 | 8 | 0 | 6 | 1 | 1 | [openssl.toml](openssl.toml) |

## Names

| topic | webpki | OpenSSL 3.0 / 3.5 / 4.0 | our verdict |
|---|---|---|---|
| letters | | 1 | are the same |
| dots | 2 | 0 / 1 / 1 | refused |

## Paths

| topic | webpki | OpenSSL 3.0 / 3.5 / 4.0 | our verdict |
|---|---|---|---|
| loops | 1 | | [none](x.md) |

The end.
"
        .to_owned(),
        topics: "
            [[section]]
            title = 'Names'
            topics = [
                { topic = 'letters', ours = 'are the same' },
                { topic = 'dots', ours = 'refused' },
            ]
            [[section]]
            title = 'Paths'
            topics = [{ topic = 'loops', ours = '[none](x.md)' }]
        "
        .to_owned(),
        webpki: "
            difference = [
                { topic = 'loops', reason = 'r', rule = 'r', we_accept = ['a'] },
                { topic = 'dots', reason = 'r', rule = 'r', we_refuse = ['b', 'c'] },
            ]
        "
        .to_owned(),
        openssl: "
            [[difference]]
            topic = 'letters'
            reason = 'r'
            rule = 'r'
            we_accept = ['a']
            [[difference]]
            topic = 'dots'
            reason = 'r'
            rule = 'r'
            we_refuse = ['b']
            releases = ['3.5', '4.0']
        "
        .to_owned(),
    };
    let judge = |files: &Files| {
        let mut faults = BTreeSet::new();
        let generated = files.generated(&mut faults);
        files.compare(&generated, &mut faults);
        let faults: Vec<String> = faults.into_iter().collect();
        (generated.document, faults.join("\n"))
    };
    assert_eq!(judge(&files), (files.document.clone(), String::new()));

    let loops = "| loops | 1 | | [none](x.md) |\n";
    let twice = loops.repeat(2);
    type Text = fn(&mut Files) -> &mut String;
    let document: Text = |files| &mut files.document;
    let rows: &[_] = &[
        ("| 2 | 0 / 1", "| 3 | 0 / 1", "lacks | dots | 2 |"),
        ("0 / 1 / 1", "1", "has | dots | 2 | 1 |"),
        ("refused", "accepted", "has | dots"),
        (loops, "", "lacks | loops"),
        (loops, &twice, "or twice"),
    ];
    let elsewhere: &[_] = &[
        ("6 | 1 | 2", "6 | 1 | 3", "3 cases of `rustls-webpki`"),
        ("6 | 1 | 1", "6 | 1 | 0", "cases of OpenSSL 4.0"),
        ("## Paths", "## Path", "no one table in \"Paths\""),
        ("Paths\n\n|", "Paths\n\n-", "no one table in \"Paths\""),
        ("The", "## Paths\n\nThe", "no one table in \"Paths\""),
        ("The", "| topic | webpki |", "3 tables by topic"),
    ];
    let topics: &[_] = &[
        (
            "'dots'",
            "'dot'",
            "webpki.toml: topics.toml has no \"dots\"",
        ),
        ("'dots'", "'dot'", "no difference is about \"dot\""),
        ("'dots'", "'loops'", "\"loops\" is there twice"),
        ("'Paths'", "'Names'", "\"Names\" is there twice"),
    ];
    let webpki: &[_] = &[
        ("['b',", "['a',", "webpki.toml: a is listed twice"),
        ("'loops'", "'letters'", "lacks | letters | 1 | 1 |"),
    ];
    let openssl: &[_] = &[
        ("['b']", "['b', 'a']", "openssl.toml: a is listed twice"),
        ("['b']", "['b', 'd']", "lacks | dots | 2 | 0 / 2 / 2 |"),
        ("'letters'", "'x'", "openssl.toml: topics.toml has no \"x\""),
    ];
    for (text, plants, is_written_anew) in [
        (document, rows, true),
        (document, elsewhere, false),
        (|files| &mut files.topics, topics, false),
        (|files| &mut files.webpki, webpki, false),
        (|files| &mut files.openssl, openssl, false),
    ] {
        for (old, new, expected) in plants {
            let mut planted = files.clone();
            let text = text(&mut planted);
            assert_eq!(text.matches(old).count(), 1, "{old}");
            *text = text.replace(old, new);
            let (written, faults) = judge(&planted);
            assert!(faults.contains(expected), "{old} -> {new}: {faults}");
            assert!(
                !is_written_anew || written == files.document,
                "{old} -> {new}: {written}"
            );
        }
    }
}
