//! Revocation: which CRLs count for which certificate, what they say, and what the policy makes of
//! it.

mod authentic;
mod basic;
mod bystanders;
mod critical;
mod delegated;
mod delta;
mod delta_applies;
mod deny;
mod encoding;
mod entries;
mod faults;
mod freshness;
mod future;
mod generations;
mod history;
mod hold;
mod indirect;
mod keys;
mod kinds;
mod loading;
mod loading_fields;
mod newest;
mod other_paths;
mod outranks;
mod own_key;
mod points;
mod profile;
mod profile_extensions;
mod pruned;
mod published;
mod reasons;
mod relative;
mod rollover;
mod stored;
mod superseding;
mod until;

use self::faults::Fault;
use crate::cases::Case;
use crate::cases::fixture::{alice, issuing, root};
use crate::{Cert, Crl, Extension, Key, KeyUsage, Name};

const REVOKED: &str = "revoked";
const DENIED: &str = "denied";
/// [`faults`] says which CRL is to blame, and for what.
const REVOCATION_UNKNOWN: &str = "revocation-unknown";
const STALE_CRL: &str = "stale-crl";
const CIRCULAR_CRLS: &str = "circular-crls";

/// Of the client, its issuer and the anchor, where only the client is checked.
const GOOD: [&str; 3] = ["good", "not-checked", "not-checked"];
const STALE: [&str; 3] = ["stale", "not-checked", "not-checked"];
const UNKNOWN: [&str; 3] = ["unknown", "not-checked", "not-checked"];
/// Where the whole path is checked.
const ALL_GOOD: [&str; 3] = ["good", "good", "not-checked"];

pub(super) fn cases() -> Vec<Case> {
    [
        basic::cases(),
        freshness::cases(),
        until::cases(),
        newest::cases(),
        authentic::cases(),
        delegated::cases(),
        rollover::cases(),
        kinds::cases(),
        points::cases(),
        relative::cases(),
        reasons::cases(),
        indirect::cases(),
        delta::cases(),
        delta_applies::cases(),
        entries::cases(),
        loading::cases(),
        loading_fields::cases(),
        profile::cases(),
        profile_extensions::cases(),
        encoding::cases(),
        deny::cases(),
        critical::cases(),
        other_paths::cases(),
        pruned::cases(),
        published::cases(),
        hold::cases(),
        keys::cases(),
        own_key::cases(),
        bystanders::cases(),
        history::cases(),
        generations::cases(),
        superseding::cases(),
        outranks::cases(),
        future::cases(),
        stored::cases(),
    ]
    .concat()
}

/// A case in which the client is checked, and the CA that issued it has a CRL without entries.
fn client(name: &str, rule: &str, description: &str) -> Case {
    Case::new(&format!("revocation-{name}"), rule, description)
        .policy("revocation.scope", "client-only")
        .crls(&[plain_crl()])
        .revocation(&GOOD)
}

/// A case in which the whole path is checked, and both CAs have a CRL without entries.
fn whole_path(name: &str, rule: &str, description: &str) -> Case {
    Case::new(&format!("revocation-{name}"), rule, description)
        .policy("revocation.scope", "whole-path")
        .crls(&[plain_crl(), Crl::of(&root())])
        .revocation(&ALL_GOOD)
}

/// The CRL of the issuing CA: of 2026, without entries.
fn plain_crl() -> Crl {
    Crl::of(&issuing())
}

/// The CRL of the issuing CA, which revokes alice.
fn revoking() -> Crl {
    plain_crl().revoke(&alice())
}

/// The same CRL by another key: signature and authorityKeyIdentifier.
fn by(signer: &Cert, crl: Crl) -> Crl {
    let key = signer.key().expect("a signer has a key");
    let identifier = Extension::authority_key_identifier(&key.identifier());
    crl.signed_by(key).extension(identifier)
}

/// A client of the issuing CA that the CRLs may revoke without harm to alice.
fn bob() -> Cert {
    Cert::client("bob", &Key::p256("bob")).issued_by(&issuing())
}

/// Another CA below the root, which issues CRLs for others.
fn crl_issuer() -> Cert {
    Cert::ca("CRL Issuer", &Key::p256("crl issuer")).issued_by(&root())
}

/// A CRL that counts for alice: without her she is good, with her she is revoked. `set` gives a
/// case its CRL, and what belongs to it.
fn used(name: &str, rule: &str, description: &str, set: impl Fn(Case, Crl) -> Case) -> Vec<Case> {
    let case = |suffix: &str, verdict: &str| {
        client(
            &format!("{name}-{suffix}"),
            rule,
            &format!("{description} {verdict}"),
        )
    };
    vec![
        set(
            case("good", "It does not list the client: accepted."),
            plain_crl(),
        ),
        set(case("revoked", "It lists the client: refused."), revoking()).refuse(REVOKED, "client"),
    ]
}

/// A CRL of alice's issuer, or of a cRLIssuer that her points name, that is not about her: it does
/// not vouch for her, and an entry with her serial number is another certificate's.
fn out_of_scope(
    name: &str,
    rule: &str,
    description: &str,
    set: impl Fn(Case, Crl) -> Case,
) -> Vec<Case> {
    vec![
        denied(name, rule, description, &set).untold(Fault::Scope, "client"),
        other_serial(name, rule, description, &set),
    ]
}

