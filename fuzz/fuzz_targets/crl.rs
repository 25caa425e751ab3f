//! The target `crl`.
#![no_main]
mtls_verify_fuzz::target!(crl);
