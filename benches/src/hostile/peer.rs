//! The same chains by `rustls-webpki`.

use mtls_verify::pki_types::{CertificateDer, TrustAnchor};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{Input, price};

/// An input as `webpki` takes it.
pub struct Peer<'a> {
    anchors: Vec<TrustAnchor<'static>>,
    input: &'a Input,
}

impl<'a> Peer<'a> {
    /// `None` if it cannot read the anchors or the client's certificate.
    pub fn of(input: &'a Input) -> Option<Self> {
        let (client, _) = input.chain().split_first()?;
        EndEntityCert::try_from(client).ok()?;
        let anchors = input.premises().anchors().iter().map(|der| {
            let der = CertificateDer::from(der.as_slice());
            anchor_from_trusted_cert(&der).map(|anchor| anchor.to_owned())
        });
        let anchors = anchors.collect::<Result<_, _>>().ok()?;
        Some(Self { anchors, input })
    }

    /// Verifies the chain, with the same algorithms. Certificate policies and CRLs are left out.
    ///
    /// # Errors
    ///
    /// If the client is refused.
    pub fn verify(&self) -> Result<(), webpki::Error> {
        let (client, intermediates) = self.input.chain().split_first().expect("a client");
        let client = EndEntityCert::try_from(client)?;
        client.verify_for_usage(
            price::algorithms(),
            &self.anchors,
            intermediates,
            self.input.premises().now(),
            KeyUsage::client_auth(),
            None,
            None,
        )?;
        Ok(())
    }
}
