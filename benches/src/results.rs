//! What was measured: criterion's medians, and the figures of rows that took turns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Groups with this prefix are of bytes; all others are of nanoseconds.
pub const MEMORY: &str = "memory/";

/// The figures of each row of a group.
pub type Rows = BTreeMap<String, Vec<f64>>;

/// How a row is called: by its name, and by its parameter where it has one.
pub fn row_id(name: &str, parameter: Option<&str>) -> String {
    match parameter {
        Some(parameter) => format!("{name}/{parameter}"),
        None => name.to_owned(),
    }
}

/// For each row of each group, a figure for each round in which the rows took turns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Figures(BTreeMap<String, Rows>);

impl Figures {
    /// Keeps the figures of one group beside criterion's results, in the place of older ones.
    ///
    /// # Panics
    ///
    /// If the file cannot be read or written.
    pub fn keep(group: &str, rows: Rows) {
        let mut figures = Self::read();
        figures.0.insert(group.to_owned(), rows);
        let json = serde_json::to_string(&figures).expect("numbers by name");
        std::fs::create_dir_all(folder()).expect("a folder for results");
        std::fs::write(Self::path(), json).expect("a file for results");
    }

    fn read() -> Self {
        let path = Self::path();
        match path.exists() {
            true => read_json(&path),
            false => Self::default(),
        }
    }

    fn path() -> PathBuf {
        folder().join("figures.json")
    }
}

/// All there is of the last runs.
#[derive(Debug, Default)]
pub struct Results {
    medians: BTreeMap<String, BTreeMap<String, f64>>,
    figures: Figures,
}

#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
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
    /// The last results of every bench.
    ///
    /// # Panics
    ///
    /// If there are none, or a file is not what criterion or [`Figures::keep`] write.
    pub fn read() -> Self {
        let mut results = Self {
            figures: Figures::read(),
            ..Self::default()
        };
        for (group, rows) in &results.figures.0 {
            for (row, figures) in rows {
                let medians = results.medians.entry(group.clone()).or_default();
                medians.insert(row.clone(), median(figures.clone()));
            }
        }
        let path = folder();
        assert!(path.exists(), "{}: run the benches", path.display());
        results.read_criterion(&path);
        results
    }

    /// `GROUP/ROW/new` or `GROUP/ROW/PARAMETER/new`, each with two files of JSON.
    fn read_criterion(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable folder").path();
            if path.join("benchmark.json").exists() && path.ends_with("new") {
                let id: Benchmark = read_json(&path.join("benchmark.json"));
                let estimates: Estimates = read_json(&path.join("estimates.json"));
                let row = row_id(&id.function_id.unwrap_or_default(), id.value_str.as_deref());
                let medians = self.medians.entry(id.group_id).or_default();
                medians.insert(row, estimates.median.point_estimate);
            } else if path.is_dir() {
                self.read_criterion(&path);
            }
        }
    }

    /// The names of all groups.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.medians.keys().map(String::as_str)
    }

    /// The names of a group's rows.
    pub fn rows(&self, group: &str) -> BTreeSet<&str> {
        let rows = self.medians.get(group).into_iter().flatten();
        rows.map(|(row, _)| row.as_str()).collect()
    }

    /// Criterion's median of a row; of a row that criterion does not know, the median of its
    /// figures.
    pub fn median(&self, group: &str, row: &str) -> Option<f64> {
        self.medians.get(group)?.get(row).copied()
    }

    /// The time of a row as the machine leaves it alone: a tenth of its figures are lower. What
    /// else a machine does only ever adds.
    pub fn undisturbed(&self, group: &str, row: &str) -> Option<f64> {
        let mut figures = self.figures.0.get(group)?.get(row)?.clone();
        figures.sort_unstable_by(f64::total_cmp);
        figures.get(figures.len() / 10).copied()
    }

    /// One row divided by another: the median over the rounds in which they took turns.
    pub fn ratio(&self, group: &str, row: &str, per: &str) -> Option<f64> {
        self.compare(group, row, per, |ours, theirs| ours / theirs)
    }

    /// One row minus `times` another: the median over the rounds in which they took turns.
    pub fn difference(&self, group: &str, row: &str, minus: &str, times: f64) -> Option<f64> {
        self.compare(group, row, minus, |ours, theirs| ours - times * theirs)
    }

    fn compare(
        &self,
        group: &str,
        row: &str,
        other: &str,
        compare: impl Fn(f64, f64) -> f64,
    ) -> Option<f64> {
        let rows = self.figures.0.get(group)?;
        let pairs = rows.get(row)?.iter().zip(rows.get(other)?);
        Some(median(
            pairs
                .map(|(ours, theirs)| compare(*ours, *theirs))
                .collect(),
        ))
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => f64::NAN,
        len if len % 2 == 0 => (figures[middle - 1] + figures[middle]) / 2.0,
        _ => figures[middle],
    }
}

/// Where criterion keeps its results.
fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("CRITERION_HOME") {
        return PathBuf::from(folder);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn rows_are_compared_round_by_round() {
        let figures = |row: &str, figures: &[f64]| (row.to_owned(), figures.to_vec());
        // The machine slows down to a half in the third round.
        let rows = Rows::from([
            figures("a", &[1.0, 1.0, 2.0]),
            figures("b", &[2.0, 2.0, 4.0]),
        ]);
        let results = Results {
            figures: Figures(BTreeMap::from([("group".to_owned(), rows)])),
            ..Results::default()
        };
        assert_eq!(results.ratio("group", "a", "b"), Some(0.5));
        assert_eq!(results.difference("group", "b", "a", 2.0), Some(0.0));
        assert_eq!(results.ratio("group", "a", "c"), None);
    }
}
