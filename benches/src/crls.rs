//! CRLs that are measured with.

use std::sync::Arc;

use mtls_verify::pki_types::CertificateRevocationListDer;
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms};
use mtls_verify::{ClientPolicy, CrlSet, TrustStore, TrustStoreBuilder};
use testpki::{Crl, der};
use webpki::{CertRevocationList, OwnedCertRevocationList};

use crate::case::Case;
use crate::pki::{KeyKind, Pki, pseudo_random};
use crate::signatures::Algorithms;

/// A client below an issuing CA below a root, a CRL of each of the two CAs, and the CRLs as
/// `webpki` keeps them.
pub struct Crls {
    pki: Pki,
    /// The root's, which is empty, and the issuing CA's.
    ders: [Vec<u8>; 2],
    webpki: Arc<[CertRevocationList<'static>; 2]>,
}

impl Crls {
    /// The issuing CA has revoked so many certificates, among them one client's if there are any.
    /// Serial numbers are random, of 16 to 20 octets.
    ///
    /// # Panics
    ///
    /// If `webpki` does not read a CRL.
    pub fn new(entries: usize) -> Self {
        let pki = Pki::new(KeyKind::P256, 2);
        let [issuing, root] = pki.cas() else {
            panic!("two CAs");
        };
        let encoded = (0..entries).flat_map(|number| entry(&serial(number)));
        let large = Crl::of(issuing).raw_entries(encoded.collect());
        let ders = [Crl::of(root).der(), large.der()];
        let webpki = ders.each_ref().map(|der| webpki_crl(der).into());
        let webpki = Arc::new(webpki);
        Self { pki, ders, webpki }
    }

    /// The CRL of so many entries.
    pub fn large(&self) -> CertificateRevocationListDer<'_> {
        CertificateRevocationListDer::from(self.ders[1].as_slice())
    }

    /// Both CRLs: the root's, and the large one.
    pub fn ders(&self) -> &[Vec<u8>; 2] {
        &self.ders
    }

    /// A client that no CRL has, against both CRLs.
    pub fn case(&self) -> Case {
        self.pki.case()
    }

    /// A client that the large CRL has.
    pub fn case_of_revoked(&self) -> Case {
        let pki = Pki::new(KeyKind::P256, 2);
        pki.with_client(|client| client.serial(&serial(0))).case()
    }

    /// The case with these CRLs on both sides, and the whole path to be checked; the issuing CA is
    /// in the store too, so that the CRL's signature is verified as it is loaded.
    ///
    /// # Panics
    ///
    /// If our side does not take a CRL, or does not find its signature good.
    pub fn of(&self, case: Case) -> Case {
        let mut builder = self.builder(case.algorithms());
        for crl in &self.ders {
            let crl = CertificateRevocationListDer::from(crl.as_slice());
            builder.add_crl_der(&crl).expect("a good CRL");
        }
        let store = builder.build().expect("a good store");
        assert!(store.crls().all(|crl| crl.is_signed_by_store()));
        let policy = ClientPolicy::default().with_revocation(RevocationPolicy::whole_path());
        case.with_store(store)
            .with_policy(policy)
            .with_webpki_crls(Arc::clone(&self.webpki))
    }

    /// A store of the two CAs, without CRLs.
    ///
    /// # Panics
    ///
    /// If they are not good.
    pub fn store(&self) -> TrustStore {
        let mut builder = self.builder(mtls_verify::crypto::DEFAULT_ALGORITHMS);
        builder.build().expect("a good store")
    }

    fn builder(&self, algorithms: Algorithms) -> TrustStoreBuilder {
        let [issuing, root] = self.pki.cas() else {
            panic!("two CAs");
        };
        let mut builder = TrustStore::builder();
        builder
            // A policy takes what was verified with the very objects that it has itself.
            .crl_signatures(SignatureAlgorithms::new(algorithms))
            .add_ca_der(&root.der())
            .and_then(|builder| builder.add_intermediate_der(&issuing.der()))
            .expect("good CAs");
        builder
    }
}

/// The store with one CRL more, which is read, and its signature verified.
///
/// # Panics
///
/// If it is not a good CRL.
pub fn load(store: &TrustStore, crl: &CertificateRevocationListDer<'_>) -> TrustStore {
    let mut crls = CrlSet::new();
    crls.add_der(crl).expect("a good CRL");
    let store = store.with_crls(crls);
    assert!(store.crls().all(|crl| crl.is_signed_by_store()));
    store
}

/// The CRL as `webpki` keeps it, its signature not looked at.
///
/// # Panics
///
/// If it is not a good CRL.
pub fn webpki_crl(crl: &[u8]) -> OwnedCertRevocationList {
    OwnedCertRevocationList::from_der(crl).expect("a good CRL")
}

/// The content octets of the serial number of a revoked certificate.
fn serial(number: usize) -> Vec<u8> {
    let random = pseudo_random(number as u64, 21);
    let mut serial = random[1..17 + usize::from(random[0] % 5)].to_vec();
    // Positive, and without a zero in front.
    serial[0] = serial[0] & 0x7f | 0x40;
    serial
}

fn entry(serial: &[u8]) -> Vec<u8> {
    der::sequence(&[der::integer(serial), der::utc_time("260301000000Z")])
}
