//! Certificates that are dear to read, whether they are well-formed or not.

use testpki::{Cert, Extension, GeneralName, der, oid};

use super::super::forge::{LongName, SCRIPTS, fit, padding};
use super::{
    Draft, EQUAL, FEW, Gene, KEY, Kind, STRICT, UNIDENTIFIED, alternative_names, draft, encoded,
    gene, share, stack, world,
};
use crate::pki::pseudo_random;

/// The genes of certificates that are filled with something.
const FILLED: [Gene; 9] = [
    KEY,
    STRICT,
    UNIDENTIFIED,
    EQUAL,
    FEW,
    gene("intermediates", 15),
    gene("parts", 4_000),
    gene("form", 9),
    gene("length", 200),
];

/// `part` makes the extension of a certificate out of its genes and the bytes that it may have.
fn filled(genes: &[u32], part: impl Fn(&[u32], Cert, usize) -> Cert) -> Draft {
    let intermediates = genes[5] as usize;
    let world = world(genes);
    let room = share(intermediates + 1);
    let chain = stack(world, &world.root(), intermediates, |_, certificate| {
        part(&genes[6..], certificate, room)
    });
    draft(world, chain, None)
}

pub(super) const EXTENSIONS: Kind = Kind {
    name: "extensions",
    about: "many extensions that nobody knows",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("intermediates", 15),
        gene("parts", 59),
        gene("form", 2),
        gene("length", 200),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 3, 55, 0, 0],
        &[0, 0, 0, 0, 0, 15, 55, 0, 0],
        &[0, 0, 0, 0, 0, 3, 55, 1, 0],
    ],
    make: |genes| {
        filled(genes, |genes, certificate, room| {
            let prefix = ["2.5.29", "1.3.6.1.4.1.32473", "2.5"][genes[1] as usize % 3];
            let extension = |number: usize| {
                let value = vec![0x5a; genes[2] as usize];
                Extension::new(&format!("{prefix}.{}", number + 100), value)
            };
            let all = (0..genes[0] as usize).map(extension);
            let fitting = fit(all, room, |extension| extension.der().len());
            fitting
                .into_iter()
                .fold(certificate, Cert::another_extension)
        })
    },
};

pub(super) const PURPOSES: Kind = Kind {
    name: "purposes",
    about: "extKeyUsages of many purposes",
    genes: &FILLED,
    seeds: &[
        &[0, 0, 0, 0, 0, 3, 4_000, 0, 0],
        &[0, 0, 0, 0, 0, 15, 4_000, 1, 0],
    ],
    make: |genes| {
        filled(genes, |genes, certificate, room| {
            let prefix = ["2.5", "1.3.6.1.5.5.7.3", "1.3.6.1.4.1.32473"][genes[1] as usize % 3];
            let all = (0..genes[0] as usize)
                .map(|number| der::oid(&format!("{prefix}.{}", number + 100)));
            let mut purposes = fit(all, room, Vec::len);
            // The one that counts comes last.
            purposes.push(der::oid(oid::CLIENT_AUTH));
            certificate.extension(Extension::new(
                oid::EXTENDED_KEY_USAGE,
                der::sequence(&purposes),
            ))
        })
    },
};

