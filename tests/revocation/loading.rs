//! Loading CRLs, good and bad, and changing them.

use std::sync::Arc;

use mtls_verify::client::RevocationStatus;
use mtls_verify::error::{Code, Input, StoreProblem};
use mtls_verify::pki_types::CertificateRevocationListDer;
use mtls_verify::policy::{RevocationPolicy, UnknownStatus};
use mtls_verify::{ClientPolicy, CrlSet, DenyList, TrustStore};
use testpki::crl::Entry;
use testpki::{Cert, Crl, Extension, GeneralName, IssuingDistributionPoint, Key, KeyUsage, Name};

use crate::{add_root, alice, bob, builder, crl_der, issuing, policy, root, set_of, verify};

/// Whatever single bit of a CRL is turned over, it either does not load, or a client that is on it
/// stays out: its signature does not hold any more.
#[test]
fn no_bit_makes_a_revoked_client_good() {
    let crl = Crl::of(&issuing()).revoke(&alice()).der();
    let store = builder().build().expect("a good store");
    let mut loaded = 0;
    for bit in 0..crl.len() * 8 {
        let mut changed = crl.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let mut crls = set_of(&[Crl::of(&root())]);
        if crls.add_der(&changed).is_err() {
            continue;
        }
        loaded += 1;
        let refusal = verify(&store.with_crls(crls), &alice(), &policy());
        assert!(refusal.is_err(), "bit {bit}");
    }
    assert!(loaded > 1_000, "only {loaded} load");
}

#[test]
fn no_part_of_a_crl_loads() {
    let crl = Crl::of(&issuing()).revoke(&alice()).revoke(&bob()).der();
    for len in 0..crl.len() {
        let part = CertificateRevocationListDer::from(&crl[..len]);
        assert!(CrlSet::new().add_der(&part).is_err(), "{len} bytes");
    }
    let mut longer = crl.clone();
    longer.push(0);
    let longer = CertificateRevocationListDer::from(longer);
    let error = CrlSet::new().add_der(&longer).expect_err("a byte too many");
    assert_eq!(error.input(), Input::Crl);
    assert_eq!(
        error.to_string(),
        "DER CRL 1 (CN=Issuing CA): malformed: certificateList: bytes left over after the end"
    );
}

#[test]
fn crls_are_renewed_without_touching_anything_else() {
    let old = builder()
        .add_crl_der(&crl_der(&Crl::of(&issuing())))
        .expect("a good CRL")
        .build()
        .expect("a good store");
    verify(&old, &alice(), &policy()).expect("on no CRL");

    let pem = Crl::of(&root()).pem() + &Crl::of(&issuing()).revoke(&alice()).pem();
    let new = old.with_crls(CrlSet::from_pem(pem.as_bytes()).expect("good CRLs"));
    let refusal = verify(&new, &alice(), &policy()).expect_err("on the CRL");
    assert_eq!(refusal.code(), Code::ClientCertCrlHit);
    verify(&new, &bob(), &policy()).expect("not on the CRL");
    verify(&old, &alice(), &policy()).expect("the old store is as it was");
    assert!(
        new.anchors()
            .map(|anchor| anchor.der())
            .eq([root().der().into()])
    );

    let none = new.with_crls(CrlSet::new());
    assert_eq!(none.crls().len(), 0);
    let refusal = verify(&none, &bob(), &policy()).expect_err("no CRL");
    assert_eq!(refusal.code(), Code::ClientCertCrlProcessingError);
}

/// Bad CRLs are left out one by one, and the store says which; what a store left out of its
/// certificates stays on record.
#[test]
fn leniency_has_its_report() {
    let good = Crl::of(&issuing()).pem();
    let pem = format!(
        "{good}-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n{}",
        root().pem()
    );
    let strict = CrlSet::new()
        .add_pem(pem.as_bytes())
        .expect_err("two bad blocks");
    assert_eq!(strict.number(), Some(2));
    let lines = good.lines().count();
    assert_eq!(strict.line(), Some(lines + 1));

    let mut lenient = CrlSet::lenient();
    lenient.add_pem(pem.as_bytes()).expect("lenient");
    let of_set = lenient.skipped().to_vec();
    let mut builder = TrustStore::lenient_builder();
    add_root(&mut builder)
        .add_ca_pem(b"nothing")
        .expect("lenient");
    let of_builder = builder.skipped().to_vec();
    let store = builder.build().expect("a good store");
    assert_eq!(store.skipped(), of_builder);
    let store = store.with_crls(lenient);
    assert_eq!(store.skipped(), [of_builder, of_set].concat());
    assert_eq!(store.crls().len(), 1);
    let skipped: Vec<String> = store.skipped().iter().map(ToString::to_string).collect();
    assert_eq!(skipped.len(), 3);
    assert_eq!(skipped[0], "certificate: no certificate found");
    assert!(skipped[1].starts_with("CRL 2, line "), "{skipped:?}");
    assert!(
        skipped[2].ends_with("a block labelled \"CERTIFICATE\" where only CRLs belong"),
        "{skipped:?}"
    );
    // Renewed once more, it speaks of the new CRLs only.
    let renewed = store.with_crls(CrlSet::new());
    assert_eq!(renewed.skipped().len(), 1);
}

