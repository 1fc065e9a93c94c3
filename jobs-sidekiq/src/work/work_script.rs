//! One call of the script that moves and claims jobs.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jobs_core::{Claim, Error, LogText, QueueSelector, Timestamp};
use redis::{FromRedisValue, Value};

use super::claims::BATCH_MAX;
use super::steps::Steps;
use crate::SidekiqStore;
use crate::scripts;

/// What the script answers: the numbers of the steps that were not done, the claimed texts by queue, whether crashes are counted,
/// which steps are refused and why, and why queues give no jobs.
type WorkAnswer = (Vec<usize>, Vec<Value>, bool, Vec<(usize, String)>, Vec<String>);

/// The answer of the script.
#[derive(Debug, Default)]
pub(crate) struct ScriptAnswer {
    /// For each step whether it was done.
    pub(crate) done: Vec<bool>,
    /// The steps that Redis refuses, by their index, and why. Their texts are where they were.
    pub(crate) refused: BTreeMap<usize, String>,
    /// The claimed texts, with their queues, in the order of the claim.
    pub(crate) claimed: Vec<(String, Vec<u8>)>,
    /// Whether crashes of any jobs are counted.
    pub(crate) has_crashes: bool,
}

impl SidekiqStore {
    /// Makes these steps, without claiming. If Redis refuses one of them, because its key has a value of another type, none is
    /// done.
    pub(crate) async fn make(&self, steps: Steps, doing: &str) -> Result<ScriptAnswer, Error> {
        self.work(steps, false, None, doing).await
    }

    /// Makes these steps, which move jobs from one place to another, without those that Redis refuses.
    pub(crate) async fn make_each(&self, steps: Steps, doing: &str) -> Result<ScriptAnswer, Error> {
        self.work(steps, true, None, doing).await
    }

    /// Makes these steps, then claims under this number of a batch.
    pub(crate) async fn make_and_claim(
        &self,
        steps: Steps,
        claim: Option<(&Claim, u64)>,
        doing: &str,
    ) -> Result<ScriptAnswer, Error> {
        self.work(steps, false, claim, doing).await
    }

    async fn work(
        &self,
        steps: Steps,
        each: bool,
        claim: Option<(&Claim, u64)>,
        doing: &str,
    ) -> Result<ScriptAnswer, Error> {
        if steps.is_empty() && claim.is_none() {
            return Ok(ScriptAnswer::default());
        }
        let count = steps.len();
        let now = self.clock.now();
        let mut arguments = self.header(now);
        claim_header(&mut arguments, each, claim);
        arguments.extend(steps.into_arguments());
        claim_arguments(&mut arguments, claim, now);
        let answer: WorkAnswer = self.link.run(&scripts::WORK, &arguments, doing).await?;
        if count > 0 {
            self.changes.notify();
        }
        self.has_crashes.store(answer.2, Ordering::Relaxed);
        let (answer, reasons) = read(count, answer)
            .map_err(|_cause| Error::corrupt(format!("Redis answered a script with something else, to {doing}")))?;
        if let Some((claim, _)) = claim {
            // A claim that got all it asked for has not looked at all queues.
            let are_all = answer.claimed.len() < claim.limit.min(BATCH_MAX);
            if let Some(reason) = self.told.new_of(reasons, are_all) {
                tracing::warn!(
                    reason = %LogText::field(&reason),
                    "jobs of queues cannot be claimed; the other queues go on"
                );
            }
        }
        Ok(answer)
    }

    fn header(&self, now: Timestamp) -> Vec<Vec<u8>> {
        let options = &self.options;
        let dead_before = micros_as_seconds(now - options.dead_timeout);
        let words = [
            options.namespace_prefix(),
            self.changes.channel().to_owned(),
            day(now),
            dead_before,
            options.dead_max_jobs.to_string(),
        ];
        words.map(String::into_bytes).into()
    }
}

/// Whether steps are refused by themselves, and which process claims, under which number of a batch: empty if none does.
fn claim_header(arguments: &mut Vec<Vec<u8>>, each: bool, claim: Option<(&Claim, u64)>) {
    let (process, batch) = claim.map(|(claim, batch)| (claim.process.to_string(), batch.to_string())).unzip();
    let words = [u8::from(each).to_string(), process.unwrap_or_default(), batch.unwrap_or_default()];
    arguments.extend(words.map(String::into_bytes));
}

fn claim_arguments(arguments: &mut Vec<Vec<u8>>, claim: Option<(&Claim, u64)>, now: Timestamp) {
    let Some((claim, _)) = claim else { return };
    let mut push = |word: &str| arguments.push(word.as_bytes().to_vec());
    push(&now.as_micros().div_euclid(1_000_000).to_string());
    push(&claim.limit.min(BATCH_MAX).to_string());
    push(&claim.queues.len().to_string());
    for queues in &claim.queues {
        let (kind, name) = match &queues.selector {
            QueueSelector::Exact(name) => ("exact", name.as_str()),
            QueueSelector::Prefix(prefix) => ("prefix", prefix.as_str()),
            _ => ("prefix", ""),
        };
        push(kind);
        push(name);
        push(&queues.limit.min(BATCH_MAX).to_string());
    }
}

fn read(
    steps: usize,
    (undone, claimed, has_crashes, refused, reasons): WorkAnswer,
) -> Result<(ScriptAnswer, Vec<String>), redis::ParsingError> {
    let mut answer = ScriptAnswer { done: vec![true; steps], has_crashes, ..ScriptAnswer::default() };
    // The script counts from one.
    for step in undone {
        if let Some(done) = answer.done.get_mut(step - 1) {
            *done = false;
        }
    }
    answer.refused = refused.into_iter().map(|(step, reason)| (step - 1, reason)).collect();
    let mut values = claimed.into_iter();
    while let (Some(queue), Some(texts)) = (values.next(), values.next()) {
        let queue = String::from_utf8_lossy(&Vec::<u8>::from_redis_value(queue)?).into_owned();
        let texts = Vec::<Vec<u8>>::from_redis_value(texts)?;
        answer.claimed.extend(texts.into_iter().map(|text| (queue.clone(), text)));
    }
    Ok((answer, reasons))
}

/// A time as Redis reads scores, with microseconds.
pub(crate) fn micros_as_seconds(at: Timestamp) -> String {
    format!("{:.6}", crate::payload::times::seconds(at))
}

/// The day in UTC, as in the keys of the daily counters: `2026-11-29`.
fn day(now: Timestamp) -> String {
    now.to_string().chars().take(10).collect()
}

/// How long an entry waits that goes back to the other processes of the fleet.
pub(crate) const GIVEN_BACK_FOR: Duration = Duration::from_secs(60);
