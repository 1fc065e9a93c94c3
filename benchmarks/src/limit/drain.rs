//! Finishes 100 jobs and claims 100 more, until enough jobs are finished.

use bench_protocol::{Outcome, Report, Stopwatch, Task};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::file;

/// The number of jobs that a transaction finishes, and that it claims.
fn batch(task: &Task) -> u64 {
    if task.contestant.ends_with("1000") { 1000 } else { 100 }
}

/// The process id that claims.
const PROCESS: i64 = 7;

const FIND: &str = "SELECT seq, claims, id, name, queue, arguments FROM jobs INDEXED BY jobs_ready
                    WHERE state = 2 AND queue = 'default' ORDER BY priority DESC, seq LIMIT ?1";
const TAKE: &str = "UPDATE jobs SET state = 3, process = ?2, claims = claims + 1 WHERE seq = ?1";
const FINISH: &str = "UPDATE jobs SET state = 5, process = NULL, done_at = ?4
                      WHERE seq = ?1 AND state = 3 AND process = ?2 AND claims = ?3";
const FORGET: &str = "DELETE FROM jobs WHERE seq = ?1 AND state = 3 AND process = ?2 AND claims = ?3";

/// A claimed job: the token that finishes it, and the data that a worker would need to run it.
struct Claimed {
    seq: i64,
    claim: i64,
    _id: [u8; 16],
    _name: String,
    _queue: String,
    _arguments: String,
}

/// Drains over one connection.
pub(super) fn drain(task: &Task) -> Outcome<Report> {
    let watch = Stopwatch::start();
    let mut connection = file::open(task)?;
    let keep = file::keeps_finished(task);
    let (mut held, mut finished, mut claimed) = (Vec::new(), 0, 0);
    loop {
        let limit = batch(task).min(task.jobs - claimed);
        finished += flight(&mut connection, &mut held, limit, keep)?;
        claimed += held.len() as u64;
        if held.is_empty() {
            break;
        }
    }
    let report = Report::timed(finished, watch);
    let report = Report { performed_seconds: Some(report.seconds), ..report };
    drop(connection);
    if finished != task.jobs {
        return Err(format!("{finished} jobs were finished, not {}", task.jobs).into());
    }
    file::check(task, finished, task.backlog - finished)?;
    Ok(report)
}

/// Runs one transaction, and returns the number of finished jobs.
fn flight(connection: &mut Connection, held: &mut Vec<Claimed>, limit: u64, keep: bool) -> Outcome<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let finished = finish(&transaction, held, keep)?;
    claim(&transaction, held, limit)?;
    transaction.commit()?;
    Ok(finished)
}

fn finish(transaction: &Transaction<'_>, held: &mut Vec<Claimed>, keep: bool) -> Outcome<u64> {
    let now = i64::try_from(bench_protocol::now_micros())?;
    let mut statement = transaction.prepare_cached(if keep { FINISH } else { FORGET })?;
    let mut finished = 0;
    for job in held.drain(..) {
        finished += if keep {
            statement.execute(params![job.seq, PROCESS, job.claim, now])?
        } else {
            statement.execute(params![job.seq, PROCESS, job.claim])?
        };
    }
    Ok(finished as u64)
}

fn claim(transaction: &Transaction<'_>, held: &mut Vec<Claimed>, limit: u64) -> Outcome<()> {
    let mut find = transaction.prepare_cached(FIND)?;
    let mut rows = find.query([i64::try_from(limit)?])?;
    while let Some(row) = rows.next()? {
        let claim = row.get::<_, i64>(1)? + 1;
        let (seq, id) = (row.get(0)?, row.get(2)?);
        let (name, queue, arguments) = (row.get(3)?, row.get(4)?, row.get(5)?);
        held.push(Claimed { seq, claim, _id: id, _name: name, _queue: queue, _arguments: arguments });
    }
    let mut take = transaction.prepare_cached(TAKE)?;
    for job in held.iter() {
        take.execute([job.seq, PROCESS])?;
    }
    Ok(())
}
