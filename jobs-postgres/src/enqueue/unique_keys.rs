//! Unique keys: finds out which jobs are duplicates, within the transaction that inserts the others.

use std::collections::{BTreeMap, HashMap, HashSet};

use jobs_core::{Error, JobId, NewJob, UniqueKey};
use tokio_postgres::Row;

use crate::codec::bind::{Id, micros};
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// How many queries in a row may decide nothing, because other transactions take the same keys, before the call fails.
const MAX_CONTENDED: usize = 10;

/// A key and the job that wants to take it.
#[derive(Clone, Debug)]
pub(crate) struct KeyRequest {
    pub(crate) job: JobId,
    pub(crate) key: UniqueKey,
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyOutcome {
    /// The job took the key.
    Taken,
    /// The job is stored already.
    AlreadyStored,
    /// Another job holds the key.
    HeldBy(JobId),
}

/// The key requests of one transaction, in the order of their jobs. It makes the queries for the server and records the
/// rows that come back. It does no I/O, so it serves this store's connections and those of a caller.
pub(crate) struct KeyClaims<'a> {
    requests: &'a [KeyRequest],
    outcomes: Vec<Option<KeyOutcome>>,
    /// How many more queries may decide nothing.
    contended_left: usize,
}

/// The parameters of `unique_take`, without the time and without whether the jobs are new.
pub(crate) struct KeyQuery {
    pub(crate) keys: Vec<String>,
    pub(crate) jobs: Vec<Id>,
    pub(crate) untils: Vec<Option<String>>,
    pub(crate) durations: Vec<Option<i64>>,
}

/// A row of `unique_take`: the number of the key in the query, counted from 1, the outcome, and the job that holds the
/// key.
pub(crate) type KeyRow = (i32, i32, Option<JobId>);

/// The requests of the jobs that have a key, by the index of the job.
pub(crate) fn key_requests<'a>(jobs: impl Iterator<Item = &'a NewJob>) -> BTreeMap<usize, KeyRequest> {
    let keyed = |(index, job): (usize, &NewJob)| Some((index, KeyRequest { job: job.id, key: job.unique_key? }));
    jobs.enumerate().filter_map(keyed).collect()
}

/// Splits jobs into those to insert and duplicates. Returns the ids, without those of jobs that must not be inserted,
/// and by index the duplicates with the job that each is a duplicate of.
pub(crate) fn split_duplicates(
    ids: &[Option<Id>],
    requests: &BTreeMap<usize, KeyRequest>,
    outcomes: &[KeyOutcome],
) -> (Vec<Option<Id>>, BTreeMap<usize, JobId>) {
    let (mut ids, mut duplicates) = (ids.to_vec(), BTreeMap::new());
    for (index, outcome) in requests.keys().zip(outcomes) {
        if let KeyOutcome::HeldBy(of) = outcome {
            duplicates.insert(*index, *of);
        }
        if let Some(id) = ids.get_mut(*index).filter(|_| *outcome != KeyOutcome::Taken) {
            *id = None;
        }
    }
    (ids, duplicates)
}

/// Takes the keys that are free, for `new` jobs or for stored ones. Returns the outcomes in the order of the requests.
/// Must be called in the transaction that stores the jobs.
pub(crate) async fn take_keys(
    session: &Session,
    requests: &[KeyRequest],
    new: bool,
    now: Option<i64>,
) -> Result<Vec<KeyOutcome>> {
    let mut claims = KeyClaims::new(requests);
    while let Some(KeyQuery { keys, jobs, untils, durations }) = claims.next_query() {
        let rows = session.query(Sql::UniqueTake, &[&now, &keys, &jobs, &untils, &durations, &new]).await?;
        let read =
            |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<_, Option<Id>>(2)?.map(|Id(id)| id)));
        let found: Vec<KeyRow> = rows.iter().map(read).collect::<Result<_>>()?;
        claims.record(&keys, &found)?;
    }
    Ok(claims.outcomes())
}

impl<'a> KeyClaims<'a> {
    pub(crate) fn new(requests: &'a [KeyRequest]) -> Self {
        Self { requests, outcomes: vec![None; requests.len()], contended_left: MAX_CONTENDED }
    }

    /// The next query: the first request of each key that has no outcome yet. `None` if all have one. The keys are
    /// sorted, so that all transactions lock the rows in the same order and do not deadlock.
    pub(crate) fn next_query(&self) -> Option<KeyQuery> {
        let mut first: BTreeMap<String, &KeyRequest> = BTreeMap::new();
        for (request, _) in self.requests.iter().zip(&self.outcomes).filter(|(_, outcome)| outcome.is_none()) {
            first.entry(request.key.name()).or_insert(request);
        }
        if first.is_empty() {
            return None;
        }
        Some(KeyQuery {
            jobs: first.values().map(|request| Id(request.job)).collect(),
            untils: first.values().map(|request| request.key.until().map(|until| until.as_str().to_owned())).collect(),
            durations: first.values().map(|request| request.key.lasting().map(micros)).collect(),
            keys: first.into_keys().collect(),
        })
    }

