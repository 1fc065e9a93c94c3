//! Adds new figures to the rows of a store: which rows change, and which job and queue a row is of.

use std::collections::{BTreeMap, BTreeSet};

use super::{AttemptFigures, FigureRow, JobFigures, TimeRange};
use crate::Timestamp;

/// The most pairs of a job and a queue with figures of their own in one step. Further queues of a job count as
/// [`OTHER`], and then further jobs.
///
/// With the steps of all ranges (60, 144 and 168) it bounds the rows of a store to 186,000; a program with 20 jobs has 7,440.
pub const MAX_PAIRS: usize = 500;

/// The name that stands for all jobs or queues without figures of their own.
pub const OTHER: &str = "other";

/// The longest name of a job or queue with figures of its own, in bytes. Names are part of a key in the database.
const LONGEST: usize = 255;

/// New figures, and the rows of the present steps that they are added to.
///
/// A store reads all rows of the [present steps](Self::present), lets this add the new figures, and writes what has
/// [changed](Self::changed), in one transaction that no other of this kind runs beside.
#[derive(Debug)]
pub struct FigureUpdate {
    now: Timestamp,
    steps: BTreeMap<TimeRange, StepRows>,
}

/// The rows of one step, by job and queue.
#[derive(Debug, Default)]
struct StepRows {
    rows: BTreeMap<(String, String), AttemptFigures>,
    changed: BTreeSet<(String, String)>,
}

impl FigureUpdate {
    /// The steps that new figures are added to at this time, each with its start.
    pub fn present(now: Timestamp) -> [(TimeRange, Timestamp); 3] {
        TimeRange::ALL.map(|range| (range, range.start_of(now)))
    }

    /// Adds figures to the rows of the present steps. Rows of other steps are left out.
    pub fn new(now: Timestamp, known: impl IntoIterator<Item = FigureRow>, new: &[JobFigures]) -> Self {
        let mut steps: BTreeMap<_, StepRows> = TimeRange::ALL.map(|range| (range, StepRows::default())).into();
        for row in known.into_iter().filter(|row| row.start == row.range.start_of(now)) {
            if let Some(step) = steps.get_mut(&row.range) {
                step.rows.insert((row.job, row.queue), row.figures);
            }
        }
        for step in steps.values_mut() {
            for figures in new {
                step.add(figures);
            }
        }
        Self { now, steps }
    }

    /// The rows to write, each with all its figures.
    pub fn changed(mut self) -> Vec<FigureRow> {
        let mut changed = Vec::new();
        for (range, step) in &mut self.steps {
            let start = range.start_of(self.now);
            for key in std::mem::take(&mut step.changed) {
                let figures = step.rows.remove(&key).unwrap_or_default();
                let (job, queue) = key;
                changed.push(FigureRow { range: *range, start, job, queue, figures });
            }
        }
        changed
    }
}

impl StepRows {
    fn add(&mut self, new: &JobFigures) {
        let key = self.key(&new.job, &new.queue);
        self.rows.entry(key.clone()).or_default().merge(&new.figures);
        self.changed.insert(key);
    }

    /// The row for a job and a queue: their own, or one with `other` in place of the queue or of both. The last third of the
    /// rows is kept for jobs, so that many queues leave each job figures of its own.
    fn key(&self, job: &str, queue: &str) -> (String, String) {
        let named = |name: &str| if name.len() > LONGEST { OTHER.to_owned() } else { name.to_owned() };
        let (job, queue) = (named(job), named(queue));
        for (queue, most) in [(queue.as_str(), MAX_PAIRS * 2 / 3), (OTHER, MAX_PAIRS - 1)] {
            let key = (job.clone(), queue.to_owned());
            if self.rows.len() < most || self.rows.contains_key(&key) {
                return key;
            }
        }
        (OTHER.to_owned(), OTHER.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn one(job: &str, queue: &str) -> JobFigures {
        let mut figures = AttemptFigures::default();
        figures.add(false, Duration::from_millis(5), None);
        JobFigures::new(job, queue, figures)
    }

    #[test]
    fn new_figures_are_added_to_the_step_of_now_in_each_range() {
        let now = Timestamp::from_micros(1_795_970_483_000_000);
        let first = FigureUpdate::new(now, [], &[one("a", "q"), one("a", "q"), one("b", "q")]).changed();
        assert_eq!(first.len(), 6);
        let second = FigureUpdate::new(now + Duration::from_secs(61), first, &[one("a", "q")]).changed();
        let counts: Vec<_> = second.iter().map(|row| (row.range, row.figures.attempts)).collect();
        assert_eq!(counts, [(TimeRange::Hour, 1), (TimeRange::Day, 3), (TimeRange::Week, 3)]);
    }

    #[test]
    fn a_step_has_a_bounded_number_of_rows_and_loses_no_attempt() {
        let many: Vec<_> = (0..600).flat_map(|n| [one(&format!("job{n}"), "q"), one("a", &format!("q{n}"))]).collect();
        let now = Timestamp::from_micros(0);
        let rows = FigureUpdate::new(now, [], &many).changed();
        for range in TimeRange::ALL {
            let of_range: Vec<_> = rows.iter().filter(|row| row.range == range).collect();
            assert!(of_range.len() <= MAX_PAIRS, "{}", of_range.len());
            assert_eq!(of_range.iter().map(|row| row.figures.attempts).sum::<u64>(), 1200);
            assert!(of_range.iter().any(|row| (&*row.job, &*row.queue) == ("a", OTHER)));
            assert!(of_range.iter().any(|row| (&*row.job, &*row.queue) == (OTHER, OTHER)));
        }
    }

    #[test]
    fn a_name_that_is_too_long_for_a_key_is_counted_as_other() {
        let rows = FigureUpdate::new(Timestamp::default(), [], &[one(&"x".repeat(256), "q")]).changed();
        assert!(rows.iter().all(|row| row.job == OTHER && row.queue == "q"));
    }
}
