//! Figures of attempts by job and by queue. A store without `FigureStore` skips these cases.

use std::time::Duration;

use jobs_core::{
    AttemptFigures, FigureFilter, FigureReport, FigureStore, JobFigures, MAX_PAIRS, NewFigures, OTHER, TimeRange,
};

use crate::contract::Fixture;
use crate::contract::fixture::secs;

/// So many attempts of a job in a queue, one of which failed, with a wait of two seconds.
fn figures(job: &str, queue: &str, attempts: u64) -> JobFigures {
    let mut figures = AttemptFigures::default();
    for number in 0..attempts {
        figures.add(number == 0, Duration::from_millis(7 + number), Some(secs(2)));
    }
    JobFigures::new(job, queue, figures)
}

async fn add(store: &dyn FigureStore, jobs: Vec<JobFigures>) {
    store.add(&NewFigures::new(jobs)).await.expect("the store adds figures");
}

async fn report(store: &dyn FigureStore, filter: FigureFilter) -> FigureReport {
    store.report(&filter).await.expect("the store reads figures")
}

async fn hour(store: &dyn FigureStore) -> FigureReport {
    report(store, FigureFilter::all(TimeRange::Hour)).await
}

/// There is nothing in a new store, and the report has the time of the store and each step.
pub async fn a_new_store_has_no_figures(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    for range in TimeRange::ALL {
        let report = report(store, FigureFilter::all(range)).await;
        assert_eq!((report.total, report.jobs.len()), (AttemptFigures::default(), 0), "no attempts");
        assert_eq!((report.now, report.deploys.len()), (fixture.now(), 0), "the time of the store, no deploys");
    }
}

/// What was added is read back exactly, in each range.
pub async fn added_figures_are_read_in_each_range(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    let added = figures("send_mail", "mail", 3);
    add(store, vec![added.clone()]).await;
    for range in TimeRange::ALL {
        let report = report(store, FigureFilter::all(range)).await;
        assert_eq!(report.total, added.figures, "all of it");
        assert_eq!(report.jobs.iter().map(|job| &*job.name).collect::<Vec<_>>(), ["send_mail"], "the job");
        assert_eq!(report.queues.iter().map(|queue| &*queue.name).collect::<Vec<_>>(), ["mail"], "the queue");
        assert_eq!(report.points.last().map(|point| &point.figures), Some(&added.figures), "in the step of now");
    }
}

/// Figures of one job and queue are added up, also those that another handle adds.
pub async fn figures_of_all_processes_are_added_up(fixture: Fixture) {
    let other = fixture.another().await;
    let (Some(store), Some(other)) = (fixture.store().figures(), other.figures()) else { return };
    add(store, vec![figures("a", "q", 2), figures("b", "q", 1)]).await;
    add(other, vec![figures("a", "q", 3), figures("a", "r", 4)]).await;
    let report = hour(store).await;
    let counts = |named: &[jobs_core::NamedFigures]| -> Vec<_> {
        named.iter().map(|of| (of.name.clone(), of.figures.attempts, of.figures.errors)).collect()
    };
    assert_eq!(counts(&report.jobs), [("a".to_owned(), 9, 3), ("b".to_owned(), 1, 1)], "by job");
    assert_eq!(counts(&report.queues), [("q".to_owned(), 6, 3), ("r".to_owned(), 4, 1)], "by queue");
}

/// Attempts are counted in the step in which they are added; steps without attempts are there too.
pub async fn figures_are_counted_in_the_step_in_which_they_are_added(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    add(store, vec![figures("a", "q", 1)]).await;
    fixture.advance(secs(180));
    add(store, vec![figures("a", "q", 2)]).await;
    let points: Vec<_> = hour(store).await.points.iter().rev().map(|point| point.figures.attempts).collect();
    assert_eq!((points.len(), points.get(..5)), (60, Some(&[2, 0, 0, 1, 0][..])), "three minutes lie between them");
}

