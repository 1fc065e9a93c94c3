//! Inserts: a thousand jobs per transaction, or one for each of eight waiting callers.

use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use bench_protocol::{Outcome, Payload, Report, Stopwatch, Task, now_micros};
use rusqlite::{Connection, TransactionBehavior, params};

use super::file;

const INSERT: &str = "INSERT INTO jobs (id, state, priority, due_at, enqueued_at, queue, name, arguments)
                      VALUES (?1, 2, 0, ?2, ?2, 'default', 'process_payment', ?3)";

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// The number of rows per transaction, as in `jobs`.
const CHUNK: u64 = 1000;

/// The job of a caller, and the channel on which the caller waits for the commit.
type Call = (u64, String, SyncSender<()>);

/// Enqueues all jobs, a thousand at a time.
pub(super) fn many(task: &Task, count: u64) -> Outcome<Report> {
    let mut connection = file::open(task)?;
    let watch = Stopwatch::start();
    for first in (0..count).step_by(usize::try_from(CHUNK)?) {
        let jobs = (first..count.min(first + CHUNK)).map(|number| Ok((number, arguments(number)?)));
        insert(&mut connection, jobs)?;
    }
    let report = Report::timed(count, watch);
    file::check(task, 0, count)?;
    Ok(report)
}

/// One writer stores all waiting jobs in one transaction.
pub(super) fn one_by_one(task: &Task) -> Outcome<Report> {
    let connection = file::open(task)?;
    let share = task.jobs / CALLERS;
    let watch = Stopwatch::start();
    thread::scope(|scope| {
        let (calls, inbox) = mpsc::channel();
        let writer = scope.spawn(move || write(connection, &inbox));
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let calls = calls.clone();
                scope.spawn(move || call(&calls, caller * share, share))
            })
            .collect();
        drop(calls);
        for caller in callers {
            caller.join().map_err(|_| "a caller panicked")??;
        }
        writer.join().map_err(|_| "the writer panicked")?
    })?;
    let report = Report::timed(share * CALLERS, watch);
    file::check(task, 0, share * CALLERS)?;
    Ok(report)
}

fn call(calls: &Sender<Call>, first: u64, count: u64) -> Outcome<()> {
    for number in first..first + count {
        let (reply, answer) = mpsc::sync_channel(1);
        calls.send((number, arguments(number)?, reply))?;
        answer.recv()?;
    }
    Ok(())
}

fn write(mut connection: Connection, inbox: &Receiver<Call>) -> Outcome<()> {
    while let Ok(first) = inbox.recv() {
        let calls: Vec<Call> = std::iter::once(first).chain(inbox.try_iter()).collect();
        insert(&mut connection, calls.iter().map(|(number, arguments, _)| Ok((*number, arguments.clone()))))?;
        for (_, _, reply) in calls {
            reply.send(())?;
        }
    }
    Ok(())
}

fn insert(connection: &mut Connection, jobs: impl Iterator<Item = Outcome<(u64, String)>>) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut statement = transaction.prepare_cached(INSERT)?;
    let now = i64::try_from(now_micros())?;
    for job in jobs {
        let (number, arguments) = job?;
        statement.execute(params![id(number), now, arguments])?;
    }
    drop(statement);
    transaction.commit()?;
    Ok(())
}

fn arguments(number: u64) -> Outcome<String> {
    Ok(serde_json::to_string(&Payload::new(number))?)
}

/// Sixteen bytes that sort by arrival and end with random bits, like the ids of `jobs`.
fn id(number: u64) -> [u8; 16] {
    let ordered = u128::from(0x0190_0000_0000_0000_u64 + number) << 64;
    (ordered | u128::from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).to_be_bytes()
}
