//! CRLs of another issuer than the certificate's, and CRLs about certificates of several issuers.

use super::faults::Fault;
use super::{
    GOOD, REVOKED, UNKNOWN, by, client, crl_issuer, not_authentic, of_another_issuer, out_of_scope,
    plain_crl, revokes_only, revoking, used,
};
use crate::KeyUsage::KeyCertSign;
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root, stranger};
use crate::{
    Attribute, Cert, Crl, DistributionPoint, Entry, Extension, GeneralName,
    IssuingDistributionPoint, Name, Reason, StringType, oid,
};

const RULE: &str = "RFC 5280 §6.3.3 (b)(1), §5.2.5, §5.3.3";

const POINT: &str = "http://crl.example/indirect";

pub(super) fn cases() -> Vec<Case> {
    [
        entries(),
        of_the_issuer_itself(),
        in_scope(),
        authentic(),
        names(),
        of_the_root(),
    ]
    .concat()
}

fn name_of(cert: &Cert) -> GeneralName {
    GeneralName::directory(cert.subject_name())
}

fn indirect() -> IssuingDistributionPoint {
    IssuingDistributionPoint::uri(POINT).indirect()
}

/// The client, whose CRLs another one issues.
fn alice_of_crl_issuer() -> Cert {
    alice().extension(Extension::crl_distribution_points(&[
        DistributionPoint::uri(POINT).crl_issuer(&[name_of(&crl_issuer())]),
    ]))
}

fn chain() -> [Cert; 3] {
    [alice_of_crl_issuer(), issuing(), crl_issuer()]
}

/// The CRL as one of the CRL issuer: its name, its key; its entries are about certificates of the
/// issuing CA.
fn from_crl_issuer(crl: Crl) -> Crl {
    by(&crl_issuer(), crl.entries_about(&issuing())).issuer(crl_issuer().subject_name().clone())
}

/// The CRL has these entries, in this order.
fn with_entries(name: &str, description: &str, entries: &[Entry]) -> Case {
    let empty = Crl::of(&crl_issuer()).point(&indirect());
    let crl = entries.iter().cloned().fold(empty, Crl::entry);
    client(&format!("indirect-{name}"), RULE, description)
        .chain(&chain())
        .crls(&[crl])
}

/// An entry is about the certificates of the last certificateIssuer before it, and of the CRL's
/// issuer before the first.
fn entries() -> Vec<Case> {
    let alice = || Entry::of(&alice());
    let another = |octet| Entry::serial(&[octet]);
    let (issuing, stranger) = (issuing(), stranger());
    let revoked = |name: &str, description: &str, entries: &[Entry]| {
        with_entries(name, description, entries).refuse(REVOKED, "client")
    };
    vec![
        with_entries("empty", "The CRL is empty: good.", &[]),
        revoked(
            "revoked",
            "The entry says that it is about the client's issuer, and has the client: refused.",
            &[alice().certificate_issuer(&issuing)],
        ),
        with_entries(
            "default-issuer",
            "The entry does not say whose it is, so it is about a certificate of the CRL's issuer: good.",
            &[alice()],
        ),
        with_entries(
            "of-a-stranger",
            "The entry is about a certificate of a stranger that has the client's serial number: good.",
            &[alice().certificate_issuer(&stranger)],
        ),
        revoked(
            "persists",
            "The entry before says that it is about the client's issuer, and this one says nothing: refused.",
            &[another(1).certificate_issuer(&issuing), alice()],
        ),
        revoked(
            "persists-far",
            "The last entry that says whose it is came four entries before: refused.",
            &[
                another(1),
                another(2).certificate_issuer(&issuing),
                another(3),
                another(4).reason(Reason::Superseded),
                another(5),
                alice(),
            ],
        ),
        with_entries(
            "persists-of-a-stranger",
            "The entry before is about a certificate of a stranger, and this one says nothing: good.",
            &[another(1).certificate_issuer(&stranger), alice()],
        ),
        with_entries(
            "default-issuer-first",
            "The client's issuer comes after the entry with its serial number: good.",
            &[alice(), another(1).certificate_issuer(&issuing)],
        ),
        revoked(
            "issuers-change",
            "First a stranger's certificates, then those of the client's issuer: refused.",
            &[
                another(1).certificate_issuer(&stranger),
                another(2).certificate_issuer(&issuing),
                alice(),
            ],
        ),
        with_entries(
            "issuers-change-away",
            "First certificates of the client's issuer, then those of a stranger: good.",
            &[
                another(1).certificate_issuer(&issuing),
                another(2).certificate_issuer(&stranger),
                alice(),
            ],
        ),
        revoked(
            "issuers-change-back",
            "The client's issuer, a stranger, and the client's issuer again: refused.",
            &[
                another(1).certificate_issuer(&issuing),
                another(2).certificate_issuer(&stranger),
                alice().certificate_issuer(&issuing),
            ],
        ),
    ]
}

