//! Builds the library and C programs that use it, and runs them.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// A folder for the files of one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ffi-{name}"));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// A folder or file of this package.
pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folder in which `cargo build` leaves `libmtls_verify.so` and `libmtls_verify.a`, after it
/// did: with debug assertions if the test has them.
pub(crate) fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
        let target = target.expect("a folder in the target folder");
        let profile = if cfg!(debug_assertions) {
            "dev"
        } else {
            "release"
        };
        let mut cargo = Command::new(env!("CARGO"));
        // What cargo says of this package to its tests would look to build scripts like a change.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                cargo.env_remove(&*name);
            }
        }
        // What is tested is what was asked for.
        let mut features = Vec::new();
        features.extend(cfg!(feature = "ring").then_some("ring"));
        features.extend(cfg!(feature = "aws-lc-rs").then_some("aws-lc-rs"));
        cargo
            .args(["build", "--quiet", "-p", "mtls-verify-ffi", "--profile"])
            .arg(profile)
            .args(["--no-default-features", "--features", &features.join(",")])
            .arg("--target-dir")
            .arg(target)
            .current_dir(here(".."));
        run(&mut cargo);
        target.join(if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        })
    })
}

/// In which language, and how, C is compiled.
#[derive(Clone, Copy)]
pub(crate) enum Compiler {
    C99,
    Cpp,
    /// C with AddressSanitizer and UndefinedBehaviorSanitizer: every access of the program itself,
    /// and what the library does by way of malloc, free and memcpy, is watched; the library's own
    /// code is not instrumented.
    Sanitized,
}

/// Which of the libraries a program is linked to.
#[derive(Clone, Copy)]
pub(crate) enum Linkage {
    Shared,
    Static,
}

/// Compiles one C file with all warnings as errors, against the library.
pub(crate) fn compile(
    source: &Path,
    compiler: Compiler,
    linkage: Linkage,
    more: &[&str],
) -> PathBuf {
    let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-O1"];
    let (program, suffix, options): (_, _, &[&str]) = match compiler {
        Compiler::C99 => ("cc", "c", &["-std=c99", "-D_POSIX_C_SOURCE=200809L"]),
        Compiler::Cpp => ("c++", "cpp", &["-std=c++11", "-x", "c++"]),
        Compiler::Sanitized => (
            "cc",
            "asan",
            &[
                "-std=c99",
                "-D_POSIX_C_SOURCE=200809L",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
            ],
        ),
    };
    let linkage_name = match linkage {
        Linkage::Shared => "shared",
        Linkage::Static => "static",
    };
    let stem = source.file_stem().expect("a file").to_string_lossy();
    let output = folder("programs").join(format!("{stem}-{suffix}-{linkage_name}"));
    let library = library();
    let mut command = Command::new(program);
    command
        .args(warnings)
        .args(options)
        .arg("-I")
        .arg(here("include"))
        .arg(source)
        // What follows is for the linker, and no C++.
        .args(["-x", "none", "-pthread"])
        .arg("-o")
        .arg(&output);
    match linkage {
        Linkage::Shared => command
            .arg("-L")
            .arg(library)
            .arg("-lmtls_verify")
            .arg(format!("-Wl,-rpath,{}", library.display())),
        Linkage::Static => command
            .arg(library.join("libmtls_verify.a"))
            .args(["-ldl", "-lm"]),
    };
    run(command.args(more));
    output
}

/// Runs a program; that it fails is a failure of the test, with all it says.
pub(crate) fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        let program = command.get_program().display();
        panic!("cannot run {program}, which the tests of the C library need: {error}\n{command:?}")
    });
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Runs a program under valgrind: an access that is none, or memory that nobody freed, is a
/// failure.
pub(crate) fn valgrind(program: &Path, arguments: &[impl AsRef<OsStr>]) {
    run(Command::new("valgrind")
        .args([
            "--quiet",
            "--error-exitcode=99",
            "--leak-check=full",
            "--errors-for-leak-kinds=definite,indirect,possible",
        ])
        .arg(program)
        .args(arguments));
}

/// Whether a program is there. If not, the test says that it did not run; where `CI` is set it
/// fails.
pub(crate) fn has(program: &str) -> bool {
    let is_there = Command::new(program).arg("--help").output().is_ok();
    let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    assert!(is_there || !is_ci, "there is no {program}");
    if !is_there {
        eprintln!("not run: there is no {program}");
    }
    is_there
}
