//! The parameters of RSASSA-PSS (RFC 4055 §3.1), right and wrong.

use crate::key::algorithm;
use crate::{der, oid};

/// Whether the AlgorithmIdentifier of a hash has NULL parameters, or none (RFC 4055 §2.1: the
/// same).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashParameters {
    /// NULL.
    Null,
    /// None.
    Absent,
}

/// RSASSA-PSS-params to be: a template that each method changes in one thing. It starts empty,
/// which is SHA-1 throughout.
#[derive(Clone, Debug, Default)]
pub struct PssParameters {
    fields: [Vec<u8>; 4],
}

impl PssParameters {
    /// Of one hash, MGF1 with the same, and a salt of its length, with NULL parameters of the
    /// hashes.
    ///
    /// # Panics
    ///
    /// If it is none of SHA-256, SHA-384 and SHA-512.
    pub fn of(hash: &str) -> Self {
        let salt = match hash {
            oid::SHA256 => 32,
            oid::SHA384 => 48,
            oid::SHA512 => 64,
            _ => panic!("{hash} has no salt of its own here"),
        };
        Self::default()
            .hash(hash, HashParameters::Null)
            .mask(hash, HashParameters::Null)
            .salt(salt)
    }

    /// hashAlgorithm.
    pub fn hash(self, hash: &str, parameters: HashParameters) -> Self {
        self.raw(0, &hash_identifier(hash, parameters))
    }

    /// maskGenAlgorithm: MGF1 with this hash.
    pub fn mask(self, hash: &str, parameters: HashParameters) -> Self {
        let mask = algorithm(oid::MGF1, &hash_identifier(hash, parameters));
        self.raw(1, &mask)
    }

    /// saltLength.
    pub fn salt(self, octets: u64) -> Self {
        self.raw(2, &der::unsigned(octets))
    }

    /// trailerField.
    pub fn trailer(self, number: u64) -> Self {
        self.raw(3, &der::unsigned(number))
    }

    /// These bytes in the place of what is in field `[number]`.
    ///
    /// # Panics
    ///
    /// If `number` is above 3.
    pub fn raw(mut self, number: u8, content: &[u8]) -> Self {
        self.fields[usize::from(number)] = der::context_constructed(number, content);
        self
    }

    /// Without field `[number]`, which is its default.
    ///
    /// # Panics
    ///
    /// If `number` is above 3.
    pub fn without(mut self, number: u8) -> Self {
        self.fields[usize::from(number)].clear();
        self
    }

    /// RSASSA-PSS-params, encoded.
    pub fn der(&self) -> Vec<u8> {
        der::sequence(&self.fields)
    }

    /// The AlgorithmIdentifier with these parameters.
    pub fn identifier(&self) -> Vec<u8> {
        algorithm(oid::RSASSA_PSS, &self.der())
    }
}

fn hash_identifier(hash: &str, parameters: HashParameters) -> Vec<u8> {
    match parameters {
        HashParameters::Null => algorithm(hash, &der::null()),
        HashParameters::Absent => algorithm(hash, &[]),
    }
}
