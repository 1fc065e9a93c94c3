//! Recurring tasks: a record in a hash for each, which is changed only if it is what was read.

mod ticks;

use std::collections::BTreeMap;

use jobs_core::{Error, NewJob, ProcessId, RecurringRecord, RecurringTask, RecurringTasks, StoreFuture, Timestamp};

use crate::Link;

/// The hash, without the namespace in front.
const RECURRING: &str = "jobs_rs:recurring";

const DOING: &str = "change a recurring task";

/// The steps of one call of a store's script, as far as recurring tasks add some.
pub trait GuardedSteps: Default + Send {
    /// How many steps there are.
    fn count(&self) -> usize;

    /// Adds a step, by its name and its arguments.
    fn push(&mut self, words: &[&[u8]]);

    /// Changes a field of a hash, whose key is without the namespace, if it is `old`. The steps that follow are done only if it
    /// was, up to [`open`](Self::open). An empty text means that there is no such field.
    fn guard(&mut self, key: &str, field: &str, old: &[u8], new: &[u8]) {
        self.push(&[b"guard", key.as_bytes(), field.as_bytes(), old, new]);
    }

    /// Ends the effect of the last guard.
    fn open(&mut self) {
        self.push(&[b"open"]);
    }

    /// Forgets a process whose jobs were taken. One that was known learns it at its next heartbeat.
    fn forget(&mut self, process: ProcessId, was_known: bool) {
        let known: &[u8] = if was_known { b"1" } else { b"0" };
        self.push(&[b"forget", process.to_string().as_bytes(), known]);
    }
}

/// What a store has to offer for recurring tasks.
pub trait RecurringHash: Send + Sync {
    /// The steps of a call of its script.
    type Steps: GuardedSteps;

    /// Its connection.
    fn link(&self) -> &Link;

    /// A key with the namespace in front.
    fn key_of(&self, name: &str) -> String;

    /// The time of its clock.
    fn now(&self) -> Timestamp;

    /// Refuses a job that it cannot keep.
    ///
    /// # Errors
    /// As its enqueue.
    fn check_job(job: &NewJob) -> Result<(), Error>;

    /// Adds the steps that store a new job.
    ///
    /// # Errors
    /// As its enqueue.
    fn add_job(&self, steps: &mut Self::Steps, job: &NewJob) -> Result<(), Error>;

    /// Makes these steps, or none if Redis would refuse one of them. Answers for each whether it was done.
    fn make_steps(&self, steps: Self::Steps, doing: &'static str) -> StoreFuture<'_, Vec<bool>>;
}

/// Gives a store the capability to keep recurring tasks, [`Recurring`](jobs_core::Recurring), by its [`RecurringHash`] and by its
/// method that returns the tasks to show.
#[macro_export]
macro_rules! recurring_tasks {
    ($store:ty, $hash:path, $shown:ident) => {
        impl ::jobs_core::Recurring for $store {
            fn declare<'a>(&'a self, tasks: &'a [::jobs_core::RecurringTask]) -> ::jobs_core::StoreFuture<'a, ()> {
                Box::pin($crate::TasksOf($hash(self)).declare(tasks))
            }

            fn tasks(&self) -> ::jobs_core::StoreFuture<'_, ::jobs_core::RecurringTasks> {
                Box::pin(self.$shown())
            }

            fn ticks<'a>(
                &'a self,
                ticks: &'a [::jobs_core::Tick],
            ) -> ::jobs_core::StoreFuture<'a, Vec<::jobs_core::TickOutcome>> {
                Box::pin($crate::TasksOf($hash(self)).ticks(ticks))
            }

            fn pause_task<'a>(&'a self, key: &'a str) -> ::jobs_core::StoreFuture<'a, bool> {
                Box::pin($crate::TasksOf($hash(self)).pause(key))
            }

            fn resume_task<'a>(&'a self, key: &'a str) -> ::jobs_core::StoreFuture<'a, bool> {
                Box::pin($crate::TasksOf($hash(self)).resume(key))
            }

            fn forget_task<'a>(&'a self, key: &'a str) -> ::jobs_core::StoreFuture<'a, bool> {
                Box::pin($crate::TasksOf($hash(self)).forget(key))
            }
        }
    };
}

