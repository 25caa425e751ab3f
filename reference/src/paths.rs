//! All paths, and the answer.

use std::collections::BTreeSet;

use crate::certificate::Certificate;
use crate::crl::Crl;
use crate::model::{
    Answer, Expired, Failure, JudgedPath, Node, Origin, Place, Question, Role, Status, Time, World,
};
use crate::revocation::Inquiry;
use crate::signatures::Outcome;
use crate::validation::{signed_by, to_process, valid_until, validate};
use crate::{revocation, scopes};

/// After so many steps along names, only links whose signature holds are followed: hundreds of
/// generations of one name would have more paths by names than anybody can go. No path that holds
/// is missed.
const STEPS_BY_NAME: usize = 2_000;

/// The answer to a question.
#[must_use]
pub fn answer(question: &Question) -> Answer {
    answer_in(question, &Place::default())
}

/// The answer to a question that is asked of a scope, or of what stands in none.
#[must_use]
pub fn answer_in(question: &Question, place: &Place) -> Answer {
    let mut answer = Answer {
        before_paths: before_paths(question),
        ..Answer::default()
    };
    let Some(world) = read(question, place).filter(|_| answer.before_paths.is_empty()) else {
        return answer;
    };
    let all_of_store = [&question.anchors, &question.intermediates];
    let of_store = all_of_store.into_iter().flatten().chain(&question.pins);
    let malformed = of_store
        .filter(|der| Certificate::read(der).is_err())
        .count();
    let malformed_crls = question
        .crls
        .iter()
        .filter(|der| Crl::read(der).is_err())
        .count();
    answer.left_out = malformed + malformed_crls;

    let found = find(&world, 0);
    let inquiry = Inquiry::new(&world);
    if world.pinned {
        answer.paths.push(judge(&world, &inquiry, &[0]));
    }
    if found.cut_off {
        answer.without_path.push(Failure {
            node: None,
            rule: "path-too-long",
        });
    } else if found.paths.is_empty() && !found.only_signed {
        answer.without_path = no_path(&world);
    }
    answer
        .paths
        .extend(found.paths.iter().map(|path| judge(&world, &inquiry, path)));
    // An anchor of version 1 or 2 is a CA by the operator's word.
    let client = &world.nodes[0].certificate;
    let is_anchor = question.anchors.contains(&client.der);
    if is_anchor && client.version != 3 && !question.policy.accept_client_ca {
        answer.without_path.push(Failure {
            node: Some(0),
            rule: "ca-as-client",
        });
    }
    for path in &mut answer.paths {
        if path.failures.is_empty() {
            let ends = path
                .valid_until
                .into_iter()
                .chain(holds_until(&world, path));
            path.valid_until = ends.min();
        }
    }
    answer.only_signed = found.only_signed;
    answer.moments = moments(&world);
    answer.nodes = world.nodes;
    answer
}

/// What is wrong before any path: with the index of what was presented.
fn before_paths(question: &Question) -> Vec<(Option<usize>, &'static str)> {
    let limits = &question.policy.limits;
    let mut wrong = Vec::new();
    if question.presented.len() > limits.presented {
        wrong.push((None, "too-many-presented"));
    }
    for (index, der) in question.presented.iter().enumerate() {
        if der.len() > limits.certificate_bytes {
            wrong.push((Some(index), "certificate-too-large"));
        }
    }
    match question.presented.first() {
        None => wrong.push((None, "empty-chain")),
        Some(client) if Certificate::read(client).is_err() => wrong.push((Some(0), "malformed")),
        Some(_) => {}
    }
    wrong
}

