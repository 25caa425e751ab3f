//! The extensions.

use std::collections::BTreeSet;

use mtls_verify::fuzzing::{GeneralName, Parsed, Usage};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName as TheirName;
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, ExtendedKeyUsage, ID_CE_INHIBIT_ANY_POLICY, KeyUsage, NameConstraints,
    PolicyConstraints, PolicyMappings, SubjectAltName, SubjectKeyIdentifier,
};

use super::qualifiers::is_defined;

/// All that are processed.
const PROCESSED: [ObjectIdentifier; 13] = [
    AuthorityInfoAccessSyntax::OID,
    AuthorityKeyIdentifier::OID,
    BasicConstraints::OID,
    CertificatePolicies::OID,
    CrlDistributionPoints::OID,
    ExtendedKeyUsage::OID,
    ID_CE_INHIBIT_ANY_POLICY,
    KeyUsage::OID,
    NameConstraints::OID,
    PolicyConstraints::OID,
    PolicyMappings::OID,
    SubjectAltName::OID,
    SubjectKeyIdentifier::OID,
];

pub(super) fn compare(ours: &Parsed<'_>, theirs: &[Extension]) {
    let distinct: BTreeSet<_> = theirs.iter().map(|extension| extension.extn_id).collect();
    assert_eq!(distinct.len(), theirs.len(), "an extension is there twice");
    for (number, is_there, is_critical) in &ours.extensions {
        let oid = ObjectIdentifier::from_bytes(&[0x55, 0x1d, *number]).expect("of the arc id-ce");
        let extension = theirs.iter().find(|extension| extension.extn_id == oid);
        assert_eq!(*is_there, extension.is_some());
        let critical = extension.is_some_and(|extension| extension.critical);
        assert_eq!(*is_critical, critical);
    }
    let is_unhandled = |extension: &&Extension| {
        let is_processed = PROCESSED.contains(&extension.extn_id)
            // Only known where it is not critical, as RFC 5280 §4.2.2.1 has it.
            && extension.extn_id != AuthorityInfoAccessSyntax::OID;
        extension.critical && (!is_processed || has_foreign_qualifier(extension))
    };
    let is_read = !matches!(read::<CertificatePolicies>(theirs), Read::Refused);
    if is_read || ours.unhandled_extension != Some(CertificatePolicies::OID.as_bytes()) {
        assert_eq!(
            ours.unhandled_extension,
            theirs
                .iter()
                .find(is_unhandled)
                .map(|extension| extension.extn_id.as_bytes())
        );
    }

    compare_usage(ours, theirs);
    compare_key_ids(ours, theirs);
    compare_names(ours, theirs);
    compare_policies(ours, theirs);
    if let Read::As(list) = read::<AuthorityInfoAccessSyntax>(theirs) {
        // Only we ask that there be an entry, and that object identifiers be in their shortest
        // form.
        let is_padded = list.0.iter().any(|description| {
            is_padded(&description.access_method) || has_padded(&description.access_location)
        });
        assert!(!ours.has_malformed_information_access || list.0.is_empty() || is_padded);
    }
}

/// Whether it is a certificatePolicies with a qualifier that cannot be interpreted. What
/// `x509-cert` does not read ours alone can tell.
fn has_foreign_qualifier(extension: &Extension) -> bool {
    if extension.extn_id != CertificatePolicies::OID {
        return false;
    }
    let Ok(list) = CertificatePolicies::from_der(extension.extn_value.as_bytes()) else {
        return false;
    };
    let mut qualifiers = list
        .0
        .iter()
        .flat_map(|policy| policy.policy_qualifiers.iter().flatten());
    qualifiers.any(|qualifier| !is_defined(qualifier))
}

fn has_padded(name: &TheirName) -> bool {
    match name {
        TheirName::RegisteredId(oid) => is_padded(oid),
        TheirName::OtherName(other) => is_padded(&other.type_id),
        TheirName::DirectoryName(name) => name.iter().any(|attribute| is_padded(&attribute.oid)),
        _ => false,
    }
}

