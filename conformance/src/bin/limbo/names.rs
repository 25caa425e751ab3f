//! The names that a case expects of its peer.

use std::net::IpAddr;

use conformance::{Decider, HarnessError, Outcome};
use mtls_verify::VerifiedClient;
use mtls_verify::pki_types::ServerName;
use webpki::EndEntityCert;

use crate::case::{Case, PeerName};

/// A server must be the one that was asked for; a client must have every name that is expected of
/// it.
pub(crate) fn check(case: &Case, peer: &VerifiedClient) -> Result<Outcome, HarnessError> {
    if let Some(name) = &case.expected_peer_name
        && !is_server(name, peer)?
    {
        return Ok(refused(name));
    }
    for name in &case.expected_peer_names {
        if !is_client(name, peer)? {
            return Ok(refused(name));
        }
    }
    Ok(Outcome::Accepted)
}

fn refused(name: &PeerName) -> Outcome {
    Outcome::Refused {
        by: Decider::Names,
        why: format!("the peer is not {name}"),
    }
}

/// Matches a server's name as TLS clients do (RFC 9525), wildcards included.
fn is_server(name: &PeerName, peer: &VerifiedClient) -> Result<bool, HarnessError> {
    let server_name = match name {
        PeerName::Dns(name) => match ServerName::try_from(name.as_str()) {
            Ok(server_name) => server_name,
            // The suite asks for names that no server can have: with an emoji, for one. So none is
            // that server.
            Err(_) => return Ok(false),
        },
        PeerName::Ip(address) => ServerName::from(parse_address(address)?),
        PeerName::Rfc822(_) => return is_client(name, peer),
    };
    let failed = |error| HarnessError::new("webpki, which matches names here", error);
    let certificate = peer.certificate();
    let certificate = EndEntityCert::try_from(&certificate).map_err(failed)?;
    match certificate.verify_is_valid_for_subject_name(&server_name) {
        Ok(()) => Ok(true),
        Err(webpki::Error::CertNotValidForName(_)) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Looks for exactly this name among the peer's subjectAltNames.
fn is_client(name: &PeerName, peer: &VerifiedClient) -> Result<bool, HarnessError> {
    let identity = peer.identity();
    Ok(match name {
        PeerName::Dns(name) => identity
            .dns_names()
            .any(|presented| presented.eq_ignore_ascii_case(name)),
        PeerName::Ip(address) => {
            let expected = parse_address(address)?;
            identity
                .ip_addresses()
                .any(|presented| presented == expected)
        }
        PeerName::Rfc822(address) => identity
            .email_addresses()
            .any(|presented| is_same_mailbox(presented, address)),
    })
}

fn parse_address(text: &str) -> Result<IpAddr, HarnessError> {
    text.parse()
        .map_err(|error| HarnessError::new(format!("the expected address {text:?}"), error))
}

/// The local part is its host's own affair and compares exactly; the host compares without case
/// (RFC 5280 §7.5).
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
