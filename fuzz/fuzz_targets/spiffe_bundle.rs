//! The target `spiffe_bundle`.
#![no_main]
mtls_verify_fuzz::target!(spiffe_bundle);
