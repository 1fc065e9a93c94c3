//! One call of the script that moves jobs.

use std::collections::BTreeMap;

use jobs_core::Error;

use super::steps::Steps;
use crate::{ResqueStore, scripts};

/// What became of steps.
pub(crate) struct StepsAnswer {
    /// For each step, whether it was done.
    pub(crate) done: Vec<bool>,
    /// By the index of the step, why Redis refuses it.
    pub(crate) refused: BTreeMap<usize, String>,
}

impl ResqueStore {
    /// Makes these steps, or none if Redis would refuse one of them. Answers for each whether it was done.
    pub(crate) async fn make(&self, steps: Steps, doing: &str) -> Result<Vec<bool>, Error> {
        Ok(self.run_steps(steps, "0", doing).await?.done)
    }

    /// Makes these steps. One that Redis would refuse, because a key has another type or this user may not write it, is not done
    /// and stops no other, unless it adds a new job. The caller tells of those.
    pub(crate) async fn make_each(&self, steps: Steps, doing: &str) -> Result<StepsAnswer, Error> {
        self.run_steps(steps, "1", doing).await
    }

    async fn run_steps(&self, steps: Steps, each: &str, doing: &str) -> Result<StepsAnswer, Error> {
        if steps.len() == 0 {
            return Ok(StepsAnswer { done: Vec::new(), refused: BTreeMap::new() });
        }
        let (keys, channel) = (&self.options.keys, self.changes.channel().to_owned());
        let head = [keys.prefix(), channel, keys.master_lock(), self.scheduler_name(), each.to_owned()];
        let head = head.into_iter().map(String::into_bytes);
        let arguments: Vec<Vec<u8>> = head.chain(steps.into_arguments()).collect();
        let (done, refused): (Vec<i64>, BTreeMap<usize, String>) =
            self.link.run(&scripts::WORK, &arguments, doing).await?;
        self.changes.notify();
        Ok(StepsAnswer {
            done: done.into_iter().map(|done| done == 1).collect(),
            refused: refused.into_iter().map(|(step, reason)| (step - 1, reason)).collect(),
        })
    }
}