    /// Records the rows of a query for these keys. A row also decides the later requests of the same key.
    pub(crate) fn record(&mut self, keys: &[String], rows: &[KeyRow]) -> Result<(), Error> {
        let index = |number: i32| usize::try_from(number).ok()?.checked_sub(1);
        let key = |number| index(number).and_then(|index| keys.get(index)).map(String::as_str);
        let found: HashMap<&str, (i32, Option<JobId>)> =
            rows.iter().filter_map(|(number, code, holder)| Some((key(*number)?, (*code, *holder)))).collect();
        let mut first: HashMap<String, JobId> = HashMap::new();
        let mut has_decided = false;
        for (request, slot) in self.requests.iter().zip(&mut self.outcomes).filter(|(_, slot)| slot.is_none()) {
            let first = *first.entry(request.key.name()).or_insert(request.job);
            let row = found.get(request.key.name().as_str()).copied();
            *slot = row.and_then(|(code, holder)| outcome(code, holder, first, request.job));
            has_decided |= slot.is_some();
        }
        if !has_decided {
            self.contended_left = self.contended_left.checked_sub(1).ok_or_else(contended)?;
        }
        Ok(())
    }

    /// The outcomes, one for each request.
    pub(crate) fn outcomes(self) -> Vec<KeyOutcome> {
        self.outcomes.into_iter().map(|outcome| outcome.unwrap_or(KeyOutcome::AlreadyStored)).collect()
    }
}

fn contended() -> Error {
    Error::transient("could not enqueue: other calls take the same unique keys at this moment; try again")
}

/// The outcome for `job`, if the query named `first` as the job that wants their key.
fn outcome(code: i32, holder: Option<JobId>, first: JobId, job: JobId) -> Option<KeyOutcome> {
    match (code, holder) {
        // The job that was named is stored already. This says nothing about other jobs of the key.
        (0, _) => (job == first).then_some(KeyOutcome::AlreadyStored),
        (1, _) if job == first => Some(KeyOutcome::Taken),
        (1, _) => Some(KeyOutcome::HeldBy(first)),
        (2, Some(holder)) if holder == job => Some(KeyOutcome::AlreadyStored),
        (2, Some(holder)) => Some(KeyOutcome::HeldBy(holder)),
        _ => None,
    }
}

/// The failed and discarded jobs among these whose key another job holds, so that they cannot be retried manually. The
/// others take their keys again.
pub(crate) async fn blocked_by_key(session: &Session, jobs: &[Id], now: Option<i64>) -> Result<HashSet<JobId>> {
    let mut keys = keys_on_retry(session, jobs).await?;
    // In the order of the call: of several jobs with one key, the first one takes it.
    let requests = jobs.iter().filter_map(|Id(job)| keys.remove(job).map(|key| KeyRequest { job: *job, key }));
    let requests: Vec<KeyRequest> = requests.collect();
    let outcomes = take_keys(session, &requests, false, now).await?;
    let blocked = requests.iter().zip(outcomes).filter(|(_, outcome)| matches!(outcome, KeyOutcome::HeldBy(_)));
    Ok(blocked.map(|(request, _)| request.job).collect())
}

/// The other job that holds the key which a failed or discarded job would hold again.
pub(crate) async fn key_holder(session: &Session, job: JobId, now: Option<i64>) -> Result<Option<JobId>> {
    let Some(key) = keys_on_retry(session, &[Id(job)]).await?.remove(&job) else { return Ok(None) };
    let rows = session.query(Sql::UniqueHolder, &[&now, &key.name()]).await?;
    let holder = rows.first().map(|row| row.try_get::<_, Id>(0)).transpose()?;
    Ok(holder.map(|Id(holder)| holder).filter(|holder| *holder != job))
}

/// The keys that failed and discarded jobs would hold again.
async fn keys_on_retry(session: &Session, jobs: &[Id]) -> Result<HashMap<JobId, UniqueKey>> {
    let mut keys = HashMap::new();
    for row in session.query(Sql::UniqueKeysOf, &[&jobs]).await? {
        let Id(job) = row.try_get(0)?;
        keys.extend(UniqueKey::key_on_retry(row.try_get(1)?, row.try_get(2)?).map(|key| (job, key)));
    }
    Ok(keys)
}
