//! How many inputs reach the comparison that a target is there for.
//!
//! Executions alone prove nothing: a parser that refuses every input runs fast and finds nothing.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

/// What an input was judged as: one of the names in the `KINDS` of its target. `None` of an input
/// that no comparison looked at.
pub type Judged = Option<&'static str>;

/// The names of what inputs of a target are judged as. Each has its least share of all executions,
/// in thousandths, far below what a fast machine has: the more inputs are tried, the fewer come
/// from seeds. A share of 0 may be empty.
pub type Kinds = &'static [(&'static str, u64)];

/// The kind of an input whose verdict the oracle cannot tell, so that only a part is held to it.
pub const ONE_SIDE: &str = "one side";

/// The largest share of such inputs, in percent.
const MOST_ON_ONE_SIDE: f64 = 5.0;

static KINDS: OnceLock<Kinds> = OnceLock::new();
static COUNTS: LazyLock<Mutex<Counts>> = LazyLock::new(Mutex::default);

/// How often each kind came up.
#[derive(Debug, Default)]
pub struct Counts {
    executions: u64,
    judged: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// Counts one input.
    pub fn note(&mut self, judged: Judged) {
        self.executions += 1;
        if let Some(kind) = judged {
            *self.judged.entry(kind).or_default() += 1;
        }
    }

    /// How many inputs were judged.
    pub fn judged(&self) -> u64 {
        self.judged.values().sum()
    }

    fn percent(&self, count: u64) -> f64 {
        100.0 * count as f64 / self.executions.max(1) as f64
    }
}

/// From now on counts inputs, and prints the counts when the program ends.
///
/// # Panics
/// If it was called before.
pub fn begin(kinds: Kinds) {
    KINDS.set(kinds).expect("one target");
    assert_eq!(at_exit(report), 0, "nothing would be printed");
}

/// Counts one input.
pub fn note(judged: Judged) {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    counts.note(judged);
}

/// Prints what `run.sh` reads.
extern "C" fn report() {
    let counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    eprintln!("stat::judged_units: {}", counts.judged());
    let kinds = KINDS.get().copied().unwrap_or_default();
    for (kind, least) in kinds {
        let count = counts.judged.get(kind).copied().unwrap_or(0);
        let share = counts.percent(count);
        eprintln!("stat::judged_as: {kind} {share:.0} %");
        if 10.0 * share < *least as f64 || count == 0 && *least > 0 {
            eprintln!("stat::too_few: {kind} {share:.2} %, at least {least} thousandths");
        }
        if *kind == ONE_SIDE && share > MOST_ON_ONE_SIDE {
            eprintln!(
                "stat::too_few: both sides, {kind} {share:.2} %, at most {MOST_ON_ONE_SIDE} %"
            );
        }
    }
    let unknown = |kind: &&&str| kinds.iter().all(|(known, _)| known != *kind);
    for kind in counts.judged.keys().filter(unknown) {
        eprintln!("stat::too_few: {kind} is none of the target's kinds");
    }
}

#[allow(
    unsafe_code,
    reason = "std has nothing that runs when a C program ends"
)]
fn at_exit(callback: extern "C" fn()) -> i32 {
    unsafe extern "C" {
        safe fn atexit(callback: extern "C" fn()) -> i32;
    }
    atexit(callback)
}
