//! Jobs are enqueued.

use jobs_core::{Enqueued, Error, NewJob};

use super::steps::{StepSource, StepTarget, Steps, count};
use crate::SidekiqStore;
use crate::keys::SCHEDULE;
use crate::payload::{Form, Payload};

impl SidekiqStore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        jobs.iter().try_for_each(check)?;
        let mut steps = Steps::default();
        for job in jobs {
            self.add_new(&mut steps, job)?;
        }
        match steps.into_push() {
            Ok((queue, texts)) => self.pushes.push(queue, texts).await?,
            Err(steps) => drop(self.make(steps, "enqueue jobs").await?),
        }
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    }

    /// Adds the step that stores a job.
    ///
    /// # Errors
    /// The job cannot be written in the form of Active Job.
    pub(crate) fn add_new(&self, steps: &mut Steps, job: &NewJob) -> Result<(), Error> {
        let now = self.clock.now();
        let due = job.due.at(now);
        let options = &self.options;
        let form = Form { names: options.names, is_active_job: options.writes_active_jobs, retries: options.retries };
        let payload = Payload::of_new(job, form, &self.times(now, due))?;
        if due <= now {
            let text = payload.pushed_new(self.unit(), now).text();
            steps.enqueue(&job.queue, text);
        } else {
            let text = payload.text();
            steps.go(StepSource::New, StepTarget::Set(SCHEDULE, due, text.as_bytes()), count::NOTHING, job.id);
        }
        Ok(())
    }
}

/// Refuses what the store cannot keep.
pub(crate) fn check(job: &NewJob) -> Result<(), Error> {
    job.check()?;
    jobs_active_job::check_keys(job)?;
    job.check_not_unique("the store on Sidekiq's Redis")
}
