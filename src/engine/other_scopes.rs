//! Which CRLs of other scopes revoke the certificates of a path.

use super::crl_signers::{Asked, Signer};
use super::inquiry::{Basis, Inquiry};
use super::revocation::{Lifted, Refusal, Status, in_path};
use super::verification::Verification;
use crate::budget::price;
use crate::error::{Reason, Work};
use crate::path::Step;
use crate::policy::RevocationScope;
use crate::revocation::EntryStatus;
use crate::validate::{Failure, Role, Scope, Window};
use crate::x509::{Time, earliest};

impl<'a> Verification<'a> {
    /// Checks that no CRL of another scope revokes a certificate of the path which the very key
    /// made that signed the certificate. Other CRLs do not speak across scopes, and none vouches
    /// there.
    ///
    /// The key that may revoke a certificate in one scope may do so in all. So a revoked client
    /// gains nothing if its CA stands in a scope without that CRL.
    pub(super) fn check_other_scopes(
        &mut self,
        path: &[Step<'a>],
        inquiry: Inquiry<'_>,
        basis: &mut Basis,
    ) -> Result<Window, Failure> {
        let Some(place) = self.place else {
            return Ok(Window::ALWAYS);
        };
        let count = match self.policy.revocation.scope {
            RevocationScope::Off => 0,
            RevocationScope::ClientOnly if inquiry.role == Role::Client => 1,
            RevocationScope::ClientOnly | RevocationScope::Auto | RevocationScope::WholePath => {
                path.len().saturating_sub(1)
            }
        };
        let mut window = Window::ALWAYS;
        let links = path.iter().zip(path.iter().skip(1)).enumerate();
        for (at, (step, issuer)) in links.take(count) {
            let failed = |(reason, scope)| Failure { at, reason, scope };
            let certificate = step.certificate;
            let units = price::looking_up(certificate.issuer());
            let paid = self.budget.pay(units, Work::Revocation);
            paid.map_err(|out| failed(in_path(out.into())))?;
            for store in place.others_with_crls_of(certificate.issuer()) {
                let ages = self.ages_for(certificate);
                let about = self.applicable_crls(store, certificate, ages, basis);
                let about = about.map_err(in_path).map_err(failed)?;
                let asked = Asked { path, at, inquiry };
                let signer = Signer {
                    node: issuer.node,
                    certificate: issuer.certificate,
                };
                let mut status = self.status(&about, asked, ages, basis);
                let until = status.check_named_by(signer).map_err(failed)?;
                window = window.intersect(Window::to(until));
            }
        }
        Ok(window)
    }
}

impl<'a> Status<'_, '_, 'a> {
    /// Checks that no CRL by `signer` has the certificate that counts. Returns the last second at
    /// which those that have it are known not to count.
    fn check_named_by(&mut self, signer: Signer<'a>) -> Result<Option<Time>, Refusal> {
        let mut until = None;
        for one in self.about {
            let EntryStatus::Revoked { reason, on } = one.entry else {
                continue;
            };
            if !self.is_made_by(one.crl, signer).map_err(in_path)? {
                continue;
            }
            match self.lifted(one, reason, signer).map_err(in_path)? {
                Some(Lifted::Superseded) => {}
                Some(Lifted::OffHold(delta)) => {
                    until = earliest(until, Some(self.ages.freshness(delta).fresh_until));
                }
                None => return Err((Reason::Revoked { reason, on }, Scope::Certificate)),
            }
        }
        Ok(until)
    }
}
