//! The examples in C, Python and Go, with a client that is let in and one that has expired.

mod fixtures;
mod native;

use std::path::{Path, PathBuf};
use std::process::Command;

use native::{Compiler, Linkage, compile, folder, has, here, library, run, valgrind};

const NOW: &str = "1780272000";
const AFTER: &str = "1811808000";
const ACCEPTED: &str = "CN=alice,OU=Night,OU=Operations,O=Example may come in";
const REFUSED: &str = "ClientCertExpired: client certificate CN=alice";

fn arguments(folder: &Path, time: &str) -> [PathBuf; 4] {
    let [ca, client, issuing] =
        ["ca.pem", "client.der", "issuing.der"].map(|file| folder.join(file));
    [ca, time.into(), client, issuing]
}

/// `start` makes the command, to which the arguments are added.
fn assert_verifies(folder: &Path, start: impl Fn() -> Command) {
    let accepted = run(start().args(arguments(folder, NOW)));
    let said = String::from_utf8_lossy(&accepted.stdout);
    assert!(said.starts_with(ACCEPTED), "{said}");
    let refused = start().args(arguments(folder, AFTER)).output();
    let refused = refused.expect("it ran before");
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.starts_with(REFUSED), "{said}");

    // What is no time, and what would be `NOW` in 64 bits.
    for time in ["18446744075489823616", "1780272000s", ""] {
        let refused = start().args(arguments(folder, time)).output();
        let refused = refused.expect("it ran before");
        assert!(!refused.status.success(), "{time:?} is taken for a time");
    }
    let nothing = start().output().expect("it ran before");
    assert!(!nothing.status.success(), "{nothing:?}");
}

#[test]
fn c() {
    let files = fixtures::make("example-c");
    let source = here("examples/verify.c");
    let program = compile(&source, Compiler::C99, Linkage::Shared, &[]);
    assert_verifies(&files, || Command::new(&program));
    valgrind(&program, &arguments(&files, NOW));

    // A bundle of which a part was read would be one with fewer CAs.
    let ca = std::fs::read(files.join("ca.pem")).expect("a readable file");
    let large = files.join("large.pem");
    for (size, is_read) in [(2 << 20, true), (17 << 20, false)] {
        let bundle = [ca.as_slice(), &vec![b'\n'; size]].concat();
        std::fs::write(&large, bundle).expect("a file for the test");
        let mut arguments = arguments(&files, NOW);
        arguments[0] = large.clone();
        let output = Command::new(&program).args(arguments).output();
        let output = output.expect("it ran before");
        assert_eq!(output.status.success(), is_read, "{output:?}");
    }
}

#[test]
fn python() {
    if !has("python3") {
        return;
    }
    let files = fixtures::make("example-python");
    let example = std::fs::read_to_string(here("examples/verify.py")).expect("the example");
    assert!(example.lines().count() <= 50, "an example is short");
    assert_verifies(&files, || {
        let mut python = Command::new("python3");
        python
            .arg(here("examples/verify.py"))
            .arg(library().join("libmtls_verify.so"));
        python
    });
}

#[test]
fn go() {
    if !has("go") {
        return;
    }
    let files = fixtures::make("example-go");
    let library = library().display().to_string();
    let work = folder("go");
    let description = format!(
        "Name: mtls_verify\nDescription: for a test\nVersion: 0\nCflags: -I{}\nLibs: -L{library} -lmtls_verify\n",
        here("include").display()
    );
    std::fs::write(work.join("mtls_verify.pc"), description).expect("a file for the test");
    let program = work.join("verify");
    run(Command::new("go")
        .arg("build")
        .arg("-o")
        .arg(&program)
        .arg(here("examples/verify.go"))
        .env("PKG_CONFIG_PATH", &work)
        .env("GOCACHE", work.join("cache"))
        .env("GO111MODULE", "off"));
    assert_verifies(&files, || {
        let mut go = Command::new(&program);
        go.env("LD_LIBRARY_PATH", &library);
        go
    });
}
