//! The target `ffi`.
#![no_main]
mtls_verify_fuzz::target!(ffi);
