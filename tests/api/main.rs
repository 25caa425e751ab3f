//! Tests of the public API, a file for each subject. One program, as each takes time to link.

mod accessors;
#[path = "../common/mod.rs"]
mod common;
mod decisions;
mod denied;
mod fields;
mod identities;
mod policy;
mod renewal;
mod trust_settings;
