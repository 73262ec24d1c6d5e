//! Facets and cross tables held against the loop. A count by a field leaves out what the query itself demands of that field.

use imr::search::results::{Cross, Facet, Outcomes, Tally};

use super::*;

type Naive = BTreeMap<Option<String>, Tally>;

/// Holds all facets of an answer, its cross table and its rate with any outcome against the loop.
pub fn check(oracle: &Oracle<'_>, query: &Query, answer: &Answer) {
    let held = Held::of(oracle, query);
    for facet in &answer.facets {
        check_margin(&held, query, facet, &[facet.field]);
    }
    if let Some(cross) = &answer.cross {
        check_cross(&held, query, cross);
    }
    let outcome = field::find(field::OUTCOME).unwrap();
    let expected = held.is_filtered_by(outcome).then(|| outcomes(&held.without(&[outcome])));
    assert_eq!(answer.any_outcome, expected, "any outcome of {query}");
    assert_eq!(answer.outcome_filter.is_some(), expected.is_some());
}

fn check_margin(held: &Held<'_>, query: &Query, facet: &Facet, without: &[&Field]) {
    let decisions = held.without(without);
    assert_eq!(facet.over, outcomes(&decisions), "facet {} of {query} is counted over", facet.field.name);
    let mut naive = Naive::new();
    for unit in &decisions {
        values_of(facet.field, unit).into_iter().for_each(|value| add(naive.entry(value).or_default(), unit));
    }
    let counted: Naive = facet.values.iter().cloned().collect();
    assert_eq!(counted, naive, "facet {} of {query}", facet.field.name);
    assert_eq!(facet.values.len(), naive.len(), "each value once");
    assert_eq!(facet.several, decisions.iter().any(|unit| values_of(facet.field, unit).len() > 1), "{query}");
    assert_eq!(facet.filter.is_some(), held.is_filtered_by(facet.field), "{query}");
}

fn check_cross(held: &Held<'_>, query: &Query, cross: &Cross) {
    let both = [cross.rows.field, cross.columns.field];
    check_margin(held, query, &cross.rows, &both);
    check_margin(held, query, &cross.columns, &both);
    let mut naive: BTreeMap<_, Tally> = BTreeMap::new();
    for unit in &held.without(&both) {
        for row in values_of(both[0], unit) {
            for column in values_of(both[1], unit) {
                add(naive.entry((row.clone(), column)).or_default(), unit);
            }
        }
    }
    let mut counted = BTreeMap::new();
    assert_eq!(cross.cells.len(), cross.rows.values.len());
    for ((row, _), cells) in cross.rows.values.iter().zip(&cross.cells) {
        assert_eq!(cells.len(), cross.columns.values.len());
        for ((column, _), tally) in cross.columns.values.iter().zip(cells).filter(|(_, tally)| tally.decisions > 0) {
            counted.insert((row.clone(), column.clone()), *tally);
        }
    }
    assert_eq!(counted, naive, "{} by {} of {query}", both[0].name, both[1].name);
}

/// Which units hold each of a query's demands, found once for all facets.
struct Held<'a> {
    units: Vec<Unit<'a>>,
    demands: Vec<(&'a Query, Vec<bool>)>,
}

impl<'a> Held<'a> {
    fn of(oracle: &Oracle<'a>, query: &'a Query) -> Self {
        let places = || 0..oracle.units.len();
        let held = |demand| (demand, places().map(|at| oracle.matches(demand, at)).collect());
        Held { units: oracle.units.iter().map(|(_, unit)| *unit).collect(), demands: demands(query).iter().map(held).collect() }
    }

    /// The decisions that hold all demands but the filters by these fields.
    fn without(&self, fields: &[&Field]) -> Vec<Unit<'a>> {
        let demands: Vec<_> = self.demands.iter().filter(|(d, _)| !fields.iter().any(|f| is_filter(d, f))).collect();
        let found = self.units.iter().enumerate().filter(|(at, _)| demands.iter().all(|(_, held)| held[*at]));
        found.map(|(_, unit)| *unit).filter(|unit| unit.decision.is_some()).collect()
    }

    fn is_filtered_by(&self, field: &Field) -> bool {
        self.demands.iter().any(|(demand, _)| is_filter(demand, field))
    }
}

fn demands(query: &Query) -> &[Query] {
    match query {
        Query::And(members) => members,
        other => std::slice::from_ref(other),
    }
}

