//! What criterion measured, and what was counted beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A figure for each row of each group.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Results(BTreeMap<String, BTreeMap<String, f64>>);

#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

impl Results {
    /// The last results of every bench: medians in nanoseconds, and memory in bytes.
    ///
    /// # Panics
    ///
    /// If there are none, or a file is not what criterion writes.
    pub fn read() -> Self {
        let folder = folder();
        let mut results = Self::read_memory();
        let groups = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}; run the benches first", folder.display()));
        for group in groups {
            let group = group.expect("a readable folder").path();
            for row in std::fs::read_dir(group).into_iter().flatten() {
                let row = row.expect("a readable folder").path().join("new");
                if row.join("benchmark.json").exists() {
                    let benchmark: Benchmark = read_json(&row.join("benchmark.json"));
                    let estimates: Estimates = read_json(&row.join("estimates.json"));
                    results.add(
                        &benchmark.group_id,
                        &benchmark.function_id.unwrap_or_default(),
                        estimates.median.point_estimate,
                    );
                }
            }
        }
        results
    }

    /// What [`Results::write_memory`] wrote, or nothing.
    pub fn read_memory() -> Self {
        let path = folder().join(MEMORY);
        if path.exists() {
            read_json(&path)
        } else {
            Self::default()
        }
    }

    /// Keeps these beside criterion's results: criterion knows of times only.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn write_memory(&self) {
        std::fs::create_dir_all(folder()).expect("a folder for results");
        let json = serde_json::to_string_pretty(self).expect("numbers by name");
        std::fs::write(folder().join(MEMORY), json).expect("a file for results");
    }

    /// Adds a figure.
    pub fn add(&mut self, group: &str, row: &str, figure: f64) {
        let rows = self.0.entry(group.to_owned()).or_default();
        rows.insert(row.to_owned(), figure);
    }

    /// The figure of a row, if it was measured.
    pub fn get(&self, group: &str, row: &str) -> Option<f64> {
        self.0.get(group)?.get(row).copied()
    }

    /// All groups, by name.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, f64>)> {
        self.0.iter().map(|(group, rows)| (group.as_str(), rows))
    }
}

const MEMORY: &str = "memory.json";

/// Where criterion keeps its results.
fn folder() -> PathBuf {
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => PathBuf::from(target),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"),
    };
    target.join("criterion")
}

fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
