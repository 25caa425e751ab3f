//! Runs the example servers, with `curl`, `openssl` and `rustls` as their clients.

#[path = "../../../../tests/handshakes/clients.rs"]
#[allow(dead_code, reason = "the tests of handshakes use all of it")]
mod clients;
#[path = "../../../../tests/common/files.rs"]
mod files;
mod http2;
mod mtls_server;
mod passthrough;
#[path = "../../../../tests/handshakes/pki.rs"]
#[allow(dead_code, reason = "the tests of handshakes use all of it")]
mod pki;
