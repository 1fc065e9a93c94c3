//! Which processes of ours are dead, and what the steps of a recovery do.

use std::collections::HashSet;
use std::time::Duration;

use jobs_core::{Error, JobId, ProcessId, Recovered, Timestamp};

use crate::{GuardedSteps, Link, RegisteredProcess};

/// Our processes, behind the namespace: id → `started:heartbeat:JSON`.
pub const PROCESSES: &str = "jobs_rs:processes";

/// The processes that have claimed jobs, behind the namespace.
pub const CLAIMERS: &str = "jobs_rs:claimers";

/// A process whose jobs are to be taken.
#[derive(Clone, Debug)]
pub struct DeadProcess {
    /// Its id.
    pub process: ProcessId,
    /// How it is noted down; `None` if it never was, or was forgotten.
    pub registered: Option<RegisteredProcess>,
}

/// What a step does if its guard holds.
#[derive(Clone, Copy, Debug)]
enum StepEffect {
    Nothing,
    Process(ProcessId),
    Ready(JobId),
    Poisoned(JobId),
}

/// The steps of a recovery, with what each of them does.
#[derive(Debug, Default)]
pub struct RecoveryPlan<S> {
    /// The steps. What is added to them directly has to be [noted down](Self::nothing).
    pub steps: S,
    effects: Vec<StepEffect>,
}

impl<S: GuardedSteps> RecoveryPlan<S> {
    /// The processes that are silent, the oldest first, and those that hold jobs and are not registered. A heartbeat of a time to
    /// come counts as one of now, so that a clock that was set back hides no death; the steps say so.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn dead(
        &mut self,
        link: &Link,
        namespace: &str,
        now: Timestamp,
        silence: Duration,
    ) -> Result<Vec<DeadProcess>, Error> {
        let mut commands = redis::pipe();
        let key = |name| format!("{namespace}{name}");
        commands.cmd("HVALS").arg(key(PROCESSES)).cmd("SMEMBERS").arg(key(CLAIMERS));
        let doing = "recover the jobs of dead processes";
        let (registered, claimers): (Vec<Vec<u8>>, Vec<String>) = link.commands(&commands, doing).await?;
        let (mut known, mut dead) = (HashSet::new(), Vec::new());
        let mut registered: Vec<_> = registered.into_iter().filter_map(RegisteredProcess::parse).collect();
        registered.sort_by_key(|one| (one.record.started_at, one.record.process.id));
        for one in registered {
            let (process, beat) = (one.record.process.id, one.record.heartbeat_at);
            known.insert(process);
            if beat > now {
                self.steps.open();
                self.steps.guard(PROCESSES, &process.to_string(), &one.text, &one.text_at(now));
                self.effects.extend([StepEffect::Nothing, StepEffect::Nothing]);
            } else if now.duration_since(beat) > silence {
                dead.push(DeadProcess { process, registered: Some(one) });
            }
        }
        let unknown = claimers.into_iter().filter_map(|process| ProcessId::try_from(process).ok());
        let unknown = unknown.filter(|process| !known.contains(process));
        dead.extend(unknown.map(|process| DeadProcess { process, registered: None }));
        Ok(dead)
    }

    /// Adds the steps that take the jobs of a process, which `take` adds. They are done only if it has sent no heartbeat meanwhile.
    pub fn take(&mut self, dead: &DeadProcess, take: impl FnOnce(&mut Self)) {
        let (process, is_registered) = (dead.process, dead.registered.is_some());
        let text = dead.registered.as_ref().map_or(&[][..], |registered| &registered.text);
        self.steps.open();
        self.steps.guard(PROCESSES, &process.to_string(), text, b"");
        self.nothing();
        self.effects.push(if is_registered { StepEffect::Process(process) } else { StepEffect::Nothing });
        take(self);
        self.steps.forget(process, is_registered);
        self.nothing();
    }

    /// The step that was added last says nothing to the caller.
    pub fn nothing(&mut self) {
        self.effects.push(StepEffect::Nothing);
    }

    /// The step that was added last makes this job ready.
    pub fn ready(&mut self, job: JobId) {
        self.effects.push(StepEffect::Ready(job));
    }

    /// The step that was added last fails this job as poisonous.
    pub fn poisoned(&mut self, job: JobId) {
        self.effects.push(StepEffect::Poisoned(job));
    }

    /// The steps to make, and what they do.
    pub fn into_steps(self) -> (S, RecoveryEffects) {
        (self.steps, RecoveryEffects(self.effects))
    }
}

/// What the steps of a recovery do, in their order.
#[derive(Debug)]
pub struct RecoveryEffects(Vec<StepEffect>);

impl RecoveryEffects {
    /// The job that the step with this index, from 0, moves.
    pub fn job(&self, step: usize) -> Option<JobId> {
        match self.0.get(step)? {
            StepEffect::Ready(job) | StepEffect::Poisoned(job) => Some(*job),
            StepEffect::Nothing | StepEffect::Process(_) => None,
        }
    }

    /// What was recovered, in the order of the steps, by what was done of them.
    pub fn recovered(&self, done: &[bool]) -> Recovered {
        let mut recovered = Recovered::default();
        for (effect, _) in self.0.iter().zip(done).filter(|(_, was_done)| **was_done) {
            match effect {
                StepEffect::Nothing => {}
                StepEffect::Process(process) => recovered.processes.push(*process),
                StepEffect::Ready(job) => recovered.ready.push(*job),
                StepEffect::Poisoned(job) => recovered.poisoned.push(*job),
            }
        }
        recovered
    }
}
