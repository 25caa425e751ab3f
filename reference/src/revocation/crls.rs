//! What one CRL is to another, and how old they are (R6, R7, V2).

use super::*;

impl Inquiry<'_> {
    /// R6: whether `newer` takes the place of `older` where C is concerned. Whether their key is
    /// known does not matter for a CRL that could only vouch: an unknown key does not.
    pub(super) fn supersedes(&self, newer: usize, older: usize, subject: &Certificate) -> bool {
        let (new, old) = (self.crl(newer), self.crl(older));
        let is_of_its_kind = !is_delta(new)
            || is_delta(old)
                && number_order(&new.base_number, &old.base_number) != Ordering::Greater;
        is_of_its_kind
            && self.is_same_series(newer, older)
            && is_newer(new, old)
            && self.is_usable(newer, subject)
    }

    /// Whether two CRLs are by the same key, of the same issuer and scope.
    pub(super) fn is_same_series(&self, one: usize, other: usize) -> bool {
        let scope_of = |index: usize| self.crl(index).scope.as_ref().map(|(_, der)| der);
        let keys_of = |index: usize| {
            let makers = self.made_by[index].iter();
            makers
                .filter(|node| self.has_path(**node))
                .map(|&node| &self.certificate(node).spki)
                .collect::<BTreeSet<_>>()
        };
        self.crl(one).issuer.is_surely(&self.crl(other).issuer)
            && scope_of(one) == scope_of(other)
            && !keys_of(one).is_disjoint(&keys_of(other))
    }

    /// R6: whether a CRL that names C does not count, as a newer one by the same key takes its
    /// place. The key is one that may revoke C, or that of a certificate of the store whose
    /// signatures lead over others of the store to an anchor.
    pub(super) fn is_superseded(&self, older: usize, asked: Asked<'_>) -> bool {
        let subject = self.certificate_at(asked);
        let all = 0..self.world.crls.len();
        let newer: Vec<_> = all
            .filter(|newer| self.supersedes(*newer, older, subject))
            .collect();
        let is_known =
            |maker| self.has_path_in_store(maker) || self.may_revoke(maker, older, asked);
        self.made_by[older].iter().any(|&maker| {
            let is_its = |newer: &usize| self.have_same_maker(*newer, older, |one| one == maker);
            newer.iter().any(is_its) && is_known(maker)
        })
    }

    /// Whether one of the certificates whose key made the second CRL is such, and its key made the
    /// first one as well.
    fn have_same_maker(&self, one: usize, other: usize, is_such: impl Fn(usize) -> bool) -> bool {
        let key = |node: &usize| &self.certificate(*node).spki;
        let keys: BTreeSet<_> = self.made_by[one].iter().map(key).collect();
        let mut makers = self.made_by[other].iter();
        makers.any(|maker| keys.contains(key(maker)) && is_such(*maker))
    }

    /// Whether the signatures of some path of a certificate hold, to whichever anchor.
    pub(super) fn has_path(&self, node: usize) -> bool {
        self.signed_paths(node).next().is_some()
    }

    fn has_path_in_store(&self, node: usize) -> bool {
        let is_stored = |node: &usize| self.world.nodes[*node].is_stored();
        self.signed_paths(node)
            .any(|path| path.iter().all(is_stored))
    }

    /// The paths of a signer of CRLs whose signatures hold.
    fn signed_paths(&self, node: usize) -> impl Iterator<Item = &[usize]> {
        let is_signature =
            |rule: &&str| ["bad-signature", "unsupported-signature-algorithm"].contains(rule);
        let paths = self.signers.get(&node).into_iter().flatten();
        paths
            .filter(move |(_, broken)| !broken.iter().any(is_signature))
            .map(|(path, _)| path.as_slice())
    }

    /// Whether a complete CRL is its signer's newest, whatever the newer one is good for.
    pub(super) fn is_newest(&self, index: usize) -> bool {
        !(0..self.world.crls.len()).any(|newer| {
            !is_delta(self.crl(newer))
                && self.is_same_series(newer, index)
                && is_newer(self.crl(newer), self.crl(index))
                && !self.is_from_future(newer)
        })
    }

    /// Whether a delta continues a complete CRL (§5.2.4, §6.3.3 (c)).
    pub(super) fn continues(&self, delta: usize, complete: usize) -> bool {
        let (new, base) = (self.crl(delta), self.crl(complete));
        is_delta(new)
            && !is_delta(base)
            && self.is_same_series(delta, complete)
            && new.authority_key_id == base.authority_key_id
            && base.number.is_some()
            && new.base_number.is_some()
            && number_order(&new.base_number, &base.number) != Ordering::Greater
            && number_order(&new.number, &base.number) == Ordering::Greater
    }

    /// Whether the CRL has an entry that revokes C: in a delta, another one than removeFromCRL.
    pub(super) fn names(&self, index: usize, subject: &Certificate) -> bool {
        let crl = self.crl(index);
        entry_reasons(crl, subject).any(|reason| !is_delta(crl) || reason != REMOVE_FROM_CRL)
    }

    /// R7: until when deltas by a key that may revoke C lift the entry of a complete CRL that has C
    /// on hold; none: they do not. Where several deltas continue the CRL, the newest decides.
    pub(super) fn lifted_until(
        &self,
        complete: usize,
        asked: Asked<'_>,
        about: &[(usize, u16)],
    ) -> Option<Time> {
        let subject = self.certificate_at(asked);
        if !entry_reasons(self.crl(complete), subject).all(|reason| reason == CERTIFICATE_HOLD) {
            return None;
        }
        let mut deltas = self.deltas(complete, subject, about);
        deltas.retain(|delta| {
            self.have_same_maker(*delta, complete, |maker| {
                self.may_revoke(maker, complete, asked)
            }) && !self.is_superseded(*delta, asked)
        });
        let is_newest = |delta: &&usize| {
            !deltas
                .iter()
                .any(|&other| is_newer(self.crl(other), self.crl(**delta)))
        };
        let ends = deltas.iter().filter(is_newest).map(|&delta| {
            let mut reasons = entry_reasons(self.crl(delta), subject).peekable();
            let removes =
                reasons.peek().is_some() && reasons.all(|reason| reason == REMOVE_FROM_CRL);
            let end = next_update(self.crl(delta)).saturating_add(self.skew());
            (removes && self.world.now <= end).then_some(end)
        });
        ends.min().flatten()
    }

    /// The deltas that continue a complete CRL and say something of C.
    pub(super) fn deltas(
        &self,
        complete: usize,
        subject: &Certificate,
        about: &[(usize, u16)],
    ) -> Vec<usize> {
        let indexes = about.iter().map(|&(index, _)| index);
        indexes
            .filter(|&index| self.continues(index, complete) && self.is_usable(index, subject))
            .collect()
    }

    /// Whether a CRL conforms as far as the profile asks for it, is not from the future, and cannot
    /// have pruned C.
    pub(super) fn is_usable(&self, index: usize, subject: &Certificate) -> bool {
        let crl = self.crl(index);
        let conforms = crl.conforms || !self.world.policy.rfc5280_profile;
        // V2.
        let reaches_back = crl
            .expired_certs
            .is_some_and(|since| since <= subject.not_after);
        let may_be_pruned =
            crl.this_update > subject.not_after && !reaches_back && !self.world.policy.pruned_kept;
        conforms && !self.is_from_future(index) && !may_be_pruned
    }

    /// R4.
    pub(super) fn is_from_future(&self, index: usize) -> bool {
        self.crl(index).this_update > self.world.now.saturating_add(self.skew())
    }

    /// The last second at which a complete CRL, or a delta that continues it, is not stale
    /// (§6.3.3 (a)).
    pub(super) fn fresh_until(
        &self,
        index: usize,
        subject: &Certificate,
        about: &[(usize, u16)],
    ) -> Time {
        let deltas = self.deltas(index, subject, about);
        let ends = deltas.iter().map(|&delta| next_update(self.crl(delta)));
        let end = ends.fold(next_update(self.crl(index)), Time::max);
        end.saturating_add(self.skew())
    }

    /// The last second at which the policy accepts a CRL that is fresh until then.
    pub(super) fn accepted_until(&self, fresh_until: Time) -> Time {
        allowed_until(fresh_until, self.world.policy.stale)
    }

    pub(super) fn skew(&self) -> Time {
        Time::try_from(self.world.policy.clock_skew).unwrap_or(NEVER)
    }
}

