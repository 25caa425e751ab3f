//! Several sorts of cost in one chain.

use testpki::{Cert, Extension, GeneralName, KeyUsage, der, oid};

use super::super::forge::{LongName, SCRIPTS, fit, forged, padding, without_key_ids};
use super::super::premises::{Asks, CRL_SIGNER, strangers_key};
use super::{
    Draft, EQUAL, FEW, KEY, Kind, STRICT, UNIDENTIFIED, alternative_names, client, draft, gene,
    share, world,
};
use crate::pki::{ca, name};

const ASKS: [Asks; 6] = [
    Asks::Nothing,
    Asks::Policies,
    Asks::Revocation,
    Asks::SeparateCrls,
    Asks::Constraints,
    Asks::Denies,
];

pub(super) const REPLAYED: Kind = Kind {
    name: "replayed",
    about: "the honest chain of somebody else, and forged CAs and CRL signers beside it",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("asks", 5),
        gene("forged", 14),
        // The names of the intermediate, of the anchor, of the CRL signer or another.
        gene("subject", 3),
        gene("issuer", 3),
        gene("key identifiers", 2),
        gene("padding", 16_000),
        gene("before the genuine", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 0, 14, 0, 1, 0, 0, 1],
        &[0, 0, 0, 0, 0, 3, 13, 2, 1, 0, 0, 1],
        &[0, 0, 0, 0, 0, 3, 13, 2, 0, 2, 0, 1],
        &[0, 1, 1, 1, 1, 2, 14, 0, 1, 0, 3_000, 1],
    ],
    make: |genes| {
        let [asks, count, subject, issuer, ids, octets, before] = genes[5..12] else {
            panic!("seven genes");
        };
        let mut world = world(genes);
        world.asks = ASKS[asks as usize];
        let mut chain = world.honest();
        let count = (count as usize).min(16 - chain.len());
        let octets = (octets as usize).min(share(count + chain.len()));
        let names = ["Issuing CA", "Root CA", CRL_SIGNER, "Stranger CA"];
        let genuine = match ids {
            1 => "root",
            _ => "issuing",
        };
        let of_name = |which: u32| ca(names[which as usize], &world.key.key(genuine));
        let forgeries = (0..count).map(|place| {
            let forgery = ca(names[subject as usize], &strangers_key(place));
            let forgery = forgery.extension(Extension::key_usage(&[
                KeyUsage::DigitalSignature,
                KeyUsage::KeyCertSign,
                KeyUsage::CrlSign,
            ]));
            let forgery = forged(forgery, &of_name(issuer), world.key, place as u64);
            let forgery = match ids {
                0 => without_key_ids(forgery),
                _ => forgery.extension(Extension::subject_key_identifier(
                    &world.key.key("issuing").identifier(),
                )),
            };
            forgery.extension(padding(octets)).der()
        });
        let place = if before == 1 { 1 } else { chain.len() };
        chain.splice(place..place, forgeries);
        Draft { world, chain }
    },
};

pub(super) const MIXED: Kind = Kind {
    name: "mixed",
    about: "signatures that do not hold, on certificates that are dear to read, name and hash",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("asks", 5),
        gene("CAs", 15),
        gene("of anchor", 1),
        gene("script", SCRIPTS),
        gene("name length", 2_000),
        gene("alternative names", 400),
        gene("alternative length", 60),
        gene("purposes", 1_000),
        gene("policies", 300),
        gene("extensions", 50),
        gene("padding", 16_000),
    ],
    seeds: &[
        &[0, 0, 0, 1, 1, 0, 15, 0, 1, 10, 20, 10, 50, 20, 40, 16_000],
        &[0, 1, 1, 1, 1, 1, 15, 1, 6, 100, 20, 10, 50, 20, 40, 16_000],
    ],
    make: mixed,
};

fn mixed(genes: &[u32]) -> Draft {
    let [asks, count, of_anchor, script, name_length] = genes[5..10] else {
        panic!("five genes");
    };
    let [names, length, purposes, policies, extensions, octets] = genes[10..16] else {
        panic!("six genes");
    };
    let mut world = world(genes);
    world.asks = ASKS[asks as usize];
    let root = world.root();
    let subject = |variant: usize| match of_anchor {
        1 => name("Root CA"),
        _ => {
            let long = LongName {
                script,
                attributes: 1,
                characters: name_length as usize,
                is_one_level: false,
            };
            long.name(variant, None)
        }
    };
    let room = share(count as usize + 1).saturating_sub(2 * subject(0).der().len());
    let fill = |certificate: Cert| {
        let oids = |count: u32, room: usize| {
            let oids = (0..count).map(|number| der::oid(&format!("2.5.{}", number + 128)));
            fit(oids, room, |oid| oid.len() + 2)
        };
        let mut purposes = oids(purposes, room / 8);
        purposes.push(der::oid(oid::CLIENT_AUTH));
        let policies = oids(policies, room / 8);
        let policies: Vec<_> = policies.iter().map(|oid| der::sequence(&[oid])).collect();
        let text = "a".repeat(length.max(1) as usize);
        let names =
            (0..names).map(|number| GeneralName::dns(&format!("{text}{number}.example")).der());
        let names = fit(names, room / 4, Vec::len);
        let mut filled = certificate.extension(Extension::new(
            oid::EXTENDED_KEY_USAGE,
            der::sequence(&purposes),
        ));
        if !policies.is_empty() {
            let policies = der::sequence(&policies);
            filled = filled.extension(Extension::new(oid::CERTIFICATE_POLICIES, policies));
        }
        if !names.is_empty() {
            filled = filled.extension(alternative_names(&names));
        }
        for number in 0..extensions {
            let unknown = Extension::new(&format!("2.5.30.{number}"), Vec::new());
            filled = filled.another_extension(unknown);
        }
        let left = room.saturating_sub(filled.der().len().saturating_sub(600));
        filled.extension(padding(left.min(octets as usize)))
    };
    let cas = (0..count as usize).map(|place| {
        let ca = ca("any", &strangers_key(place));
        let ca = forged(ca, &root, world.key, place as u64);
        fill(without_key_ids(ca).subject(subject(2 * place)))
    });
    let cas: Vec<Cert> = cas.collect();
    let mut client = fill(without_key_ids(client(world, &root, 99)));
    if count > 0 {
        client = client.issuer(subject(1));
    }
    let mut chain = vec![client];
    chain.extend(cas);
    draft(world, chain, None)
}
