//! (e): what the rules leave no doubt about.

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::Position;
use mtls_verify::policy::UnknownStatus;
use mtls_verify::{VerifiedClient, verify_client_chain};

use crate::asked::Asked;
use crate::outcome::{is_client_revoked, is_limit, position};
use crate::rules;
use crate::trial::{Trial, Verdict, certificates_of, now};

impl Trial<'_> {
    /// (e): a certificate that a CRL names beyond doubt is in no accepted path.
    pub(crate) fn named_certificates_stay_out(&mut self) {
        let mut failures = Vec::new();
        let crls = &self.world.pki.crls;
        let (client, asked) = (self.world.certificate(), self.verdicts[0].asked);
        if rules::find_naming(crls, client, asked).is_some() {
            self.has("client that a CRL names");
        }
        for verdict in &self.verdicts {
            let path = verdict.checked_path(self.world);
            for certificate in path.iter().take(path.len().saturating_sub(1)) {
                if let Some(crl) = rules::find_naming(crls, certificate, verdict.asked) {
                    failures.push(format!("{verdict}\nover {certificate}\nbut {crl}"));
                }
            }
        }
        if let Some(detail) = failures.pop() {
            self.fail("(e) what a CRL names stays out", detail);
        }
    }

    /// (e): a certificate is good only where CRLs vouch for it.
    pub(crate) fn good_certificates_are_vouched_for(&mut self) {
        let mut failures = Vec::new();
        let mut vouched_for = 0;
        for verdict in &self.verdicts {
            let Ok(client) = &verdict.outcome else {
                continue;
            };
            let path = certificates_of(client.path(), verdict.asked, self.world);
            for (certificate, status) in path.into_iter().zip(client.path_revocation()) {
                let accepts_stale = match status {
                    RevocationStatus::Good => false,
                    RevocationStatus::Stale { .. } => true,
                    _ => continue,
                };
                let asked = Asked {
                    accepts_stale,
                    ..*verdict.asked
                };
                vouched_for += 1;
                if !rules::can_be_good(certificate, &self.world.pki.crls, &asked) {
                    failures.push(format!("{verdict}\nbut nothing vouches for {certificate}"));
                }
            }
        }
        if vouched_for > 0 {
            self.has("good certificate");
        }
        if let Some(detail) = failures.pop() {
            self.fail("(e) nobody is good without a CRL that vouches", detail);
        }
    }

    /// (e): unknown status is accepted as the policy says. A CRL may vouch by a signer of unknown
    /// status, and then leaves the status unknown.
    pub(crate) fn unknown_certificates_are_allowed(&mut self) {
        let mut failures = Vec::new();
        let crls = &self.world.pki.crls;
        let mut unpublished = 0;
        for verdict in &self.verdicts {
            let Ok(client) = &verdict.outcome else {
                continue;
            };
            let path = certificates_of(client.path(), verdict.asked, self.world);
            for (certificate, status) in path.into_iter().zip(client.path_revocation()) {
                if status != RevocationStatus::Unknown {
                    continue;
                }
                let is_allowed = match verdict.asked.unknown {
                    UnknownStatus::Allow => true,
                    UnknownStatus::AllowUnpublished => {
                        unpublished += 1;
                        !rules::is_published(certificate, crls)
                            || rules::can_be_good(certificate, crls, verdict.asked)
                    }
                    _ => false,
                };
                if !is_allowed {
                    failures.push(format!("{verdict}\nbut {certificate} is of unknown status"));
                }
            }
        }
        if unpublished > 0 {
            self.has("certificate without a CRL, accepted");
        }
        if let Some(detail) = failures.pop() {
            self.fail(
                "(e) unknown status is accepted where the policy says so",
                detail,
            );
        }
    }

    /// (e): a client is refused as revoked where the key that issued it made the CRL.
    pub(crate) fn revoked_clients_are_called_so(&mut self) {
        let mut failures = Vec::new();
        let client = self.world.certificate();
        let crls = self.world.pki.crls.iter();
        let by_issuer = crls.filter(|crl| crl.issuer == client.issuer && !crl.is_forged);
        let by_issuer: Vec<_> = by_issuer.cloned().collect();
        // What policies of a world differ in makes no difference to it.
        let asked = self.verdicts[0].asked;
        let Some(crl) = rules::find_naming(&by_issuer, client, asked) else {
            return;
        };
        self.has("client that is revoked by its issuer's key");
        for verdict in &self.verdicts {
            // What is wrong with another certificate of the path may be found first.
            let is_about_client = position(&verdict.outcome) == Some(Position::Client);
            let is_other = is_about_client && !is_client_revoked(&verdict.outcome);
            if is_other && !is_limit(&verdict.outcome) && self.has_path(verdict).is_some() {
                failures.push(format!("{verdict}\nbut {crl}"));
            }
        }
        if let Some(detail) = failures.pop() {
            self.fail("(e) who is revoked by the issuer's key is told so", detail);
        }
    }

    /// (e): a client that is good beyond doubt is let in.
    pub(crate) fn good_clients_get_in(&mut self) {
        let mut failures = Vec::new();
        let (client, issuer) = (self.world.certificate(), self.world.issuer());
        let crls = &self.world.pki.crls;
        for number in 0..self.verdicts.len() {
            let verdict = &self.verdicts[number];
            let may_be_good = |issuer| rules::is_surely_good(client, issuer, crls, verdict.asked);
            if !issuer.is_some_and(may_be_good) {
                continue;
            }
            self.premises.insert("client that is good");
            if verdict.outcome.is_ok() {
                continue;
            }
            let Some(client) = self.has_path(verdict) else {
                continue;
            };
            let path = certificates_of(client.path(), verdict.asked, self.world);
            let is_good = path
                .windows(2)
                .all(|pair| rules::is_surely_good(pair[0], pair[1], crls, verdict.asked));
            if is_good {
                let check = match is_limit(&verdict.outcome) {
                    true => "(e) who is good meets no limit",
                    false => "(e) who is good gets in",
                };
                failures.push((check, format!("{verdict}\nwith a good path {path:?}")));
            }
        }
        if let Some((check, detail)) = failures.pop() {
            self.fail(check, detail);
        }
    }

    /// The client, were revocation not checked.
    fn has_path(&self, verdict: &Verdict<'_>) -> Option<VerifiedClient> {
        let chain = self.world.chain(&verdict.choice);
        let policy = verdict.asked.policy_without_revocation();
        verify_client_chain(&self.world.stores.plain, &chain, now(), &policy).ok()
    }
}
