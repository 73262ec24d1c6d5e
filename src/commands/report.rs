//! What an indexing run did, in lines: the numbers, then every letter that needs a look, by name.

use std::io::{Result, Write};

use imr::ingest::Report;
use imr::render::{counted, grouped, safe};
use imr::search::results::{Outcomes, Total};

use super::told;

/// Copies that are named: nothing is lost with them. Whatever was not read is named, however much it is.
const COPIES: usize = 5;

/// Writes the report, and what the index holds after the run.
pub fn report(out: &mut dyn Write, report: &Report, index: Total, outcomes: &Outcomes) -> Result<()> {
    let mut parts = vec![counted(report.new, "new letter"), format!("{} replaced", grouped(report.replaced))];
    parts.push(format!("{} unchanged", grouped(report.unchanged)));
    parts.extend((report.removed > 0).then(|| format!("{} no longer there", grouped(report.removed))));
    let rare = [(report.copies.len(), "copies"), (report.partial.len(), "not read whole"), (report.failed.len(), "failed")];
    parts.extend(
        rare.iter().filter(|(n, name)| *n > 0 || *name == "failed").map(|(n, name)| format!("{} {name}", grouped(*n as u64))),
    );
    let mut line = |line: String| writeln!(out, "{}", told(&line));
    line(format!("read: {}; {}", parts.join(", "), counted(report.decisions, "decision")))?;
    for copy in report.copies.iter().take(COPIES) {
        let (letter, kept, other) = (safe::line(&copy.letter), safe::line(&copy.kept), safe::line(&copy.other));
        line(format!("copy: {letter} is in two places; kept {kept}, left out {other}"))?;
    }
    let more = report.copies.len().saturating_sub(COPIES);
    if more > 0 {
        line(format!("copy: and {} more", grouped(more as u64)))?;
    }
    for (source, why) in &report.partial {
        line(format!("not read whole: {}: {}", safe::line(source), safe::line(why)))?;
    }
    for (source, why) in &report.failed {
        line(format!("failed: {}: {}", safe::line(source), safe::line(why)))?;
    }
    if !report.skipped.is_empty() {
        let kinds = report.skipped.iter().map(|(kind, n)| format!("{} {}", grouped(*n), safe::line(kind)));
        line(format!("passed over, no letters by their names: {}", kinds.collect::<Vec<_>>().join(", ")))?;
    }
    let upheld = format!("{} upheld, {} overturned", grouped(outcomes.upheld), grouped(outcomes.overturned));
    let rest = [(outcomes.modified, "modified"), (outcomes.unknown, "without outcome")];
    let rest: String = rest.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!(", {} {name}", grouped(*n))).collect();
    line(format!("index: {}, {}: {upheld}{rest}", counted(index.letters, "letter"), counted(index.decisions, "decision")))
}
