//! `figures`: attempts, errors, run times and waits, by job or by queue.

use jobs::figures::{AttemptFigures, FigureFilter, Histogram, NamedFigures};
use jobs::json::{JobFigures, QueueFigures};
use jobs::store::StoreExt;
use serde::Serialize;

use crate::args::{FigureOrder, FiguresArgs};
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, Row, format_duration};
use crate::store::OpenStore;

/// The figures of a job or a queue, with what its row shows.
#[derive(Serialize)]
struct FigureRow<T> {
    #[serde(flatten)]
    value: T,
    #[serde(skip)]
    cells: Vec<String>,
}

impl<T> Row for FigureRow<T> {
    const HEAD: &'static [&'static str] =
        &["NAME", "ATTEMPTS", "ERRORS", "RUN P50", "RUN P95", "RUN P99", "WAIT P50", "WAIT P95", "WAIT P99"];
    const WHOLE: &'static [usize] = &[1, 2, 3, 4, 5, 6, 7, 8];
    const LEFT_OUT: &'static [usize] = &[5, 8, 6, 3];

    fn cells(&self) -> Vec<String> {
        self.cells.clone()
    }
}

pub(crate) async fn figures(store: &OpenStore, args: &FiguresArgs, printer: Printer) -> CommandResult {
    let mut filter = FigureFilter::all(args.range);
    (filter.job, filter.queue) = (args.job.clone(), args.queue.clone());
    let mut report = store.handle.require_figures()?.report(&filter).await?;
    for named in [&mut report.jobs, &mut report.queues] {
        named.sort_by_key(|of| std::cmp::Reverse(of.figures.attempts));
    }
    match args.by {
        FigureOrder::Job => printer.many(&rows::<JobFigures>(&report.jobs))?,
        FigureOrder::Queue => printer.many(&rows::<QueueFigures>(&report.queues))?,
    }
    Ok(Exit::Success)
}

fn rows<'a, T: From<&'a NamedFigures>>(named: &'a [NamedFigures]) -> Vec<FigureRow<T>> {
    named.iter().map(|of| FigureRow { value: of.into(), cells: cells(of) }).collect()
}

fn cells(of: &NamedFigures) -> Vec<String> {
    let AttemptFigures { attempts, errors, run, wait, .. } = &of.figures;
    let quantiles = |durations: &Histogram| {
        [0.5, 0.95, 0.99].map(|share| durations.quantile(share).map_or_else(|| "-".to_owned(), format_duration))
    };
    let mut cells = vec![of.name.clone(), attempts.to_string(), errors.to_string()];
    cells.extend(quantiles(run));
    cells.extend(quantiles(wait));
    cells
}