/// Whether an arc begins with a zero that says nothing (X.690 §8.19.2).
fn is_padded(oid: &ObjectIdentifier) -> bool {
    let octets = oid.as_bytes();
    let begins_arc = |at: usize| at == 0 || octets[at - 1] < 0x80;
    (0..octets.len()).any(|at| octets[at] == 0x80 && begins_arc(at))
}

/// What `x509-cert` makes of an extension.
enum Read<T> {
    Absent,
    As(T),
    /// Ours alone could make something of it.
    Refused,
}

fn read<T: AssociatedOid + for<'a> Decode<'a>>(extensions: &[Extension]) -> Read<T> {
    let of_this_kind = |extension: &&Extension| extension.extn_id == T::OID;
    let Some(extension) = extensions.iter().find(of_this_kind) else {
        return Read::Absent;
    };
    match T::from_der(extension.extn_value.as_bytes()) {
        Ok(value) => Read::As(value),
        Err(_) => Read::Refused,
    }
}

fn compare_usage(ours: &Parsed<'_>, theirs: &[Extension]) {
    match read::<BasicConstraints>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.basic_constraints, None),
        Read::As(read) => {
            let path_len = read.path_len_constraint.map(u32::from);
            assert_eq!(ours.basic_constraints, Some((read.ca, path_len)));
        }
    }
    match read::<KeyUsage>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.key_usage, None),
        Read::As(read) => {
            let usage = ours.key_usage.as_ref().expect("keyUsage is there");
            let known = Usage {
                digital_signature: read.digital_signature(),
                key_cert_sign: read.key_cert_sign(),
                // They leave out bits that have no name.
                is_empty: usage.is_empty && read.0.is_empty(),
            };
            assert_eq!(*usage, known);
        }
    }
    match read::<ExtendedKeyUsage>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.extended_key_usage, None),
        Read::As(read) => {
            let purposes: Vec<_> = read.0.iter().map(ObjectIdentifier::as_bytes).collect();
            assert_eq!(ours.extended_key_usage, Some(purposes));
        }
    }
}

fn compare_key_ids(ours: &Parsed<'_>, theirs: &[Extension]) {
    let mut is_refused = false;
    match read::<SubjectKeyIdentifier>(theirs) {
        Read::Refused => is_refused = true,
        Read::Absent => assert_eq!(ours.subject_key_id, None),
        Read::As(read) => assert_eq!(ours.subject_key_id, Some(read.0.as_bytes())),
    }
    match read::<AuthorityKeyIdentifier>(theirs) {
        Read::Refused => is_refused = true,
        Read::Absent => assert_eq!(ours.authority_key_id, None),
        // RFC 5280, appendix A.2, which they do not ask for.
        Read::As(read)
            if read.authority_cert_issuer.is_some()
                != read.authority_cert_serial_number.is_some() =>
        {
            assert!(ours.has_malformed_key_id);
            is_refused = true;
        }
        // Only we ask that its issuer have a name, and that the names be well-formed to the last.
        Read::As(read) if ours.has_malformed_key_id && read.authority_cert_issuer.is_some() => {
            is_refused = true;
        }
        Read::As(read) => {
            let identifier = read.key_identifier.as_ref();
            assert_eq!(ours.authority_key_id, identifier.map(|id| id.as_bytes()));
        }
    }
    assert!(is_refused || !ours.has_malformed_key_id);
}

fn compare_names(ours: &Parsed<'_>, theirs: &[Extension]) {
    match read::<SubjectAltName>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.subject_alt_names, []),
        Read::As(read) => assert_same_names(&ours.subject_alt_names, read.0.iter()),
    }
    match read::<NameConstraints>(theirs) {
        Read::Refused => {}
        Read::Absent => assert!(ours.permitted.is_empty() && ours.excluded.is_empty()),
        Read::As(read) => {
            let bases = |subtrees: Option<Vec<GeneralSubtree>>| subtrees.unwrap_or_default();
            let (permitted, excluded) = (
                bases(read.permitted_subtrees),
                bases(read.excluded_subtrees),
            );
            assert!(
                permitted
                    .iter()
                    .chain(&excluded)
                    .all(|subtree| { subtree.minimum == 0 && subtree.maximum.is_none() })
            );
            assert_same_names(
                &ours.permitted,
                permitted.iter().map(|subtree| &subtree.base),
            );
            assert_same_names(&ours.excluded, excluded.iter().map(|subtree| &subtree.base));
        }
    }
}

