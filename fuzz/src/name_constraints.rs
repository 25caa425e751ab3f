//! Laws of name constraints (RFC 5280 §4.2.1.10), held to whole paths as a verification judges
//! them:
//!
//! - each certificate, each list, each excluded subtree and each name is judged by itself, and all
//!   must hold;
//! - one more permitted subtree of a form that is constrained refuses nothing; of another form it
//!   accepts nothing;
//! - one more excluded subtree accepts nothing, and excluded wins over permitted;
//! - a name within a permitted subtree is within the same subtree excluded.
//!
//! Input: general names, each an octet that says what it is for and its form; an octet of length;
//! the content.

use std::sync::LazyLock;
use std::time::Duration;

use mtls_verify::ClientPolicy;
use mtls_verify::error::{NameViolation, Reason};
use mtls_verify::fuzzing::{GeneralName as Read, is_general_name, judge, parse};
use mtls_verify::pki_types::UnixTime;
use mtls_verify::policy::Limits;
use testpki::{Cert, Extension, GeneralName, Key, Name, der};

use crate::seeds::Testdata;
use crate::tally::{Judged, Kinds};

/// Tags of the forms; the last is an otherName.
const FORMS: [u8; 9] = [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88];
/// More of anything only takes time.
const MOST: usize = 5;

#[derive(Clone, Default)]
struct Case {
    /// Encoded, as are the others.
    names: Vec<Vec<u8>>,
    permitted: Vec<Vec<u8>>,
    excluded: Vec<Vec<u8>>,
}

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Accepted,
    Refused,
    /// Refused, as a name or a subtree cannot be judged.
    Unprocessable,
}

impl Verdict {
    fn is_accepted(self) -> bool {
        self == Self::Accepted
    }
}

/// The names and the subtrees of each folder that has both.
pub fn seeds(testdata: &Testdata) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for folder in testdata.folders() {
        let (mut names, mut subtrees) = (Vec::new(), Vec::new());
        for der in folder {
            let _ = parse(&der, |read| {
                names.extend(records(0x00, &read.subject_alt_names));
                subtrees.extend(records(0x80, &read.permitted));
                subtrees.extend(records(0xc0, &read.excluded));
            });
        }
        if !names.is_empty() && !subtrees.is_empty() {
            seeds.push([names, subtrees].concat());
        }
    }
    seeds
}

