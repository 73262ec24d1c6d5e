//! The words beyond the grammar's own: terms, names and codes without end, so that the vocabulary grows as that of natural text does.
//!
//! Of n words of English about K n^b are different, with b between 0.4 and 0.6 (Heaps 1978; Manning, Raghavan and Schütze,
//! *Introduction to Information Retrieval*, 5.1.1, measure 44 n^0.49 on a million words of news). A grammar alone has a vocabulary
//! that ends. So part of its words are drawn from lists that do not end, by the law of Zipf and Mandelbrot: the word of rank r has a
//! probability of about (r + [`SHIFT`])^-s, and the number of different words among n draws grows as n^(1/s) (van Leijenhorst and van der
//! Weide 2005). `growth` in tests/corpus.rs measures what comes of it.
//!
//! The first terms are those that stems and endings of medicine make; then come compounds, then words that can only be pronounced.
//! Every eleventh word is another one misspelt.

use super::rng::Rng;

/// 1/s: how fast the number of different words grows.
const GROWTH: f64 = 0.60;
/// How many words are about equally common at the top.
const SHIFT: f64 = 140.0;

/// A list of words without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `spondylosis`, `periarthropathy`, and other words in small letters.
    Term,
    /// Of people, places and makers: capitalised.
    Name,
    /// Of diagnoses and bills: `M54.16`.
    Code,
}

impl List {
    /// A word, the common ones more often.
    pub fn draw(self, rng: &mut Rng) -> String {
        self.spelt(rank(rng))
    }

    /// The word of that rank; no two ranks of a list have the same but by misspelling.
    pub fn spelt(self, rank: u64) -> String {
        match self {
            List::Term if rank % 11 == 10 => misspelt(&term(rank / 11), rank),
            List::Term => term(rank - rank / 11),
            List::Name => capitalised(&name(rank)),
            List::Code => code(rank),
        }
    }
}

/// A rank with the tail of the law of Zipf and Mandelbrot.
fn rank(rng: &mut Rng) -> u64 {
    let s = 1.0 / GROWTH;
    (SHIFT * (rng.unit().powf(-1.0 / (s - 1.0)) - 1.0)) as u64
}

const STEMS: [&str; 32] = [
    "arthr", "my", "neur", "oste", "spondyl", "tendin", "burs", "radicul", "fasci", "chondr", "synov", "myel", "angi", "derm",
    "gastr", "hepat", "nephr", "cephal", "capsul", "vascul", "lig", "phleb", "cyst", "enter", "ot", "rhin", "bronch", "card",
    "thromb", "lip", "fibr", "scler",
];
const ENDINGS: [&str; 18] = [
    "itis", "osis", "algia", "opathy", "oma", "otomy", "ography", "oplasty", "ectomy", "opexy", "omalacia", "odynia", "oid",
    "otic", "ogenic", "olysis", "oscopy", "ostasis",
];
const BEGINNINGS: [&str; 22] = [
    "peri", "poly", "mono", "hyper", "hypo", "endo", "epi", "para", "intra", "extra", "retro", "trans", "pseudo", "micro",
    "macro", "sub", "supra", "pan", "hemi", "iso", "meta", "ortho",
];
const ONSETS: [&str; 24] = [
    "b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "z",
];
const CORES: [&str; 15] = ["a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "er", "or", "al", "el", "ol"];

fn term(rank: u64) -> String {
    let (stems, endings, beginnings) = (STEMS.len() as u64, ENDINGS.len() as u64, BEGINNINGS.len() as u64);
    let simple = stems * endings;
    let compound = simple * beginnings;
    // Steps that share no factor with the number go through all of it in another order than that of the lists.
    let stem_and_ending = |r: u64| format!("{}{}", STEMS[(r % stems) as usize], ENDINGS[(r / stems % endings) as usize]);
    match rank {
        r if r < simple => stem_and_ending(r * 181 % simple),
        r if r < simple + compound => {
            let r = (r - simple) * 1801 % compound;
            format!("{}{}", BEGINNINGS[(r / simple) as usize], stem_and_ending(r % simple))
        }
        // "x" stands in none of the syllables, so that these are none of the above.
        r => format!("{}ix", syllables(r - simple - compound, 2)),
    }
}

fn name(rank: u64) -> String {
    const ENDS: [&str; 7] = ["son", "ez", "ski", "man", "ton", "field", "ley"];
    let ends = ENDS.len() as u64;
    format!("{}{}", syllables(rank / ends, 1), ENDS[(rank % ends) as usize])
}

/// At least so many syllables; each number has its own.
fn syllables(mut number: u64, least: u32) -> String {
    let (onsets, cores) = (ONSETS.len() as u64, CORES.len() as u64);
    let mut word = String::new();
    for place in 0.. {
        if place >= least && number == 0 {
            break;
        }
        word.push_str(ONSETS[(number % onsets) as usize]);
        word.push_str(CORES[(number / onsets % cores) as usize]);
        number /= onsets * cores;
    }
    word
}

/// `M54.16`, `S83.241A`: a letter, two digits, a number, and sometimes a letter.
fn code(rank: u64) -> String {
    const CHAPTERS: [char; 8] = ['M', 'S', 'G', 'Z', 'F', 'R', 'T', 'I'];
    let (chapter, rest) = (CHAPTERS[(rank % 8) as usize], rank / 8);
    format!("{chapter}{:02}.{}{}", rest * 37 % 100, rest / 100, if rest % 3 == 0 { "A" } else { "" })
}

/// With two letters changed round, one doubled, or one left out.
fn misspelt(word: &str, turn: u64) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + (turn % (letters.len() as u64 - 2)) as usize;
    match turn / 11 % 3 {
        0 => letters.swap(at, at + 1),
        1 => letters.insert(at, letters[at]),
        _ => drop(letters.remove(at)),
    }
    letters.into_iter().collect()
}

/// With a capital letter.
pub fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
