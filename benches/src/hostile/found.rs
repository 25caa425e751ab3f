//! What the search found last.

use super::{Input, Kind};
use crate::Hostile;

/// The file that [`found`] reads, as part of the program; `dearest --write` writes it.
pub const FOUND_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/hostile/found.txt");

/// The genes of the dearest chain of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The name of the kind.
    pub kind: String,
    /// The genes.
    pub genes: Vec<u32>,
}

impl Found {
    /// These genes of a kind.
    pub fn new(kind: &Kind, genes: Vec<u32>) -> Self {
        Self {
            kind: kind.name.to_owned(),
            genes,
        }
    }

    /// The chain.
    ///
    /// # Panics
    ///
    /// If there is no such kind, or it has other genes.
    pub fn input(&self) -> Input {
        let kind = Kind::named(&self.kind).expect("a kind of KINDS");
        kind.input(&self.genes)
    }

    /// The line that says so.
    pub fn line(&self) -> String {
        let genes: Vec<_> = self.genes.iter().map(u32::to_string).collect();
        format!("{} {}", self.kind, genes.join(" "))
    }
}

/// The dearest chains, as the search found them last.
///
/// # Panics
///
/// If the file is not as the search writes it.
pub fn found() -> Vec<Found> {
    let lines = include_str!("found.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split_whitespace();
            let kind = words.next().expect("the name of a kind").to_owned();
            let genes = words.map(|gene| gene.parse().expect("a number"));
            Found {
                kind,
                genes: genes.collect(),
            }
        })
        .collect()
}

impl Hostile {
    /// The dearest chain of each kind that the search found.
    pub fn found() -> Vec<Found> {
        found()
    }
}

#[cfg(test)]
mod tests {
    use super::super::KINDS;
    use super::*;

    #[test]
    fn there_is_one_of_each_kind_in_order_and_within_bounds() {
        let found = found();
        let kinds: Vec<_> = found.iter().map(|found| found.kind.as_str()).collect();
        let all: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(kinds, all, "run dearest --rounds N --write");
        for found in &found {
            let kind = Kind::named(&found.kind).expect("a kind");
            let genes = found.genes.iter().zip(kind.genes);
            assert!(genes.clone().all(|(value, gene)| *value <= gene.most));
            assert!(found.input().is_within_bounds(), "{}", found.kind);
        }
    }

    #[test]
    fn seeds_have_the_genes_of_their_kind() {
        for kind in KINDS {
            for seed in kind.seeds {
                assert_eq!(seed.len(), kind.genes.len(), "{}", kind.name);
            }
        }
    }
}
