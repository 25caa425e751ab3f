//! The target `name`.
#![no_main]
mtls_verify_fuzz::target!(name);
