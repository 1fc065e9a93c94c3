//! How many no-op jobs a second the store gives and takes, beside a bare program that does the least `PostgreSQL` can
//! be asked to do: `cargo run --release -p jobs-postgres --example throughput -- [jobs] [batch] [waiting]`.
//!
//! Needs a server, named by `JOBS_TEST_POSTGRES`; without one it says so and ends.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{
    Claim, Decision, Due, Entropy, Error, JobId, NewJob, ProcessId, QueueSelector, Settlement, Store, SystemEntropy,
};
use jobs_postgres::{PostgresOptions, PostgresStore};
use tokio::time::Instant;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const ARGUMENTS: &str = r#"{"order_id":42,"method":"credit_card"}"#;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let Ok(url) = std::env::var("JOBS_TEST_POSTGRES") else {
        println!("skipped: JOBS_TEST_POSTGRES names no server; `bin/postgres start` starts one");
        return Ok(());
    };
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let jobs = numbers.next().transpose()?.unwrap_or(100_000);
    let batch = numbers.next().transpose()?.unwrap_or(100);
    let waiting = numbers.next().transpose()?.unwrap_or(0);
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    let bare = Bare::new(client).await?;
    let bare_stored = bare.enqueue(jobs).await?;
    let bare_done = bare.work(batch).await?;
    println!("bare program                    enqueue {bare_stored:>8.0}/s         perform {bare_done:>8.0} jobs/s");
    for (keep, queues) in [(true, 1), (false, 1), (true, 50)] {
        let place = Place::open(&url, &bare.client).await?;
        let stored = place.enqueue(0..jobs, queues).await?;
        let done = place.work(batch, keep, vec![QueueSelector::All], usize::MAX).await?;
        println!(
            "{queues:>2} queues, keep {keep:>5}         enqueue {stored:>8.0}/s ({:.2}), perform {done:>8.0} jobs/s ({:.2})",
            stored / bare_stored,
            done / bare_done
        );
    }
    for mixed in [10, 1] {
        let place = Place::open(&url, &bare.client).await?;
        place.enqueue(0..jobs, 1).await?;
        let done = place.work_with_failures(batch, mixed).await?;
        println!(
            "one of {mixed:>2} retried later                                perform {done:>8.0} jobs/s ({:.2})",
            done / bare_done
        );
    }
    one_by_one(&url, &bare.client).await?;
    if waiting > 0 {
        backlog(&url, &bare.client, waiting, batch, bare_done).await?;
    }
    Ok(())
}

/// Claim and delete in one statement, with no promise kept but the order.
struct Bare {
    client: Client,
}

impl Bare {
    async fn new(client: Client) -> Result<Self, BoxError> {
        client
            .batch_execute(
                "DROP TABLE IF EXISTS bare;
                 CREATE TABLE bare (id bigint PRIMARY KEY, state smallint NOT NULL, queue text, arguments text);
                 CREATE INDEX bare_ready ON bare (id) WHERE state = 0",
            )
            .await?;
        Ok(Self { client })
    }

    async fn enqueue(&self, jobs: usize) -> Result<f64, BoxError> {
        let sql = "INSERT INTO bare SELECT id, 0, 'default', arguments FROM unnest($1, $2) AS new (id, arguments)";
        let insert = self.client.prepare_typed(sql, &[Type::INT8_ARRAY, Type::TEXT_ARRAY]).await?;
        let ids: Vec<i64> = (0..).take(jobs).collect();
        let start = Instant::now();
        for some in ids.chunks(1000) {
            self.client.execute(&insert, &[&some, &vec![ARGUMENTS; some.len()]]).await?;
        }
        Ok(rate(jobs, start.elapsed()))
    }

    async fn work(&self, batch: usize) -> Result<f64, BoxError> {
        let sql = "WITH done AS (DELETE FROM bare WHERE id = ANY ($1)),
                   picked AS (SELECT id FROM bare WHERE state = 0 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
                   UPDATE bare SET state = 1 FROM picked WHERE bare.id = picked.id RETURNING bare.id, arguments";
        let work = self.client.prepare_typed(sql, &[Type::INT8_ARRAY, Type::INT8]).await?;
        let limit = i64::try_from(batch)?;
        let (mut done, mut held): (usize, Vec<i64>) = (0, Vec::new());
        let start = Instant::now();
        loop {
            let rows = self.client.query(&work, &[&held, &limit]).await?;
            done += held.len();
            if rows.is_empty() {
                return Ok(rate(done, start.elapsed()));
            }
            held = rows.iter().map(|row| row.get(0)).collect();
        }
    }
}

/// A store in a schema that is new.
struct Place {
    store: Arc<PostgresStore>,
}

impl Place {
    async fn open(url: &str, client: &Client) -> Result<Self, BoxError> {
        client.batch_execute("DROP SCHEMA IF EXISTS throughput CASCADE").await?;
        let store = PostgresOptions::from_url(url)?.schema("throughput").connect().await?;
        Ok(Self { store: Arc::new(store) })
    }

