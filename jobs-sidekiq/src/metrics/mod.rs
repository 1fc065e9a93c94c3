//! What the metrics page of Sidekiq shows: how often the jobs of each class ran, failed, and how long they took.

mod form;
mod read;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use form::MetricsForm;
use jobs_core::{Decision, Error};
use jobs_redis::Link;

use crate::SidekiqStore;

/// The upper bounds of the bars of a histogram in milliseconds, as Sidekiq has them. The last bar is the rest.
const BOUNDS: [u128; 25] = [
    20, 30, 45, 65, 100, 150, 225, 335, 500, 750, 1_100, 1_700, 2_500, 3_800, 5_750, 8_500, 13_000, 20_000, 30_000,
    45_000, 65_000, 100_000, 150_000, 225_000, 335_000,
];

/// What the jobs of one class did since the last heartbeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct ClassFigures {
    processed: u64,
    failed: u64,
    /// How long the runs took that ended well.
    millis: u64,
    /// How many of them there are in each bar.
    bars: BTreeMap<usize, u64>,
}

/// The runs since the last heartbeat.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<BTreeMap<String, ClassFigures>>);

impl Runs {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, ClassFigures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a run of a job of this class. A decision that ends no run counts nothing. A job of Ruby's Active Job that a rule
    /// enqueues again or discards has ended well to Sidekiq.
    pub(crate) fn ended(&self, class: &str, is_active_job: bool, decision: &Decision, took: Duration) {
        let failed = match decision {
            Decision::Finish { .. } | Decision::Discard { error: None } => false,
            Decision::Retry { .. } | Decision::Discard { .. } if is_active_job => false,
            Decision::Retry { .. } | Decision::Fail { .. } | Decision::Discard { .. } => true,
            _ => return,
        };
        // The page would split the names of its fields there.
        if class.contains('|') {
            return;
        }
        let mut all = self.lock();
        if !all.contains_key(class) {
            all.insert(class.to_owned(), ClassFigures::default());
        }
        let Some(figures) = all.get_mut(class) else { return };
        figures.processed += 1;
        if failed {
            figures.failed += 1;
            return;
        }
        let millis = took.as_millis();
        figures.millis = figures.millis.saturating_add(u64::try_from(millis).unwrap_or(u64::MAX));
        *figures.bars.entry(BOUNDS.partition_point(|bound| *bound <= millis)).or_default() += 1;
    }

    fn take(&self) -> BTreeMap<String, ClassFigures> {
        std::mem::take(&mut *self.lock())
    }
}

impl SidekiqStore {
    /// Writes what was counted, in the forms that the pages of the fleet read. Like Sidekiq it is written with a heartbeat, so
    /// that what a killed process counted since its last one is lost.
    pub(crate) async fn write_metrics(&self, link: &Link) -> Result<(), Error> {
        let runs = self.runs.take();
        let forms = MetricsForm::of(self.fleet(), self.options.version);
        if runs.is_empty() || forms.is_empty() {
            return Ok(());
        }
        let (now, mut commands) = (self.clock.now(), redis::pipe());
        for form in forms {
            for (key, seconds) in form.counters(now) {
                let key = self.key(&key);
                for (class, figures) in &runs {
                    let counts = [("p", figures.processed), ("f", figures.failed), ("ms", figures.millis)];
                    for (field, by) in counts.into_iter().filter(|(_, by)| *by > 0) {
                        commands.cmd("HINCRBY").arg(&key).arg(format!("{class}|{field}")).arg(by).ignore();
                    }
                }
                commands.cmd("EXPIRE").arg(&key).arg(seconds).ignore();
            }
            for (class, figures) in runs.iter().filter(|(_, figures)| !figures.bars.is_empty()) {
                let key = self.key(&form.histogram(class, now));
                // Sixteen bits each, which stay full.
                commands.cmd("BITFIELD").arg(&key).arg("OVERFLOW").arg("SAT");
                for (bar, by) in &figures.bars {
                    commands.arg("INCRBY").arg("u16").arg(format!("#{bar}")).arg((*by).min(u64::from(u16::MAX)));
                }
                commands.ignore();
                commands.cmd("EXPIRE").arg(&key).arg(MetricsForm::HISTOGRAM_SECONDS).ignore();
            }
        }
        link.commands(&commands, "write metrics").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_in_the_bar_whose_bound_it_is_below() {
        let runs = Runs::default();
        for millis in [0, 19, 20, 334, 335, 334_999, 335_000, 9_000_000] {
            runs.ended("Hard", false, &Decision::Finish { keep: false }, Duration::from_millis(millis));
        }
        let figures = runs.take().remove("Hard").unwrap();
        assert_eq!(figures.bars, BTreeMap::from([(0, 2), (1, 1), (7, 1), (8, 1), (24, 1), (25, 2)]));
        assert_eq!((figures.processed, figures.failed), (8, 0));
    }
}
