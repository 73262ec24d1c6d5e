//! Numbers that are random to the eye and the same for the same seed, for ever.
//!
//! A corpus is named by its seed, so what a seed gives may not change with the version of a crate: no crate that we know promises
//! that for ranges and choices. This is SplitMix64 (Steele, Lea, Flood 2014), whose whole text is three lines.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A stream of numbers.
pub struct Rng(u64);

impl Rng {
    /// The stream of a seed and of what it is for: streams of other purposes or other letters do not touch it.
    pub fn of(seed: u64, purpose: &str, numbers: &[u64]) -> Self {
        let mut rng = Rng(seed);
        for part in purpose.bytes().map(u64::from).chain(numbers.iter().copied()) {
            rng.0 = rng.next() ^ part.wrapping_mul(GOLDEN);
        }
        rng
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    /// A number over 0 and at most 1.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that does so with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() <= probability
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// One of these, by their weights.
    pub fn weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let sum: u32 = of.iter().map(&weight).sum();
        let mut left = self.below(sum as usize) as u32;
        let chosen = of.iter().find(|one| {
            let here = left < weight(one);
            left = left.saturating_sub(weight(one));
            here
        });
        chosen.unwrap_or(&of[0])
    }
}
