//! The committed header is what `cbindgen` makes of the source.

use std::path::Path;

#[test]
fn the_header_is_what_is_made_of_the_source() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).expect("cbindgen.toml");
    let bindings = cbindgen::Builder::new()
        .with_src(folder.join("src/lib.rs"))
        .with_config(config)
        .generate()
        .expect("a header");
    let mut made = Vec::new();
    bindings.write(&mut made);
    let path = folder.join("include/mtls_verify.h");
    if std::env::var_os("MTLS_VERIFY_UPDATE_HEADER").is_some() {
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        assert!(!is_ci, "written by hand, and then committed");
        std::fs::write(&path, &made).expect("the header can be written");
    }
    let committed = std::fs::read(&path).unwrap_or_default();
    assert!(
        committed == made,
        "include/mtls_verify.h is not what the source makes of it: MTLS_VERIFY_UPDATE_HEADER=1 cargo test -p mtls-verify-ffi --test header"
    );
}
