//! What cannot be read, and what is said about it, to the letter.

use super::parse;

/// The rendered error, without the common `error: `.
const ERRORS: &[(&str, &str)] = &[
];

#[test]
fn every_error_is_rendered_as_the_table_says() {
    let wrong: Vec<_> = ERRORS
        .iter()
        .map(|(text, error)| (text, error, parse(text).map_or_else(|e| e.render(text), |q| q.to_string())))
        .filter(|(_, error, said)| said.strip_prefix("error: ") != Some(*error))
        .map(|(text, error, said)| format!("{text}\n--- should be\n{error}\n--- but is\n{said}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
