//! Names of attribute types (RFC 4514 §3), for names that are shown.

/// `id-at`, 2.5.4.
const ID_AT: &[u8] = &[0x55, 0x04];
/// `ccitt data pss ucl pilot pilotAttributeType`, 0.9.2342.19200300.100.1 (RFC 4524).
const PILOT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01];
/// `pkcs-9`, 1.2.840.113549.1.9 (RFC 2985).
const PKCS_9: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09];
/// `id-pda`, 1.3.6.1.5.5.7.9 (RFC 3739).
const PERSONAL_DATA: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x09];

/// The name of an attribute type: that of RFC 4514 §3, else the shortest in IANA's registry of
/// LDAP descriptors, in capitals. `oid` is the content octets.
pub(super) fn short_name(oid: &[u8]) -> Option<&'static str> {
    let (last, arc) = oid.split_last()?;
    let names = match arc {
        arc if arc == ID_AT => AT_NAMES,
        arc if arc == PILOT => PILOT_NAMES,
        arc if arc == PKCS_9 => PKCS_9_NAMES,
        arc if arc == PERSONAL_DATA => PERSONAL_DATA_NAMES,
        _ => return None,
    };
    let found = names.iter().find(|(number, _)| number == last);
    found.map(|(_, name)| *name)
}

const AT_NAMES: &[(u8, &str)] = &[
    (0, "OBJECTCLASS"),
    (1, "ALIASEDOBJECTNAME"),
    (2, "KNOWLEDGEINFORMATION"),
    (3, "CN"),
    (4, "SN"),
    (5, "SERIALNUMBER"),
    (6, "C"),
    (7, "L"),
    (8, "ST"),
    (9, "STREET"),
    (10, "O"),
    (11, "OU"),
    (12, "TITLE"),
    (13, "DESCRIPTION"),
    (14, "SEARCHGUIDE"),
    (15, "BUSINESSCATEGORY"),
    (16, "POSTALADDRESS"),
    (17, "POSTALCODE"),
    (18, "POSTOFFICEBOX"),
    (19, "PHYSICALDELIVERYOFFICENAME"),
    (20, "TELEPHONENUMBER"),
    (21, "TELEXNUMBER"),
    (22, "TELETEXTERMINALIDENTIFIER"),
    (23, "FACSIMILETELEPHONENUMBER"),
    (24, "X121ADDRESS"),
    (25, "INTERNATIONALISDNNUMBER"),
    (26, "REGISTEREDADDRESS"),
    (27, "DESTINATIONINDICATOR"),
    (28, "PREFERREDDELIVERYMETHOD"),
    (29, "PRESENTATIONADDRESS"),
    (30, "SUPPORTEDAPPLICATIONCONTEXT"),
    (31, "MEMBER"),
    (32, "OWNER"),
    (33, "ROLEOCCUPANT"),
    (34, "SEEALSO"),
    (35, "USERPASSWORD"),
    (36, "USERCERTIFICATE"),
    (37, "CACERTIFICATE"),
    (38, "AUTHORITYREVOCATIONLIST"),
    (39, "CERTIFICATEREVOCATIONLIST"),
    (40, "CROSSCERTIFICATEPAIR"),
    (41, "NAME"),
    (42, "GN"),
    (43, "INITIALS"),
    (44, "GENERATIONQUALIFIER"),
    (45, "X500UNIQUEIDENTIFIER"),
    (46, "DNQUALIFIER"),
    (47, "ENHANCEDSEARCHGUIDE"),
    (48, "PROTOCOLINFORMATION"),
    (49, "DISTINGUISHEDNAME"),
    (50, "UNIQUEMEMBER"),
    (51, "HOUSEIDENTIFIER"),
    (52, "SUPPORTEDALGORITHMS"),
    (53, "DELTAREVOCATIONLIST"),
    (54, "DMDNAME"),
    (65, "PSEUDONYM"),
    (72, "ID-AT-ROLE"),
];

