//! Paths: many of them, and signatures that do not hold.

use testpki::{Cert, Extension, SignatureAlgorithm, der, oid};

use super::super::forge::{forged, padding, without_key_ids};
use super::super::premises::strangers_key;
use super::{
    ANCHORS, Draft, EQUAL, FEW, Gene, KEY, Kind, STRICT, UNIDENTIFIED, client, draft, encoded,
    gene, share, world,
};
use crate::pki::{ca, name};
use crate::{KeyKind, hostile::World};

/// The genes of a mesh.
const MESHED: [Gene; 12] = [
    KEY,
    STRICT,
    UNIDENTIFIED,
    EQUAL,
    FEW,
    gene("CAs", 15),
    gene("below anchor", 15),
    // None, each its own, or one for all.
    gene("key identifiers", 2),
    gene("keys", 15),
    gene("path length", 3),
    gene("mappings", 1),
    gene("of anchor", 1),
];

pub(super) const MESH: Kind = Kind {
    name: "mesh",
    about: "CAs of one name, each of which may have issued all others",
    genes: &MESHED,
    seeds: &[
        &[0, 0, 0, 0, 0, 15, 0, 0, 15, 3, 0, 0],
        &[0, 0, 0, 0, 0, 15, 1, 0, 15, 3, 0, 0],
        &[0, 0, 0, 1, 1, 15, 0, 1, 15, 3, 0, 1],
    ],
    make: mesh,
};

pub(super) const PATH_LENGTHS: Kind = Kind {
    name: "path-lengths",
    about: "a mesh of CAs below which there may be none",
    genes: &MESHED,
    seeds: &[
        &[0, 0, 0, 0, 0, 15, 1, 0, 15, 0, 0, 0],
        &[0, 0, 0, 0, 0, 15, 0, 2, 15, 1, 0, 1],
    ],
    make: |genes| {
        let mut genes = genes.to_vec();
        genes[9] = genes[9].min(2);
        mesh(&genes)
    },
};

/// CAs of strangers that name the anchor as their issuer, and before them a client below the first,
/// or below the anchor where there is none.
fn side_by_side(
    world: World,
    count: u32,
    of_ca: impl Fn(Cert) -> Cert,
    of_client: impl Fn(Cert) -> Cert,
) -> Vec<Cert> {
    let root = world.root();
    let cas = (0..count as usize).map(|place| {
        let ca = ca("Stranger CA", &strangers_key(place));
        of_ca(forged(ca, &root, world.key, place as u64))
    });
    let cas: Vec<Cert> = cas.collect();
    let above = cas.first().unwrap_or(&root);
    let mut chain = vec![of_client(client(world, above, 99))];
    chain.extend(cas);
    chain
}

fn mesh(genes: &[u32]) -> Draft {
    let [count, below, ids, keys, path_length, mappings, of_anchor] = genes[5..12] else {
        panic!("seven genes");
    };
    let subject = match of_anchor {
        0 => "Mesh CA",
        _ => "Root CA",
    };
    let world = world(genes);
    let root = world.root();
    let mesh = |place: u32| {
        let key = strangers_key((place % keys.max(1)) as usize);
        let mesh = ca(subject, &key).serial(&[0x40, place as u8]);
        let mesh = match place < below {
            true => forged(mesh, &root, world.key, place.into()),
            false => {
                let above = ca(subject, &strangers_key(0));
                forged(mesh, &above, KeyKind::P256, place.into())
            }
        };
        let mesh = match ids {
            0 => without_key_ids(mesh),
            1 => mesh,
            _ => mesh
                .extension(Extension::subject_key_identifier(&[7; 20]))
                .extension(Extension::authority_key_identifier(&[7; 20])),
        };
        let mesh = match path_length {
            3 => mesh,
            _ => mesh.extension(Extension::basic_constraints(true, Some(path_length.into()))),
        };
        match mappings {
            0 => mesh,
            _ => mesh
                .extension(Extension::certificate_policies(&["1.3.6.1.4.1.32473.2.1"]))
                .extension(Extension::policy_mappings(&[(
                    "1.3.6.1.4.1.32473.2.1",
                    "1.3.6.1.4.1.32473.2.2",
                )])),
        }
    };
    let mesh: Vec<Cert> = (0..count).map(mesh).collect();
    let client = match mesh.first() {
        Some(first) => {
            let below = World {
                key: KeyKind::P256,
                ..world
            };
            let client = client(below, first, 99);
            match ids {
                0 => without_key_ids(client),
                1 => client,
                _ => client.extension(Extension::authority_key_identifier(&[7; 20])),
            }
        }
        None => client(world, &root, 99),
    };
    let mut chain = vec![client];
    chain.extend(mesh);
    draft(world, chain, None)
}

