//! `recurring`: lists recurring tasks, runs one now, pauses, resumes and deletes them.

use jobs::events::ManuallyChanged;
use jobs::recurring::{Recurring, RecurringRecord, RecurringTasks};
use jobs::store::StoreExt;
use jobs::time::{SystemClock, SystemEntropy};
use jobs::{Enqueued, Error, Timestamp, json};
use jobs_core::JobIds;
use serde::Serialize;

use crate::args::{RecurringArgs, RecurringCommand, TaskArgs};
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, Row, relative_time};
use crate::store::{OpenStore, Target, audit};

pub(crate) async fn recurring(
    target: &Target,
    args: RecurringArgs,
    configure: Option<Configure>,
    printer: Printer,
) -> CommandResult {
    let store = target.open().await?;
    let recurring = store.handle.require_recurring()?;
    match args.command.unwrap_or(RecurringCommand::List) {
        RecurringCommand::List => list(&recurring.tasks().await?, printer),
        RecurringCommand::Run(task) => run(target, &store, &task, configure, printer).await,
        RecurringCommand::Pause(task) => change(recurring, &task, TaskChange::Pause, printer).await,
        RecurringCommand::Resume(task) => change(recurring, &task, TaskChange::Resume, printer).await,
        RecurringCommand::Forget(task) => change(recurring, &task, TaskChange::Forget, printer).await,
    }
}

#[derive(Debug, Serialize)]
struct TaskRow {
    #[serde(flatten)]
    task: json::Task,
    #[serde(skip)]
    last_tick: String,
    #[serde(skip)]
    next_tick: String,
}

impl TaskRow {
    fn new(record: &RecurringRecord, now: Timestamp) -> Self {
        let last_tick = record.last_tick.map_or_else(|| "never".to_owned(), |tick| relative_time(now, tick));
        let next_tick = match record.next(now) {
            _ if record.paused => "paused".to_owned(),
            Some(next) => next.to_string().replace(".000000", ""),
            None => "never".to_owned(),
        };
        Self { task: json::Task::new(record, now), last_tick, next_tick }
    }
}

impl Row for TaskRow {
    const HEAD: &'static [&'static str] = &["KEY", "JOB", "WHEN", "LAST", "NEXT"];

    fn cells(&self) -> Vec<String> {
        let Self { task, last_tick, next_tick } = self;
        let when = match &task.source {
            Some(source) => format!("{} (by {source})", task.described),
            None => task.described.clone(),
        };
        vec![task.key.clone(), task.job.clone(), when, last_tick.clone(), next_tick.clone()]
    }
}

fn list(tasks: &RecurringTasks, printer: Printer) -> CommandResult {
    let rows: Vec<_> = tasks.tasks.iter().map(|record| TaskRow::new(record, tasks.now)).collect();
    printer.many(&rows)?;
    Ok(Exit::Success)
}

/// Reads the task to change it; a key that does not exist is an error that names the most similar one.
async fn find(recurring: &dyn Recurring, args: &TaskArgs) -> Result<RecurringRecord, Error> {
    let tasks = recurring.tasks().await?;
    if let Some(record) = tasks.find(&args.key) {
        record.check_declared()?;
        return Ok(record.clone());
    }
    let keys: Vec<&str> = tasks.tasks.iter().map(|record| record.task.key.as_str()).collect();
    if keys.is_empty() {
        return Err(Error::invalid("the store has no recurring tasks: a program declares its tasks when it starts"));
    }
    Err(jobs_core::spelling::unknown("the key of a recurring task", &args.key, &keys))
}

#[derive(Serialize)]
struct RunResult<'a> {
    key: &'a str,
    job: &'a str,
    id: Option<String>,
    enqueued: &'static str,
}

async fn run(
    target: &Target,
    store: &OpenStore,
    args: &TaskArgs,
    configure: Option<Configure>,
    printer: Printer,
) -> CommandResult {
    let record = find(store.handle.require_recurring()?, args).await?;
    let enqueued = match configure {
        Some(configure) => {
            let builder = runtime_builder(&target.config()?, configure);
            let client = builder.store(store.handle.clone()).build_client().await?;
            client.run_recurring(&record.task).await?
        }
        None => enqueue_like_last_job(store, &record).await?,
    };
    if let Enqueued::New(id) = enqueued {
        audit::log(ManuallyChanged::task("run", record.task.key.clone(), Some(id)));
    }
    let (text, enqueued_as) = match enqueued {
        Enqueued::New(id) => (format!("is enqueued (Job ID: {id})"), "new"),
        Enqueued::Duplicate { of } => (format!("exists already (Job ID: {of}) and is unique"), "duplicate"),
        Enqueued::Halted => ("is not enqueued: a callback halted it".to_owned(), "halted"),
    };
    let (key, job) = (record.task.key.as_str(), record.task.job.as_str());
    let result = RunResult { key, job, id: enqueued.id().map(|id| id.to_string()), enqueued: enqueued_as };
    printer.one(&result, || format!("the job `{job}` of `{key}` {text}"))?;
    Ok(Exit::Success)
}

/// Enqueues the job for a program that does not know it. The queue and the priority are those of the task's last job,
/// because only the program that has the job knows them otherwise.
async fn enqueue_like_last_job(store: &OpenStore, record: &RecurringRecord) -> Result<Enqueued, Error> {
    let last = match record.last_job {
        Some(job) => store.inspect()?.find(job).await?,
        None => None,
    };
    let job = record.job_as_before(JobIds::new().next(&SystemClock, &SystemEntropy::new()), last)?;
    let enqueued = store.handle.enqueue(&[job]).await?;
    enqueued.into_iter().next().ok_or_else(|| Error::other("the store returned no result for the job"))
}

#[derive(Clone, Copy)]
enum TaskChange {
    Pause,
    Resume,
    Forget,
}

impl TaskChange {
    const fn action(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Forget => "forget",
        }
    }
}

#[derive(Serialize)]
struct TaskResult<'a> {
    key: &'a str,
    done: &'static str,
    /// Whether the command changed the task.
    changed: bool,
}

async fn change(recurring: &dyn Recurring, args: &TaskArgs, change: TaskChange, printer: Printer) -> CommandResult {
    let key = find(recurring, args).await?.task.key;
    let (changed, done) = match change {
        TaskChange::Pause => (recurring.pause_task(&key).await?, "paused"),
        TaskChange::Resume => (recurring.resume_task(&key).await?, "resumed"),
        TaskChange::Forget => (recurring.forget_task(&key).await?, "forgotten"),
    };
    if changed {
        audit::log(ManuallyChanged::task(change.action(), key.clone(), None));
    }
    let text = match (change, changed) {
        (TaskChange::Pause, true) => "is paused: no process runs its ticks",
        (TaskChange::Pause, false) => "was paused already",
        (TaskChange::Resume, true) => "continues with its next tick",
        (TaskChange::Resume, false) => "was not paused",
        (TaskChange::Forget, true) => "is deleted, until a program declares it again",
        (TaskChange::Forget, false) => "was deleted already",
    };
    printer.one(&TaskResult { key: &key, done, changed }, || format!("`{key}` {text}"))?;
    Ok(Exit::Success)
}
