//! Whether the time to take a letter apart grows no faster than the letter.
//!
//! Corpus: texts made here of one piece repeated, which nothing but their length changes: letters of ever more decisions, and
//! pieces that a rule might go over again and again (a label without its item, an outcome without its label, a date, a title, an
//! unwrapped line). Measure: the shortest of three runs of `parse` and of `check` on n and on 8n pieces, and the ratio of the two;
//! 8 is linear, and the program fails where it is over [`MOST`]. `cargo bench --bench letter_parse`.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use imr::letter::check::check;
use imr::letter::parse;
use imr::text::Text;

const TIMES: usize = 8;
/// Well over the ratio of a linear reading that leaves the caches, far under the 64 of a quadratic one.
const MOST: f64 = 20.0;
/// Bytes of the shorter text.
const BYTES: usize = 50_000;

const TITLE: &str = "IMR ISSUES, DECISIONS AND RATIONALES\nThe decisions for the disputed items are set forth below:\n\n";

const NUMBERED: &str = "IMR DECISION(S) AND RATIONALE(S)\n";
const NOTICE: &str = "Notice of Independent Medical Review Determination\n";
const REVIEW: &str = "MEDICAL PROFESSIONAL REVIEW\n";

/// What is repeated, and what stands before it.
const PIECES: &[(&str, &str, &str)] = &[
    (
        "decisions",
        TITLE,
        "Knee brace: Upheld\n\nClaims Administrator guideline: Decision based on MTUS.\n\nMAXIMUS guideline: Decision based on \
         MTUS.\n\nDecision rationale: The records show no instability.\nIt is not medically necessary.\n\n",
    ),
    ("claims labels", TITLE, "Claims Administrator guideline:\n"),
    ("rationale labels", TITLE, "Decision rationale:\n"),
    ("outcomes", TITLE, "Knee brace: Upheld\n"),
    ("outcomes apart", TITLE, "Upheld\n\n"),
    ("heading lines", TITLE, "Knee brace for home\n"),
    ("titles", "", "CLINICAL CASE SUMMARY\n"),
    ("case numbers", "", "CM16-0000001\n"),
    ("ages", "CLINICAL CASE SUMMARY\n", "The worker has a 20 year old son. "),
    ("dates", "CLINICAL CASE SUMMARY\n", "injured the knee on the job on 13/13/2013 "),
    ("blanks", "", "a \n \n"),
    ("page breaks", TITLE, "a\n\u{c}"),
    ("one line", TITLE, "Decision rationale: no. Knee brace: Upheld "),
    ("one word", TITLE, "a"),
    ("colons", TITLE, ":"),
    ("addresses", TITLE, "http://a/\n"),
    ("numbered items", NUMBERED, "1. X is not medically necessary and appropriate.\n\n"),
    ("numbered labels", NUMBERED, "The Claims Administrator based its decision on the MTUS.\n"),
    ("verdicts", NUMBERED, "is not not not medically necessary "),
    ("notice items", NOTICE, "MAXIMUS has determined the request for X is medically necessary and appropriate "),
    ("a notice on one line", NOTICE, "Upheld "),
    ("notice arguments", NOTICE, "Regarding the request for X:\n\n"),
    ("review headings", REVIEW, "RATIONALE FOR WHY THE REQUESTED TREATMENT IS\n"),
];

fn main() {
    let mut worst = 0_f64;
    for (name, before, piece) in PIECES {
        let text = |bytes: usize| Text { text: format!("{before}{}", piece.repeat(bytes / piece.len())), ..Text::default() };
        let (short, long) = (text(BYTES), text(BYTES * TIMES));
        for (work, run) in [("parse", parse_only as fn(&Text) -> Duration), ("check", check_only)] {
            let (first, second) = (shortest(|| run(&short)), shortest(|| run(&long)));
            let ratio = second.as_secs_f64() / first.as_secs_f64();
            worst = worst.max(ratio);
            println!("{name:18} {work}: {first:>10.2?} {second:>10.2?}  x {ratio:.1}");
        }
    }
    println!("worst ratio: {worst:.1} for {TIMES} times the text");
    assert!(worst <= MOST, "more than linear");
}

fn parse_only(text: &Text) -> Duration {
    let start = Instant::now();
    black_box(parse("letter.txt", black_box(text)));
    start.elapsed()
}

fn check_only(text: &Text) -> Duration {
    let letter = parse("letter.txt", text);
    let start = Instant::now();
    black_box(check(black_box(text), &letter));
    start.elapsed()
}

fn shortest(mut run: impl FnMut() -> Duration) -> Duration {
    (0..3).map(|_| run()).min().unwrap_or_default()
}
