//! CRLs made by the `openssl` program: what the library says of clients under each, and that
//! `openssl verify` agrees.

use mtls_verify::policy::{Expired, RevocationPolicy};
use mtls_verify::{ClientPolicy, CrlSet, VerifiedClient, VerifyError, verify_client_chain};

use crate::common::openssl::Release;
use crate::common::time;
use crate::pki::{NOW, Pki};

const MADE: &str = "20260501000000Z";
const RENEWED: &str = "20260701000000Z";
const END: &str = "2026-07-01T00:00:00Z";
const AFTER: &str = "2026-07-01T00:00:01Z";

/// A root, an issuing CA and a client below it, none of them revoked, and no CRL yet.
fn pki(test: &str) -> Pki {
    let pki = Pki::with_chain(test);
    pki.write("crlnumber", b"01");
    pki
}

impl Pki {
    /// The CRL of an issuer, with all that was revoked so far.
    fn gencrl(&self, issuer: &str, options: &str) {
        self.openssl(&format!(
            "ca -gencrl -keyfile {issuer}.key -cert {issuer}.pem -crl_lastupdate {MADE} \
             -crl_nextupdate {RENEWED} -out {issuer}.crl {options}"
        ));
    }

    fn revoke(&self, certificate: &str, issuer: &str, options: &str) {
        self.openssl(&format!(
            "ca -revoke {certificate}.pem -keyfile {issuer}.key -cert {issuer}.pem {options}"
        ));
    }

    /// What the library says with these CRLs; OpenSSL must say the same.
    fn both(&self, crls: &[&str], at: &str) -> Result<VerifiedClient, VerifyError> {
        let ours = self.ours(crls, at, RevocationPolicy::whole_path());
        let all: Vec<u8> = crls.iter().flat_map(|crl| self.read(crl)).collect();
        self.write("all.crl", &all);
        let crls = if crls.is_empty() {
            ""
        } else {
            "-CRLfile all.crl "
        };
        let arguments = format!("{crls}-crl_check_all -extended_crl");
        let theirs = self.openssl_verify_with("root.pem", at, &arguments, "client.pem");
        match (&ours, &theirs) {
            (Ok(_), Err(theirs)) => panic!("OpenSSL refuses: {theirs}"),
            (Err(ours), Ok(())) => panic!("OpenSSL accepts: {ours}"),
            _ => {}
        }
        ours
    }

    fn ours(
        &self,
        crls: &[&str],
        at: &str,
        revocation: RevocationPolicy,
    ) -> Result<VerifiedClient, VerifyError> {
        let mut set = CrlSet::new();
        for crl in crls {
            set.add_pem(&self.read(crl)).expect("a good CRL");
        }
        let store = self
            .store("root.pem")
            .expect("a good bundle")
            .with_crls(set);
        let chain = self.certificates(&["client.pem", "issuing.pem"]);
        let policy = ClientPolicy::default().with_revocation(revocation);
        verify_client_chain(&store, &chain, time(at), &policy)
    }
}

fn message(outcome: Result<VerifiedClient, VerifyError>) -> String {
    outcome.expect_err("refused").to_string()
}

#[test]
fn clients_on_no_crl_are_good_until_the_crls_are_renewed() {
    let pki = pki("crl-good");
    for options in ["", "-md sha384", "-crlexts crl"] {
        pki.gencrl("root", options);
        pki.gencrl("issuing", options);
        let crls = ["root.crl", "issuing.crl"];
        let client = pki.both(&crls, NOW).expect("on no CRL");
        assert_eq!(client.valid_until(), Some(time(END)));
        pki.ours(&crls, END, RevocationPolicy::whole_path())
            .expect("the last second");
        // OpenSSL takes a CRL for stale from its nextUpdate on, before release 4.0. RFC 5280
        // §5.1.2.5 lets its issuer wait with the next until then.
        if let Some(release) = Release::of_the_program() {
            let openssl = "-CRLfile all.crl -crl_check_all";
            let at_end = pki.openssl_verify_with("root.pem", END, openssl, "client.pem");
            assert_eq!(at_end.is_ok(), release >= Release::V4_0, "{at_end:?}");
        }
        let stale = message(pki.both(&crls, AFTER));
        assert!(stale.contains("was to be renewed 1 second ago"), "{stale}");
        let late = RevocationPolicy::whole_path().with_stale(Expired::Accept);
        pki.ours(&crls, AFTER, late).expect("accepted by policy");
        let early = message(pki.both(&crls, "2026-04-30T23:59:59Z"));
        assert!(early.contains("from the future"), "{early}");
    }
}

#[test]
fn every_certificate_needs_a_crl() {
    let pki = pki("crl-missing");
    pki.gencrl("root", "");
    pki.gencrl("issuing", "");
    for (crls, about) in [
        (&[][..], "presented certificate 1"),
        (&["issuing.crl"], "presented certificate 1"),
        (&["root.crl"], "client certificate"),
    ] {
        let refusal = message(pki.both(crls, NOW));
        assert!(refusal.starts_with(about), "{refusal}");
        assert!(
            refusal.contains("no CRL about it is in the store"),
            "{refusal}"
        );
    }
    pki.ours(&["issuing.crl"], NOW, RevocationPolicy::client_only())
        .expect("the client's alone");
}

#[test]
fn revoked_clients_are_refused_whatever_the_reason() {
    let pki = pki("crl-revoked");
    pki.gencrl("root", "");
    for reason in [
        "unspecified",
        "keyCompromise",
        "CACompromise",
        "affiliationChanged",
        "superseded",
        "cessationOfOperation",
    ] {
        pki.issue("client", "issuing", "2090-01-01T00:00:00Z", "");
        pki.revoke("client", "issuing", &format!("-crl_reason {reason}"));
        pki.gencrl("issuing", "-crlexts crl");
        let refusal = message(pki.both(&["root.crl", "issuing.crl"], NOW));
        let shown = match reason {
            "unspecified" => "no reason given",
            "CACompromise" => "cACompromise",
            other => other,
        };
        assert!(refusal.ends_with(&format!("({shown})")), "{refusal}");
    }
    pki.issue("client", "issuing", "2090-01-01T00:00:00Z", "");
    pki.revoke("client", "issuing", "-crl_hold holdInstructionReject");
    pki.gencrl("issuing", "-crlexts crl");
    let refusal = message(pki.both(&["root.crl", "issuing.crl"], NOW));
    assert!(refusal.ends_with("(certificateHold)"), "{refusal}");
}

#[test]
fn clients_of_a_revoked_ca_are_refused() {
    let pki = pki("crl-revoked-ca");
    pki.gencrl("issuing", "");
    pki.revoke("issuing", "root", "-crl_CA_compromise 20260401000000Z");
    pki.gencrl("root", "-crlexts crl");
    let refusal = message(pki.both(&["root.crl", "issuing.crl"], NOW));
    assert!(
        refusal.starts_with("presented certificate 1 CN=Example Issuing CA"),
        "{refusal}"
    );
    assert!(refusal.ends_with("(cACompromise)"), "{refusal}");
}

/// A CRL by an issuer of the same name and another key.
#[test]
fn crls_of_others_do_not_count() {
    let (pki, others) = (pki("crl-ours"), pki("crl-others"));
    pki.gencrl("root", "");
    others.gencrl("issuing", "");
    pki.write("other.crl", &others.read("issuing.crl"));
    let refusal = message(pki.both(&["root.crl", "other.crl"], NOW));
    assert!(refusal.contains("signature"), "{refusal}");
}
