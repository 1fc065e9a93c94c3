//! How many no-op jobs a second the store gives and takes, beside a bare program that does the least `SQLite`
//! can be asked to do: `cargo run --release -p jobs-sqlite --example throughput -- [jobs] [batch] [workers]`.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Claim, Decision, Entropy, Error, JobId, NewJob, ProcessId, QueueSelector, Settlement, Store, SystemEntropy,
};
use jobs_sqlite::SqliteStore;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::time::Instant;

const ARGUMENTS: &str = r#"{"order_id":42,"method":"credit_card"}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let jobs = numbers.next().transpose()?.unwrap_or(200_000);
    let batch = numbers.next().transpose()?.unwrap_or(100);
    let workers = numbers.next().transpose()?.unwrap_or(1);
    let folder = tempfile::tempdir()?;
    let bare = bare(&folder.path().join("bare.db"), jobs, batch)?;
    println!("bare program                {bare:>8.0} jobs/s");
    for (keep, queues) in [(true, 1), (false, 1), (true, 50)] {
        let path = folder.path().join(format!("{keep}{queues}.db"));
        let store = Arc::new(SqliteStore::open(path)?);
        let stored = enqueue(&store, jobs, queues).await?;
        let done = work(&store, batch, workers, keep).await?;
        println!(
            "{queues:>2} queues, keep {keep:>5}: enqueue {stored:>8.0}/s, perform {done:>8.0} jobs/s, {:.2} of bare",
            done / bare
        );
    }
    backlog(&folder.path().join("backlog.db"), batch).await?;
    Ok(())
}

/// Claim and delete in batches, with no promise kept but the order.
fn bare(path: &std::path::Path, jobs: usize, batch: usize) -> rusqlite::Result<f64> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = normal;
         CREATE TABLE jobs (id BLOB PRIMARY KEY, queue TEXT, state INTEGER, arguments TEXT) WITHOUT ROWID;
         CREATE INDEX ready ON jobs (queue, id) WHERE state = 0",
    )?;
    let transaction = connection.transaction()?;
    for job in 0..jobs {
        let mut insert = transaction.prepare_cached("INSERT INTO jobs VALUES (?1, 'default', 0, ?2)")?;
        insert.execute(params![id(job).as_bytes(), ARGUMENTS])?;
    }
    transaction.commit()?;
    let start = Instant::now();
    let mut held: Vec<[u8; 16]> = Vec::new();
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in held.drain(..) {
            transaction.prepare_cached("DELETE FROM jobs WHERE id = ?1")?.execute([job])?;
        }
        let claim = "UPDATE jobs SET state = 1 WHERE id IN (SELECT id FROM jobs
                     WHERE state = 0 AND queue = 'default' ORDER BY id LIMIT ?1) RETURNING id, arguments";
        let mut statement = transaction.prepare_cached(claim)?;
        let mut rows = statement.query([i64::try_from(batch).unwrap_or(100)])?;
        while let Some(row) = rows.next()? {
            let _arguments: String = row.get(1)?;
            held.push(row.get(0)?);
        }
        drop(rows);
        drop(statement);
        transaction.commit()?;
        if held.is_empty() {
            return Ok(rate(jobs, start.elapsed()));
        }
    }
}

fn id(number: usize) -> JobId {
    let mut bytes = [0; 16];
    let (head, tail) = bytes.split_at_mut(8);
    head.copy_from_slice(&(0x0190_0000_0000_0000 + number as u64).to_be_bytes());
    tail.copy_from_slice(&jobs_core::entropy::mix(number as u64).to_be_bytes());
    JobId::from_bytes(bytes)
}

async fn enqueue(store: &SqliteStore, jobs: usize, queues: usize) -> Result<f64, Error> {
    let start = Instant::now();
    let all: Vec<usize> = (0..jobs).collect();
    for some in all.chunks(1000) {
        let jobs: Vec<NewJob> = some.iter().map(|number| job(*number, queues)).collect();
        let _stored = store.enqueue(&jobs).await?;
    }
    Ok(rate(jobs, start.elapsed()))
}

fn job(number: usize, queues: usize) -> NewJob {
    let mut job = NewJob::new(id(number), "ProcessPayment", ARGUMENTS);
    job.queue = format!("queue{}", number % queues);
    job
}

async fn work(
    store: &Arc<SqliteStore>,
    batch: usize,
    workers: usize,
    keep: bool,
) -> Result<f64, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..workers).map(|_| tokio::spawn(worker(Arc::clone(store), batch, keep))).collect();
    let mut done = 0;
    for task in tasks {
        done += task.await??;
    }
    Ok(rate(done, start.elapsed()))
}

async fn worker(store: Arc<SqliteStore>, batch: usize, keep: bool) -> Result<usize, Error> {
    let claim = Claim::new(
        ProcessId::new(i64::try_from(SystemEntropy::new().next_u64() >> 1).unwrap_or(1)),
        vec![QueueSelector::All],
        batch,
    );
    let (mut done, mut settlements): (usize, Vec<Settlement>) = (0, Vec::new());
    loop {
        let (_settled, executions) = store.settle_and_claim(&settlements, &claim).await?;
        done += settlements.len();
        if executions.is_empty() {
            return Ok(done);
        }
        settlements = executions.into_iter().map(|it| it.settle(Decision::Finish { keep })).collect();
    }
}

/// What a claim costs while a million jobs wait.
async fn backlog(path: &std::path::Path, batch: usize) -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::open(path)?;
    enqueue(&store, 1_000_000, 3).await?;
    for (words, queues) in [
        ("*", vec![QueueSelector::All]),
        ("queue*", vec![QueueSelector::Prefix("queue".to_owned())]),
        ("queue1", vec![QueueSelector::Exact("queue1".to_owned())]),
    ] {
        let claim = Claim::new(ProcessId::new(1), queues, batch);
        let start = Instant::now();
        let mut settlements: Vec<Settlement> = Vec::new();
        for _ in 0..100 {
            let (_settled, executions) = store.settle_and_claim(&settlements, &claim).await?;
            settlements = executions.into_iter().map(|it| it.settle(Decision::Finish { keep: true })).collect();
        }
        let _settled = store.settle(&settlements).await?;
        println!("1,000,000 waiting, `{words}`: {:>8.0} jobs/s", rate(100 * batch, start.elapsed()));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate to be read by a person")]
fn rate(jobs: usize, time: Duration) -> f64 {
    jobs as f64 / time.as_secs_f64()
}