pub(super) const ALTERNATIVES: Kind = Kind {
    name: "alternative-names",
    about: "subjectAltNames of many names, held against nothing",
    genes: &FILLED,
    seeds: &[
        &[0, 0, 0, 0, 0, 3, 4_000, 0, 1],
        &[0, 0, 0, 0, 0, 3, 4_000, 1, 1],
        &[0, 1, 0, 0, 0, 3, 4_000, 2, 1],
        &[0, 1, 0, 0, 0, 3, 4_000, 3, 1],
        &[0, 1, 0, 0, 0, 3, 4_000, 4, 1],
    ],
    make: |genes| {
        filled(genes, |genes, certificate, room| {
            let length = (genes[2] as usize).max(1);
            let long = |script: u32| LongName {
                script,
                attributes: 1,
                characters: length,
                is_one_level: false,
            };
            let name = |number: usize| {
                let text = "a".repeat(length.min(60));
                match genes[1] {
                    0 => GeneralName::dns(&format!("{text}{number}.example")),
                    1 => GeneralName::uri(&format!("spiffe://{text}.example/{number}")),
                    2 => GeneralName::email(&format!("{text}{number}@a.example")),
                    3 => GeneralName::directory(&long(3).name(number, Some(number))),
                    4 => GeneralName::upn(&format!("{text}{number}@a.example")),
                    5 => GeneralName::Ip(vec![10; 4]),
                    6 => GeneralName::RegisteredId(format!("2.5.{number}")),
                    7 => GeneralName::Other("1.3.6.1.5.5.7.8.9".into(), der::utf8_string("é@é.e")),
                    form => GeneralName::directory(&long(form % SCRIPTS).name(number, None)),
                }
                .der()
            };
            let names = fit((0..genes[0] as usize).map(name), room, Vec::len);
            certificate.extension(alternative_names(&names))
        })
    },
};

pub(super) const MALFORMED: Kind = Kind {
    name: "malformed",
    about: "certificates that are cut short or end in what is not DER",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("intermediates", 15),
        gene("extensions", 59),
        gene("cut off", 4_000),
        gene("is client good", 1),
        // Of the whole certificate, or of the last extension alone.
        gene("inside", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 3, 55, 1, 1, 0],
        &[0, 0, 0, 0, 0, 15, 55, 1, 1, 1],
    ],
    make: |genes| {
        let [intermediates, extensions, cut, is_client_good, inside] = genes[5..10] else {
            panic!("five genes");
        };
        let world = world(genes);
        let room = share(intermediates as usize + 1);
        let root = world.root();
        let chain = stack(
            world,
            &root,
            intermediates as usize,
            |place, certificate| {
                let extension =
                    |number: usize| Extension::new(&format!("2.5.{}", number + 100), Vec::new());
                let all = (0..extensions as usize).map(extension);
                let fitting = fit(all, room, |extension| extension.der().len());
                let certificate = fitting
                    .into_iter()
                    .fold(certificate, Cert::another_extension);
                match inside == 1 && (place > 0 || is_client_good == 0) {
                    true => certificate
                        .another_extension(Extension::raw("2.5.1", vec![0x30, 3, 6, 1, 0x80])),
                    false => certificate,
                }
            },
        );
        let mut chain = encoded(&chain);
        for der in chain.iter_mut().skip(is_client_good as usize) {
            if inside == 0 {
                der.truncate(der.len().saturating_sub(cut as usize).max(1));
            }
        }
        Draft { world, chain }
    },
};

pub(super) const GARBAGE: Kind = Kind {
    name: "garbage",
    about: "octets that are no certificates",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("certificates", 15),
        gene("length", 16_000),
        // Of the same octet, random, or nested as deep as there is room.
        gene("form", 2),
        gene("octet", 255),
        gene("is client good", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 15, 4_000, 0, 0x30, 1],
        &[0, 0, 0, 0, 0, 3, 16_000, 2, 0x30, 1],
        &[0, 0, 0, 0, 0, 15, 4_000, 1, 0, 0],
    ],
    make: |genes| {
        let [count, length, form, octet, is_client_good] = genes[5..10] else {
            panic!("five genes");
        };
        let world = world(genes);
        let length = (length as usize).min(share(count as usize + 1)).max(1);
        let garbage = |number: u32| match form {
            0 => vec![octet as u8; length],
            1 => pseudo_random(number.into(), length),
            _ => (0..length / 4).fold(Vec::new(), |inner, _| match inner.len() + 4 <= length {
                true => der::tlv(octet as u8, &inner),
                false => inner,
            }),
        };
        let mut chain: Vec<_> = (1..=count).map(garbage).collect();
        let client = match is_client_good {
            0 => garbage(0),
            _ => {
                let padded = |_, certificate: Cert| certificate.extension(padding(100));
                encoded(&stack(world, &world.root(), 0, padded)).remove(0)
            }
        };
        chain.insert(0, client);
        Draft { world, chain }
    },
};
