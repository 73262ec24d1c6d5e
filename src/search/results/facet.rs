//! Counts by the values of a field, as plain data: a facet, a cross table of two, and how their rows are arranged.

use std::cmp::Reverse;

use super::Outcomes;
use crate::field::{self, Field};

/// Decisions and how many of them were overturned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub decisions: u64,
    /// The overturned ones.
    pub overturned: u64,
}

impl Tally {
    /// These and those.
    pub fn merge(&mut self, other: Tally) {
        self.decisions += other.decisions;
        self.overturned += other.overturned;
    }

    /// The overturn rate, from 0 to 1: overturned / all decisions. `None` of none.
    pub fn rate(&self) -> Option<f64> {
        (self.decisions > 0).then(|| self.overturned as f64 / self.decisions as f64)
    }

    /// The 95 % Wilson score interval of the rate (E. B. Wilson, "Probable inference, the law of succession, and statistical
    /// inference", Journal of the American Statistical Association 22, 1927). `None` of none.
    pub fn interval(&self) -> Option<[f64; 2]> {
        const Z: f64 = 1.959_963_984_540_054;
        let rate = self.rate()?;
        let n = self.decisions as f64;
        let centre = rate + Z * Z / (2.0 * n);
        let spread = Z * (rate * (1.0 - rate) / n + Z * Z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + Z * Z / n;
        // Where none or all were overturned one end is exact, which the arithmetic misses by a hair.
        let low = if self.overturned == 0 { 0.0 } else { ((centre - spread) / whole).max(0.0) };
        let high = if self.overturned == self.decisions { 1.0 } else { ((centre + spread) / whole).min(1.0) };
        Some([low, high])
    }
}

/// What a query demands of the values of one field, which counts by that field leave out.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// The field.
    pub field: &'static Field,
    /// The filter as it was read.
    pub text: String,
    /// The values that it asks for.
    pub chosen: Vec<String>,
    /// The values that it excludes.
    pub excluded: Vec<String>,
}

/// The values of a field among the matching decisions.
#[derive(Debug, Clone)]
pub struct Facet {
    /// The field.
    pub field: &'static Field,
    /// The query's own filter by the field, if it has one: the values are counted without it, since a facet that is filtered
    /// by itself says nothing.
    pub filter: Option<Filter>,
    /// All decisions that it is counted over, by outcome.
    pub over: Outcomes,
    /// The most frequent first, equals by value; decisions in which the field is unknown last, as `None`.
    ///
    /// A decision counts once for each value it has.
    pub values: Vec<(Option<String>, Tally)>,
    /// Whether some decisions have several values, so that the counts add up to more than the decisions.
    pub several: bool,
    /// What was left out of the values.
    pub few: Few,
}

/// Values that were left out as having too few decisions for a rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Few {
    /// The least number of decisions of a value that is shown.
    pub min: u64,
    /// How many values have fewer.
    pub values: usize,
}

/// The values of one field against those of another.
#[derive(Debug, Clone)]
pub struct Cross {
    /// The rows, with the decisions of each; counted without the query's filters by either field, as everything here is.
    pub rows: Facet,
    /// The columns, with the decisions of each.
    pub columns: Facet,
    /// For each row a tally for each column.
    ///
    /// Totals are those of the rows and columns, not sums: a decision with several values is in several cells.
    pub cells: Vec<Vec<Tally>>,
}

/// By what values are sorted. What is not known is last in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The most decisions first.
    Count,
    /// The highest overturn rate first, then the most decisions.
    Rate,
    /// By the value, numbers by their size.
    Value,
}

/// How values are shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrangement {
    /// Their order; by value for what has an order of its own, such as years, and by count for all else if `None`.
    pub order: Option<Order>,
    /// The least number of decisions of a value that is shown.
    pub min: u64,
}

impl Facet {
    /// Whether its values have rates: that of an outcome would say nothing.
    pub fn has_rates(&self) -> bool {
        self.field.name != field::OUTCOME
    }

    /// Whether the query's own filter asks for that value.
    pub fn is_chosen(&self, value: Option<&str>) -> bool {
        let named = |filter: &Filter| value.is_some_and(|value| filter.chosen.iter().any(|chosen| chosen == value));
        self.filter.as_ref().is_some_and(named)
    }

    /// Sorts the values and leaves out those with too few decisions. What is not known is no value, and stays.
    pub fn arrange(&mut self, arrangement: Arrangement) {
        let places = self.places(arrangement);
        self.keep(&places, arrangement.min);
    }

    /// The places of the values that stay, in order.
    fn places(&self, arrangement: Arrangement) -> Vec<usize> {
        let usual = if self.field.is_ordered() { Order::Value } else { Order::Count };
        let order = arrangement.order.unwrap_or(usual);
        let enough = |(value, tally): &(Option<String>, Tally)| value.is_none() || tally.decisions >= arrangement.min;
        let mut kept: Vec<_> = self.values.iter().enumerate().filter(|(_, row)| enough(row)).collect();
        kept.sort_by(|(_, (a, a_tally)), (_, (b, b_tally))| {
            let rate = |tally: &Tally| tally.rate().unwrap_or_default();
            let by = match order {
                Order::Count | Order::Value => std::cmp::Ordering::Equal,
                Order::Rate => rate(b_tally).total_cmp(&rate(a_tally)),
            };
            let count = match order {
                Order::Count | Order::Rate => b_tally.decisions.cmp(&a_tally.decisions),
                Order::Value => std::cmp::Ordering::Equal,
            };
            a.is_none().cmp(&b.is_none()).then(by).then(count).then_with(|| natural(a).cmp(&natural(b)))
        });
        kept.into_iter().map(|(place, _)| place).collect()
    }

