//! Unique keys: which jobs are to be stored, and which are duplicates. Part of the transaction that stores them.

use std::collections::{BTreeMap, HashMap, HashSet};

use jobs_core::{Error, JobId, NewJob, UniqueKey};
use tokio_postgres::Row;

use crate::bind::{Id, micros};
use crate::error::Result;
use crate::session::Session;
use crate::statements::Sql;

/// How often keys are asked for in vain, because others are at them, before it is an error.
const TRIES: usize = 10;

/// A key with the job that is to take it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) job: JobId,
    pub(crate) key: UniqueKey,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The job took the key.
    Taken,
    /// The job is stored already.
    Known,
    /// Another job holds the key.
    HeldBy(JobId),
}

/// The keys that are asked for in one transaction, in the order of their jobs. It says what to ask the server and notes
/// what it answered, whoever carries the words.
pub(crate) struct Taking<'a> {
    asked: &'a [Asked],
    answers: Vec<Option<Answer>>,
    /// How often the server may still answer nothing that is of use.
    left: usize,
}

/// The parameters of `unique_take` besides the time and whether the jobs are new.
pub(crate) struct Question {
    pub(crate) keys: Vec<String>,
    pub(crate) jobs: Vec<Id>,
    pub(crate) untils: Vec<Option<String>>,
    pub(crate) lasting: Vec<Option<i64>>,
}

/// A row of `unique_take`: the place in the question from 1, what became of it, and the job that holds the key.
pub(crate) type Said = (i32, i32, Option<JobId>);

/// The jobs that have a key, by their places in the list.
pub(crate) fn asked<'a>(jobs: impl Iterator<Item = &'a NewJob>) -> BTreeMap<usize, Asked> {
    let keyed = |(place, job): (usize, &NewJob)| Some((place, Asked { job: job.id, key: job.unique_key? }));
    jobs.enumerate().filter_map(keyed).collect()
}

/// What is to be stored of a list: its ids without those of jobs that are there already, and which jobs are duplicates,
/// by their places, and of which.
pub(crate) fn sorted(
    ids: &[Option<Id>],
    asked: &BTreeMap<usize, Asked>,
    answers: &[Answer],
) -> (Vec<Option<Id>>, BTreeMap<usize, JobId>) {
    let (mut ids, mut duplicates) = (ids.to_vec(), BTreeMap::new());
    for (place, answer) in asked.keys().zip(answers) {
        if let Answer::HeldBy(of) = answer {
            duplicates.insert(*place, *of);
        }
        if let Some(id) = ids.get_mut(*place).filter(|_| *answer != Answer::Taken) {
            *id = None;
        }
    }
    (ids, duplicates)
}

/// Takes the keys that are free, for `new` jobs or for such as are stored. Answers in the order of `asked`. To be called
/// within the transaction that makes the jobs hold them.
pub(crate) async fn take(session: &Session, asked: &[Asked], new: bool, now: Option<i64>) -> Result<Vec<Answer>> {
    let mut taking = Taking::new(asked);
    while let Some(Question { keys, jobs, untils, lasting }) = taking.question() {
        let rows = session.query(Sql::UniqueTake, &[&now, &keys, &jobs, &untils, &lasting, &new]).await?;
        let said =
            |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get::<_, Option<Id>>(2)?.map(|Id(id)| id)));
        let said: Vec<Said> = rows.iter().map(said).collect::<Result<_>>()?;
        taking.note(&keys, &said)?;
    }
    Ok(taking.answers())
}

impl<'a> Taking<'a> {
    pub(crate) fn new(asked: &'a [Asked]) -> Self {
        Self { asked, answers: vec![None; asked.len()], left: TRIES }
    }

    /// The first of each key that has no answer, by key: all who ask come to the same rows in the same order. `None` if
    /// all have one.
    pub(crate) fn question(&self) -> Option<Question> {
        let mut first: BTreeMap<String, &Asked> = BTreeMap::new();
        for (asked, _) in self.asked.iter().zip(&self.answers).filter(|(_, answer)| answer.is_none()) {
            first.entry(asked.key.name()).or_insert(asked);
        }
        if first.is_empty() {
            return None;
        }
        Some(Question {
            jobs: first.values().map(|asked| Id(asked.job)).collect(),
            untils: first.values().map(|asked| asked.key.until().map(|until| until.as_str().to_owned())).collect(),
            lasting: first.values().map(|asked| asked.key.lasting().map(micros)).collect(),
            keys: first.into_keys().collect(),
        })
    }

    /// Notes what the server said to a question about these keys, also for those after the first of a key.
    pub(crate) fn note(&mut self, keys: &[String], said: &[Said]) -> Result<(), Error> {
        let place = |number: i32| usize::try_from(number).ok()?.checked_sub(1);
        let key = |number| place(number).and_then(|place| keys.get(place)).map(String::as_str);
        let became: HashMap<&str, (i32, Option<JobId>)> =
            said.iter().filter_map(|(number, what, holder)| Some((key(*number)?, (*what, *holder)))).collect();
        let mut first: HashMap<String, JobId> = HashMap::new();
        let mut is_of_use = false;
        for (asked, slot) in self.asked.iter().zip(&mut self.answers).filter(|(_, slot)| slot.is_none()) {
            let first = *first.entry(asked.key.name()).or_insert(asked.job);
            let said = became.get(asked.key.name().as_str()).copied();
            *slot = said.and_then(|(what, holder)| answer(what, holder, first, asked.job));
            is_of_use |= slot.is_some();
        }
        self.left = if is_of_use { self.left } else { self.left.checked_sub(1).ok_or_else(contended)? };
        Ok(())
    }

    /// One for each that was asked.
    pub(crate) fn answers(self) -> Vec<Answer> {
        self.answers.into_iter().map(|answer| answer.unwrap_or(Answer::Known)).collect()
    }
}

fn contended() -> Error {
    Error::transient("could not enqueue: others take the same unique keys at this moment; try again")
}

/// The answer for `job`, if `first` was the one that asked for their key.
fn answer(what: i32, holder: Option<JobId>, first: JobId, job: JobId) -> Option<Answer> {
    match (what, holder) {
        // Nothing is known of the key, only of this one job.
        (0, _) => (job == first).then_some(Answer::Known),
        (1, _) if job == first => Some(Answer::Taken),
        (1, _) => Some(Answer::HeldBy(first)),
        (2, Some(holder)) if holder == job => Some(Answer::Known),
        (2, Some(holder)) => Some(Answer::HeldBy(holder)),
        _ => None,
    }
}

/// The failed and discarded jobs among these that another job keeps from being retried by hand. The others take their
/// keys again.
pub(crate) async fn kept_back(session: &Session, jobs: &[Id], now: Option<i64>) -> Result<HashSet<JobId>> {
    let mut keys = HashMap::new();
    for row in session.query(Sql::UniqueAgain, &[&jobs]).await? {
        let Id(job) = row.try_get(0)?;
        keys.extend(UniqueKey::taken_again(row.try_get(1)?, row.try_get(2)?).map(|key| (job, key)));
    }
    // In the order in which they were named: the first of a key is the one that takes it.
    let asked = jobs.iter().filter_map(|Id(job)| keys.remove(job).map(|key| Asked { job: *job, key }));
    let asked: Vec<Asked> = asked.collect();
    let answers = take(session, &asked, false, now).await?;
    let kept = asked.iter().zip(answers).filter(|(_, answer)| matches!(answer, Answer::HeldBy(_)));
    Ok(kept.map(|(asked, _)| asked.job).collect())
}
