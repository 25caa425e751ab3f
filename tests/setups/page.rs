//! The code of the page is the code that the tests try.

use crate::common::testdata;

const SETUPS: [&str; 5] = [
    include_str!("federation.rs"),
    include_str!("tenants.rs"),
    include_str!("factories.rs"),
    include_str!("cards.rs"),
    include_str!("keys.rs"),
];

#[test]
fn the_page_has_the_code_of_the_tests() {
    let page = testdata().join("../docs/guide/scopes.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let blocks = page.split("```rust\n").skip(1);
    let blocks: Vec<&str> = blocks
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert_eq!(blocks.len(), SETUPS.len());
    for (setup, block) in SETUPS.iter().zip(blocks) {
        assert!(setup.contains(block), "no test has this code:\n{block}");
    }
}
