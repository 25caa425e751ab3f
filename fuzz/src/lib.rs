//! The properties that the fuzz targets hold the library to, a module each: `check` takes an input
//! and says as which of `KINDS` it judged it, `seeds` makes the first ones from `testdata`.
//! `fuzz_targets/` has nothing but their names.

pub mod certificate;
pub mod chain;
mod choices;
pub mod crl;
pub mod ffi;
pub mod headers;
pub mod mutate;
pub mod name;
pub mod name_constraints;
pub mod pem_bundle;
pub mod resign;
pub mod seeds;
pub mod spiffe_bundle;
pub mod tally;

#[path = "../../reference/tests/agreement/case.rs"]
#[allow(dead_code, reason = "the verdicts are those of unchanged chains")]
mod case;
#[path = "../../reference/tests/resign/changed.rs"]
mod changed;
#[path = "../../reference/tests/resign/changes.rs"]
mod changes;
#[path = "../../reference/tests/common/identity_rules.rs"]
mod identity_rules;
#[path = "../../reference/tests/common/policy.rs"]
mod policy;
#[path = "../../reference/tests/resign/real.rs"]
mod real;
#[path = "../../reference/tests/resign/tree.rs"]
mod tree;

#[path = "../../tests/oracle/crls.rs"]
mod crls;
#[path = "../../tests/oracle/differences.rs"]
mod differences;
#[path = "../../tests/oracle/further.rs"]
mod further;
#[path = "../../tests/oracle/graph.rs"]
mod graph;
#[path = "../../tests/oracle/model.rs"]
mod model;
#[path = "../../tests/oracle/peers.rs"]
mod peers;
#[path = "../../tests/oracle/random.rs"]
mod random;
#[path = "../../tests/oracle/rules.rs"]
mod rules;

pub use libfuzzer_sys;

/// The time of the verifications of `tests/oracle`: 2026-06-01T00:00:00Z.
const NOW: u64 = 1_780_272_000;

/// The program of a target: the module of that name.
#[macro_export]
macro_rules! target {
    ($module:ident) => {
        $crate::libfuzzer_sys::fuzz_target!(
            init: {
                $crate::seeds::write_if_asked($crate::$module::seeds, $crate::$module::check);
                // What is made once takes longer than an input may.
                $crate::$module::check(&[]);
                $crate::tally::begin($crate::$module::KINDS)
            },
            |input: &[u8]| -> () { $crate::tally::note($crate::$module::check(input)) }
        );
    };
}
