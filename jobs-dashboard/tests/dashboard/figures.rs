//! The figures of attempts by job and by queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{
    AttemptFigures, Error, FigureFilter, FigureRows, FigureStore, JobFigures, NewFigures, RecurringTask, Store,
    StoreExt, StoreFuture,
};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::{ManualClock, PassThrough, PassThroughStore};
use serde_json::Value;

use crate::fixture::{Fixture, TestRequest, text};
use crate::fixture_jobs::SCRIPT;

/// Attempts of 60 ms each, the first of which failed, after a wait of two seconds.
fn figures(job: &str, queue: &str, attempts: u64) -> JobFigures {
    let mut figures = AttemptFigures::default();
    for number in 0..attempts {
        figures.add(number == 0, Duration::from_millis(60), Some(Duration::from_secs(2)));
    }
    JobFigures::new(job, queue, figures)
}

async fn add(fixture: &Fixture, new: NewFigures) {
    fixture.store.require_figures().unwrap().add(&new).await.unwrap();
}

/// 1,400 attempts of two jobs, then a deploy, and ten minutes later 20 attempts of one of them.
async fn filled() -> Fixture {
    let fixture = Fixture::open();
    let first = vec![figures("send_mail", "mail", 1_000), figures("charge", "payments", 400)];
    add(&fixture, NewFigures::new(first).started("1.4.0")).await;
    fixture.clock.advance(Duration::from_secs(600));
    add(&fixture, NewFigures::new(vec![figures("send_mail", "bulk", 20)])).await;
    fixture
}

async fn json(fixture: &Fixture, path: &str) -> Value {
    serde_json::from_str(&fixture.page(path).await).unwrap()
}

#[tokio::test]
async fn the_page_has_attempts_errors_and_quantiles_by_job_and_by_queue() {
    let fixture = filled().await;
    let text = fixture.text("/figures").await;
    assert!(text.contains("attempts 1,420 errors 3 0.2 %"), "{text}");
    assert!(text.contains("send_mail 1,020 2 0.2 % 55ms 64ms 65ms 2.1s 2.5s 2.5s"), "{text}");
    assert!(text.contains("payments 400 1 0.2 %") && text.contains("bulk 20 1 5.0 %"), "{text}");
}

#[tokio::test]
async fn charts_have_axes_with_values_times_and_deploys() {
    let fixture = filled().await;
    let page = fixture.page("/figures?range=hour").await;
    assert_eq!(page.matches("<figure class=\"plot\">").count(), 5, "three over time, two distributions");
    assert!(text(&page).contains("Dashed lines are deploys: 1.4.0 at "), "{page}");
    assert!(page.contains("<path class=\"deploy\"") && page.contains("Version 1.4.0 started at "), "{page}");
    assert!(page.contains("aria-label=\"Attempts per minute in the last hour: attempts 1,420, errors 3;"), "{page}");
    assert!(page.contains("<span>2k</span>") || page.contains("<span>2000</span>"), "the axis has a round end: {page}");
    assert!(page.contains("<span>now</span>"), "{page}");
    assert!(!page.contains("style="), "the policy allows no style in the page");
}

#[tokio::test]
async fn each_job_and_each_queue_has_a_page_of_its_own() {
    let fixture = filled().await;
    let page = fixture.page("/figures").await;
    assert!(
        page.contains("/figures?range=hour&amp;job=send_mail") && page.contains("/figures?range=hour&amp;queue=mail")
    );
    let job = fixture.text("/figures?range=day&job=send_mail").await;
    assert!(job.contains("Job send_mail") && job.contains("attempts 1,020") && job.contains("bulk 20"), "{job}");
    assert!(!job.contains("charge"), "{job}");
    let queue = fixture.text("/figures?range=week&queue=payments").await;
    assert!(
        queue.contains("Queue payments") && queue.contains("attempts 400") && queue.contains("charge 400"),
        "{queue}"
    );
}

#[tokio::test]
async fn the_values_of_the_charts_are_there_as_a_table() {
    let text = filled().await.text("/figures").await;
    let (_, table) = text.split_once("Values of the charts").unwrap();
    assert!(table.contains(" 20 1 5.0 %") && table.contains(" 1,400 2 0.1 %"), "{table}");
}

#[tokio::test]
async fn the_overview_shows_the_busiest_jobs() {
    let text = filled().await.text("/").await;
    assert!(text.contains("Jobs in the last hour") && text.contains("send_mail 1,020"), "{text}");
    assert!(!Fixture::open().text("/").await.contains("Jobs in the last hour"));
}

#[tokio::test]
async fn the_api_has_the_same_figures() {
    let fixture = filled().await;
    let all = json(&fixture, "/api/figures").await;
    assert_eq!(
        (&all["range"], &all["step_seconds"], &all["total"]["attempts"]),
        (&"hour".into(), &60.into(), &1420.into())
    );
    assert_eq!(all["steps"].as_array().unwrap().len(), 60);
    assert_eq!((&all["jobs"][1]["job"], &all["jobs"][1]["errors"]), (&"send_mail".into(), &2.into()));
    assert_eq!(all["deploys"][0]["version"], "1.4.0");
    let buckets = all["run_buckets"].as_array().unwrap();
    assert_eq!((buckets.len(), &buckets[0]["count"]), (1, &1420.into()), "{buckets:?}");
    let one = json(&fixture, "/api/figures?range=week&name=send_mail&queue=bulk").await;
    assert_eq!((&one["total"]["attempts"], &one["steps"].as_array().unwrap().len()), (&20.into(), &168));
}

