//! The error of a failure: any type of the user, whose destructor may panic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An error of any type. A panic in its destructor goes no further: a failure is dropped in the loops of a process.
pub(super) struct HeldError(Option<Box<dyn Any + Send + Sync>>);

impl HeldError {
    pub(super) fn new<E: Send + Sync + 'static>(error: E) -> Self {
        Self(Some(Box::new(error)))
    }

    pub(super) fn get(&self) -> &(dyn Any + Send + Sync) {
        self.0.as_deref().unwrap_or(&())
    }

    /// The error by value, if it is an `E`.
    pub(super) fn downcast<E: 'static>(mut self) -> Result<E, Self> {
        let Some(value) = self.0.take() else { return Err(self) };
        value.downcast().map(|error| *error).map_err(|value| Self(Some(value)))
    }
}

impl Drop for HeldError {
    fn drop(&mut self) {
        let value = self.0.take();
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
            // The payload of a panic may panic itself when it is dropped.
            let _second = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        }
    }
}
