//! `Client-Cert` and `Client-Cert-Chain` as structured fields.

use mtls_verify::headers::{HeaderProblem, MAX_HEADER_BYTES, rfc9440};

/// RFC 9440 §2, RFC 9651 §4.2.
#[test]
fn structured_fields() {
    let none: [&str; 0] = [];
    let item = ":MAIFAA==:";
    for good in [
        item,
        " :MAIFAA==:  ",
        ":MAIFAA:",
        ":MAIFAA==:;a",
        ":MAIFAA==:; a=1;b=-1.5;*c_-.*=tok/en:;d=\"q\\\"\\\\ ,:\";e=?0;f=:AA==:;g=@-12;h=%\"%c3%ab\"",
    ] {
        assert_eq!(
            rfc9440::parse([good], none).map(|chain| chain.len()),
            Ok(1),
            "{good}"
        );
        assert_eq!(
            rfc9440::parse([item], [good]).map(|chain| chain.len()),
            Ok(2),
            "{good}"
        );
    }
    for bad in [
        ":MAIFAA==",
        "MAIFAA==:",
        "MAIFAA==",
        "::",
        ":MAIFAA== :",
        ":MAI FAA==:",
        ":MAIFAA==:;",
        ":MAIFAA==:;A",
        ":MAIFAA==:;a=",
        ":MAIFAA==:;a=\"",
        ":MAIFAA==:;a=\"\\n\"",
        ":MAIFAA==:;a=\"\u{e9}\"",
        ":MAIFAA==:;a=?2",
        ":MAIFAA==:;a=1.",
        ":MAIFAA==:;a=-",
        ":MAIFAA==:;a=(1)",
        ":MAIFAA==:;a=%x",
        ":MAIFAA==: ;a",
        ":MAIFAA==:,",
        ",:MAIFAA==:",
        "\t:MAIFAA==:",
        ":MAIFAA==:\t",
        "(:MAIFAA==:)",
        "\"MAIFAA==\"",
        "a=:MAIFAA==:",
        ":MAIFAA==::MAIFAA==:",
        ":MAIFAA==: :MAIFAA==:",
        ":MAIFAB==:",
        ":MAIFA:",
        "?1",
        "*",
        " ",
    ] {
        assert!(rfc9440::parse([bad], none).is_err(), "{bad}");
        assert!(rfc9440::parse([item], [bad]).is_err(), "{bad}");
        assert!(rfc9440::parse([item], [item, bad]).is_err(), "{bad}");
    }
    // A list, in one value and in several; only the second header may be one.
    for list in [
        &[":MAIFAA==:, :MAIFAA==:"][..],
        &[":MAIFAA==:\t,\t:MAIFAA==:"],
        &[item, item],
    ] {
        rfc9440::parse(list, none).expect_err("the first header is no list");
        let chain = rfc9440::parse([item], list).expect("the second is");
        assert_eq!(chain.len(), 3);
    }
    let error = rfc9440::parse(none, none).expect_err("no client");
    assert_eq!(
        (error.header(), error.problem()),
        ("client-cert", &HeaderProblem::Missing)
    );
    // §2.3: not without the first, and that is no request without a client.
    for chain in [item, ""] {
        let error = rfc9440::parse(none, [chain]).expect_err("no client");
        assert_eq!(
            (error.header(), error.problem()),
            ("client-cert-chain", &HeaderProblem::WithoutClientCert)
        );
    }
    let error = rfc9440::parse([item], [item, ""]).expect_err("an empty value");
    assert_eq!(
        (error.header(), error.problem()),
        ("client-cert-chain", &HeaderProblem::Empty)
    );
    let half = vec![b' '; MAX_HEADER_BYTES / 2 + 1];
    let half = [&half, item.as_bytes()].concat();
    let limit = MAX_HEADER_BYTES;
    let error = rfc9440::parse([item.as_bytes()], [&half, &half]).expect_err("too large together");
    assert_eq!(error.problem(), &HeaderProblem::TooLarge { limit });
}

#[test]
fn an_error_says_where_it_is() {
    let none: [&str; 0] = [];
    for (bad, offset) in [
        ("MAIFAA==:", 0),
        (":MAI FAA==:", 4),
        (":MAIFAA==:;A", 11),
        (":MAIFAA==:;a=?2", 14),
        (":MAIFAA==:  x", 12),
    ] {
        let error = rfc9440::parse([bad], none).expect_err(bad);
        assert_eq!(error.offset(), Some(offset), "{bad}: {error}");
    }
}
