//! Eight processes with schedulers on one store are killed and restarted at random. Each second has one job.

use std::collections::BTreeMap;
use std::time::Duration;

use jobs::Timestamp;
use jobs::recurring::RecurringTasks;
use jobs::store::StoreExt;
use jobs::time::Entropy;
use jobs_testing::SeededEntropy;
use tokio::time::{interval, timeout};

use crate::support::fixture::Fixture;
use crate::support::process::Process;
use crate::support::worker::pulse;

const PROCESSES: usize = 8;
const KILLS: usize = 16;
const SECOND: Duration = Duration::from_secs(1);

async fn agenda(fixture: &Fixture) -> RecurringTasks {
    fixture.jobs.store().require_recurring().unwrap().tasks().await.unwrap()
}

/// Waits until ticks up to this point are done with.
async fn comes_to(fixture: &Fixture, point: Timestamp) -> Timestamp {
    let mut polls = interval(Duration::from_millis(20));
    let coming = async {
        loop {
            if let Some(record) = agenda(fixture).await.find("pulse").filter(|record| record.after >= point) {
                return record.after;
            }
            polls.tick().await;
        }
    };
    timeout(Duration::from_secs(30), coming).await.expect("somebody takes the ticks")
}

async fn each_second_has_one_job(fixture: Fixture) {
    let seed = std::env::var("JOBS_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("JOBS_TEST_SEED={seed}");
    let entropy = SeededEntropy::new(seed);
    let mut orders = fixture.orders();
    (orders.pulse, orders.until_drained) = (true, false);
    let mut running: Vec<Process> = (0..PROCESSES).map(|_| Process::start(&orders)).collect();
    let mut reported = Vec::new();
    for process in &running {
        process.says(1, "@start").await;
    }
    // A process declares its tasks after it has said that it starts.
    let first = comes_to(&fixture, Timestamp::from_micros(0)).await;
    let mut pauses = interval(Duration::from_millis(400));
    for _ in 0..KILLS {
        pauses.tick().await;
        let place = usize::try_from(entropy.next_u64() % PROCESSES as u64).unwrap();
        reported.extend(running.swap_remove(place).killed("@recurring ").await);
        running.push(Process::start(&orders));
    }
    let until = comes_to(&fixture, agenda(&fixture).await.now + SECOND).await;
    for process in running {
        reported.extend(process.killed("@recurring ").await);
    }
    let until = agenda(&fixture).await.find("pulse").map_or(until, |record| record.after);
    assert_complete(&fixture, first, until, &reported).await;
}

/// From the first tick to the last each has its job, no other job is there, and no tick was reported twice.
async fn assert_complete(fixture: &Fixture, after: Timestamp, until: Timestamp, reported: &[String]) {
    let task = pulse();
    let ticks: Vec<_> = task.when().unwrap().ticks_between(after, until).collect();
    let mut stored: Vec<_> = fixture.all().await.into_iter().map(|record| record.id).collect();
    // What came before all processes had started is not counted.
    stored.retain(|id| *id > task.job_id(after).max(task.job_id(after - SECOND)));
    let expected: Vec<_> = ticks.iter().map(|tick| task.job_id(*tick)).collect();
    assert!(ticks.len() >= 6, "only {} seconds have passed", ticks.len());
    assert_eq!(stored, expected, "each tick has one job, and none is missing");
    assert!(reported.len() + KILLS + PROCESSES >= ticks.len(), "only {} ticks were told", reported.len());
    let mut times = BTreeMap::<&String, u32>::new();
    for line in reported {
        *times.entry(line).or_default() += 1;
    }
    let twice: Vec<_> = times.into_iter().filter(|(_, count)| *count > 1).collect();
    assert!(twice.is_empty(), "a tick was given to two: {twice:?}");
}

#[tokio::test]
async fn schedulers_that_are_killed_on_one_file_take_each_tick_once_and_miss_none() {
    each_second_has_one_job(Fixture::new().await).await;
}

#[tokio::test]
async fn schedulers_that_are_killed_on_one_server_take_each_tick_once_and_miss_none() {
    if let Some(fixture) = Fixture::on_server().await {
        each_second_has_one_job(fixture).await;
    }
}
