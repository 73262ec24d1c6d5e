//! Adds up the scores of documents of one segment, part by part.
//!
//! A word's scores are taken for thousands of documents one after the other before the next word's are: it is read as it lies in
//! the index, and what is decided for one document is mostly decided for the next.

use tantivy::Score;

use super::leaf::{Leaf, Live, NONE, Scores};

/// What a score is made of: of weights for all segments, of leaves in one.
pub enum Part<Leaf> {
    /// What has no parts.
    Leaf(Leaf),
    /// Scores nothing, and matches where that does.
    Filter(Box<Part<Leaf>>),
    /// The sum of those that match.
    Any(Vec<Part<Leaf>>),
    /// The best of those that match.
    Best(Vec<Part<Leaf>>),
    /// The sum of what must match and what may, where what must does and what must not does not.
    All { must: Vec<Part<Leaf>>, not: Vec<Part<Leaf>>, may: Vec<Part<Leaf>> },
}

impl Part<Leaf<'_>> {
    /// What each of the documents scores, which are asked for in order, and each once.
    pub fn scores(&mut self, live: &[Live]) -> tantivy::Result<Scores> {
        let added = |parts: &mut [Self]| {
            let mut sums = vec![NONE; live.len()];
            for part in parts {
                let each = part.scores(live)?;
                sums.iter_mut().zip(each).filter(|(_, score)| *score >= 0.0).for_each(|(sum, score)| *sum = sum.max(0.0) + score);
            }
            tantivy::Result::Ok(sums)
        };
        Ok(match self {
            Part::Leaf(leaf) => leaf.scores(live)?,
            Part::Filter(part) => {
                let mut scores = part.scores(live)?;
                scores.iter_mut().filter(|score| **score >= 0.0).for_each(|score| *score = 0.0);
                scores
            }
            Part::Any(parts) => added(parts)?,
            Part::Best(parts) => {
                let mut best = vec![NONE; live.len()];
                for part in parts {
                    let each = part.scores(live)?;
                    best.iter_mut().zip(each).for_each(|(best, score)| *best = best.max(score));
                }
                best
            }
            Part::All { must, not, may } => {
                let also = added(may)?;
                if must.is_empty() {
                    return excluded(also, not, live);
                }
                let mut all = vec![0.0; live.len()];
                for part in must {
                    let each = part.scores(live)?;
                    let add =
                        |(sum, score): (&mut Score, Score)| *sum = if *sum < 0.0 || score < 0.0 { NONE } else { *sum + score };
                    all.iter_mut().zip(each).for_each(add);
                }
                all.iter_mut().zip(also).filter(|(all, also)| **all >= 0.0 && *also >= 0.0).for_each(|(all, also)| *all += also);
                excluded(all, not, live)?
            }
        })
    }
}

/// Scores without those of what must not match.
fn excluded(mut scores: Scores, not: &mut [Part<Leaf<'_>>], live: &[Live]) -> tantivy::Result<Scores> {
    for part in not {
        let each = part.scores(live)?;
        scores.iter_mut().zip(each).filter(|(_, not)| *not >= 0.0).for_each(|(score, _)| *score = NONE);
    }
    Ok(scores)
}
