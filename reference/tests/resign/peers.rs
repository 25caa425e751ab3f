//! What `webpki` and the `openssl` program say.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use mtls_verify::pki_types::{CertificateDer, UnixTime};
use reference::model::{Policy, Question, Scope};
use testpki::Pem;
use webpki::{
    BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error, ExpirationPolicy,
    KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy,
    anchor_from_trusted_cert,
};

use crate::program;

/// What says in OpenSSL's words what the default policy is, as in `tests/openssl/cases.rs`.
const DEFAULT_POLICY: &str = "verify -purpose sslclient -partial_chain -auth_level 2 -policy_check -policy 2.5.29.32.0 \
                              -no-CApath -no-CAstore -CAfile anchors.pem";

/// The question as peers can be asked it: by the default policy, but for what is checked for
/// revocation, and without pins.
pub(crate) fn question_for_peers(question: &Question) -> Question {
    let revocation = match question.policy.revocation {
        Scope::Auto if question.crls.is_empty() => Scope::Off,
        Scope::Auto => Scope::WholePath,
        scope => scope,
    };
    Question {
        pins: Vec::new(),
        policy: Policy {
            revocation,
            ..Policy::default()
        },
        ..question.clone()
    }
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Peer {
    Webpki,
    OpenSsl,
}

impl Peer {
    /// What it says of a question for peers; an error is its reason to refuse.
    pub(crate) fn ask(self, question: &Question) -> Result<(), String> {
        match self {
            Self::Webpki => {
                let unread = question.crls.iter();
                let unread =
                    unread.filter_map(|der| BorrowedCertRevocationList::from_der(der).err());
                let unread: Vec<Error> = unread.collect();
                webpki(question).map_err(|error| format!("{error:?}, CRLs: {unread:?}"))
            }
            Self::OpenSsl => openssl(question),
        }
    }
}

fn webpki(question: &Question) -> Result<(), Error> {
    let ders = |ders: &[Vec<u8>]| -> Vec<CertificateDer<'static>> {
        ders.iter().cloned().map(CertificateDer::from).collect()
    };
    let anchors = ders(&question.anchors);
    let anchors = anchors.iter().map(anchor_from_trusted_cert);
    let anchors: Vec<_> = anchors.filter_map(Result::ok).collect();
    let presented = ders(&question.presented);
    let (client, presented) = presented.split_first().ok_or(Error::BadDer)?;
    let intermediates = [presented, &ders(&question.intermediates)].concat();
    let crls = question.crls.iter();
    let crls = crls.map(|der| BorrowedCertRevocationList::from_der(der));
    let crls: Vec<CertRevocationList<'_>> = crls.filter_map(|crl| Some(crl.ok()?.into())).collect();
    let crls: Vec<_> = crls.iter().collect();
    let depth = match question.policy.revocation {
        Scope::Auto | Scope::Off => None,
        Scope::ClientOnly => Some(RevocationCheckDepth::EndEntity),
        Scope::WholePath => Some(RevocationCheckDepth::Chain),
    };
    let revocation = match depth {
        None => None,
        Some(depth) => {
            let options = RevocationOptionsBuilder::new(&crls);
            // Without a CRL the status is unknown, and `webpki` has no word for that.
            let options = options.map_err(|_| Error::UnknownRevocationStatus)?;
            let options = options
                .with_depth(depth)
                .with_status_policy(UnknownStatusPolicy::Deny)
                .with_expiration_policy(ExpirationPolicy::Enforce);
            Some(options.build())
        }
    };
    let now = question.now.try_into().expect("a time since 1970");
    EndEntityCert::try_from(client)?.verify_for_usage(
        question.policy.algorithms,
        &anchors,
        &intermediates,
        UnixTime::since_unix_epoch(Duration::from_secs(now)),
        KeyUsage::client_auth(),
        revocation,
        None,
    )?;
    Ok(())
}

/// A folder of this thread.
pub(crate) fn folder() -> PathBuf {
    let thread = std::thread::current().id();
    let name = format!("resign-{}-{thread:?}", std::process::id());
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn openssl(question: &Question) -> Result<(), String> {
    let folder = folder();
    fs::create_dir_all(&folder).expect("a folder for test files");
    let (client, presented) = question.presented.split_at(1);
    let issuers = [presented, &question.intermediates].concat();
    let mut verify = program::program();
    verify.args(DEFAULT_POLICY.split_whitespace());
    let mut write = |file: &str, label: &str, ders: &[Vec<u8>], option: Option<&str>| {
        let pem = ders.iter().map(|der| Pem::new(label, der).to_string());
        let pem = pem.collect::<String>();
        fs::write(folder.join(file), pem).expect("a test file");
        // It takes no empty file.
        if let (Some(option), false) = (option, ders.is_empty()) {
            verify.args([option, file]);
        }
    };
    write("client.pem", "CERTIFICATE", client, None);
    write("anchors.pem", "CERTIFICATE", &question.anchors, None);
    write("issuers.pem", "CERTIFICATE", &issuers, Some("-untrusted"));
    let check = match question.policy.revocation {
        Scope::Auto | Scope::Off => None,
        Scope::ClientOnly => Some("-crl_check"),
        Scope::WholePath => Some("-crl_check_all"),
    };
    if check.is_some() {
        write("crls.pem", "X509 CRL", &question.crls, Some("-CRLfile"));
    }
    if let Some(check) = check {
        verify.args([check, "-extended_crl", "-use_deltas"]);
    }
    verify.args(["-attime", &question.now.to_string(), "client.pem"]);
    program::verdict(verify.current_dir(&folder)).map(drop)
}
