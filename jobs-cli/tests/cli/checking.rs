//! `health` and `check`.

use jobs::{Due, Process, ProcessId};

use crate::place::Place;

#[tokio::test]
async fn a_store_with_a_living_process_and_nothing_late_is_healthy() {
    let place = Place::filled().await;
    let _pulse = place.store.heartbeat(&Process::new(ProcessId::new(7), "web-1", "host", 1)).await.unwrap();
    let said = place.jobs(&["health"]).done();
    assert!(said.contains("1 processes live, 1 are asked for"), "{said}");
    let said = place.jobs(&["processes"]).done();
    assert!(said.contains("web-1") && said.contains("running"), "{said}");
}

#[tokio::test]
async fn what_is_not_well_ends_with_three() {
    let place = Place::filled().await;
    let sick = |words: &[&str], which: &str| {
        let said = place.jobs(&[&["health", "--json"], words].concat());
        assert_eq!((said.status, said.err.as_str()), (3, ""), "{}", said.out);
        let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        let checks = report["checks"].as_array().unwrap();
        let bad: Vec<_> = checks.iter().filter(|one| one["healthy"] == false).map(|one| &one["check"]).collect();
        assert_eq!(bad, [which]);
    };
    sick(&[], "processes");
    sick(&["--min-processes", "0", "--max-failed", "1"], "failed");
    sick(&["--min-processes", "0", "--max-latency", "0s"], "latency");
    sick(&["--min-processes", "0", "--max-latency-of", "default=0s"], "latency");
    sick(&["--url", "sqlite:typo.db"], "store");
    assert_eq!(place.jobs(&["health", "--min-processes", "0", "--max-latency-of", "mail=0s"]).status, 0);
    assert!(place.jobs(&["health", "--max-latency-of", "mail"]).refused(2).contains("write it as `mail=30s`"));
    assert_eq!(place.jobs(&["health", "--min-processes", "0", "--max-failed", "2"]).status, 0);
}

#[tokio::test]
async fn a_check_names_jobs_that_nobody_knows_and_queues_that_nobody_serves() {
    let place = Place::filled().await;
    place.enqueue(5, |job| job.name = "unheard_of".into()).await;
    place.enqueue(6, |job| job.version = 3).await;
    let later = Due::In(std::time::Duration::from_secs(3600));
    place.enqueue(7, |job| (job.queue, job.due) = ("nightly".into(), later)).await;
    std::fs::create_dir(place.folder.path().join("config")).unwrap();
    let config = "development:\n  workers: [{ queues: mail }]\n";
    std::fs::write(place.folder.path().join("config/jobs.yml"), config).unwrap();
    let said = place.shop(&["check"]);
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(said.out.contains("no worker serves the queue `default`: 1 jobs wait"), "{}", said.out);
    assert!(said.out.contains("does not know the job `unheard_of`: 1 are stored"), "{}", said.out);
    assert!(said.out.contains("no worker serves the queue `nightly`: 1 jobs wait"), "{}", said.out);
    assert!(said.out.contains("does not know version 3 of the arguments of `send_mail`: 1 are stored"), "{}", said.out);
    assert_eq!(said.out.lines().count(), 4, "{}", said.out);
}

#[tokio::test]
async fn a_check_says_all_mistakes_of_the_configuration() {
    let place = Place::new().await;
    std::fs::write(place.folder.path().join("jobs.yml"), "production:\n  threds: 5\n  crash_limit: x\n").unwrap();
    let said = place.jobs(&["check", "-C", "jobs.yml", "-e", "production", "--json"]);
    assert_eq!(said.status, 3);
    assert!(said.out.contains("jobs.yml:2:3") && said.out.contains("jobs.yml:3:"), "{}", said.out);
    assert_eq!(place.jobs(&["check"]).done(), "all is well\n");
}
