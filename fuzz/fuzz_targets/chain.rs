//! The target `chain`.
#![no_main]
mtls_verify_fuzz::target!(chain);
