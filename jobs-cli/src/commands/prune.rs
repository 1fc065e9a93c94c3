//! `prune`: deletes jobs that finished or were discarded some time ago.

use jobs::events::ManuallyChanged;
use jobs::store::StoreExt;

use crate::args::PruneArgs;
use crate::commands::change::progress;
use crate::exit::{CommandResult, Exit};
use crate::output::{ChangeCount, Printer};
use crate::store::{OpenStore, audit};

/// The number of jobs that one call of the store deletes.
const BATCH: usize = 1000;

pub(crate) async fn prune(store: &OpenStore, args: &PruneArgs, printer: Printer) -> CommandResult {
    // The batches are reported together.
    let manage = store.handle.require_manage()?;
    let bar = progress("deleted");
    let mut count = ChangeCount { matched: 0, changed: 0, dry_run: false };
    let result = loop {
        match manage.prune(args.older_than, BATCH).await {
            Ok(0) => break Ok(Exit::Success),
            Ok(deleted) => (count.matched, count.changed) = (count.matched + deleted, count.changed + deleted),
            Err(error) => break Err(error.into()),
        }
        bar.set_position(count.changed);
    };
    bar.finish_and_clear();
    if count.changed > 0 {
        audit::log(ManuallyChanged::jobs("prune", Vec::new(), count.changed));
    }
    // The jobs that were deleted before an error stay deleted, so they are reported.
    if result.is_ok() || count.changed > 0 {
        printer.one(&count, || format!("{} jobs deleted", count.changed))?;
    }
    result
}