/// A filter of a job or a queue leaves the others out.
pub async fn figures_are_read_of_one_job_or_one_queue(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    add(store, vec![figures("a", "q", 1), figures("b", "q", 2), figures("b", "r", 4)]).await;
    let all = FigureFilter::all(TimeRange::Day);
    for (filter, attempts) in [
        (all.clone().job("b"), 6),
        (all.clone().queue("q"), 3),
        (all.clone().job("b").queue("q"), 2),
        (all.job("c"), 0),
    ] {
        assert_eq!(report(store, filter.clone()).await.total.attempts, attempts, "{filter:?}");
    }
}

/// Steps that are over are not shown, and a longer range still has them.
pub async fn steps_that_are_over_are_forgotten(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    add(store, vec![figures("a", "q", 1)]).await;
    for (wait, expected) in [(3600, [0, 1, 1]), (86_400, [0, 0, 1]), (7 * 86_400, [0, 0, 0])] {
        fixture.advance(secs(wait));
        for (range, expected) in TimeRange::ALL.into_iter().zip(expected) {
            let rows = store.rows(&FigureFilter::all(range)).await.expect("the store reads figures").rows;
            assert_eq!(rows.len(), expected, "{range} after {wait} s");
        }
        // Rows are removed when figures are added.
        add(store, Vec::new()).await;
    }
}

/// However many jobs and queues there are, a step has a bounded number of rows, and no attempt is lost.
pub async fn a_step_has_at_most_so_many_rows(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    for part in 0..3 {
        let many = (0..400).map(|number| figures(&format!("job_{part}_{number}"), "q", 1)).collect();
        add(store, many).await;
    }
    let rows = store.rows(&FigureFilter::all(TimeRange::Hour)).await.expect("the store reads figures").rows;
    assert!(rows.len() <= MAX_PAIRS, "{} rows", rows.len());
    assert_eq!(rows.iter().map(|row| row.figures.attempts).sum::<u64>(), 1200, "no attempt is lost");
    assert!(rows.iter().any(|row| row.job == OTHER), "further jobs are counted together");
}

/// Names with any characters are kept, and told apart by case.
pub async fn names_are_kept_as_they_are(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    let names = ["Billing::ChargeJob", "a", "A", "it's \"ü\"\0%_", "\u{1f600}"];
    add(store, names.iter().map(|name| figures(name, name, 1)).collect()).await;
    for name in names {
        let report = report(store, FigureFilter::all(TimeRange::Week).job(name).queue(name)).await;
        assert_eq!(report.total.attempts, 1, "{name:?}");
    }
}

/// A start of the version that was started before is no deploy.
pub async fn a_start_of_another_version_is_a_deploy(fixture: Fixture) {
    let Some(store) = fixture.store().figures() else { return };
    let mut expected = Vec::new();
    for (version, is_deploy) in [("1.0", true), ("1.0", false), ("1.1 ü'\0", true), ("1.0", true)] {
        fixture.advance(secs(60));
        store.add(&NewFigures::default().started(version)).await.expect("the store notes a start");
        if is_deploy {
            expected.push(jobs_core::Deploy::new(fixture.now(), version));
        }
    }
    assert_eq!(hour(store).await.deploys, expected, "three deploys");
}

/// Calls that race lose nothing.
pub async fn racing_processes_lose_no_figures(fixture: Fixture) {
    if fixture.store().figures().is_none() {
        return;
    }
    let mut racing = Vec::new();
    for number in 0..4 {
        let handle = if number % 2 == 0 { fixture.handle() } else { fixture.another().await };
        racing.push(tokio::spawn(async move {
            for _ in 0..10 {
                let Some(store) = handle.figures() else { return };
                // Each in another order, so that a store that locks rows one by one would lock them crosswise.
                let mut jobs = vec![figures("a", "q", 1), figures("b", "q", 1), figures("c", "q", 1)];
                jobs.rotate_left(number % 3);
                add(store, jobs).await;
            }
        }));
    }
    for one in racing {
        one.await.expect("no call fails");
    }
    let Some(store) = fixture.store().figures() else { return };
    assert_eq!(hour(store).await.total.attempts, 120, "each was counted once");
}
