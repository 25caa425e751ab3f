//! The target `pem_bundle`.
#![no_main]
mtls_verify_fuzz::target!(pem_bundle);
