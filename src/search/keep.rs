//! Keeps some of many. Which they are no core could foretell, so that nothing branches on it, as it does in [`Vec::retain`].

use std::cell::Cell;

/// Keeps those that stay, in their order.
pub fn keep<T: Copy>(all: &mut Vec<T>, mut stays: impl FnMut(T) -> bool) {
    let cells = Cell::from_mut(all.as_mut_slice()).as_slice_of_cells();
    let mut kept = 0;
    for one in cells {
        if let Some(next) = cells.get(kept) {
            next.set(one.get());
        }
        kept += usize::from(stays(one.get()));
    }
    all.truncate(kept);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_stays_is_what_a_filter_leaves(all in prop::collection::vec(any::<u8>(), 0..50), least: u8) {
            let mut kept = all.clone();
            keep(&mut kept, |one| one >= least);
            prop_assert_eq!(kept, all.into_iter().filter(|one| *one >= least).collect::<Vec<_>>());
        }
    }
}
