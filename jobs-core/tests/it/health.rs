//! Whether all is well.

use std::time::Duration;

use jobs_core::{
    Health, HealthLimits, JobId, JobStats, OldestSnapshot, Process, ProcessId, ProcessRecord, QueueRecord,
    RecurringRecord, RecurringTask, RecurringTasks, SlowJob, State, Timestamp,
};

fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A store in which `mail` waits for a minute and `bulk` for an hour, with a process that was seen ten seconds ago.
fn stats() -> JobStats {
    let now = Timestamp::from_micros(1_000_000_000_000);
    let mut stats = JobStats::at(now);
    let queue = |name: &str, latency| QueueRecord::new(name.to_owned(), 3, secs(latency), false);
    stats.queues = vec![queue("bulk", 3600), queue("mail", 60)];
    let process = Process::new(ProcessId::new(1), "worker", "host", 7);
    stats.processes = vec![ProcessRecord::new(process, now, now - secs(10), 0)];
    stats.counts.add(State::Failed, 5);
    stats
}

/// The checks that are not well.
fn bad(stats: &JobStats, change: impl FnOnce(&mut HealthLimits)) -> Vec<&'static str> {
    let mut limits = HealthLimits { max_latency: None, ..HealthLimits::default() };
    change(&mut limits);
    let health = Health::of(stats, &limits);
    let bad: Vec<_> = health.checks.iter().filter(|check| !check.healthy).map(|check| check.check).collect();
    assert_eq!(health.healthy, bad.is_empty());
    bad
}

#[test]
fn a_queue_may_wait_as_long_as_the_limit_and_no_longer() {
    assert_eq!(bad(&stats(), |_| {}), [""; 0], "without a limit nothing waits for too long");
    assert_eq!(bad(&stats(), |limits| limits.max_latency = Some(secs(3600))), [""; 0]);
    assert_eq!(bad(&stats(), |limits| limits.max_latency = Some(secs(3599))), ["latency"]);
    assert_eq!(bad(&JobStats::at(stats().at), |limits| limits.min_processes = 0), [""; 0], "nothing waits");
}

#[test]
fn a_queue_with_a_limit_of_its_own_is_not_held_to_the_general_one() {
    let own = |limits: &mut HealthLimits, name: &str, most| {
        limits.max_latency = Some(secs(300));
        limits.max_latency_of.insert(name.to_owned(), secs(most));
    };
    assert_eq!(bad(&stats(), |limits| own(limits, "bulk", 7200)), [""; 0]);
    assert_eq!(bad(&stats(), |limits| own(limits, "bulk", 60)), ["latency"]);
    assert_eq!(bad(&stats(), |limits| own(limits, "mail", 30)), ["latency", "latency"], "each says its own");
    assert_eq!(bad(&stats(), |limits| own(limits, "none", 0)), ["latency"], "a queue that is not there does not wait");
}

#[test]
fn nothing_waits_in_a_queue_without_ready_jobs() {
    let mut stats = stats();
    stats.queues = vec![QueueRecord::new("nightly".to_owned(), 0, secs(0), false)];
    let mut limits = HealthLimits::default();
    limits.max_latency_of.insert("nightly".to_owned(), secs(60));
    stats.queues.push(QueueRecord::new("spent".to_owned(), 0, secs(0), false));
    let words: Vec<_> =
        Health::of(&stats, &limits).checks.into_iter().filter(|check| check.check == "latency").collect();
    let words: Vec<_> = words.iter().map(|check| check.words.as_str()).collect();
    assert_eq!(words, ["nothing waits", "nothing waits in `nightly`"]);
    assert_eq!(stats.slowest(), None);
}

#[test]
fn jobs_that_run_for_far_longer_than_usual_are_listed_by_name() {
    let mut stats = stats();
    let slow = |n: u8, name: &str, ago| SlowJob::new(JobId::from_bytes([n; 16]), name, stats.at - secs(ago));
    let (import, export) = ([slow(1, "import", 90), slow(2, "import", 7200)], slow(3, "export", 300));
    stats.processes[0].process.slow = import.to_vec();
    let mut other = stats.processes[0].clone();
    (other.process.id, other.process.slow) = (ProcessId::new(2), vec![export]);
    let mut dead = other.clone();
    (dead.process.id, dead.heartbeat_at) = (ProcessId::new(3), stats.at - secs(3600));
    stats.processes.extend([other, dead]);
    let health = Health::of(&stats, &HealthLimits { max_latency: None, ..HealthLimits::default() });
    let words: Vec<_> = health.checks.iter().filter(|check| check.check == "slow").map(|check| &check.words).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(words[0].contains("2 jobs `import` run for longer than expected, the first since 1970-"), "{words:?}");
    assert!(words[0].ends_with("(2h 0m)") && words[1].starts_with("`export` runs for longer"), "{words:?}");
    assert!(health.healthy, "a time-out ends them, not the health check");
}

#[test]
fn a_paused_queue_is_meant_to_wait() {
    let mut stats = stats();
    stats.queues[0].paused = true;
    assert_eq!(bad(&stats, |limits| limits.max_latency = Some(secs(300))), [""; 0]);
    let own = |limits: &mut HealthLimits| limits.max_latency_of = [("bulk".to_owned(), secs(1))].into();
    assert_eq!(bad(&stats, own), [""; 0]);
    assert_eq!((stats.latency(), stats.slowest().map(|queue| queue.name.as_str())), (secs(60), Some("mail")));
}

