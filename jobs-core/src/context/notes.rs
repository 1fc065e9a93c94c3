//! What a job says about itself while it is performed: the step that it is at, and whether it is to be snoozed.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// The notes of one perform. Made at the first note, since most jobs make none; clones share them.
#[derive(Debug, Default)]
pub(super) struct Notes(OnceLock<Arc<Mutex<Noted>>>);

#[derive(Debug, Default)]
struct Noted {
    step: Option<Cow<'static, str>>,
    snooze: Option<Duration>,
}

impl Notes {
    pub(super) fn set_step(&self, step: Cow<'static, str>) {
        self.write().step = Some(step);
    }

    pub(super) fn step(&self) -> Option<String> {
        self.read(|noted| noted.step.as_ref().map(ToString::to_string))
    }

    pub(super) fn set_snooze(&self, wait: Duration) {
        self.write().snooze = Some(wait);
    }

    pub(super) fn snooze(&self) -> Option<Duration> {
        self.read(|noted| noted.snooze)
    }

    /// The same notes, for a copy of the context.
    pub(super) fn share(&self) -> Self {
        Self(OnceLock::from(Arc::clone(self.0.get_or_init(Arc::default))))
    }

    fn write(&self) -> MutexGuard<'_, Noted> {
        self.0.get_or_init(Arc::default).lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, read: impl FnOnce(&Noted) -> Option<T>) -> Option<T> {
        read(&self.0.get()?.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
