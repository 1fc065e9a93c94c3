//! Workers of a server, killed at any message to it, while the server may still receive the rest.

use std::time::Duration;

use jobs::State;
use jobs::time::{Entropy, SystemEntropy};
use jobs_testing::SeededEntropy;
use tokio::time::Instant;

use crate::proxy::{Proxy, Way};
use crate::support::fixture::Fixture;
use crate::support::process::Process;
use crate::support::worker::Orders;

/// The default duration, and the most rounds within it.
const TIME: Duration = Duration::from_secs(12);
const ROUNDS: u32 = 40;

/// The number of rounds; if it is given, without a time limit.
fn rounds() -> (u32, Duration) {
    match std::env::var("JOBS_TEST_ROUNDS").ok().and_then(|text| text.parse().ok()) {
        Some(rounds) => (rounds, Duration::MAX),
        None => (ROUNDS, TIME),
    }
}

/// Random bits, by a seed that can be given.
fn entropy() -> (u64, SeededEntropy) {
    let given = std::env::var("JOBS_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| SystemEntropy::new().next_u64());
    println!("JOBS_TEST_SEED={seed}");
    (seed, SeededEntropy::new(seed))
}

/// A worker behind its own proxy.
struct Severed {
    proxy: Proxy,
    orders: Orders,
    process: Process,
}

impl Severed {
    async fn start(fixture: &Fixture) -> Self {
        let schema = fixture.schema.as_ref().unwrap();
        let proxy = Proxy::to(&schema.url).await;
        let orders = Orders { server: Some(proxy.url.clone()), until_drained: false, ..fixture.orders() };
        Self { process: Process::start(&orders), orders, proxy }
    }

    /// Kills it after this many messages. Its last message may arrive after its death.
    async fn dies_after(&mut self, messages: usize) {
        self.proxy.pause_after(messages);
        self.proxy.is(Way::Silent).await;
        self.process.signal("KILL");
        self.process.ended().await;
        self.proxy.set(Way::Open);
        self.process = Process::start(&self.orders);
    }
}

#[tokio::test]
async fn workers_killed_at_any_message_under_load_lose_no_job_and_settle_none_twice() {
    let Some(fixture) = Fixture::on_server().await else { return };
    let (seed, entropy) = entropy();
    let (rounds, time) = rounds();
    let mut workers = [Severed::start(&fixture).await, Severed::start(&fixture).await];
    let (began, mut jobs, mut deaths) = (Instant::now(), 0, 0);
    while deaths < rounds && began.elapsed() < time {
        fixture.enqueue(jobs..jobs + 40).await;
        jobs += 40;
        let worker = &mut workers[usize::from(entropy.next_u64().is_multiple_of(2))];
        // The first hundred or so are those of its start.
        worker.dies_after(1 + usize::try_from(entropy.next_u64() % 300).unwrap()).await;
        deaths += 1;
    }
    fixture.finishes(jobs).await;
    fixture.knows(&workers.each_ref().map(|worker| &worker.process)).await;
    for worker in &mut workers {
        worker.process.signal("TERM");
        worker.process.succeeds().await;
    }
    fixture.knows(&[]).await;
    let crashes: u32 = fixture.all().await.iter().map(|record| record.crashes).sum();
    println!("{deaths} deaths, {jobs} jobs, {crashes} taken back, in {:?}", began.elapsed());
    assert_eq!(fixture.counts().await.of(State::Finished), jobs, "seed {seed}");
    fixture.is_accounted_for(usize::try_from(jobs).unwrap(), &format!("seed {seed}")).await;
}
