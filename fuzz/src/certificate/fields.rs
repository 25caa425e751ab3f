//! Attributes and extensions of an [`Identity`] are those that `x509-cert` reads, with their values.
//! To read what else it has, and the forms of nations and vendors, never panics.

use mtls_verify::Identity;
use mtls_verify::client::forms;
use x509_cert::Certificate;

pub(super) fn compare(identity: Identity<'_>, certificate: &Certificate) {
    let theirs = certificate.tbs_certificate();
    let written = theirs.extensions().into_iter().flatten();
    let mut count = 0;
    for (ours, theirs) in identity.extensions().zip(written) {
        assert_eq!(ours.oid().as_bytes(), theirs.extn_id.as_bytes());
        assert_eq!(ours.is_critical(), theirs.critical);
        assert_eq!(ours.value(), theirs.extn_value.as_bytes());
        let by_oid = identity.extension(&ours.oid()).expect("it is there");
        assert_eq!(by_oid.value(), ours.value());
        count += 1;
    }
    assert_eq!(count, theirs.extensions().map_or(0, Vec::len));
    assert_eq!(count, identity.extensions().count());

    // Attributes of one level come in the order of the certificate, and theirs in that of DER.
    let names = theirs.subject().iter_rdn();
    let mut written: Vec<_> = names
        .flat_map(|level| level.iter())
        .map(|one| (one.oid.as_bytes().to_vec(), one.value.value().to_vec()))
        .collect();
    let mut ours: Vec<_> = identity
        .attributes()
        .map(|one| (one.oid().as_bytes().to_vec(), one.value().to_vec()))
        .collect();
    written.sort();
    ours.sort();
    assert_eq!(ours, written);

    for other in identity.other_names() {
        let _ = (other.text(), other.oid(), other.value());
    }
    for attribute in identity.attributes() {
        // At most one has this type where the only one is given out.
        if identity.attribute(&attribute.oid()).is_some() {
            let same = |one: &mtls_verify::client::Attribute<'_>| one.oid() == attribute.oid();
            assert_eq!(identity.attributes().filter(same).count(), 1);
        }
    }
    let _ = (
        identity.key_purposes().count(),
        identity.x5t_s256(),
        identity.public_key_sha256(),
    );
    if let Some(sid) = forms::security_identifier(identity) {
        assert!(sid.starts_with("S-1-") && sid.len() <= 4 + 16 * 11, "{sid}");
    }
    let _ = (forms::fasc_n(identity), forms::uuid(identity));
    let _ = (
        forms::psd2(identity),
        forms::organization_identifier(identity),
    );
}
