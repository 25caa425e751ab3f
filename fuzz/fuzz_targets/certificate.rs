//! The target `certificate`.
#![no_main]
mtls_verify_fuzz::target!(certificate);
