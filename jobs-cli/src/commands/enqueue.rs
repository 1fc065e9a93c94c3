//! `enqueue`: a job by its name, with arguments as JSON.

use jobs::events::ManuallyChanged;
use jobs::store::{Content, Filter, JobRecord, NewJob};
use jobs::time::{SystemClock, SystemEntropy};
use jobs::{Enqueued, Error};
use jobs_core::{JobIds, check_queue_name, spelling};
use serde::Serialize;
use serde_json::Value;

use crate::args::EnqueueArgs;
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
use crate::store::{OpenStore, Target, audit};

/// How many of the newest jobs tell which jobs there are.
const READ: usize = 500;

#[derive(Serialize)]
struct EnqueueResult<'a> {
    job: &'a str,
    id: Option<String>,
    enqueued: &'static str,
}

/// A program with jobs enqueues as its own code does. Another one checks the name and the arguments by the newest jobs.
pub(crate) async fn enqueue(
    target: &Target,
    args: &EnqueueArgs,
    configure: Option<Configure>,
    printer: Printer,
) -> CommandResult {
    let store = target.open().await?;
    let enqueued = match configure {
        Some(configure) => {
            let builder = runtime_builder(&target.config()?, configure);
            let client = builder.store(store.handle.clone()).build_client().await?;
            client.enqueue_by_name(&args.name, &args.arguments, args.queue.as_deref(), args.priority).await?
        }
        None => enqueue_unknown(&store, args, target.config()?.argument_limit).await?,
    };
    if let Enqueued::New(id) = enqueued {
        audit::log(ManuallyChanged::jobs("enqueue", vec![id], 1));
    }
    let (text, how) = match enqueued {
        Enqueued::New(id) => (format!("is enqueued (Job ID: {id})"), "new"),
        Enqueued::Duplicate { of } => (format!("exists already (Job ID: {of}) and is unique"), "duplicate"),
        Enqueued::Halted => ("is not enqueued: a callback halted it".to_owned(), "halted"),
    };
    let result = EnqueueResult { job: &args.name, id: enqueued.id().map(|id| id.to_string()), enqueued: how };
    printer.one(&result, || format!("`{}` {text}", args.name))?;
    Ok(Exit::Success)
}

/// Enqueues a job that this program does not know, like the newest one of its name.
async fn enqueue_unknown(store: &OpenStore, args: &EnqueueArgs, limit: usize) -> Result<Enqueued, Error> {
    let size = args.arguments.len();
    if size > limit {
        return Err(Error::invalid(format!(
            "the arguments of `{}` take {size} bytes, the limit is {limit}: store the large part elsewhere and pass its name, or \
             raise `argument_limit` in the configuration",
            args.name
        )));
    }
    if let Some(queue) = &args.queue {
        check_queue_name(queue)?;
    }
    let last = last_of(store, args).await?;
    let mut job = NewJob::new(JobIds::new().next(&SystemClock, &SystemEntropy::new()), &*args.name, &*args.arguments);
    if let Some(last) = &last {
        if !args.unchecked {
            check(args, last)?;
        }
        (job.queue, job.priority, job.version) = (last.queue.clone(), last.priority, last.version);
    }
    job.queue = args.queue.clone().unwrap_or(job.queue);
    job.priority = args.priority.unwrap_or(job.priority);
    let enqueued = store.handle.enqueue(&[job]).await?;
    enqueued.into_iter().next().ok_or_else(|| Error::other("the store returned no result for the job"))
}

/// The newest job of this name.
async fn last_of(store: &OpenStore, args: &EnqueueArgs) -> Result<Option<JobRecord>, Error> {
    let inspect = store.inspect()?;
    let newest = Filter { content: Content::SummaryWithArguments, limit: 1, ..Filter::default() }.newest_first();
    let of_name = Filter { name: Some(args.name.clone()), ..newest.clone() };
    if let Some(job) = inspect.page(&of_name).await?.jobs.pop() {
        return Ok(Some(job));
    }
    if args.unchecked {
        return Ok(None);
    }
    let recent = inspect.page(&Filter { limit: READ, ..newest }.summaries()).await?.jobs;
    let mut names: Vec<&str> = recent.iter().map(|job| job.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let unknown = if names.is_empty() {
        Error::invalid(format!("the store has no job yet that tells whether there is a job `{}`", args.name))
    } else {
        spelling::unknown("the name of a recent job", &args.name, &names)
    };
    Err(Error::invalid(format!("{unknown}. Use the program that has the job, or `--unchecked`")))
}

/// Compares the form of the arguments with that of another job of this name.
///
/// # Errors
/// They have other names, or another number in a list, or the other job has a unique key, a concurrency key or an expiry, which
/// only its program knows.
fn check(args: &EnqueueArgs, last: &JobRecord) -> Result<(), Error> {
    let name = &args.name;
    let refused = |why: String| Err(Error::invalid(format!("{why}. If that is meant, add `--unchecked`")));
    if last.unique_key.is_some() {
        return refused(format!("`{name}` is unique, and only the program that has it knows by what"));
    }
    if last.concurrency_key.is_some() {
        return refused(format!(
            "`{name}` limits how many run at once, and only the program that has it knows by what"
        ));
    }
    if last.expires_at.is_some() {
        return refused(format!("`{name}` expires, and only the program that has it knows when"));
    }
    let (given, known) = (value(&args.arguments), value(&last.arguments));
    let is_alike = match (&given, &known) {
        (Value::Object(given), Value::Object(known)) => {
            given.len() == known.len() && given.keys().all(|name| known.contains_key(name))
        }
        (Value::Array(given), Value::Array(known)) => given.len() == known.len(),
        (Value::Object(_), Value::Array(_)) => {
            return refused(format!("the arguments of the last job `{name}` are a list"));
        }
        (Value::Array(_), Value::Object(_)) => {
            return refused(format!("the arguments of the last job `{name}` are an object"));
        }
        _ => true,
    };
    if is_alike {
        return Ok(());
    }
    // Their names may be those of a map, which are data and may be secret.
    refused(format!("the arguments of the last job `{name}` have other names, or another number"))
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
