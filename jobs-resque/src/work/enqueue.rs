//! Jobs are enqueued.

use jobs_core::{Enqueued, Error, NewJob, Timestamp};

use super::steps::{SOON, StepSource, StepTarget, Steps, count};
use crate::{DelayedJob, Payload, ResqueStore};

impl ResqueStore {
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        jobs.iter().try_for_each(check)?;
        let mut steps = Steps::default();
        for job in jobs {
            self.add_new(&mut steps, job)?;
        }
        self.make(steps, "enqueue jobs").await?;
        Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
    }

    /// Adds the step that stores a job.
    ///
    /// # Errors
    /// The job cannot be written in the form that was chosen.
    pub(crate) fn add_new(&self, steps: &mut Steps, job: &NewJob) -> Result<(), Error> {
        let now = self.clock.now();
        let due = job.due.at(now);
        let payload = self.new_payload(job)?;
        if due <= now {
            steps.go(StepSource::New, StepTarget::Right(&job.queue, &payload.text()), count::NOTHING, job.id);
        } else {
            let is_of_ruby = job.signature.is_some() || self.options.writes_active_jobs;
            let due = if is_of_ruby { due.max(first_of_ruby(now)) } else { due };
            let delayed = DelayedJob::new(payload, &job.queue);
            steps.go(StepSource::New, StepTarget::Later(&delayed, due, now), count::NOTHING, job.id);
        }
        Ok(())
    }

    /// A job with a signature is performed by a class of Ruby, which finds it by its text: it gets no third key.
    fn new_payload(&self, job: &NewJob) -> Result<Payload, Error> {
        let (now, class) = (self.clock.now(), self.options.names.class_of(&job.name));
        if self.options.writes_active_jobs {
            return Payload::of_active_job(job, &class, now, self.options.rails);
        }
        match job.signature {
            Some(_) => Payload::of_ruby(job, &class),
            None => Payload::of_job(job, &class, now),
        }
    }
}

/// The first second that resque-scheduler is given. A job that Ruby performs does not wait in a key that Rust alone reads.
const fn first_of_ruby(now: Timestamp) -> Timestamp {
    Timestamp::from_micros((DelayedJob::second_of(now) + SOON + 1).saturating_mul(1_000_000))
}

/// Refuses what the store cannot keep.
pub(crate) fn check(job: &NewJob) -> Result<(), Error> {
    job.check()?;
    jobs_active_job::check_keys(job)?;
    job.check_not_unique("the store on Resque's Redis")
}
