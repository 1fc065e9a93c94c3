//! The arguments of the script that moves jobs: the steps of one call, in their order.

use std::borrow::Cow;

use jobs_core::{ClaimToken, JobId, Timestamp};
use jobs_redis::GuardedSteps;

use crate::DelayedJob;
use crate::delayed::DelayedEntry;

/// Where a job is before a move.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StepSource<'a> {
    /// Nowhere: it is new.
    New,
    /// A worker of ours performs it.
    Run(&'a ClaimedRun),
    /// In this queue, with this text.
    Queue(&'a str, &'a [u8]),
    /// In a second of resque-scheduler.
    Delayed(&'a DelayedEntry),
    /// The same of a due second, for the master.
    Due(&'a DelayedEntry),
    /// This member of the jobs that are due soon.
    Soon(&'a [u8]),
    /// This record of a list of failures, which goes.
    Failed(&'a str, &'a [u8]),
    /// This record of a list of failures, which stays as the other text says.
    Retried(&'a str, &'a [u8], &'a str),
    /// This text that was put aside.
    Aside(&'a [u8]),
}

/// Where a job goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StepTarget<'a> {
    /// Nowhere: it ends.
    Nowhere,
    /// The right end of a queue, as an enqueued job.
    Right(&'a str, &'a str),
    /// The left end of a queue: it is the next to run.
    Left(&'a str, &'a str),
    /// It waits until this time; now is the second time.
    Later(&'a DelayedJob, Timestamp, Timestamp),
    /// This list of failures.
    Failed(&'a str, &'a str),
}

/// What else a step counts. Letters that the script knows; `p` and `f` are for jobs that a worker performed.
pub(crate) mod count {
    /// Nothing.
    pub(crate) const NOTHING: &str = "";
    /// A run that ended well, of a job whose crashes are forgotten.
    pub(crate) const PROCESSED: &str = "pc";
    /// A run that ended, of a job that goes on.
    pub(crate) const ENDED: &str = "p";
    /// A run that failed, of a job that goes on.
    pub(crate) const FAILED: &str = "pf";
    /// A run that failed, of a job that does not go on.
    pub(crate) const FAILED_FOR_GOOD: &str = "pfc";
    /// The number of crashes of the job is forgotten.
    pub(crate) const NO_CRASHES: &str = "c";
    /// One more process died while it ran the job.
    pub(crate) const CRASH: &str = "i";
}

/// A job that a worker of ours performs.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedRun {
    pub(crate) token: ClaimToken,
    pub(crate) worker: String,
    pub(crate) queue: String,
    /// What stands under the key of the worker.
    pub(crate) value: String,
    /// The text of the job.
    pub(crate) text: String,
    /// How many attempts resque-retry counted when the job was claimed.
    pub(crate) attempts_of_ruby: u32,
}

/// Jobs that are due within so many seconds are not given to resque-scheduler. Its master may be moving a second that is due,
/// and would enqueue all its jobs again.
pub(crate) const SOON: i64 = 2;

/// How long what only we know of a delayed job is kept after its second, if no worker of ours gets the job: a day, as
/// the claim reads no older one.
const KEPT_FOR: i64 = 24 * 60 * 60;

/// The steps of one call.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    arguments: Vec<Vec<u8>>,
    count: usize,
}

impl Steps {
    /// How many steps there are.
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// The number of steps, and their arguments.
    pub(crate) fn into_arguments(self) -> impl Iterator<Item = Vec<u8>> {
        std::iter::once(self.count.to_string().into_bytes()).chain(self.arguments)
    }

    /// Moves a job.
    pub(crate) fn go(&mut self, from: StepSource<'_>, to: StepTarget<'_>, counts: &str, id: JobId) {
        let (source, target) = (source_words(from), target_words(to));
        let id = id.to_string();
        let mut words: Vec<&[u8]> = vec![b"move"];
        words.extend(source.iter().map(|word| &**word));
        words.extend(target.iter().map(String::as_bytes));
        words.extend([counts.as_bytes(), id.as_bytes()]);
        self.push(&words);
    }
}

impl GuardedSteps for Steps {
    fn count(&self) -> usize {
        self.len()
    }

    fn push(&mut self, words: &[&[u8]]) {
        self.arguments.extend(words.iter().map(|word| word.to_vec()));
        self.count += 1;
    }
}

fn source_words(from: StepSource<'_>) -> [Cow<'_, [u8]>; 5] {
    let none = || Cow::Borrowed(&b""[..]);
    let word = |text: &'static str| Cow::Borrowed(text.as_bytes());
    let owned = |text: String| Cow::Owned(text.into_bytes());
    let of = |text: &str| Cow::Owned(text.as_bytes().to_vec());
    match from {
        StepSource::New => [word("new"), none(), none(), none(), none()],
        StepSource::Run(run) => {
            let (process, claim) = (run.token.process.to_string(), run.token.claim.to_string());
            [word("run"), of(&run.worker), of(&run.value), owned(process), owned(claim)]
        }
        StepSource::Queue(queue, text) => [word("queue"), of(queue), Cow::Borrowed(text), none(), none()],
        StepSource::Delayed(waiting) | StepSource::Due(waiting) => {
            let kind = if matches!(from, StepSource::Due(_)) { "due" } else { "delayed" };
            let (second, member) = (waiting.second.to_string(), waiting.member.as_deref().unwrap_or_default());
            [word(kind), owned(second), Cow::Borrowed(&waiting.text), owned(waiting.key()), of(member)]
        }
        StepSource::Soon(member) => [word("soon"), Cow::Borrowed(member), none(), none(), none()],
        StepSource::Failed(list, record) => [word("failed"), of(list), Cow::Borrowed(record), none(), none()],
        StepSource::Retried(list, record, new) => [word("retried"), of(list), Cow::Borrowed(record), of(new), none()],
        StepSource::Aside(text) => [word("aside"), Cow::Borrowed(text), none(), none(), none()],
    }
}

fn target_words(to: StepTarget<'_>) -> [String; 6] {
    let words = |words: [&str; 6]| words.map(str::to_owned);
    match to {
        StepTarget::Nowhere => words(["nowhere", "", "", "", "", ""]),
        StepTarget::Right(queue, text) => words(["right", queue, text, "", "", ""]),
        StepTarget::Left(queue, text) => words(["left", queue, text, "", "", ""]),
        StepTarget::Failed(list, record) => words(["failed", list, record, "", "", ""]),
        StepTarget::Later(job, due, now) => {
            let (second, now) = (DelayedJob::second_of(due), DelayedJob::second_of(now));
            if second <= now.saturating_add(SOON) {
                return words(["soon", &due.as_micros().to_string(), &job.text(), "", "", ""]);
            }
            let (own, kept) = (job.payload.own_text().unwrap_or_default(), (second - now).saturating_add(KEPT_FOR));
            let (second, kept) = (second.to_string(), kept.to_string());
            words(["delayed", &second, &job.listed_text(), &job.payload.waiting_text(), &own, &kept])
        }
    }
}
