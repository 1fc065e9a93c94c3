//! The capability to keep recurring tasks: a record in a hash, which is changed only if it is what was read.

use std::collections::BTreeMap;

use jobs_core::{
    Error, Recurring, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Tick, TickOutcome, Timestamp,
};

use crate::SidekiqStore;
use crate::keys::RECURRING;
use crate::work::Steps;

const DOING: &str = "change a recurring task";

impl Recurring for SidekiqStore {
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

    fn tick<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, TickOutcome> {
        Box::pin(self.take_tick(tick))
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

impl SidekiqStore {
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

    /// A task with the text that it was read from, which is empty if there is none.
    async fn task(&self, key: &str) -> Result<(Vec<u8>, Option<RecurringRecord>), Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGET").arg(self.key(RECURRING)).arg(key);
        let (text,): (Option<Vec<u8>>,) = self.link.commands(&commands, DOING).await?;
        let text = text.unwrap_or_default();
        let record = if text.is_empty() { None } else { Some(parse(&text)?) };
        Ok((text, record))
    }

    /// Changes a task; `change` answers whether it changed anything. If another process was faster, the change is made again
    /// on what that one wrote.
    async fn change_task(
        &self,
        key: &str,
        change: impl Fn(&mut Option<RecurringRecord>, Timestamp) -> bool + Send,
    ) -> Result<bool, Error> {
        loop {
            let (old, mut record) = self.task(key).await?;
            if !change(&mut record, self.clock.now()) {
                return Ok(false);
            }
            let mut steps = Steps::default();
            steps.guard(RECURRING, key, &old, &text(record.as_ref()));
            if self.make(steps, DOING).await?.done.contains(&true) {
                return Ok(true);
            }
        }
    }

    async fn take_tick(&self, tick: &Tick) -> Result<TickOutcome, Error> {
        tick.job.as_ref().map_or(Ok(()), crate::work::check_new)?;
        loop {
            let (old, record) = self.task(&tick.key).await?;
            let Some(mut record) = record else { return Ok(TickOutcome::Unknown) };
            if let Some(refused) = record.refuses(tick.at, self.clock.now()) {
                return Ok(refused);
            }
            let enqueued = tick.job.as_ref().map(|job| jobs_core::Enqueued::New(job.id));
            record.note(tick.at, enqueued.as_ref());
            let mut steps = Steps::default();
            steps.guard(RECURRING, &tick.key, &old, &text(Some(&record)));
            if let Some(job) = &tick.job {
                self.add_new(&mut steps, job);
            }
            if self.make(steps, "take a tick of a recurring task").await?.done.first() == Some(&true) {
                return Ok(enqueued.map_or(TickOutcome::Skipped, TickOutcome::Enqueued));
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
fn text(record: Option<&RecurringRecord>) -> Vec<u8> {
    record.and_then(|record| serde_json::to_vec(record).ok()).unwrap_or_default()
}
