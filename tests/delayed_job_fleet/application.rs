//! The database of the application, and the ledger of the jobs in it.

use std::collections::BTreeMap;
use std::time::Duration;

use jobs_sql::Database;
use serde_json::{Value, json};

const DOING: &str = "run a test";

/// How long a fleet may take to the next mark.
const DEADLINE: Duration = Duration::from_secs(180);

/// A database of one test. The tables of a server have the names of Ruby, so tests of one server go one after the other.
pub(crate) struct Application {
    /// For Rust, without `delayed_job+`.
    pub(crate) url: String,
    /// For Active Record.
    pub(crate) of_ruby: Value,
    pub(crate) ledger: Database,
}

impl Application {
    /// A file below the root of a tree, by its path inside and outside of it.
    pub(crate) async fn of_file(inside: &str, outside: &str) -> Self {
        let of_ruby = json!({ "adapter": "sqlite3", "database": inside, "timeout": 20_000 });
        Self::open(format!("sqlite:{outside}"), of_ruby).await
    }

    /// The server that the variable names; `None` if there is none.
    pub(crate) async fn of_server(variable: &str) -> Option<Self> {
        let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
        let adapter = if url.starts_with("mysql") { "mysql2" } else { "postgresql" };
        let of_ruby = json!({ "adapter": adapter, "url": url.replacen("mysql:", "mysql2:", 1) });
        Some(Self::open(url, of_ruby).await)
    }

    async fn open(url: String, of_ruby: Value) -> Self {
        let ledger = Database::open(&url).await.unwrap();
        Self { url, of_ruby, ledger }
    }

    /// The store. What a Ruby worker holds when it is killed is released after so long, and no job of it takes as long.
    pub(crate) fn store(&self) -> String {
        format!("delayed_job+{}?max_run_time=20s", self.url)
    }

    /// Whether a Ruby worker of this name holds a job that has begun.
    pub(crate) async fn has_begun(&self, worker: &str, key: &str) -> bool {
        let held = format!("SELECT COUNT(*) FROM delayed_jobs WHERE locked_by = '{worker}'");
        let noted = format!("SELECT COUNT(*) FROM delayed_job_ledger WHERE job = 'first {key}'");
        let mut counts = Vec::new();
        for count in [held, noted] {
            counts.push(self.ledger.query(&count, &[], DOING).await.unwrap()[0].int(0).unwrap());
        }
        counts == [1, 1]
    }

    /// How often each job has been performed to its end.
    pub(crate) async fn ended(&self) -> BTreeMap<String, i64> {
        let count = "SELECT job, COUNT(*) FROM delayed_job_ledger WHERE job NOT LIKE 'first %' GROUP BY job";
        let rows = self.ledger.query(count, &[], DOING).await.unwrap();
        rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.int(1).unwrap())).collect()
    }

    /// How many rows are left.
    pub(crate) async fn left(&self) -> i64 {
        let rows = self.ledger.query("SELECT COUNT(*) FROM delayed_jobs", &[], DOING).await.unwrap();
        rows[0].int(0).unwrap()
    }

    /// Waits until so many jobs have been performed.
    pub(crate) async fn have_ended(&self, count: usize) {
        self.waits(async || self.ended().await.len() >= count, &format!("{count} jobs have ended")).await;
    }

    pub(crate) async fn waits(&self, is_done: impl AsyncFn() -> bool, what: &str) {
        let look = async {
            let mut pause = tokio::time::interval(Duration::from_millis(100));
            while !is_done().await {
                pause.tick().await;
            }
        };
        let in_time = tokio::time::timeout(DEADLINE, look).await.is_ok();
        assert!(in_time, "it did not come to pass that {what}: {} have ended", self.ended().await.len());
    }
}
