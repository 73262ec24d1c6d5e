//! How a query was read, and why a hit matched, laid out to be read; and as JSON.

use std::io::{Result, Write};

use serde::Serialize;

use super::{Page, counted, safe};
use crate::search::results::{self, Part};

/// Writes the parts of a query, each on a line, those that it is made of indented below it.
pub fn tree(out: &mut dyn Write, page: Page, node: &results::Node, depth: usize) -> Result<()> {
    let how = node.how.iter().map(|how| format!(" ({how})")).collect::<String>();
    let found = node.decisions.map(|n| format!(": {}", counted(n, "decision"))).unwrap_or_default();
    writeln!(out, "{}", page.folded(&safe::line(&format!("{}{how}{found}", node.text)), 2 * depth + 2))?;
    node.members.iter().try_for_each(|member| tree(out, page, member, depth + 1))
}

/// Writes what a hit's score is made of, a line a field.
pub fn why(out: &mut dyn Write, page: Page, why: &results::Why) -> Result<()> {
    let indented =
        |out: &mut dyn Write, text: &str, indent| writeln!(out, "{}", page.dim(&page.folded(&safe::line(text), indent)));
    let line = |out: &mut dyn Write, text: &str| indented(out, text, 5);
    if why.parts.is_empty() {
        return line(out, "why: no word scores, only what filters");
    }
    let total: f32 = why.parts.iter().map(|part| part.score).sum();
    line(out, &format!("why: {total:.2}, of which"))?;
    for (field, parts) in by_field(&why.parts) {
        let score: f32 = parts.iter().map(|part| part.score).sum();
        let each: Vec<_> = parts.iter().map(|part| format!("{} {:.2}", part.what, part.score)).collect();
        indented(out, &format!("{field} {score:.2}: {}", each.join(", ")), 7)?;
    }
    match why.missing.is_empty() {
        true => Ok(()),
        false => line(out, &format!("missing: {}", why.missing.join(", "))),
    }
}

/// The parts of each field, in the order of the greatest part of each.
fn by_field(parts: &[Part]) -> Vec<(&str, Vec<&Part>)> {
    let mut fields: Vec<(&str, Vec<&Part>)> = Vec::new();
    for part in parts {
        let name = part.field.map_or("subject", |field| field.name);
        match fields.iter_mut().find(|(field, _)| *field == name) {
            Some((_, parts)) => parts.push(part),
            None => fields.push((name, vec![part])),
        }
    }
    fields
}

/// [`results::Node`] on the wire.
#[derive(Serialize)]
pub(super) struct Node<'a> {
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<&'a str>,
    decisions: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    of: Vec<Node<'a>>,
}

impl<'a> From<&'a results::Node> for Node<'a> {
    fn from(node: &'a results::Node) -> Self {
        let of = node.members.iter().map(Node::from).collect();
        Node { part: &node.text, how: node.how.as_deref(), decisions: node.decisions, of }
    }
}

/// [`results::Why`] on the wire.
#[derive(Serialize)]
pub(super) struct Why<'a> {
    parts: Vec<Scored<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    missing: &'a [String],
}

#[derive(Serialize)]
struct Scored<'a> {
    what: &'a str,
    field: Option<&'a str>,
    score: f64,
}

impl<'a> From<&'a results::Why> for Why<'a> {
    fn from(why: &'a results::Why) -> Self {
        let scored = |part: &'a Part| {
            let score = super::json::rounded(part.score.into());
            Scored { what: &part.what, field: part.field.map(|field| field.name), score }
        };
        Why { parts: why.parts.iter().map(scored).collect(), missing: &why.missing }
    }
}
