//! The names that a case expects of its peer.

use std::error::Error;
use std::net::IpAddr;

use mtls_verify::VerifiedClient;
use mtls_verify::pki_types::ServerName;
use webpki::EndEntityCert;

use crate::case::{Case, PeerName};

/// A server must be the one that was asked for; a client must have every name that is expected of it.
pub(crate) fn check(case: &Case, peer: &VerifiedClient) -> Result<(), Box<dyn Error>> {
    if let Some(name) = &case.expected_peer_name {
        check_server(name, peer)?;
    }
    for name in &case.expected_peer_names {
        check_client(name, peer)?;
    }
    Ok(())
}

/// Matches a server's name as TLS clients do (RFC 9525), wildcards included.
fn check_server(name: &PeerName, peer: &VerifiedClient) -> Result<(), Box<dyn Error>> {
    let server_name = match name {
        PeerName::Dns(name) => ServerName::try_from(name.as_str())?,
        PeerName::Ip(address) => ServerName::from(address.parse::<IpAddr>()?),
        PeerName::Rfc822(_) => return check_client(name, peer),
    };
    let certificate = peer.certificate();
    EndEntityCert::try_from(&certificate)
        .map_err(|error| format!("webpki, which matches names here, does not read it: {error}"))?
        .verify_is_valid_for_subject_name(&server_name)
        .map_err(|_| format!("the peer is not {name}"))?;
    Ok(())
}

/// Looks for exactly this name among the peer's subjectAltNames.
fn check_client(name: &PeerName, peer: &VerifiedClient) -> Result<(), Box<dyn Error>> {
    let identity = peer.identity();
    let is_there = match name {
        PeerName::Dns(name) => identity
            .dns_names()
            .any(|presented| presented.eq_ignore_ascii_case(name)),
        PeerName::Ip(address) => {
            let expected: IpAddr = address.parse()?;
            identity
                .ip_addresses()
                .any(|presented| presented == expected)
        }
        PeerName::Rfc822(address) => identity
            .email_addresses()
            .any(|presented| is_same_mailbox(presented, address)),
    };
    if is_there {
        Ok(())
    } else {
        Err(format!("the peer is not {name}").into())
    }
}

/// The local part is its host's own affair and compares exactly; the host compares without case (RFC 5280 §7.5).
fn is_same_mailbox(a: &str, b: &str) -> bool {
    match (a.rsplit_once('@'), b.rsplit_once('@')) {
        (Some((a_local, a_host)), Some((b_local, b_host))) => {
            a_local == b_local && a_host.eq_ignore_ascii_case(b_host)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_mailbox;

    #[test]
    fn only_the_host_of_a_mailbox_ignores_case() {
        assert!(is_same_mailbox("user@Example.com", "user@example.COM"));
        assert!(!is_same_mailbox("User@example.com", "user@example.com"));
        assert!(!is_same_mailbox("example.com", "example.com"));
    }
}