#[tokio::test]
async fn an_unknown_range_or_parameter_is_refused_with_the_right_one() {
    let fixture = filled().await;
    for (path, word) in [("figures?range=weak", "`week`"), ("figures?jbo=a", "`job`"), ("figures?range=", "no value")] {
        for path in [format!("/{path}"), format!("/api/{path}")] {
            let response = fixture.send(TestRequest::page(&path)).await;
            assert_eq!(response.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(response.body.contains(word), "{path}: {}", response.body);
        }
    }
}

#[tokio::test]
async fn names_and_versions_are_escaped() {
    let fixture = Fixture::open();
    add(&fixture, NewFigures::new(vec![figures(SCRIPT, SCRIPT, 1)]).started(SCRIPT)).await;
    let page = fixture.page("/figures").await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
}

struct WithoutFigures(MemoryStore);

impl PassThrough for WithoutFigures {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        None
    }
}

#[tokio::test]
async fn a_store_without_figures_shows_none() {
    let clock = jobs_testing::ManualClock::new();
    let store = Arc::new(PassThroughStore(WithoutFigures(MemoryStore::new(Arc::new(clock.clone())))));
    let fixture = Fixture::over(store, clock, jobs_dashboard::Dashboard::without_authentication);
    fixture.enqueue(1, |_| {}).await;
    for page in ["/", "/jobs", "/queues"] {
        assert!(!fixture.page(page).await.contains("/figures"), "{page}");
    }
    let response = fixture.send(TestRequest::page("/api/figures")).await;
    assert!(response.status.is_client_error() || response.status == StatusCode::NOT_IMPLEMENTED, "{}", response.status);
    assert!(response.body.contains("keeps no figures"), "{}", response.body);
}

#[tokio::test]
async fn every_list_leads_to_the_figures_of_its_jobs_and_queues() {
    let fixture = Fixture::open();
    fixture.fail(1, "shop::Bounced", "no such address").await;
    fixture.enqueue(2, |_| {}).await;
    let task = RecurringTask::new("nightly", "send_mail", "0 2 * * *");
    fixture.store.recurring().unwrap().declare(&[task]).await.unwrap();
    let (job, queue) = ("/figures?range=hour&amp;job=send_mail\"", "/figures?range=hour&amp;queue=mail\"");
    for page in ["/jobs", "/failures", "/", "/recurring", "/recurring/task?key=nightly"] {
        let shown = fixture.page(page).await;
        assert!(shown.contains(job), "{page}: {shown}");
    }
    for page in ["/jobs", "/queues", "/"] {
        let shown = fixture.page(page).await;
        assert!(shown.contains(queue), "{page}: {shown}");
    }
}

/// Figures that count how often they are read, and cannot be read if they are broken.
struct CountedFigures {
    inner: MemoryStore,
    is_broken: bool,
    reads: Arc<AtomicUsize>,
}

impl CountedFigures {
    fn fixture(is_broken: bool) -> (Fixture, Arc<AtomicUsize>) {
        let (clock, reads) = (ManualClock::new(), Arc::new(AtomicUsize::new(0)));
        let inner = MemoryStore::new(Arc::new(clock.clone()));
        let store = Arc::new(PassThroughStore(Self { inner, is_broken, reads: Arc::clone(&reads) }));
        (Fixture::over(store, clock, Dashboard::without_authentication), reads)
    }
}

impl PassThrough for CountedFigures {
    fn inner(&self) -> &dyn Store {
        &self.inner
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        Some(self)
    }
}

impl FigureStore for CountedFigures {
    fn add<'a>(&'a self, new: &'a NewFigures) -> StoreFuture<'a, ()> {
        FigureStore::add(&self.inner, new)
    }

    fn rows<'a>(&'a self, filter: &'a FigureFilter) -> StoreFuture<'a, FigureRows> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.is_broken {
            return Box::pin(async { Err(Error::transient("the table is locked")) });
        }
        self.inner.rows(filter)
    }
}

#[tokio::test]
async fn the_overview_is_shown_although_the_figures_cannot_be_read() {
    let (fixture, _) = CountedFigures::fixture(true);
    let text = fixture.text("/").await;
    assert!(text.contains("The figures cannot be read: ") && text.contains("longest wait"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn frequent_views_of_the_overview_read_the_figures_once() {
    let (fixture, reads) = CountedFigures::fixture(false);
    let (_first, _second) = (fixture.page("/").await, fixture.page("/").await);
    assert_eq!(reads.load(Ordering::Relaxed), 1, "both views show one reading");
    tokio::time::advance(Duration::from_secs(11)).await;
    let _third = fixture.page("/").await;
    assert_eq!(reads.load(Ordering::Relaxed), 2, "an old reading is not shown again");
}