/// Names as a part of an input.
fn records(list: u8, names: &[Read<'_>]) -> Vec<u8> {
    let mut records = Vec::new();
    for name in names {
        let (tag, content) = match name {
            Read::Other(type_id, value) => {
                let value = der::context_constructed(0, value);
                (0xa0, [der::tlv(0x06, type_id), value].concat())
            }
            Read::Email(text) => (0x81, text.as_bytes().to_vec()),
            Read::Dns(text) => (0x82, text.as_bytes().to_vec()),
            Read::Directory(name) => (0xa4, name.to_vec()),
            Read::Uri(text) => (0x86, text.as_bytes().to_vec()),
            Read::Ip(bytes) => (0x87, bytes.to_vec()),
            Read::Unread(tag) => (*tag, vec![0x2a]),
        };
        let form = FORMS
            .iter()
            .position(|known| *known == tag)
            .unwrap_or_default();
        if let Ok(len) = u8::try_from(content.len()) {
            records.extend([list | form as u8, len]);
            records.extend(content);
        }
    }
    records
}

/// By the verdict. Names without a subtree of the form of one of them are not judged: nothing could
/// refuse them.
pub const KINDS: Kinds = &[("accepted", 5), ("refused", 5), ("unprocessable", 100)];

/// Checks the laws on all ways to take one thing away.
pub fn check(input: &[u8]) -> Judged {
    let case = decode(input);
    if case.names.is_empty() || case.permitted.len() + case.excluded.len() == 0 {
        return None;
    }
    let Case {
        names,
        permitted,
        excluded,
    } = &case;
    let whole = judged(names, permitted, excluded);
    let by_permitted = judged(names, permitted, &[]);
    let by_excluded = judged(names, &[], excluded);
    assert_eq!(
        whole.is_accepted(),
        by_permitted.is_accepted() && by_excluded.is_accepted(),
        "both lists hold"
    );
    let each_name = |name: &Vec<u8>| judged(std::slice::from_ref(name), permitted, excluded);
    assert_eq!(
        whole.is_accepted(),
        names.iter().all(|name| each_name(name).is_accepted())
    );
    let each_excluded = |base: &Vec<u8>| judged(names, &[], std::slice::from_ref(base));
    assert_eq!(
        by_excluded.is_accepted(),
        excluded
            .iter()
            .all(|base| each_excluded(base).is_accepted())
    );

    check_permitted(names, permitted);
    for (name, base) in names.iter().flat_map(|name| {
        permitted
            .iter()
            .chain(excluded)
            .map(move |base| (name, base))
    }) {
        check_one(name, base);
    }
    check_order(&case, whole);
    check_two_cas(&case, whole);
    let mut bases = permitted.iter().chain(excluded);
    let is_about = |base: &Vec<u8>| names.iter().any(|name| concerns(base, name));
    bases.any(is_about).then_some(match whole {
        Verdict::Accepted => "accepted",
        Verdict::Refused => "refused",
        Verdict::Unprocessable => "unprocessable",
    })
}

fn check_permitted(names: &[Vec<u8>], permitted: &[Vec<u8>]) {
    // An IPv4 address that is written as an IPv6 one must lie in permitted subtrees of both
    // spellings: one more subtree may refuse it.
    let is_mapped = |name: &Vec<u8>| {
        let mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        name[0] == 0x87 && der::contents(name).starts_with(&mapped)
    };
    if names.iter().any(is_mapped) {
        return;
    }
    let whole = judged(names, permitted, &[]);
    for (at, base) in permitted.iter().enumerate() {
        let mut fewer = permitted.to_vec();
        fewer.remove(at);
        let without = judged(names, &fewer, &[]);
        let is_form_constrained = fewer.iter().any(|other| form(other) == form(base));
        if !is_form_constrained {
            assert!(
                without.is_accepted() || !whole.is_accepted(),
                "a new form accepts"
            );
        } else if without.is_accepted() {
            // Unless it is one that cannot be judged.
            let alone = judged(names, std::slice::from_ref(base), &[]);
            let is_processable = alone != Verdict::Unprocessable;
            assert!(
                whole.is_accepted() || !is_processable,
                "one more of a form refuses"
            );
        }
    }
    // Accepted if and only if for each form that is constrained, each name of it is in one of its
    // subtrees.
    if whole != Verdict::Unprocessable {
        let is_within = |name: &Vec<u8>, base: &Vec<u8>| {
            concerns(base, name)
                && judged(std::slice::from_ref(name), std::slice::from_ref(base), &[]).is_accepted()
        };
        let holds = |name: &Vec<u8>| {
            let mut of_its_form = permitted
                .iter()
                .filter(|base| concerns(base, name))
                .peekable();
            of_its_form.peek().is_none() || of_its_form.any(|base| is_within(name, base))
        };
        assert_eq!(whole.is_accepted(), names.iter().all(holds));
    }
}

/// One name, one subtree.
fn check_one(name: &[u8], base: &[u8]) {
    let one = |bytes: &[u8]| [bytes.to_vec()];
    let permitted = judged(&one(name), &one(base), &[]);
    let excluded = judged(&one(name), &[], &one(base));
    if !concerns(base, name) {
        assert!(
            permitted.is_accepted() && excluded.is_accepted(),
            "of another form"
        );
        return;
    }
    assert!(
        !(permitted.is_accepted() && excluded.is_accepted()),
        "in it, and not in it"
    );
    assert_eq!(
        permitted == Verdict::Unprocessable,
        excluded == Verdict::Unprocessable
    );
}

fn check_order(case: &Case, whole: Verdict) {
    let reversed = |list: &[Vec<u8>]| list.iter().rev().cloned().collect::<Vec<_>>();
    let other = judged(
        &reversed(&case.names),
        &reversed(&case.permitted),
        &reversed(&case.excluded),
    );
    assert_eq!(
        whole.is_accepted(),
        other.is_accepted(),
        "the order matters"
    );
}

/// Two CAs, of which one has one list and the other the other, are as strict as one.
fn check_two_cas(case: &Case, whole: Verdict) {
    let client = client(&case.names);
    let intermediate = ca(true, &case.permitted, &[]);
    let anchor = ca(false, &[], &case.excluded);
    let verdict = verdict_of(&[&client, &intermediate, &anchor]);
    assert_eq!(
        whole.is_accepted(),
        verdict.is_accepted(),
        "two CAs differ from one"
    );
}

fn judged(names: &[Vec<u8>], permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Verdict {
    verdict_of(&[&client(names), &ca(false, permitted, excluded)])
}

fn verdict_of(path: &[&[u8]]) -> Verdict {
    // 2026-06-01T00:00:00Z.
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_780_272_000));
    let limits = Limits::default().with_work(u32::MAX);
    match judge(path, now, &ClientPolicy::default().with_limits(limits)) {
        Ok(()) => Verdict::Accepted,
        Err(Reason::NameConstraint {
            violation: NameViolation::Unprocessable,
            ..
        }) => Verdict::Unprocessable,
        Err(Reason::NameConstraint { .. }) => Verdict::Refused,
        Err(other) => panic!("{other:?}"),
    }
}

