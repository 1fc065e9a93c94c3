//! Many rows in small steps: a job that changes a hundred of them and enqueues its own continuation.
//!
//! One job for all rows would hold its place until the last one, and start anew if the process dies. With a hundred rows
//! a job others run in between, and no more than a hundred rows are ever changed twice.
//!
//! `cargo run --example bulk_update` leaves `bulk_update.db` and `customers.db` in the current folder.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs::prelude::*;
use rusqlite::{Connection, params};

/// How many rows there are, and how many a job changes.
const ROWS: u32 = 1_050;
const BATCH: u32 = 100;

type Failed = Box<dyn Error + Send + Sync>;

/// Greets the customers whose ids come after `after`, a batch of them, and leaves the others to the next job.
///
/// The cursor is an argument, so it is stored. If the process dies before the next job is enqueued, this one runs again;
/// if it dies behind it, the rest is done twice. Both are harmless, since a greeting may be written twice.
#[job(queue = "slow", retry_on(any, wait = 1s, attempts = 10))]
async fn greet_customers(#[default] after: u32, customers: &Customers) -> Result<(), Failed> {
    let Some(last) = customers.greet(after)? else { return Ok(()) };
    customers.note(format!("greeted up to {last}"));
    if last == 300 {
        // In life this comes from a web server. Here it comes in the midst of the third batch, in every run.
        ResetPassword::perform_later(7).await?;
    }
    GreetCustomers::new().after(last).enqueue().await?;
    Ok(())
}

/// Somebody waits for this one.
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
        // A single place, so that whoever wants to run must wait for it.
        .worker(Worker::new(["urgent", "slow"]).threads(1))
        .build()
        .await?;
    runtime.jobs().install();
    GreetCustomers::new().enqueue().await?;

    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    let notes = customers.notes();
    for note in notes.iter() {
        println!("  {note}");
    }
    assert_eq!(notes.len(), 12, "eleven batches and a password");
    assert_eq!(notes[2..5], ["greeted up to 300", "reset the password of 7", "greeted up to 400"]);
    assert_eq!(notes[11], "greeted up to 1050", "the last batch is a half one");
    assert_eq!(customers.not_greeted()?, 0);
    println!("{ROWS} customers are greeted, and the urgent job waited for one batch, not for all");
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

    /// Greets a batch; the last of its ids, or `None` if nobody is left.
    ///
    /// One short statement. What takes longer belongs in a `blocking` job, or behind a driver that awaits.
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
