//! Writes `testdata/cases/` afresh; with `--check`, says what differs and exits 1 if anything does.
//!
//! The new folder is written beside the old one and then takes its place, so that an error leaves
//! what was there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use testpki::cases;

/// Files by their path below the folder of cases.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cases");
    let result = match arguments.as_slice() {
        [] => write(&folder),
        [check] if check == "--check" => compare(&folder),
        _ => {
            eprintln!("usage: generate [--check]");
            return ExitCode::from(2);
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("{}: {error}", folder.display());
        ExitCode::FAILURE
    })
}

fn write(folder: &Path) -> io::Result<ExitCode> {
    let files = wanted();
    let fresh = folder.with_file_name("cases.new");
    remove(&fresh)?;
    let written = write_files(&fresh, &files).and_then(|()| replace(folder, &fresh));
    if written.is_err() {
        remove(&fresh)?;
    }
    written?;
    println!("{} cases, {} files", cases::all().len(), files.len());
    Ok(ExitCode::SUCCESS)
}

fn write_files(folder: &Path, files: &Files) -> io::Result<()> {
    for (path, contents) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, contents)?;
    }
    Ok(())
}

/// Puts `fresh` in the place of `folder`, which stays if that fails.
fn replace(folder: &Path, fresh: &Path) -> io::Result<()> {
    let old = folder.with_file_name("cases.old");
    if folder.exists() {
        remove(&old)?;
        fs::rename(folder, &old)?;
    }
    if let Err(error) = fs::rename(fresh, folder) {
        if old.exists() {
            fs::rename(&old, folder)?;
        }
        return Err(error);
    }
    remove(&old)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn compare(folder: &Path) -> io::Result<ExitCode> {
    let (wanted, present) = (wanted(), present(folder)?);
    let mut differences = Vec::new();
    for (path, contents) in &wanted {
        match present.get(path) {
            None => differences.push(format!("missing: {}", path.display())),
            Some(other) if other != contents => {
                differences.push(format!("differs: {}", path.display()));
            }
            Some(_) => {}
        }
    }
    for path in present.keys().filter(|path| !wanted.contains_key(*path)) {
        differences.push(format!("not generated: {}", path.display()));
    }
    for difference in &differences {
        println!("{difference}");
    }
    Ok(if differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn wanted() -> Files {
    cases::all()
        .iter()
        .flat_map(|case| {
            let folder = PathBuf::from(case.name());
            case.files()
                .into_iter()
                .map(move |(file, contents)| (folder.join(file), contents))
        })
        .collect()
}

/// What is there.
fn present(folder: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let (path, name) = entry.map(|entry| (entry.path(), PathBuf::from(entry.file_name())))?;
        if path.is_dir() {
            let inside = present(&path)?.into_iter();
            files.extend(inside.map(|(inner, contents)| (name.join(inner), contents)));
        } else {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(files)
}

#[test]
fn an_error_leaves_what_was_there() {
    let root = std::env::temp_dir().join(format!("generate-{}", std::process::id()));
    let (folder, fresh) = (root.join("cases"), root.join("cases.new"));
    let files = |text: &str| Files::from([(PathBuf::from("topic/case"), text.into())]);
    write_files(&folder, &files("old")).expect("a temporary folder");
    replace(&folder, &fresh).expect_err("nothing to put in its place");
    assert_eq!(present(&folder).expect("a folder"), files("old"));
    write_files(&fresh, &files("new")).expect("a temporary folder");
    replace(&folder, &fresh).expect("both are there");
    assert_eq!(present(&root).expect("a folder").len(), 1);
    assert_eq!(present(&folder).expect("a folder"), files("new"));
    remove(&root).expect("a temporary folder");
}
