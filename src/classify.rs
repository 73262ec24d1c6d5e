//! Item to category and subcategory.

/// Category and subcategory.
pub fn classify(_item: &str, _rationale: &str) -> Option<(&'static str, &'static str)> {
    None
}