/// nextUpdate; a CRL without one is stale one second after its thisUpdate.
pub(super) fn next_update(crl: &Crl) -> Time {
    crl.next_update.unwrap_or(crl.this_update)
}

pub(super) fn is_delta(crl: &Crl) -> bool {
    crl.extensions
        .iter()
        .any(|extension| extension.oid == DELTA_CRL_INDICATOR)
}

/// R6: whether a CRL is certainly newer than another one.
pub(super) fn is_newer(new: &Crl, old: &Crl) -> bool {
    let both = new.number.is_some() && old.number.is_some();
    let numbers = both.then(|| number_order(&new.number, &old.number));
    match new.this_update.cmp(&old.this_update) {
        Ordering::Greater => numbers != Some(Ordering::Less),
        Ordering::Equal => numbers == Some(Ordering::Greater),
        Ordering::Less => false,
    }
}

/// The order of two CRL numbers; none, a negative one, is before all others.
pub(super) fn number_order(one: &Option<Vec<u8>>, other: &Option<Vec<u8>>) -> Ordering {
    let key =
        |number: &Option<Vec<u8>>| number.as_ref().map(|octets| (octets.len(), octets.clone()));
    key(one).cmp(&key(other))
}

/// The reasons of the entries for C: by serial number and issuer (§5.3.3).
pub(super) fn entry_reasons<'a>(
    crl: &'a Crl,
    subject: &'a Certificate,
) -> impl Iterator<Item = u8> + 'a {
    let is_its = |name: &Name| name.is_surely(&subject.issuer);
    crl.entries
        .iter()
        .filter(move |entry| {
            entry.serial == subject.serial && entry.certificate_issuer.iter().any(is_its)
        })
        .map(|entry| entry.reason)
}

/// The last second at which what ends then is accepted.
pub(super) fn allowed_until(end: Time, expired: Expired) -> Time {
    match expired {
        Expired::Reject => end,
        Expired::AcceptFor(seconds) => end.saturating_add_unsigned(seconds),
        Expired::Accept => NEVER,
    }
}

/// Whether the certificate may be a delegate for CRLs of this issuer: it has the name, and is a CA
/// whose keyUsage, if there is one, has cRLSign, or has a keyUsage with cRLSign. An anchor of
/// version 1 or 2 is a CA by the operator's word.
pub(super) fn is_delegate(world: &World, node: usize, issuer: &Name) -> bool {
    let signer = &world.nodes[node].certificate;
    let by_word = world.nodes[node].origin == Origin::Anchor && signer.version < 3;
    let may_sign = signer
        .key_usage
        .map_or(by_word || is_ca(signer), |usage| usage & CRL_SIGN != 0);
    may_sign && signer.subject.is_surely(issuer)
}

pub(super) fn is_ca(certificate: &Certificate) -> bool {
    certificate.basic_constraints.is_some_and(|(ca, _)| ca)
}