/// The form of a general name: its tag, and of an otherName its type too.
fn form(name: &[u8]) -> (u8, &[u8]) {
    match name[0] {
        0xa0 => (0xa0, der::split_first(der::contents(name)).0),
        tag => (tag, &[]),
    }
}

/// Whether a subtree says something of a name: one of its form, or of mailboxes (RFC 9598 §6).
fn concerns(base: &[u8], name: &[u8]) -> bool {
    /// id-on-SmtpUTF8Mailbox, 1.3.6.1.5.5.7.8.9, as an element.
    const SMTP_UTF8_MAILBOX: &[u8] = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09";
    form(base) == form(name) || base[0] == 0x81 && form(name) == (0xa0, SMTP_UTF8_MAILBOX)
}

struct Templates {
    client: Cert,
    anchor: Cert,
    intermediate: Cert,
}

/// Without signatures, which nobody looks at here. The subject is empty, so that the names are all
/// there is to judge.
static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let key = Key::ed25519("name constraints");
    let unsigned = |cert: Cert| cert.raw_signature(vec![0; 64]).serial(&[1]);
    let anchor = unsigned(Cert::ca("Root", &key));
    Templates {
        client: unsigned(
            Cert::client("client", &key)
                .subject(Name::empty())
                .issuer(Name::cn("CA")),
        ),
        intermediate: anchor.clone().subject(Name::cn("CA")),
        anchor,
    }
});

fn client(names: &[Vec<u8>]) -> Vec<u8> {
    let names: Vec<_> = names.iter().cloned().map(GeneralName::Raw).collect();
    TEMPLATES
        .client
        .clone()
        .extension(Extension::subject_alt_name(&names))
        .der()
}

fn ca(is_intermediate: bool, permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Vec<u8> {
    let template = match is_intermediate {
        true => TEMPLATES.intermediate.clone(),
        false => TEMPLATES.anchor.clone(),
    };
    let subtrees = |bases: &[Vec<u8>]| {
        bases
            .iter()
            .map(|base| der::sequence(&[base]))
            .collect::<Vec<_>>()
    };
    match permitted.is_empty() && excluded.is_empty() {
        true => template.der(),
        false => template
            .extension(Extension::name_constraints(
                &subtrees(permitted),
                &subtrees(excluded),
            ))
            .der(),
    }
}

fn decode(mut input: &[u8]) -> Case {
    let mut case = Case::default();
    while let [op, len, rest @ ..] = input {
        let (content, rest) = rest.split_at(rest.len().min(usize::from(*len)));
        input = rest;
        let name = der::tlv(FORMS[usize::from(op & 0x0f) % FORMS.len()], content);
        let list = match op >> 6 {
            0 | 1 => &mut case.names,
            2 => &mut case.permitted,
            _ => &mut case.excluded,
        };
        if is_general_name(&name) && list.len() < MOST {
            list.push(name);
        }
    }
    case
}