/// The issuer's own CRL may be about others as well.
fn of_the_issuer_itself() -> Vec<Case> {
    let case = |name: &str, description: &str, entries: &[Entry]| {
        let empty = plain_crl().point(&IssuingDistributionPoint::new().indirect());
        client(&format!("indirect-own-{name}"), RULE, description)
            .crls(&[entries.iter().cloned().fold(empty, Crl::entry)])
    };
    let alice = || Entry::of(&alice());
    vec![
        case(
            "good",
            "The issuer's own CRL may be about others: it covers its own certificates. Good.",
            &[],
        ),
        case(
            "revoked",
            "The issuer's own CRL has the client among its own certificates: refused.",
            &[alice()],
        )
        .refuse(REVOKED, "client"),
        case(
            "revoked-first",
            "The client comes before the certificates of a stranger: refused.",
            &[alice(), Entry::serial(&[1]).certificate_issuer(&stranger())],
        )
        .refuse(REVOKED, "client"),
        case(
            "of-a-stranger",
            "A stranger's certificate has the client's serial number: good.",
            &[alice().certificate_issuer(&stranger())],
        ),
        case(
            "after-a-stranger",
            "The entry with the client's serial number follows one about a stranger's certificate: good.",
            &[Entry::serial(&[1]).certificate_issuer(&stranger()), alice()],
        ),
    ]
}

/// Whether the CRL is the one that the client's point means.
fn in_scope() -> Vec<Case> {
    let chain_with = |points: &[DistributionPoint]| {
        let alice = alice().extension(Extension::crl_distribution_points(points));
        [alice, issuing(), crl_issuer()]
    };
    let with = move |points: &[DistributionPoint], point: IssuingDistributionPoint| {
        let chain = chain_with(points);
        move |case: Case, crl: Crl| {
            case.chain(&chain)
                .crls(&[from_crl_issuer(crl).point(&point)])
        }
    };
    let uri = || DistributionPoint::uri(POINT);
    let issuer_name = || [name_of(&crl_issuer())];
    let directory = || {
        IssuingDistributionPoint::new()
            .full_name(&issuer_name())
            .indirect()
    };
    let nameless = || DistributionPoint::nameless().crl_issuer(&issuer_name());
    let direct = with(
        &[uri().crl_issuer(&issuer_name())],
        IssuingDistributionPoint::uri(POINT),
    );
    [
        used("indirect-point", RULE, "The client's point has a URI and a cRLIssuer, whose CRL it is.", with(&[uri().crl_issuer(&issuer_name())], indirect())),
        used("indirect-no-point", RULE, "The CRL has no point of its own, and is one of the cRLIssuer.", with(&[uri().crl_issuer(&issuer_name())], IssuingDistributionPoint::new().indirect())),
        out_of_scope("indirect-other-point", RULE, "The CRL is one of the cRLIssuer, but for another point.", with(&[uri().crl_issuer(&issuer_name())], IssuingDistributionPoint::uri("http://crl.example/other").indirect())),
        vec![
            direct(client("indirect-flag-missing", "RFC 5280 §5.3.3", "The CRL has entries of another issuer, but does not say that it is indirect: it does not load."), revoking()).store_error("entry 1"),
            direct(client("indirect-flag-missing-empty", RULE, "The CRL is one of the cRLIssuer, but does not say that it is indirect: refused."), plain_crl()).untold(Fault::Scope, "client"),
        ],
        of_another_issuer("indirect-crl-issuer-missing", RULE, "The client's point has no cRLIssuer: the CRL is one of somebody else.", with(&[uri()], indirect())),
        of_another_issuer("indirect-crl-issuer-other", RULE, "The client's point has another cRLIssuer.", with(&[uri().crl_issuer(&[name_of(&root())])], indirect())),
        used("indirect-crl-issuer-second-name", RULE, "The second of two names in cRLIssuer is that of the CRL's issuer.", with(&[uri().crl_issuer(&[name_of(&stranger()), name_of(&crl_issuer())])], indirect())),
        used("indirect-second-point", RULE, "The client has a point of its issuer, and one with a cRLIssuer.", with(&[DistributionPoint::uri("http://crl.example/1"), uri().crl_issuer(&issuer_name())], indirect())),
        used("indirect-nameless", "RFC 5280 §6.3.3 (b)(2)(i)", "The client's point has a cRLIssuer only, whose name is the CRL's point.", with(&[nameless()], directory())),
        out_of_scope("indirect-nameless-uri", "RFC 5280 §6.3.3 (b)(2)(i)", "The client's point has a cRLIssuer only, and the CRL's point is a URI.", with(&[nameless()], indirect())),
        used("indirect-nameless-no-point", "RFC 5280 §6.3.3 (b)(2)(i)", "The client's point has a cRLIssuer only, and the CRL no point.", with(&[nameless()], IssuingDistributionPoint::new().indirect())),
        out_of_scope("indirect-only-cas", "RFC 5280 §6.3.3 (b)(2)(iii)", "The CRL is about CAs, and the client is none.", with(&[uri().crl_issuer(&issuer_name())], indirect().only_ca_certs())),
        used("indirect-own-crl-besides", "RFC 5280 §6.3.3 (end)", "The client's point has a cRLIssuer, and its issuer has a CRL about all its certificates.", |case, crl| {
            case.chain(&chain()).crls(&[crl])
        }),
    ]
    .concat()
}

