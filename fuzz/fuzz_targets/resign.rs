//! The target `resign`.
#![no_main]
mtls_verify_fuzz::target!(resign);
