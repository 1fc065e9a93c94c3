//! No error shows a part of a URL that is not understood.

use jobs::Runtime;
use jobs::store::connect_without_migrating;
use tokio::task::JoinSet;
use tracing::Level;

use crate::log_capture::Log;
use crate::{SECRET, all};

/// Addresses with a secret in the place of `{}`.
const URLS: &[&str] = &[
    "{}",
    "{}:",
    "host=db password={}",
    "host=127.0.0.1 port=1 password='a:{}'",
    "postgres:u:{}@127.0.0.1:1/db",
    "postgres://u:pa?{}@127.0.0.1:1/db",
    "postgres://u:{}@x@127.0.0.1:1/db",
    "postgres://u:a@127.0.0.1:1/dbpostgres://u:{}@127.0.0.1/db",
    "postgres://127.0.0.1:1/db?user=u&password={}&port=x",
    "postgres://127.0.0.1:1/db?password={}&password=x",
    "postgres://127.0.0.1:1/db?PASSWORD={}",
    "postgres://u:{}@127.0.0.1:1/db?connect_timeout=1&sslmode=disable",
    "postgers://u:{}@127.0.0.1/db",
    "sqlite://u:{}@127.0.0.1/db",
    "sqlite:postgres://u:{}@127.0.0.1/db",
    "sqlite:jobs.db?password={}",
    "sqlite:jobs.db?{}",
    "sqlite:jobs.db?busy_timeout={}",
    "sqlite:jobs.db?synchronous={}",
    "sqlite:%zz{}",
    "sqlite:host=db password={}",
    "memory:{}",
    "memory://u:{}@host",
    "async:{}",
    "inline:{}",
    "test:{}",
    "redis://:{}@host",
    "jdbc:postgresql://host/db?password={}",
    "\npostgres://u:{}@127.0.0.1:1/db",
    "\"postgres://u:{}@127.0.0.1:1/db\"",
    "DATABASE_URL=postgres://u:{}@127.0.0.1:1/db",
    "postgres://u:{}@[::1/db",
    "postgres://u:{}@127.0.0.1:99999/db",
    "postgres://u:{}@127.0.0.1:1/db#x",
    "postgres://u:%zz{}@127.0.0.1:1/db",
    "postgres://u@127.0.0.1:1/db?sslpassword={}",
    "postgres://u@127.0.0.1:1/db?options=-c%20x%3D{}",
    "postgres://u:{}@127.0.0.1:1,127.0.0.1:2/db?target_session_attrs=x",
    "postgres://u:{}@127.0.0.1:1/db?connect_timeout=-1",
    "postgres:///db?host=/nowhere&password={}&port=1",
    "postgres//u:{}@127.0.0.1:1/db",
    "postgres:/u:{}@127.0.0.1:1/db",
    "postgresql+psycopg2://u:{}@127.0.0.1/db",
    "mysql2://u:{}@127.0.0.1/db",
    "sidekiq+redis://:{}@127.0.0.1:1/0?nope=1",
    "sidekiq+redis://u:{}@127.0.0.1:port/0",
    "sqlite:///nowhere/jobs.db?key={}",
    "sidekiq+rediss://:{}@127.0.0.1:1/x",
    "sidekiq+redis://127.0.0.1:1/{}",
    "resque+redis://u:{}@127.0.0.1:1/0?namespce={}",
    "resque+redis://u:pa/{}@127.0.0.1:1/0",
    "resque+redis://u:{}@127.0.0.1:1/0",
    "solid_queue+postgres://u:{}@127.0.0.1:1/db",
    "solid_queue+postgres://u:pa/{}@127.0.0.1:1/db",
    "solid_queue+postgres://u:pa?{}@127.0.0.1:1/db",
    "solid_queue+postgres://127.0.0.1:1/db?user=u&password={}&sslmode=x",
    "solid_queue+postgres://127.0.0.1:1/db?pasword={}",
    "solid_queue+postgres://127.0.0.1:1/db?port={}",
    "solid_queue+mysql://u:{}@127.0.0.1:1/db",
    "solid_queue+mysql://u:pa#{}@127.0.0.1:1/db",
    "solid_queue+mysql://127.0.0.1:1/db?ssl-mode={}",
    "solid_queue+sqlite:/nowhere/x?key={}",
    "delayed_job+postgres://u:{}@x@127.0.0.1:1/db",
    "delayed_job+postgres://127.0.0.1:1/db?hostaddr={}",
    "delayed_job+mysql://u:1?{}@127.0.0.1:1/db",
    "delayed_job+mysql://u:{}@127.0.0.1:1/db?charset={}",
    "delayed_job+mysql2://u:{}@127.0.0.1:1/db",
    "delayed_job+postgres:u:{}@127.0.0.1:1/db",
    "delayed_job+postgres://127.0.0.1:1/db?max_run_time={}",
];

async fn assert_no_error_shows_the_secret(url: &'static str) {
    let error = connect_without_migrating(&url.replace("{}", SECRET)).await.expect_err(url);
    let causes = std::iter::successors(std::error::Error::source(&error), |one| (*one).source());
    let causes: Vec<_> = causes.map(|one| format!("{one} {one:?}")).collect();
    let words = format!("{error} {error:?} {}", causes.join(" "));
    assert!(!words.contains(SECRET) && !words.contains("ssw0rd"), "{url}: {words}");
    let built = Runtime::builder().connect(url.replace("{}", SECRET)).register(all());
    assert!(!format!("{built:?}").contains("ssw0rd"), "{url}");
}

#[tokio::test]
async fn no_error_and_no_line_of_the_log_shows_a_secret_of_a_url() {
    let (_linked, log) = (jobs_testing::ManualClock::new(), Log::from(Level::TRACE));
    // At the same time, since some drivers try for seconds.
    let mut all: JoinSet<()> = URLS.iter().map(|url| assert_no_error_shows_the_secret(url)).collect();
    while let Some(outcome) = all.join_next().await {
        outcome.unwrap();
    }
    let written = log.text();
    assert!(!written.contains("ssw0rd"), "the log: {written}");
}