const PILOT_NAMES: &[(u8, &str)] = &[
    (1, "UID"),
    (2, "TEXTENCODEDORADDRESS"),
    (3, "MAIL"),
    (4, "INFO"),
    (5, "DRINK"),
    (6, "ROOMNUMBER"),
    (7, "PHOTO"),
    (8, "USERCLASS"),
    (9, "HOST"),
    (10, "MANAGER"),
    (11, "DOCUMENTIDENTIFIER"),
    (12, "DOCUMENTTITLE"),
    (13, "DOCUMENTVERSION"),
    (14, "DOCUMENTAUTHOR"),
    (15, "DOCUMENTLOCATION"),
    (20, "HOMEPHONE"),
    (21, "SECRETARY"),
    (22, "OTHERMAILBOX"),
    (23, "LASTMODIFIEDTIME"),
    (24, "LASTMODIFIEDBY"),
    (25, "DC"),
    (26, "ARECORD"),
    (27, "MDRECORD"),
    (28, "MXRECORD"),
    (29, "NSRECORD"),
    (30, "SOARECORD"),
    (31, "CNAMERECORD"),
    (37, "ASSOCIATEDDOMAIN"),
    (38, "ASSOCIATEDNAME"),
    (39, "HOMEPOSTALADDRESS"),
    (40, "PERSONALTITLE"),
    (41, "MOBILE"),
    (42, "PAGER"),
    (43, "CO"),
    (44, "UNIQUEIDENTIFIER"),
    (45, "ORGANIZATIONALSTATUS"),
    (46, "JANETMAILBOX"),
    (47, "MAILPREFERENCEOPTION"),
    (48, "BUILDINGNAME"),
    (49, "DSAQUALITY"),
    (50, "SINGLELEVELQUALITY"),
    (51, "SUBTREEMINIMUMQUALITY"),
    (52, "SUBTREEMAXIMUMQUALITY"),
    (53, "PERSONALSIGNATURE"),
    (54, "DITREDIRECT"),
    (55, "AUDIO"),
    (56, "DOCUMENTPUBLISHER"),
    (60, "JPEGPHOTO"),
];

const PKCS_9_NAMES: &[(u8, &str)] = &[
    (1, "EMAIL"),
    (2, "PKCS-9-AT-UNSTRUCTUREDNAME"),
    (7, "PKCS-9-AT-CHALLENGEPASSWORD"),
    (8, "PKCS-9-AT-UNSTRUCTUREDADDRESS"),
    (20, "PKCS-9-AT-FRIENDLYNAME"),
];

const PERSONAL_DATA_NAMES: &[(u8, &str)] = &[
    (1, "PKCS-9-AT-DATEOFBIRTH"),
    (2, "PKCS-9-AT-PLACEOFBIRTH"),
    (3, "PKCS-9-AT-GENDER"),
    (4, "PKCS-9-AT-COUNTRYOFCITIZENSHIP"),
    (5, "PKCS-9-AT-COUNTRYOFRESIDENCE"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::oid::Oid;
    use ::der::oid::ObjectIdentifier;
    use ::der::oid::db::DB;
    use alloc::format;

    fn name_of(dotted: &str) -> Option<&'static str> {
        short_name(Oid::from_dotted(dotted).unwrap().as_bytes())
    }

    /// IANA's registry, as `const-oid` has it.
    #[test]
    fn names_are_the_registered_ones() {
        let mut compared = 0;
        for arc in [
            "2.5.4",
            "0.9.2342.19200300.100.1",
            "1.2.840.113549.1.9",
            "1.3.6.1.5.5.7.9",
        ] {
            for number in 0..=127 {
                let dotted = format!("{arc}.{number}");
                let registered = DB
                    .find_names_for_oid(ObjectIdentifier::new(&dotted).unwrap())
                    .min_by_key(|name| name.len())
                    .map(str::to_ascii_uppercase);
                match name_of(&dotted) {
                    None if arc == "1.2.840.113549.1.9" => {}
                    name => {
                        assert_eq!(name, registered.as_deref(), "{dotted}");
                        compared += 1;
                    }
                }
            }
        }
        assert!(compared > 3 * 128, "{compared}");
    }

    #[test]
    fn names_of_rfc_4514() {
        for (dotted, name) in [
            ("2.5.4.3", "CN"),
            ("2.5.4.7", "L"),
            ("2.5.4.8", "ST"),
            ("2.5.4.10", "O"),
            ("2.5.4.11", "OU"),
            ("2.5.4.6", "C"),
            ("2.5.4.9", "STREET"),
            ("0.9.2342.19200300.100.1.25", "DC"),
            ("0.9.2342.19200300.100.1.1", "UID"),
        ] {
            assert_eq!(name_of(dotted), Some(name));
        }
        for without in ["2.5.4.97", "2.5.4", "2.5.4.3.1", "1.2.3", "2.5.4.131"] {
            assert_eq!(name_of(without), None, "{without}");
        }
    }
}
