//! The limit program on Redis: only the necessary commands, over one connection, on the lists, hashes and counters that
//! `jobs` uses. "Finish these, claim more" is one script; an insert is one `LPUSH` of a thousand texts in Sidekiq's form.

use bench_protocol::postgres::{Look, chunks};
use bench_protocol::{Outcome, Payload, Report, Step, Stopwatch, Task, now_micros};
use redis::aio::MultiplexedConnection;
use redis::{Client, Script};
use serde_json::json;

use super::{PROCESSED, UNFINISHED};

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// Runs one step.
pub(super) async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => many(task, task.backlog).await,
        Step::EnqueueBulk => many(task, task.jobs).await,
        Step::EnqueueOne => one_by_one(task).await,
        Step::Drain => drain(task).await,
        other => Err(format!("the limit program has no step {other:?}").into()),
    }
}

/// The number of jobs that a script finishes, and that it claims.
fn batch(task: &Task) -> u64 {
    if task.contestant == "limit (500)" { 500 } else { 100 }
}

async fn open(task: &Task) -> Outcome<MultiplexedConnection> {
    Ok(Client::open(task.place.as_str())?.get_multiplexed_async_connection().await?)
}

async fn many(task: &Task, count: u64) -> Outcome<Report> {
    let mut connection = open(task).await?;
    let watch = Stopwatch::start();
    for chunk in chunks(0..count) {
        let texts: Vec<String> = chunk.map(text).collect();
        push(&mut connection, &texts).await?;
    }
    let report = Report::timed(count, watch);
    check(task, 0, count).await?;
    Ok(report)
}

/// Eight callers share the connection; each waits for its answer.
async fn one_by_one(task: &Task) -> Outcome<Report> {
    let connection = open(task).await?;
    let share = task.jobs / CALLERS;
    let watch = Stopwatch::start();
    let callers: Vec<_> =
        (0..CALLERS).map(|caller| tokio::spawn(calls(connection.clone(), caller * share, share))).collect();
    for caller in callers {
        caller.await??;
    }
    let report = Report::timed(share * CALLERS, watch);
    check(task, 0, share * CALLERS).await?;
    Ok(report)
}

async fn calls(mut connection: MultiplexedConnection, first: u64, count: u64) -> Outcome<()> {
    for number in first..first + count {
        push(&mut connection, &[text(number)]).await?;
    }
    Ok(())
}

async fn push(connection: &mut MultiplexedConnection, texts: &[String]) -> Outcome<()> {
    let mut commands = redis::pipe();
    commands.cmd("SADD").arg("queues").arg("default").ignore().cmd("LPUSH").arg("queue:default").arg(texts).ignore();
    Ok(commands.query_async(connection).await?)
}

async fn drain(task: &Task) -> Outcome<Report> {
    let watch = Stopwatch::start();
    let (mut connection, script) = (open(task).await?, Script::new(include_str!("limit.lua")));
    let (mut held, mut finished, mut claimed) = (0, 0, 0);
    for call in 0_u64.. {
        let mut work = script.prepare_invoke();
        work.arg(call).arg(batch(task).min(task.jobs - claimed)).arg("2026-11-30");
        if let Some(before) = call.checked_sub(1) {
            for number in 1..=held {
                work.arg(format!("{before}:{number}"));
            }
        }
        let texts: Vec<String> = work.invoke_async(&mut connection).await?;
        finished += held;
        held = texts.len() as u64;
        claimed += held;
        if held == 0 {
            break;
        }
        // A worker needs the texts.
        std::hint::black_box(texts);
    }
    let report = Report::timed(finished, watch);
    let report = Report { performed_seconds: Some(report.seconds), ..report };
    check(task, finished, task.backlog - finished).await?;
    Ok(report)
}

/// A payload as Sidekiq's client writes it.
fn text(number: u64) -> String {
    let now = now_micros() / 1000;
    let payload = Payload::new(number);
    json!({
        "retry": true, "queue": "default", "class": "ProcessPayment", "args": [payload.order_id, payload.method],
        "jid": format!("{number:024x}"), "created_at": now, "enqueued_at": now,
    })
    .to_string()
}

async fn check(task: &Task, finished: u64, waiting: u64) -> Outcome<()> {
    let look = Look::open(&task.place).await?;
    let found = (look.number(PROCESSED).await?, look.number(UNFINISHED).await?);
    if found == (finished, waiting) {
        return Ok(());
    }
    Err(format!("Redis shows (finished, unfinished) = {found:?}, it should be {finished}, {waiting}").into())
}
