//! Releases the jobs of claims whose answers did not arrive.

use std::collections::HashSet;

use jobs_core::{Error, ProcessId};

use crate::{ResqueStore, scripts};

impl ResqueStore {
    /// Releases the jobs of lost claims of a process. The calls of a connection are done in their order, so those claims are
    /// over.
    pub(crate) async fn release_lost(&self, process: ProcessId) -> Result<(), Error> {
        let lost = self.lost.of(process);
        if lost.is_empty() {
            return Ok(());
        }
        let words = [self.options.keys.prefix(), self.changes.channel().to_owned(), process.to_string()];
        let numbers = lost.iter().flat_map(|numbers| [numbers.start.to_string(), numbers.end.to_string()]);
        let words = words.into_iter().chain([lost.len().to_string()]).chain(numbers);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let (back, holding): (u64, HashSet<u64>) =
            self.link.run(&scripts::RELEASE, &arguments, "release the jobs of a lost claim").await?;
        self.lost.released(process, &lost, |numbers| holding.contains(&numbers.start));
        if back > 0 {
            self.changes.notify();
        }
        Ok(())
    }
}