/// The CRL issuer must lead to the client's anchor, and may sign CRLs.
fn authentic() -> Vec<Case> {
    let rule = "RFC 5280 §6.3.3 (f)";
    let with = |issuer: Cert| {
        move |case: Case, crl: Crl| {
            case.chain(&[alice_of_crl_issuer(), issuing(), issuer.clone()])
                .crls(&[from_crl_issuer(crl).point(&indirect())])
        }
    };
    let key = crl_issuer().key().cloned().expect("a CA has a key");
    let below = |issuer: &Cert| Cert::ca("CRL Issuer", &key).issued_by(issuer);
    [
        used(
            "indirect-stored",
            rule,
            "The CRL issuer is an intermediate of the store.",
            |case, crl| {
                case.chain(&[alice_of_crl_issuer(), issuing()])
                    .intermediates(&[crl_issuer()])
                    .crls(&[from_crl_issuer(crl).point(&indirect())])
            },
        ),
        used(
            "indirect-below-issuer",
            rule,
            "The client's issuer issued the CRL issuer.",
            with(below(&issuing())),
        ),
        not_authentic(
            "indirect-absent",
            rule,
            Fault::Issuer,
            "Nobody has the certificate of the CRL issuer.",
            |case, crl| {
                case.chain(&[alice_of_crl_issuer(), issuing()])
                    .crls(&[from_crl_issuer(crl).point(&indirect())])
            },
        ),
        revokes_only(
            "indirect-other-anchor",
            rule,
            Fault::Issuer,
            "The CRL issuer leads to another anchor than the client.",
            {
                let set = with(below(&stranger()));
                move |case, crl| set(case, crl).anchors(&[root(), stranger()])
            },
        ),
        not_authentic(
            "indirect-no-crl-sign",
            rule,
            Fault::KeyUsage,
            "The CRL issuer's key is not for CRLs.",
            with(crl_issuer().extension(Extension::key_usage(&[KeyCertSign]))),
        ),
        revokes_only(
            "indirect-by-issuer",
            rule,
            Fault::Signature,
            "The client's issuer signed the CRL, in the name of the CRL issuer.",
            |case, crl| {
                case.chain(&chain())
                    .crls(&[by(&issuing(), from_crl_issuer(crl)).point(&indirect())])
            },
        ),
        not_authentic(
            "indirect-signature-wrong",
            rule,
            Fault::Signature,
            "The signature of the CRL does not hold.",
            |case, crl| {
                case.chain(&chain())
                    .crls(&[from_crl_issuer(crl).point(&indirect()).flip_signature_bit()])
            },
        ),
    ]
    .concat()
}

