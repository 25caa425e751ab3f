//! The `openssl` program that the tests ask, and its release.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::env;
use std::process::{Command, Output, Stdio};

/// The releases whose verdicts are listed in `testdata/differences/openssl.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Release {
    V3_0,
    V3_5,
    V4_0,
}

/// The program. The environment variable `OPENSSL` names it; by default it is found on the path.
pub(crate) fn program() -> Command {
    let name = env::var_os("OPENSSL").filter(|name| !name.is_empty());
    Command::new(name.unwrap_or_else(|| "openssl".into()))
}

/// What `openssl verify` says: its first error, if there is one. The program itself goes on after
/// some errors and accepts in the end. A TLS stack does not.
pub(crate) fn verdict(verify: &mut Command) -> Result<String, String> {
    let output = verify
        .env("OPENSSL_CONF", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .expect("the `openssl` program starts");
    let said = text_of(&output);
    match said.lines().find(|line| line.contains("error")) {
        None if output.status.success() => Ok(said),
        Some(error) => Err(error.to_owned()),
        None => Err(said),
    }
}

pub(crate) fn text_of(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

impl Release {
    pub(crate) const ALL: [Self; 3] = [Self::V3_0, Self::V3_5, Self::V4_0];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_5 => "3.5",
            Self::V4_0 => "4.0",
        }
    }

    /// The release of the program. `None` for one without a list: then nothing is compared, and
    /// this says so. Panics there if the environment variable `CI` is set.
    pub(crate) fn of_the_program() -> Option<Self> {
        let version = program().arg("version").output();
        let version = version.expect("these tests need the `openssl` program");
        let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
        Self::of(&text_of(&version), is_ci).unwrap_or_else(|unknown| panic!("{unknown}"))
    }

    /// The release of a version, as `openssl version` prints it; an error for one without a list,
    /// if that `must_be_listed`.
    pub(crate) fn of(version: &str, must_be_listed: bool) -> Result<Option<Self>, String> {
        let is_it = |release: &Self| version.starts_with(&format!("OpenSSL {}.", release.name()));
        let release = Self::ALL.into_iter().find(is_it);
        if release.is_none() {
            let known = Self::ALL.map(Self::name).join(", ");
            let version = version.trim();
            let problem = format!(
                "not compared: differences are listed for OpenSSL {known}, and this is {version}"
            );
            if must_be_listed {
                return Err(problem);
            }
            eprintln!("{problem}");
        }
        Ok(release)
    }
}
