//! The target `name_constraints`.
#![no_main]
mtls_verify_fuzz::target!(name_constraints);
