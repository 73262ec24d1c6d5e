//! The table of what means the same: `widenings.txt`, and for brands and generics the classifier's list of drugs.
//!
//! The drugs are read from the one file in which they are written, so that no drug is known to the one and unknown to the other.
//! A brand also finds its generic; a generic also finds its brands, and those of combinations that it leads (`hydrocodone` finds
//! Norco, which is hydrocodone with acetaminophen). A brand does not find other brands: who wants them all names the drug.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use super::lines::Lines;
use crate::field::{self, Field};

pub(super) const OWN: &str = include_str!("widenings.txt");
const DRUGS: &str = include_str!("../classify/drugs.txt");

/// Ingredients that combinations add to the drug they are known by: `acetaminophen` does not mean Norco.
const ADDED: [&str; 3] = ["acetaminophen", "aspirin", "caffeine"];

/// What a spelling also finds, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Way {
    /// Other spellings, as written in the table.
    pub also: Vec<String>,
    /// The only fields in which they mean the same; all if there are none.
    pub fields: Vec<&'static Field>,
}

static OWN_LINES: LazyLock<Lines> = LazyLock::new(|| Lines::of(OWN));
static DRUG_LINES: LazyLock<Lines> = LazyLock::new(|| Lines::of(DRUGS));

/// What spellings in normal form (in capitals, where only capitals count) also find: of those that begin with one word all.
#[derive(Default)]
pub(super) struct Entries(HashMap<String, Vec<Way>>);

impl Entries {
    /// Those that begin with the first word of `typed`, or with it less a plural `s`.
    pub(super) fn beginning(typed: &str) -> Self {
        let typed = normal(typed);
        let Some(first) = typed.split(' ').next().filter(|first| !first.is_empty()) else { return Self::default() };
        let words = [first, first.strip_suffix('s').unwrap_or(first)];
        // All lines about a drug are read where one is: it is written in several, and leads combinations.
        let mut ingredients = BTreeSet::new();
        for line in DRUG_LINES.with(words) {
            let generic = line.split_once(':').map_or("", |(generic, _)| generic);
            ingredients.extend(generic.split('/').map(normal));
        }
        let firsts = ingredients.iter().filter_map(|ingredient| ingredient.split(' ').next());
        Self::of(OWN_LINES.with(words), DRUG_LINES.with(firsts))
    }

    fn of<'l>(own: impl IntoIterator<Item = &'l str>, drug_lines: impl IntoIterator<Item = &'l str>) -> Self {
        let mut entries = HashMap::<String, Vec<Way>>::new();
        for (spelling, way) in own.into_iter().flat_map(line).chain(drugs(drug_lines)) {
            entries.entry(key(&spelling)).or_default().push(way);
        }
        Entries(entries)
    }

    /// The most words that a spelling has.
    pub(super) fn longest(&self) -> usize {
        self.0.keys().map(|key| key.split(' ').count()).max().unwrap_or_default()
    }

    /// What a run of words, as typed, also finds; its last word may be a plural.
    pub(super) fn find(&self, typed: &str) -> Option<&[Way]> {
        let small = normal(typed);
        let capitals = (!typed.chars().any(char::is_lowercase)).then(|| small.to_uppercase());
        let singular = small.strip_suffix('s').filter(|one| one.chars().count() > 2);
        let keys = [capitals.as_deref(), Some(small.as_str()), singular];
        keys.into_iter().flatten().find_map(|key| self.0.get(key)).map(Vec::as_slice)
    }
}

/// Runs of letters and digits in lower case, with a blank between them.
pub(super) fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            begins = true;
            continue;
        }
        if begins && !normal.is_empty() {
            normal.push(' ');
        }
        begins = false;
        match c.is_ascii() {
            true => normal.push(c.to_ascii_lowercase()),
            false => normal.extend(c.to_lowercase()),
        }
    }
    normal
}

fn key(spelling: &str) -> String {
    match spelling.chars().any(char::is_lowercase) || !spelling.chars().any(char::is_uppercase) {
        true => normal(spelling),
        false => normal(spelling).to_uppercase(),
    }
}

