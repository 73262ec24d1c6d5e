//! Which of a query's filters a count leaves out.
//!
//! A facet that is filtered by itself says nothing: with `therapy specialty:pain` the facet `specialty` would have one row. So
//! what is counted by a field is counted without what the query itself demands of that field ("sideways"). A query is split
//! once, into the filters by the fields that are counted and the rest; the rest is run, and each filter goes along with it
//! ([`super::count`]).

use super::results::Filter;
use crate::field::{self, Field, Kind};
use crate::query::Query;

/// A query, split into filters by single fields and the rest. Together they find what the query finds.
pub struct Split {
    /// What is left without the filters.
    pub rest: Query,
    /// For each field that is filtered by, all that is demanded of it.
    pub filters: Vec<(&'static Field, Query)>,
}

impl Split {
    /// Splits off what a query demands of each of `fields`.
    pub fn of(query: &Query, fields: &[&'static Field]) -> Split {
        let members = match query {
            Query::And(members) => members.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut rest, mut filters) = (Vec::new(), Vec::<(&'static Field, Vec<Query>)>::new());
        // A hint excludes nothing, and alone it would be required.
        for member in members.iter().filter(|m| !matches!(m, Query::Hint { .. })) {
            match filtered_by(member).filter(|field| fields.contains(field)) {
                None => rest.push(member.clone()),
                Some(field) => match filters.iter_mut().find(|(f, _)| *f == field) {
                    Some((_, demands)) => demands.push(member.clone()),
                    None => filters.push((field, vec![member.clone()])),
                },
            }
        }
        let filters = filters.into_iter().map(|(field, demands)| (field, all_of(demands)));
        Split { filters: filters.collect(), rest: all_of(rest) }
    }

    /// Which of the filters a count by these fields leaves out, as bits.
    pub fn without(&self, fields: &[&Field]) -> u32 {
        let left_out = self.filters.iter().enumerate().filter(|(_, (field, _))| fields.contains(field));
        left_out.map(|(place, _)| 1 << place).sum()
    }

    /// The filter by that field, if there is one.
    pub fn filter(&self, field: &Field) -> Option<Filter> {
        let (field, demands) = self.filters.iter().find(|(f, _)| *f == field)?;
        let mut filter = Filter { field, text: demands.to_string(), chosen: Vec::new(), excluded: Vec::new() };
        name_values(demands, true, &mut filter);
        Some(filter)
    }
}

/// Whether the query demands something of that field's values by themselves.
pub fn filters_by(query: &Query, field: &str) -> bool {
    field::find(field).is_some_and(|field| Split::of(query, &[field]).filter(field).is_some())
}

/// The field that a query filters by, if it asks for values of one field and for nothing else.
fn filtered_by(query: &Query) -> Option<&'static Field> {
    match query {
        Query::Value { field, .. } | Query::Known { field } | Query::Prefix { field: Some(field), .. } => {
            (field.kind == Kind::Keyword).then_some(field)
        }
        Query::Not(inner) => filtered_by(inner),
        Query::And(members) | Query::Or(members) => {
            let mut fields = members.iter().map(filtered_by);
            let first = fields.next()??;
            fields.all(|field| field == Some(first)).then_some(first)
        }
        _ => None,
    }
}

fn all_of(mut members: Vec<Query>) -> Query {
    match members.len() {
        0 => Query::All,
        1 => members.remove(0),
        _ => Query::And(members),
    }
}

/// Notes the values that a filter names, as asked for or as excluded.
fn name_values(query: &Query, wanted: bool, filter: &mut Filter) {
    match query {
        Query::Value { value, .. } if wanted => filter.chosen.push(value.clone()),
        Query::Value { value, .. } => filter.excluded.push(value.clone()),
        Query::Not(inner) => name_values(inner, !wanted, filter),
        Query::And(members) | Query::Or(members) => members.iter().for_each(|m| name_values(m, wanted, filter)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rest and the filters of a query, with all facets counted.
    fn split(text: &str) -> String {
        let query = crate::query::parse(text, jiff::civil::date(2017, 3, 31)).unwrap();
        let split = Split::of(&query, &field::facets().collect::<Vec<_>>());
        let filters = split.filters.iter().map(|(field, query)| format!("; {}: {query}", field.name));
        split.rest.to_string() + &filters.collect::<String>()
    }

    #[test]
    fn a_query_is_split_into_filters_by_one_field_each_and_the_rest() {
        let table = [
            ("therapy", "therapy"),
            ("therapy specialty:pain overturned", "therapy; specialty: specialty:pain; outcome: outcome:overturned"),
            ("overturned", "*; outcome: outcome:overturned"),
            ("overturned or modified", "*; outcome: outcome:overturned OR outcome:modified"),
            ("mri -(overturned or modified)", "mri; outcome: NOT (outcome:overturned OR outcome:modified)"),
            ("of overturned mri the", "mri; outcome: outcome:overturned"),
            ("of overturned", "*; outcome: outcome:overturned"),
            ("mri -overturned -modified", "mri; outcome: NOT outcome:overturned AND NOT outcome:modified"),
            ("mri outcome:* -upheld", "mri; outcome: outcome:* AND NOT outcome:upheld"),
            // Of two fields, of a field that is not counted, of words: no filter by one field.
            ("mri (overturned or gender:male)", "mri AND (outcome:overturned OR gender:male)"),
            ("mri age:40..60", "mri AND age:40..60"),
            ("overturned or mri", "outcome:overturned OR mri"),
        ];
        for (text, expected) in table {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn only_fields_that_are_counted_are_split_off() {
        let query = crate::query::parse("mri overturned gender:male", jiff::civil::date(2017, 3, 31)).unwrap();
        let split = Split::of(&query, &[field::find("gender").unwrap()]);
        assert_eq!(split.rest.to_string(), "mri AND outcome:overturned");
        assert!(split.filter(field::find(field::OUTCOME).unwrap()).is_none());
    }

    #[test]
    fn a_filter_names_the_values_that_it_asks_for_and_excludes() {
        let query = crate::query::parse("(upheld or modified) -overturned", jiff::civil::date(2017, 3, 31)).unwrap();
        let outcome = field::find(field::OUTCOME).unwrap();
        let filter = Split::of(&query, &[outcome]).filter(outcome).unwrap();
        assert_eq!((filter.chosen, filter.excluded), (vec!["upheld".into(), "modified".into()], vec!["overturned".into()]));
    }
}