#[test]
fn failed_jobs_and_processes_are_counted() {
    assert_eq!(bad(&stats(), |limits| limits.max_failed = Some(5)), [""; 0]);
    assert_eq!(bad(&stats(), |limits| limits.max_failed = Some(4)), ["failed"]);
    assert_eq!(bad(&stats(), |limits| limits.min_processes = 2), ["processes"]);
    assert_eq!(bad(&stats(), |limits| limits.silence = secs(10)), [""; 0]);
    assert_eq!(bad(&stats(), |limits| limits.silence = secs(9)), ["processes"], "a silent process does not live");
}

#[test]
fn a_store_out_of_reach_is_not_healthy() {
    let health = Health::unreachable("the store does not answer");
    assert!(!health.healthy && !health.checks[0].healthy);
    let json = serde_json::to_value(&health).unwrap();
    let words = "the store does not answer";
    let expected =
        serde_json::json!({"healthy": false, "checks": [{"check": "store", "healthy": false, "words": words}]});
    assert_eq!(json, expected);
}

/// The words of a check, if there is one of this name.
fn words(stats: &JobStats, name: &str) -> Option<String> {
    let health = Health::of(stats, &HealthLimits::default());
    health.checks.into_iter().find(|check| check.check == name).map(|check| check.words)
}

#[test]
fn a_due_job_that_nothing_makes_ready_is_unhealthy_after_the_limit() {
    let mut stats = stats();
    let limit = |limits: &mut HealthLimits| limits.max_latency = Some(secs(7200));
    stats.dispatch_latency = secs(7200);
    assert_eq!(bad(&stats, limit), [""; 0]);
    stats.dispatch_latency = secs(7201);
    assert_eq!(bad(&stats, limit), ["dispatch"]);
    assert_eq!(bad(&stats, |_| {}), [""; 0], "without a limit nothing is late");
    assert!(words(&stats, "dispatch").is_some_and(|words| words.contains("for 2h 0m, 5m 0s are allowed")));
}

#[test]
fn a_tick_that_no_process_takes_is_unhealthy_after_the_limit_and_a_minute() {
    let now = stats().at;
    let mut record = RecurringRecord::new(RecurringTask::new("nightly", "clean_up", "0 * * * *"), now - secs(7200));
    let stats_of = |records: &[RecurringRecord]| {
        let mut stats = stats();
        stats.late_tick = RecurringTasks::new(now, records.to_vec()).late_tick();
        stats
    };
    let late = stats_of(&[record.clone()]);
    assert!(words(&late, "recurring").is_some_and(|words| words.contains("`nightly`")));
    assert_eq!(bad(&late, |limits| limits.max_latency = Some(secs(7200))), [""; 0]);
    record.paused = true;
    assert_eq!(stats_of(&[record.clone()]).late_tick, None, "a paused task has no ticks");
    record.paused = false;
    record.source = Some("sidekiq-cron".to_owned());
    assert_eq!(stats_of(&[record.clone()]).late_tick, None, "other software takes its ticks");
    assert!(record.check_declared().unwrap_err().to_string().contains("sidekiq-cron"), "and changes it");
    record.source = None;
    let taken = RecurringRecord::new(RecurringTask::new("daily", "clean_up", "0 0 * * *"), now);
    assert_eq!(stats_of(&[record.clone(), taken]).late_tick, None, "no program declares the first one any more");
    record.after = now;
    assert_eq!(stats_of(&[record]).late_tick, None, "its ticks are over");
}

#[test]
fn jobs_in_paused_queues_are_told_and_healthy() {
    let mut stats = stats();
    assert_eq!(words(&stats, "paused"), None);
    stats.queues[0].paused = true;
    assert_eq!(words(&stats, "paused").as_deref(), Some("3 ready in paused queues, the oldest waits for 1h 0m"));
    assert_eq!(bad(&stats, |limits| limits.max_latency = Some(secs(300))), [""; 0]);
}

#[test]
fn a_snapshot_that_is_held_for_longer_than_an_hour_is_unhealthy_and_named() {
    let mut stats = JobStats::at(Timestamp::default());
    let mut snapshot = OldestSnapshot::default();
    (snapshot.holder, snapshot.pid) = ("session".to_owned(), Some(4711));
    (snapshot.name, snapshot.user) = (Some("pg_dump".to_owned()), Some("backup".to_owned()));
    (snapshot.state, snapshot.age) = (Some("active".to_owned()), Some(Duration::from_secs(3600)));
    let found = |snapshot: &OldestSnapshot, stats: &mut JobStats| {
        stats.oldest_snapshot = Some(snapshot.clone());
        let health = Health::of(stats, &HealthLimits::default());
        health.checks.into_iter().find(|check| check.check == "snapshot")
    };
    assert_eq!(found(&snapshot, &mut stats), None, "an hour is allowed");
    snapshot.age = Some(Duration::from_secs(7200));
    let check = found(&snapshot, &mut stats).unwrap();
    let words =
        "the oldest snapshot is held by session 4711 (pg_dump, user backup, active) for 2h 0m, 1h 0m are allowed";
    assert_eq!((check.healthy, check.words.as_str()), (false, words));
    snapshot.age = None;
    assert_eq!(found(&snapshot, &mut stats), None, "its age is unknown");
}
