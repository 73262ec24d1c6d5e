//! Drugs: their names, generics and classes, from the table that the program classifies by.
//!
//! The table is the only place where drugs are written, so it is read here too; what it says of a name is the truth of an item that
//! holds nothing else. That the program finds the name again among a dose, a brand and a count is what is tested.

use std::sync::LazyLock;

use super::item::Class;
use super::rng::Rng;

/// A class with its drugs.
pub struct DrugClass {
    /// Its category and subcategory.
    pub class: Class,
    /// What it holds.
    pub drugs: Vec<Drug>,
    weight: u32,
}

/// A line of the table.
pub struct Drug {
    /// The generic name, as records give it.
    pub generic: &'static str,
    /// The names it goes by: the generic first, unless that belongs to another class.
    pub names: Vec<&'static str>,
}

static CLASSES: LazyLock<Vec<DrugClass>> = LazyLock::new(|| read(include_str!("../../../src/classify/drugs.txt")));

/// What is disputed most; all other classes are asked for about as often as each other.
const COMMON: [(&str, u32); 10] = [
    ("Opioids", 40),
    ("Muscle Relaxant", 20),
    ("NSAID", 20),
    ("Anti-epilepsy Drugs", 12),
    ("Proton Pump Inhibitors", 12),
    ("Topical Analgesics", 12),
    ("Antidepressant", 10),
    ("Benzodiazepines", 8),
    ("Sedative-hypnotics", 8),
    ("Antiemetic", 4),
];

fn read(table: &'static str) -> Vec<DrugClass> {
    let mut classes: Vec<DrugClass> = Vec::new();
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        if let Some(heading) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            let class = Class::parse(heading);
            let weight = COMMON.iter().find(|(name, _)| *name == class.subcategory).map_or(1, |(_, weight)| *weight);
            classes.push(DrugClass { class, drugs: Vec::new(), weight });
        } else if let (Some((generic, names)), Some(class)) = (line.split_once(':'), classes.last_mut()) {
            class.drugs.extend(Drug::read(generic, names));
        }
    }
    classes.retain(|c| !c.drugs.is_empty());
    classes
}

impl Drug {
    /// None of a kit of several: what it is called is no drug's name.
    fn read(generic: &'static str, names: &'static str) -> Option<Self> {
        let elsewhere = generic.strip_prefix('(').and_then(|g| g.strip_suffix(')'));
        let names = names.split(',').map(str::trim).filter(|n| !n.is_empty());
        let names: Vec<_> = elsewhere.is_none().then_some(generic).into_iter().chain(names).collect();
        (!generic.contains(" + ") && !names.is_empty()).then(|| Drug { generic: elsewhere.unwrap_or(generic), names })
    }
}

/// A class and one of its drugs, the common ones more often.
pub fn draw(rng: &mut Rng) -> (Class, &'static Drug) {
    let class = rng.weighted(&CLASSES, |c| c.weight);
    // The first lines of a class and the first names of a line are the usual ones.
    let first = |rng: &mut Rng, of: usize| rng.below(of).min(rng.below(of));
    (class.class, &class.drugs[first(rng, class.drugs.len())])
}
