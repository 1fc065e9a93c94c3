//! Reads how many attempts resque-retry counts of jobs of Ruby, and ends a count with the success of its job, as the plugin does.

use std::collections::HashMap;

use jobs_core::{ClaimToken, Error, JobRecord};
use jobs_redis::redis;
use serde_json::value::RawValue;

use super::steps::ClaimedRun;
use crate::payload::{attempts, counter_keys};
use crate::{Payload, ResqueStore};

impl ResqueStore {
    /// The payloads with what resque-retry counts of them. Nothing is asked for jobs that it cannot count.
    pub(crate) async fn with_attempts_of_ruby(&self, payloads: Vec<Payload>) -> Result<Vec<Payload>, Error> {
        let counters: Vec<Vec<String>> = payloads.iter().map(Payload::retry_counters).collect();
        let counts = self.attempts_by_counter(counters.iter().flatten()).await?;
        let most = |keys: &[String]| keys.iter().filter_map(|key| counts.get(key)).copied().max().unwrap_or(0);
        Ok(payloads
            .into_iter()
            .zip(counters)
            .map(|(payload, keys)| payload.after_attempts_of_ruby(most(&keys)))
            .collect())
    }

    /// The same for runs.
    pub(crate) async fn with_counted_attempts(
        &self,
        runs: Vec<(ClaimToken, ClaimedRun)>,
    ) -> Result<Vec<(ClaimToken, ClaimedRun)>, Error> {
        let counters: Vec<Vec<String>> = runs.iter().map(|(_, run)| counters_of(run)).collect();
        let counts = self.attempts_by_counter(counters.iter().flatten()).await?;
        let counted = runs.into_iter().zip(counters).map(|((token, mut run), keys)| {
            run.attempts_of_ruby = keys.iter().filter_map(|key| counts.get(key)).copied().max().unwrap_or(0);
            (token, run)
        });
        Ok(counted.collect())
    }

    /// The same for records of jobs of which no attempt is known.
    pub(crate) async fn add_attempts_of_ruby(&self, jobs: &mut [JobRecord]) -> Result<(), Error> {
        let counters = |job: &JobRecord| {
            let args = RawValue::from_string(job.arguments.clone()).ok().filter(|args| args.get().starts_with('['));
            let args = args.filter(|_| job.attempts == 0);
            args.map(|args| counter_keys(&self.options.names.class_of(&job.name), &args)).unwrap_or_default()
        };
        let counters: Vec<Vec<String>> = jobs.iter().map(counters).collect();
        let counts = self.attempts_by_counter(counters.iter().flatten()).await?;
        for (job, keys) in jobs.iter_mut().zip(counters) {
            let counted = keys.iter().filter_map(|key| counts.get(key)).copied().max();
            job.attempts = counted.unwrap_or(job.attempts);
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
            tracing::warn!(%error, "an equal job begins with the attempts that resque-retry has counted of one that succeeded");
        }
    }

    async fn attempts_by_counter(
        &self,
        counters: impl Iterator<Item = &String>,
    ) -> Result<HashMap<String, u32>, Error> {
        let counters: Vec<&String> = counters.collect();
        if counters.is_empty() {
            return Ok(HashMap::new());
        }
        let mut commands = redis::pipe();
        // A key of another type has no number; the command for many keys leaves it out.
        commands.cmd("MGET").arg(counters.iter().map(|counter| self.key(counter)).collect::<Vec<_>>());
        let values: Option<(Vec<Option<Vec<u8>>>,)> =
            self.link.allowed_commands(&commands, "read what resque-retry counts").await?;
        let values = values.map(|(values,)| values).unwrap_or_default();
        let number =
            |value: Option<Vec<u8>>| attempts(value.as_deref().and_then(|value| std::str::from_utf8(value).ok()));
        Ok(counters.into_iter().cloned().zip(values.into_iter().map(number)).collect())
    }
}

fn counters_of(run: &ClaimedRun) -> Vec<String> {
    Payload::parse(&run.text).map(|payload| payload.retry_counters()).unwrap_or_default()
}