#[test]
fn what_is_no_crl_is_named() {
    let message = |pem: &[u8]| CrlSet::new().add_pem(pem).expect_err("no CRL").to_string();
    assert_eq!(message(b""), "CRL: no CRL found: the input is empty");
    assert_eq!(
        message(&Crl::of(&root()).der()),
        "CRL (CN=Root): no CRL found in PEM: this looks like DER"
    );
}

/// Keys and parameters are no CRLs, so that they leave no CRL out, whatever they hold. Other blocks
/// may be CRLs.
#[test]
fn keys_beside_crls_are_no_crls() {
    let revocation = RevocationPolicy::client_only().with_unknown(UnknownStatus::AllowUnpublished);
    let policy = policy().with_revocation(revocation);
    for (label, is_let_in) in [
        ("PRIVATE KEY", true),
        ("PUBLIC KEY", true),
        ("EC PARAMETERS", true),
        ("CRL", false),
    ] {
        let other = format!("-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n");
        let store = add_root(&mut TrustStore::lenient_builder())
            .add_crl_pem((Crl::of(&root()).pem() + &other).as_bytes())
            .and_then(|builder| builder.build())
            .expect("lenient");
        assert_eq!(store.skipped().len(), 1, "{label}");
        let outcome = verify(&store, &alice(), &policy);
        assert_eq!(outcome.is_ok(), is_let_in, "{label}: {outcome:?}");
    }
}

/// RFC 5280 §4.2.1.3: what has no cA and signs CRLs says so.
#[test]
fn an_intermediate_is_a_ca_or_signs_crls() {
    let signer = |usage| {
        Cert::bare(Name::cn("Signer"), &Key::p256("signer"))
            .extension(Extension::key_usage(&[usage]))
            .issued_by(&root())
    };
    let load = |cert: &Cert| builder().add_intermediate_der(&cert.der()).map(drop);
    load(&signer(KeyUsage::CrlSign)).expect("it signs CRLs");
    load(&issuing()).expect("a CA");
    for other in [signer(KeyUsage::DigitalSignature), alice()] {
        let problem = load(&other).expect_err("neither");
        assert!(
            matches!(problem.problem(), StoreProblem::NotACa(_)),
            "{problem}"
        );
    }
}

#[test]
fn a_store_tells_of_its_crls() {
    let store = builder()
        .add_crl_der(&crl_der(
            &Crl::of(&issuing())
                .revoke(&bob())
                .number(300)
                .without_next_update(),
        ))
        .and_then(|builder| {
            builder.add_crl_der(&crl_der(&Crl::of(&issuing()).number(301).delta(300)))
        })
        .expect("good CRLs")
        .build()
        .expect("a good store");
    let mut crls: Vec<_> = store
        .crls()
        .map(|crl| {
            let number = crl.number().map(<[u8]>::to_vec);
            let next_update = crl.next_update().map(|time| time.as_secs());
            (
                crl.issuer(),
                number,
                crl.entry_count(),
                next_update,
                crl.is_delta(),
            )
        })
        .collect();
    crls.sort();
    let end = Some(1_798_761_600); // 2027-01-01T00:00:00Z
    assert_eq!(
        crls,
        [
            (
                "CN=Issuing CA".to_owned(),
                Some(vec![1, 44]),
                1,
                None,
                false
            ),
            ("CN=Issuing CA".to_owned(), Some(vec![1, 45]), 0, end, true),
            ("CN=Root".to_owned(), Some(vec![1]), 0, end, false),
        ]
    );
    for crl in store.crls() {
        assert_eq!(crl.this_update().as_secs(), 1_767_225_600);
        assert_eq!(crl.is_signed_by_store(), crl.issuer() == "CN=Root");
    }
}

/// In other load balancers, one CRL makes the clients of every other CA fail.
#[test]
fn crls_of_one_ca_do_not_touch_clients_of_another() {
    let other_root = Cert::ca("Other Root", &Key::p256("other root"));
    let carol = Cert::client("carol", &Key::p256("carol")).issued_by(&other_root);
    let store = builder()
        .add_ca_der(&other_root.der())
        .and_then(|builder| builder.add_crl_der(&crl_der(&Crl::of(&issuing()).revoke(&alice()))))
        .expect("good input")
        .build()
        .expect("a good store");
    let some =
        policy().with_revocation(RevocationPolicy::whole_path().with_unknown(UnknownStatus::Allow));
    let carol = verify(&store, &carol, &some).expect("her CA has no CRLs");
    assert_eq!(carol.revocation(), RevocationStatus::Unknown);
    let bob = verify(&store, &bob(), &some).expect("not on the CRL");
    let statuses: Vec<_> = bob.path_revocation().collect();
    let (good, unchecked) = (RevocationStatus::Good, RevocationStatus::NotChecked);
    assert_eq!(statuses, [good, good, unchecked]);
    assert!(verify(&store, &alice(), &some).is_err());
}

