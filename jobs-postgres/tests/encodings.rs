//! Databases with another encoding than UTF-8: no job holds up another because of a character that the encoding lacks.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use common::{DEADLINE, NO_SERVER, server, stranger};
use futures_util::future::join_all;
use jobs::prelude::*;
use jobs::store::{Claim, Filter, JobRecord, NewJob, Process, ProcessId, Store};
use jobs::{Event, RuntimeHandle, State};
use jobs_postgres::PostgresStore;
use jobs_testing::{Recorder, plain};
use tokio::time::{interval, timeout};

/// A job that fails with a character that most encodings lack.
#[job(retry_on(any, wait = 0s, attempts = 2))]
async fn crab(number: u64) -> Result<(), std::io::Error> {
    Err(std::io::Error::other(format!("crab \u{1f980} № {number}")))
}

#[job]
async fn harmless(number: u64) -> Result<(), std::io::Error> {
    let _ = number;
    Ok(())
}

/// The number of the next database.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database of its own with this encoding, dropped with this value.
struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn new(encoding: &str) -> Option<Self> {
        let server = server()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("encoding_{}_{number}", std::process::id());
        let create =
            format!("CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        stranger(&server).await.batch_execute(&create).await.unwrap();
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').expect(NO_SERVER);
        format!("{server}/{}", self.name)
    }

    async fn drop(self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        stranger(&self.server).await.batch_execute(&drop).await.unwrap();
    }
}

async fn all(store: &dyn Store) -> Vec<JobRecord> {
    let filter = Filter { limit: 1000, ..Filter::default() };
    store.inspect().unwrap().list(&filter).await.unwrap()
}

/// Waits until no job is ready, scheduled or claimed.
async fn drained(store: &dyn Store) {
    let wait = async {
        let mut ticks = interval(Duration::from_millis(20));
        while store.inspect().unwrap().counts().await.unwrap().pending() > 0 {
            ticks.tick().await;
        }
    };
    timeout(DEADLINE, wait).await.expect("all jobs end");
}

async fn start(store: &Arc<PostgresStore>, recorder: &Recorder) -> RuntimeHandle {
    let watch = recorder.watch();
    let builder = Runtime::builder().store(store.clone()).register(jobs::jobs![Crab, Harmless]);
    let builder = builder.name("Größe \u{1f980}").dispatch_interval(Duration::from_millis(10));
    builder.watch(move |event| watch(event)).build().await.unwrap().start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_with_characters_that_an_encoding_lacks_are_stored_and_hold_up_no_job() {
    for encoding in ["LATIN1", "SQL_ASCII", "EUC_JP", "WIN1252"] {
        let Some(database) = Database::new(encoding).await else { return };
        let store = Arc::new(PostgresStore::connect(&database.url()).await.unwrap());
        let recorder = Recorder::new();
        let running = start(&store, &recorder).await;
        for number in 0..20 {
            if number % 7 == 3 {
                let _stored = Crab::perform_later(number).on(&running.client()).await.unwrap();
            }
            let _stored = Harmless::perform_later(number).on(&running.client()).await.unwrap();
        }
        drained(&*store).await;
        timeout(DEADLINE, running.stop()).await.expect("the process stops in time");
        let count = |state| all_in(&*store, state);
        assert_eq!(count(State::Finished).await.len(), 20, "{encoding}");
        let failed = count(State::Failed).await;
        assert_eq!(failed.len(), 3, "{encoding}");
        assert!(
            failed.iter().all(|job| job.errors.len() == 2 && job.errors[1].message.starts_with("crab \u{1f980} №"))
        );
        let found = Filter { error: Some("\u{1f980} № 3".to_owned()), ..Filter::default() };
        assert_eq!(store.inspect().unwrap().list(&found).await.unwrap().len(), 1, "its error is found");
        assert_eq!(recorder.count(|event| matches!(event, Event::StoreFailed(_))), 0, "{encoding}");
        drop(store);
        database.drop().await;
    }
}

async fn all_in(store: &dyn Store, state: State) -> Vec<JobRecord> {
    all(store).await.into_iter().filter(|job| job.state == state).collect()
}

#[tokio::test]
async fn a_job_with_a_character_that_the_encoding_lacks_is_refused_alone() {
    let Some(database) = Database::new("LATIN1").await else { return };
    let store = Arc::new(PostgresStore::connect(&database.url()).await.unwrap());
    let job = |number: u64| {
        let arguments = if number == 7 { "\u{1f980}" } else { "é" };
        NewJob::new(plain::id(number), "note", format!(r#"{{"text":"{arguments}"}}"#))
    };
    let callers = (0..40).map(|number| {
        let (store, job) = (store.clone(), job(number));
        async move { store.enqueue(&[job]).await }
    });
    let results = join_all(callers).await;
    for (number, result) in results.iter().enumerate() {
        assert_eq!(result.is_err(), number == 7, "{number}: {result:?}");
    }
    let error = results[7].as_ref().unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("LATIN1"), "{error}");
    let claim = Claim::all(ProcessId::new(1), 100);
    assert_eq!(store.claim(&claim).await.unwrap().len(), 39);
    drop(store);
    database.drop().await;
}

#[tokio::test]
async fn a_process_shows_its_name_in_any_encoding() {
    let Some(database) = Database::new("LATIN1").await else { return };
    let store = PostgresStore::connect(&database.url()).await.unwrap();
    let process = Process::new(ProcessId::new(1), "\u{1f980}".to_owned(), "host".to_owned(), 7);
    let _reply = store.heartbeat(&process).await.unwrap();
    let shown = store.inspect().unwrap().processes().await.unwrap();
    assert_eq!(shown[0].process.name, "\\u{1f980}");
    drop(store);
    database.drop().await;
}
