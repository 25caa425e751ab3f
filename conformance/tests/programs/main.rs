//! The programs fail where they must: their exit code and what they say, over small inputs made of
//! `testdata/example/`.

mod limbo;
mod pkits;

use std::process::Output;

/// A root that issued the issuing CA of the chains.
const CA: &str = include_str!("../../../testdata/example/ca.pem");
/// A client with DNS:device-7.fleet.example.org and digitalSignature, and its issuing CA.
const CHAIN: &str = include_str!("../../../testdata/example/chain.pem");

/// What a run of a program wrote, and whether it succeeded.
struct Run {
    succeeded: bool,
    results: String,
    said: String,
}

impl Run {
    fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self {
            succeeded: output.status.success(),
            results: text(output.stdout),
            said: text(output.stderr),
        }
    }

    /// The verdict on a case and its context, if the run got so far.
    fn verdict(&self, id: &str) -> (String, String) {
        let report: serde_json::Value = serde_json::from_str(&self.results).expect("a report");
        let results = report["results"].as_array().expect("results");
        let result = results.iter().find(|result| result["id"] == id);
        let result = result.expect("a result");
        let text = |field: &str| result[field].as_str().unwrap_or_default().to_owned();
        (text("actual_result"), text("context"))
    }

    #[track_caller]
    fn assert_succeeds(&self) {
        assert!(self.succeeded, "{}", self.said);
    }

    /// The run fails, and says all of this.
    #[track_caller]
    fn assert_fails(&self, saying: &[&str]) {
        assert!(!self.succeeded, "it succeeds:\n{}", self.said);
        for words in saying {
            assert!(self.said.contains(words), "not {words:?}:\n{}", self.said);
        }
    }
}

/// The PEM blocks of the chain: the client, then its issuer.
fn chain() -> (String, String) {
    const END: &str = "-----END CERTIFICATE-----\n";
    let (client, issuer) = CHAIN.split_once(END).expect("two blocks");
    (format!("{client}{END}"), issuer.to_owned())
}
