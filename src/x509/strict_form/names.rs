//! The forms of general names, and the strings in them (RFC 5280 §4.2.1.6).

use super::super::der::{Element, Reader, check_oid, tag};
use super::super::directory_string::{check_attribute, check_string, check_text};
use super::super::general_name::GeneralName;
use super::super::host::is_preferred_name;
use super::super::mailbox::{Mailbox, SMTP_UTF8_MAILBOX};
use super::super::name::EMPTY_NAME;
use super::super::uri::{Uri, UriHost};
use super::{EncodingRule, Fault};

/// What a general name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It names somebody: §4.2.1.6 binds.
    Name,
    /// It says where something is. An LDAP URI may leave its host to the reader (§4.2.1.13,
    /// §4.2.2.1).
    Location,
    /// Its form was looked at before, or is that of a subtree: its strings alone.
    Strings,
}

/// Checks general names that were found good.
pub(super) fn check_each_name(mut names: Reader<'_>, name_use: Use) -> Result<(), Fault> {
    while !names.is_empty() {
        check_general_name(&mut names, name_use)?;
    }
    Ok(())
}

/// Checks the next general name, which was found good.
pub(super) fn check_general_name(names: &mut Reader<'_>, name_use: Use) -> Result<(), Fault> {
    let mut again = names.clone();
    check_strings(&names.element()?)?;
    if name_use == Use::Strings {
        return Ok(());
    }
    match GeneralName::read(&mut again)? {
        GeneralName::Uri(uri) if name_use == Use::Location && is_ldap_without_host(uri) => Ok(()),
        name if malformed_form(name).is_some() => Err(Fault::Malformed),
        _ => Ok(()),
    }
}

/// The form of a name that is not as §4.2.1.6 has it: the preferred name syntax of RFC 1034 §3.5,
/// which has no underscore, for DNS names; an address for mail; for a URI a scheme and something
/// after it; and no name is empty.
pub(crate) fn malformed_form(name: GeneralName<'_>) -> Option<&'static str> {
    let (form, is_good) = match name {
        GeneralName::Dns(name) => (
            "dNSName",
            is_preferred_name(name.strip_prefix("*.").unwrap_or(name)),
        ),
        GeneralName::Email(address) => ("rfc822Name", Mailbox::read(address).is_some()),
        GeneralName::Other {
            type_id: SMTP_UTF8_MAILBOX,
            value,
        } => ("SmtpUTF8Mailbox", Mailbox::read_smtp_utf8(value).is_some()),
        GeneralName::Uri(uri) => ("uniformResourceIdentifier", is_absolute_uri(uri)),
        GeneralName::Directory(name) => ("directoryName", name != EMPTY_NAME),
        _ => return name.unread_form(),
    };
    (!is_good).then_some(form)
}

/// A URI that is not relative and says something; where it has an authority, that of a DNS name or
/// an address.
fn is_absolute_uri(uri: &str) -> bool {
    Uri::read(uri).is_some_and(|uri| {
        let is_host_good = match uri.host {
            None => true,
            Some(UriHost::Name(name)) => is_preferred_name(name),
            Some(UriHost::Address(_)) => true,
            Some(UriHost::Other) => false,
        };
        uri.has_rest && is_host_good
    })
}

/// `ldap:///` and a directory name.
fn is_ldap_without_host(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return false;
    };
    let has_name = |path: &str| !matches!(path.as_bytes(), [] | [b'?' | b'#', ..]);
    scheme.eq_ignore_ascii_case("ldap")
        && rest.strip_prefix("///").is_some_and(has_name)
        && Uri::read(uri).is_some()
}

/// Checks the strings in a general name that was found good.
fn check_strings(name: &Element<'_>) -> Result<(), Fault> {
    const OTHER: u8 = tag::context_constructed(0);
    const EMAIL: u8 = tag::context(1);
    const DNS: u8 = tag::context(2);
    const DIRECTORY: u8 = tag::context_constructed(4);
    const EDI_PARTY: u8 = tag::context_constructed(5);
    const URI: u8 = tag::context(6);
    const REGISTERED_ID: u8 = tag::context(8);

    match name.tag {
        EMAIL | DNS | URI => Ok(check_string(tag::IA5_STRING, name.value)?),
        DIRECTORY => check_relative_names(name.reader().expect(tag::SEQUENCE)?.reader()),
        OTHER => {
            let mut other = name.reader();
            other.oid()?;
            let value = other.element()?.reader().element()?;
            Ok(check_string(value.tag, value.value)?)
        }
        EDI_PARTY => {
            // `SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString
            // }`, both explicit around a CHOICE.
            let mut fields = name.reader();
            let assigner = fields.optional(tag::context_constructed(0))?;
            let party = fields.expect(tag::context_constructed(1))?;
            fields.finish()?;
            for explicit in assigner.iter().chain([&party]) {
                let mut reader = explicit.reader();
                let text = reader.element()?;
                reader.finish()?;
                check_text(text.tag, text.value, usize::MAX)?;
            }
            Ok(())
        }
        REGISTERED_ID => Ok(check_oid(name.value)?),
        _ => Ok(()),
    }
}

pub(super) fn check_relative_names(mut names: Reader<'_>) -> Result<(), Fault> {
    while !names.is_empty() {
        check_relative_name(&names.element()?)?;
    }
    Ok(())
}

/// Checks a RelativeDistinguishedName, whatever its tag.
pub(super) fn check_relative_name(set: &Element<'_>) -> Result<(), Fault> {
    check_set_order(set)?;
    let mut attributes = set.reader();
    while !attributes.is_empty() {
        let mut attribute = attributes.expect(tag::SEQUENCE)?.reader();
        let oid = attribute.oid()?.value;
        let value = attribute.element()?;
        attribute.finish()?;
        check_attribute(oid, value.tag, value.value)?;
    }
    Ok(())
}

/// X.690 §11.6: ascending, compared as octets. No element is the beginning of another, so that
/// nothing is ever padded.
pub(super) fn check_set_order(set: &Element<'_>) -> Result<(), Fault> {
    let mut elements = set.reader();
    let mut before: &[u8] = &[];
    while !elements.is_empty() {
        let element = elements.element()?.whole;
        if element < before {
            return Err(EncodingRule::SetOrder.into());
        }
        before = element;
    }
    Ok(())
}
