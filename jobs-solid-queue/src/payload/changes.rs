//! The changes that moves make in a serialized job.

use std::collections::BTreeMap;

use jobs_core::ErrorRecord;

use super::RowPayload;

impl RowPayload {
    /// Whether Rust enqueued it.
    pub(crate) const fn is_ours(&self) -> bool {
        self.own.names.is_some() || self.own.text.is_some()
    }

    /// With the error of an attempt that ended, and with the metadata that it left.
    pub(crate) fn failed(mut self, error: &ErrorRecord, meta: Option<&str>) -> Self {
        error.append_to(&mut self.own.errors);
        self.set_meta(meta);
        self
    }

    /// With one execution more, which is over.
    pub(crate) fn counted(mut self) -> Self {
        self.job.set_executions(self.job.executions().saturating_add(1));
        self
    }

    /// With other metadata.
    pub(crate) fn with_meta(mut self, meta: Option<&str>) -> Self {
        self.set_meta(meta);
        self
    }

    /// With the death of the process that ran it.
    pub(crate) fn crashed(mut self, death: &ErrorRecord) -> Self {
        self.own.crashes = self.own.crashes.saturating_add(1);
        death.append_to(&mut self.own.errors);
        self
    }

    /// With an attempt that ended on purpose, and its error, if it has one.
    pub(crate) fn discarded(mut self, error: Option<&ErrorRecord>) -> Self {
        if let Some(error) = error {
            error.append_to(&mut self.own.errors);
        }
        self.counted()
    }

    /// With the error in `failed_executions`, if we did not write it.
    pub(crate) fn with_errors(mut self, failed: Option<&ErrorRecord>) -> Self {
        self.own.errors = self.errors(failed);
        self
    }

    /// As Solid Queue leaves a failed job that a person retries: `executions` and the counters begin anew. How many attempts
    /// there were stays in our own data.
    pub(crate) fn retried_by_person(mut self) -> Self {
        self.own.attempts = self.attempts();
        self.own.crashes = 0;
        self.job.set_executions(0);
        self.reset_counters(&BTreeMap::new());
        self
    }
}
