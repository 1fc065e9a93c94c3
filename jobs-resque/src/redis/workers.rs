//! Workers: registered, alive, claiming jobs, settling them, and gone.

use jobs_core::{Entropy, Error, ErrorRecord};
use jobs_redis::redis;

use super::{ResqueRedis, bytes, scripts};
use crate::times::{heartbeat_text, run_at_text, started_text};
use crate::{FailureRecord, RunningJob, WorkerId};

/// A job that a worker performs, as it was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClaimedJob {
    /// The id of the worker.
    pub worker: String,
    /// The queue that the job was taken from.
    pub queue: String,
    /// Its text as it was in the queue. It is JSON, and may be no [`Payload`](crate::Payload).
    pub text: String,
    /// The value under the key of the worker; see [`RunningJob`]. It names this very run.
    pub(super) value: String,
}

/// What becomes of a claimed job.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RunOutcome {
    /// It is done, and counted as processed.
    Done,
    /// It has failed: the record goes to the list of failures, and the run is counted as processed and as failed.
    Failed(FailureRecord),
    /// It goes back to the left end of its queue as it was, and is not counted.
    Back,
}

impl ResqueRedis {
    /// Registers workers, or notes down that they are alive: at least every 60 seconds. Answers with how many were not
    /// registered before: a worker of Ruby that starts removes those that were silent for 300 seconds.
    ///
    /// Cancel safe: it may be repeated.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn beat(&self, workers: &[WorkerId]) -> Result<u64, Error> {
        let now = self.clock.now();
        let times = [self.keys.prefix(), heartbeat_text(now), started_text(now)];
        let arguments = times.into_iter().chain(workers.iter().map(WorkerId::to_string)).collect();
        self.link.run(&scripts::REGISTER, &bytes(arguments), "register workers").await
    }

    /// Claims a job for each of these workers that is idle, from the queues in this order. Queues that are paused, with
    /// `pause-all-workers` or by resque-pause, give none. A text that is not JSON in UTF-8 goes to the list of failures instead.
    ///
    /// Not cancel safe: jobs that were claimed stay with their workers until [`stop`](Self::stop).
    ///
    /// # Errors
    /// As those of [`push`](Self::push). Jobs may have been claimed then, as after a cancelled call.
    pub async fn claim(&self, workers: &[WorkerId], queues: &[&str]) -> Result<Vec<ClaimedJob>, Error> {
        let head = [self.keys.prefix(), run_at_text(self.clock.now()), queues.len().to_string()];
        let mut arguments: Vec<String> = head.into();
        arguments
            .extend(queues.iter().flat_map(|&queue| [queue.to_owned(), serde_json::Value::from(queue).to_string()]));
        let token = || format!("{:016x}", self.entropy.next_u64());
        arguments.extend(workers.iter().flat_map(|worker| [worker.to_string(), token()]));
        let claimed: Vec<[String; 4]> = self.link.run(&scripts::CLAIM, &bytes(arguments), "claim jobs").await?;
        self.report_unreadable().await?;
        let job = |[worker, queue, text, value]: [String; 4]| ClaimedJob { worker, queue, text, value };
        Ok(claimed.into_iter().map(job).collect())
    }

    /// Ends runs. Answers for each whether it still was what its worker performs; if not, nothing was changed: another process
    /// has removed the worker meanwhile.
    ///
    /// Cancel safe in that all are ended or none; which of both is not known then, and it may be repeated.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn settle(&self, runs: &[(&ClaimedJob, RunOutcome)]) -> Result<Vec<bool>, Error> {
        let mut arguments = vec![self.keys.prefix()];
        for (job, outcome) in runs {
            let (becomes, text) = match outcome {
                RunOutcome::Done => ("done", String::new()),
                RunOutcome::Failed(record) => ("failed", record.text()),
                RunOutcome::Back => ("back", job.text.clone()),
            };
            arguments.extend([job.worker.clone(), job.value.clone(), becomes.to_owned(), job.queue.clone(), text]);
        }
        let done: Vec<i64> = self.link.run(&scripts::SETTLE, &bytes(arguments), "settle jobs").await?;
        Ok(done.into_iter().map(|done| done == 1).collect())
    }

    /// Forgets workers, with their counters. Jobs that they still perform go back to the left ends of their queues, without a
    /// failure record. For workers of this process that stop, and for those of ours that are dead. Answers with how many jobs
    /// went back.
    ///
    /// Cancel safe: it may be repeated.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn stop(&self, workers: &[WorkerId]) -> Result<u64, Error> {
        let ids: Vec<String> = workers.iter().map(WorkerId::to_string).collect();
        let mut commands = redis::pipe();
        for id in &ids {
            commands.cmd("GET").arg(self.keys.worker(id));
        }
        let values: Vec<Option<String>> = self.link.commands(&commands, "read the jobs of workers").await?;
        let mut arguments = vec![self.keys.prefix()];
        for (id, value) in ids.into_iter().zip(values) {
            let value = value.unwrap_or_default();
            let running = RunningJob::parse(&value).ok();
            let job = running.and_then(|running| Some(format!("{}\n{}", running.queue()?, running.payload())));
            let value = if job.is_some() { value } else { String::new() };
            arguments.extend([id, value, job.unwrap_or_default()]);
        }
        self.link.run(&scripts::UNREGISTER, &bytes(arguments), "stop workers").await
    }

    /// Writes failure records of the texts that a claim has put aside, those of killed processes too.
    async fn report_unreadable(&self) -> Result<(), Error> {
        let list = format!("{}jobs_rs:unreadable", self.keys.prefix());
        let mut commands = redis::pipe();
        commands.cmd("LRANGE").arg(list).arg(0).arg(99);
        let (texts,): (Vec<Vec<u8>>,) = self.link.commands(&commands, "read what is no job").await?;
        if texts.is_empty() {
            return Ok(());
        }
        let mut arguments = bytes(vec![self.keys.prefix()]);
        let error = ErrorRecord::new("jobs::Corrupt", "this text in the queue is not JSON");
        for aside in texts {
            let at = aside.iter().position(|byte| *byte == b'\n').unwrap_or(0);
            let (queue, text) = (String::from_utf8_lossy(&aside[..at]), aside.get(at + 1..).unwrap_or_default());
            let record = FailureRecord::of_unreadable(text, &error, "", &queue, self.clock.now()).text();
            arguments.extend([aside.clone(), record.into_bytes()]);
        }
        let _moved: i64 = self.link.run(&scripts::ASIDE, &arguments, "report what is no job").await?;
        Ok(())
    }
}
