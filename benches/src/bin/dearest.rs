//! Looks for the dearest chain of each kind that a stranger can send.
//!
//! Without an option it prints the chains of `src/hostile/found.txt`, measured in time on this
//! machine.

use benches::hostile::price::{PRICED, Prices, Signatures, verify_for_real};
use benches::hostile::search::{Cost, climb, evaluate};
use benches::hostile::{FOUND_FILE, Found, Input, KINDS, Kind, found};

const USAGE: &str =
    "usage: dearest [--rounds N [--seed N] [--write]] [KIND...], or dearest --genes \"N...\" KIND";

struct Options {
    rounds: Option<u32>,
    /// Of one chain to be measured alone.
    genes: Option<Vec<u32>>,
    seed: u64,
    is_to_write: bool,
    kinds: Vec<&'static Kind>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::read()?;
    let prices = Prices::measured();
    for (key, price) in PRICED.iter().zip(prices.by_key) {
        println!("{}: {:.1} us a signature", key.name(), price / 1_000.0);
    }
    println!("hashing: {:.2} ns a byte\n", prices.byte);
    println!("| kind | genes | bytes | work | signatures | as real | x honest | refused with |");
    println!("|---|---|---:|---:|---:|---:|---:|---|");

    let mut kept = found();
    for kind in &options.kinds {
        let known = |kept: &[Found]| -> Vec<Vec<u32>> {
            let of_kind = kept.iter().filter(|found| found.kind == kind.name);
            let genes = of_kind.map(|found| found.genes.clone());
            genes
                .filter(|genes| genes.len() == kind.genes.len())
                .collect()
        };
        if let Some(genes) = options.genes.clone() {
            let dearest = evaluate(kind, genes, &prices);
            print(
                &Found::new(kind, dearest.genes),
                &dearest.cost,
                dearest.ratio,
            );
            continue;
        }
        let rounds = options.rounds.unwrap_or(0);
        let known = known(&kept);
        if options.rounds.is_none() && known.is_empty() {
            continue;
        }
        let dearest = climb(kind, &known, rounds, options.seed, &prices);
        let found = Found::new(kind, dearest.genes);
        print(&found, &dearest.cost, dearest.ratio);
        kept.retain(|other| other.kind != found.kind);
        kept.push(found);
    }
    if options.is_to_write {
        let place = |found: &Found| KINDS.iter().position(|kind| kind.name == found.kind);
        kept.retain(|found| place(found).is_some());
        kept.sort_by_key(place);
        let mut text = String::from(
            "# The genes of the dearest chain of each kind, as `dearest --rounds N --write` found them.\n",
        );
        for found in &kept {
            text.push_str(&found.line());
            text.push('\n');
        }
        std::fs::write(FOUND_FILE, text)?;
    }
    Ok(())
}

fn print(found: &Found, cost: &Cost, ratio: f64) {
    let input = found.input();
    let Signatures { by_key, .. } = cost.signatures;
    println!(
        "| {} | {} | {} | {:.1} us | {:?} | {:.1} us | {:.1} | {} |",
        found.kind,
        found
            .genes
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(" "),
        input.bytes(),
        cost.work / 1_000.0,
        by_key,
        as_real(&input) / 1_000.0,
        ratio,
        input.outcome(),
    );
}

/// The least time of some verifications whose signatures are verified.
fn as_real(input: &Input) -> f64 {
    verify_for_real(true);
    let prices = Prices {
        by_key: [0.0; 3],
        byte: 0.0,
    };
    let cost = Cost::measured(input, &prices);
    verify_for_real(false);
    cost.work
}

impl Options {
    fn read() -> Result<Self, Box<dyn std::error::Error>> {
        use lexopt::prelude::{Long, Value, ValueExt};
        let mut options = Self {
            rounds: None,
            genes: None,
            seed: 1,
            is_to_write: false,
            kinds: Vec::new(),
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("rounds") => options.rounds = Some(arguments.value()?.parse()?),
                Long("genes") => {
                    let genes = arguments.value()?.string()?;
                    let genes = genes.split_whitespace().map(str::parse);
                    options.genes = Some(genes.collect::<Result<_, _>>()?);
                }
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("write") => options.is_to_write = true,
                Value(name) => {
                    let name = name.string()?;
                    let kind = Kind::named(&name).ok_or_else(|| format!("no kind {name:?}"))?;
                    options.kinds.push(kind);
                }
                other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
            }
        }
        if options.kinds.is_empty() {
            options.kinds = KINDS.iter().collect();
        }
        Ok(options)
    }
}
