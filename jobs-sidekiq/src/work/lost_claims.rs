//! Releases the jobs of claims whose answers did not arrive.

use std::collections::HashSet;

use jobs_core::{Error, ProcessId};

use crate::SidekiqStore;
use crate::scripts;

impl SidekiqStore {
    /// Releases the jobs of lost claims of a process. Redis notes the claims down: one that arrives later, from a connection that
    /// was lost, takes nothing.
    pub(crate) async fn release_lost(&self, process: ProcessId) -> Result<(), Error> {
        let batches = self.lost.of(process);
        if batches.is_empty() {
            return Ok(());
        }
        let words = [self.options.namespace_prefix(), self.changes.channel().to_owned(), process.to_string()];
        let numbers = std::iter::once(batches.len().to_string()).chain(batches.iter().map(u64::to_string));
        let arguments: Vec<Vec<u8>> = words.into_iter().chain(numbers).map(String::into_bytes).collect();
        let (back, holding): (u64, HashSet<u64>) =
            self.link.run(&scripts::RELEASE, &arguments, "release the jobs of a lost claim").await?;
        self.lost.released(process, &batches, |batch| holding.contains(batch));
        if back > 0 {
            self.changes.notify();
        }
        Ok(())
    }
}
