//! The C programs of `c/` about every function, about input that is not good, and with threads: as
//! C99 and as C++, with the shared and the static library, plain, under valgrind and with
//! sanitizers.

mod fixtures;
mod native;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use native::{Compiler, Linkage, compile, here, run, valgrind};

const ALL: [(Compiler, Linkage); 4] = [
    (Compiler::C99, Linkage::Shared),
    (Compiler::C99, Linkage::Static),
    (Compiler::Cpp, Linkage::Shared),
    (Compiler::Sanitized, Linkage::Shared),
];

fn source(name: &str) -> PathBuf {
    here("tests/c").join(name)
}

/// What the library says to the algorithms of `aws-lc-rs`, as a macro of the programs.
const OF_AWS_LC_RS: &str = match cfg!(feature = "aws-lc-rs") {
    true => "-DOF_AWS_LC_RS=MTLS_RESULT_OK",
    false => "-DOF_AWS_LC_RS=MTLS_RESULT_INVALID_VALUE",
};

/// Runs a program in all ways.
fn assert_passes(name: &str, arguments: &[&Path]) {
    let source = source(name);
    for (compiler, linkage) in ALL {
        let program = compile(&source, compiler, linkage, &[OF_AWS_LC_RS]);
        run(Command::new(&program).args(arguments));
        if matches!((compiler, linkage), (Compiler::C99, Linkage::Shared)) {
            valgrind(&program, arguments);
        }
    }
}

#[test]
fn no_function_is_left_out() {
    let header = std::fs::read_to_string(here("include/mtls_verify.h")).expect("the header");
    let functions: BTreeSet<&str> = header
        .match_indices("mtls_")
        .filter_map(|(at, _)| {
            let rest = &header[at..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
            rest[end..].starts_with('(').then_some(&rest[..end])
        })
        .collect();
    assert!(functions.len() > 80, "{functions:?}");
    let read = |program| std::fs::read_to_string(source(program)).expect("a program");
    let good = ["api.c", "verdicts.c", "alice.h"].map(read).concat();
    for (program, text) in [("api.c", good), ("bad_input.c", read("bad_input.c"))] {
        let calls = |function: &str| {
            let mut parts = text.split(function).skip(1);
            // As a name by itself: called, or handed to a macro that does.
            parts.any(|after| after.starts_with(['(', ',', ')']))
        };
        for function in functions.iter().filter(|function| !calls(function)) {
            // It takes nothing that could be wrong.
            let takes_nothing = *function == "mtls_version" && program == "bad_input.c";
            assert!(takes_nothing, "{program} does not call {function}");
        }
    }
}

#[test]
fn every_function_does_what_it_says() {
    let folder = fixtures::make("api");
    assert_passes("api.c", &[&folder]);
}

#[test]
fn verdicts_are_those_of_the_policy() {
    let folder = fixtures::make("verdicts");
    assert_passes("verdicts.c", &[&folder]);
}

#[test]
fn bad_input_is_an_error_code() {
    let folder = fixtures::make("bad-input");
    // Uses of what was freed are found by debug builds alone; in others they are undefined.
    let debug = cfg!(debug_assertions).then_some(Path::new("debug"));
    let arguments: Vec<&Path> = [folder.as_path()].into_iter().chain(debug).collect();
    assert_passes("bad_input.c", &arguments);
}

/// What the header says of the library: it opens nothing, reads no clock and starts no thread.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#[test]
fn nothing_is_opened() {
    use std::os::unix::process::ExitStatusExt;

    const SIGSYS: i32 = 31;

    let folder = fixtures::make("quiet");
    for linkage in [Linkage::Shared, Linkage::Static] {
        let program = compile(&source("quiet.c"), Compiler::C99, linkage, &["-ldl"]);
        run(Command::new(&program).arg(&folder));
        // What the program has to notice.
        for (control, expected) in [
            ("open", "forbidden system call "),
            ("socket", "forbidden system call "),
            ("thread", ""),
            ("clock_gettime", "forbidden reading of a clock"),
            ("gettimeofday", "forbidden reading of a clock"),
            ("time", "forbidden reading of a clock"),
        ] {
            let noticed = Command::new(&program).arg(&folder).arg(control).output();
            let noticed = noticed.expect("it can be run");
            let said = String::from_utf8_lossy(&noticed.stderr).into_owned();
            // The C library blocks signals while it starts a thread, so that the kernel ends the
            // program.
            let is_killed = control == "thread" && noticed.status.signal() == Some(SIGSYS);
            let is_noticed = noticed.status.code() == Some(99) && said.starts_with(expected);
            assert!(is_killed || is_noticed, "{control}: {noticed:?}");
        }
    }
}

#[test]
fn objects_are_shared_by_threads() {
    let folder = fixtures::make("threads");
    assert_passes("threads.c", &[&folder]);
}
