//! Which certificates are X.509-SVIDs.

use super::id::{InvalidSpiffeId, parts};
use crate::x509::{Certificate, GeneralName, Uri};

/// Why a certificate is not the X.509-SVID of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotSvid {
    /// The subjectAltName has no URI (X.509-SVID §2).
    #[error("the subjectAltName has no URI")]
    NoUri,
    /// The subjectAltName has several URIs (X.509-SVID §2). One that cannot be read counts.
    #[error("the subjectAltName has several URIs; an X.509-SVID has one")]
    SeveralUris,
    /// The URI is not ASCII without control characters.
    #[error("the URI of the subjectAltName cannot be read as ASCII")]
    UnreadableUri,
    /// The URI is no SPIFFE ID (SPIFFE-ID §2).
    #[error("the URI of the subjectAltName is no SPIFFE ID: {0}")]
    NotAnId(InvalidSpiffeId),
    /// The SPIFFE ID has no path (X.509-SVID §3.1, §5.2): it is a trust domain's.
    #[error("the SPIFFE ID has no path, so that it is no workload's")]
    NoPath,
    /// basicConstraints has cA=TRUE (X.509-SVID §4.1, §5.2).
    #[error("basicConstraints has cA=TRUE: a signing certificate identifies no workload")]
    Ca,
    /// keyUsage has keyCertSign (X.509-SVID §4.3, §5.2).
    #[error("keyUsage has keyCertSign: a signing certificate identifies no workload")]
    KeyCertSign,
    /// keyUsage has cRLSign (X.509-SVID §4.3, §5.2).
    #[error("keyUsage has cRLSign: a signing certificate identifies no workload")]
    CrlSign,
    /// There is a keyUsage without digitalSignature (X.509-SVID §4.3).
    #[error("keyUsage has no digitalSignature")]
    NoDigitalSignature,
}

/// The SPIFFE ID of an X.509-SVID that identifies a workload, by the rules for verifiers
/// (X.509-SVID §5.2) and digitalSignature (§4.3). A certificate without basicConstraints is not a
/// CA's, and one without keyUsage does not restrict its key: deployed SVIDs lack either.
pub(crate) fn svid_id<'a>(certificate: Certificate<'a>) -> Result<&'a str, NotSvid> {
    const URI: GeneralName<'_> = GeneralName::Uri("");
    // An unreadable one has the tag too, and counts.
    let mut uris = certificate
        .subject_alt_names()
        .filter(|name| name.tag() == URI.tag());
    let uri = match (uris.next(), uris.next()) {
        (None, _) => return Err(NotSvid::NoUri),
        (Some(_), Some(_)) => return Err(NotSvid::SeveralUris),
        (Some(GeneralName::Uri(uri)), None) => uri,
        (Some(_), None) => return Err(NotSvid::UnreadableUri),
    };
    if let (_, None) = parts(uri).map_err(NotSvid::NotAnId)? {
        return Err(NotSvid::NoPath);
    }
    if certificate.is_ca() {
        return Err(NotSvid::Ca);
    }
    match certificate.key_usage() {
        Some(usage) if usage.key_cert_sign() => Err(NotSvid::KeyCertSign),
        Some(usage) if usage.crl_sign() => Err(NotSvid::CrlSign),
        Some(usage) if !usage.digital_signature() => Err(NotSvid::NoDigitalSignature),
        _ => Ok(uri),
    }
}

/// Whether a name of the subjectAltName may be meant as a SPIFFE ID: a URI of the scheme `spiffe`
/// in any case, or one that cannot be read.
pub(crate) fn may_be_spiffe_id(name: &GeneralName<'_>) -> bool {
    match name {
        GeneralName::Uri(uri) => {
            Uri::read(uri).is_none_or(|uri| uri.scheme.eq_ignore_ascii_case("spiffe"))
        }
        name => name.tag() == GeneralName::Uri("").tag(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::Fields;
    use testpki::{Cert, Extension, GeneralName, Key, KeyUsage, der, oid};

    fn judged(certificate: &Cert) -> Result<alloc::string::String, NotSvid> {
        let der = certificate.der();
        let fields = Fields::parse(&der).unwrap();
        svid_id(fields.view(&der)).map(Into::into)
    }

    fn client(uris: &[&str]) -> Cert {
        let names: alloc::vec::Vec<_> = uris.iter().map(|uri| GeneralName::uri(uri)).collect();
        named(&names)
    }

    fn named(names: &[GeneralName]) -> Cert {
        let ca = Cert::ca("Root", &Key::p256("root"));
        Cert::client("alice", &Key::p256("alice"))
            .issued_by(&ca)
            .without_extension(oid::SUBJECT_ALT_NAME)
            .extension(Extension::subject_alt_name(names))
    }

    #[test]
    fn an_svid_has_one_id_with_a_path() {
        let id = "spiffe://a/b";
        let unreadable = || GeneralName::Raw(der::context_primitive(6, "spiffe://zü/a".as_bytes()));
        assert_eq!(judged(&client(&[id])).unwrap(), id);
        let both = [GeneralName::dns("a.example"), GeneralName::uri(id)];
        assert_eq!(judged(&named(&both)).unwrap(), id);
        for (certificate, reason) in [
            (named(&[GeneralName::dns("a.example")]), NotSvid::NoUri),
            (client(&[id, id]), NotSvid::SeveralUris),
            (
                named(&[GeneralName::uri(id), unreadable()]),
                NotSvid::SeveralUris,
            ),
            (named(&[unreadable()]), NotSvid::UnreadableUri),
            (client(&["spiffe://a"]), NotSvid::NoPath),
            (
                client(&["https://a/b"]),
                NotSvid::NotAnId(InvalidSpiffeId::Scheme),
            ),
            (
                client(&["spiffe://a/"]),
                NotSvid::NotAnId(InvalidSpiffeId::EmptySegment),
            ),
        ] {
            assert_eq!(judged(&certificate), Err(reason));
        }
        let without = client(&[id]).without_extension(oid::SUBJECT_ALT_NAME);
        assert_eq!(judged(&without), Err(NotSvid::NoUri));
    }

    #[test]
    fn a_signing_certificate_is_no_workloads() {
        use KeyUsage::{CrlSign, DigitalSignature, KeyAgreement, KeyCertSign};
        let id = || client(&["spiffe://a/b"]);
        let usages = |usages: &[KeyUsage]| {
            judged(
                &id()
                    .without_extension(oid::KEY_USAGE)
                    .extension(Extension::key_usage(usages)),
            )
        };
        assert!(judged(&id().without_extension(oid::KEY_USAGE)).is_ok());
        assert!(judged(&id().without_extension(oid::BASIC_CONSTRAINTS)).is_ok());
        assert!(usages(&[DigitalSignature, KeyAgreement]).is_ok());
        let ca = id()
            .without_extension(oid::BASIC_CONSTRAINTS)
            .extension(Extension::basic_constraints(true, None));
        assert_eq!(judged(&ca), Err(NotSvid::Ca));
        assert_eq!(
            usages(&[DigitalSignature, KeyCertSign]),
            Err(NotSvid::KeyCertSign)
        );
        assert_eq!(usages(&[DigitalSignature, CrlSign]), Err(NotSvid::CrlSign));
        assert_eq!(usages(&[KeyAgreement]), Err(NotSvid::NoDigitalSignature));
    }
}