/// The same of a CRL of another issuer: there is no CRL about alice.
fn of_another_issuer(
    name: &str,
    rule: &str,
    description: &str,
    set: impl Fn(Case, Crl) -> Case,
) -> Vec<Case> {
    vec![
        denied(name, rule, description, &set).without_crl("client"),
        other_serial(name, rule, description, &set),
    ]
}

/// The CRL has alice's serial number, which is another certificate's, and the policy allows unknown
/// status.
fn other_serial(
    name: &str,
    rule: &str,
    description: &str,
    set: &impl Fn(Case, Crl) -> Case,
) -> Case {
    let allowed = "It has the client's serial number, which is another certificate's: nothing is known of the client, which the policy allows.";
    set(
        allowing(name, rule, &format!("{description} {allowed}")),
        revoking(),
    )
}

/// A CRL about alice that is not known to be authentic: it vouches for nobody, and refuses what it
/// names under every policy on unknown status.
fn not_authentic(
    name: &str,
    rule: &str,
    fault: Fault,
    description: &str,
    set: impl Fn(Case, Crl) -> Case,
) -> Vec<Case> {
    let naming = naming(name, "named", rule, description, &set);
    let mut cases = not_vouching(name, rule, fault, description, &set);
    cases.push(naming.named(fault, "client"));
    cases
}

/// A CRL about alice by somebody who may revoke her and not vouch for her.
fn revokes_only(
    name: &str,
    rule: &str,
    fault: Fault,
    description: &str,
    set: impl Fn(Case, Crl) -> Case,
) -> Vec<Case> {
    let naming = naming(name, "revoked", rule, description, &set);
    let mut cases = not_vouching(name, rule, fault, description, &set);
    cases.push(naming.refuse(REVOKED, "client"));
    cases
}

/// A CRL about alice that does not name her, and does not make her good.
fn not_vouching(
    name: &str,
    rule: &str,
    fault: Fault,
    description: &str,
    set: &impl Fn(Case, Crl) -> Case,
) -> Vec<Case> {
    let unnamed = format!(
        "{description} It does not name the client, of which nothing is known, as the policy allows."
    );
    vec![
        denied(name, rule, description, set).untold(fault, "client"),
        set(allowing(name, rule, &unnamed), plain_crl()),
    ]
}

/// The CRL names alice, and the policy allows unknown status.
fn naming(
    name: &str,
    suffix: &str,
    rule: &str,
    description: &str,
    set: &impl Fn(Case, Crl) -> Case,
) -> Case {
    let description = format!(
        "{description} It names the client: refused, although the policy allows unknown status."
    );
    let case = client(&format!("{name}-{suffix}"), rule, &description);
    set(case.policy("revocation.unknown", "allow"), revoking())
}

/// The CRL does not name alice and does not vouch for her, and the policy denies unknown status.
/// The caller says why it is refused.
fn denied(name: &str, rule: &str, description: &str, set: &impl Fn(Case, Crl) -> Case) -> Case {
    let description = format!("{description} So nothing is known of the client: refused.");
    let case = client(&format!("{name}-denied"), rule, &description);
    set(case, plain_crl())
}

/// Accepted although nothing is known of alice.
fn allowing(name: &str, rule: &str, description: &str) -> Case {
    client(&format!("{name}-allowed"), rule, description)
        .policy("revocation.unknown", "allow")
        .revocation(&UNKNOWN)
}

/// The case three times: the client presents `others` behind `chain`, the store has them, or both.
fn placed(case: &Case, chain: &[Cert], others: &[Cert]) -> Vec<Case> {
    let presented = case.clone().chain(&[chain, others].concat());
    let stored = case.clone().chain(chain).intermediates(others);
    let both = presented.clone().intermediates(others);
    vec![
        variant(presented, "presented", "All certificates are presented."),
        variant(stored, "stored", "The store has the others."),
        variant(both, "both", "The others are presented and in the store."),
    ]
}

/// Each case also under a policy that allows unknown status, with the same outcome.
fn whatever_is_allowed(cases: Vec<Case>) -> Vec<Case> {
    let allowed = cases.clone().into_iter().map(|case| {
        let case = case.policy("revocation.unknown", "allow");
        variant(case, "unknown-allowed", "The policy allows unknown status.")
    });
    let allowed: Vec<_> = allowed.collect();
    [cases, allowed].concat()
}

/// A case of another name, which says more of itself.
fn variant(mut case: Case, suffix: &str, sentence: &str) -> Case {
    case.name = format!("{}-{suffix}", case.name);
    case.description = format!("{} {sentence}", case.description);
    case
}

/// A CA's certificate with the issuing CA's name and another key, below `issuer`.
fn new_key(issuer: &Cert) -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing, new")).issued_by(issuer)
}

/// A certificate for CRLs in the issuing CA's name. It says that it is a CA, as a store asks of its
/// certificates.
fn signer(label: &str, issuer: &Cert) -> Cert {
    let key = Key::p256(label);
    Cert::bare(Name::cn("Issuing CA"), &key)
        .extension(Extension::key_usage(&[KeyUsage::CrlSign]))
        .extension(Extension::subject_key_identifier(&key.identifier()))
        .extension(Extension::basic_constraints(true, None))
        .issued_by(issuer)
}

/// Another anchor.
fn old_root() -> Cert {
    Cert::ca("Old Root", &Key::p256("old root"))
}

/// The issuing CA, certified by the other anchor.
fn crossed() -> Cert {
    Cert::ca("Issuing CA", &Key::p256("issuing")).issued_by(&old_root())
}
