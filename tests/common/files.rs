//! Files of `testdata` and what is in them, for the tests of each package.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use mtls_verify::pki_types::pem::PemObject;
use mtls_verify::pki_types::{CertificateDer, UnixTime};

pub(crate) fn testdata() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    (package.ancestors().map(|folder| folder.join("testdata")))
        .find(|testdata| testdata.exists())
        .expect("testdata, beside the package or above")
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The certificates of a PEM file, whether they parse or not.
pub(crate) fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .expect("chains are PEM")
}

pub(crate) fn time(rfc3339: &str) -> UnixTime {
    let instant = humantime::parse_rfc3339(rfc3339).expect("an RFC 3339 time");
    let since_epoch = instant
        .duration_since(UNIX_EPOCH)
        .expect("a time since 1970");
    UnixTime::since_unix_epoch(since_epoch)
}

pub(crate) fn show_time(time: UnixTime) -> String {
    let instant = UNIX_EPOCH + Duration::from_secs(time.as_secs());
    humantime::format_rfc3339_seconds(instant).to_string()
}
