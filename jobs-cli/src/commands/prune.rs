//! `prune`: deletes jobs that finished or were discarded some time ago.

use indicatif::ProgressBar;
use jobs::events::ManuallyChanged;
use jobs::store::{Filter, Period, StoreExt};
use jobs::{Error, State};
use jobs_core::counted;
use std::time::Duration;

use crate::args::PruneArgs;
use crate::commands::change::progress;
use crate::commands::count::Counting;
use crate::exit::{CommandError, CommandResult, Exit};
use crate::output::{ChangeCount, Printer};
use crate::store::{JobPages, OpenStore, audit};

/// The number of jobs that one call of the store deletes.
const BATCH: usize = 1000;

/// After so many calls with an error of their own none is made any more.
const MOST_REFUSED: usize = 10;

pub(crate) async fn prune(store: &OpenStore, args: &PruneArgs, printer: Printer) -> CommandResult {
    let mut count = ChangeCount { dry_run: !args.yes, ..ChangeCount::default() };
    let bar = progress(if args.yes { "deleted" } else { "found" });
    let result = if args.yes {
        delete(store, args.older_than, &bar, &mut count).await
    } else {
        find(store, args, &bar, &mut count).await
    };
    bar.finish_and_clear();
    if count.changed > 0 {
        audit::log(ManuallyChanged::jobs("prune", Vec::new(), count.changed));
    }
    // The jobs that were deleted before an error stay deleted, so they are reported.
    if result.is_ok() || count.changed > 0 {
        printer.one(&count, || summary(&count))?;
    }
    result.map(|()| Exit::Success)
}

/// Counts the jobs that would be deleted, by the clock of the store.
async fn find(
    store: &OpenStore,
    args: &PruneArgs,
    bar: &ProgressBar,
    count: &mut ChangeCount,
) -> Result<(), CommandError> {
    // A period ends just before its end, and `prune` also deletes what was done exactly then.
    let until = store.inspect()?.stats().await?.at - args.older_than + Duration::from_micros(1);
    let filter = Filter { done: Period::until(until), ..Filter::default() }.summaries();
    let mut counting = Counting::new(args.dry_run);
    let mut pages = JobPages::of(store, filter).in_states(vec![State::Finished, State::Discarded]);
    while let Some(page) = pages.next().await? {
        count.matched += page.len() as u64;
        bar.set_position(count.matched);
        if counting.add(&page) {
            count.at_least = true;
            break;
        }
    }
    counting.describe(count);
    Ok(())
}

async fn delete(
    store: &OpenStore,
    older_than: Duration,
    bar: &ProgressBar,
    count: &mut ChangeCount,
) -> Result<(), CommandError> {
    // The batches are reported together.
    let manage = store.handle.require_manage()?;
    // The age is that at the start: what is done meanwhile is kept.
    let start = tokio::time::Instant::now();
    let mut refused: Vec<Error> = Vec::new();
    loop {
        let deleted = match manage.prune(older_than.saturating_add(start.elapsed()), BATCH).await {
            Ok(0) => return refused.into_iter().next().map_or(Ok(()), |error| Err(error.into())),
            // The database refuses to delete some of the jobs; the next call leaves them out.
            Err(error) if !error.is_transient() && refused.len() < MOST_REFUSED => {
                refused.push(error);
                continue;
            }
            deleted => deleted?,
        };
        (count.matched, count.changed) = (count.matched + deleted, count.changed + deleted);
        bar.set_position(count.changed);
    }
}

fn summary(count: &ChangeCount) -> String {
    match count {
        ChangeCount { dry_run: false, changed, .. } => format!("{} deleted", counted(*changed, "job")),
        count => count.question("deleted"),
    }
}
