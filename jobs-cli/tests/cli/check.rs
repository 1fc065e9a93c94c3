//! `health` and `check`.

use jobs::Due;
use jobs::store::{Process, ProcessDetails, ProcessId};

use crate::fixture::TestDir;

#[tokio::test]
async fn a_store_with_a_living_process_and_no_latency_is_healthy() {
    let dir = TestDir::filled().await;
    let _pulse = dir.store.heartbeat(&Process::new(ProcessId::new(7), "web-1", "host", 1)).await.unwrap();
    let output = dir.jobs(&["health"]).done();
    assert!(output.contains("1 live process, at least 1 wanted"), "{output}");
    let output = dir.jobs(&["processes"]).done();
    assert!(output.contains("web-1") && output.contains("running"), "{output}");
}

#[tokio::test]
async fn processes_are_listed_with_their_slots_queues_and_version() {
    let dir = TestDir::filled().await;
    let mut process = Process::new(ProcessId::new(7), "web-1", "host", 1);
    process.details = ProcessDetails::new(4, ["mail*".to_owned(), "reports".to_owned()], Some("1.2.3".to_owned()));
    let _pulse = dir.store.heartbeat(&process).await.unwrap();
    let output = dir.jobs(&["processes"]).done();
    assert!(output.contains("0 of 4") && output.contains("1.2.3") && output.contains("mail*, reports"), "{output}");
    let json = dir.jobs(&["processes", "--json"]).done();
    assert!(json.contains(r#""slots":4,"busy":0,"version":"1.2.3","queues":["mail*","reports"]"#), "{json}");
}

#[tokio::test]
async fn an_unhealthy_store_exits_with_status_three() {
    let dir = TestDir::filled().await;
    let unhealthy = |args: &[&str], which: &str| {
        let output = dir.jobs(&[&["health", "--json"], args].concat());
        assert_eq!((output.status, output.err.as_str()), (3, ""), "{}", output.out);
        let report: serde_json::Value = serde_json::from_str(&output.out).unwrap();
        let checks = report["checks"].as_array().unwrap();
        let bad: Vec<_> = checks.iter().filter(|one| one["healthy"] == false).map(|one| &one["check"]).collect();
        assert_eq!(bad, [which]);
    };
    unhealthy(&[], "processes");
    unhealthy(&["--min-processes", "0", "--max-failed", "1"], "failed");
    unhealthy(&["--min-processes", "0", "--max-latency", "0s"], "latency");
    unhealthy(&["--min-processes", "0", "--max-latency-of", "default=0s"], "latency");
    unhealthy(&["--url", "sqlite:typo.db"], "store");
    assert_eq!(dir.jobs(&["health", "--min-processes", "0", "--max-latency-of", "mail=0s"]).status, 0);
    assert!(dir.jobs(&["health", "--max-latency-of", "mail"]).refused(2).contains("write it as `mail=30s`"));
    assert_eq!(dir.jobs(&["health", "--min-processes", "0", "--max-failed", "2"]).status, 0);
}

#[tokio::test]
async fn a_check_names_unknown_jobs_and_queues_without_a_worker() {
    let dir = TestDir::filled().await;
    dir.enqueue(5, |job| job.name = "unknown_job".into()).await;
    dir.enqueue(6, |job| job.version = 3).await;
    let later = Due::In(std::time::Duration::from_secs(3600));
    dir.enqueue(7, |job| (job.queue, job.due) = ("nightly".into(), later)).await;
    dir.enqueue(8, |job| (job.name, job.queue) = ("EmailJob".into(), "emails".into())).await;
    std::fs::create_dir(dir.folder.path().join("config")).unwrap();
    let config = "development:\n  workers: [{ queues: mail }]\n";
    std::fs::write(dir.folder.path().join("config/jobs.yml"), config).unwrap();
    let output = dir.shop(&["check"]);
    assert_eq!(output.status, 3, "{}", output.err);
    assert!(output.out.contains("no worker serves the queue `default`: 1 job waits"), "{}", output.out);
    assert!(output.out.contains("does not know the job `unknown_job`: 1 are stored"), "{}", output.out);
    assert!(output.out.contains("no worker serves the queue `nightly`: 1 job waits"), "{}", output.out);
    assert!(
        output.out.contains("does not know version 3 of the arguments of `send_mail`: 1 are stored"),
        "{}",
        output.out
    );
    assert_eq!(output.out.lines().count(), 4, "nothing of the remote job: {}", output.out);
}

#[tokio::test]
async fn a_check_reports_all_mistakes_of_the_configuration() {
    let dir = TestDir::new().await;
    std::fs::write(dir.folder.path().join("jobs.yml"), "production:\n  threds: 5\n  crash_limit: x\n").unwrap();
    let output = dir.jobs(&["check", "-C", "jobs.yml", "-e", "production", "--json"]);
    assert_eq!(output.status, 3);
    assert!(output.out.contains("jobs.yml:2:3") && output.out.contains("jobs.yml:3:"), "{}", output.out);
    assert_eq!(dir.jobs(&["check"]).done(), "all is well\n");
}
