//! Writes `testdata/cases/` afresh; with `--check`, says what differs and exits 1 if anything does.

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
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (path, contents) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, contents)?;
    }
    println!("{} cases, {} files", cases::all().len(), files.len());
    Ok(ExitCode::SUCCESS)
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

/// What is there; two levels deep, as it was written.
fn present(folder: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    for case in fs::read_dir(folder)? {
        let case = case?;
        if !case.file_type()?.is_dir() {
            files.insert(case.file_name().into(), Vec::new());
            continue;
        }
        for file in fs::read_dir(case.path())? {
            let file = file?;
            let path = Path::new(&case.file_name()).join(file.file_name());
            files.insert(path, fs::read(file.path())?);
        }
    }
    Ok(files)
}
