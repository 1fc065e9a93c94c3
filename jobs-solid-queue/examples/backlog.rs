//! Measures claims beside a long backlog: `backlog URL [CALLS]` claims and finishes ten jobs a call, and says how long calls take.
#![allow(clippy::print_stdout, reason = "it shows what it measured")]

use std::error::Error;
use std::time::{Duration, Instant};

use jobs_core::{Claim, Decision, Execution, Inspect, Process, ProcessId, Store};
use jobs_solid_queue::SolidQueueOptions;

const AT_ONCE: usize = 10;
const ME: ProcessId = ProcessId::new(1);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("name the URL of the store, as solid_queue+postgres://host/database")?;
    let calls: usize = arguments.next().map_or(Ok(1000), |calls| calls.parse())?;
    let store = SolidQueueOptions::from_url(&url)?.connect().await?;
    let _alive = store.heartbeat(&Process::new(ME, "backlog", "host", std::process::id())).await?;
    let claim = Claim::all(ME, AT_ONCE).with_names(["Job".to_owned()].into());
    let mut running = store.claim(&claim).await?;
    let mut times = Vec::with_capacity(calls);
    for _ in 0..calls {
        let settlements: Vec<_> = running.drain(..).map(finished).collect();
        let begun = Instant::now();
        running = store.settle_and_claim(&settlements, &claim).await?.1;
        times.push(begun.elapsed());
    }
    let settlements: Vec<_> = running.drain(..).map(finished).collect();
    store.settle(&settlements).await?;
    print("settle and claim", &mut times);
    let begun = Instant::now();
    let counts = store.stats().await?.counts;
    println!("figures of {} jobs: {:?}", counts.total(), begun.elapsed());
    Ok(())
}

fn finished(execution: Execution) -> jobs_core::Settlement {
    execution.settle(Decision::Finish { keep: true })
}

fn print(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    let mean = times.iter().sum::<Duration>() / u32::try_from(times.len().max(1)).unwrap_or(u32::MAX);
    println!("{name}: mean {mean:?}, median {:?}, 95 % {:?}, {} calls", at(50), at(95), times.len());
}
