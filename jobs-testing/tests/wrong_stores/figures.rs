//! Stores that break a promise of `FigureStore`.

use jobs_core::{FigureFilter, FigureRows, FigureStore, Histogram, NewFigures, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Keeps figures wrongly, by these changes of what is added and of what is read.
struct Figures(MemoryStore, fn(&mut NewFigures), fn(&mut FigureFilter), fn(&mut FigureRows));

impl PassThrough for Figures {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        Some(self)
    }
}

impl FigureStore for Figures {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut new = new.clone();
            self.1(&mut new);
            self.0.add(&new).await
        })
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        Box::pin(async move {
            let mut filter = filter.clone();
            self.2(&mut filter);
            let mut rows = self.0.rows(&filter).await?;
            self.3(&mut rows);
            Ok(rows)
        })
    }
}

#[test]
fn a_store_that_forgets_waits_is_caught() {
    let wrong = |store| {
        let forget = |new: &mut NewFigures| new.jobs.iter_mut().for_each(|job| job.figures.wait = Histogram::default());
        Figures(store, forget, |_| {}, |_| {})
    };
    is_caught_by(wrong, &["figures::added_figures_are_read_in_each_range"]);
    passes(wrong, "figures::figures_of_all_processes_are_added_up");
}

#[test]
fn a_store_that_ignores_the_queue_of_a_filter_is_caught() {
    let wrong = |store| Figures(store, |_| {}, |filter| filter.queue = None, |_| {});
    is_caught_by(wrong, &["figures::figures_are_read_of_one_job_or_one_queue"]);
    passes(wrong, "figures::added_figures_are_read_in_each_range");
}

#[test]
fn a_store_that_does_not_tell_names_apart_by_case_is_caught() {
    let wrong = |store| {
        let lower = |new: &mut NewFigures| new.jobs.iter_mut().for_each(|job| job.job = job.job.to_lowercase());
        Figures(store, lower, |_| {}, |_| {})
    };
    is_caught_by(wrong, &["figures::names_are_kept_as_they_are"]);
    passes(wrong, "figures::a_new_store_has_no_figures");
}

#[test]
fn a_store_that_loses_the_rows_beyond_its_bound_is_caught() {
    let wrong = |store| Figures(store, |new| new.jobs.truncate(300), |_| {}, |_| {});
    is_caught_by(wrong, &["figures::a_step_has_at_most_so_many_rows"]);
    passes(wrong, "figures::racing_processes_lose_no_figures");
}

#[test]
fn a_store_that_forgets_deploys_or_its_time_is_caught() {
    let wrong = |store| {
        Figures(store, |new| new.started_version = None, |_| {}, |rows| rows.now = jobs_core::Timestamp::default())
    };
    let cases = ["figures::a_start_of_another_version_is_a_deploy", "figures::a_new_store_has_no_figures"];
    is_caught_by(wrong, &cases);
}