/// The recurring tasks of a store, by the methods of [`Recurring`](jobs_core::Recurring).
#[derive(Debug)]
pub struct TasksOf<S>(pub S);

impl<S: RecurringHash> TasksOf<S> {
    /// Declares tasks, and removes those that were declared so long ago that they are forgotten.
    ///
    /// Cancel safe: some tasks may be declared.
    ///
    /// # Errors
    /// Redis cannot be reached, or a record cannot be read.
    pub async fn declare(self, tasks: &[RecurringTask]) -> Result<(), Error> {
        for task in tasks {
            self.change(&task.key, |record, now| {
                match record {
                    Some(record) => record.declare(task, now),
                    None => *record = Some(RecurringRecord::new(task.clone(), now)),
                }
                true
            })
            .await?;
        }
        for (key, record) in self.records().await? {
            if record.is_forgotten(self.0.now()) {
                self.change(&key, |record, now| record.take_if(|record| record.is_forgotten(now)).is_some()).await?;
            }
        }
        Ok(())
    }

    /// All tasks, at the time of the store's clock.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// As [`declare`](Self::declare).
    pub async fn all(self) -> Result<RecurringTasks, Error> {
        let records = self.records().await?;
        Ok(RecurringTasks::new(self.0.now(), records.into_values().collect()))
    }

    /// Pauses a task. Answers whether it changed anything.
    ///
    /// Cancel safe: it may be done.
    ///
    /// # Errors
    /// As [`declare`](Self::declare).
    pub async fn pause(self, key: &str) -> Result<bool, Error> {
        self.change(key, |record, _| record.as_mut().is_some_and(RecurringRecord::pause)).await
    }

    /// Resumes a task. Answers whether it changed anything.
    ///
    /// Cancel safe: it may be done.
    ///
    /// # Errors
    /// As [`declare`](Self::declare).
    pub async fn resume(self, key: &str) -> Result<bool, Error> {
        self.change(key, |record, now| record.as_mut().is_some_and(|record| record.resume(now))).await
    }

    /// Removes a task. Answers whether there was one.
    ///
    /// Cancel safe: it may be done.
    ///
    /// # Errors
    /// As [`declare`](Self::declare).
    pub async fn forget(self, key: &str) -> Result<bool, Error> {
        self.change(key, |record, _| record.take().is_some()).await
    }

    async fn records(&self) -> Result<BTreeMap<String, RecurringRecord>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(self.0.key_of(RECURRING));
        let (texts,): (BTreeMap<String, Vec<u8>>,) = self.0.link().commands(&commands, "read recurring tasks").await?;
        texts.into_iter().map(|(key, text)| Ok((key, parse(&text)?))).collect()
    }

    /// Tasks with the texts that they were read from. The text is empty if there is no such task.
    async fn stored(&self, keys: &[&str]) -> Result<Vec<(Vec<u8>, Option<RecurringRecord>)>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HMGET").arg(self.0.key_of(RECURRING)).arg(keys);
        let (texts,): (Vec<Option<Vec<u8>>>,) = self.0.link().commands(&commands, DOING).await?;
        let stored = |text: Option<Vec<u8>>| {
            let text = text.unwrap_or_default();
            let record = if text.is_empty() { None } else { Some(parse(&text)?) };
            Ok((text, record))
        };
        texts.into_iter().map(stored).collect()
    }

    /// Changes a task; `change` answers whether it changed anything. If another process was faster, the change is made again
    /// on what that one wrote.
    async fn change(
        &self,
        key: &str,
        change: impl Fn(&mut Option<RecurringRecord>, Timestamp) -> bool + Send,
    ) -> Result<bool, Error> {
        loop {
            let (old, mut record) = self.stored(&[key]).await?.pop().unwrap_or_default();
            if !change(&mut record, self.0.now()) {
                return Ok(false);
            }
            let mut steps = S::Steps::default();
            steps.guard(RECURRING, key, &old, &text(record.as_ref()));
            if self.0.make_steps(steps, DOING).await?.contains(&true) {
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
fn text(record: Option<&RecurringRecord>) -> Vec<u8> {
    record.and_then(|record| serde_json::to_vec(record).ok()).unwrap_or_default()
}
