//! Looks for the dearest chain of a kind, by mutation and hill climbing.

use std::hint::black_box;
use std::time::Instant;

use super::price::{Prices, Signatures};
use super::{Input, Kind};

/// What a chain costs, in nanoseconds or in whatever the prices are in.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// All but the signatures.
    pub work: f64,
    /// The signatures.
    pub signatures: Signatures,
    /// All of it.
    pub whole: f64,
}

impl Cost {
    /// Measures in nanoseconds: the least of some runs.
    pub fn measured(input: &Input, prices: &Prices) -> Self {
        let signatures = Signatures::of(|| drop(black_box(input.verify())));
        let mut work = f64::MAX;
        let begun = Instant::now();
        for run in 0..RUNS {
            let start = Instant::now();
            drop(black_box(black_box(input).verify()));
            work = work.min(start.elapsed().as_nanos() as f64);
            // A dear chain need not be measured as often.
            if run >= 3 && begun.elapsed().as_millis() > 40 {
                break;
            }
        }
        Self::new(work, signatures, prices)
    }

    /// The sum of both.
    pub fn new(work: f64, signatures: Signatures, prices: &Prices) -> Self {
        Self {
            work,
            signatures,
            whole: work + prices.of(&signatures),
        }
    }
}

const RUNS: u32 = 15;

/// The dearest genes of a kind, and how many times an honest chain they cost.
#[derive(Clone, Debug)]
pub struct Dearest {
    /// The genes.
    pub genes: Vec<u32>,
    /// What their chain costs.
    pub cost: Cost,
    /// That divided by what the honest chain costs.
    pub ratio: f64,
}

/// Climbs from the seeds of a kind and `known` genes, for so many rounds. The same `seed` tries the
/// same chains, as far as times are the same.
pub fn climb(kind: &Kind, known: &[Vec<u32>], rounds: u32, seed: u64, prices: &Prices) -> Dearest {
    let mut random = Random(seed);
    let seeds = kind.seeds.iter().map(|genes| genes.to_vec());
    let mut hills: Vec<_> = seeds
        .chain(known.iter().cloned())
        .map(|genes| evaluate(kind, genes, prices))
        .collect();
    let by_ratio = |one: &Dearest, other: &Dearest| other.ratio.total_cmp(&one.ratio);
    hills.sort_by(by_ratio);
    for round in 0..rounds {
        // Half of the time the dearest so far, else another one.
        let parent = match round % 2 {
            0 => 0,
            _ => random.below(hills.len() as u32) as usize,
        };
        let genes = mutate(kind, &hills[parent].genes, &mut random);
        let child = evaluate(kind, genes, prices);
        if child.ratio > hills[parent].ratio {
            hills.push(child);
            hills.sort_by(by_ratio);
            hills.truncate(6);
        }
    }
    hills.swap_remove(0)
}

/// Measures the chain of these genes. One that is out of bounds costs nothing.
pub fn evaluate(kind: &Kind, genes: Vec<u32>, prices: &Prices) -> Dearest {
    let input = kind.input(&genes);
    if !input.is_within_bounds() {
        let cost = Cost::new(0.0, Signatures::default(), prices);
        return Dearest {
            genes,
            cost,
            ratio: 0.0,
        };
    }
    let honest = input.honest();
    let ordinary = Cost::measured(&honest, prices);
    let cost = Cost::measured(&input, prices);
    Dearest {
        genes,
        cost,
        ratio: cost.whole / ordinary.whole,
    }
}

/// Changes one gene to three: to any value, to an end of its range, or by a little.
fn mutate(kind: &Kind, genes: &[u32], random: &mut Random) -> Vec<u32> {
    let mut genes = genes.to_vec();
    for _ in 0..=random.below(3) {
        let place = random.below(genes.len() as u32) as usize;
        let most = kind.genes[place].most;
        let step = (genes[place] / 8).max(1);
        genes[place] = match random.below(6) {
            0 => random.below(most + 1),
            1 => most,
            2 => 0,
            3 => genes[place].saturating_sub(step),
            4 => genes[place] / 2,
            _ => (genes[place] + step).min(most),
        };
    }
    genes
}

/// splitmix64.
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % u64::from(end)) as u32
    }
}
