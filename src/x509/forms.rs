//! Forms of nations and vendors: what identifies a client beside the names of RFC 5280.

use super::der::{Element, Problem, Reader, only_element, tag};
use super::general_name::{GeneralName, check_general_names};

/// otherName 1.3.6.1.4.1.311.25.2.1 in Microsoft's extension for security identifiers.
const NT_SECURITY: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x19, 0x02, 0x01];

/// A security identifier of Windows in its text form (MS-DTYP §2.4.2.1): `S-1-`, an authority of up
/// to 32 bits, and one to fifteen further numbers of 32 bits, in decimal without leading zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SecurityIdentifier<'a>(pub(crate) &'a str);

impl<'a> SecurityIdentifier<'a> {
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        const MOST: usize = 16;
        let numbers = text.strip_prefix("S-1-")?;
        let is_number = |digits: &str| {
            let is_canonical = digits == "0" || !digits.starts_with(['0', '+']);
            is_canonical && digits.parse::<u32>().is_ok()
        };
        let count = numbers.split('-').take(MOST.saturating_add(1)).count();
        let is_good = (2..=MOST).contains(&count) && numbers.split('-').all(is_number);
        is_good.then_some(Self(text))
    }
}

/// The security identifiers in the value of Microsoft's extension 1.3.6.1.4.1.311.25.2:
/// `GeneralNames` with an otherName whose value is an OCTET STRING of ASCII. `None` for one that
/// cannot be read.
pub(crate) fn sids_of<'a>(
    extension: &'a [u8],
) -> Result<impl Iterator<Item = Option<SecurityIdentifier<'a>>> + use<'a>, Problem> {
    let names = only_element(extension, tag::SEQUENCE)?;
    check_general_names(names.reader())?;
    let mut names = names.reader();
    let names = core::iter::from_fn(move || GeneralName::read(&mut names).ok());
    Ok(names.filter_map(|name| match name {
        GeneralName::Other { type_id, value } if type_id == NT_SECURITY => {
            let text = octets_of(value).and_then(|octets| core::str::from_utf8(octets).ok());
            Some(text.and_then(SecurityIdentifier::read))
        }
        _ => None,
    }))
}

/// The content of the OCTET STRING that `der` is.
pub(crate) fn octets_of(der: &[u8]) -> Option<&[u8]> {
    let string = only_element(der, tag::OCTET_STRING).ok()?;
    Some(string.value)
}

/// `PSD2QcType ::= SEQUENCE { rolesOfPSP, nCAName UTF8String, nCAId UTF8String }` (ETSI TS 119 495
/// §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Psd2Fields<'a> {
    /// The list of roles, checked.
    roles: &'a [u8],
    pub(crate) authority_name: &'a str,
    pub(crate) authority_id: &'a str,
}

impl<'a> Psd2Fields<'a> {
    /// The content octets of the OBJECT IDENTIFIER of each role.
    pub(crate) fn roles(self) -> impl Iterator<Item = &'a [u8]> {
        let mut roles = Reader::new(self.roles);
        core::iter::from_fn(move || role(&mut roles).ok())
    }
}

/// etsi-psd2-qcStatement, 0.4.0.19495.2.
const PSD2_STATEMENT: &[u8] = &[0x04, 0x00, 0x81, 0x98, 0x27, 0x02];

/// The PSD2 statement in the value of the extension qcStatements (RFC 3739 §3.2.6): `SEQUENCE OF
/// SEQUENCE { statementId, statementInfo ANY OPTIONAL }`. `Ok(None)` if there is none.
pub(crate) fn psd2_of(extension: &[u8]) -> Result<Option<Psd2Fields<'_>>, Problem> {
    let mut statements = only_element(extension, tag::SEQUENCE)?.reader();
    let mut found = None;
    while !statements.is_empty() {
        let mut statement = statements.expect(tag::SEQUENCE)?.reader();
        let is_psd2 = statement.oid()?.value == PSD2_STATEMENT;
        let info = match statement.is_empty() {
            true => None,
            false => Some(statement.element()?),
        };
        statement.finish()?;
        if !is_psd2 {
            continue;
        }
        if found.is_some() {
            return Err(Problem::DuplicateExtension);
        }
        found = Some(psd2_fields(info.ok_or(Problem::Truncated)?)?);
    }
    Ok(found)
}

fn psd2_fields(info: Element<'_>) -> Result<Psd2Fields<'_>, Problem> {
    if info.tag != tag::SEQUENCE {
        return Err(Problem::UnexpectedTag { found: info.tag });
    }
    let mut fields = info.reader();
    let list = fields.expect(tag::SEQUENCE)?;
    let mut roles = list.reader();
    while !roles.is_empty() {
        role(&mut roles)?;
    }
    let authority_name = short_text(&mut fields)?;
    let authority_id = short_text(&mut fields)?;
    fields.finish()?;
    Ok(Psd2Fields {
        roles: list.value,
        authority_name,
        authority_id,
    })
}

/// `RoleOfPSP ::= SEQUENCE { roleOfPspOid, roleOfPspName UTF8String }`.
fn role<'a>(roles: &mut Reader<'a>) -> Result<&'a [u8], Problem> {
    let mut role = roles.expect(tag::SEQUENCE)?.reader();
    let oid = role.oid()?.value;
    short_text(&mut role)?;
    role.finish()?;
    Ok(oid)
}

/// `UTF8String (SIZE (1..256))`.
fn short_text<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Problem> {
    let bytes = reader.expect(tag::UTF8_STRING)?.value;
    let text = core::str::from_utf8(bytes).map_err(|_| Problem::OutOfRange)?;
    match text.chars().take(257).count() {
        1..=256 => Ok(text),
        _ => Err(Problem::OutOfRange),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_identifiers_have_one_spelling() {
        let good = [
            "S-1-5-18",
            "S-1-0-0",
            "S-1-5-21-1004336348-1177238915-682003330-512",
            "S-1-4294967295-4294967295",
            "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
        ];
        for text in good {
            assert_eq!(
                SecurityIdentifier::read(text),
                Some(SecurityIdentifier(text))
            );
        }
        let bad = [
            "",
            "S-1-",
            "S-1-5",
            "s-1-5-18",
            "S-2-5-18",
            "S-1-5-018",
            "S-1-5-+18",
            "S-1-5-18-",
            "S-1--18",
            "S-1-5- 18",
            "S-1-5-18\0",
            "S-1-0x5-18",
            "S-1-5-4294967296",
            "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
        ];
        for text in bad {
            assert_eq!(SecurityIdentifier::read(text), None, "{text}");
        }
    }
}
