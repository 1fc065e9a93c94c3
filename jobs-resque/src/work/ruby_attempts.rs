//! Reads how many attempts resque-retry counts of jobs of Ruby, and ends a count with the success of its job, as the plugin does.

use jobs_core::{ClaimToken, Error, JobRecord, LogText};
use jobs_redis::redis;
use serde_json::value::RawValue;

use super::steps::ClaimedRun;
use crate::payload::{attempts, counter_keys};
use crate::{Payload, ResqueStore};

impl ResqueStore {
    /// The payloads with what resque-retry counts of them. Nothing is asked for jobs that it cannot count.
    pub(crate) async fn with_attempts_of_ruby(&self, payloads: Vec<Payload>) -> Result<Vec<Payload>, Error> {
        let counts = self.attempts_by_counters(payloads.iter().map(Payload::retry_counters)).await?;
        let counted = payloads.into_iter().zip(counts);
        Ok(counted.map(|(payload, attempts)| payload.after_attempts_of_ruby(attempts.unwrap_or(0))).collect())
    }

    /// The same for runs.
    pub(crate) async fn with_counted_attempts(
        &self,
        mut runs: Vec<(ClaimToken, ClaimedRun)>,
    ) -> Result<Vec<(ClaimToken, ClaimedRun)>, Error> {
        let counts = self.attempts_by_counters(runs.iter().map(|(_, run)| counters_of(run))).await?;
        for ((_, run), attempts) in runs.iter_mut().zip(counts) {
            run.attempts_of_ruby = attempts.unwrap_or(0);
        }
        Ok(runs)
    }

    /// The same for records of jobs of which no attempt is known.
    pub(crate) async fn add_attempts_of_ruby(&self, jobs: &mut [JobRecord]) -> Result<(), Error> {
        let counters = |job: &JobRecord| {
            let args = RawValue::from_string(job.arguments.clone()).ok().filter(|args| args.get().starts_with('['));
            let args = args.filter(|_| job.attempts == 0);
            args.map(|args| counter_keys(&self.options.names.class_of(&job.name), &args)).unwrap_or_default()
        };
        let counts = self.attempts_by_counters(jobs.iter().map(counters)).await?;
        for (job, attempts) in jobs.iter_mut().zip(counts) {
            job.attempts = attempts.unwrap_or(job.attempts);
        }
        Ok(())
    }

    /// Removes the counts of jobs that have succeeded, as the plugin does: an equal job begins anew.
    pub(crate) async fn end_counts_of_ruby(&self, succeeded: impl Iterator<Item = &ClaimedRun> + Send) {
        let counters: Vec<String> =
            succeeded.filter(|run| run.attempts_of_ruby > 0).flat_map(counters_of).map(|key| self.key(&key)).collect();
        if counters.is_empty() {
            return;
        }
        let mut commands = redis::pipe();
        commands.cmd("DEL").arg(counters);
        let ended: Result<Option<(i64,)>, Error> =
            self.link.allowed_commands(&commands, "end a count of resque-retry").await;
        if let Err(error) = ended {
            tracing::warn!(
                error = %LogText::field(&error),
                "an equal job begins with the attempts that resque-retry has counted of one that succeeded"
            );
        }
    }

    /// For each job the attempts that are counted under one of its keys, the most if there are several counts; `None` if it has no
    /// keys.
    async fn attempts_by_counters(
        &self,
        counters: impl Iterator<Item = Vec<String>>,
    ) -> Result<Vec<Option<u32>>, Error> {
        let counters: Vec<Vec<String>> = counters.collect();
        let keys: Vec<String> = counters.iter().flatten().map(|counter| self.key(counter)).collect();
        if keys.is_empty() {
            return Ok(vec![None; counters.len()]);
        }
        let mut commands = redis::pipe();
        // A key of another type has no number; the command for many keys leaves it out.
        commands.cmd("MGET").arg(keys);
        let values: Option<(Vec<Option<Vec<u8>>>,)> =
            self.link.allowed_commands(&commands, "read what resque-retry counts").await?;
        let mut values = values.map(|(values,)| values).unwrap_or_default().into_iter();
        let number =
            |value: Option<Vec<u8>>| attempts(value.as_deref().and_then(|value| std::str::from_utf8(value).ok()));
        Ok(counters.iter().map(|keys| values.by_ref().take(keys.len()).map(number).max()).collect())
    }
}

fn counters_of(run: &ClaimedRun) -> Vec<String> {
    Payload::parse(&run.text).map(|payload| payload.retry_counters()).unwrap_or_default()
}
