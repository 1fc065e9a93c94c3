//! Reads all texts, a part of a key at a time.

use std::ops::ControlFlow;

use jobs_core::{Error, ProcessId, State};
use jobs_redis::{CLAIMERS, ranks_from_end};
use redis::FromRedisValue;

use super::figures::text_of;
use super::{Found, Location};
use crate::SidekiqStore;
use crate::keys::{self, DEAD, RETRY, SCHEDULE};

/// How many texts are read at a time.
const AT_A_TIME: usize = 500;

const DOING: &str = "read jobs";

type Flow = ControlFlow<()>;

impl SidekiqStore {
    /// Visits every text, or those of a state. The places come in the order in which jobs pass them, and each is read from the end
    /// at which jobs come, so that a job that moves on meanwhile is seen; it may be seen twice.
    pub(crate) async fn scan(
        &self,
        only: Option<State>,
        mut visit: impl FnMut(Found) -> Flow + Send,
    ) -> Result<(), Error> {
        let wants = |state: State| only.is_none_or(|only| only == state);
        if wants(State::Scheduled) && self.scan_set(SCHEDULE, &mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Ready) && self.scan_queues(&mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Claimed) && self.scan_claimed(&mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Scheduled) && self.scan_set(RETRY, &mut visit).await?.is_break() {
            return Ok(());
        }
        if wants(State::Failed) {
            let _ended = self.scan_set(DEAD, &mut visit).await?;
        }
        Ok(())
    }

    /// From the last to the first: members leave at the front when they are due, and ranks from the end stay the same then.
    async fn scan_set(&self, set: &'static str, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        for read in (0..).step_by(AT_A_TIME) {
            let [first, last] = ranks_from_end(read, AT_A_TIME);
            let mut commands = redis::pipe();
            commands.cmd("ZRANGE").arg(self.key(set)).arg(first).arg(last).arg("WITHSCORES");
            let (part,): (Vec<(Vec<u8>, f64)>,) = self.link.commands(&commands, DOING).await?;
            let is_last = part.len() < AT_A_TIME;
            for (text, score) in part {
                if visit(Found { location: Location::Set(set, score), text }).is_break() {
                    return Ok(Flow::Break(()));
                }
            }
            if is_last {
                break;
            }
        }
        Ok(Flow::Continue(()))
    }

    /// From the left: workers take jobs at the right end, and new ones at the left end move the others on.
    async fn scan_queues(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        for queue in self.members::<Vec<Vec<u8>>>("queues").await? {
            let name = text_of(&queue);
            for from in (0..).step_by(AT_A_TIME) {
                let part = self.part_of_queue(&queue, from).await?;
                let is_last = part.len() < AT_A_TIME;
                for text in part {
                    if visit(Found { location: Location::Queue(name.clone()), text }).is_break() {
                        return Ok(Flow::Break(()));
                    }
                }
                if is_last {
                    break;
                }
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Texts of a queue. A key of another type has none; it does not hide the other queues.
    async fn part_of_queue(&self, queue: &[u8], from: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut commands = redis::pipe();
        let key = [self.key(&keys::queue("")).as_bytes(), queue].concat();
        commands.cmd("LRANGE").arg(key).arg(from).arg(from + AT_A_TIME - 1);
        match self.link.commands(&commands, DOING).await {
            Err(error) if error.to_string().contains("WRONGTYPE") => Ok(Vec::new()),
            answer => answer.map(|(part,)| part),
        }
    }

    async fn scan_claimed(&self, visit: &mut (impl FnMut(Found) -> Flow + Send)) -> Result<Flow, Error> {
        for process in self.members::<Vec<String>>(CLAIMERS).await? {
            let Ok(process) = ProcessId::try_from(process) else { continue };
            for (claim, held) in self.claims_of(process).await? {
                let (queue, since) = (held.queue.clone(), held.claimed_at());
                let location = Location::Claimed { process, claim, queue, since };
                if visit(Found { location, text: held.text }).is_break() {
                    return Ok(Flow::Break(()));
                }
            }
        }
        Ok(Flow::Continue(()))
    }

    async fn members<T: FromRedisValue>(&self, set: &str) -> Result<T, Error> {
        let mut commands = redis::pipe();
        commands.cmd("SMEMBERS").arg(self.key(set));
        let (members,): (T,) = self.link.commands(&commands, DOING).await?;
        Ok(members)
    }
}
