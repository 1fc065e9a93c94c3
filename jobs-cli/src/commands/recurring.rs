//! Jobs that recur: looking, running one now, pausing.

use jobs::{
    Agenda, Enqueued, Error, Recurring, RecurringRecord, StoreExt, SystemClock, SystemEntropy, Timestamp, json,
};
use jobs_core::JobIds;
use serde::Serialize;

use crate::commands::start::builder;
use crate::ending::{Ending, Result};
use crate::output::{Output, Row};
use crate::place::{Place, Scene};
use crate::program::Configure;
use crate::recurrence::{self, Task, Verb};
use crate::spans::seen_from;

pub(crate) async fn recurring(
    place: &Place,
    asked: recurrence::Recurring,
    configure: Option<Configure>,
    output: Output,
) -> Result<Ending> {
    let scene = place.open().await?;
    let power = scene.store.repeating()?;
    match asked.verb.unwrap_or(Verb::List) {
        Verb::List => list(&power.tasks().await?, output),
        Verb::Run(task) => run(place, &scene, &task, configure, output).await,
        Verb::Pause(task) => turn(power, &task, Turn::Pause, output).await,
        Verb::Resume(task) => turn(power, &task, Turn::Resume, output).await,
        Verb::Forget(task) => turn(power, &task, Turn::Forget, output).await,
    }
}

/// A task in the list.
#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    task: json::Task,
    #[serde(skip)]
    seen: [String; 2],
}

impl Listed {
    fn new(record: &RecurringRecord, now: Timestamp) -> Self {
        let last = record.last_tick.map_or_else(|| "never".to_owned(), |tick| seen_from(now, tick));
        let upcoming = match record.next(now) {
            _ if record.paused => "paused".to_owned(),
            Some(next) => next.to_string().replace(".000000", ""),
            None => "never".to_owned(),
        };
        Self { task: json::Task::new(record, now), seen: [last, upcoming] }
    }
}

impl Row for Listed {
    const HEAD: &'static [&'static str] = &["KEY", "JOB", "WHEN", "LAST", "NEXT"];

    fn cells(&self) -> Vec<String> {
        let [last, next] = self.seen.clone();
        vec![self.task.key.clone(), self.task.job.clone(), self.task.described.clone(), last, next]
    }
}

fn list(agenda: &Agenda, output: Output) -> Result<Ending> {
    let listed: Vec<_> = agenda.tasks.iter().map(|record| Listed::new(record, agenda.now)).collect();
    output.many(&listed)?;
    Ok(Ending::Done)
}

async fn known(power: &dyn Recurring, task: &Task) -> Result<RecurringRecord, Error> {
    let agenda = power.tasks().await?;
    if let Some(record) = agenda.find(&task.key) {
        return Ok(record.clone());
    }
    let keys: Vec<&str> = agenda.tasks.iter().map(|record| record.task.key.as_str()).collect();
    if keys.is_empty() {
        return Err(Error::invalid("no recurring task is known here: programs declare theirs when they are started"));
    }
    Err(jobs_core::spelling::unknown("the key of a recurring task", &task.key, &keys))
}

/// What was enqueued.
#[derive(Serialize)]
struct Ran<'a> {
    key: &'a str,
    job: &'a str,
    id: Option<String>,
    enqueued: &'static str,
}

async fn run(
    place: &Place,
    scene: &Scene,
    task: &Task,
    configure: Option<Configure>,
    output: Output,
) -> Result<Ending> {
    let record = known(scene.store.repeating()?, task).await?;
    let enqueued = match configure {
        Some(configure) => {
            let jobs = builder(&place.config()?, configure).store(scene.store.clone()).build_handle().await?;
            jobs.run_recurring(&record.task).await?
        }
        None => as_before(scene, &record).await?,
    };
    let (words, enqueued_as) = match enqueued {
        Enqueued::New(id) => (format!("is enqueued (Job ID: {id})"), "new"),
        Enqueued::Duplicate { of } => (format!("is there already (Job ID: {of}): it is unique"), "duplicate"),
        Enqueued::Halted => ("is not enqueued: a callback halted it".to_owned(), "halted"),
    };
    let (key, job) = (record.task.key.as_str(), record.task.job.as_str());
    let ran = Ran { key, job, id: enqueued.id().map(|id| id.to_string()), enqueued: enqueued_as };
    output.one(&ran, || format!("the job `{job}` of `{key}` {words}"))?;
    Ok(Ending::Done)
}

/// Enqueues for a program that does not know the job: where the last job of the task went.
async fn as_before(scene: &Scene, record: &RecurringRecord) -> Result<Enqueued, Error> {
    let last = match record.last_job {
        Some(job) => scene.inspect()?.find(job).await?,
        None => None,
    };
    let job = record.job_as_before(JobIds::new().next(&SystemClock, &SystemEntropy::new()), last)?;
    let enqueued = scene.store.enqueue(&[job]).await?;
    enqueued.into_iter().next().ok_or_else(|| Error::other("the store gave no answer"))
}

/// What is done to a task.
#[derive(Clone, Copy)]
enum Turn {
    Pause,
    Resume,
    Forget,
}

/// What became of a task.
#[derive(Serialize)]
struct Turned<'a> {
    key: &'a str,
    done: &'static str,
    /// Whether it was otherwise before.
    changed: bool,
}

async fn turn(power: &dyn Recurring, task: &Task, turn: Turn, output: Output) -> Result<Ending> {
    let key = known(power, task).await?.task.key;
    let (changed, done) = match turn {
        Turn::Pause => (power.pause_task(&key).await?, "paused"),
        Turn::Resume => (power.resume_task(&key).await?, "resumed"),
        Turn::Forget => (power.forget_task(&key).await?, "forgotten"),
    };
    let words = match (turn, changed) {
        (Turn::Pause, true) => "is paused: no process takes its ticks",
        (Turn::Pause, false) => "was paused already",
        (Turn::Resume, true) => "goes on with its next tick",
        (Turn::Resume, false) => "was not paused",
        (Turn::Forget, true) => "is forgotten, until a program declares it",
        (Turn::Forget, false) => "was forgotten already",
    };
    output.one(&Turned { key: &key, done, changed }, || format!("`{key}` {words}"))?;
    Ok(Ending::Done)
}