    fn keep(&mut self, places: &[usize], min: u64) {
        self.few = Few { min, values: self.values.len() - places.len() };
        self.values = places.iter().filter_map(|place| self.values.get(*place).cloned()).collect();
    }
}

impl Cross {
    /// Whether its cells have rates.
    pub fn has_rates(&self) -> bool {
        self.rows.has_rates() && self.columns.has_rates()
    }

    /// Sorts the rows and leaves out those with too few decisions; columns keep what they have, in the order of their field.
    pub fn arrange(&mut self, arrangement: Arrangement) {
        let rows = self.rows.places(arrangement);
        self.rows.keep(&rows, arrangement.min);
        let columns = self.columns.places(Arrangement::default());
        self.columns.keep(&columns, 0);
        let row = |place: &usize| {
            let cells = self.cells.get(*place).map(Vec::as_slice).unwrap_or_default();
            columns.iter().map(|column| cells.get(*column).copied().unwrap_or_default()).collect()
        };
        self.cells = rows.iter().map(row).collect();
    }
}

/// Numbers at the beginning by their size and before words; words in any letter case.
fn natural(value: &Option<String>) -> (Reverse<bool>, u64, String, &str) {
    let text = value.as_deref().unwrap_or_default();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text.get(..digits).and_then(|digits| digits.parse::<u64>().ok());
    (Reverse(number.is_some()), number.unwrap_or_default(), text.to_lowercase(), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facet(name: &str, values: &[(&str, u64, u64)]) -> Facet {
        let value = |v: &str| (!v.is_empty()).then(|| v.to_owned());
        let values =
            values.iter().map(|(v, decisions, overturned)| (value(v), Tally { decisions: *decisions, overturned: *overturned }));
        let field = field::find(name).unwrap();
        Facet { field, filter: None, over: Outcomes::default(), values: values.collect(), several: false, few: Few::default() }
    }

    fn arranged(mut facet: Facet, order: Option<Order>, min: u64) -> (Vec<String>, usize) {
        facet.arrange(Arrangement { order, min });
        (facet.values.into_iter().map(|(value, _)| value.unwrap_or_default()).collect(), facet.few.values)
    }

    #[test]
    fn values_are_sorted_as_asked_and_what_is_not_known_is_last() {
        // By count, what is not known would be first; by rate, 0 of 9 is behind 1 of 3, and of equals the larger set is first.
        let specialties =
            || facet("specialty", &[("", 20, 20), ("b", 9, 0), ("a", 3, 1), ("C", 6, 2), ("10", 3, 0), ("9", 3, 0)]);
        let table = [
            (None, "b C 9 10 a "),
            (Some(Order::Count), "b C 9 10 a "),
            (Some(Order::Rate), "C a b 9 10 "),
            (Some(Order::Value), "9 10 a b C "),
        ];
        for (order, expected) in table {
            assert_eq!(arranged(specialties(), order, 0), (expected.split(' ').map(str::to_owned).collect(), 0), "{order:?}");
        }
        let ages = facet("age-band", &[("40-49", 5, 1), ("100-109", 9, 1), ("", 1, 0), ("20-29", 1, 0)]);
        assert_eq!(arranged(ages, None, 0).0, ["20-29", "40-49", "100-109", ""]);
    }

    #[test]
    fn values_with_few_decisions_are_left_out_and_counted() {
        let facet = facet("gender", &[("male", 5, 1), ("female", 4, 1), ("", 1, 0)]);
        assert_eq!(arranged(facet, None, 5), (vec!["male".to_owned(), String::new()], 1));
    }

    #[test]
    fn the_cells_of_a_cross_table_move_with_their_rows_and_columns() {
        let tally = |decisions| Tally { decisions, overturned: 0 };
        let mut cross = Cross {
            rows: facet("gender", &[("male", 3, 0), ("female", 6, 0), ("", 1, 0)]),
            columns: facet("year", &[("2016", 6, 0), ("2015", 3, 0)]),
            cells: vec![vec![tally(1), tally(2)], vec![tally(4), tally(2)], vec![tally(1), tally(0)]],
        };
        cross.arrange(Arrangement { order: None, min: 2 });
        let cells: Vec<Vec<u64>> = cross.cells.iter().map(|row| row.iter().map(|t| t.decisions).collect()).collect();
        assert_eq!(cells, [[2, 4], [2, 1], [0, 1]], "female, male, not known by 2015, 2016");
    }

    #[test]
    fn the_interval_is_wilsons() {
        // 1 of 5: DESIGN's own example; 0 of 10 and 10 of 10 never leave 0 to 1.
        let [low, high] = Tally { decisions: 5, overturned: 1 }.interval().unwrap();
        assert!((low - 0.0362).abs() < 1e-4 && (high - 0.6245).abs() < 1e-4, "{low} {high}");
        let [low, high] = Tally { decisions: 10, overturned: 0 }.interval().unwrap();
        assert!(low == 0.0 && (high - 0.2775).abs() < 1e-4, "{low} {high}");
        let [low, high] = Tally { decisions: 10, overturned: 10 }.interval().unwrap();
        assert!((low - 0.7225).abs() < 1e-4 && (1.0 - high).abs() < 1e-9 && high <= 1.0, "{low} {high}");
        for n in 1..500 {
            let [none, all] = [0, n].map(|overturned| Tally { decisions: n, overturned }.interval().unwrap());
            assert_eq!((none[0], all[1]), (0.0, 1.0), "{n}");
        }
        assert_eq!(Tally::default().interval(), None);
    }
}
