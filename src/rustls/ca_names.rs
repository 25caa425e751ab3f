//! Which CAs a server names to its clients.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use ::rustls::DistinguishedName;

use crate::store::TrustStore;

/// The names of CAs that a server advertises in its CertificateRequest (`certificate_authorities`,
/// RFC 8446 §4.2.4; RFC 5246 §7.4.4), by which a client with several certificates chooses one.
///
/// They decide nothing about who is let in.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum CaNames {
    /// None: clients present what they have. That is right with every store, replaced ones
    /// included; tells nobody which CAs the server trusts; and keeps handshakes small. Load
    /// balancers do the same unless told otherwise.
    #[default]
    None,
    /// Those of all trust anchors: for people's browsers, and other clients that hold certificates
    /// of several CAs.
    ///
    /// Pinned clients are not among them, and such clients may take the CRL to mean that they are
    /// not welcome.
    Store,
    /// These, each the DER of a name, such as `TrustStore::distinguished_names` gives.
    Chosen(Vec<DistinguishedName>),
}

/// How many bytes the advertised names may take, each with the two of its length: 10,000. They go
/// into every handshake, and peers have been seen to fail where a message of the handshake does not
/// fit into one record of 16 KiB.
pub const MAX_CA_NAMES_BYTES: usize = 10_000;

/// The names of CAs to be advertised take more than [`MAX_CA_NAMES_BYTES`]. Choose some of them
/// ([`CaNames::Chosen`]), or none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{count} names of CAs take {bytes} bytes, and at most {MAX_CA_NAMES_BYTES} are advertised \
     (CaNames::None or CaNames::Chosen helps)"
)]
pub struct TooManyCaNames {
    count: usize,
    bytes: usize,
}

impl TooManyCaNames {
    /// How many names there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many bytes they take, each with the two of its length.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

impl CaNames {
    /// The names that it comes to with these scopes of a store, or with all of it.
    pub(super) fn of(
        &self,
        store: &TrustStore,
        scopes: Option<&[String]>,
    ) -> Result<Vec<DistinguishedName>, TooManyCaNames> {
        let name = |der: &[u8]| DistinguishedName::from(der.to_vec());
        let names: Vec<DistinguishedName> = match (self, scopes) {
            (Self::None, _) => Vec::new(),
            (Self::Store, None) => store.distinguished_names().map(name).collect(),
            (Self::Store, Some(scopes)) => {
                let scopes = scopes.iter().filter_map(|scope| store.scope(scope));
                let names: BTreeSet<&[u8]> = scopes
                    .flat_map(|scope| scope.store().distinguished_names())
                    .collect();
                names.into_iter().map(name).collect()
            }
            (Self::Chosen(names), _) => names.clone(),
        };
        let sizes = names.iter().map(|name| name.as_ref().len());
        let bytes = sizes.fold(0, |sum: usize, size| {
            sum.saturating_add(size).saturating_add(2)
        });
        match bytes > MAX_CA_NAMES_BYTES {
            true => Err(TooManyCaNames {
                count: names.len(),
                bytes,
            }),
            false => Ok(names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_at_most_what_is_said() {
        let store = TrustStore::from_pem(include_bytes!("../../testdata/example/ca.pem"));
        let store = store.expect("a good CA");
        let of = |bytes: usize| {
            let name = DistinguishedName::from(alloc::vec![0; bytes - 2]);
            CaNames::Chosen(Vec::from([name])).of(&store, None)
        };
        assert_eq!(of(MAX_CA_NAMES_BYTES).map(|names| names.len()), Ok(1));
        let error = of(MAX_CA_NAMES_BYTES + 1).expect_err("a byte too many");
        assert_eq!((error.count(), error.bytes()), (1, MAX_CA_NAMES_BYTES + 1));
    }
}
