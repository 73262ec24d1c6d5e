//! Letters as files, and `truth.jsonl` beside them: the record of each, a line a letter, as `imr parse` must print it.
//!
//! Letters are made on all cores, a thousand at a time, and written in order, so memory does not grow with their number.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::{Form, Made, letter};

/// Letters made at a time, and letters in a folder.
pub const SHARD: u64 = 1000;

/// What is written.
pub struct Corpus {
    /// Another seed gives other letters.
    pub seed: u64,
    /// Which letters.
    pub numbers: Range<u64>,
    /// In which form.
    pub form: Form,
    /// Whether in one folder, not a thousand in each.
    pub flat: bool,
}

impl Corpus {
    /// Writes it, tells after every thousand letters how many there are, and gives the bytes of all.
    pub fn write(&self, out: &Path, mut told: impl FnMut(u64)) -> Result<usize> {
        fs::create_dir_all(out).with_context(|| format!("{} cannot be made", out.display()))?;
        let mut truth = created(&out.join("truth.jsonl"))?;
        let mut lines = (self.form == Form::Jsonl).then(|| created(&out.join("letters.jsonl"))).transpose()?;
        let mut bytes = 0;
        let mut from = self.numbers.start;
        while from < self.numbers.end {
            // A letter is in the same folder whichever others are written.
            let shard = from..self.numbers.end.min((from / SHARD + 1) * SHARD);
            from = shard.end;
            let folder = if self.flat { PathBuf::new() } else { PathBuf::from(format!("{:04}", shard.start / SHARD)) };
            if lines.is_none() {
                fs::create_dir_all(out.join(&folder))?;
            }
            let made: Vec<_> = shard.into_par_iter().map(|number| self.one(number, out, &folder)).collect::<Result<_>>()?;
            for (letter, record) in made {
                bytes += letter.len();
                writeln!(truth, "{record}")?;
                if let Some(lines) = &mut lines {
                    lines.write_all(&letter)?;
                }
            }
            told(from - self.numbers.start);
        }
        truth.flush()?;
        lines.map_or(Ok(()), |mut lines| lines.flush())?;
        Ok(bytes)
    }

    /// Makes a letter, writes it if it has a file of its own, and gives its bytes and its record.
    fn one(&self, number: u64, out: &Path, folder: &Path) -> Result<(Vec<u8>, String)> {
        let Made { case, mut bytes, mut truth } = letter(self.seed, number, self.form);
        if self.form == Form::Jsonl {
            truth.source = format!("letters.jsonl!{}", number - self.numbers.start + 1);
            bytes = serde_json::to_vec(&serde_json::json!({ "text": String::from_utf8(bytes)? }))?;
            bytes.push(b'\n');
        } else {
            let extension = if self.form == Form::Pdf { "pdf" } else { "txt" };
            let file = folder.join(format!("{case}.{extension}"));
            fs::write(out.join(&file), &bytes).with_context(|| format!("{} cannot be written", file.display()))?;
            truth.source = file.to_string_lossy().replace('\\', "/");
        }
        Ok((bytes, serde_json::to_string(&truth)?))
    }
}

fn created(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("{} cannot be written", path.display()))?))
}