fn assert_same_names<'a>(ours: &[GeneralName<'_>], theirs: impl Iterator<Item = &'a TheirName>) {
    let theirs: Vec<_> = theirs.collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        let encoded = theirs.to_der().expect("what was decoded can be encoded");
        let value = testpki::der::contents(&encoded);
        match (ours, theirs) {
            (GeneralName::Other(type_id, ours), TheirName::OtherName(theirs)) => {
                assert_eq!(*type_id, theirs.type_id.as_bytes());
                assert_eq!(*ours, theirs.value.to_der().expect("a value"));
            }
            (GeneralName::Email(ours), TheirName::Rfc822Name(_))
            | (GeneralName::Dns(ours), TheirName::DnsName(_))
            | (GeneralName::Uri(ours), TheirName::UniformResourceIdentifier(_)) => {
                assert_eq!(ours.as_bytes(), value);
            }
            (GeneralName::Directory(ours), TheirName::DirectoryName(theirs)) => {
                super::assert_same_name(ours, theirs);
            }
            (GeneralName::Ip(ours), TheirName::IpAddress(_)) => assert_eq!(*ours, value),
            (GeneralName::Unread(tag), _) => {
                assert_eq!(*tag, encoded[0]);
                assert!(may_be_unread(theirs, value), "{theirs:?}");
            }
            _ => panic!("{ours:?} is not {theirs:?}"),
        }
    }
}

/// Forms that nothing reads, and names that are none of their form.
fn may_be_unread(name: &TheirName, value: &[u8]) -> bool {
    match name {
        TheirName::OtherName(_) | TheirName::DirectoryName(_) => false,
        TheirName::Rfc822Name(_)
        | TheirName::DnsName(_)
        | TheirName::UniformResourceIdentifier(_) => {
            !value.iter().all(|byte| (b' '..=b'~').contains(byte))
        }
        // One length for names, another for constraints.
        TheirName::IpAddress(_) => true,
        TheirName::EdiPartyName(_) | TheirName::RegisteredId(_) => true,
    }
}

fn compare_policies(ours: &Parsed<'_>, theirs: &[Extension]) {
    match read::<CertificatePolicies>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.policies, None),
        Read::As(read) => {
            let ids = read
                .0
                .iter()
                .map(|policy| policy.policy_identifier.as_bytes());
            assert_eq!(ours.policies, Some(ids.collect()));
        }
    }
    match read::<PolicyMappings>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(ours.policy_mappings, []),
        Read::As(read) => {
            let pairs = read.0.iter().map(|mapping| {
                (
                    mapping.issuer_domain_policy.as_bytes(),
                    mapping.subject_domain_policy.as_bytes(),
                )
            });
            assert_eq!(ours.policy_mappings, pairs.collect::<Vec<_>>());
        }
    }
    let constraints = (ours.require_explicit_policy, ours.inhibit_policy_mapping);
    match read::<PolicyConstraints>(theirs) {
        Read::Refused => {}
        Read::Absent => assert_eq!(constraints, (None, None)),
        Read::As(read) => {
            assert_eq!(
                constraints,
                (read.require_explicit_policy, read.inhibit_policy_mapping)
            );
        }
    }
    let mut all = theirs.iter();
    match all.find(|extension| extension.extn_id == ID_CE_INHIBIT_ANY_POLICY) {
        None => assert_eq!(ours.inhibit_any_policy, None),
        Some(extension) => {
            if let Ok(count) = u32::from_der(extension.extn_value.as_bytes()) {
                assert_eq!(ours.inhibit_any_policy, Some(count));
            }
        }
    }
}