/// The spellings of a line of `widenings.txt`, each with what it also finds. Lines with `~` are [`super::related`]'s.
fn line(line: &str) -> Vec<(String, Way)> {
    if line.is_empty() || line.starts_with(['#', '[']) || line.contains('~') {
        return Vec::new();
    }
    let (spellings, fields) = line.split_once('@').unwrap_or((line, ""));
    let fields: Vec<_> = fields.split(',').filter_map(|name| field::find(name.trim())).collect();
    let parts = |text: &str, sign| text.split(sign).map(|s: &str| s.trim().to_owned()).collect::<Vec<_>>();
    match spellings.split_once('>') {
        Some((from, to)) => vec![(from.trim().to_owned(), Way { also: parts(to, ','), fields })],
        None => {
            let same = parts(spellings, '=');
            // What holds the spelling itself is found by it.
            let others = |this: &String| {
                let found = |other: &&String| !within(&normal(this), &normal(other));
                shortest(same.iter().filter(found).cloned().collect())
            };
            same.iter().map(|this| (this.clone(), Way { also: others(this), fields: fields.clone() })).collect()
        }
    }
}

/// The names of a drug.
#[derive(Default)]
struct Drug {
    /// Its ingredients, as written in one go or with others' words between them: `hydrocodone/apap`.
    described: Vec<String>,
    /// Names that hold no ingredient.
    brands: Vec<String>,
    /// Brands of the combinations that it leads.
    combined: Vec<String>,
}

/// Brands and generics of `drugs.txt`, where `generic: brands and other spellings` is a line; `one/other` are the ingredients of
/// a combination. Kits (`one + other`) and words for a class, which stand without a colon, are passed over.
fn drugs<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<(String, Way)> {
    let mut drugs = BTreeMap::<String, Drug>::new();
    for line in lines.into_iter().filter(|line| !line.starts_with(['#', '[']) && !line.contains('+')) {
        let Some((generic, names)) = line.split_once(':') else { continue };
        let generic = generic.trim().trim_start_matches('(').trim_end_matches(')');
        let ingredients: Vec<_> = generic.split('/').map(normal).collect();
        let names: Vec<_> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let describes = |name: &str| {
            let name = normal(name);
            ingredients.iter().any(|i| within(i, &name))
        };
        let (described, brands): (Vec<&str>, Vec<&str>) = names.into_iter().partition(|name| describes(name));
        let owned = |names: &[&str]| names.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        if ingredients.len() > 1 {
            drugs.entry(lead(&ingredients)).or_default().combined.extend(owned(&brands));
        }
        let drug = drugs.entry(ingredients.join("/")).or_default();
        drug.described.extend(owned(&described));
        drug.brands.extend(owned(&brands));
    }
    let mut ways = Vec::new();
    for (generic, drug) in drugs {
        let way = |also| Way { also, fields: Vec::new() };
        let lead = lead(&generic.split('/').map(str::to_owned).collect::<Vec<_>>());
        // Of `lidoderm patch` the brand is widened, and `patch` still asked for.
        let own = shortest(drug.brands);
        ways.extend(own.iter().map(|brand| (brand.clone(), way(vec![lead.clone()]))));
        let brands = shortest([own, drug.combined].concat());
        // What holds the name of a single drug (`oxycodone er`) is found by that name, and widened with it.
        let combination = generic.contains('/').then_some(drug.described).into_iter().flatten();
        let spellings = combination.chain([generic]).filter(|_| !brands.is_empty());
        ways.extend(spellings.map(|spelling| (spelling, way(brands.clone()))));
    }
    ways
}

/// The ingredient that a combination is known by.
fn lead(ingredients: &[String]) -> String {
    let known = ingredients.iter().find(|i| !ADDED.contains(&i.as_str()));
    known.or(ingredients.first()).cloned().unwrap_or_default()
}

/// Names without those that another is a part of: where `opana er` stands, `opana` is found.
fn shortest(names: Vec<String>) -> Vec<String> {
    let normal: Vec<_> = names.iter().map(|name| self::normal(name)).collect();
    let kept = |this: &str| !normal.iter().any(|other| other != this && within(other, this));
    let mut short: Vec<String> = Vec::new();
    for (name, this) in names.iter().zip(&normal) {
        if kept(this) && !short.contains(name) {
            short.push(name.clone());
        }
    }
    short
}

