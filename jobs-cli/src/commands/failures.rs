//! `failures`: the failed jobs in groups.

use jobs::json::FailureGroup;
use serde::Serialize;

use crate::args::FailuresArgs;
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, Row, one_line_error, print_warnings, relative_time};
use crate::store::OpenStore;

/// A group, with the ages that its row shows.
#[derive(Serialize)]
struct FailureRow {
    #[serde(flatten)]
    group: FailureGroup,
    #[serde(skip)]
    first: String,
    #[serde(skip)]
    last: String,
}

impl Row for FailureRow {
    const HEAD: &'static [&'static str] = &["JOBS", "JOB", "ERROR", "FIRST", "LAST", "FAILURE"];
    const WHOLE: &'static [usize] = &[0, 3, 4, 5];
    const LEFT_OUT: &'static [usize] = &[3];

    fn cells(&self) -> Vec<String> {
        let Self { group, first, last } = self;
        let error = one_line_error(&group.class, &group.message);
        vec![group.count.to_string(), group.job.clone(), error, first.clone(), last.clone(), group.failure.clone()]
    }
}

pub(crate) async fn failures(store: &OpenStore, args: &FailuresArgs, printer: Printer) -> CommandResult {
    let found = store.inspect()?.failures(None, args.read).await?;
    let now = store.opened_at;
    let row = |group: &jobs::store::FailureGroup| FailureRow {
        group: group.into(),
        first: relative_time(now, group.first_at),
        last: relative_time(now, group.last_at),
    };
    printer.many(&found.groups.iter().map(row).collect::<Vec<_>>())?;
    if found.next.is_some() {
        let words = format!(
            "the newest {} failed jobs were read, and there may be more: give `--read` a greater number",
            found.read
        );
        print_warnings(&[words]);
    }
    Ok(Exit::Success)
}
