//! The folders of cases in `testdata/` (testdata/README.md), for all who read them.

use std::path::{Path, PathBuf};

/// A folder with a `case.toml`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseFolder {
    /// Its path below the folder that was asked about, with `/` between: `TOPIC/CASE`, or `CASE`
    /// where there are no topics.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The cases in a folder of `testdata`, `cases` or `public`, by name.
///
/// # Panics
///
/// If a folder cannot be read, or one without folders has no `case.toml`.
#[must_use]
pub fn cases(folder: &str) -> Vec<CaseFolder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    let mut found = Vec::new();
    for (name, path) in folders_in(&root.join(folder)) {
        add(name, path, &mut found);
    }
    found.sort();
    found
}

fn add(name: String, path: PathBuf, found: &mut Vec<CaseFolder>) {
    if path.join("case.toml").exists() {
        found.push(CaseFolder { name, path });
        return;
    }
    let inside = folders_in(&path);
    assert!(!inside.is_empty(), "{}: no case.toml", path.display());
    for (inner, path) in inside {
        add(format!("{name}/{inner}"), path, found);
    }
}

/// The folders in a folder, by their names.
fn folders_in(path: &Path) -> Vec<(String, PathBuf)> {
    let entries =
        std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries
        .map(|entry| entry.expect("a readable folder"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name in UTF-8");
            (name, entry.path())
        })
        .collect()
}
