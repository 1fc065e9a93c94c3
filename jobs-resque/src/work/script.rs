//! One call of the script that moves jobs.

use jobs_core::Error;

use super::steps::Steps;
use crate::{ResqueStore, scripts};

impl ResqueStore {
    /// Makes these steps. Answers for each whether it was done.
    pub(crate) async fn make(&self, steps: Steps, doing: &str) -> Result<Vec<bool>, Error> {
        if steps.len() == 0 {
            return Ok(Vec::new());
        }
        let keys = &self.options.keys;
        let head = [keys.prefix(), self.changes.channel().to_owned(), keys.master_lock(), self.scheduler_name()];
        let head = head.into_iter().map(String::into_bytes);
        let arguments: Vec<Vec<u8>> = head.chain(steps.into_arguments()).collect();
        let done: Vec<i64> = self.link.run(&scripts::WORK, &arguments, doing).await?;
        self.changes.notify();
        Ok(done.into_iter().map(|done| done == 1).collect())
    }
}
