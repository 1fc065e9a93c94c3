//! What became of executions. Each statement touches a row only if the claim token still holds.

use std::collections::HashSet;

use jobs_core::{ClaimToken, Decision, ProcessId, Settled, Settlement};

use crate::bind::Id;
use crate::claim::Wish;
use crate::columns::Settlements;
use crate::error::Result;
use crate::parameter::typed;
use crate::record::Unreadable;
use crate::session::Session;
use crate::statements::Sql;

/// A batch as it is sent: a token that stands twice is sent once, for its first settlement is the one that counts.
pub(crate) struct Batch {
    pub(crate) what: Writing,
    /// For each settlement its place among those sent; `None` if it is not sent.
    places: Vec<Option<usize>>,
}

/// What is to be written.
pub(crate) enum Writing {
    /// What nearly all are: finishes of one process, all kept or all forgotten.
    Finish { process: ProcessId, keep: bool, ids: Vec<Id>, claims: Vec<i64> },
    /// Anything.
    Mixed(Settlements),
}

impl Batch {
    pub(crate) fn of(settlements: &[Settlement]) -> Result<Self> {
        let mut seen: HashSet<ClaimToken> = HashSet::with_capacity(settlements.len());
        let mut sent: Vec<&Settlement> = Vec::with_capacity(settlements.len());
        let mut places = Vec::with_capacity(settlements.len());
        for settlement in settlements {
            let is_first = seen.insert(settlement.token);
            places.push(is_first.then_some(sent.len()));
            sent.extend(is_first.then_some(settlement));
        }
        Ok(Self { what: writing(&sent)?, places })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// What is answered if these places, counted from 1, were written.
    pub(crate) fn answers(&self, written: &[i32]) -> Vec<Settled> {
        let mut applied = vec![false; self.places.len()];
        for place in written {
            if let Some(slot) = usize::try_from(place - 1).ok().and_then(|place| applied.get_mut(place)) {
                *slot = true;
            }
        }
        let answer = |place: &Option<usize>| match place.and_then(|place| applied.get(place)) {
            Some(true) => Settled::Applied,
            _ => Settled::Stale,
        };
        self.places.iter().map(answer).collect()
    }
}

fn writing(sent: &[&Settlement]) -> Result<Writing> {
    if let Some(finish) = finish(sent) {
        return Ok(finish);
    }
    let mut columns = Settlements::default();
    for settlement in sent {
        columns.push(settlement)?;
    }
    Ok(Writing::Mixed(columns))
}

fn finish(sent: &[&Settlement]) -> Option<Writing> {
    let first = sent.first()?;
    let Decision::Finish { keep } = first.decision else { return None };
    let process = first.token.process;
    let alike = |one: &&Settlement| one.decision == first.decision && one.token.process == process;
    let tokens = || sent.iter().map(|settlement| settlement.token);
    sent.iter().all(alike).then(|| Writing::Finish {
        process,
        keep,
        ids: tokens().map(|token| Id(token.job)).collect(),
        claims: tokens().map(|token| token.claim).collect(),
    })
}

/// Writes a batch by itself: the places, counted from 1, of what was written.
pub(crate) async fn settle(session: &Session, batch: &Batch, now: Option<i64>) -> Result<Vec<i32>> {
    match &batch.what {
        Writing::Finish { process, keep, ids, claims } => {
            let head = Wish::for_nothing(*process).work(session, ids, claims, *keep, now).await?;
            Ok(head.first().map_or(Ok(Vec::new()), |row| row.try_get(0))?)
        }
        Writing::Mixed(columns) => write(session, columns, now).await,
    }
}

/// Writes settlements of any kind.
pub(crate) async fn write(session: &Session, columns: &Settlements, now: Option<i64>) -> Result<Vec<i32>> {
    let row = session.query_one(Sql::Settle, &typed(&columns.parameters(&now))).await?;
    Ok(row.try_get(0)?)
}

/// Fails jobs that were claimed and cannot be read: they stand in nobody's way.
pub(crate) async fn put_aside(session: &Session, unreadable: &[Unreadable], now: Option<i64>) -> Result<()> {
    let mut columns = Settlements::default();
    for one in unreadable {
        columns.put_aside(one);
    }
    write(session, &columns, now).await?;
    Ok(())
}
