//! Regions of the body that an item names, from the table `body.txt`: `region: words`, or `one + other: words`.
//!
//! A region is reported where a word for it stands, not where a treatment suggests it, and in the table's order, so that equal sets
//! are equal lists.

use std::sync::LazyLock;

use super::phrases::Phrases;
use super::table::IGNORED;
use super::{Mention, words};

/// The table of this program; a fault in it is a fault in its source, which any test shows.
static REGIONS: LazyLock<Regions> = LazyLock::new(|| Regions::parse(include_str!("body.txt")).expect("the table is well formed"));

struct Regions {
    /// In the table's order.
    names: Vec<&'static str>,
    /// As written, with the regions they name.
    terms: Vec<(&'static str, Vec<&'static str>)>,
    /// The same in normal form.
    phrases: Phrases,
}

/// The regions that an item names, given in normal form, each with the first word that does.
pub fn regions(normal: &str) -> Vec<Mention> {
    let table = &*REGIONS;
    let found = table.phrases.find(normal).filter_map(|id| table.terms.get(id));
    let found: Vec<_> = found.flat_map(|(term, regions)| regions.iter().map(|value| Mention { value, term })).collect();
    table.names.iter().filter_map(|name| found.iter().find(|m| m.value == *name).copied()).collect()
}

impl Regions {
    fn parse(table: &'static str) -> Result<Self, String> {
        let (mut names, mut terms, mut normal) = (Vec::new(), Vec::new(), Vec::new());
        for line in table.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
            let (name, words) = line.split_once(':').ok_or_else(|| format!("no region in the line: {line}"))?;
            let regions: Vec<_> = name.split(" + ").filter(|n| *n != IGNORED).collect();
            let own = (regions.as_slice() == [name] && !names.contains(&name)).then_some(name);
            names.extend(own);
            for term in own.into_iter().chain(words.split(',').map(str::trim).filter(|t| !t.is_empty())) {
                let key = words::normal(term);
                if key.is_empty() || normal.contains(&key) || term != term.to_lowercase() {
                    return Err(format!("{term} stands twice, has no word or is not in lower case in the line: {line}"));
                }
                normal.push(key);
                terms.push((term, regions.clone()));
            }
        }
        Ok(Regions { names, terms, phrases: Phrases::of(&normal) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_as_written() {
        let table = Regions::parse(include_str!("body.txt")).unwrap();
        for (term, named) in &table.terms {
            let mut found: Vec<_> = regions(&words::normal(term)).iter().map(|m| m.value).collect();
            found.sort_unstable();
            let mut named = named.clone();
            named.sort_unstable();
            assert_eq!(found, named, "{term}");
        }
    }

    #[test]
    fn every_region_has_a_line_of_its_own() {
        for region in REGIONS.terms.iter().flat_map(|(_, regions)| regions) {
            assert!(REGIONS.names.contains(region), "{region}");
        }
    }

    #[test]
    fn a_fault_in_the_table_is_named() {
        for (table, said) in [
            ("knee", "no region in the line: knee"),
            ("knee: acl, ACL's", "ACL's stands twice, has no word or is not in lower case in the line: knee: acl, ACL's"),
            ("knee: acl\nfoot: toe, acl", "acl stands twice, has no word or is not in lower case in the line: foot: toe, acl"),
        ] {
            assert_eq!(Regions::parse(table).err().as_deref(), Some(said));
        }
    }
}
