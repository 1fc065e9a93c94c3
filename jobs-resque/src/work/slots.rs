//! What this handle knows of the processes that claim through it: each slot is a worker of Resque.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::{Claim, Process, ProcessId};

use crate::WorkerId;

/// No process performs more jobs at a time. A claim without a limit says nothing of the process.
const SLOTS_MAX: usize = 1_000;

/// The ids of workers show so many queues of a process that has more.
const QUEUES_SHOWN: usize = 20;

/// One process.
#[derive(Clone, Debug, Default)]
struct Slots {
    /// The machine and the process id, as its heartbeats tell.
    host: Option<(String, u32)>,
    /// The queues of its last claim.
    queues: Vec<String>,
    /// How many jobs it can hold.
    capacity: usize,
    /// The ids of the workers that perform something, by their slots.
    busy: BTreeMap<usize, String>,
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
    pub(crate) fn workers(&mut self, process: &Process) -> Vec<String> {
        let slots = self.0.entry(process.id).or_default();
        slots.host = Some((process.host.clone(), process.pid));
        let (before, after) = slots.parts(process.id);
        let idle = (0..slots.capacity).filter(|slot| !slots.busy.contains_key(slot));
        let idle = idle.map(|slot| format!("{before}{slot}{after}"));
        idle.chain(slots.busy.values().cloned()).collect()
    }

    /// Notes down what a process claims, and answers with slots for it.
    pub(crate) fn claims(&mut self, claim: &Claim) -> FreeSlots {
        let slots = self.0.entry(claim.process).or_default();
        let wanted = claim.limit.min(SLOTS_MAX);
        slots.capacity = slots.capacity.max((slots.busy.len() + wanted).min(SLOTS_MAX));
        slots.queues = shown(claim.queues.iter().map(|queues| queues.selector.to_string()));
        let (before, after) = slots.parts(claim.process);
        let free = (0..).filter(|slot| !slots.busy.contains_key(slot)).take(wanted).collect();
        FreeSlots { before, after, free }
    }

    /// A worker performs something now.
    pub(crate) fn is_busy(&mut self, process: ProcessId, worker: &str) {
        if let Some(slot) = slot_of(worker) {
            self.0.entry(process).or_default().busy.insert(slot, worker.to_owned());
        }
    }

    /// A worker is idle again.
    pub(crate) fn is_idle(&mut self, process: ProcessId, worker: &str) {
        if let (Some(slot), Some(slots)) = (slot_of(worker), self.0.get_mut(&process)) {
            slots.busy.remove(&slot);
        }
    }

    pub(crate) fn forget(&mut self, process: ProcessId) {
        self.0.remove(&process);
    }
}

impl Slots {
    fn parts(&self, process: ProcessId) -> (String, String) {
        let (host, pid) = self.host.clone().unwrap_or_else(|| ("unknown".to_owned(), std::process::id()));
        let host = WorkerId::of_slot(&host, pid, 0, process, &[]).host;
        (format!("{host}:{pid}-"), format!("-{process}:{}", self.queues.join(",")))
    }
}

/// The names of queues in an id. A process with many of them shows the first ones, each once.
fn shown(queues: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    queues.filter(|queue| seen.insert(queue.clone())).take(QUEUES_SHOWN).collect()
}

fn slot_of(worker: &str) -> Option<usize> {
    WorkerId::parse(worker).ok()?.slot()
}
