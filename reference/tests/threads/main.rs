//! Threads: every interleaving of verifying, replacing the store with and without the policy, and losing what was remembered, in
//! the model checker `loom`.
//!
//! What runs is a model of the protocol, `model.rs` and `notes.rs`; `steps.rs` holds its steps to
//! the source. Each property has protocols with a fault that the checker must find.
//! LOOM_MAX_PREEMPTIONS=4 tries more of what is bounded.

mod checker;
mod model;
mod notes;
mod replacing;
mod steps;
mod stores;
mod verifying;
