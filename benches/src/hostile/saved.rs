//! What was found, made beforehand: making it takes random numbers, by which instructions differ
//! from run to run.

use std::path::Path;

use mtls_verify::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};

use super::premises::{Material, Premises, World};
use super::price::Forged;
use super::{Input, found};

/// The chains of [`found`], the stores that they are for, and forged signatures.
#[derive(Serialize, Deserialize)]
pub struct Saved {
    worlds: Vec<(World, Material)>,
    chains: Vec<Chain>,
    /// A short message with a signature by each of [`PRICED`](super::price::PRICED).
    pub signatures: Vec<Forged>,
}

#[derive(Serialize, Deserialize)]
struct Chain {
    kind: String,
    world: World,
    certificates: Vec<Vec<u8>>,
}

impl Saved {
    /// Makes all.
    pub fn made() -> Self {
        let mut saved = Self {
            worlds: Vec::new(),
            chains: Vec::new(),
            signatures: super::price::PRICED
                .map(|key| Forged::new(key, Forged::SHORT))
                .into(),
        };
        for found in found() {
            let input = found.input();
            for premises in [&input.premises, &input.honest().premises] {
                let world = premises.world();
                if saved.worlds.iter().all(|(known, _)| *known != world) {
                    saved.worlds.push((world, premises.material().clone()));
                }
            }
            saved.chains.push(Chain {
                kind: found.kind,
                world: input.premises.world(),
                certificates: input.chain.iter().map(|der| der.to_vec()).collect(),
            });
        }
        saved
    }

    /// Writes a file.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        std::fs::write(path, serde_json::to_string(self)?)
    }

    /// Reads a file that [`Saved::write`] wrote.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    }

    /// The chains with their kinds.
    pub fn into_inputs(self) -> Vec<(String, Input)> {
        for (world, material) in self.worlds {
            Premises::made_of(world, material);
        }
        let inputs = self.chains.into_iter().map(|chain| {
            let certificates = chain.certificates.into_iter().map(CertificateDer::from);
            let input = Input {
                premises: Premises::of(chain.world),
                chain: certificates.collect(),
            };
            (chain.kind, input)
        });
        inputs.collect()
    }
}
