//! Updates many rows in small batches: each job changes a hundred rows and enqueues the job for the next ones.
//!
//! A single job for all rows would occupy a thread until the end, and start again from the first row if the process dies.
//! With a hundred rows per job, other jobs run in between, and at most a hundred rows are changed twice.
//!
//! `cargo run --example bulk_update` leaves `bulk_update.db` and `customers.db` in the current folder.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs::prelude::*;
use rusqlite::{Connection, params};

/// The number of rows, and the number that one job changes.
const ROWS: u32 = 1_050;
const BATCH: u32 = 100;

type Failed = Box<dyn Error + Send + Sync>;

/// Greets a batch of the customers whose ids are greater than `after`, and enqueues a job for the next batch.
///
/// The cursor is an argument, so it is stored. If the process dies before it enqueues the next job, this job runs again.
/// If it dies after that, this batch and those after it run twice. Both are harmless, since a greeting may be written
/// twice.
#[job(queue = "slow", retry_on(any, wait = 1s, attempts = 10))]
async fn greet_customers(#[default] after: u32, customers: &Customers) -> Result<(), Failed> {
    let Some(last) = customers.greet(after)? else { return Ok(()) };
    customers.note(format!("greeted up to {last}"));
    if last == 300 {
        // In an application a web server enqueues this job. Here it is enqueued during the third batch, in every run.
        ResetPassword::perform_later(7).await?;
    }
    GreetCustomers::new().after(last).enqueue().await?;
    Ok(())
}

/// A customer waits for this job.
#[job(queue = "urgent")]
async fn reset_password(customer: u32, customers: &Customers) -> Result<(), Failed> {
    customers.note(format!("reset the password of {customer}"));
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let customers = Customers::open("customers.db")?;
    let runtime = Runtime::builder()
        .connect("sqlite:bulk_update.db")
        .provide(customers.clone())
        // A single thread, so that each job waits for the one before it.
        .worker(Worker::new(["urgent", "slow"]).concurrency(1))
        .build()
        .await?;
    runtime.client().install();
    GreetCustomers::new().enqueue().await?;

    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let notes = customers.notes();
    for note in notes.iter() {
        println!("  {note}");
    }
    assert_eq!(notes.len(), 12, "eleven batches and one password");
    assert_eq!(notes[2..5], ["greeted up to 300", "reset the password of 7", "greeted up to 400"]);
    assert_eq!(notes[11], "greeted up to 1050", "the last batch has fifty rows");
    assert_eq!(customers.not_greeted()?, 0);
    println!("{ROWS} customers are greeted, and the urgent job waited for only one batch");
    Ok(())
}

/// The customers, in a database of the application.
#[derive(Clone)]
struct Customers {
    connection: Arc<Mutex<Connection>>,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Customers {
    fn open(path: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "DROP TABLE IF EXISTS customers;
             CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, greeting TEXT);",
        )?;
        let names = "WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < ?1)
                     INSERT INTO customers (id, name) SELECT id, 'customer ' || id FROM ids";
        connection.execute(names, [ROWS])?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), notes: Arc::default() })
    }

    /// Greets a batch, and returns its last id, or `None` if all customers are greeted.
    ///
    /// This is one short statement. Longer work needs a `blocking` job or an asynchronous driver.
    fn greet(&self, after: u32) -> rusqlite::Result<Option<u32>> {
        let connection = lock(&self.connection);
        let mut batch = connection.prepare_cached(
            "UPDATE customers SET greeting = 'Dear ' || name
             WHERE id IN (SELECT id FROM customers WHERE id > ?1 ORDER BY id LIMIT ?2) RETURNING id",
        )?;
        let ids = batch.query_map(params![after, BATCH], |row| row.get(0))?;
        ids.collect::<Result<Vec<_>, _>>().map(|ids| ids.into_iter().max())
    }

    fn not_greeted(&self) -> rusqlite::Result<u32> {
        let count = "SELECT count(*) FROM customers WHERE greeting IS NOT 'Dear ' || name";
        lock(&self.connection).query_row(count, [], |row| row.get(0))
    }

    fn note(&self, what: String) {
        lock(&self.notes).push(what);
    }

    fn notes(&self) -> MutexGuard<'_, Vec<String>> {
        lock(&self.notes)
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
