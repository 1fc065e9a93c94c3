//! A running dashboard for a store with jobs in every state.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    AttemptFigures, Claim, Decision, Due, ErrorRecord, JobFigures, JobId, NewFigures, NewJob, Process, ProcessId,
    RecurringTask, Store,
};
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::plain::{ME, id};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A text that would run as a script if it were not escaped.
const SCRIPT: &str = "<script>window.isHacked = true</script><img src=x onerror='window.isHacked = true'>";

pub(crate) struct Server {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) runtime: Runtime,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        let runtime = Runtime::new().unwrap();
        runtime.block_on(fill(&*store));
        Self::over(runtime, store)
    }

    /// A dashboard for this store.
    pub(crate) fn over(runtime: Runtime, store: Arc<dyn Store>) -> Self {
        let dashboard = Dashboard::new(Arc::clone(&store)).sampled_every(Duration::from_millis(200));
        let dashboard = dashboard.show_unknown_arguments();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(dashboard.serve(listener, std::future::pending()));
        Self { store, runtime, address }
    }

    /// The address of a page.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// All pages, each with content.
    pub(crate) fn pages() -> Vec<String> {
        let lists = [
            "/",
            "/jobs",
            "/jobs?state=failed",
            "/jobs?state=scheduled",
            "/jobs?state=blocked",
            "/queues",
            "/figures",
            "/figures?job=charge_order&range=week",
            "/recurring",
            "/processes",
            "/failures",
            "/recurring/task?key=nightly",
            "/help",
        ];
        let others = ["/bulk/retry?state=failed", "/bulk/reschedule?state=scheduled", "/no/such/page"];
        let jobs = [FAILED, LATER].map(|number| format!("/jobs/{}", id(number)));
        lists.into_iter().chain(others).map(str::to_owned).chain(jobs).collect()
    }

    pub(crate) fn enqueue(&self, number: u64) {
        let _stored = self.runtime.block_on(self.store.enqueue(&[job(number)])).unwrap();
    }
}

/// A job that failed, with a script in each of its texts, and a scheduled job.
pub(crate) const FAILED: u64 = 1;
pub(crate) const LATER: u64 = 2;

fn job(number: u64) -> NewJob {
    let mut job = NewJob::new(id(number), "charge_order", format!(r#"{{"order":{number},"note":"{SCRIPT}"}}"#));
    job.queue = "payments".into();
    job
}

async fn fill(store: &dyn Store) {
    let mut failing: Vec<_> = (10..20).map(job).collect();
    let mut hostile = job(FAILED);
    (hostile.name, hostile.batch_id) = (SCRIPT.to_owned(), Some(SCRIPT.to_owned()));
    failing.push(hostile);
    let _stored = store.enqueue(&failing).await.unwrap();
    let process = Process::new(ProcessId::new(7), SCRIPT, "host-a", 4711);
    let _alive = store.heartbeat(&process).await.unwrap();
    let mut error = ErrorRecord::new("shop::Unpaid", SCRIPT);
    (error.attempt, error.duration_ms, error.causes) =
        (3, 1234, vec![SCRIPT.to_owned(), "no route to host".to_owned()]);
    let claimed = store.claim(&Claim::all(ME, 100)).await.unwrap();
    let fail = Decision::Fail { meta: None, error };
    let settlements: Vec<_> = claimed.into_iter().map(|it| it.settle(fail.clone())).collect();
    let _settled = store.settle(&settlements).await.unwrap();
    let mut later = job(LATER);
    later.due = Due::In(Duration::from_secs(3600));
    let ready: Vec<_> = (100..160).map(job).chain([later]).collect();
    let _stored = store.enqueue(&ready).await.unwrap();
    let _claimed = store.claim(&Claim::all(ME, 5)).await.unwrap();
    store.manage().unwrap().pause("payments").await.unwrap();
    store.figures().unwrap().add(&figures()).await.unwrap();
    let mut task = RecurringTask::new("nightly", "cleanup", "0 2 * * *");
    task.description = Some(SCRIPT.to_owned());
    store.recurring().unwrap().declare(&[task]).await.unwrap();
}

/// Attempts of two jobs, one of which has a script in its name, and a deploy.
fn figures() -> NewFigures {
    let attempts = |job: &str, queue: &str| {
        let mut figures = AttemptFigures::default();
        for number in 0..500 {
            figures.add(number % 40 == 0, Duration::from_millis(number * 3), Some(Duration::from_millis(number)));
        }
        JobFigures::new(job, queue, figures)
    };
    NewFigures::new(vec![attempts("charge_order", "payments"), attempts(SCRIPT, SCRIPT)]).started("1.4.0")
}

/// The path of one job.
pub(crate) fn path(job: u64) -> String {
    let id: JobId = id(job);
    format!("/jobs/{id}")
}
