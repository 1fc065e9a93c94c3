//! Inserts: a thousand jobs per statement, or those that eight callers handed in meanwhile.

use bench_protocol::postgres::chunks;
use bench_protocol::{Outcome, Payload, Report, Stopwatch, Task, now_micros};
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

use super::schema::{Kind, Place, check};

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// The job of a caller, and the channel on which the caller waits for the commit.
type Call = (u64, String, oneshot::Sender<()>);

/// Sixteen bytes that sort by arrival and end with random bits, like the ids of `jobs`.
#[derive(Debug)]
pub(super) struct Id([u8; 16]);

impl Id {
    fn of(number: u64) -> Self {
        let ordered = u128::from(0x0190_0000_0000_0000_u64 + number) << 64;
        Self((ordered | u128::from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15))).to_be_bytes())
    }
}

impl ToSql for Id {
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    accepts!(UUID);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Id {
    fn from_sql(_type: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw.try_into()?))
    }

    accepts!(UUID);
}

/// Enqueues all jobs, a thousand at a time.
pub(super) async fn many(task: &Task, count: u64) -> Outcome<Report> {
    let place = Place::open(task).await?;
    let watch = Stopwatch::start();
    for chunk in chunks(0..count) {
        let arguments = chunk.clone().map(arguments).collect::<Outcome<Vec<_>>>()?;
        insert(&place, chunk, arguments).await?;
    }
    let report = Report::timed(count, watch);
    check(task, 0, count).await?;
    Ok(report)
}

/// One writer stores all waiting jobs with one statement.
pub(super) async fn one_by_one(task: &Task) -> Outcome<Report> {
    let place = Place::open(task).await?;
    let share = task.jobs / CALLERS;
    let watch = Stopwatch::start();
    let (calls, inbox) = mpsc::unbounded_channel();
    let writer = tokio::spawn(write(place, inbox));
    let callers: Vec<_> = (0..CALLERS).map(|caller| tokio::spawn(call(calls.clone(), caller * share, share))).collect();
    drop(calls);
    for caller in callers {
        caller.await??;
    }
    writer.await??;
    let report = Report::timed(share * CALLERS, watch);
    check(task, 0, share * CALLERS).await?;
    Ok(report)
}

async fn call(calls: mpsc::UnboundedSender<Call>, first: u64, count: u64) -> Outcome<()> {
    for number in first..first + count {
        let (reply, answer) = oneshot::channel();
        calls.send((number, arguments(number)?, reply)).map_err(|_| "the writer is gone")?;
        answer.await?;
    }
    Ok(())
}

async fn write(place: Place, mut inbox: mpsc::UnboundedReceiver<Call>) -> Outcome<()> {
    let mut calls = Vec::new();
    while inbox.recv_many(&mut calls, 1000).await > 0 {
        let (mut numbers, mut texts, mut replies) = (Vec::new(), Vec::new(), Vec::new());
        for (number, text, reply) in calls.drain(..) {
            numbers.push(number);
            texts.push(text);
            replies.push(reply);
        }
        insert(&place, numbers.into_iter(), texts).await?;
        for reply in replies {
            reply.send(()).map_err(|()| "a caller is gone")?;
        }
    }
    Ok(())
}

async fn insert(place: &Place, numbers: impl Iterator<Item = u64>, arguments: Vec<String>) -> Outcome<()> {
    let now = i64::try_from(now_micros())?;
    if place.kind == Kind::Bare {
        let ids = numbers.map(i64::try_from).collect::<Result<Vec<_>, _>>()?;
        place.client.execute(&place.insert, &[&ids, &now, &arguments]).await?;
    } else {
        let ids: Vec<_> = numbers.map(Id::of).collect();
        place.client.execute(&place.insert, &[&ids, &now, &arguments]).await?;
    }
    Ok(())
}

fn arguments(number: u64) -> Outcome<String> {
    Ok(serde_json::to_string(&Payload::new(number))?)
}
