//! Reads all texts, a part of a key at a time.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use jobs_core::{Error, State};
use jobs_redis::redis::{self, FromRedisValue};
use jobs_redis::{CLAIMERS, ranks_from_end};

use super::{Found, TextLocation};
use crate::work::of_score;
use crate::{ResqueStore, RunningJob, WorkerId, keys};

/// How many texts are read at a time.
const AT_A_TIME: usize = 500;

const DOING: &str = "read jobs";

type Flow = ControlFlow<()>;

impl ResqueStore {
    /// Visits every text, or those of a state. The places come in the order in which jobs pass them, so that a job that moves
    /// on meanwhile is seen; it may be seen twice. Failures that were retried are passed over.
    pub(crate) async fn scan(
        &self,
        only: Option<State>,
        mut visit: impl FnMut(Found) -> Flow + Send,
    ) -> Result<(), Error> {
        let wants = |state: State| only.is_none_or(|only| only == state);
        if wants(State::Scheduled) && self.scan_delayed(&mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Scheduled) && self.scan_soon(&mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Ready) {
            for queue in self.members(&self.options.keys.queues()).await? {
                let location = TextLocation::Queue(queue.clone());
                let key = self.options.keys.queue(&queue);
                let mut visit_ready = |text| visit(Found { location: location.clone(), text });
                if self.scan_list(&key, from_right, &mut visit_ready).await?.is_break() {
                    return Ok(());
                }
            }
        }
        if wants(State::Claimed) && self.scan_running(&mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Failed) {
            let _ended = self.scan_failed(&mut visit).await?;
        }
        Ok(())
    }

    /// Visits the texts of a list, a part at a time. `part_of` gives the first and the last rank of the part after so many texts.
    async fn scan_list(
        &self,
        key: &str,
        part_of: impl Fn(usize) -> [String; 2] + Send,
        visit: &mut (impl FnMut(Vec<u8>) -> Flow + Send),
    ) -> Result<Flow, Error> {
        for read in (0..).step_by(AT_A_TIME) {
            let [from, to] = part_of(read);
            let mut commands = redis::pipe();
            commands.cmd("LRANGE").arg(key).arg(from).arg(to);
            let (part,): (Vec<Vec<u8>>,) = self.link.commands(&commands, DOING).await?;
            let is_last = part.len() < AT_A_TIME;
            for text in part {
                if visit(text).is_break() {
                    return Ok(Flow::Break(()));
                }
            }
            if is_last {
                break;
            }
        }
        Ok(Flow::Continue(()))
    }

    async fn scan_delayed(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        let mut commands = redis::pipe();
        commands.cmd("ZRANGE").arg(self.options.keys.delayed_schedule()).arg(0).arg(-1);
        let (members,): (Vec<Vec<u8>>,) = self.link.commands(&commands, DOING).await?;
        for seconds in self.seconds(&members).chunks(AT_A_TIME) {
            let mut commands = redis::pipe();
            for second in seconds {
                commands.cmd("LRANGE").arg(self.options.keys.delayed(*second)).arg(0).arg(-1);
            }
            let lists: Vec<Vec<Vec<u8>>> = self.link.commands(&commands, DOING).await?;
            let with_second = |(second, texts): (&i64, Vec<Vec<u8>>)| {
                let second = *second;
                texts.into_iter().map(move |text| (second, text))
            };
            let entries = self.with_members(seconds.iter().zip(lists).flat_map(with_second).collect()).await?;
            for entry in entries {
                let text = entry.text.clone();
                if visit(Found { location: TextLocation::Delayed(Box::new(entry)), text }).is_break() {
                    return Ok(Flow::Break(()));
                }
            }
        }
        Ok(Flow::Continue(()))
    }

    async fn scan_soon(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        let mut commands = redis::pipe();
        commands.cmd("ZRANGE").arg(self.key(keys::SOON)).arg(0).arg(-1).arg("WITHSCORES");
        let (members,): (Vec<(Vec<u8>, f64)>,) = self.link.commands(&commands, DOING).await?;
        for (text, score) in members {
            if visit(Found { location: TextLocation::Soon(of_score(score)), text }).is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// What all workers perform: those that are registered, and those of our claims.
    async fn scan_running(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        let mut workers: BTreeSet<String> = self.members(&self.options.keys.workers()).await?.into_iter().collect();
        for process in self.members(&self.key(CLAIMERS)).await? {
            let mut commands = redis::pipe();
            commands.cmd("HVALS").arg(self.key(&format!("jobs_rs:claims:{process}")));
            let (of_process,): (Vec<String>,) = self.link.commands(&commands, DOING).await?;
            workers.extend(of_process);
        }
        let workers: Vec<String> = workers.into_iter().collect();
        for workers in workers.chunks(AT_A_TIME) {
            let mut commands = redis::pipe();
            for worker in workers {
                commands.cmd("GET").arg(self.options.keys.worker(worker));
            }
            let values: Vec<Option<Vec<u8>>> = self.link.commands(&commands, DOING).await?;
            let found = workers.iter().zip(values).filter_map(|(worker, value)| running(worker, &value?));
            for found in found {
                if visit(found).is_break() {
                    return Ok(Flow::Break(()));
                }
            }
        }
        Ok(Flow::Continue(()))
    }

    async fn scan_failed(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        let by_queue = self.members(&self.options.keys.failed_queues()).await?;
        for list in std::iter::once(keys::FAILED.to_owned()).chain(by_queue) {
            let key = self.key(&list);
            let location = TextLocation::Failed(list);
            let mut visit_failure = |text| {
                let found = Found { location: location.clone(), text };
                let was_retried = found.failure().is_ok_and(|record| record.was_retried());
                if was_retried { Flow::Continue(()) } else { visit(found) }
            };
            if self.scan_list(&key, from_left, &mut visit_failure).await?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    pub(super) async fn members(&self, set: &str) -> Result<Vec<String>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("SMEMBERS").arg(set);
        let (members,): (Vec<redis::Value>,) = self.link.commands(&commands, DOING).await?;
        // What is not UTF-8 cannot be the name of a queue or of a worker.
        Ok(members.into_iter().filter_map(|member| String::from_redis_value(member).ok()).collect())
    }
}

/// A part of a list of failures: the newest are the last that are visited.
fn from_left(read: usize) -> [String; 2] {
    [read, read + AT_A_TIME - 1].map(|rank| rank.to_string())
}

/// A part of a queue. Workers take from the left end: counted from the right, what they leave goes to no place that was read
/// already. What is added meanwhile makes others be seen twice.
fn from_right(read: usize) -> [String; 2] {
    ranks_from_end(read, AT_A_TIME)
}

fn running(worker: &str, value: &[u8]) -> Option<Found> {
    let running = RunningJob::parse(std::str::from_utf8(value).ok()?).ok()?;
    let process = WorkerId::parse(worker).ok().and_then(|id| id.process());
    let (token, queue, run_at) = (running.token(), running.queue().unwrap_or_default(), running.run_at());
    let location = TextLocation::Claimed { process, token, queue, run_at };
    Some(Found { location, text: running.payload().as_bytes().to_vec() })
}
