//! Certificate policies, and the scopes of CRLs.

use testpki::{DistributionPoint, Extension, GeneralName, Reason, der, oid};

use super::super::forge::{LongName, SCRIPTS, fit};
use super::super::premises::{Asks, HONEST_POINT};
use super::{
    EQUAL, FEW, KEY, Kind, STRICT, UNIDENTIFIED, draft, gene, issuer_of, share, stack, world,
};

pub(super) const POLICIES: Kind = Kind {
    name: "policies",
    about: "certificate policies and mappings, where the server requires an explicit policy",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("genuine between", 1),
        gene("intermediates", 8),
        gene("policies", 1_200),
        gene("mappings", 800),
        gene("mapped to each", 40),
        gene("arc", 3),
        gene("any policy", 1),
        gene("qualifiers", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 0, 3, 400, 200, 1, 0, 0, 0],
        &[0, 0, 0, 0, 0, 0, 0, 1_200, 0, 1, 0, 0, 0],
        &[0, 0, 0, 0, 0, 0, 4, 40, 400, 20, 0, 1, 0],
    ],
    make: |genes| {
        let [
            between,
            intermediates,
            policies,
            mappings,
            fan,
            arc,
            any,
            qualifiers,
        ] = genes[5..13]
        else {
            panic!("eight genes");
        };
        let mut world = world(genes);
        world.asks = Asks::Policies;
        let (issuer, between) = issuer_of(world, between == 1);
        let intermediates = intermediates as usize;
        let room = share(intermediates + 1 + usize::from(between.is_some()));
        let prefix = [
            "2.5",
            "1.3.6.1.4.1.32473.2",
            "1.3.6.1.4.1.4294967295.4294967295",
            "2.340282366920938463463374607431768211455",
        ][arc as usize];
        let policy = |number: usize| der::oid(&format!("{prefix}.{}", number + 128));
        let chain = stack(world, &issuer, intermediates, |place, certificate| {
            let listed = (0..policies as usize).map(|number| {
                let qualifier = der::sequence(&[
                    der::oid("1.3.6.1.5.5.7.2.1"),
                    der::ia5_string("http://a.example/"),
                ]);
                match qualifiers {
                    0 => der::sequence(&[policy(number)]),
                    _ => der::sequence(&[policy(number), der::sequence(&[qualifier])]),
                }
            });
            let is_mapping = place > 0 && mappings > 0;
            let room = if is_mapping { room / 2 } else { room };
            let mut listed = fit(listed, room.saturating_sub(20), Vec::len);
            if any == 1 {
                listed.push(der::sequence(&[der::oid(oid::ANY_POLICY)]));
            }
            let certificate = match listed.is_empty() {
                true => certificate,
                false => certificate.extension(Extension::new(
                    oid::CERTIFICATE_POLICIES,
                    der::sequence(&listed),
                )),
            };
            if !is_mapping {
                return certificate;
            }
            let fan = (fan as usize).max(1);
            let mapped = (0..mappings as usize).map(|number| {
                let (from, to) = (number / fan, number % fan + number / fan);
                der::sequence(&[policy(from), policy(to)])
            });
            let mapped = fit(mapped, room, Vec::len);
            certificate
                .extension(Extension::new(oid::POLICY_MAPPINGS, der::sequence(&mapped)).critical())
        });
        draft(world, chain, between)
    },
};

pub(super) const POINTS: Kind = Kind {
    name: "distribution-points",
    about: "distribution points, where the server requires the revocation status by CRLs",
    genes: &[
        KEY,
        STRICT,
        UNIDENTIFIED,
        EQUAL,
        FEW,
        gene("genuine between", 1),
        gene("intermediates", 8),
        gene("points", 800),
        gene("names", 20),
        // URIs, directory names, or names relative to the CRL's issuer.
        gene("form", 2),
        gene("script", SCRIPTS),
        gene("length", 200),
        gene("reasons", 1),
        gene("CRL issuer", 1),
    ],
    seeds: &[
        &[0, 0, 0, 0, 0, 1, 0, 800, 1, 0, 0, 20, 0, 0],
        &[0, 0, 0, 0, 0, 1, 0, 800, 1, 1, 6, 20, 0, 1],
        &[0, 0, 0, 0, 0, 0, 3, 800, 1, 0, 0, 20, 1, 0],
    ],
    make: |genes| {
        let [
            between,
            intermediates,
            points,
            names,
            form,
            script,
            length,
            reasons,
            issuers,
        ] = genes[5..14]
        else {
            panic!("nine genes");
        };
        let mut world = world(genes);
        world.asks = Asks::Revocation;
        let (issuer, between) = issuer_of(world, between == 1);
        let intermediates = intermediates as usize;
        let room = share(intermediates + 1 + usize::from(between.is_some()));
        let long = LongName {
            script,
            attributes: 1,
            characters: length as usize,
            is_one_level: false,
        };
        let point = |number: usize| {
            let names: Vec<_> = (0..names.max(1) as usize)
                .map(|place| match form {
                    0 => GeneralName::uri(&format!("{HONEST_POINT}{place}{number}")),
                    _ => GeneralName::directory(&long.name(number, Some(place))),
                })
                .collect();
            let point = match form {
                2 => DistributionPoint::relative_name(&[testpki::Attribute::common_name(
                    &format!("{number}"),
                )]),
                _ => DistributionPoint::full_name(&names),
            };
            let point = match reasons {
                0 => point,
                _ => point.reasons(&[Reason::KeyCompromise]),
            };
            match issuers {
                0 => point,
                _ => point.crl_issuer(&[GeneralName::directory(issuer.subject_name())]),
            }
            .der()
        };
        let chain = stack(world, &issuer, intermediates, |_, certificate| {
            let points = fit((0..points as usize).map(point), room, Vec::len);
            match points.is_empty() {
                true => certificate,
                false => certificate.extension(Extension::new(
                    oid::CRL_DISTRIBUTION_POINTS,
                    der::sequence(&points),
                )),
            }
        });
        draft(world, chain, between)
    },
};
