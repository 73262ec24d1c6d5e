//! The letters that wait for the engine, which are counted: its own queue has room for ten thousand, and letters are read faster than it
//! takes them. Those would be a hundred megabytes, and out of the caches by the time they are taken.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Document;

/// Letters that wait at most.
const MOST: usize = 512;

/// How long a place is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many letters wait.
#[derive(Default)]
pub struct Queue(Arc<Taken>);

#[derive(Default)]
struct Taken {
    places: Mutex<usize>,
    freed: Condvar,
}

/// A letter's place in the queue, until it is dropped: by the engine, also where it fails.
pub struct Place(Arc<Taken>);

impl Queue {
    /// A place, once there is one; or one too many, so that an engine that has failed can say so: it frees none any more.
    pub fn place(&self) -> Place {
        let taken = self.0.freed.wait_timeout_while(self.0.places(), PATIENCE, |places| *places >= MOST);
        let (mut places, _) = taken.unwrap_or_else(PoisonError::into_inner);
        *places += 1;
        Place(self.0.clone())
    }
}

impl Taken {
    fn places(&self) -> MutexGuard<'_, usize> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = self.0.places();
        *places -= 1;
        // Who waits goes on with many at once: to be woken for each costs more than the letter.
        if *places == MOST / 2 {
            self.0.freed.notify_one();
        }
    }
}

/// A document on its way to the engine. The last of a letter has the letter's place.
pub struct Queued {
    document: TantivyDocument,
    pub place: Option<Place>,
}

impl From<TantivyDocument> for Queued {
    fn from(document: TantivyDocument) -> Self {
        Queued { document, place: None }
    }
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_finds_no_place_waits_until_there_is_one_or_the_engine_has_failed() {
        let queue = Queue::default();
        let taken: Vec<_> = (0..MOST).map(|_| queue.place()).collect();
        let patient = std::time::Instant::now();
        drop(queue.place());
        assert!(patient.elapsed() >= PATIENCE);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| queue.place());
            std::thread::sleep(PATIENCE / 50);
            assert!(!waits.is_finished());
            drop(taken);
            drop(waits.join().unwrap());
        });
        assert_eq!(*queue.0.places(), 0);
    }
}
