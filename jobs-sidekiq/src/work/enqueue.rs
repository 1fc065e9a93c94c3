//! Jobs are enqueued.

use jobs_core::{Enqueued, Error, NewJob};

use super::steps::{Source, Steps, Target, count};
use crate::SidekiqStore;
use crate::keys::SCHEDULE;
use crate::payload::Payload;

impl SidekiqStore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        jobs.iter().try_for_each(check)?;
        let mut steps = Steps::default();
        for job in jobs {
            self.add_new(&mut steps, job);
        }
        self.make(steps, "enqueue jobs").await?;
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    }

    /// Adds the step that stores a job.
    pub(crate) fn add_new(&self, steps: &mut Steps, job: &NewJob) {
        let now = self.clock.now();
        let due = job.due.at(now);
        let payload = Payload::of_new(job, self.options.names, self.unit(), now, due);
        if due <= now {
            let text = payload.pushed(self.unit(), now).text();
            steps.go(Source::New, Target::Left(&job.queue, text.as_bytes()), count::NOTHING, job.id);
        } else {
            let text = payload.text();
            steps.go(Source::New, Target::Set(SCHEDULE, due, text.as_bytes()), count::NOTHING, job.id);
        }
    }
}

/// Refuses what the store cannot keep.
pub(crate) fn check(job: &NewJob) -> Result<(), Error> {
    job.check()?;
    if job.unique_key.is_none() {
        return Ok(());
    }
    Err(Error::unsupported(format!(
        "the job `{}` ({}) is unique, and the store on Sidekiq's Redis cannot keep jobs unique: remove `unique` from the job, \
         or keep it in another store",
        job.name, job.id
    )))
}
