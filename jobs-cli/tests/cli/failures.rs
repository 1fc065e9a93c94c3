//! `failures`, and changes of many jobs that are counted first.

use jobs::store::NewJob;
use serde_json::Value;

use crate::fixture::TestDir;

#[tokio::test]
async fn failures_are_grouped_and_one_group_is_retried() {
    let dir = TestDir::new().await;
    for (number, message) in [(1, "order 17: no stock"), (2, "no route"), (3, "order 4711: no stock")] {
        dir.fail(number, "shop::billing::Refused", message).await;
    }
    let table = dir.jobs(&["failures"]).done();
    let row = table.lines().nth(1).unwrap();
    assert!(row.starts_with("2     send_mail  shop::Refused: order #: no stock"), "{table}");
    let part = dir.jobs(&["failures", "--read", "1"]);
    assert!(part.status == 0 && part.err.contains("the newest 1 failed jobs were read"), "{part:?}");
    let json = dir.jobs(&["failures", "--json"]).done();
    let groups: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&groups[0]["count"], &groups[0]["class"]), (&2.into(), &"shop::billing::Refused".into()));
    let key = groups[0]["failure"].as_str().unwrap();
    assert_eq!(dir.jobs(&["retry", "--failure", key, "--yes"]).done(), "2 jobs retried\n");
    assert_eq!([dir.state(1).await, dir.state(2).await, dir.state(3).await], ["ready", "failed", "ready"]);
    assert!(dir.jobs(&["failures", "--read", "0"]).refused(2).contains("`0` is not a number from 1 on"));
    assert!(dir.jobs(&["discard", "--failure", "17"]).refused(2).contains("16 hexadecimal digits"));
}

#[tokio::test]
async fn a_change_of_a_group_takes_failed_jobs_unless_a_state_is_given() {
    let dir = TestDir::new().await;
    dir.fail(1, "shop::Refused", "order 17: no stock").await;
    dir.retry_later(2, "shop::Refused", "order 18: no stock").await;
    let json = dir.jobs(&["failures", "--json"]).json();
    assert_eq!(json["count"], 1, "the list has only failed jobs: {json}");
    let key = json["failure"].as_str().unwrap();
    let refused = dir.jobs(&["reschedule", "--failure", key, "--in", "1h", "--yes"]).refused(1);
    assert!(
        refused.contains(&format!("`retry --failure {key}`")) && refused.contains("--state scheduled"),
        "{refused}"
    );
    assert_eq!(dir.jobs(&["discard", "--failure", key, "--json"]).json()["matched"], 1);
    assert_eq!(dir.jobs(&["discard", "--failure", key, "--yes", "--json"]).json()["changed"], 1);
    assert_eq!([dir.state(1).await, dir.state(2).await], ["discarded", "scheduled"]);
    let waiting = ["--failure", key, "--state", "scheduled", "--yes", "--json"];
    assert_eq!(dir.jobs(&[&["reschedule", "--in", "1h"], &waiting[..]].concat()).json()["changed"], 1);
    assert_eq!(dir.jobs(&[&["discard"], &waiting[..]].concat()).json()["changed"], 1);
}

#[tokio::test]
async fn many_jobs_are_counted_to_a_number_unless_all_are_asked_for() {
    let dir = TestDir::new().await;
    let job = |number: u16| {
        let mut bytes = [0; 16];
        bytes[14..].copy_from_slice(&number.to_be_bytes());
        NewJob::new(jobs::JobId::from_bytes(bytes), "send_mail", "{}")
    };
    let _stored = dir.store.enqueue(&(0..10_600).map(job).collect::<Vec<_>>()).await.unwrap();
    let counted = dir.jobs(&["discard", "--job", "send_mail", "--json"]).json();
    assert_eq!((&counted["at_least"], &counted["changed"]), (&true.into(), &0.into()), "{counted}");
    assert!(counted["matched"].as_u64().unwrap() < 10_600, "{counted}");
    let told = dir.jobs(&["discard", "--job", "send_mail"]).done();
    assert!(told.starts_with("at least ") && told.contains("or `--dry-run` to count all of them\n"), "{told}");
    let whole = dir.jobs(&["discard", "--state", "ready", "--json"]).json();
    assert_eq!((&whole["matched"], whole.get("at_least")), (&10_600.into(), None), "a whole state is counted at once");
    assert!(whole["read"].as_u64().unwrap() < 10_600, "the kinds are of a part: {whole}");
    let all = dir.jobs(&["discard", "--job", "send_mail", "--dry-run", "--json"]).json();
    assert_eq!((&all["matched"], &all["read"], all.get("at_least")), (&10_600.into(), &10_600.into(), None), "{all}");
}

#[tokio::test]
async fn an_error_is_a_json_object_if_the_output_is_json() {
    let dir = TestDir::new().await;
    let missing = dir.jobs(&["show", "00000000-0000-0000-0000-000000000001", "--json"]).refused(1);
    let error: Value = serde_json::from_str(&missing).unwrap();
    assert!(error["error"].as_str().unwrap().contains("00000000-0000-0000-0000-000000000001"), "{error}");
    assert_eq!(error["transient"], false);
}

#[tokio::test]
async fn a_mistake_on_the_command_line_is_a_json_object_if_the_output_is_json() {
    let dir = TestDir::new().await;
    for (args, words) in [
        (&["list", "--jsn", "--json"][..], "unexpected argument '--jsn'"),
        (&["--json"], "requires a subcommand"),
        (&["--json", "list", "--state", "faild"], "'failed'"),
        (&["list", "--json", "postgres://me:ssw0rd@host/db"], "[hidden]"),
    ] {
        let error: Value = serde_json::from_str(&dir.jobs(args).refused(2)).unwrap();
        let told = error["error"].as_str().unwrap();
        assert!(told.contains(words) && !told.starts_with("error") && !told.contains("Usage"), "{args:?}: {told}");
        assert!(!told.contains("ssw0rd"), "{told}");
        assert_eq!(error, serde_json::json!({"error": told, "causes": [], "invalid": true, "transient": false}));
    }
    assert!(dir.jobs(&["list", "--json", "--help"]).done().contains("Usage"), "help stays text");
}
