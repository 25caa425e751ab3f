//! Tests of the public API, a file for each subject. One program, as each takes time to link.

mod accessors;
mod certificate_info;
mod decisions;
mod denied;
#[cfg(feature = "tracing")]
#[path = "../common/events.rs"]
mod events;
mod fields;
#[path = "../common/files.rs"]
mod files;
mod identities;
mod origins;
mod policy;
mod processed;
mod renewal;
mod store_builder;
mod store_errors;
mod trust_settings;
