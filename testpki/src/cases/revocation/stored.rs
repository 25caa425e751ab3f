//! A presented certificate that the store has is the store's: one certificate is no two paths.

use super::{REVOCATION_UNKNOWN, REVOKED, by, client, new_key, plain_crl, revoking, whole_path};
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Crl, Extension};

const RULE: &str = "RFC 5280 §6.1, docs/guide/revocation.md";

pub(super) fn cases() -> Vec<Case> {
    let stored = [issuing()];
    let revoked_ca = [plain_crl(), Crl::of(&root()).revoke(&issuing())];
    let other_serial = issuing().serial(&[0x42]);
    let ca_client = || {
        alice()
            .extension(Extension::basic_constraints(true, None))
            .extension(Extension::key_usage(&[
                crate::KeyUsage::DigitalSignature,
                crate::KeyUsage::KeyCertSign,
            ]))
    };
    vec![
        whole_path("same-good", RULE, "The client presents the intermediate that the store has: good.")
            .intermediates(&stored),
        whole_path("same-intermediate-revoked", RULE, "The client presents the intermediate that the store has, and it is revoked: refused, and it is the store's.")
            .intermediates(&stored)
            .crls(&revoked_ca)
            .refuse(REVOKED, "intermediate"),
        whole_path("same-anchor", RULE, "The client presents the anchor behind the intermediate: good.")
            .chain(&[alice(), issuing(), root()]),
        client("same-client-revoked", RULE, "The client presents the intermediate that the store has, and is revoked: refused.")
            .intermediates(&stored)
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        client("same-twice", RULE, "The client presents the intermediate that the store has twice, and is revoked: refused.")
            .chain(&[alice(), issuing(), issuing()])
            .intermediates(&stored)
            .crls(&[revoking()])
            .refuse(REVOKED, "client"),
        client("same-signer-good", RULE, "The client presents the CA's new certificate, which the store has and whose key made the CRL: good.")
            .chain(&[alice(), issuing(), new_key(&root())])
            .intermediates(&[issuing(), new_key(&root())])
            .crls(&[by(&new_key(&root()), plain_crl())]),
        client("forged-signer", "RFC 5280 §6.3.3 (f)", "The store has a certificate of a new key of the CA that names the root in its authorityKeyIdentifier and that the root did not sign, and the CRL is by that key: unknown, so refused.")
            .intermediates(&[new_key(&root()).flip_signature_bit()])
            .crls(&[by(&new_key(&root()), plain_crl())])
            .refuse(REVOCATION_UNKNOWN, "client"),
        whole_path("same-but-serial", RULE, "The client presents the intermediate with another serial number than the revoked one of the store: good.")
            .chain(&[alice(), other_serial.clone()])
            .intermediates(&stored)
            .crls(&revoked_ca),
        whole_path("same-but-serial-revoked", RULE, "The client presents the intermediate with another serial number than that of the store, and both are revoked: refused.")
            .chain(&[alice(), other_serial.clone()])
            .intermediates(&stored)
            .crls(&[plain_crl(), Crl::of(&root()).revoke(&issuing()).revoke(&other_serial)])
            .refuse(REVOKED, "presented 1"),
        client("same-as-client", RULE, "The client is a CA that the store has, which the policy accepts, and is revoked: refused, and it is the client's.")
            .policy("client-ca", "accept")
            .chain(&[ca_client(), issuing()])
            .intermediates(&[ca_client()])
            .crls(&[plain_crl().revoke(&ca_client())])
            .refuse(REVOKED, "client"),
        client("same-as-client-good", RULE, "The client is a CA that the store has, which the policy accepts: good.")
            .policy("client-ca", "accept")
            .chain(&[ca_client(), issuing()])
            .intermediates(&[ca_client()]),
    ]
}
