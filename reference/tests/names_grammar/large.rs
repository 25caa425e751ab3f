//! Names and bases of 64 KB, of each form. No CA of a store may be as large: a client presents one.

use crate::written::Written;
use crate::{directory, mailboxes, others, texts};

/// 64 KB.
const LARGE: usize = 65_536;

/// Of each form, names of 64 KB and a short one, and bases of 64 KB.
pub(crate) fn forms() -> Vec<(Vec<Written>, Vec<Written>)> {
    let text = |text: String, tag, is_known| Written::text(tag, text.as_bytes(), is_known);
    let a = "a".repeat(LARGE);
    let labels = ["a"; LARGE / 2].join(".");
    let mut forms = Vec::new();
    for (tag, known) in [
        (0x82, texts::dns("a.example")),
        (0x86, texts::uri("x://a.example/", true)),
        (0x81, mailboxes::email("a@a.example", true)),
    ] {
        let bases = [
            a.clone(),
            labels.clone(),
            format!(".{labels}"),
            format!("{labels}.a.example"),
            format!("a.example.{labels}"),
            format!("a.example\0{a}"),
            format!("{}a.example", " ".repeat(LARGE)),
            format!("{a}@a.example"),
            format!("{}@a.example", "a.".repeat(LARGE / 2)),
            format!("a@{labels}.example"),
            format!("x://{labels}/"),
            format!("x://a.example/{a}"),
        ];
        // A URI may have a path and a user of any length; all else here is too long for its form.
        let mut names: Vec<_> = bases
            .iter()
            .skip(1)
            .step_by(3)
            .chain(bases.last())
            .map(|base| text(base.clone(), tag, tag == 0x86 && base.starts_with("x://a.")))
            .collect();
        names.push(known);
        let bases = bases.map(|base| text(base, tag, false)).to_vec();
        forms.push((names, bases));
    }
    let octets = [0, 0xFF].map(|octet| others::ip(&vec![octet; LARGE], false));
    let address = others::ip(&[192, 0, 2, 1], true);
    let names = octets.iter().cloned().chain([address]).collect();
    forms.push((names, octets.to_vec()));
    let names = directory::large(LARGE);
    forms.push((names.clone(), names));
    // Nobody can compare these.
    let upns = [others::upn(&a), others::upn(&labels)];
    let names = upns.iter().cloned().chain([others::upn("a")]).collect();
    forms.push((names, upns.to_vec()));
    for tag in [0xA3, 0xA5, 0x88] {
        let base = others::raw("another form", tag, a.as_bytes());
        let short = others::raw("another form", tag, &[0x2A, 3]);
        forms.push((vec![base.clone(), short], vec![base]));
    }
    forms
}
