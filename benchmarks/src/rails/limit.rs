//! The steps of the limit program, the same on both kinds of tables.

use bench_protocol::postgres::{Look, chunks};
use bench_protocol::{Outcome, Payload, Report, Step, Stopwatch, Task};
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::{Client, NoTls};

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// The statements on some tables, prepared.
pub(super) trait Tables: Send + Sync + Sized + 'static {
    /// Prepares the statements.
    fn open(client: &Client) -> impl Future<Output = Outcome<Self>> + Send;

    /// The text that is stored of a job, apart from its id.
    fn text(number: u64) -> String;

    /// Stores jobs, in one transaction.
    fn insert(&self, client: &mut Client, texts: &[String]) -> impl Future<Output = Outcome<()>> + Send;

    /// Finishes jobs and claims up to so many more, in one transaction: the numbers that finish them.
    fn work(&self, client: &mut Client, held: &[i64], limit: i64) -> impl Future<Output = Outcome<Vec<i64>>> + Send;
}

/// Runs one step.
pub(super) async fn step<T: Tables>(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => many::<T>(task, task.backlog).await,
        Step::EnqueueBulk => many::<T>(task, task.jobs).await,
        Step::EnqueueOne => one_by_one::<T>(task).await,
        Step::Drain => drain::<T>(task).await,
        other => Err(format!("the limit program has no step {other:?}").into()),
    }
}

async fn open<T: Tables>(task: &Task) -> Outcome<(Client, T)> {
    let (client, connection) = tokio_postgres::connect(&task.place, NoTls).await?;
    tokio::spawn(connection);
    let tables = T::open(&client).await?;
    Ok((client, tables))
}

async fn many<T: Tables>(task: &Task, count: u64) -> Outcome<Report> {
    let (mut client, tables) = open::<T>(task).await?;
    let watch = Stopwatch::start();
    for chunk in chunks(0..count) {
        let texts: Vec<_> = chunk.map(T::text).collect();
        tables.insert(&mut client, &texts).await?;
    }
    let report = Report::timed(count, watch);
    check(task, 0, count).await?;
    Ok(report)
}

/// One writer stores the jobs of all callers that wait.
async fn one_by_one<T: Tables>(task: &Task) -> Outcome<Report> {
    let (client, tables) = open::<T>(task).await?;
    let share = task.jobs / CALLERS;
    let watch = Stopwatch::start();
    let (calls, inbox) = mpsc::unbounded_channel();
    let writer = tokio::spawn(write(client, tables, inbox));
    let of = |caller| call::<T>(calls.clone(), caller * share, share);
    let callers: Vec<_> = (0..CALLERS).map(|caller| tokio::spawn(of(caller))).collect();
    drop(calls);
    for caller in callers {
        caller.await??;
    }
    writer.await??;
    let report = Report::timed(share * CALLERS, watch);
    check(task, 0, share * CALLERS).await?;
    Ok(report)
}

/// The text of a caller's job, and the channel on which the caller waits for the commit.
type Call = (String, oneshot::Sender<()>);

async fn call<T: Tables>(calls: mpsc::UnboundedSender<Call>, first: u64, count: u64) -> Outcome<()> {
    for number in first..first + count {
        let (reply, answer) = oneshot::channel();
        calls.send((T::text(number), reply)).map_err(|_| "the writer is gone")?;
        answer.await?;
    }
    Ok(())
}

async fn write<T: Tables>(mut client: Client, tables: T, mut inbox: mpsc::UnboundedReceiver<Call>) -> Outcome<()> {
    let mut calls = Vec::new();
    while inbox.recv_many(&mut calls, 1000).await > 0 {
        let (texts, replies): (Vec<_>, Vec<_>) = calls.drain(..).unzip();
        tables.insert(&mut client, &texts).await?;
        for reply in replies {
            reply.send(()).map_err(|()| "a caller is gone")?;
        }
    }
    Ok(())
}

async fn drain<T: Tables>(task: &Task) -> Outcome<Report> {
    let batch = if task.contestant.ends_with("(500)") { 500 } else { 100 };
    let watch = Stopwatch::start();
    let (mut client, tables) = open::<T>(task).await?;
    let (mut held, mut finished, mut claimed) = (Vec::new(), 0, 0);
    loop {
        let limit = i64::try_from(batch.min(task.jobs - claimed))?;
        let claims = tables.work(&mut client, &held, limit).await?;
        finished += held.len() as u64;
        claimed += claims.len() as u64;
        held = claims;
        if held.is_empty() {
            break;
        }
    }
    let report = Report::timed(finished, watch);
    let report = Report { performed_seconds: Some(report.seconds), ..report };
    check(task, finished, task.backlog - finished).await?;
    Ok(report)
}

/// The arguments of a job, as JSON.
pub(super) fn arguments(number: u64) -> String {
    let payload = Payload::new(number);
    serde_json::json!([payload.order_id, payload.method]).to_string()
}

async fn check(task: &Task, finished: u64, waiting: u64) -> Outcome<()> {
    let tables = task.tables.ok_or("the task names no tables")?;
    let look = Look::open(&task.place).await?;
    let kept = match super::finished(tables) {
        Some(query) => look.number(query).await?,
        None => finished,
    };
    let found = (kept, look.number(super::unfinished(tables)).await?);
    if found == (finished, waiting) {
        return Ok(());
    }
    Err(format!("the database shows (finished, unfinished) = {found:?}, it should be {finished}, {waiting}").into())
}