/// certificateIssuer in other forms.
fn names() -> Vec<Case> {
    let folded = Name::new(&[Attribute::new(
        oid::COMMON_NAME,
        StringType::Printable,
        "ISSUING  CA",
    )]);
    let about = |name: &str, description: &str, names: &[GeneralName]| {
        let entry = Entry::of(&alice()).extension(Extension::certificate_issuer(names));
        with_entries(name, description, &[entry]).refuse(REVOKED, "client")
    };
    let folded_crl_issuer = Name::new(&[Attribute::new(
        oid::COMMON_NAME,
        StringType::Printable,
        "CRL  ISSUER",
    )]);
    let chain_of = |points: &[DistributionPoint]| {
        let alice = alice().extension(Extension::crl_distribution_points(points));
        [alice, issuing(), crl_issuer()]
    };
    let with_point_folded = |case: Case, crl: Crl| {
        let point =
            DistributionPoint::uri(POINT).crl_issuer(&[GeneralName::directory(&folded_crl_issuer)]);
        case.chain(&chain_of(&[point]))
            .crls(&[from_crl_issuer(crl.point(&indirect()))])
    };
    let of_two_issuers = {
        let (some, others) = Reason::FLAGS.split_at(2);
        let point = |issuer: GeneralName, reasons: &[Reason]| {
            DistributionPoint::uri(POINT)
                .crl_issuer(&[issuer])
                .reasons(reasons)
        };
        let points = [
            point(name_of(&crl_issuer()), some),
            point(name_of(&stranger()), others),
        ];
        client(
            "indirect-two-issuers-one-crl",
            RULE,
            "One issuer makes the CRLs for some reasons and another one for the others. There is one by the first: refused.",
        )
        .chain(&chain_of(&points))
        .crls(&[from_crl_issuer(plain_crl()).point(&indirect())])
        .untold(Fault::SomeReasons, "client")
    };
    let folded_point = used(
        "indirect-point-folded",
        RULE,
        "The client's point has the issuer of the CRL in other letters and blanks.",
        with_point_folded,
    );
    let mut cases = folded_point;
    cases.extend([
        of_two_issuers,
        about(
            "issuer-folded",
            "The entry has the client's issuer in other letters and blanks: refused.",
            &[GeneralName::directory(&folded)],
        ),
        about(
            "issuer-among-names",
            "The entry has a URI before the name of the client's issuer: refused.",
            &[GeneralName::uri("http://ca.example"), name_of(&issuing())],
        ),
        {
            let not_critical = Extension::certificate_issuer(&[name_of(&issuing())]).not_critical();
            let entry = Entry::of(&alice()).extension(not_critical);
            with_entries("issuer-not-critical", "The entry has the client's issuer in an extension that is not critical: refused all the same.", &[entry])
                .refuse(REVOKED, "client")
        },
    ]);
    cases
}

/// A CA of the path may be the one that issues the CRLs.
fn of_the_root() -> Vec<Case> {
    let chain = [
        alice().extension(Extension::crl_distribution_points(&[
            DistributionPoint::uri(POINT).crl_issuer(&[name_of(&root())]),
        ])),
        issuing(),
    ];
    let of_root = || Crl::of(&root()).point(&indirect());
    let case = |name: &str, description: &str, crl: Crl| {
        client(&format!("indirect-root-{name}"), RULE, description)
            .chain(&chain)
            .crls(&[crl])
            .revocation(&GOOD)
    };
    vec![
        case("good", "The anchor issues the CRLs for the whole of its PKI: good.", of_root()),
        case("revoked", "The anchor's CRL has the client: refused.", of_root().entry(Entry::of(&alice()).certificate_issuer(&issuing())))
            .refuse(REVOKED, "client"),
        case("default-issuer", "The anchor's CRL has a certificate of its own with the client's serial number: good.", of_root().revoke(&alice())),
        client("indirect-root-not-asked-denied", RULE, "The anchor issues a CRL for the whole of its PKI, which the client's points do not name: refused.")
            .crls(&[of_root()])
            .without_crl("client"),
        client("indirect-root-not-asked-allowed", RULE, "The same CRL has the client, and the policy allows that nothing is known.")
            .policy("revocation.unknown", "allow")
            .crls(&[of_root().entry(Entry::of(&alice()).certificate_issuer(&issuing()))])
            .revocation(&UNKNOWN),
    ]
}
