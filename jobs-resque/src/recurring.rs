//! The capability to keep recurring tasks: a record in a hash, which is changed only if it is what was read.

use std::collections::BTreeMap;

use jobs_core::{
    Error, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome, Timestamp,
};
use jobs_redis::redis;

use crate::ResqueStore;
use crate::keys::RECURRING;
use crate::work::Steps;

const DOING: &str = "change a recurring task";

impl Recurring for ResqueStore {
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            for task in tasks {
                self.change_task(&task.key, |record, now| {
                    match record {
                        Some(record) => record.declare(task, now),
                        None => *record = Some(RecurringRecord::new(task.clone(), now)),
                    }
                    true
                })
                .await?;
            }
            for (key, record) in self.records().await? {
                if record.is_forgotten(self.clock.now()) {
                    self.change_task(&key, |record, now| record.take_if(|record| record.is_forgotten(now)).is_some())
                        .await?;
                }
            }
            Ok(())
        })
    }

    fn tasks(&self) -> StoreFuture<'_, RecurringTasks> {
        Box::pin(self.recurring_tasks())
    }

    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>> {
        Box::pin(self.take_ticks(ticks))
    }

    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.change_task(key, |record, _| record.as_mut().is_some_and(RecurringRecord::pause)))
    }

    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.change_task(key, |record, now| record.as_mut().is_some_and(|record| record.resume(now))))
    }

    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.change_task(key, |record, _| record.take().is_some()))
    }
}

impl ResqueStore {
    pub(crate) async fn recurring_tasks(&self) -> Result<RecurringTasks, Error> {
        let records = self.records().await?;
        Ok(RecurringTasks::new(self.clock.now(), records.into_values().collect()))
    }

    async fn records(&self) -> Result<BTreeMap<String, RecurringRecord>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(self.key(RECURRING));
        let (texts,): (BTreeMap<String, Vec<u8>>,) = self.link.commands(&commands, "read recurring tasks").await?;
        texts.into_iter().map(|(key, text)| Ok((key, parse(&text)?))).collect()
    }

    /// Tasks with the texts that they were read from. The text is empty if there is no such task.
    pub(crate) async fn stored_tasks(&self, keys: &[&str]) -> Result<Vec<(Vec<u8>, Option<RecurringRecord>)>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HMGET").arg(self.key(RECURRING)).arg(keys);
        let (texts,): (Vec<Option<Vec<u8>>>,) = self.link.commands(&commands, DOING).await?;
        let stored = |text: Option<Vec<u8>>| {
            let text = text.unwrap_or_default();
            let record = if text.is_empty() { None } else { Some(parse(&text)?) };
            Ok((text, record))
        };
        texts.into_iter().map(stored).collect()
    }

    /// Changes a task; `change` answers whether it changed anything. If another process was faster, the change is made again
    /// on what that one wrote.
    async fn change_task(
        &self,
        key: &str,
        change: impl Fn(&mut Option<RecurringRecord>, Timestamp) -> bool + Send,
    ) -> Result<bool, Error> {
        loop {
            let (old, mut record) = self.stored_tasks(&[key]).await?.pop().unwrap_or_default();
            if !change(&mut record, self.clock.now()) {
                return Ok(false);
            }
            let mut steps = Steps::default();
            steps.guard(RECURRING, key, &old, &text(record.as_ref()));
            if self.make(steps, DOING).await?.contains(&true) {
                return Ok(true);
            }
        }
    }
}

fn parse(text: &[u8]) -> Result<RecurringRecord, Error> {
    serde_json::from_slice(text).map_err(|cause| {
        Error::corrupt("a recurring task in `jobs_rs:recurring` cannot be read; remove it from the hash")
            .with_source(cause)
    })
}

/// The text to store; empty if there is no task. A record can always be written as JSON.
pub(crate) fn text(record: Option<&RecurringRecord>) -> Vec<u8> {
    record.and_then(|record| serde_json::to_vec(record).ok()).unwrap_or_default()
}
