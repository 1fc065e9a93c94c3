//! `list` and `show`.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use jobs::json::Job;
use jobs::store::{Cursor, Filter, JobRecord};
use jobs::{Error, JobId};
use tokio::time::sleep;

use crate::args::{ListArgs, ShowArgs, SortTime};
use crate::commands::processes::names;
use crate::exit::{CommandError, CommandResult, Exit};
use crate::output::{JobWithArguments, Printer, WithAge, job_details, print_warnings};
use crate::store::{JobPages, OpenStore};

/// How many jobs are read to sort them.
const MAX_SORTED: usize = 10_000;

/// How often `--follow` looks for new jobs.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// How many rounds a job may appear after one with a later position: it got its id first, and was committed last.
const FOLLOW_ROUNDS: usize = 10;

/// How many of the newest jobs at the start are known as old.
const KNOWN_AT_START: usize = 500;

/// One look for new jobs.
struct Round {
    /// The position of the newest job before the look.
    position: Option<Cursor>,
    /// The jobs that were seen first.
    seen: HashSet<JobId>,
}

pub(crate) async fn list(store: &OpenStore, args: ListArgs, printer: Printer) -> CommandResult {
    if args.follow {
        return follow(store, &args, printer).await;
    }
    let pages = JobPages::new(store, &args.filter);
    let pages = if args.newest { pages.newest_first() } else { pages }.after(args.after.clone());
    let most = if args.sort.is_some() { MAX_SORTED } else { args.limit };
    let mut jobs = read(pages, most).await?;
    if let Some(by) = args.sort {
        if jobs.len() == MAX_SORTED {
            print_warnings(&[format!(
                "only the oldest {MAX_SORTED} jobs are sorted; there may be more: give `--since`"
            )]);
        }
        sort(&mut jobs, by);
        jobs.truncate(args.limit);
    }
    print(store, &jobs, printer)?;
    Ok(Exit::Success)
}

async fn read(mut pages: JobPages<'_>, most: usize) -> Result<Vec<JobRecord>, CommandError> {
    let mut jobs = Vec::new();
    while jobs.len() < most {
        let Some(page) = pages.next().await? else { break };
        let missing = most - jobs.len();
        jobs.extend(page.into_iter().take(missing));
    }
    Ok(jobs)
}

fn sort(jobs: &mut [JobRecord], by: SortTime) {
    match by {
        SortTime::Due => jobs.sort_by_key(|job| job.due_at),
        SortTime::Failed => jobs.sort_by_key(|job| std::cmp::Reverse(job.errors.last().map(|error| error.at))),
    }
}

fn print(store: &OpenStore, jobs: &[JobRecord], printer: Printer) -> Result<(), CommandError> {
    let rows: Vec<_> = jobs.iter().map(|job| WithAge::<Job>::new(job, job.enqueued_at, store.opened_at)).collect();
    printer.many(&rows)
}

/// Prints each job that is enqueued from now on, in the state in which it is seen first, until a signal ends the process.
async fn follow(store: &OpenStore, args: &ListArgs, printer: Printer) -> CommandResult {
    let mut rounds = VecDeque::from([first_round(store).await?]);
    loop {
        let last = rounds.back().and_then(|round| round.position.clone());
        let position = newest(store).await?.or(last);
        let oldest = rounds.front().and_then(|round| round.position.clone());
        let mut seen = HashSet::new();
        let mut pages = JobPages::new(store, &args.filter).after(oldest);
        while let Some(page) = pages.next().await? {
            for job in page {
                if !rounds.iter().any(|round| round.seen.contains(&job.id)) && seen.insert(job.id) {
                    print_followed(&job, printer)?;
                }
            }
        }
        rounds.push_back(Round { position, seen });
        if rounds.len() > FOLLOW_ROUNDS {
            rounds.pop_front();
        }
        sleep(FOLLOW_EVERY).await;
    }
}

fn print_followed(job: &JobRecord, printer: Printer) -> Result<(), CommandError> {
    let row = WithAge::<Job>::new(job, job.enqueued_at, job.enqueued_at);
    printer.line(&row, || [job.enqueued_at.to_string(), row.words()].join("  "))
}

/// The newest jobs at the start, whether they match or not: they are not printed.
async fn first_round(store: &OpenStore) -> Result<Round, Error> {
    let inspect = store.inspect()?;
    let filter = Filter { limit: KNOWN_AT_START, ..Filter::default() }.newest_first().summaries();
    let page = inspect.page(&filter).await?;
    let position = page.next.and(page.jobs.last()).map(|job| inspect.cursor_at(job));
    Ok(Round { position, seen: page.jobs.iter().map(|job| job.id).collect() })
}

/// The position of the newest job.
async fn newest(store: &OpenStore) -> Result<Option<Cursor>, Error> {
    let inspect = store.inspect()?;
    let filter = Filter { limit: 1, ..Filter::default() }.newest_first().summaries();
    Ok(inspect.page(&filter).await?.jobs.first().map(|job| inspect.cursor_at(job)))
}

pub(crate) async fn show(store: &OpenStore, args: &ShowArgs, printer: Printer) -> CommandResult {
    let job = store.find(args.id).await?;
    let shown = JobWithArguments::new(&job, store.shown_arguments(&job), args.arguments);
    let names = names(store).await?;
    printer.one(&shown, || job_details(&shown.details, &names))?;
    Ok(Exit::Success)
}