/// Whether a query asks for nothing but values of that field.
fn is_filter(query: &Query, field: &Field) -> bool {
    let mut only = true;
    query.visit(&mut |q| {
        only &= match q {
            Query::Value { field: f, .. } | Query::Known { field: f } => *f == field && f.kind == Kind::Keyword,
            Query::And(_) | Query::Or(_) | Query::Not(_) => true,
            _ => false,
        }
    });
    only
}

fn values_of(field: &Field, unit: &Unit<'_>) -> Vec<Option<String>> {
    let values: BTreeSet<_> = strings(field, *unit).into_iter().map(Some).collect();
    if values.is_empty() { vec![None] } else { values.into_iter().collect() }
}

fn add(tally: &mut Tally, unit: &Unit<'_>) {
    tally.decisions += 1;
    tally.overturned += u64::from(unit.decision.unwrap().outcome == Some(Outcome::Overturned));
}

fn outcomes(decisions: &[Unit<'_>]) -> Outcomes {
    let mut outcomes = Outcomes::default();
    decisions.iter().for_each(|unit| outcomes.add(unit.decision.unwrap().outcome));
    outcomes
}

fn filter() -> impl Strategy<Value = Query> {
    let values = vec![
        ("outcome", vec!["upheld", "over", "modified"]),
        ("specialty", vec!["pain", "medicine", "surgery", "nothing"]),
        ("category", vec!["surg", "rehab", "pharm"]),
        ("year", vec!["2014", "2015"]),
        ("drug", vec!["hydrocodone", "naproxen"]),
    ];
    select(values).prop_flat_map(|(name, values)| {
        let field = field::find(name).unwrap();
        let value = select(values).prop_map(move |value| Query::Value { field, value: value.into() });
        let leaf = prop_oneof![5 => value, 1 => Just(Query::Known { field })];
        leaf.prop_recursive(2, 4, 3, |inner| {
            prop_oneof![
                2 => prop::collection::vec(inner.clone(), 1..3).prop_map(Query::Or),
                1 => inner.clone().prop_map(|q| Query::Not(Box::new(q))),
                1 => prop::collection::vec(inner, 1..3).prop_map(Query::And),
            ]
        })
    })
}

/// Filters by several fields, with or without words beside them.
pub fn filtered() -> impl Strategy<Value = Query> {
    (prop::collection::vec(filter(), 1..5), prop::collection::vec(leaf(), 0..2)).prop_map(|(filters, words)| {
        let members: Vec<_> = filters.into_iter().chain(words).collect();
        if members.len() == 1 { members.into_iter().next().unwrap() } else { Query::And(members) }
    })
}

/// Two fields of which one at least may have several values.
pub fn pair() -> impl Strategy<Value = [&'static Field; 2]> {
    let fields: Vec<_> = field::facets().collect();
    (select(fields.clone()), select(fields)).prop_filter("two fields", |(a, b)| a != b).prop_map(|(a, b)| [a, b])
}

/// Asks the index of the letters every query with its cross table, and holds the answers against the loop.
fn agree_across(letters: &[Letter], queries: &[(Query, [&'static Field; 2])]) {
    let dir = tempfile::tempdir().unwrap();
    let index = indexed(letters, dir.path());
    let oracle = Oracle::new(letters);
    for (query, both) in queries {
        let facets = field::facets().collect();
        let request = Request { query: query.clone(), facets, cross: Some(*both), limit: 0, ..Request::default() };
        oracle.check_counts(query, &search(&index, &request).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(24)))]

    #[test]
    fn facets_leave_out_their_own_filters_and_no_others(
        letters in prop::collection::vec(letter(), 1..30),
        queries in prop::collection::vec((filtered(), pair()), 60),
    ) {
        agree_across(&letters, &queries);
    }
}

/// As above, beyond the blocks that the engine reads documents in.
#[test]
fn facets_of_many_letters_leave_out_their_own_filters() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let letters = prop::collection::vec(letter(), LETTERS).new_tree(&mut runner).unwrap().current();
    let queries = prop::collection::vec((filtered(), pair()), cases(QUERIES) as usize).new_tree(&mut runner).unwrap().current();
    agree_across(&letters, &queries);
}

/// A letter may name a state twice.
#[test]
fn a_value_that_is_repeated_counts_once() {
    let twice = vec!["Surgery".to_owned(), "Surgery".to_owned()];
    let decision = Decision { number: 1, item: "MRI".into(), outcome: Some(Outcome::Overturned), ..Decision::default() };
    let letters = [Letter { specialties: twice, decisions: vec![decision], ..Letter::unread("") }];
    let both = ["specialty", "outcome"].map(|name| field::find(name).unwrap());
    agree_across(&letters, &[(Query::All, both)]);
}
