//! Jobs that are enqueued in a transaction of the program's own, on a store in one file with the program's data.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::prelude::*;
use jobs::propagation::with_propagated;
use jobs::runtime::QueueNaming;
use jobs::{AnyJob, Event, State};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tempfile::TempDir;

use crate::fixture::{Fixture, id};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Tenant(u32);

impl jobs::propagation::Propagated for Tenant {
    const KEY: &'static str = "tenant";
}

#[job(queue = "freight", priority = 2, before_enqueue(check), after_enqueue(settle_down))]
async fn ship(order: u32) -> Result<(), io::Error> {
    let _ = order;
    Ok(())
}

/// The callback halts for this order.
const HALTED: u32 = 13;
/// For this order the callback waits for ever.
const WAITED_FOR: u32 = 17;

static WORD: LazyLock<tokio::sync::Notify> = LazyLock::new(tokio::sync::Notify::new);

async fn check(_: &mut JobDraft, job: &Ship) -> Result<(), Halt> {
    if job.order == WAITED_FOR {
        WORD.notified().await;
    }
    if job.order == HALTED { Err(Halt) } else { Ok(()) }
}

async fn settle_down(_: &mut JobDraft, _: &Ship) {
    // Ready at once, but not before it was asked.
    tokio::task::coop::consume_budget().await;
}

/// A program with a file.
struct ShopFixture {
    folder: TempDir,
    fixture: Fixture,
    jobs: Client,
}

impl ShopFixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Fixture::on_file(&file(&folder));
        let builder = fixture.builder(jobs::jobs![Ship]).naming(QueueNaming::new().prefix("shop"));
        let jobs = builder.build().await.unwrap().client();
        let shop = Self { folder, fixture, jobs };
        shop.connection().execute_batch("CREATE TABLE orders (number INTEGER)").unwrap();
        shop
    }

    fn path(&self) -> PathBuf {
        file(&self.folder)
    }

    fn connection(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    async fn ready(&self) -> (u64, i64) {
        let orders = "SELECT count(*) FROM orders";
        let orders = self.connection().query_row(orders, [], |row| row.get(0)).unwrap();
        (self.fixture.inspect().counts().await.unwrap().of(State::Ready), orders)
    }
}

/// A transaction with an order in it.
fn ordering(connection: &mut Connection) -> Transaction<'_> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    transaction.execute("INSERT INTO orders VALUES (1)", []).unwrap();
    transaction
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("shop.db")
}

#[tokio::test]
async fn a_job_exists_if_and_only_if_its_transaction_commits() {
    let shop = ShopFixture::new().await;
    let mut connection = shop.connection();
    let transaction = ordering(&mut connection);
    let lost = Ship::perform_later(1).on(&shop.jobs).within_blocking(&transaction).unwrap();
    transaction.rollback().unwrap();
    assert_eq!(shop.fixture.inspect().find(id(lost)).await.unwrap(), None);
    let transaction = ordering(&mut connection);
    let _dropped = Ship::perform_later(1).on(&shop.jobs).within_blocking(&transaction).unwrap();
    drop(transaction);
    assert_eq!(shop.ready().await, (0, 0));
    let transaction = ordering(&mut connection);
    let stored = Ship::perform_later(1).on(&shop.jobs).within_blocking(&transaction).unwrap();
    assert_eq!(shop.fixture.inspect().find(id(stored)).await.unwrap(), None, "it is not visible before");
    transaction.commit().unwrap();
    assert_eq!(shop.ready().await, (1, 1));
    let transaction = ordering(&mut connection);
    let again = Ship::perform_later(1).id(id(stored)).on(&shop.jobs).within_blocking(&transaction).unwrap();
    transaction.commit().unwrap();
    assert_eq!((again, shop.ready().await), (stored, (1, 2)), "under the same id there is one");
}

#[tokio::test]
async fn all_but_the_event_is_as_without_a_transaction() {
    let shop = ShopFixture::new().await;
    let mut connection = shop.connection();
    let soon = || Ship::perform_later(7).priority(5).wait(Duration::from_secs(60));
    let plain = with_propagated(Tenant(3), async { soon().on(&shop.jobs).await.unwrap() }).await;
    let transaction = connection.transaction().unwrap();
    let within =
        shop.jobs.scope(with_propagated(Tenant(3), async { soon().within_blocking(&transaction).unwrap() })).await;
    transaction.commit().unwrap();
    let (mut plain, within) = (shop.fixture.record(id(plain)).await, shop.fixture.record(id(within)).await);
    plain.id = within.id;
    assert_eq!(plain, within);
    assert_eq!((within.queue.as_str(), within.state), ("shop_freight", State::Scheduled));
    assert!(within.meta.unwrap().contains("tenant"));
    let reported = |event: &Event| match event {
        Event::EnqueuedWithin(event) => event.job.id == within.id && event.job.at == Some(within.due_at),
        _ => false,
    };
    assert_eq!(shop.fixture.recorder.count(reported), 1);
    assert_eq!(shop.fixture.recorder.count(|event| matches!(event, Event::EnqueuedAt(_))), 1, "for the plain one");
}

