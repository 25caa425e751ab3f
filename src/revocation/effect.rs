//! What one CRL does to the status of a certificate that it is about (RFC 5280 §6.3.3): the table
//! of `docs/DESIGN.md`.

/// Whose key made a CRL, and what is known of that key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authenticity {
    /// The key that signed the certificate, or that of another CA of its path. While the path of a
    /// signer of CRLs is judged, also that signer, of the certificates of its own name.
    Path,
    /// A delegate: a certificate of the CRL's issuer that has a path to the anchor of the
    /// certificate, and is what the policy asks for.
    Delegate,
    /// The same, but its status is not known, and the policy allows that.
    UnknownDelegate,
    /// The key that signed the certificate, which is not for CRLs, or a certificate of the CRL's
    /// issuer that has a path to some anchor of the store, expired or of unknown status perhaps. It
    /// can only revoke.
    RevokingOnly,
    /// A signer that is being judged, which comes to this CRL.
    InProgress,
    /// Nobody's who is known to be valid.
    Unproven,
}

/// What the age of a CRL is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// Its thisUpdate is to come.
    Future,
    /// It was made after the certificate had expired, and may have left it out (§3.3).
    MayBePruned,
    /// Fresh, or too old by no more than the policy accepts.
    Accepted,
    /// Older than that.
    TooStale,
}

/// What a CRL says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The certificate is on it.
    Revoked,
    /// It is not, and the CRL could say so: it is complete, and has the form that the policy's
    /// profile asks for.
    Absent,
    /// It is not, and that says nothing: the CRL only continues another one (§5.2.4), does not
    /// conform, or is by a CA whose key is not for CRLs.
    Silent,
}

/// What a CRL does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The certificate is revoked.
    Revokes,
    /// It is not, for the reasons that the CRL covers.
    Vouches,
    /// The same, as far as anybody knows.
    VouchesUnsurely,
    /// It would vouch if it were newer. This is refused whatever is unknown.
    TooStale,
    /// The certificate is on it, and nobody knows whose CRL that is. This is refused whatever is
    /// unknown: else one that is revoked would only have to leave out the certificate of the
    /// signer.
    Unproven,
    /// The certificate is on the CRL of a signer that is not valid unless this one is.
    Circular,
    /// Nothing.
    Nothing,
}

/// What a CRL does that is about a certificate.
pub(crate) fn effect(authenticity: Authenticity, age: Age, entry: Entry) -> Effect {
    use Authenticity::{Delegate, InProgress, Path, RevokingOnly, UnknownDelegate, Unproven};
    match (entry, authenticity, age) {
        // Being revoked does not depend on the age.
        (Entry::Revoked, Path | Delegate | UnknownDelegate | RevokingOnly, _) => Effect::Revokes,
        (Entry::Revoked, InProgress, _) => Effect::Circular,
        (Entry::Revoked, Unproven, _) => Effect::Unproven,

        (Entry::Absent, Path | Delegate, Age::Accepted) => Effect::Vouches,
        (Entry::Absent, UnknownDelegate, Age::Accepted) => Effect::VouchesUnsurely,
        // Whatever its signer is: a laxer policy, by which the signer is valid, must not refuse
        // more.
        (Entry::Absent, Path | Delegate | UnknownDelegate | RevokingOnly, Age::TooStale) => {
            Effect::TooStale
        }
        (Entry::Absent | Entry::Silent, ..) => Effect::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of `docs/DESIGN.md`: a row for each authenticity, a column for each age of a CRL
    /// that does not have the certificate; and last, what it does if it has it.
    const TABLE: [(Authenticity, [Effect; 4], Effect); 6] = {
        use Authenticity::*;
        use Effect::{Circular, Nothing, Revokes, TooStale, Vouches, VouchesUnsurely};
        [
            // from the future, may be pruned, accepted, too stale
            (Path, [Nothing, Nothing, Vouches, TooStale], Revokes),
            (Delegate, [Nothing, Nothing, Vouches, TooStale], Revokes),
            (
                UnknownDelegate,
                [Nothing, Nothing, VouchesUnsurely, TooStale],
                Revokes,
            ),
            (RevokingOnly, [Nothing, Nothing, Nothing, TooStale], Revokes),
            (InProgress, [Nothing; 4], Circular),
            (Unproven, [Nothing; 4], Effect::Unproven),
        ]
    };

    const AGES: [Age; 4] = [Age::Future, Age::MayBePruned, Age::Accepted, Age::TooStale];

    #[test]
    fn every_cell_of_the_table() {
        for (authenticity, absent, revoked) in TABLE {
            for (age, expected) in AGES.into_iter().zip(absent) {
                assert_eq!(effect(authenticity, age, Entry::Absent), expected);
                assert_eq!(effect(authenticity, age, Entry::Silent), Effect::Nothing);
                assert_eq!(effect(authenticity, age, Entry::Revoked), revoked);
            }
        }
    }
}
