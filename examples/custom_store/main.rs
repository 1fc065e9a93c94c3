//! A custom store, which keeps everything in one text file and is chosen by its URL like any other store.
//!
//! `cargo run --example custom_store` leaves `custom_store.journal` in the current folder.
//! `cargo test --example custom_store` runs the contract suite on it, with two handles on one file.

mod calls;
mod capabilities;
mod journal;

use std::collections::BTreeMap;
use std::future::ready;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs::prelude::*;
use jobs_core::{Adapter, Opening, State, SystemClock, inventory};

use crate::journal::JournalStore;

// Programs that link this adapter can call `.connect("journal:path")`, or set the URL in `JOBS_URL`.
inventory::submit! {
    Adapter::new(&["journal"], open)
}

fn open(url: &str) -> Opening {
    let path = url.trim_start_matches("journal:");
    let store = JournalStore::open(Path::new(path), Arc::new(SystemClock));
    Box::pin(ready(store.map(|store| Arc::new(store) as _)))
}

const FILE: &str = "custom_store.journal";

/// How often each person was greeted.
#[derive(Clone, Default)]
struct Greeted(Arc<Mutex<BTreeMap<String, u32>>>);

#[job(retry_on(any, wait = 10ms, attempts = 2))]
async fn greet(name: String, ctx: &Context, greeted: &Greeted) -> Result<(), std::io::Error> {
    if name == "Grace" && ctx.attempt() == 1 {
        return Err(std::io::Error::other("she is not here yet"));
    }
    *greeted.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _previous_run = std::fs::remove_file(FILE);
    let names = ["Ada", "Grace", "Hedy", "Katherine", "Mary"];
    let greeted = Greeted::default();

    // A process that only enqueues jobs.
    let client = runtime(&greeted).await?.client();
    client.perform_all_later(names.map(Greet::new)).await?;
    drop(client);

    // A process that dies while it writes leaves half a line.
    std::fs::OpenOptions::new().append(true).open(FILE)?.write_all(br#"{"at":1,"call":{"Enq"#)?;

    // Two runtimes on the same file, like two processes.
    let (one, other) = (runtime(&greeted).await?.start().await?, runtime(&greeted).await?.start().await?);
    one.drained().await?;
    one.stop().await;
    other.stop().await;

    let lines = std::fs::read_to_string(FILE)?;
    println!("{FILE} has {} lines:", lines.lines().count());
    for line in lines.lines() {
        println!("  {line:.90}");
    }
    let greeted = greeted.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    println!("greeted: {greeted:?}");
    assert_eq!(greeted, BTreeMap::from(names.map(|name| (name.to_owned(), 1))), "each person is greeted once");
    assert_eq!(one.client().inspect()?.counts().await?.of(State::Finished), 5);
    Ok(())
}

async fn runtime(greeted: &Greeted) -> jobs::Result<Runtime> {
    Runtime::builder()
        .connect(format!("journal:{FILE}"))
        .provide(greeted.clone())
        // The store cannot notify workers of new jobs, so they poll.
        .poll_interval(Duration::from_millis(20))
        .dispatch_interval(Duration::from_millis(20))
        .dispatch_batch(100)
        .build()
        .await
}

#[cfg(test)]
mod tests {
    use jobs_core::{Claim, Clock, NewJob, ProcessId, Store};
    use jobs_testing::contract::StoreUnderTest;

    use super::*;

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let path = folder.path().join("jobs.journal");
        let open = move || {
            Arc::new(JournalStore::open(&path, clock.clone()).expect("the journal can be opened")) as Arc<dyn Store>
        };
        StoreUnderTest::new(open()).reopen(move || ready(open())).keeping(folder)
    }

    jobs_testing::store_contract!(open);

    /// Opens a journal that has one job and ends with these bytes.
    async fn journal_ending_in(bytes: &str) -> (tempfile::TempDir, JournalStore) {
        let folder = tempfile::tempdir().expect("a folder can be created");
        let path = folder.path().join("jobs.journal");
        let open = || JournalStore::open(&path, Arc::new(SystemClock)).expect("the journal can be opened");
        let id = "0192f0c1-2b7a-7000-8000-000000000000".parse().expect("the id is valid");
        open().enqueue(&[NewJob::new(id, "greet", "{}")]).await.expect("the job is stored");
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("the journal exists");
        file.write_all(bytes.as_bytes()).expect("the disk has space");
        let store = open();
        (folder, store)
    }

    #[tokio::test]
    async fn an_incomplete_line_is_removed_and_the_other_lines_stay() {
        let (folder, store) = journal_ending_in(r#"{"at":1,"call":{"Enq"#).await;
        let claim = Claim::all(ProcessId::new(1), 10);
        assert_eq!(store.claim(&claim).await.expect("the journal can be read").len(), 1);
        let text = std::fs::read_to_string(folder.path().join("jobs.journal")).expect("the journal exists");
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[tokio::test]
    async fn an_invalid_line_is_an_error_with_its_position() {
        let (_folder, store) = journal_ending_in("what is this\n").await;
        for _ in 0..2 {
            let error = store.dispatch(1).await.expect_err("the line is invalid");
            assert!(error.is_corrupt() && error.to_string().contains("cannot be read at byte 2"), "{error}");
        }
    }
}