pub(super) const FORGED: Kind = Kind {
    name: "forged",
    about: "intermediates below the anchor's name, whose signatures do not hold",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("intermediates", 15),
        gene("key identifiers", 1),
        gene("padding", 16_000),
    ],
    seeds: &[&[0, 0, 0, 0, 0, 15, 0, 0], &[0, 0, 0, 1, 1, 15, 0, 3_000]],
    make: |genes| {
        let [count, ids, octets] = genes[5..8] else {
            panic!("three genes");
        };
        let world = world(genes);
        let root = world.root();
        let octets = (octets as usize).min(share(count as usize + 1));
        let of_ids = |certificate: Cert| match ids {
            0 => without_key_ids(certificate),
            _ => certificate,
        };
        let intermediates = (0..count as usize).map(|place| {
            let intermediate = ca("Stranger CA", &strangers_key(place));
            let intermediate = forged(intermediate, &root, world.key, place as u64);
            of_ids(intermediate).extension(padding(octets))
        });
        let intermediates: Vec<Cert> = intermediates.collect();
        let client = match intermediates.first() {
            Some(first) => without_key_ids(client(world, first, 99)),
            None => of_ids(client(world, &root, 99)),
        };
        let mut chain = vec![client];
        chain.extend(intermediates);
        draft(world, chain, None)
    },
};

pub(super) const GENUINE: Kind = Kind {
    name: "genuine",
    about: "genuine intermediates of one name, and a client that none of them issued",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("intermediates", 15),
        gene("forged", 15),
        gene("padding", 16_000),
    ],
    seeds: &[&[0, 0, 0, 0, 0, 15, 0, 0], &[0, 0, 0, 0, 0, 8, 7, 0]],
    make: |genes| {
        let [count, forgeries, octets] = genes[5..8] else {
            panic!("three genes");
        };
        let world = world(genes);
        let root = world.root();
        let count = count as usize;
        let forgeries = (forgeries as usize).min(15 - count);
        let genuine = (0..count).map(|place| {
            let key = match world.key {
                KeyKind::Rsa2048 => world.key.key("issuing"),
                key => key.key(&format!("issuing {place}")),
            };
            ca("Issuing CA", &key)
                .serial(&[0x40, place as u8])
                .issued_by(&root)
        });
        let mut intermediates: Vec<Cert> = genuine.collect();
        for place in 0..forgeries {
            let forgery = ca("Issuing CA", &strangers_key(place));
            intermediates.push(forged(forgery, &root, world.key, place as u64));
        }
        let octets = (octets as usize).min(share(1));
        let issuing = ca("Issuing CA", &world.key.key("issuing"));
        let mut chain =
            vec![without_key_ids(client(world, &issuing, 99)).extension(padding(octets))];
        chain.extend(intermediates);
        draft(world, chain, None)
    },
};

pub(super) const LARGE: Kind = Kind {
    name: "large-messages",
    about: "large certificates below many anchors of one name: hashing",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("certificates", 3),
        gene("padding", 15_500),
        gene("hash", 1),
    ],
    seeds: &[
        &[0, 0, 0, 1, 1, 0, 15_400, 0],
        &[0, 0, 0, 1, 1, 3, 15_400, 0],
    ],
    make: |genes| {
        let [count, octets, hash] = genes[5..8] else {
            panic!("three genes");
        };
        let world = world(genes);
        let large = |certificate: Cert| {
            let certificate = without_key_ids(certificate).extension(padding(octets as usize));
            match (hash, world.key) {
                (1, KeyKind::P256 | KeyKind::P384) => {
                    certificate.algorithms(SignatureAlgorithm::EcdsaSha384.identifier())
                }
                _ => certificate,
            }
        };
        draft(world, side_by_side(world, count, large, large), None)
    },
};

pub(super) const OTHER_ALGORITHM: Kind = Kind {
    name: "other-algorithm",
    about: "certificates signed by another algorithm than the anchors' keys are for",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        gene("anchors", 3),
        gene("CAs", 15),
        gene("algorithm", 3),
    ],
    seeds: &[&[0, 0, 0, 1, 2, 15, 2], &[0, 0, 0, 1, 3, 0, 2]],
    make: |genes| {
        let [count, algorithm] = genes[5..7] else {
            panic!("two genes");
        };
        let world = world(genes);
        let algorithm = [
            SignatureAlgorithm::EcdsaSha256,
            SignatureAlgorithm::EcdsaSha384,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::RsaPssSha512,
        ][algorithm as usize];
        let other =
            |certificate: Cert| without_key_ids(certificate).algorithms(algorithm.identifier());
        draft(world, side_by_side(world, count, other, other), None)
    },
};

