//! Names: presented, and held against constraints.

use testpki::{Cert, Extension, GeneralName, Name, der};

use super::super::forge::{LongName, SCRIPTS, fit, forged, text};
use super::super::premises::{Asks, World, strangers_key};
use super::{
    Draft, EQUAL, FEW, Gene, KEY, Kind, STRICT, UNIDENTIFIED, alternative_names, client, draft,
    gene, issuer_of, share, stack, world,
};
use crate::pki::{ca, name};

/// The genes of what is held against constraints.
const CONSTRAINED: [Gene; 14] = [
    KEY,
    STRICT,
    UNIDENTIFIED,
    EQUAL,
    FEW,
    gene("anchor constrains", 1),
    gene("genuine between", 1),
    gene("intermediates", 4),
    gene("names", 2_000),
    gene("subtrees", 2_000),
    gene("permitted", 1),
    gene("script", SCRIPTS),
    gene("length", 250),
    gene("attributes", 40),
];

const CONSTRAINED_SEEDS: &[&[u32]] = &[
    &[0, 0, 0, 0, 0, 0, 0, 1, 2_000, 2_000, 0, 1, 4, 2],
    &[0, 0, 0, 0, 0, 0, 0, 2, 200, 400, 1, 0, 20, 1],
    &[0, 0, 0, 0, 0, 1, 0, 0, 2_000, 0, 0, 1, 10, 1],
];

const fn constrained(name: &'static str, about: &'static str, make: fn(&[u32]) -> Draft) -> Kind {
    Kind {
        name,
        about,
        genes: &CONSTRAINED,
        seeds: CONSTRAINED_SEEDS,
        make,
    }
}

pub(super) const DIRECTORY: Kind = constrained(
    "directory-names",
    "directory names against constraints",
    |genes| {
        against_constraints(genes, |genes, number, is_base| {
            let [script, length, attributes] = genes[11..14] else {
                panic!("three genes");
            };
            let long = LongName {
                script,
                attributes: attributes as usize,
                characters: length as usize,
                is_one_level: false,
            };
            // Bases end in what no name has.
            let last = number + if is_base { 1_000_000 } else { 0 };
            GeneralName::directory(&long.name(number, Some(last)))
        })
    },
);

pub(super) const DNS: Kind = constrained("dns-names", "DNS names against constraints", |genes| {
    against_constraints(genes, |genes, number, is_base| {
        GeneralName::Dns(host(genes, number, is_base))
    })
});

pub(super) const URI: Kind = constrained("uris", "URIs against constraints", |genes| {
    against_constraints(genes, |genes, number, is_base| {
        let host = host(genes, number, is_base);
        GeneralName::Uri(match is_base {
            true => format!(".{host}"),
            false => format!("https://{host}/"),
        })
    })
});

pub(super) const MAIL: Kind = constrained("mail", "mail addresses against constraints", |genes| {
    against_constraints(genes, |genes, number, is_base| {
        let host = host(genes, number, is_base);
        GeneralName::Email(match (is_base, genes[13] % 2) {
            (true, 0) => format!(".{host}"),
            (true, _) | (false, _) => format!("a@{host}"),
        })
    })
});

pub(super) const SMTP_UTF8: Kind = constrained(
    "smtp-utf8",
    "SmtpUTF8Mailboxes against constraints of mail addresses",
    |genes| {
        against_constraints(genes, |genes, number, is_base| match is_base {
            true => GeneralName::Email(format!(".{}", host(genes, number, true))),
            false => {
                let (_, text) = text(genes[11], genes[12] as usize, number);
                let mailbox = format!("{text}@{}", host(genes, number, false));
                GeneralName::Other("1.3.6.1.5.5.7.8.9".to_owned(), der::utf8_string(&mailbox))
            }
        })
    },
);

pub(super) const IP: Kind = constrained(
    "ip-addresses",
    "IP addresses against constraints",
    |genes| {
        against_constraints(genes, |genes, number, is_base| {
            let octets = if genes[13] % 2 == 0 { 4 } else { 16 };
            let mut address = vec![10; octets];
            address[octets - 2] = (number >> 8) as u8;
            address[octets - 1] = number as u8;
            if is_base {
                address[0] = 11;
                address.extend(vec![0xff; octets]);
            }
            GeneralName::Ip(address)
        })
    },
);

/// A host of labels that bases and names have in common but for the first.
fn host(genes: &[u32], number: usize, is_base: bool) -> String {
    let label = if is_base { "b" } else { "n" };
    let letters = match (genes[11] % 2, number % 2) {
        (1, 1) => "A",
        _ => "a",
    };
    let length = (genes[12] as usize).clamp(1, 60);
    let labels = (genes[13] as usize).clamp(1, 230 / (length + 1) + 1);
    let common = vec![letters.repeat(length); labels].join(".");
    format!("{label}{number}.{common}")
}

