//! The target `headers`.
#![no_main]
mtls_verify_fuzz::target!(headers);
