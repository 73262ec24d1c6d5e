//! `imr saved`: lists the saved queries and forgets them. Also what a query means that begins with the name of a saved one.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use imr::index::Index;
use imr::render::{json, safe};
use imr::saved::{self, Saved, Seen, Store};
use imr::search::New;
use imr::search::results::Answer;
use jiff::{Timestamp, Zoned};

use crate::cli::{SavedArgs, SavedFormat};
use crate::exit::Exit;

pub fn run(path: &Path, args: &SavedArgs) -> Result<Exit> {
    Index::open(path)?;
    let store = Store::of(path);
    if !args.forget.is_empty() {
        for name in args.forget.iter().map(|name| bare(name)) {
            if !store.forget(name)? {
                return Err(unknown(name, &store.all()?));
            }
        }
        return Ok(Exit::Done);
    }
    let all = store.all()?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let width = all.iter().map(|saved| saved.name.chars().count()).max().unwrap_or(0);
    for saved in &all {
        match args.format {
            SavedFormat::Text => {
                let exact = if saved.exact { "  --exact" } else { "" };
                let name = safe::line(&saved.name);
                writeln!(out, "@{name:width$}  {}  {}{exact}", when(saved), safe::line(&saved.query))?;
            }
            SavedFormat::Jsonl => json::line(&mut out, saved)?,
        }
    }
    out.flush()?;
    if all.is_empty() {
        anstream::eprintln!("no saved query; save one with: imr query --save NAME QUERY");
    }
    Ok(if all.is_empty() { Exit::Partly } else { Exit::Done })
}

/// When the query was last seen, by the reader's clock.
fn when(saved: &Saved) -> String {
    saved.seen.at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A query as it was asked, with what the name at its beginning stands for.
pub struct Asked {
    /// The whole text.
    pub text: String,
    /// Whether the saved query was saved with `--exact`.
    pub exact: bool,
    /// The saved query, where the text is it alone.
    pub saved: Option<Saved>,
}

/// What `query` asks of the index in `path`.
pub fn asked(path: &Path, query: &str) -> Result<Asked> {
    let Some((name, rest)) = saved::reference(query) else {
        return Ok(Asked { text: query.to_owned(), exact: false, saved: None });
    };
    let all = Store::of(path).all()?;
    if !saved::is_name(name) {
        bail!(
            "`@{name}` is no name of a saved query, which has letters, digits, - and _; to look for the text write \"@{name}\""
        );
    }
    let Some(saved) = all.iter().find(|saved| saved.name == name) else { return Err(unknown(name, &all)) };
    let alone = rest.is_empty().then(|| saved.clone());
    Ok(Asked { text: saved::combined(&saved.query, rest), exact: saved.exact, saved: alone })
}

impl Asked {
    /// The saved query of which only what is new is asked.
    pub fn watched(&self) -> Result<&Saved> {
        let Some(saved) = &self.saved else {
            bail!("--new goes with a saved query alone: imr query @NAME --new; --save NAME saves a query");
        };
        Ok(saved)
    }
}

fn unknown(name: &str, all: &[Saved]) -> anyhow::Error {
    let near = saved::nearest(name, all);
    let near = match near.is_empty() {
        true => "imr saved lists them".to_owned(),
        false => format!("near it: {}", near.iter().map(|name| format!("@{name}")).collect::<Vec<_>>().join(", ")),
    };
    anyhow::anyhow!("no saved query @{}; {near}", safe::line(name))
}

/// A name by which a query can be saved; it may be written as it is asked, with its `@`.
pub fn name(name: &str) -> Result<&str> {
    let bare = bare(name);
    if !saved::is_name(bare) {
        bail!(
            "`{name}` is no name for a query; a name has letters, digits, - and _, at most 64, and begins with none of the last two"
        );
    }
    Ok(bare)
}

fn bare(name: &str) -> &str {
    name.strip_prefix('@').unwrap_or(name)
}

/// One look at an index.
pub struct Look {
    store: Store,
    index: String,
    now: Zoned,
}

impl Look {
    /// Begins to look.
    pub fn at(index: &Index) -> Result<Self> {
        Ok(Look { store: Store::of(index.path()), index: index.commit()?.index, now: Zoned::now() })
    }

    /// What is new to a saved query: in an index that was made anew, everything.
    pub fn new_of(&self, saved: &Saved) -> New {
        let after = if saved.seen.index == self.index { saved.seen.generation } else { 0 };
        New { after, since: saved.seen.at.to_zoned(self.now.time_zone().clone()) }
    }

    /// What the reader should know of what is new.
    pub fn note_of(&self, saved: &Saved) -> Option<String> {
        let same = saved.seen.index == self.index;
        (!same).then(|| "the index was made anew since then, so that everything in it is new".to_owned())
    }

    /// Saves what was asked, as seen by its answer.
    pub fn save(&self, name: &str, asked: &Asked, exact: bool, answer: &Answer) -> Result<()> {
        let saved =
            Saved { name: name.to_owned(), query: asked.text.clone(), exact: exact || asked.exact, seen: self.view(answer) };
        let before = self.store.save(saved)?.filter(|before| before.query != asked.text);
        let place = before.map(|before| format!(", in place of: {}", safe::line(&before.query))).unwrap_or_default();
        anstream::eprintln!("saved as @{}{place}", safe::line(name));
        Ok(())
    }

    /// Remembers that an answer with what is new was seen, if so many hits of it are all.
    pub fn seen(&self, saved: &Saved, answer: &Answer, shown: u64) -> Result<()> {
        let whole = shown == answer.total.decisions + answer.total.unread;
        if !whole {
            anstream::eprintln!("not all of it was shown, so it stays new; without -n and --offset all is shown");
            return Ok(());
        }
        Ok(self.store.see(saved, self.view(answer))?)
    }

    fn view(&self, answer: &Answer) -> Seen {
        Seen { index: self.index.clone(), generation: answer.seen, at: whole_seconds(&self.now) }
    }
}

fn whole_seconds(now: &Zoned) -> Timestamp {
    Timestamp::from_second(now.timestamp().as_second()).unwrap_or_else(|_| now.timestamp())
}