pub(super) const MANY_ANCHORS: Kind = Kind {
    name: "anchors",
    about: "anchors of one name, with and without authorityKeyIdentifiers",
    genes: &[KEY, STRICT, UNIDENTIFIED, EQUAL, ANCHORS, gene("CAs", 15)],
    seeds: &[&[0, 1, 1, 1, 1, 0], &[0, 1, 1, 1, 2, 3]],
    make: |genes| {
        let world = world(genes);
        let unnamed = |ca: Cert| ca.without_extension(oid::AUTHORITY_KEY_IDENTIFIER);
        draft(
            world,
            side_by_side(world, genes[5], unnamed, without_key_ids),
            None,
        )
    },
};

pub(super) const LARGE_STORES: Kind = Kind {
    name: "large-stores",
    about: "CAs with names of anchors, against many anchors",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        gene("anchors", 3),
        gene("CAs", 15),
        // Of the first anchor, each of another one, or of none.
        gene("issuers", 2),
        gene("subjects", 2),
        // None, their own, or those of the anchor that is named.
        gene("key identifiers", 2),
    ],
    seeds: &[
        &[0, 0, 0, 1, 3, 15, 0, 0, 0],
        &[0, 0, 0, 0, 3, 15, 1, 1, 1],
        &[2, 1, 1, 1, 3, 1, 0, 2, 0],
    ],
    make: |genes| {
        let [count, issuers, subjects, ids] = genes[5..9] else {
            panic!("four genes");
        };
        let world = world(genes);
        let root = world.root();
        let named = |which: u32, place: u32| match which {
            0 => name("Root CA"),
            1 => name(&format!("Root CA {:06}", place + 1)),
            _ => name(&format!("Stranger CA {place}")),
        };
        let of_ids = |certificate: Cert| match ids {
            0 => without_key_ids(certificate),
            1 => certificate.without_extension(oid::AUTHORITY_KEY_IDENTIFIER),
            _ => certificate,
        };
        let cas = (0..count).map(|place| {
            let ca = ca("any", &strangers_key(place as usize)).subject(named(subjects, place));
            of_ids(forged(ca, &root, world.key, place.into()).issuer(named(issuers, place)))
        });
        let cas: Vec<Cert> = cas.collect();
        let above = cas.first().unwrap_or(&root);
        let mut chain = vec![of_ids(client(world, above, 99))];
        chain.extend(cas);
        draft(world, chain, None)
    },
};

pub(super) const NEAR_COPIES: Kind = Kind {
    name: "near-copies",
    about: "certificates that differ in their last byte, or are encoded twice",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("CAs", 15),
        // In the signature, in the key, or at the end of the names.
        gene("differ in", 2),
        gene("padding", 16_000),
        gene("of anchor", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 15, 0, 3_000, 0],
        &[0, 0, 0, 0, 0, 15, 1, 3_000, 1],
        &[0, 0, 0, 0, 0, 15, 2, 3_000, 1],
    ],
    make: |genes| {
        let [count, differ, octets, of_anchor] = genes[5..9] else {
            panic!("four genes");
        };
        let world = world(genes);
        let root = world.root();
        let octets = (octets as usize).min(share(count as usize + 1));
        let subject = match of_anchor {
            0 => "Twin CA",
            _ => "Root CA",
        };
        let copy = |place: u32| {
            let copy = ca(subject, &strangers_key(0));
            let copy = without_key_ids(forged(copy, &root, world.key, 7));
            let last = |mut octets: Vec<u8>| {
                if let Some(last) = octets.last_mut() {
                    *last ^= place as u8;
                }
                octets
            };
            let padded = |differs: bool| {
                let mut value = der::octet_string(&vec![0x5a; octets]);
                if differs {
                    value = last(value);
                }
                Extension::new("1.3.6.1.4.1.32473.1.7", value)
            };
            match differ {
                0 => copy
                    .extension(padded(false))
                    .raw_signature(last(super::super::forge::signature(world.key, 7))),
                1 => copy
                    .extension(padded(false))
                    .spki(last(strangers_key(0).spki().to_vec())),
                _ => copy.extension(padded(true)),
            }
        };
        let mut chain = encoded(&[without_key_ids(
            client(world, &root, 99).issuer(name(subject)),
        )]);
        chain.extend((0..count).map(|place| copy(place).der()));
        Draft { world, chain }
    },
};
