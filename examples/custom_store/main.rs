//! A store of one's own: everything in one text file, chosen by its URL as any other.
//!
//! `cargo run --example custom_store` leaves `custom_store.journal` in the current folder: read it.
//! `cargo test --example custom_store` holds it to every promise of the contract, with two handles on one file.

mod calls;
mod journal;
mod powers;

use std::collections::BTreeMap;
use std::future::ready;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs::prelude::*;
use jobs_core::{Adapter, Opening, State, SystemClock, inventory};

use crate::journal::JournalStore;

// From here on, programs that link this can say `.connect("journal:path")`, or set it in `JOBS_URL`.
inventory::submit! {
    Adapter::new(&["journal"], open)
}

fn open(url: &str) -> Opening {
    let path = url.trim_start_matches("journal:");
    let store = JournalStore::open(Path::new(path), Arc::new(SystemClock));
    Box::pin(ready(store.map(|store| Arc::new(store) as _)))
}

const FILE: &str = "custom_store.journal";

/// Who greeted whom.
#[derive(Clone, Default)]
struct Greeted(Arc<Mutex<BTreeMap<String, u32>>>);

#[job(retry_on(any, wait = 10ms, attempts = 2))]
async fn greet(name: String, ctx: &Context, greeted: &Greeted) -> Result<(), std::io::Error> {
    if name == "Grace" && ctx.attempt() == 1 {
        return Err(std::io::Error::other("she is not in yet"));
    }
    *greeted.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _of_an_earlier_run = std::fs::remove_file(FILE);
    let names = ["Ada", "Grace", "Hedy", "Katherine", "Mary"];
    let greeted = Greeted::default();

    // One that only enqueues, and is gone then.
    let jobs = runtime(&greeted).await?.jobs();
    jobs.perform_all_later(names.map(Greet::new)).await?;
    drop(jobs);

    // A process that died while it wrote: half a line.
    std::fs::OpenOptions::new().append(true).open(FILE)?.write_all(br#"{"at":1,"call":{"Enq"#)?;

    // Two that work on the same file, as two processes would.
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
    assert_eq!(greeted, BTreeMap::from(names.map(|name| (name.to_owned(), 1))), "everybody, and nobody twice");
    assert_eq!(one.jobs().inspect()?.counts().await?.of(State::Finished), 5);
    Ok(())
}

async fn runtime(greeted: &Greeted) -> jobs::Result<Runtime> {
    Runtime::builder()
        .connect(format!("journal:{FILE}"))
        .provide(greeted.clone())
        // It tells nobody that there is work, so workers look for themselves.
        .poll_interval(Duration::from_millis(20))
        .dispatch_interval(Duration::from_millis(20))
        .dispatch_batch(100)
        .build()
        .await
}

#[cfg(test)]
mod tests {
    use jobs_core::{Claim, Clock, NewJob, ProcessId, Store};
    use jobs_testing::contract::Subject;

    use super::*;

    async fn open(clock: Arc<dyn Clock>) -> Subject {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("jobs.journal");
        let open = move || Arc::new(JournalStore::open(&path, clock.clone()).expect("it is opened")) as Arc<dyn Store>;
        Subject::new(open()).reopen(move || ready(open())).keeping(folder)
    }

    jobs_testing::store_contract!(open);

    /// A journal with one job in it and these bytes at its end, opened anew.
    async fn ending_in(bytes: &str) -> (tempfile::TempDir, JournalStore) {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("jobs.journal");
        let open = || JournalStore::open(&path, Arc::new(SystemClock)).expect("it is opened");
        let id = "0192f0c1-2b7a-7000-8000-000000000000".parse().expect("it is an id");
        open().enqueue(&[NewJob::new(id, "greet", "{}")]).await.expect("it is written");
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("it is there");
        file.write_all(bytes.as_bytes()).expect("there is room");
        let store = open();
        (folder, store)
    }

    #[tokio::test]
    async fn half_a_line_of_a_process_that_died_is_cut_off_and_the_others_stay() {
        let (folder, store) = ending_in(r#"{"at":1,"call":{"Enq"#).await;
        let claim = Claim::all(ProcessId::new(1), 10);
        assert_eq!(store.claim(&claim).await.expect("it is read").len(), 1);
        let text = std::fs::read_to_string(folder.path().join("jobs.journal")).expect("it is there");
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[tokio::test]
    async fn a_whole_line_that_cannot_be_read_is_an_error_that_says_where() {
        let (_folder, store) = ending_in("what is this\n").await;
        for _ in 0..2 {
            let error = store.dispatch(1).await.expect_err("it cannot be read");
            assert!(error.is_corrupt() && error.to_string().contains("cannot be read at byte 2"), "{error}");
        }
    }
}
