//! What this handle knows of the processes that claim through it: each slot is a worker of Resque.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::{Claim, Process, ProcessId};
use jobs_redis::SeenQueues;

use crate::WorkerId;

/// No process performs more jobs at a time. A claim without a limit says nothing of the process.
const SLOTS_MAX: usize = 1_000;

/// The ids of workers show so many queues of a process that has more.
const QUEUES_SHOWN: usize = 20;

/// One process.
#[derive(Debug, Default)]
struct Slots {
    /// The machine and the process id, as its heartbeats tell.
    host: Option<(String, u32)>,
    /// The queues of its claims.
    queues: SeenQueues,
    /// How many jobs it can hold.
    capacity: usize,
    /// The slots of the workers that perform something, by their ids. Two have one slot if claims ran while the ids changed.
    busy: BTreeMap<String, usize>,
    /// The ids of workers that are no more, since the host or the queues are others now.
    former: BTreeSet<String>,
}

/// The ids of the workers of a process.
pub(crate) struct WorkerIds {
    /// Those that are alive.
    pub(crate) alive: Vec<String>,
    /// Those that are to be forgotten.
    pub(crate) former: Vec<String>,
}

/// The processes that claim through this handle.
#[derive(Debug, Default)]
pub(crate) struct ProcessSlots(BTreeMap<ProcessId, Slots>);

/// The id of a worker before and after the number of its slot, and slots that are free.
pub(crate) struct FreeSlots {
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) free: Vec<usize>,
}

impl ProcessSlots {
    /// Notes down who sends heartbeats, and answers with the ids of its workers.
    pub(crate) fn workers(&mut self, process: &Process) -> WorkerIds {
        let slots = self.0.entry(process.id).or_default();
        slots.change(process.id, |slots| slots.host = Some((process.host.clone(), process.pid)));
        let (before, after) = slots.parts(process.id);
        let taken = slots.taken();
        let idle = (0..slots.capacity).filter(|slot| !taken.contains(slot));
        let idle = idle.map(|slot| format!("{before}{slot}{after}"));
        let alive: Vec<String> = idle.chain(slots.busy.keys().cloned()).collect();
        let former = slots.former.iter().filter(|id| !alive.contains(id)).cloned().collect();
        WorkerIds { alive, former }
    }

    /// These ids were forgotten in Redis.
    pub(crate) fn forgot(&mut self, process: ProcessId, former: &[String]) {
        if let Some(slots) = self.0.get_mut(&process) {
            slots.former.retain(|id| !former.contains(id));
        }
    }

    /// Notes down what a process claims, and answers with slots for it.
    pub(crate) fn claims(&mut self, claim: &Claim) -> FreeSlots {
        let slots = self.0.entry(claim.process).or_default();
        let wanted = claim.limit.min(SLOTS_MAX);
        slots.change(claim.process, |slots| slots.queues.add(claim, QUEUES_SHOWN));
        slots.capacity = slots.capacity.max((slots.busy.len() + wanted).min(SLOTS_MAX));
        let (before, after) = slots.parts(claim.process);
        let taken = slots.taken();
        let free = (0..).filter(|slot| !taken.contains(slot)).take(wanted).collect();
        FreeSlots { before, after, free }
    }

    /// A worker performs something now.
    pub(crate) fn is_busy(&mut self, process: ProcessId, worker: &str) {
        if let Some(slot) = slot_of(worker) {
            self.0.entry(process).or_default().busy.insert(worker.to_owned(), slot);
        }
    }

    /// A worker is idle again.
    pub(crate) fn is_idle(&mut self, process: ProcessId, worker: &str) {
        if let (Some(slot), Some(slots)) = (slot_of(worker), self.0.get_mut(&process)) {
            slots.busy.remove(worker);
            let (before, after) = slots.parts(process);
            if slot >= slots.capacity || *worker != format!("{before}{slot}{after}") {
                slots.former.insert(worker.to_owned());
            }
        }
    }

    pub(crate) fn forget(&mut self, process: ProcessId) {
        self.0.remove(&process);
    }
}

impl Slots {
    /// Changes what the ids are made of.
    fn change(&mut self, process: ProcessId, change: impl FnOnce(&mut Self)) {
        let parts = self.parts(process);
        change(self);
        if parts != self.parts(process) {
            let (before, after) = parts;
            self.former.extend((0..self.capacity).map(|slot| format!("{before}{slot}{after}")));
        }
    }

    fn taken(&self) -> BTreeSet<usize> {
        self.busy.values().copied().collect()
    }

    fn parts(&self, process: ProcessId) -> (String, String) {
        let (host, pid) = self.host.clone().unwrap_or_else(|| ("unknown".to_owned(), std::process::id()));
        let host = WorkerId::of_slot(&host, pid, 0, process, &[]).host;
        (format!("{host}:{pid}-"), format!("-{process}:{}", self.queues.names().join(",")))
    }
}

fn slot_of(worker: &str) -> Option<usize> {
    WorkerId::parse(worker).ok()?.slot()
}
