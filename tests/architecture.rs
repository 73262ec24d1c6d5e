//! The edges between the modules: each may import what the table allows it, and nothing else of the crate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module, and what it may import from the crate. `search::results` is the plain-data part of `search`.
const EDGES: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("visible", &[]),
    ("record", &["error"]),
    ("source", &["error"]),
    ("field", &["record"]),
    ("text", &["error", "source"]),
    ("letter", &["error", "text", "record"]),
    ("classify", &["error", "text", "record"]),
    ("index", &["error", "record", "field"]),
    ("ingest", &["error", "source", "text", "letter", "classify", "record", "index"]),
    ("query", &["error", "visible", "field"]),
    ("saved", &["error"]),
    ("search", &["error", "record", "classify", "field", "query", "index"]),
    ("render", &["error", "visible", "record", "field", "query", "search::results"]),
    ("lib", &[]),
];

/// Of the binary: they see the crate as its users do.
const BINARY: [&str; 4] = ["main", "cli", "exit", "commands"];

#[test]
fn every_module_imports_only_what_stands_before_it() {
    let allowed: BTreeMap<_, _> = EDGES.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(Path::new("src")) {
        let module = module_of(&file);
        if BINARY.contains(&module.as_str()) {
            continue;
        }
        let Some(may) = allowed.get(module.as_str()) else {
            panic!("{} belongs to no module of the table; add `{module}` to EDGES", file.display());
        };
        for path in imports(&fs::read_to_string(&file).unwrap()) {
            seen += 1;
            let fits = |edge: &&str| path == **edge || path.starts_with(&format!("{edge}::"));
            if !fits(&module.as_str()) && !may.iter().any(fits) {
                wrong.push(format!("{}: {module} may not import {path}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "the test sees the imports: {seen}");
}

#[test]
fn the_query_half_knows_no_engine_and_the_renderers_no_index() {
    for (module, engine) in [("query", "tantivy"), ("render", "tantivy"), ("letter", "tantivy"), ("field", "tantivy")] {
        for file in rust_files(Path::new("src")).into_iter().filter(|f| module_of(f) == module) {
            assert!(!fs::read_to_string(&file).unwrap().contains(engine), "{} names {engine}", file.display());
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let source = "use crate::field::{self, Field};\nuse crate::{error::Error, index::{Index, words}};\n    pub use crate::text as t;\nlet x = crate::record::Letter::unread();\n// use crate::not_this;\n";
    let found = ["error::Error", "field", "field::Field", "index::Index", "index::words", "record::Letter::unread", "text"];
    assert_eq!(imports(source), found);
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false => files.extend(path.extension().is_some_and(|e| e == "rs").then_some(path)),
        }
    }
    files.sort();
    files
}

/// The top-level module of a file: `query` of `src/query/date.rs`.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix("src").unwrap();
    let first = inside.iter().next().unwrap().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Every path behind `crate::`, groups taken apart, sorted.
fn imports(source: &str) -> Vec<String> {
    let code: Vec<_> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            expand("", &code[at + "crate::".len()..], &mut paths);
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

/// Reads one path or group; returns what follows it.
fn expand<'a>(prefix: &str, text: &'a str, paths: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = expand(prefix, rest, paths).trim_start();
            match rest.strip_prefix(',') {
                Some(more) if !more.trim_start().starts_with('}') => rest = more,
                Some(more) => rest = more.trim_start(),
                None => return rest.strip_prefix('}').unwrap_or(rest),
            }
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = match (prefix, name) {
        ("", name) => name.to_owned(),
        (prefix, "self" | "") => prefix.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    match rest.strip_prefix("::") {
        Some(inner) if !name.is_empty() => expand(&path, inner, paths),
        _ => {
            paths.push(path);
            rest
        }
    }
}

#[test]
fn every_test_that_the_promises_name_is_there() {
    let promises = fs::read_to_string("docs/reliability.md").unwrap();
    let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let mut seen = 0;
    // What stands between two backticks is every second part; the first is of the introduction.
    for (file, test) in promises.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::")).skip(1) {
        assert!(is_name(file) && is_name(test), "`{file}::{test}` is no name of a test");
        let text = fs::read_to_string(format!("tests/{file}.rs")).unwrap_or_else(|e| panic!("tests/{file}.rs: {e}"));
        assert!(text.contains(&format!("fn {test}(")), "tests/{file}.rs has no test {test}");
        seen += 1;
    }
    assert!(seen > 20, "{seen} tests are named");
}
