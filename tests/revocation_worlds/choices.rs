//! (a) and (f): no choice of what to present is a way out, and no laxer policy a way in.

use mtls_verify::error::Position;

use crate::certificate::Made;
use crate::outcome::{is_client_revoked, is_limit, revoked_at};
use crate::trial::{Trial, Verdict};

impl<'a> Trial<'a> {
    /// (a), (f): a client that is revoked by one choice of what to present, under one of the
    /// policies, is not let in by any.
    pub(crate) fn revoked_clients_stay_out(&mut self) {
        let revoked = |verdict: &&Verdict<'_>| is_client_revoked(&verdict.outcome);
        let accepted = |verdict: &&Verdict<'_>| verdict.outcome.is_ok();
        let revoked = self.verdicts.iter().find(revoked);
        let accepted = self.verdicts.iter().find(accepted);
        if revoked.is_some() && self.verdicts.len() > 1 {
            self.premises.insert("client that is revoked by one choice");
        }
        if let Some((revoked, accepted)) = revoked.zip(accepted) {
            let detail = format!("{revoked}\nbut {accepted}");
            self.fail(
                "(a) another choice is no way out for a revoked client",
                detail,
            );
        }
    }

    /// (a): no path leads over a CA that is revoked by another choice.
    pub(crate) fn revoked_cas_stay_out(&mut self) {
        let mut failures = Vec::new();
        for shows in &self.verdicts {
            let Some(revoked) = self.revoked_ca(shows) else {
                continue;
            };
            self.premises.insert("CA that is revoked by one choice");
            let leads_over = self.verdicts.iter().find(|verdict| {
                verdict.asked.checks_path && verdict.path().any(|der| *der == *revoked.der)
            });
            if let Some(accepted) = leads_over {
                let revoked = &revoked.model;
                failures.push(format!("{shows}\nbut {accepted}\nover {revoked}"));
            }
        }
        if let Some(detail) = failures.pop() {
            self.fail("(a) another choice is no way out for a revoked CA", detail);
        }
    }

    /// The certificate that is no client's and was found to be revoked, where that can be told.
    fn revoked_ca(&self, verdict: &Verdict<'_>) -> Option<&'a Made> {
        match revoked_at(&verdict.outcome)? {
            Position::Presented(index) => {
                let number = verdict.choice.get(index.checked_sub(1)?)?;
                Some(&self.world.pki.others[*number].made)
            }
            Position::Intermediate => {
                let shown = verdict.outcome.as_ref().err()?.certificate()?;
                let stored = self
                    .world
                    .pki
                    .others
                    .iter()
                    .filter(|other| other.is_stored());
                let mut of_name = stored
                    .map(|other| &other.made)
                    .filter(|made| made.model.subject.x501_name().der() == shown.subject_der());
                let only = of_name.next()?;
                of_name.next().is_none().then_some(only)
            }
            _ => None,
        }
    }

    /// (f)
    pub(crate) fn laxer_policies_accept_more(&mut self) {
        let laxer = self
            .verdicts
            .iter()
            .filter(|verdict| verdict.outcome.is_err() && !is_limit(&verdict.outcome));
        let failure = laxer.into_iter().find_map(|laxer| {
            let is_before =
                |strict: &&Verdict<'_>| strict.rank < laxer.rank && strict.choice == laxer.choice;
            let strict = self
                .verdicts
                .iter()
                .filter(is_before)
                .find(|strict| strict.outcome.is_ok());
            strict.map(|strict| (strict, laxer))
        });
        if let Some((strict, laxer)) = failure {
            let detail = format!("{strict}\nbut {laxer}");
            self.fail("(f) a laxer policy accepts more", detail);
        }
    }
}
