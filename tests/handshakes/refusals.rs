//! What a server learns of a refusal: from a channel, from a function, from the error.

use std::io;
use std::sync::{Arc, Mutex, mpsc};

use mtls_verify::ClientPolicy;
use mtls_verify::error::{Code, Reason};
use mtls_verify::pki_types::CertificateDer;
use mtls_verify::rustls::{RefusalErrors, refusal_of};
use rustls::{AlertDescription, CertificateError};
use testpki::{Cert, Key};

use crate::clients::{
    Version, alert_in, openssl, rustls_client, rustls_config, rustls_config_signing,
};
use crate::pki::{self, Files, client, clients, expired, now, root, store};
use crate::server::Server;

fn late() -> Cert {
    expired(client("late"))
}

#[test]
fn a_channel_and_a_function_get_every_refusal() {
    let clients = clients(store(&[&root()], ""), ClientPolicy::default());
    let (sender, receiver) = mpsc::sync_channel(10);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&seen);
    let verifier = pki::builder(&clients)
        .with_refusal_sender(sender)
        .on_refusal(move |refusal| keep.lock().expect("lock").push(refusal.to_string()))
        .build()
        .expect("no names");
    let verifier = Arc::new(verifier);
    let server = Server::new(&verifier);
    let files = Files::of(Some(&late()));
    for version in Version::BOTH {
        server
            .meet(|address| openssl(address, version, &files))
            .0
            .refused();
        let refusal = receiver.try_recv().expect("sent");
        assert_eq!(refusal.error().code(), Code::ClientCertExpired);
        assert!(matches!(refusal.error().reason(), Reason::Expired { .. }));
        assert!(refusal.time().as_secs() >= now());
        assert!(refusal.to_string().starts_with(
            "ClientCertExpired: client certificate CN=late expired 2 hours ago (notAfter "
        ));
        assert_eq!(seen.lock().expect("lock").pop(), Some(refusal.to_string()));
    }
    assert_eq!(verifier.dropped_refusals(), 0);
}

/// Nobody reads the channel: the handshakes go on.
#[test]
fn a_full_channel_holds_nothing_up() {
    let clients = clients(store(&[&root()], ""), ClientPolicy::default());
    let (sender, receiver) = mpsc::sync_channel(1);
    let builder = pki::builder(&clients).with_refusal_sender(sender);
    let verifier = Arc::new(builder.build().expect("no names"));
    let server = Server::new(&verifier);
    let config = Arc::new(rustls_config(&late(), Version::Tls13));
    let refuse = || {
        server
            .meet(|address| rustls_client(address, &config))
            .0
            .refused()
    };
    for _ in 0..3 {
        refuse();
    }
    assert_eq!(verifier.dropped_refusals(), 2);
    assert_eq!(receiver.try_iter().count(), 1);
    drop(receiver);
    refuse();
    assert_eq!(verifier.dropped_refusals(), 3);
}

#[test]
fn errors_carry_the_right_alert_or_the_whole_refusal() {
    let clients = clients(store(&[&root()], ""), ClientPolicy::default());
    let files = Files::of(Some(&late()));
    for (errors, number) in [(RefusalErrors::ByAlert, 45), (RefusalErrors::Whole, 46)] {
        let builder = pki::builder(&clients).with_refusal_errors(errors);
        let server = Server::new(&Arc::new(builder.build().expect("no names")));
        for version in Version::BOTH {
            let (outcome, text) = server.meet(|address| openssl(address, version, &files));
            assert_eq!(alert_in(&text), Some(number), "{text}");
            let error = outcome.refused();
            match errors {
                RefusalErrors::Whole => {
                    // As an asynchronous acceptor has it.
                    let error = io::Error::new(io::ErrorKind::InvalidData, error);
                    let refusal = refusal_of(&error).expect("the whole refusal");
                    assert!(matches!(refusal.reason(), Reason::Expired { .. }));
                }
                _ => {
                    let rustls::Error::InvalidCertificate(CertificateError::ExpiredContext {
                        time,
                        not_after,
                    }) = error
                    else {
                        panic!("{error:?}");
                    };
                    assert_eq!(not_after.as_secs(), now() - 7_200);
                    assert!(time.as_secs() >= now());
                }
            }
        }
    }
}

/// What no program sends: garbage, and more certificates than anybody has.
#[test]
fn hostile_chains() {
    let garbage = |bytes: &[u8]| CertificateDer::from(bytes.to_vec());
    let alice = CertificateDer::from(client("alice").der());
    for (chain, alert, code) in [
        (
            vec![garbage(&[0x30])],
            AlertDescription::BadCertificate,
            Code::ClientCertInvalid,
        ),
        (
            vec![garbage(&[0; 20_000])],
            AlertDescription::CertificateUnknown,
            Code::ClientCertMaxSizeExceeded,
        ),
        (
            vec![alice; 60],
            AlertDescription::CertificateUnknown,
            Code::ClientCertMaxChainDepthExceeded,
        ),
        (
            vec![garbage(&[5, 0]); 6_000],
            AlertDescription::CertificateUnknown,
            Code::ClientCertMaxChainDepthExceeded,
        ),
    ] {
        for version in Version::BOTH {
            let clients = clients(store(&[&root()], ""), ClientPolicy::default());
            let server = Server::new(&Arc::new(pki::builder(&clients).build().expect("no names")));
            let config = rustls_config_signing(chain.clone(), &Key::p256("alice"), version);
            let (outcome, answer) = server.meet(|address| rustls_client(address, &config));
            outcome.refused();
            assert_eq!(clients.counts().refused(code), 1, "{}", clients.counts());
            let error = answer.expect_err("refused");
            let seen = error.get_ref().and_then(|error| error.downcast_ref());
            assert_eq!(
                seen,
                Some(&rustls::Error::AlertReceived(alert)),
                "{version:?}"
            );
        }
    }
}
