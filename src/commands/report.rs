//! What an indexing run did, in lines: the numbers, then every letter that needs a look, by name.

use std::io::{Result, Write};
use std::time::Duration;

use imr::ingest::{Phase, Pruned, Report, Timings};
use imr::render::{counted, grouped, safe};
use imr::search::results::{Outcomes, Total};

use super::told;

/// Copies that are named: nothing is lost with them. Whatever was not read is named, however much it is.
const COPIES: usize = 5;

/// Writes the report, and what the index holds after the run.
pub fn report(out: &mut dyn Write, report: &Report, index: Total, outcomes: &Outcomes) -> Result<()> {
    let mut parts = vec![counted(report.new, "new letter"), format!("{} replaced", grouped(report.replaced))];
    parts.push(format!("{} unchanged", grouped(report.unchanged)));
    parts.extend((report.restored > 0).then(|| format!("{} restored from the index", grouped(report.restored))));
    parts.extend((report.removed > 0).then(|| format!("{} no longer there", grouped(report.removed))));
    let (copies, partial) = (report.count_copies(), report.count_partial());
    let rare = [(copies, "copies"), (partial, "not read whole"), (report.count_failed(), "failed")];
    parts.extend(rare.iter().filter(|(n, name)| *n > 0 || *name == "failed").map(|(n, name)| format!("{} {name}", grouped(*n))));
    let mut line = |line: String| writeln!(out, "{}", told(&line));
    line(format!("read: {}; {}", parts.join(", "), counted(report.decisions, "decision")))?;
    for copy in report.copies.iter().take(COPIES) {
        let (letter, kept, other) = (safe::line(&copy.letter), safe::line(&copy.kept), safe::line(&copy.other));
        line(format!("copy: {letter} is in two places; kept {kept}, left out {other}"))?;
    }
    let more = copies.saturating_sub(COPIES as u64);
    if more > 0 {
        line(format!("copy: and {} more", grouped(more)))?;
    }
    pruned(&report.pruned, &mut line)?;
    for (source, why) in &report.partial {
        line(format!("not read whole: {}: {}", safe::line(source), safe::line(why)))?;
    }
    for (source, why) in &report.failed {
        line(format!("failed: {}: {}", safe::line(source), safe::line(why)))?;
    }
    for more in &report.unnamed {
        for (what, count) in [("not read whole", more.partial), ("failed", more.failed)].into_iter().filter(|(_, n)| *n > 0) {
            line(format!("{what}: {}: and {} more of it", safe::line(&more.container), grouped(count)))?;
        }
    }
    if !report.skipped.is_empty() {
        let kinds = report.skipped.iter().map(|(kind, n)| format!("{} {}", grouped(*n), safe::line(kind)));
        line(format!("passed over, no letters by their names: {}", kinds.collect::<Vec<_>>().join(", ")))?;
    }
    if report.stopped {
        line("stopped before the end; the same command goes on from here".into())?;
    }
    let upheld = format!("{} upheld, {} overturned", grouped(outcomes.upheld), grouped(outcomes.overturned));
    let rest = [(outcomes.modified, "modified"), (outcomes.unknown, "without outcome")];
    let rest: String = rest.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!(", {} {name}", grouped(*n))).collect();
    line(format!("index: {}, {}: {upheld}{rest}", counted(index.letters, "letter"), counted(index.decisions, "decision")))
}

/// What was taken out of the index, and what was not.
fn pruned(pruned: &Pruned, line: &mut impl FnMut(String) -> Result<()>) -> Result<()> {
    if pruned.gone > 0 {
        let names: Vec<_> = pruned.files.iter().map(|name| safe::line(name)).collect();
        let more = pruned.gone - names.len() as u64;
        let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
        line(format!("taken out: {} of files that are gone: {}{more}", counted(pruned.sources, "letter"), names.join(", ")))?;
    }
    for (folder, letters) in &pruned.kept {
        let folder = safe::line(&folder.to_string_lossy());
        let typed = for_shell(&folder);
        line(format!(
            "kept: {} of {folder}, which is gone or empty: its disk may not be mounted; imr index --prune=folders {typed} takes \
             them out",
            counted(*letters, "letter")
        ))?;
    }
    Ok(())
}

/// A path as it is typed in a shell.
fn for_shell(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,@:%".contains(c);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

/// Writes where the time of a run went.
pub fn timings(out: &mut dyn Write, timings: &Timings) -> Result<()> {
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    let rows = timings.phases.iter().map(|(phase, spent)| {
        let wall = if phase.is_parallel() { String::new() } else { seconds(spent.wall) };
        (name(*phase), wall, seconds(spent.cpu))
    });
    let engine = ("engine: words, segments, merges", String::new(), seconds(timings.engine));
    let total = ("in all", seconds(timings.total.wall), seconds(timings.total.cpu));
    writeln!(out, "{:<34}{:>9}{:>9}", "seconds", "clock", "cores")?;
    for (name, wall, cpu) in rows.chain([engine, total]) {
        writeln!(out, "{name:<34}{wall:>9}{cpu:>9}")?;
    }
    Ok(())
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Find => "find files",
        Phase::Compare => "compare them with the index",
        Phase::Read => "read bytes",
        Phase::Text => "bytes to text",
        Phase::Letter => "text to record",
        Phase::Classify => "classify",
        Phase::Pack => "record to documents",
        Phase::Write => "hand to the engine",
        Phase::Commit => "commit",
        Phase::Merge => "wait for merges",
    }
}