/// Intermediates that constrain, each with names of its own, and a client with names.
fn against_constraints(genes: &[u32], form: impl Fn(&[u32], usize, bool) -> GeneralName) -> Draft {
    let [anchor, between, intermediates, names, subtrees, permitted] = genes[5..11] else {
        panic!("six genes");
    };
    let mut world = world(genes);
    if anchor == 1 {
        world.asks = Asks::Constraints;
    }
    let (issuer, between) = issuer_of(world, between == 1);
    let intermediates = intermediates as usize;
    let room = share(intermediates + 1 + usize::from(between.is_some()));
    let encoded = |is_base: bool, count: u32, room: usize| {
        let all = (0..count as usize).map(|number| form(genes, number, is_base).der());
        fit(all, room, |name| name.len() + if is_base { 4 } else { 0 })
    };
    let constraints = |room: usize| {
        let mut bases = encoded(true, subtrees, room);
        if permitted == 1
            && let Some(last) = bases.last_mut()
        {
            // One that permits all, after those that permit nothing.
            *last = match form(genes, 0, true) {
                GeneralName::Dns(_) => GeneralName::dns(""),
                GeneralName::Directory(_) => GeneralName::directory(&Name::empty()),
                other => other,
            }
            .der();
        }
        let subtrees: Vec<_> = bases.iter().map(|base| der::sequence(&[base])).collect();
        match permitted {
            1 => Extension::name_constraints(&subtrees, &[]),
            _ => Extension::name_constraints(&[], &subtrees),
        }
    };
    let chain = stack(world, &issuer, intermediates, |place, certificate| {
        let (certificate, room) = match (place, subtrees) {
            (0, _) | (_, 0) => (certificate, room),
            // Those below the highest are held against constraints as well as stating some.
            _ if place == intermediates => {
                return certificate.extension(constraints(room));
            }
            _ => (certificate.extension(constraints(room / 2)), room / 2),
        };
        match names {
            0 => certificate,
            _ => certificate.extension(alternative_names(&encoded(false, names, room))),
        }
    });
    draft(world, chain, between)
}

pub(super) const PRESENTED: Kind = Kind {
    name: "presented-names",
    about: "subjects and issuers that are equal once prepared, or nearly so",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("certificates", 15),
        gene("script", SCRIPTS),
        gene("length", 8_000),
        gene("attributes", 120),
        gene("one level", 1),
        gene("numbered", 1),
        gene("of anchor", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 15, 6, 300, 3, 0, 1, 0],
        &[0, 0, 0, 0, 0, 15, 1, 20, 60, 0, 0, 0],
    ],
    make: |genes| {
        let [
            count,
            script,
            length,
            attributes,
            one_level,
            numbered,
            of_anchor,
        ] = genes[5..12]
        else {
            panic!("seven genes");
        };
        let world = world(genes);
        let long = LongName {
            script,
            attributes: attributes as usize,
            characters: length as usize,
            is_one_level: one_level == 1,
        };
        let written = |variant: usize| {
            let number = (numbered == 1).then_some(variant);
            Name::raw(long.name(variant, number).der().to_vec())
        };
        presented(world, count as usize, of_anchor == 1, written)
    },
};

pub(super) const LONG: Kind = Kind {
    name: "long-names",
    about: "names of up to 16 KB",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("certificates", 6),
        gene("script", 1),
        gene("length", 15_000),
        gene("attributes", 1_000),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 4, 1, 6_000, 1],
        &[0, 0, 0, 0, 0, 4, 1, 1, 500],
    ],
    make: |genes| {
        let [count, script, length, attributes] = genes[5..9] else {
            panic!("four genes");
        };
        let long = LongName {
            script,
            attributes: attributes as usize,
            characters: length as usize,
            is_one_level: false,
        };
        let written = |variant: usize| long.name(variant, None);
        presented(world(genes), count as usize, true, written)
    },
};

/// CAs and a client, with subjects and issuers of `written`; the highest CA may name the anchor as
/// its issuer.
fn presented(
    world: World,
    count: usize,
    is_below_anchor: bool,
    written: impl Fn(usize) -> Name,
) -> Draft {
    let root = world.root();
    let cas = (0..count).map(|place| {
        let ca = ca("any", &strangers_key(place % 3));
        let ca = forged(ca, &root, world.key, place as u64).subject(written(2 * place));
        match is_below_anchor && place + 1 == count {
            true => ca,
            false => ca.issuer(written(2 * place + 1)),
        }
    });
    let cas: Vec<Cert> = cas.collect();
    let mut client = client(world, &root, 99).subject(name("device-7"));
    if count > 0 {
        client = client.issuer(written(2 * count));
    }
    let mut chain = vec![client];
    chain.extend(cas);
    draft(world, chain, None)
}
