//! The qualifiers of certificate policies (RFC 5280 §4.2.1.4).

use x509_cert::der::asn1::{Int, ObjectIdentifier};
use x509_cert::der::{self, Any, Decode, ErrorKind, Reader, SliceReader, Tag, Tagged};
use x509_cert::ext::pkix::certpolicy::PolicyQualifierInfo;

const CPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");
const USER_NOTICE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.2");

/// Whether it is of a kind that §4.2.1.4 defines, and has that kind's structure.
pub(super) fn is_defined(qualifier: &PolicyQualifierInfo) -> bool {
    match &qualifier.qualifier {
        Some(value) if qualifier.policy_qualifier_id == CPS => value.tag() == Tag::Ia5String,
        Some(value) if qualifier.policy_qualifier_id == USER_NOTICE => {
            value.tag() == Tag::Sequence && is_user_notice(value.value()).is_ok()
        }
        _ => false,
    }
}

/// `UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText OPTIONAL }`.
fn is_user_notice(fields: &[u8]) -> der::Result<()> {
    let mut fields = every(fields)?.into_iter().peekable();
    if let Some(reference) = fields.next_if(|field| field.tag() == Tag::Sequence) {
        // `NoticeReference ::= SEQUENCE { organization, noticeNumbers SEQUENCE OF INTEGER }`.
        let reference = every(reference.value())?;
        let [organization, numbers] = &reference[..] else {
            return Err(ErrorKind::Failed.into());
        };
        is_display_text(organization)?;
        numbers.tag().assert_eq(Tag::Sequence)?;
        for number in every(numbers.value())? {
            number.decode_as::<Int>()?;
        }
    }
    fields.next().as_ref().map_or(Ok(()), is_display_text)?;
    match fields.next() {
        None => Ok(()),
        Some(_) => Err(ErrorKind::Failed.into()),
    }
}

/// `DisplayText ::= CHOICE { ia5String, visibleString, bmpString, utf8String }`, by its type alone.
fn is_display_text(text: &Any) -> der::Result<()> {
    match text.tag() {
        Tag::Ia5String | Tag::VisibleString | Tag::BmpString | Tag::Utf8String => Ok(()),
        _ => Err(ErrorKind::Failed.into()),
    }
}

fn every(mut octets: &[u8]) -> der::Result<Vec<Any>> {
    let mut elements = Vec::new();
    while !octets.is_empty() {
        let mut reader = SliceReader::new(octets)?;
        elements.push(Any::decode(&mut reader)?);
        octets = &octets[usize::try_from(reader.position())?..];
    }
    Ok(elements)
}