#[tokio::test]
async fn a_bulk_exists_as_a_whole_or_not_at_all() {
    let shop = ShopFixture::new().await;
    let mut connection = shop.connection();
    for (commits, ready) in [(false, 0), (true, 1500)] {
        let transaction = connection.transaction().unwrap();
        let many = (0..1500).map(|order| AnyJob::from(Ship::perform_later(order).queue("bulk")));
        let answers = shop.jobs.perform_all_later(many).within_blocking(&transaction).unwrap();
        assert_eq!(answers.len(), 1500);
        if commits {
            transaction.commit().unwrap();
        } else {
            transaction.rollback().unwrap();
        }
        assert_eq!(shop.ready().await.0, ready);
    }
    let reported = |event: &Event| matches!(event, Event::EnqueuedAllWithin(event) if event.bulk.stored == 1500);
    assert_eq!(shop.fixture.recorder.count(reported), 2);
}

#[tokio::test]
async fn a_callback_may_halt_and_may_not_wait() {
    let shop = ShopFixture::new().await;
    let mut connection = shop.connection();
    let transaction = ordering(&mut connection);
    let halted = Ship::perform_later(HALTED).on(&shop.jobs).within_blocking(&transaction).unwrap();
    assert_eq!(halted, Enqueued::Halted);
    let error = Ship::perform_later(WAITED_FOR).on(&shop.jobs).within_blocking(&transaction).unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("waits for something"), "{error}");
    transaction.commit().unwrap();
    assert_eq!(shop.ready().await, (0, 1));
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_within_a_transaction_too() {
    let shop = ShopFixture::new().await;
    let mut connection = shop.connection();
    let transaction = connection.transaction().unwrap();
    let name = "q".repeat(2000);
    let error = Ship::perform_later(1).queue(name).on(&shop.jobs).within_blocking(&transaction).unwrap_err();
    assert!(error.is_invalid(), "{error}");
    transaction.commit().unwrap();
    assert_eq!(shop.ready().await.0, 0);
}

#[tokio::test]
async fn a_commit_of_a_foreign_connection_wakes_the_workers() {
    let shop = ShopFixture::new().await;
    let builder = shop.fixture.builder(jobs::jobs![Ship]).poll_interval(Duration::from_secs(3600));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let mut connection = shop.connection();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    for order in 0..3 {
        let transaction = ordering(&mut connection);
        let stored = Ship::perform_later(order).on(&shop.jobs).within_blocking(&transaction).unwrap();
        transaction.commit().unwrap();
        shop.fixture.saw(id(stored), |event| matches!(event, Event::Performed(_))).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn a_connection_to_elsewhere_or_without_a_transaction_is_refused() {
    let shop = ShopFixture::new().await;
    let says = |connection: &Connection, jobs: &Client, words: &str| {
        let error = Ship::perform_later(1).on(jobs).within_blocking(connection).unwrap_err();
        let lacks_capability = error.to_string().contains("are not kept in the database");
        assert_eq!((error.is_unsupported(), error.is_invalid()), (lacks_capability, !lacks_capability), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    };
    says(&shop.connection(), &shop.jobs, "no transaction is open on this connection");
    let elsewhere = Connection::open(shop.folder.path().join("other.db")).unwrap();
    elsewhere.execute_batch("BEGIN").unwrap();
    says(&elsewhere, &shop.jobs, "other.db` and the jobs of this client are in");
    says(&Connection::open_in_memory().unwrap(), &shop.jobs, "the jobs of this client are in");
    let in_memory = Fixture::new().builder(jobs::jobs![Ship]).build().await.unwrap().client();
    says(&elsewhere, &in_memory, "in MemoryStore");
    assert_eq!(shop.ready().await, (0, 0));
}

#[tokio::test]
async fn the_same_file_by_another_path_is_the_same_file() {
    let shop = ShopFixture::new().await;
    let detour = shop.folder.path().join("detour.db");
    std::os::unix::fs::symlink(shop.path(), &detour).unwrap();
    let mut connection = Connection::open(Path::new(&detour)).unwrap();
    let transaction = ordering(&mut connection);
    let _stored = Ship::perform_later(1).on(&shop.jobs).within_blocking(&transaction).unwrap();
    transaction.commit().unwrap();
    assert_eq!(shop.ready().await, (1, 1));
}
