use super::*;

fn whole<T>(bytes: &[u8], read: impl Fn(&Element<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
    let mut wrapped = alloc::vec![tag::OCTET_STRING, bytes.len() as u8];
    wrapped.extend_from_slice(bytes);
    read(&only_element(&wrapped, tag::OCTET_STRING).unwrap())
}

#[test]
fn basic_constraints() {
    let read =
        |bytes: &[u8]| whole(bytes, BasicConstraints::read).map(|read| (read.is_ca, read.path_len));
    assert_eq!(read(b"\x30\x00"), Ok((false, None)));
    assert_eq!(read(b"\x30\x03\x01\x01\xff"), Ok((true, None)));
    assert_eq!(read(b"\x30\x03\x01\x01\x00"), Ok((false, None)));
    assert_eq!(
        read(b"\x30\x06\x01\x01\xff\x02\x01\x00"),
        Ok((true, Some(0)))
    );
    assert_eq!(
        read(b"\x30\x09\x01\x01\xff\x02\x04\x7f\xff\xff\xff"),
        Ok((true, Some(0x7fff_ffff)))
    );
    assert_eq!(
        read(b"\x30\x06\x01\x01\xff\x02\x01\xff"),
        Err(Problem::OutOfRange)
    );
    assert_eq!(read(b"\x30\x03\x01\x01\x01"), Err(Problem::BooleanForm));
    assert_eq!(read(b"\x30\x00\x00"), Err(Problem::TrailingData));
}

#[test]
fn key_usage() {
    let read = |bytes: &[u8]| whole(bytes, KeyUsage::read);
    let bits = read(b"\x03\x02\x07\x80").unwrap();
    assert!(bits.digital_signature() && !bits.key_cert_sign());
    let bits = read(b"\x03\x02\x01\x06").unwrap();
    assert!(!bits.digital_signature() && bits.key_cert_sign());
    // Each bit alone, the first the highest.
    for bit in 0..8 {
        let bits = read(&[0x03, 0x02, 7 - bit, 0x80 >> bit]).unwrap();
        assert_eq!(bits.digital_signature(), bit == 0, "{bit}");
        assert_eq!(bits.key_cert_sign(), bit == 5, "{bit}");
        assert_eq!(bits.crl_sign(), bit == 6, "{bit}");
        assert!(!bits.is_empty(), "{bit}");
    }
    assert!(read(b"\x03\x03\x07\x00\x80").is_ok());
    assert!(read(b"\x03\x01\x00").unwrap().is_empty());
    assert!(!read(b"\x03\x03\x07\x00\x80").unwrap().is_empty());
    assert_eq!(read(b"\x03\x01\x01"), Err(Problem::BitStringForm));
    assert_eq!(read(b"\x03\x02\x08\x80"), Err(Problem::BitStringForm));
    assert_eq!(read(b"\x03\x02\x07\xc0"), Err(Problem::BitStringForm));
}

#[test]
fn key_purposes() {
    assert!(whole(b"\x30\x04\x06\x02\x2a\x03", read_key_purposes).is_ok());
    assert_eq!(whole(b"\x30\x00", read_key_purposes), Err(Problem::Empty));
    assert!(whole(b"\x30\x02\x05\x00", read_key_purposes).is_err());
}

/// §4.2.1.1: GeneralNames and an INTEGER, both or neither.
#[test]
fn authority_key_identifiers() {
    let read = |bytes: &[u8]| whole(bytes, read_authority_key_id).map(Span::is_absent);
    assert_eq!(read(b"\x30\x00"), Ok(true));
    assert_eq!(read(b"\x30\x03\x80\x01k"), Ok(false));
    assert_eq!(
        read(b"\x30\x0b\x80\x01k\xa1\x03\x82\x01a\x82\x01\x05"),
        Ok(false)
    );
    for (bytes, problem) in [
        (&b"\x30\x05\xa1\x03\x82\x01a"[..], Problem::OutOfRange),
        (b"\x30\x03\x82\x01\x05", Problem::OutOfRange),
        (b"\x30\x05\xa1\x00\x82\x01\x05", Problem::Empty),
        (b"\x30\x07\xa1\x03\x82\x01a\x82\x00", Problem::IntegerForm),
        (
            b"\x30\x09\xa1\x03\x82\x01a\x82\x02\x00\x05",
            Problem::IntegerForm,
        ),
        (
            b"\x30\x08\xa1\x03\x0c\x01a\x82\x01\x05",
            Problem::UnexpectedTag { found: 0x0c },
        ),
    ] {
        assert_eq!(read(bytes), Err(problem), "{bytes:02x?}");
    }
}

/// What is not processed is the same to what reads and to what hands over, whatever its number.
#[test]
fn processed_extensions_have_a_name() {
    let read = |oid: &[u8], critical: bool| {
        let critical: &[u8] = if critical { b"\x01\x01\xff" } else { b"" };
        let mut content = alloc::vec![tag::OID, oid.len() as u8];
        content.extend_from_slice(oid);
        content.extend_from_slice(critical);
        // No value that anything here reads.
        content.extend_from_slice(b"\x04\x02\x05\x00");
        let mut whole = alloc::vec![tag::SEQUENCE, content.len() as u8];
        whole.extend_from_slice(&content);
        let is_unhandled = is_unhandled(&Extension::read(&mut Reader::new(&whole)).unwrap());
        let read = Extensions::read(Reader::new(&whole));
        (read.map(|read| !read.unhandled.is_absent()), is_unhandled)
    };
    for arc in 0..128 {
        let oid = [0x55, 0x1d, arc];
        let (is_noted, unhandled) = read(&oid, true);
        match processed_extension(&oid) {
            Some(_) => assert!(is_noted.is_err(), "{arc}: it is read"),
            None => assert_eq!((is_noted, unhandled), (Ok(true), true), "{arc}"),
        }
        assert!(!read(&oid, false).1, "{arc}");
    }
    for other in [AUTHORITY_INFO_ACCESS, &[0x55, 0x1d], &[0x55, 0x1d, 15, 1]] {
        assert_eq!(processed_extension(other), None);
        assert_eq!(read(other, true), (Ok(true), true));
    }
}