/// The certificates and CRLs that parse, each once; none if the client's does not parse.
///
/// A presented certificate that does not parse is passed over. One that the store has is the
/// store's, in the role that it has there (docs/DESIGN.md, "Search and judgement").
fn read(question: &Question, place: &Place) -> Option<World> {
    let client = question.presented.first()?;
    let mut nodes = vec![Node {
        origin: Origin::Client,
        also_intermediate: false,
        certificate: Certificate::read(client).ok()?,
    }];
    let intermediates: BTreeSet<&Vec<u8>> = question.intermediates.iter().collect();
    let presented = question.presented.iter().enumerate().skip(1);
    let anchors = question.anchors.iter().map(|der| (Origin::Anchor, der));
    let of_store = question
        .intermediates
        .iter()
        .map(|der| (Origin::Intermediate, der));
    let others = presented
        .filter(|(_, der)| *der != client)
        .map(|(index, der)| (Origin::Presented(index), der));
    let mut known = BTreeSet::new();
    for (origin, der) in anchors.chain(of_store).chain(others) {
        if let (true, Ok(certificate)) = (known.insert(der), Certificate::read(der)) {
            nodes.push(Node {
                origin,
                also_intermediate: origin == Origin::Anchor && intermediates.contains(der),
                certificate,
            });
        }
    }
    let crls: BTreeSet<&Vec<u8>> = question.crls.iter().collect();
    let links = |node: &Node| {
        let link = |(index, other): (usize, &Node)| {
            let names = other
                .certificate
                .subject
                .is_surely(&node.certificate.issuer);
            let signed = || {
                signed_by(&question.policy, &node.certificate, &other.certificate) == Outcome::Holds
            };
            // The copy of the store is there in a role of its own.
            let is_other = other.is_stored() && !std::ptr::eq(node, other)
                || !is_same_certificate(node, other);
            (is_other && names).then(|| (index, signed()))
        };
        nodes.iter().enumerate().skip(1).filter_map(link).collect()
    };
    Some(World {
        issuers: nodes.iter().map(links).collect(),
        nodes,
        crls: crls
            .into_iter()
            .filter_map(|der| Crl::read(der).ok())
            .collect(),
        pinned: question.pins.contains(client),
        denied: question.denied.clone(),
        now: question.now,
        policy: question.policy.clone(),
        place: place.clone(),
    })
}

/// The same certificate is the same signed bytes: anybody can make a second ECDSA signature
/// (docs/DESIGN.md, "The same certificate").
fn is_same_certificate(one: &Node, other: &Node) -> bool {
    one.certificate.tbs == other.certificate.tbs
}

/// Judges a path of the client, or its pin: its certificate alone.
fn judge(world: &World, inquiry: &Inquiry<'_>, path: &[usize]) -> JudgedPath {
    let validated = validate(world, path, Role::Client);
    let mut failures = validated.failures;
    let is_signature = |rule| ["bad-signature", "unsupported-signature-algorithm"].contains(&rule);
    let signatures_hold = !failures.iter().any(|failure| is_signature(failure.rule));
    failures.extend(scopes::wrong_here(world, &validated.policies));
    let ends = (0..path.len()).filter_map(|index| valid_until(world, path, index, Role::Client));
    let mut until = ends.min();
    let mut statuses = vec![Status::NotChecked; path.len()];
    // CRLs do not bind a pinned client. What nobody trusted signed is not asked about.
    if path.len() > 1 && signatures_hold {
        let revocation = revocation::check(inquiry, path);
        failures.extend(revocation.failures);
        let (elsewhere, lifted_until) = revocation::revoked_elsewhere(world, path, Role::Client);
        failures.extend(elsewhere);
        let ends = revocation.valid_until.into_iter().chain(lifted_until);
        until = until.into_iter().chain(ends).min();
        statuses = revocation.statuses;
    }
    failures.sort();
    failures.dedup();
    JudgedPath {
        nodes: path.to_vec(),
        failures,
        valid_until: until,
        policies: Some(validated.policies),
        revocation: statuses,
        to_process: to_process(world, path),
    }
}

/// The seconds at which a certificate or CRL begins or is over, under any of the policy's rules.
fn moments(world: &World) -> BTreeSet<Time> {
    let policy = &world.policy;
    let rules = [
        policy.client_expiry,
        policy.issuer_expiry,
        policy.anchor_expiry,
        policy.stale,
    ];
    let graces = rules.map(|expired| match expired {
        Expired::AcceptFor(seconds) => seconds,
        Expired::Reject | Expired::Accept => 0,
    });
    let certificates = world.nodes.iter().map(|node| &node.certificate);
    let validities = certificates.map(|one| (one.not_before, one.not_after));
    let crls = world.crls.iter().chain(&world.place.other_crls);
    let updates = |crl: &Crl| (crl.this_update, crl.next_update.unwrap_or(crl.this_update));
    let mut moments = BTreeSet::new();
    for (begin, end) in validities.chain(crls.map(updates)) {
        moments.insert(begin.saturating_sub_unsigned(policy.clock_skew));
        for grace in graces.into_iter().chain([0]) {
            let end = end.saturating_add_unsigned(policy.clock_skew);
            moments.insert(end.saturating_add_unsigned(grace).saturating_add(1));
        }
    }
    moments
}

/// The last second before the first one at which a path that holds no longer does.
fn holds_until(world: &World, path: &JudgedPath) -> Option<Time> {
    let mut later = world.clone();
    let is_open = |moment: &Time| {
        *moment > world.now && path.valid_until.is_none_or(|until| *moment <= until)
    };
    let end = moments(world).into_iter().filter(is_open).find(|moment| {
        later.now = *moment;
        !judge(&later, &Inquiry::new(&later), &path.nodes)
            .failures
            .is_empty()
    });
    Some(end? - 1)
}

