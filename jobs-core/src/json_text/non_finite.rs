//! Counts the numbers of a value that are infinite or NaN. JSON has no such numbers; `serde_json` writes `null` for them.

use serde::Serialize;

use super::walk::{ValueVisitor, walk};

/// How many numbers of a value are not finite.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct NonFinite {
    nan: usize,
    infinite: usize,
    negative_infinite: usize,
}

impl NonFinite {
    /// Counts them in a value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        let mut counted = Self::default();
        walk(value, &mut counted);
        counted
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        *self != Self::default()
    }
}

impl ValueVisitor for NonFinite {
    fn float(&mut self, number: f64) {
        self.nan += usize::from(number.is_nan());
        self.infinite += usize::from(number == f64::INFINITY);
        self.negative_infinite += usize::from(number == f64::NEG_INFINITY);
    }
}
