//! What a job says about itself while it is performed: the step that it is at, and whether it is to be snoozed.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::failure::error_limits::{CAUSE_BYTES, shorten};

/// The state of one perform. It is made at the first change, since most jobs make none; copies of the context share it.
#[derive(Debug, Default)]
pub(super) struct PerformState(OnceLock<Arc<Mutex<PerformStateValues>>>);

#[derive(Debug, Default)]
struct PerformStateValues {
    step: Option<Cow<'static, str>>,
    snooze: Option<Duration>,
}

impl PerformState {
    pub(super) fn set_step(&self, step: Cow<'static, str>) {
        // It goes into log lines and errors.
        let mut step = step;
        if step.len() > CAUSE_BYTES {
            shorten(step.to_mut(), CAUSE_BYTES);
        }
        self.write().step = Some(step);
    }

    pub(super) fn step(&self) -> Option<String> {
        self.read(|values| values.step.as_ref().map(ToString::to_string))
    }

    pub(super) fn set_snooze(&self, wait: Duration) {
        self.write().snooze = Some(wait);
    }

    pub(super) fn snooze(&self) -> Option<Duration> {
        self.read(|values| values.snooze)
    }

    /// The same state, for a copy of the context.
    pub(super) fn share(&self) -> Self {
        Self(OnceLock::from(Arc::clone(self.0.get_or_init(Arc::default))))
    }

    fn write(&self) -> MutexGuard<'_, PerformStateValues> {
        self.0.get_or_init(Arc::default).lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, read: impl FnOnce(&PerformStateValues) -> Option<T>) -> Option<T> {
        read(&self.0.get()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
