//! Unique keys: which jobs are to be stored, and which are duplicates. Part of the transaction that stores them.

use std::collections::{BTreeMap, HashMap, HashSet};

use jobs_core::{Error, JobId, NewJob, UniqueKey, Until};

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

/// The keys that are asked for in one transaction, in the order of their jobs.
pub(crate) struct Round<'a> {
    asked: &'a [Asked],
    answers: Vec<Option<Answer>>,
}

/// The jobs that have a key, by their places in the list.
pub(crate) fn asked<'a>(jobs: impl Iterator<Item = &'a NewJob>) -> BTreeMap<usize, Asked> {
    let keyed = |(place, job): (usize, &NewJob)| Some((place, Asked { job: job.id, key: job.unique_key? }));
    jobs.enumerate().filter_map(keyed).collect()
}

/// Takes the keys that are free, for `new` jobs or for such as are stored. Answers in the order of `asked`. To be called
/// within the transaction that makes the jobs hold them.
pub(crate) async fn take(session: &Session, asked: &[Asked], new: bool, now: Option<i64>) -> Result<Vec<Answer>> {
    let mut round = Round { asked, answers: vec![None; asked.len()] };
    let mut left = TRIES;
    loop {
        let first = round.first();
        if first.is_empty() {
            return Ok(round.answers.into_iter().map(|answer| answer.unwrap_or(Answer::Known)).collect());
        }
        let before = round.open();
        round.ask(session, &first, new, now).await?;
        if round.open() == before {
            left = left.checked_sub(1).ok_or_else(contended)?;
        }
    }
}

fn contended() -> Error {
    Error::transient("could not enqueue: others take the same unique keys at this moment; try again")
}

impl Round<'_> {
    fn open(&self) -> usize {
        self.answers.iter().filter(|answer| answer.is_none()).count()
    }

    /// The first of each key that has no answer, by key: all who ask come to the same rows in the same order.
    fn first(&self) -> BTreeMap<String, usize> {
        let mut first = BTreeMap::new();
        for (place, asked) in self.asked.iter().enumerate() {
            if self.answers.get(place).is_some_and(Option::is_none) {
                first.entry(asked.key.name()).or_insert(place);
            }
        }
        first
    }

    async fn ask(
        &mut self,
        session: &Session,
        first: &BTreeMap<String, usize>,
        new: bool,
        now: Option<i64>,
    ) -> Result<()> {
        let asked: Vec<&Asked> = first.values().filter_map(|place| self.asked.get(*place)).collect();
        let keys: Vec<&str> = first.keys().map(String::as_str).collect();
        let jobs: Vec<Id> = asked.iter().map(|asked| Id(asked.job)).collect();
        let untils: Vec<Option<&str>> = asked.iter().map(|asked| asked.key.until().map(Until::as_str)).collect();
        let lasting: Vec<Option<i64>> = asked.iter().map(|asked| asked.key.lasting().map(micros)).collect();
        let rows = session.query(Sql::UniqueTake, &[&now, &keys, &jobs, &untils, &lasting, &new]).await?;
        let mut became = HashMap::new();
        for row in &rows {
            let place = usize::try_from(row.try_get::<_, i32>(0)? - 1).unwrap_or(usize::MAX);
            let holder = row.try_get::<_, Option<Id>>(2)?.map(|Id(holder)| holder);
            let (Some(asked), Some(key)) = (asked.get(place), keys.get(place)) else { continue };
            became.extend(answer(row.try_get(1)?, asked.job, holder).map(|answer| (*key, (asked.job, answer))));
        }
        self.note(&became);
        Ok(())
    }

    /// Notes the answers, also for those after the first of a key.
    fn note(&mut self, became: &HashMap<&str, (JobId, Answer)>) {
        for (asked, slot) in self.asked.iter().zip(&mut self.answers).filter(|(_, slot)| slot.is_none()) {
            let Some((first, answer)) = became.get(asked.key.name().as_str()) else { continue };
            *slot = match answer {
                // What became of the key is not known yet, only of this one job.
                Answer::Known => (asked.job == *first).then_some(Answer::Known),
                Answer::HeldBy(holder) if *holder == asked.job => Some(Answer::Known),
                Answer::Taken if asked.job != *first => Some(Answer::HeldBy(*first)),
                answer => Some(*answer),
            };
        }
    }
}

fn answer(number: i32, job: JobId, holder: Option<JobId>) -> Option<Answer> {
    match (number, holder) {
        (0, _) => Some(Answer::Known),
        (1, _) => Some(Answer::Taken),
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
