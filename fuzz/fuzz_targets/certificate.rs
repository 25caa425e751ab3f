//! The target `certificate`.
#![no_main]
mtls_verify_fuzz::target!(certificate);

use mtls_verify_fuzz::certificate::mutate;
use mtls_verify_fuzz::libfuzzer_sys::fuzz_mutator;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});
