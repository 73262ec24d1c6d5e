//! The values that documents have in a column, looked up many at a time: to look up one takes several times as long as one of many.

use std::fmt::Debug;

use tantivy::DocId;
use tantivy::columnar::Column;

/// Documents whose values are looked up at once.
const BLOCK: usize = 1 << 10;

/// Shows each value of some documents, which are in order.
pub fn each_value<T>(column: &Column<T>, docs: impl IntoIterator<Item = DocId>, mut see: impl FnMut(DocId, T))
where
    T: PartialOrd + Copy + Default + Debug + Send + Sync + 'static,
{
    let mut left = docs.into_iter();
    let (mut block, mut known, mut rows, mut values) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    loop {
        block.clear();
        block.extend(left.by_ref().take(BLOCK));
        if block.is_empty() {
            return;
        }
        known.clear();
        rows.clear();
        column.row_ids_for_docs(&block, &mut known, &mut rows);
        values.resize(rows.len(), T::default());
        column.values.get_vals(&rows, &mut values);
        known.iter().zip(&values).for_each(|(doc, value)| see(*doc, *value));
    }
}
