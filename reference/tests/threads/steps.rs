//! Holds the steps of the model to the source: a change of these lines asks for one of the model.

const VERIFIER: &str = include_str!("../../../src/client_verifier.rs");
const SIGNATURES: &str = include_str!("../../../src/engine/signatures.rs");
const SIGNATURE_STATE: &str = include_str!("../../../src/revocation/signature_state.rs");

/// The code of a file without comments and white space.
fn code(source: &str) -> String {
    let lines = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(str::split_whitespace).collect()
}

/// Fails unless the function has these steps in this order.
fn has_steps(source: &str, function: &str, steps: &[&str]) {
    let (_, body) = source
        .split_once(&format!("fn {function}("))
        .expect(function);
    let (body, _) = body.split_once("\n    }\n").expect(function);
    let body = code(body);
    let mut rest = body.as_str();
    for step in steps {
        let found = rest.split_once(step);
        rest = found
            .unwrap_or_else(|| panic!("fn {function}: no {step} in {rest}"))
            .1;
    }
}

/// What is asked of this value, wherever in the file.
fn uses<'a>(code: &'a str, value: &str) -> Vec<&'a str> {
    let after = code.split(value).skip(1);
    let name = |after: &'a str| {
        let is_in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        after.split(|c| !is_in_name(c)).next().unwrap_or_default()
    };
    after.map(name).collect()
}

#[test]
fn the_verifier_has_the_steps_of_the_model() {
    let verify = [
        "letstate=self.state.load();",
        "state.decide(scopes,chain,now)",
    ];
    has_steps(VERIFIER, "verify_within", &verify);
    let decide = [
        "chains.get(digest)",
        "known.stable.includes(time)",
        "verify_with(&self.store,",
        "&self.policy,",
        "chains.insert(digest,",
    ];
    has_steps(VERIFIER, "decide", &decide);
    let without = ["self.replace_state(store,None)"];
    has_steps(VERIFIER, "replace_store", &without);
    let with = ["self.replace_state(store,Some(Arc::new(policy)))"];
    has_steps(VERIFIER, "replace", &with);
    let replace_state = [
        "self.state.load()",
        "loop{",
        "letpolicy=policy.as_ref().unwrap_or(&current.policy)",
        "letcrls=current.crls.under(&current.store,&store)",
        "crls.check((&current.store,&current.policy),(&store,policy))?",
        "State::new(store,policy,crls)",
        "self.state.compare_and_swap(&*current,next)",
        "Arc::ptr_eq(&found,&current)",
        "returnOk(())",
        "current=found",
    ];
    has_steps(VERIFIER, "replace_state", &replace_state);
    for given in ["store", "policy", "store_and_policy"] {
        has_steps(VERIFIER, given, &["self.state.load()"]);
    }
    let verify_one = ["known.contains(", "verify_signature(", "known.insert("];
    has_steps(SIGNATURES, "verify_one", &verify_one);
}

/// No other line touches the state or a memory.
#[test]
fn the_verifier_has_no_other_steps() {
    let code = code(VERIFIER);
    assert_eq!(
        uses(&code, "self.state."),
        ["load", "load", "compare_and_swap", "load", "load", "load"]
    );
    assert_eq!(uses(&code, "chains."), ["as_ref", "get", "insert"]);
    assert_eq!(uses(&code, "self.known."), ["get", "insert"]);
}

#[test]
fn the_notes_have_the_steps_of_the_model() {
    let verify = ["open.memo.recall(", "open.is_made_by(", "open.memo.note("];
    has_steps(SIGNATURE_STATE, "verify", &verify);
    has_steps(
        SIGNATURE_STATE,
        "recall",
        &["slot.get()", "has(&self.made)", "has(&self.not_made)"],
    );
    has_steps(
        SIGNATURE_STATE,
        "note",
        &[
            "forslotinslots",
            "slot.set(by)",
            "slot.get()",
            "known.is_same(&by)",
        ],
    );
    let code = code(SIGNATURE_STATE);
    assert!(code.contains("made:[std::sync::OnceLock<Verifier>;4]"));
    assert!(code.contains("not_made:[std::sync::OnceLock<Verifier>;8]"));
    assert_eq!(uses(&code, "slot."), ["get", "set", "get"]);
    assert_eq!(uses(&code, "open.memo."), ["recall", "note"]);
}
