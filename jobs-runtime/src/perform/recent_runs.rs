//! How long the recent attempts of each known job took in this process.

use std::collections::HashMap;
use std::sync::Mutex;

use jobs_core::{RecentDurations, Registry};

/// The recent attempts of each known job. Its size is fixed by the registry.
#[derive(Debug)]
pub(crate) struct RecentRuns(HashMap<&'static str, Mutex<RecentDurations>>);

impl RecentRuns {
    /// Without any attempt so far.
    pub(crate) fn of(registry: &Registry) -> Self {
        Self(registry.iter().map(|known| (known.definition.name(), Mutex::default())).collect())
    }

    /// Those of the job of this name, which is not an alias.
    pub(crate) fn of_job(&self, name: &str) -> Option<&Mutex<RecentDurations>> {
        self.0.get(name)
    }
}
