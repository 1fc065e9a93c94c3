//! The time of one claim: ten jobs, as the default worker claims them, which are finished with the next claim.

use std::time::Instant;

use bench_protocol::{Outcome, Report, Selectors, Task};
use jobs::store::{Claim, Decision, Process, ProcessId, ProcessStatus, QueueSelector, Settlement};
use jobs::time::SystemEntropy;

use super::queues::names;
use super::runtime;

/// The number of jobs of a claim.
const CLAIM: usize = 10;

/// Claims until this number of jobs was claimed.
pub(super) async fn measure(task: &Task, selectors: Selectors) -> Outcome<Report> {
    let jobs = runtime(task).build_client().await?;
    let store = jobs.store();
    let mut process =
        Process::new(ProcessId::random(&SystemEntropy::default()), "claims", "localhost", std::process::id());
    let _alive = store.heartbeat(&process).await?;
    let queues = names(selectors).iter().map(|name| name.parse()).collect::<Result<Vec<QueueSelector>, _>>()?;
    let claim = Claim::new(process.id, queues, CLAIM);
    let (mut held, mut claimed, mut micros) = (Vec::<Settlement>::new(), 0, Vec::new());
    while claimed < task.jobs {
        let start = Instant::now();
        let (_settled, executions) = store.settle_and_claim(&held, &claim).await?;
        micros.push(u64::try_from(start.elapsed().as_micros())?);
        if executions.is_empty() {
            return Err(format!("a claim after {claimed} jobs returned none").into());
        }
        claimed += executions.len() as u64;
        held = executions.into_iter().map(|execution| execution.settle(Decision::Finish { keep: true })).collect();
    }
    process.phase = ProcessStatus::Stopped;
    let _forgotten = store.heartbeat(&process).await?;
    Ok(Report { jobs: claimed, ..Report::latencies(micros) })
}
