//! The code that the guide shows of a server with `rustls` is that of the docs of `rustls`.

/// From the comment on the first function to the end of the block.
fn accepting(document: &str) -> &str {
    let begin = document.find("/// The client and its connection;");
    let (_, rest) = document.split_at(begin.expect("the functions"));
    let (code, _) = rest.split_once("```").expect("the end of the block");
    code
}

#[test]
fn guide_and_docs_accept_alike() {
    let code = accepting(include_str!("../../docs/guide/servers.md"));
    assert!(code.contains("async fn accept(") && code.contains("async fn let_alert_arrive("));
    assert_eq!(code, accepting(include_str!("../../src/rustls/alert.md")));
}
