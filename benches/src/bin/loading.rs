//! Loads input of one kind that is made to be costly, and looks up a part of it, for `loading.sh`
//! to count the instructions of.

use std::time::Duration;

use benches::crafted::{Input, KINDS, ca};
use benches::signatures::saying_yes;
use mtls_verify::error::Reason;
use mtls_verify::pki_types::{CertificateDer, UnixTime};
use mtls_verify::policy::{RevocationPolicy, SignatureAlgorithms};
use mtls_verify::{ClientPolicy, DenyList, TrustStore, verify_client_chain};
use testpki::{Cert, Key, Name};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["kinds"] {
        return KINDS.iter().for_each(|kind| println!("{kind}"));
    }
    let [kind, megabytes] = arguments.as_slice() else {
        panic!("usage: loading KIND MEGABYTES, or loading kinds");
    };
    let megabytes: f64 = megabytes.parse().expect("a number of megabytes");
    let input = Input::new(kind, (megabytes * 1_048_576.0) as usize);
    let clients = clients(&input);
    // A CRL that was verified while loading counts for the very same algorithms.
    let algorithms = SignatureAlgorithms::new(saying_yes());
    let policy = ClientPolicy::default()
        .with_signatures(algorithms.clone())
        .with_revocation(RevocationPolicy::whole_path());
    load(&input, &clients, algorithms, &policy);
}

/// One client for each look-up.
fn clients(input: &Input) -> Vec<Vec<u8>> {
    let client = Cert::client("client", &Key::p256("client")).issued_by(&ca());
    let of_issuer = |name: &Name| {
        let client = client.clone().issuer(name.clone()).serial(&[7]);
        client.raw_signature(vec![0x30, 0]).der()
    };
    match input {
        Input::Cas(_, names) => names.iter().map(of_issuer).collect(),
        Input::Rubbish(_) => Vec::new(),
        Input::Crls(_, _, serials) => serials
            .iter()
            .map(|serial| {
                client
                    .clone()
                    .serial(serial)
                    .raw_signature(vec![0x30, 0])
                    .der()
            })
            .collect(),
        Input::Denied(names) => names.iter().step_by(16).map(of_issuer).collect(),
    }
}

/// All that counts: `loading.sh` leaves the rest of the program out.
#[inline(never)]
fn load(
    input: &Input,
    clients: &[Vec<u8>],
    algorithms: SignatureAlgorithms,
    policy: &ClientPolicy,
) {
    let mut builder = TrustStore::lenient_builder();
    builder.crl_signatures(algorithms);
    let added = match input {
        Input::Cas(bundle, _) | Input::Rubbish(bundle) => builder.add_ca_pem(bundle),
        Input::Crls(cas, crls, _) => builder
            .add_ca_pem(cas)
            .and_then(|builder| builder.add_crl_pem(crls)),
        Input::Denied(names) => {
            for name in names {
                let one = DenyList::new().with_serial(name.der(), &[7]);
                builder.deny(one.expect("a name"));
            }
            // Pins need no CAs, and are held against the deny list.
            clients.iter().try_fold(&mut builder, |builder, client| {
                builder.pin_client_der(client)
            })
        }
    };
    let store = added
        .and_then(|builder| builder.build())
        .expect("a good store");
    if !matches!(input, Input::Rubbish(_)) {
        assert!(store.skipped().is_empty(), "{}", store.skipped()[0]);
    }
    let now = UnixTime::since_unix_epoch(Duration::from_secs(1_780_272_000));
    for client in clients {
        let chain = [CertificateDer::from(client.as_slice())];
        let outcome = verify_client_chain(&store, &chain, now, policy);
        let reason = outcome.as_ref().map_err(|refusal| refusal.reason());
        assert!(match input {
            Input::Cas(..) | Input::Rubbish(_) => reason.is_err(),
            // An indirect CRL has the serial numbers of others.
            Input::Crls(..) => matches!(reason, Ok(_) | Err(Reason::Revoked { .. })),
            Input::Denied(_) => matches!(reason, Err(Reason::Denied { .. })),
        });
    }
}
