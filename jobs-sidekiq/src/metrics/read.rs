//! Reads what Sidekiq keeps for its metrics page, as figures of attempts by class.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jobs_core::{
    AttemptFigures, Error, FigureFilter, FigureRow, FigureRows, FigureStore, JobFigures, NewFigures, StoreFuture,
    TimeRange, Timestamp,
};

use super::{BOUNDS, MetricsForm};
use crate::SidekiqStore;

/// Figures of classes by the start of a step.
type Rows = BTreeMap<(Timestamp, String), AttemptFigures>;

/// What the Ruby processes and this store counted. Sidekiq knows neither the queue nor the wait of an attempt. It keeps counts
/// for 72 hours (Sidekiq 7: for 8), and distributions of run times by the minute, which are read for an hour only.
impl FigureStore for SidekiqStore {
    fn add<'a>(&'a self, _new: &'a NewFigures) -> StoreFuture<'a, ()> {
        let error =
            Error::unsupported("Sidekiq's metrics are counted when jobs are settled, and nothing else is added");
        Box::pin(std::future::ready(Err(error)))
    }

    fn counts_attempts(&self) -> bool {
        true
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        Box::pin(async move {
            let now = self.clock.now();
            let mut rows = Rows::new();
            // A process that writes both forms counts each attempt in both.
            for form in [MetricsForm::Eight, MetricsForm::Seven] {
                if rows.is_empty() && filter.queue.is_none() {
                    rows = self.read_metrics(form, filter.range, now).await?;
                }
            }
            let row = |((start, class), figures)| {
                FigureRow::new(filter.range, start, JobFigures::new(class, String::new(), figures))
            };
            let rows = rows.into_iter().map(row).filter(|row| filter.matches(row, now)).collect();
            Ok(FigureRows::new(now, rows, Vec::new()))
        })
    }
}

impl SidekiqStore {
    async fn read_metrics(&self, form: MetricsForm, range: TimeRange, now: Timestamp) -> Result<Rows, Error> {
        let (mut rows, mut ran) = (Rows::new(), BTreeSet::new());
        let keys = form.counters_of(range, now);
        let mut commands = redis::pipe();
        for (key, _) in &keys {
            commands.cmd("HGETALL").arg(self.key(key));
        }
        let counters: Vec<HashMap<String, u64>> = self.link.commands(&commands, "read metrics").await?;
        for ((_, at), counted) in keys.iter().zip(counters) {
            for (field, count) in counted {
                let Some((class, what)) = field.rsplit_once('|') else { continue };
                let figures = rows.entry((range.start_of(*at), class.to_owned())).or_default();
                match what {
                    "p" => figures.attempts += count,
                    "f" => figures.errors += count,
                    "ms" => figures.run.add_total(Duration::from_millis(count)),
                    _ => {}
                }
                ran.insert((*at, class.to_owned()));
            }
        }
        if range == TimeRange::Hour {
            self.read_histograms(form, &ran.into_iter().collect::<Vec<_>>(), &mut rows).await?;
        }
        Ok(rows)
    }

    /// Adds the bars of these minutes and classes.
    async fn read_histograms(
        &self,
        form: MetricsForm,
        ran: &[(Timestamp, String)],
        rows: &mut Rows,
    ) -> Result<(), Error> {
        let mut commands = redis::pipe();
        for (at, class) in ran {
            commands.cmd("BITFIELD_RO").arg(self.key(&form.histogram(class, *at)));
            for bar in 0..=BOUNDS.len() {
                commands.arg("GET").arg("u16").arg(format!("#{bar}"));
            }
        }
        if ran.is_empty() {
            return Ok(());
        }
        let histograms: Vec<Vec<u64>> = self.link.commands(&commands, "read metrics").await?;
        for ((at, class), bars) in ran.iter().zip(histograms) {
            let figures = rows.entry((TimeRange::Hour.start_of(*at), class.clone())).or_default();
            for (bar, count) in bars.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                figures.run.add_many(within(bar), count);
            }
        }
        Ok(())
    }
}

/// A duration in the bar of this index.
fn within(bar: usize) -> Duration {
    let millis = |bound: &u128| Duration::from_millis(u64::try_from(*bound).unwrap_or(u64::MAX));
    let below = BOUNDS.get(bar).map(|bound| millis(bound).saturating_sub(Duration::from_micros(1)));
    below.unwrap_or_else(|| BOUNDS.last().map(millis).unwrap_or_default())
}
