//! What a failure changes in a payload, and Sidekiq's rules of what comes next.

use std::time::Duration;

use jobs_core::{Entropy, ErrorRecord, Timestamp};

use super::times::{self, TimeUnit};
use super::{Payload, backtrace};

/// How many retries `retry: true` means.
const RETRIES: i64 = 25;

/// The most characters of an error message in Sidekiq's own field.
const MESSAGE_CHARACTERS: usize = 10_000;

/// A failure: the error, when it came, and the queue that the job was claimed from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FailedRun<'a> {
    pub(crate) error: &'a ErrorRecord,
    pub(crate) queue: &'a str,
    pub(crate) now: Timestamp,
    pub(crate) unit: TimeUnit,
}

/// What comes after a failure by Sidekiq's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// Another attempt after this wait.
    Retry(Duration),
    /// Into the set of dead jobs.
    Dead,
    /// Nothing: the job is removed.
    Removed,
}

impl Payload {
    /// The payload with this failure in it: counted, with its error, for the queue of the later attempts.
    pub(crate) fn failed(mut self, failed: FailedRun<'_>) -> Self {
        let FailedRun { queue, now, unit, .. } = failed;
        let error = &*failed.error.bounded();
        let mut errors = self.errors();
        error.append_to(&mut errors);
        self.own.errors = errors;
        let retry_queue: Option<String> = self.object.get("retry_queue");
        self.object.set("queue", retry_queue.as_deref().filter(|queue| !queue.is_empty()).unwrap_or(queue));
        self.object.set("error_message", error.message.chars().take(MESSAGE_CHARACTERS).collect::<String>());
        self.object.set("error_class", if error.class.is_empty() { "jobs::Error" } else { &error.class });
        let retries: Option<i64> = self.object.get("retry_count");
        self.object.set("retry_count", retries.map_or(0, |count| count.saturating_add(1).max(0)));
        self.object.set(if retries.is_some() { "retried_at" } else { "failed_at" }, unit.json(now));
        self.set_backtrace(error);
        self.save_own();
        self
    }

    /// The causes of the error are its backtrace: as many lines as the option `backtrace` says, without it none.
    fn set_backtrace(&mut self, error: &ErrorRecord) {
        let lines = match self.object.raw("backtrace") {
            Some("true") => error.causes.len(),
            Some(count) => count.parse().unwrap_or(0),
            None => 0,
        };
        let lines = &error.causes[..lines.min(error.causes.len())];
        match backtrace::pack(lines).filter(|_| !lines.is_empty()) {
            Some(packed) => self.object.set("error_backtrace", packed),
            None => self.object.remove("error_backtrace"),
        }
    }

    /// Whether it is kept among the dead jobs when it is given up.
    pub(crate) fn is_kept_when_dead(&self) -> bool {
        self.object.raw("dead") != Some("false")
    }

    /// What comes next of a payload that has [failed](Self::failed).
    pub(crate) fn after_failure(&self, now: Timestamp, entropy: &dyn Entropy) -> AfterFailure {
        let limit = match self.object.raw("retry") {
            Some("false") => return AfterFailure::Removed,
            Some(number) if number.parse::<i64>().is_ok() => number.parse().unwrap_or(RETRIES),
            _ => RETRIES,
        };
        let count: i64 = self.object.get("retry_count").unwrap_or(0);
        let exhausted = self.retried_until().map_or(count >= limit, |until| until < times::seconds(now));
        match (exhausted, self.is_kept_when_dead()) {
            (false, _) => AfterFailure::Retry(wait(count, entropy)),
            (true, true) => AfterFailure::Dead,
            (true, false) => AfterFailure::Removed,
        }
    }

    /// Until when it is retried, in seconds since 1970, if a time decides and not a number of retries.
    fn retried_until(&self) -> Option<f64> {
        let seconds: f64 = self.object.get("retry_for")?;
        Some(times::seconds(self.time("failed_at")?) + seconds)
    }
}

/// Sidekiq's wait before the retry of this number, from 0: the fourth power of it and 15 seconds, and up to 10 seconds more
/// for each retry.
fn wait(count: i64, entropy: &dyn Entropy) -> Duration {
    let count = u64::try_from(count).unwrap_or(0);
    let jitter = entropy.next_u64() % count.saturating_add(1).saturating_mul(10);
    Duration::from_secs(count.saturating_pow(4).saturating_add(15).saturating_add(jitter))
}