/// Whether the words of `part` stand side by side in `whole`, both in normal form.
pub(super) fn within(part: &str, whole: &str) -> bool {
    let begins = |rest: &str| rest.strip_prefix(part).is_some_and(|behind| behind.is_empty() || behind.starts_with(' '));
    begins(whole) || whole.match_indices(' ').any(|(blank, _)| begins(&whole[blank + 1..]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn lines() -> impl Iterator<Item = &'static str> {
        OWN.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']) && !line.contains('~'))
    }

    #[test]
    fn every_line_is_in_the_form_that_the_table_says() {
        for text in lines() {
            let (spellings, fields) = text.split_once(" @ ").unwrap_or((text, ""));
            assert!(spellings.contains(" = ") != spellings.contains(" > "), "one sign a line: {text}");
            assert!(!spellings.split(['=', '>', ',']).any(|s| normal(s).is_empty()), "nothing said: {text}");
            assert_eq!(text.split_whitespace().collect::<Vec<_>>().join(" "), text, "blanks");
            let known = |name: &str| field::find(name).is_some_and(Field::is_text);
            assert!(fields.is_empty() || fields.split(", ").all(known), "fields of words: {text}");
            let capitals = |s: &str| s.chars().any(char::is_uppercase);
            assert!(!spellings.split_once(" > ").map_or(spellings, |(_, to)| to).split(", ").any(capitals), "{text}");
        }
        assert!(lines().count() >= 200, "{} entries", lines().count());
    }

    #[test]
    fn every_section_names_its_sources() {
        let all: Vec<_> = OWN.lines().collect();
        let heads: Vec<_> = (0..all.len()).filter(|at| all[*at].starts_with('[')).collect();
        assert!(heads.len() >= 5);
        assert!(heads.into_iter().all(|at| all[at + 1].starts_with("# ")));
    }

    #[test]
    fn no_spelling_stands_twice_for_one_field() {
        let mut seen = HashSet::new();
        let mut twice = Vec::new();
        for (spelling, way) in OWN.lines().flat_map(line).chain(drugs(DRUGS.lines())) {
            let fields = if way.fields.is_empty() { field::texts().collect() } else { way.fields };
            if !fields.iter().all(|f| seen.insert((key(&spelling), f.name))) {
                twice.push(spelling);
            }
        }
        assert!(twice.is_empty(), "{twice:?} stand twice");
    }

    #[test]
    fn what_is_written_both_ways_is_found_both_ways() {
        for text in lines().filter(|line| line.contains(" = ")) {
            let spellings: Vec<_> = line(text).into_iter().map(|(s, _)| s).collect();
            for spelling in &spellings {
                let entries = Entries::beginning(spelling);
                let ways = entries.find(spelling).unwrap();
                let found: Vec<_> = ways.iter().flat_map(|way| &way.also).chain([spelling]).map(|s| normal(s)).collect();
                let finds = |other: &String| found.iter().any(|part| within(part, &normal(other)));
                assert!(spellings.iter().all(finds), "{spelling}: {found:?}");
            }
        }
    }

    #[test]
    fn brands_find_their_generic_and_generics_their_brands() {
        let table = [
            ("Norco", "hydrocodone", true),
            ("hydrocodone", "norco", true),
            ("hydrocodone/acetaminophen", "norco", true),
            ("hydrocodone-apap", "vicodin", true),
            ("Norco", "vicodin", false),
            ("acetaminophen", "norco", false),
            ("Flexeril", "cyclobenzaprine", true),
            ("cyclobenzaprine", "flexeril", true),
            ("Tylenol #3", "codeine", true),
            ("oxymorphone", "opana", true),
            ("oxymorphone", "opana er", false),
        ];
        for (spelling, other, expected) in table {
            let entries = Entries::beginning(spelling);
            let also: Vec<_> = entries.find(spelling).unwrap_or_default().iter().flat_map(|way| &way.also).collect();
            assert_eq!(also.contains(&&other.to_owned()), expected, "{spelling}: {also:?}");
        }
    }

    #[test]
    fn what_is_read_of_the_table_says_what_all_of_it_says() {
        let all = Entries::of(OWN.lines(), DRUGS.lines());
        assert!(all.0.len() > 1_500, "{}", all.0.len());
        for (key, ways) in &all.0 {
            for typed in [key.clone(), format!("{key}s"), key.to_uppercase()] {
                assert_eq!(Entries::beginning(&typed).find(&typed), all.find(&typed), "{typed}");
            }
            assert!(key.split(' ').count() <= Entries::beginning(key).longest(), "{key}");
            assert_eq!(Entries::beginning(key).find(key), Some(ways.as_slice()));
        }
    }

    #[test]
    fn an_entry_in_capitals_is_read_in_capitals() {
        let find = |typed: &str| Entries::beginning(typed).find(typed).map(<[Way]>::to_vec);
        assert!(find("MED").is_some() && find("med").is_none() && find("Med").is_none());
        assert!(find("pt").is_some() && find("PT").is_some() && find("Pts").is_none());
        assert!(find("MRIs").is_some() && find("epidural steroid injections").is_some());
    }
}
