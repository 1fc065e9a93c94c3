//! `enqueue`, `cancel`, `quiet`, `stop`, and lists that are sorted or followed.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use jobs::Due;
use jobs::store::{Claim, HeartbeatReply, Process, ProcessId, ProcessOrder};
use serde_json::json;

use crate::fixture::{TestDir, id};

#[tokio::test]
async fn a_job_is_enqueued_by_its_name_like_the_last_one() {
    let dir = TestDir::filled().await;
    let arguments = r#"{"address":"ada@example.com","subject":"Hi"}"#;
    let enqueued = dir.jobs(&["enqueue", "send_mail", arguments, "--json"]).json();
    assert_eq!(enqueued["enqueued"], "new");
    let job =
        dir.store.inspect().unwrap().find(enqueued["id"].as_str().unwrap().parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (job.queue.as_str(), job.arguments.as_str()),
        ("default", arguments),
        "the queue is that of the last job"
    );
    let error = dir.jobs(&["enqueue", "send_mial", arguments]).refused(1);
    assert!(error.contains("a similar value exists") || error.contains("send_mail"), "{error}");
    for (arguments, word) in [
        (r#"{"adress":"x","subject":"y"}"#, "the last job `send_mail` have other names, or another number"),
        (r#"{"address":"x"}"#, "the last job `send_mail` have other names, or another number"),
        ("[1]", "are an object"),
    ] {
        let error = dir.jobs(&["enqueue", "send_mail", arguments]).refused(1);
        assert!(error.contains(word) && error.contains("--unchecked"), "{error}");
        assert!(!error.contains("subject") && !error.contains("address"), "names of arguments may be secret: {error}");
    }
    dir.jobs(&["enqueue", "send_mail", "[1]", "--unchecked"]).done();
    let error = dir.jobs(&["enqueue", "send_mail", "address"]).refused(2);
    assert!(error.contains("this is not JSON"), "{error}");
}

#[tokio::test]
async fn an_enqueue_without_the_program_is_refused_if_only_that_knows_the_rest() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |job| (job.name, job.concurrency_key) = ("limited".into(), Some("account-7".into()))).await;
    dir.enqueue(2, |job| {
        (job.name, job.expires_at) = ("expiring".into(), Some(jobs::Timestamp::from_micros(4_102_444_800_000_000)));
    })
    .await;
    let plain = dir.enqueue(3, |job| job.name = "plain".into()).await;
    let arguments = dir.store.inspect().unwrap().find(plain).await.unwrap().unwrap().arguments;
    for (name, word) in [("limited", "limits how many run at once"), ("expiring", "`expiring` expires")] {
        let error = dir.jobs(&["enqueue", name, &arguments]).refused(1);
        assert!(error.contains(word) && error.contains("--unchecked") && !error.contains("account-7"), "{error}");
    }
    let error = dir.jobs(&["enqueue", "plain", &arguments, "--queue", "a*"]).refused(1);
    assert!(error.contains("cannot be the name of a queue"), "{error}");
    dir.write("config/jobs.yml", "development:\n  argument_limit: 8B\n");
    let error = dir.jobs(&["enqueue", "plain", &arguments, "--unchecked"]).refused(1);
    assert!(error.contains("the limit is 8"), "{error}");
}

