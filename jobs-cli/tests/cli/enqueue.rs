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
        (r#"{"adress":"x","subject":"y"}"#, "`adress` is not an argument of the last job `send_mail`"),
        (r#"{"address":"x"}"#, "`subject`, which is missing here"),
        ("[1]", "are an object"),
    ] {
        let error = dir.jobs(&["enqueue", "send_mail", arguments]).refused(1);
        assert!(error.contains(word) && error.contains("--unchecked"), "{error}");
    }
    dir.jobs(&["enqueue", "send_mail", "[1]", "--unchecked"]).done();
    let error = dir.jobs(&["enqueue", "send_mail", "address"]).refused(2);
    assert!(error.contains("this is not JSON"), "{error}");
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
async fn a_job_that_waits_is_cancelled_and_one_that_runs_is_not() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    let _alive = dir.store.heartbeat(&Process::new(ProcessId::new(1), "worker-1", "host", 1)).await.unwrap();
    let _running = dir.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
    dir.enqueue(2, |_| {}).await;
    assert_eq!(dir.jobs(&["cancel", &id(2).to_string()]).done(), format!("the job {} is cancelled\n", id(2)));
    assert_eq!(dir.state(2).await, "discarded");
    let error = dir.jobs(&["cancel", &id(1).to_string()]).refused(1);
    assert!(error.contains("runs in `worker-1`") && error.contains("client.cancel(id)"), "{error}");
    let error = dir.jobs(&["cancel", &id(2).to_string()]).refused(1);
    assert!(error.contains("is discarded: there is nothing to cancel"), "{error}");
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
    let seen = std::thread::spawn(move || lines.map_while(Result::ok).next());
    // The command may not have begun yet, so jobs are enqueued until one is seen.
    let mut pause = tokio::time::interval(Duration::from_millis(100));
    for number in 10..=250 {
        dir.enqueue(number, |_| {}).await;
        if seen.is_finished() {
            break;
        }
        pause.tick().await;
    }
    child.kill().unwrap();
    let line = seen.join().unwrap().expect("a new job is printed");
    let job: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(job["queue"], "mail");
    assert!(child.wait().is_ok() && job["id"].as_str().unwrap() > id(9).to_string().as_str(), "{job}");
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