    async fn enqueue(&self, jobs: std::ops::Range<usize>, queues: usize) -> Result<f64, Error> {
        let all: Vec<usize> = jobs.collect();
        let start = Instant::now();
        for some in all.chunks(1000) {
            let jobs: Vec<NewJob> = some.iter().map(|number| job(*number, queues)).collect();
            let _stored = self.store.enqueue(&jobs).await?;
        }
        Ok(rate(all.len(), start.elapsed()))
    }

    async fn work(&self, batch: usize, keep: bool, queues: Vec<QueueSelector>, most: usize) -> Result<f64, Error> {
        let claim = Claim::new(process(), queues, batch);
        let (mut done, mut settlements): (usize, Vec<Settlement>) = (0, Vec::new());
        let start = Instant::now();
        while done < most {
            let (_settled, executions) = self.store.settle_and_claim(&settlements, &claim).await?;
            done += settlements.len();
            if executions.is_empty() {
                break;
            }
            settlements = executions.into_iter().map(|it| it.settle(Decision::Finish { keep })).collect();
        }
        let time = start.elapsed();
        let _settled = self.store.settle(&settlements).await?;
        Ok(rate(done, time))
    }

    /// As `work`, with one of so many put off for an hour.
    async fn work_with_failures(&self, batch: usize, one_of: usize) -> Result<f64, Error> {
        let claim = Claim::all(process(), batch);
        let (mut done, mut settlements): (usize, Vec<Settlement>) = (0, Vec::new());
        let start = Instant::now();
        loop {
            let (_settled, executions) = self.store.settle_and_claim(&settlements, &claim).await?;
            done += settlements.len();
            if executions.is_empty() {
                return Ok(rate(done, start.elapsed()));
            }
            let later = || Decision::Continue { wait: Duration::from_secs(3600), meta: None };
            let decision = |n: usize| if n.is_multiple_of(one_of) { later() } else { Decision::Finish { keep: true } };
            settlements = executions.into_iter().enumerate().map(|(n, it)| it.settle(decision(n))).collect();
        }
    }
}

/// Eight callers that enqueue one job at a time.
async fn one_by_one(url: &str, client: &Client) -> Result<(), BoxError> {
    const EACH: usize = 500;
    let place = Place::open(url, client).await?;
    let start = Instant::now();
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let store = place.store.clone();
            tokio::spawn(async move {
                for number in 0..EACH {
                    let _stored = store.enqueue(&[job(caller * EACH + number, 1)]).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    println!("8 callers, one job at a time    enqueue {:>8.0}/s", rate(8 * EACH, start.elapsed()));
    Ok(())
}

/// What a claim costs while many jobs wait.
async fn backlog(url: &str, client: &Client, waiting: usize, batch: usize, bare: f64) -> Result<(), BoxError> {
    let place = Place::open(url, client).await?;
    place.enqueue(0..waiting, 3).await?;
    let most = (waiting / 10).min(100_000);
    for (words, queues) in [
        ("*", vec![QueueSelector::All]),
        ("queue1", vec![QueueSelector::Exact("queue1".to_owned())]),
        ("queue0, queue1", ["queue0", "queue1"].map(|name| QueueSelector::Exact(name.to_owned())).to_vec()),
        ("queue*", vec![QueueSelector::Prefix("queue".to_owned())]),
    ] {
        let done = place.work(batch, true, queues, most).await?;
        println!("{waiting} waiting, `{words}`: perform {done:>8.0} jobs/s ({:.2})", done / bare);
    }
    Ok(())
}

fn process() -> ProcessId {
    ProcessId::random(&SystemEntropy::new() as &dyn Entropy)
}

fn job(number: usize, queues: usize) -> NewJob {
    let mut bytes = [0; 16];
    let (head, tail) = bytes.split_at_mut(8);
    head.copy_from_slice(&(0x0190_0000_0000_0000 + number as u64).to_be_bytes());
    tail.copy_from_slice(&jobs_core::entropy::mix(number as u64).to_be_bytes());
    let mut job = NewJob::new(JobId::from_bytes(bytes), "ProcessPayment", ARGUMENTS);
    job.queue = format!("queue{}", number % queues);
    job.due = Due::Now;
    job
}

#[expect(clippy::cast_precision_loss, reason = "a rate to be read by a person")]
fn rate(jobs: usize, time: Duration) -> f64 {
    jobs as f64 / time.as_secs_f64()
}