#[tokio::test]
async fn a_program_with_jobs_checks_the_arguments_by_its_definitions() {
    let dir = TestDir::new().await;
    let error = dir.shop(&["enqueue", "send_mial"]).refused(1);
    assert!(error.contains("`send_mial` is not a job of this program") && error.contains("send_mail"), "{error}");
    let error = dir.shop(&["enqueue", "send_mail", r#"{"adress":"x","subject":"y"}"#]).refused(1);
    assert!(error.contains("adress"), "{error}");
    dir.shop(&["enqueue", "send_mail", r#"{"address":"x","subject":"y"}"#, "--queue", "urgent"]).done();
    assert!(dir.shop(&["list"]).done().contains("urgent"));
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_and_the_process_of_one_that_runs_is_asked() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    let _alive = dir.store.heartbeat(&Process::new(ProcessId::new(1), "worker-1", "host", 1)).await.unwrap();
    let _running = dir.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
    dir.enqueue(2, |_| {}).await;
    assert_eq!(dir.jobs(&["cancel", &id(2).to_string()]).done(), format!("the job {} is cancelled\n", id(2)));
    assert_eq!(dir.state(2).await, "discarded");
    let asked = dir.jobs(&["cancel", &id(1).to_string()]).done();
    assert!(asked.starts_with(&format!("`worker-1` is asked to cancel the job {}", id(1))), "{asked}");
    assert_eq!(dir.store.process_orders().unwrap().cancelled(ProcessId::new(1)).await.unwrap(), [id(1)]);
    let asked = dir.jobs(&["cancel", &id(1).to_string(), "--json"]).json();
    assert_eq!(asked, json!({"id": id(1).to_string(), "cancelled": false, "asked": "worker-1"}));
    let error = dir.jobs(&["cancel", &id(2).to_string()]).refused(1);
    assert!(error.contains("is discarded: there is nothing to cancel"), "{error}");
    dir.enqueue(3, |_| {}).await;
    let partly = dir.jobs(&["cancel", &id(9).to_string(), &id(3).to_string()]);
    assert_eq!((partly.status, partly.out), (1, format!("the job {} is cancelled\n", id(3))));
    assert!(partly.err.contains(&format!("there is no job {}: it never existed", id(9))), "{}", partly.err);
}

#[tokio::test]
async fn a_job_of_a_process_that_has_ended_is_not_cancelled() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    let _running = dir.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
    let error = dir.jobs(&["cancel", &id(1).to_string()]).refused(1);
    assert!(error.contains("which has ended: the job becomes ready again"), "{error}");
    assert_eq!(dir.state(1).await, "claimed");
}

#[tokio::test]
async fn a_process_is_made_quiet_and_stopped_by_its_name() {
    let dir = TestDir::new().await;
    let process = Process::new(ProcessId::new(1), "worker-1", "host", 1);
    let _alive = dir.store.heartbeat(&process).await.unwrap();
    let out = dir.jobs(&["quiet", "worker-1"]).done();
    assert!(out.starts_with("`worker-1` is asked to claim no more jobs"), "{out}");
    assert_eq!(dir.store.heartbeat(&process).await.unwrap(), HeartbeatReply::Asked(ProcessOrder::Quiet));
    let stopped = dir.jobs(&["stop", &process.id.to_string(), "--json"]).json();
    assert_eq!(
        stopped,
        json!({"process": process.id.to_string(), "name": "worker-1", "asked": "stop", "changed": true})
    );
    assert_eq!(dir.store.heartbeat(&process).await.unwrap(), HeartbeatReply::Asked(ProcessOrder::Stop));
    assert!(dir.jobs(&["stop", "worker-1"]).done().contains("was asked already"));
    assert!(dir.jobs(&["stop", "worker-2"]).refused(1).contains("there is `worker-1`"));
    assert_eq!(
        dir.jobs(&["list", "--process", &process.id.to_string(), "--json"]).done(),
        "",
        "the id of the list is taken"
    );
}

#[tokio::test]
async fn a_list_is_sorted_by_when_jobs_are_due_or_failed() {
    let dir = TestDir::new().await;
    for (number, seconds) in [(1, 300), (2, 100), (3, 200)] {
        dir.enqueue(number, |job| job.due = Due::In(Duration::from_secs(seconds))).await;
    }
    let tails = |args: &[&str]| {
        let list = dir.jobs(&[&["list"], args].concat()).done();
        list.lines()
            .skip(1)
            .map(|line| line.split_whitespace().next().unwrap().chars().last().unwrap())
            .collect::<String>()
    };
    assert_eq!(tails(&["--sort", "due"]), "231");
    assert_eq!(tails(&["--sort", "due", "--limit", "2"]), "23");
    dir.fail(4, "A", "a").await;
    dir.fail(5, "B", "b").await;
    assert_eq!(tails(&["--state", "failed", "--sort", "failed"]).len(), 2);
}

#[tokio::test]
async fn a_followed_list_goes_on_with_new_jobs() {
    let dir = TestDir::filled().await;
    let mut command =
        dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["list", "--follow", "--queue", "mail", "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let id_of =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    let (first, is_first) = std::sync::mpsc::channel();
    let seen = std::thread::spawn(move || {
        let mut ids = Vec::new();
        for line in lines.map_while(Result::ok) {
            ids.push(id_of(&line));
            let _told = first.send(());
            if ids.last() == Some(&id(9).to_string()) {
                break;
            }
        }
        ids
    });
    // The command may not have begun yet, so jobs are enqueued until one is seen.
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    for number in 10..=250 {
        dir.enqueue(number, |_| {}).await;
        if is_first.try_recv().is_ok() {
            break;
        }
        pause.tick().await;
    }
    // Of another queue, and with an id from before the others, as a transaction has that commits late.
    dir.enqueue(8, |job| job.queue = "default".into()).await;
    dir.enqueue(9, |_| {}).await;
    let ids = seen.join().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let once: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "each job is printed once: {ids:?}");
    assert!(ids.iter().all(|printed| *printed >= id(9).to_string()), "no old job and none of another queue: {ids:?}");
    dir.jobs(&["list", "--follow", "--limit", "5"]).refused(2);
}

#[tokio::test]
async fn a_shown_job_has_the_names_of_its_processes_and_short_classes() {
    let dir = TestDir::new().await;
    dir.fail(1, "shop::billing::gateway::Declined", "no").await;
    let shown = dir.jobs(&["show", &id(1).to_string()]).done();
    assert!(shown.contains("shop::Declined: no") && !shown.contains("billing"), "{shown}");
    dir.enqueue(2, |_| {}).await;
    let _alive = dir.store.heartbeat(&Process::new(ProcessId::new(1), "worker-1", "host", 1)).await.unwrap();
    let _running = dir.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
    let shown = dir.jobs(&["show", &id(2).to_string()]).done();
    assert!(shown.contains(&format!("claimed by worker-1 ({})", ProcessId::new(1))), "{shown}");
}