/// What is wrong where no names lead to an anchor: it is about each certificate at which a way
/// ends, or is followed no further.
fn no_path(world: &World) -> Vec<Failure> {
    let mut failures = Vec::new();
    let last_followed = last_followed(world);
    for node in above(world, 0) {
        let mut fail = |rule| {
            let node = Some(node);
            failures.push(Failure { node, rule });
        };
        let has_none = world.issuers[node].is_empty();
        let goes_in_circle =
            issuers(world, node).any(|issuer| above(world, issuer).contains(&node));
        let goes_on = !has_none && last_followed.contains(&node);
        let self_issued = world.nodes[node].certificate.is_self_issued();
        if self_issued && (has_none || goes_in_circle || goes_on) {
            fail("untrusted-root");
        }
        if !self_issued && has_none {
            fail("unknown-issuer");
        }
        if goes_in_circle || goes_on && !self_issued {
            fail("no-way-to-anchor");
        }
    }
    failures
}

/// The certificates that names lead to by as many steps as a way is followed for an error: one for
/// each certificate that only the client has, and for each intermediate that the policy allows
/// (docs/DESIGN.md, "Which failure is reported").
fn last_followed(world: &World) -> BTreeSet<usize> {
    let of_client = world.nodes.iter().filter(|node| !node.is_stored());
    let steps = of_client.count() + world.policy.limits.intermediates;
    (0..steps).fold(BTreeSet::from([0]), |reached, _| {
        let next = reached.into_iter();
        next.flat_map(|node| issuers(world, node)).collect()
    })
}

/// All simple paths from a node to an anchor that names lead along (RFC 5280 §6.1 (b)), up to the
/// limit of intermediates.
#[must_use]
pub fn all_paths(world: &World, from: usize) -> Vec<Vec<usize>> {
    find(world, from).paths
}

/// Paths, and what is known of those that are not among them.
#[derive(Default)]
struct Found {
    paths: Vec<Vec<usize>>,
    /// Names lead along a path with more intermediates than are allowed.
    cut_off: bool,
    /// Links whose signatures do not hold were left out.
    only_signed: bool,
    steps: usize,
}

fn find(world: &World, from: usize) -> Found {
    let mut found = Found::default();
    extend(world, &[from], &mut found);
    if found.steps > STEPS_BY_NAME {
        found = Found {
            only_signed: true,
            ..Found::default()
        };
        extend(world, &[from], &mut found);
    }
    found
}

/// Follows each way up from the end of a path.
fn extend(world: &World, path: &[usize], found: &mut Found) {
    found.steps += 1;
    if found.steps > STEPS_BY_NAME && !found.only_signed {
        return;
    }
    let Some(&end) = path.last() else { return };
    if world.nodes[end].origin == Origin::Anchor {
        found.paths.push(path.to_vec());
        // An anchor is no intermediate, unless it is one of the store as well. It may be a signer
        // of CRLs that another anchor issued.
        if path.len() > 1 && !world.nodes[end].also_intermediate {
            return;
        }
    }
    // The limit is for what clients ask for: how CAs of the store certify each other is the
    // operator's (docs/DESIGN.md, "Signatures of CRLs").
    let is_stored = |node: &usize| world.nodes[*node].is_stored();
    let is_limited = |path: &[usize]| !path.iter().all(is_stored);
    for &(issuer, is_signed) in &world.issuers[end] {
        let is_anchor = world.nodes[issuer].origin == Origin::Anchor;
        // RFC 5280 §6.1: no certificate twice. The anchor is not part of the path there, so a
        // client may be one.
        let is_same = |node: &usize| {
            let (one, other) = (&world.nodes[*node], &world.nodes[issuer]);
            *node == issuer || (!is_anchor && is_same_certificate(one, other))
        };
        if path.iter().any(is_same) || (found.only_signed && !is_signed) {
            continue;
        }
        let longer = [path, &[issuer]].concat();
        let intermediates = longer.len() - 1 - usize::from(is_anchor);
        if intermediates <= world.policy.limits.intermediates || !is_limited(&longer) {
            extend(world, &longer, found);
        } else if above(world, issuer)
            .iter()
            .any(|node| world.nodes[*node].origin == Origin::Anchor)
        {
            found.cut_off = true;
        }
    }
}

/// The nodes whose names are those of a node's issuer.
fn issuers(world: &World, node: usize) -> impl Iterator<Item = usize> {
    world.issuers[node].iter().map(|(issuer, _)| *issuer)
}

/// A node, and all that names lead to from it.
fn above(world: &World, node: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next = vec![node];
    while let Some(node) = next.pop() {
        if reached.insert(node) {
            next.extend(issuers(world, node));
        }
    }
    reached
}