#[test]
fn certificates_are_denied_and_allowed_again() {
    let store = builder().build().expect("a good store");
    let off = policy().with_revocation(RevocationPolicy::off());
    let client = verify(&store, &alice(), &off).expect("verified");
    let denied = DenyList::new().with_certificate_sha256(client.identity().fingerprint_sha256());
    let denying = store.with_deny_list(denied);
    let refusal = verify(&denying, &alice(), &off).expect_err("denied");
    assert_eq!(refusal.code(), Code::ClientCertCrlHit);
    assert_eq!(
        refusal.to_string(),
        "client certificate CN=alice is denied, by its SHA-256"
    );
    verify(&denying, &bob(), &off).expect("not denied");
    let allowing = denying.with_deny_list(DenyList::new());
    verify(&allowing, &alice(), &off).expect("no longer denied");

    let issuer = client.identity().issuer_der().to_vec();
    let serial = alice().serial_octets();
    let padded = [&[0, 0], &serial[..]].concat();
    for serial in [&serial, &padded] {
        let denied = DenyList::new().with_serial(&issuer, serial);
        let store = Arc::new(store.with_deny_list(denied.expect("a name and a number")));
        let refusal = verify(&store, &alice(), &off).expect_err("denied");
        assert!(refusal.to_string().contains("serial number"), "{refusal}");
        verify(&store, &bob(), &off).expect("not denied");
    }
}

fn indirect() -> Crl {
    Crl::of(&root()).point(&IssuingDistributionPoint::new().indirect())
}

/// A CRL may have entries of as many issuers as any has, and not of more.
#[test]
fn crls_of_too_many_issuers_do_not_load() {
    let others = |count: u32| {
        let names = (0..count).map(|index| Name::cn(&format!("CA {index}")));
        names.fold(indirect(), |crl, name| {
            let issuer = Extension::certificate_issuer(&[GeneralName::directory(&name)]);
            crl.entry(Entry::serial(&[1]).extension(issuer))
        })
    };
    assert!(CrlSet::new().add_der(&crl_der(&others(4_096))).is_ok());
    CrlSet::new()
        .add_der(&crl_der(&others(4_097)))
        .expect_err("too many");
}

/// An issuingDistributionPoint is read at each look-up, so that it must not be large.
#[test]
fn crls_with_a_huge_issuing_point_do_not_load() {
    let of_bytes = |bytes: usize| {
        let uri = GeneralName::uri(&format!("http://{}", "a".repeat(bytes - 7)));
        // The URI, in fullName, in distributionPoint, in the SEQUENCE: four bytes of header each.
        let point = IssuingDistributionPoint::new().full_name(&[uri]);
        crl_der(&Crl::of(&root()).point(&point))
    };
    assert!(CrlSet::new().add_der(&of_bytes(8_192 - 16)).is_ok());
    let error = CrlSet::new()
        .add_der(&of_bytes(8_192 - 15))
        .expect_err("larger");
    let text = "malformed: issuingDistributionPoint: ";
    assert!(error.to_string().contains(text), "{error}");
}

/// What a store shows of itself says how much there is, and not all of it: it may have thousands of
/// certificates.
#[test]
fn a_store_shows_itself_in_short() {
    let mut builder = builder();
    builder
        .add_crl_der(&crl_der(&Crl::of(&issuing()).revoke(&bob())))
        .expect("a good CRL");
    let shown = format!("{builder:?}");
    assert!(shown.contains("Draft(1 certificates)"), "{shown}");
    let store = builder.build().expect("a good store");
    let shown = format!("{store:?}");
    for part in [
        "CertificateSet(1 certificates, 1 of them anchors)",
        "StoredCrls(2)",
        "SignatureAlgorithms(",
        "PinnedClients(0)",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let policy = format!("{:?}", ClientPolicy::default());
    for shown in [shown, policy] {
        assert!(shown.len() < 1_000, "{shown}");
    }
    let shown: Vec<_> = store.crls().map(|crl| format!("{crl:?}")).collect();
    for part in [
        "StoredCrl(CN=Root, 0 entries)",
        "StoredCrl(CN=Issuing CA, 1 entries)",
    ] {
        let has_part = |shown: &String| shown.contains(part);
        assert!(shown.iter().any(has_part), "{part} in {shown:?}");
    }
    let issuers: Vec<_> = store
        .crls()
        .map(|crl| (crl.issuer(), crl.issuer_der()))
        .collect();
    let of = |ca: &Cert| ca.subject_name().der().to_vec();
    for (name, der) in [("CN=Root", of(&root())), ("CN=Issuing CA", of(&issuing()))] {
        assert!(issuers.contains(&(name.into(), der.as_slice())), "{name}");
    }
}
