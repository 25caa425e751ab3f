//! Handshakes with a `rustls` server on 127.0.0.1, and the programs `openssl` and `curl` (built
//! with OpenSSL) as its clients: who comes in, which alert the others see, and what a server learns
//! of it.
#![cfg(feature = "rustls")]

mod clients;
mod documents;
#[cfg(feature = "tracing")]
#[path = "../common/events.rs"]
mod events;
mod names;
mod pki;
mod possession;
mod pss;
mod refusals;
mod resumption;
mod scopes;
mod server;
mod sinks;
mod swaps;
mod verdicts;
