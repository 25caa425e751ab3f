//! First inputs, from `testdata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, CertificateRevocationListDer};

use crate::tally::{Counts, Judged};

/// The variable that names a folder to write the seeds of a target to, instead of fuzzing.
const FOLDER: &str = "FUZZ_SEEDS_TO";

/// Writes the seeds and ends the program, if it was started for that.
///
/// # Panics
/// If most seeds reach no comparison: they are no seeds then.
pub fn write_if_asked(seeds: fn(&Testdata) -> Vec<Vec<u8>>, check: fn(&[u8]) -> Judged) {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let seeds: BTreeSet<Vec<u8>> = seeds(&Testdata::find()).into_iter().collect();
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for (number, seed) in seeds.iter().enumerate() {
        let path = folder.join(format!("seed-{number:05}"));
        fs::write(&path, seed).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let mut counts = Counts::default();
    for seed in &seeds {
        counts.note(check(seed));
    }
    let (all, judged) = (seeds.len(), counts.judged());
    println!("{all} seeds in {}: {counts:?}", folder.display());
    assert!(judged * 2 > all as u64, "only {judged} of {all} are judged");
    process::exit(0);
}

/// The folder `testdata` of the repository.
pub struct Testdata(PathBuf);

impl Testdata {
    fn find() -> Self {
        Self(Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata"))
    }

    /// The PEM files in it, each once.
    pub fn pem_files(&self) -> BTreeSet<Vec<u8>> {
        self.files().into_values().flatten().collect()
    }

    /// The certificates in them, each once, as DER: well-formed or not.
    pub fn certificates(&self) -> BTreeSet<Vec<u8>> {
        self.folders().into_iter().flatten().collect()
    }

    /// The CRLs in them, each once, as DER: well-formed or not.
    pub fn crls(&self) -> BTreeSet<Vec<u8>> {
        let files = self.pem_files();
        let blocks = files
            .iter()
            .flat_map(|file| CertificateRevocationListDer::pem_slice_iter(file));
        let good = blocks.filter_map(Result::ok);
        good.map(|der| der.to_vec()).collect()
    }

    /// The certificates by the folder they are in.
    pub fn folders(&self) -> Vec<BTreeSet<Vec<u8>>> {
        let folders = self.files().into_values();
        folders.map(|files| certificates_in(&files)).collect()
    }

    /// The PEM files by the folder they are in.
    fn files(&self) -> BTreeMap<PathBuf, Vec<Vec<u8>>> {
        let mut files = BTreeMap::new();
        add_pem_files(&self.0, &mut files);
        assert!(!files.is_empty(), "no PEM files in {}", self.0.display());
        files
    }
}

fn certificates_in(files: &[Vec<u8>]) -> BTreeSet<Vec<u8>> {
    let blocks = files
        .iter()
        .flat_map(|file| CertificateDer::pem_slice_iter(file));
    let good = blocks.filter_map(Result::ok);
    good.map(|der| der.to_vec()).collect()
}

fn add_pem_files(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<Vec<u8>>>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            add_pem_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "pem") {
            let file =
                fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            files.entry(folder.to_owned()).or_default().push(file);
        }
    }
}
