//! Signatures: counted and judged without work while other work is measured, and priced by
//! themselves.

use std::hint::black_box;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

use mtls_verify::crypto::DEFAULT_ALGORITHMS;
use mtls_verify::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

use serde::{Deserialize, Serialize};

use super::forge;
use crate::KeyKind;
use crate::signatures::Algorithms;

/// The kinds of keys that anchors have here; each signature costs what those of its key cost.
pub const PRICED: [KeyKind; 3] = [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048];

static IS_REAL: AtomicBool = AtomicBool::new(false);
static SIGNATURES: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];
static BYTES: AtomicU32 = AtomicU32::new(0);

static ALGORITHMS: LazyLock<Algorithms> = LazyLock::new(|| {
    let priced = DEFAULT_ALGORITHMS.iter().map(|algorithm| {
        let key = algorithm.public_key_alg_id();
        let place = match key {
            alg_id::ECDSA_P256 => 0,
            alg_id::ECDSA_P384 => 1,
            alg_id::RSA_ENCRYPTION => 2,
            // Ed25519 costs less than P-256.
            _ => 0,
        };
        let priced = Priced {
            algorithm: *algorithm,
            place,
        };
        // A policy's algorithms live as long as the program.
        &*Box::leak(Box::new(priced)) as &'static dyn SignatureVerificationAlgorithm
    });
    Vec::leak(priced.collect())
});

/// The default algorithms. Each counts its signatures; unless [`verify_for_real`] says otherwise, a
/// signature holds if it is not marked as forged.
pub fn algorithms() -> Algorithms {
    *ALGORITHMS
}

/// Whether signatures are verified from now on, or judged by their mark.
pub fn verify_for_real(is_real: bool) {
    IS_REAL.store(is_real, Ordering::Relaxed);
}

#[derive(Debug)]
struct Priced {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    place: usize,
}

impl SignatureVerificationAlgorithm for Priced {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        SIGNATURES[self.place].fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(message.len() as u32, Ordering::Relaxed);
        if IS_REAL.load(Ordering::Relaxed) {
            return self
                .algorithm
                .verify_signature(public_key, message, signature);
        }
        match forge::is_marked(signature) {
            true => Err(InvalidSignature),
            false => Ok(()),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}

/// The signatures that a verification took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// How many by each of [`PRICED`].
    pub by_key: [u32; 3],
    /// The bytes that were signed, which are hashed.
    pub bytes: u32,
}

impl Signatures {
    /// Those that `run` takes.
    pub fn of(run: impl FnOnce()) -> Self {
        let counts = SIGNATURES.iter().chain([&BYTES]);
        counts.for_each(|count| count.store(0, Ordering::Relaxed));
        run();
        Self {
            by_key: SIGNATURES
                .each_ref()
                .map(|count| count.load(Ordering::Relaxed)),
            bytes: BYTES.load(Ordering::Relaxed),
        }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.by_key.iter().sum()
    }
}

/// What signatures cost, in whatever unit all else is measured in.
#[derive(Clone, Copy, Debug)]
pub struct Prices {
    /// One signature by each of [`PRICED`].
    pub by_key: [f64; 3],
    /// Hashing one byte.
    pub byte: f64,
}

impl Prices {
    /// In nanoseconds, as this machine takes them.
    pub fn measured() -> Self {
        let nanoseconds = |forged: &Forged| {
            let runs = (0..40).map(|_| {
                let start = Instant::now();
                measured_signature(forged);
                start.elapsed().as_nanos() as f64
            });
            runs.fold(f64::MAX, f64::min)
        };
        Self::by(nanoseconds)
    }

    /// As `measure` measures the forged signatures.
    pub fn by(mut measure: impl FnMut(&Forged) -> f64) -> Self {
        let short = PRICED.map(|key| measure(&Forged::new(key, Forged::SHORT)));
        let long = measure(&Forged::new(KeyKind::P256, Forged::LONG));
        let byte = (long - short[0]) / (Forged::LONG - Forged::SHORT) as f64;
        Self {
            by_key: short.map(|price| price - byte * Forged::SHORT as f64),
            byte,
        }
    }

    /// What these signatures cost.
    pub fn of(&self, signatures: &Signatures) -> f64 {
        let by_key = signatures.by_key.iter().zip(self.by_key);
        let keys: f64 = by_key.map(|(count, price)| f64::from(*count) * price).sum();
        keys + f64::from(signatures.bytes) * self.byte
    }
}

/// A signature that does not hold, and costs what one that holds costs.
#[derive(Serialize, Deserialize)]
pub struct Forged {
    /// The place among the default algorithms.
    algorithm: usize,
    public_key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Forged {
    /// The bytes of a short message.
    pub const SHORT: usize = 64;
    /// The bytes of a long message.
    pub const LONG: usize = 16_064;

    /// A signature on a message of so many bytes.
    ///
    /// # Panics
    ///
    /// If there is no algorithm for the key.
    pub fn new(kind: KeyKind, bytes: usize) -> Self {
        let key = kind.key("root");
        let identifiers = [key.default_algorithm().identifier(), key.spki().to_vec()];
        let algorithm = DEFAULT_ALGORITHMS.iter().position(|algorithm| {
            let [signature, spki] = &identifiers;
            contains(signature, &algorithm.signature_alg_id())
                && contains(spki, &algorithm.public_key_alg_id())
        });
        Self {
            algorithm: algorithm.expect("an algorithm for the key"),
            public_key: testpki::key::public_key(key.spki()).to_vec(),
            message: vec![0x5a; bytes],
            signature: forge::signature(kind, 1),
        }
    }
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}

/// Verifies a forged signature once. The scripts have the instructions of this function counted by
/// its name.
///
/// # Panics
///
/// If it holds.
#[inline(never)]
pub fn measured_signature(forged: &Forged) {
    let Forged {
        algorithm,
        public_key,
        message,
        signature,
    } = black_box(forged);
    let verified = DEFAULT_ALGORITHMS[*algorithm].verify_signature(public_key, message, signature);
    assert!(black_box(verified).is_err(), "a forged signature");
}
