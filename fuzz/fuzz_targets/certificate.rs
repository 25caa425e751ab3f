//! The target `certificate`.
#![no_main]
mtls_verify_fuzz::target!(certificate);

use mtls_verify_fuzz::libfuzzer_sys::fuzz_mutator;
use mtls_verify_fuzz::mutate::mutate;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});
