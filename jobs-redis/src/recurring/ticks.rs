//! Ticks of recurring tasks: taken task by task, each record with its jobs, if it is still what was read.

use std::collections::BTreeMap;

use jobs_core::{Enqueued, Error, RecurringRecord, Tick, TickBatch, TickOutcome, Timestamp};

use super::{GuardedSteps, RECURRING, RecurringHash, TasksOf, text};

/// The answers for the ticks of one task, in force if the step of this number was done.
struct TaskRequest {
    step: usize,
    answers: Vec<(usize, TickOutcome)>,
}

/// The requests of one call of the script.
struct Requests<T> {
    steps: T,
    tasks: Vec<TaskRequest>,
    /// The answers that are certain without it.
    certain: Vec<(usize, TickOutcome)>,
}

impl<S: RecurringHash> TasksOf<S> {
    /// Takes ticks. Those of a task that another process changed meanwhile are decided anew.
    ///
    /// Cancel safe: some of them may be taken, with their jobs.
    ///
    /// # Errors
    /// A job is refused, Redis cannot be reached, or a record cannot be read.
    pub async fn ticks(self, ticks: &[Tick]) -> Result<Vec<TickOutcome>, Error> {
        ticks.iter().filter_map(|tick| tick.job.as_ref()).try_for_each(S::check_job)?;
        let mut answers: BTreeMap<usize, TickOutcome> = BTreeMap::new();
        while answers.len() < ticks.len() {
            let mut open: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for (position, tick) in ticks.iter().enumerate().filter(|(position, _)| !answers.contains_key(position)) {
                open.entry(&tick.key).or_default().push(position);
            }
            let keys: Vec<&str> = open.keys().copied().collect();
            let stored = self.stored(&keys).await?;
            let mut requests = Requests { steps: S::Steps::default(), tasks: Vec::new(), certain: Vec::new() };
            for (positions, (old, record)) in open.into_values().zip(stored) {
                self.request(&mut requests, ticks, &positions, &old, record)?;
            }
            answers.extend(std::mem::take(&mut requests.certain));
            let done = self.0.make_steps(requests.steps, "take ticks of recurring tasks").await?;
            let taken = requests.tasks.into_iter().filter(|task| done.get(task.step) == Some(&true));
            answers.extend(taken.flat_map(|task| task.answers));
        }
        Ok(answers.into_values().collect())
    }

    /// Adds the ticks of one task at these positions.
    fn request(
        &self,
        requests: &mut Requests<S::Steps>,
        ticks: &[Tick],
        positions: &[usize],
        old: &[u8],
        record: Option<RecurringRecord>,
    ) -> Result<(), Error> {
        let wanted: Vec<Tick> = positions.iter().filter_map(|position| ticks.get(*position)).cloned().collect();
        let now: Timestamp = self.0.now();
        let batch = TickBatch::new(wanted, record, now);
        let jobs = batch.jobs().to_vec();
        // Jobs cannot be unique here, so that each of them is new.
        let enqueued: Vec<_> = jobs.iter().map(|job| Enqueued::New(job.id)).collect();
        let (outcomes, changed) = batch.finish(&enqueued);
        let answers = positions.iter().copied().zip(outcomes).collect();
        let Some(record) = changed.first() else {
            requests.certain.extend::<Vec<_>>(answers);
            return Ok(());
        };
        requests.tasks.push(TaskRequest { step: requests.steps.count(), answers });
        requests.steps.guard(RECURRING, &record.task.key, old, &text(Some(record)));
        for job in &jobs {
            self.0.add_job(&mut requests.steps, job)?;
        }
        requests.steps.open();
        Ok(())
    }
}
