//! Counts the optional values that are present: JSON has one `null` for `None` and for `Some(None)`.

use serde::Serialize;

use super::walk::{ValueVisitor, walk};

/// How many optional values of a value are `Some`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Present(usize);

impl Present {
    /// Counts them in a value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut counted = Self::default();
        walk(value, &mut counted);
        counted
    }
}

impl ValueVisitor for Present {
    fn some(&mut self) {
        self.0 += 1;
    }
}
