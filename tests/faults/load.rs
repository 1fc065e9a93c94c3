//! Two workers under load, one of them killed again and again at a random moment.

use std::time::Duration;

use jobs::State;
use jobs::time::{Entropy, SystemEntropy};
use jobs_testing::SeededEntropy;

use crate::support::fixture::Fixture;
use crate::support::process::Process;

const JOBS: u64 = 2000;
const ROUNDS: u32 = 30;

#[tokio::test]
async fn workers_killed_at_random_under_load_lose_no_job_and_settle_none_twice() {
    let seed = SystemEntropy::new().next_u64();
    println!("seed {seed}");
    let entropy = SeededEntropy::new(seed);
    let fixture = Fixture::new().await;
    fixture.enqueue(0..JOBS).await;
    let mut workers = [Process::start(&fixture.orders()), Process::start(&fixture.orders())];
    let mut deaths = 0;
    for _ in 0..ROUNDS {
        let worker = &mut workers[usize::from(entropy.next_u64().is_multiple_of(2))];
        let moment = Duration::from_micros(1000 + entropy.next_u64() % 100_000);
        let mut ticks = tokio::time::interval(moment);
        ticks.tick().await;
        ticks.tick().await;
        if worker.is_alive() {
            worker.signal("KILL");
            worker.ended().await;
            *worker = Process::start(&fixture.orders());
            deaths += 1;
        }
    }
    for worker in &mut workers {
        worker.succeeds().await;
    }
    let crashes: u32 = fixture.all().await.iter().map(|record| record.crashes).sum();
    println!("{deaths} deaths, {crashes} jobs taken back");
    assert_eq!(fixture.counts().await.of(State::Finished), JOBS, "seed {seed}");
    fixture.is_accounted_for(2000, &format!("seed {seed}")).await;
    assert!(deaths > ROUNDS / 2 && crashes > 0, "seed {seed}: {deaths} deaths and {crashes} crashes are no test");
}
