//! The target `crl`.
#![no_main]
mtls_verify_fuzz::target!(crl);

use mtls_verify_fuzz::crl::mutate;
use mtls_verify_fuzz::libfuzzer_sys::fuzz_mutator;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});
