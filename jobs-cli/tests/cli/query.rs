//! `list`, `show`, `stats` and `queues`.

use jobs::logs::{AttemptLog, LogLevel, LogLine};
use jobs::store::{Claim, Decision, ErrorRecord, ProcessId};
use jobs::{JobId, Timestamp};

use crate::fixture::{TestDir, id};

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

#[tokio::test]
async fn a_list_is_a_table_with_the_last_error_of_each_job() {
    let dir = TestDir::filled().await;
    let list = dir.jobs(&["list"]).done();
    let lines = lines(&list);
    assert_eq!(lines.len(), 5, "{list}");
    assert!(lines[0].starts_with("ID ") && lines[0].contains("LAST ERROR"), "{list}");
    assert!(lines[2].contains("failed (1)") && lines[2].ends_with("shop::Refused: connection refused"), "{list}");
}

#[tokio::test]
async fn a_list_has_the_jobs_that_match_all_flags() {
    let dir = TestDir::filled().await;
    let ids = |args: &[&str]| {
        let list = dir.jobs(&[&["list", "--json"], args].concat()).done();
        let id =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        list.lines().map(|line| id(line).chars().last().unwrap()).collect::<String>()
    };
    assert_eq!(ids(&[]), "1234");
    assert_eq!(ids(&["--state", "failed"]), "12");
    assert_eq!(ids(&["--queue", "default"]), "4");
    assert_eq!(ids(&["--error", "refused"]), "2");
    assert_eq!(ids(&["--state", "failed", "--error", "Bounced"]), "1");
    assert_eq!(ids(&["--job", "send_mail", "--limit", "2"]), "12");
    assert_eq!(ids(&["--after", &id(2).to_string()]), "34");
    assert_eq!(ids(&["--since", "1h"]), "1234");
    assert_eq!(ids(&["--until", "1h"]), "");
    assert_eq!(ids(&["--until", "2100-01-01T00:00:00Z", "--job", "other"]), "");
    assert_eq!(ids(&["--text", "secret-3@", "--arguments"]), "3");
    assert_eq!(ids(&["--text", "secret-3@"]), "", "this program does not know which arguments are secret");
    assert_eq!(ids(&["--text", &id(3).to_string()]), "3");
    assert_eq!(ids(&["--process", "1"]), "");
    assert_eq!(ids(&["--newest"]), "4321");
    assert_eq!(ids(&["--newest", "--limit", "2", "--queue", "mail"]), "32");
    assert_eq!(ids(&["--newest", "--after", &id(3).to_string()]), "21");
}

#[tokio::test]
async fn a_job_is_shown_with_the_logs_of_its_attempts() {
    let dir = TestDir::new().await;
    let log = |message: &str| {
        let line = LogLine::new(Timestamp::from_micros(0), LogLevel::Info, "shop", message);
        Some(AttemptLog::new(vec![line.clone()], 3, vec![line]))
    };
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("shop::Bounced", "no") };
    for (number, decision, message) in
        [(1, fail, "tries\n  forged"), (2, Decision::Finish { keep: true }, "all is well")]
    {
        dir.enqueue(number, |_| {}).await;
        let claimed = dir.store.claim(&Claim::all(ProcessId::new(1), 1)).await.unwrap();
        let settled = claimed.into_iter().map(|one| one.settle(decision.clone()).with_log(log(message)));
        let _settled = dir.store.settle(&settled.collect::<Vec<_>>()).await.unwrap();
    }
    let failed = dir.jobs(&["show", &id(1).to_string()]).done();
    assert!(failed.contains(r"1970-01-01T00:00:00.000000Z INFO shop: tries\n  forged"), "{failed}");
    assert!(failed.contains("… 3 lines left out"), "{failed}");
    let finished = dir.jobs(&["show", &id(2).to_string()]).done();
    assert!(finished.contains("log        1970-01-01T00:00:00.000000Z INFO shop: all is well"), "{finished}");
    assert!(finished.contains(&format!("finished by {}", ProcessId::new(1))), "{finished}");
    let json = dir.jobs(&["show", &id(2).to_string(), "--json"]).json();
    assert_eq!(json["log"]["left_out"], 3, "{json}");
}

#[tokio::test]
async fn a_job_is_shown_with_its_errors_and_without_secrets() {
    let dir = TestDir::filled().await;
    let id = id(2).to_string();
    let shown = dir.jobs(&["show", &id]).done();
    assert!(shown.contains("attempt 1") && shown.contains("shop::Refused: connection refused"), "{shown}");
    assert!(!shown.contains("secret-2"), "this program does not know which arguments are secret: {shown}");
    assert!(dir.jobs(&["show", &id, "--arguments"]).done().contains("secret-2@example.com"));
    let known = dir.shop(&["show", &id]).done();
    assert!(known.contains(r#""address":"[redacted]""#) && known.contains("Hello"), "{known}");
}

#[tokio::test]
async fn the_words_of_an_error_forge_no_line_and_control_no_terminal() {
    let dir = TestDir::new().await;
    let forged = "\n  attempt 2  ok\r\u{1b}[2J\u{85}\u{2028}\u{202e}end";
    dir.fail(1, &format!("shop::Refused{forged}"), &format!("no{forged}")).await;
    let shown = dir.jobs(&["show", &id(1).to_string()]).done();
    assert!(shown.contains(r"no\n  attempt 2  ok\r\u{1b}[2J\u{85}\u{2028}\u{202e}end"), "{shown}");
    let list = dir.jobs(&["list"]).done();
    assert_eq!(list.lines().count(), 2, "{list}");
    for text in [shown, list] {
        let is_raw = |character| matches!(character, '\r' | '\u{1b}' | '\u{85}' | '\u{2028}' | '\u{202e}');
        assert!(!text.contains(is_raw) && !text.lines().any(|line| line.trim().starts_with("attempt 2")), "{text:?}");
    }
}

#[tokio::test]
async fn a_job_of_another_system_is_found_by_the_id_that_its_tools_show() {
    let dir = TestDir::filled().await;
    let ids = [(JobId::from_number(4325), "4325"), (JobId::from_jid([0x4f; 12]), "4f4f4f4f4f4f4f4f4f4f4f4f")];
    for (number, (id, text)) in (5..).zip(ids) {
        dir.enqueue(number, |job| job.id = id).await;
        assert!(dir.jobs(&["show", text]).done().contains(text));
        assert!(dir.jobs(&["list"]).done().lines().any(|line| line.starts_with(text)));
        assert_eq!(dir.jobs(&["list", "--newest", "--after", text]).done().lines().count(), 5, "a head and four jobs");
    }
}

#[tokio::test]
async fn a_job_as_json_has_all_details() {
    let dir = TestDir::filled().await;
    let shown = dir.jobs(&["show", &id(2).to_string(), "--json", "--arguments"]).json();
    assert_eq!((&shown["state"], &shown["attempts"]), (&"failed".into(), &1.into()));
    assert_eq!(shown["arguments"]["address"], "secret-2@example.com");
    assert_eq!(shown["errors"][0]["class"], "shop::Refused");
    assert!(dir.jobs(&["show", &id(2).to_string(), "--json"]).json()["arguments"].is_null());
}

#[tokio::test]
async fn stats_count_jobs_by_state_and_queues() {
    let dir = TestDir::filled().await;
    let stats = dir.jobs(&["stats", "--json"]).json();
    let counts = ["scheduled", "ready", "failed", "finished"].map(|state| stats[state].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 2, 0]);
    assert_eq!(stats["queues"][0]["queue"], "default");
    assert_eq!((&stats["totals"]["enqueued"], &stats["totals"]["errors"]), (&4.into(), &2.into()));
    assert!(dir.jobs(&["stats"]).done().contains("in total   4 enqueued, 0 finished, 0 discarded, 2 errors"));
    assert!(dir.jobs(&["stats"]).done().contains("failed     2"));
    assert_eq!((&stats["queues"][1]["failed"], &stats["queues"][1]["scheduled"]), (&2.into(), &1.into()));
    let queues = dir.jobs(&["queues"]).done();
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (head, row) = (words(lines(&queues)[0]), words(lines(&queues)[2]));
    assert_eq!(head, ["QUEUE", "READY", "LATENCY", "SCHEDULED", "BLOCKED", "CLAIMED", "FAILED"]);
    assert_eq!(
        (row[0].as_str(), row[1].as_str(), &row[row.len() - 4..].join(" ")),
        ("mail", "0", &"1 0 0 2".to_owned())
    );
    let stats = dir.jobs(&["stats"]).done();
    assert_eq!(words(lines(&stats).last().unwrap()), row, "the figures end with the queues");
}

#[tokio::test]
async fn control_characters_in_a_name_do_not_break_the_table() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |job| job.name = "a\tb\nc".into()).await;
    let list = dir.jobs(&["list"]).done();
    assert_eq!(lines(&list).len(), 2, "{list}");
}

#[tokio::test]
async fn stats_print_the_largest_of_many_queues() {
    let dir = TestDir::new().await;
    for n in 0..30 {
        dir.enqueue(n, |job| job.queue = format!("tenant{n:02}")).await;
    }
    dir.enqueue(99, |job| job.queue = "tenant29".into()).await;
    let stats = dir.jobs(&["stats"]).done();
    assert!(stats.contains("\ntenant29 ") && stats.contains("\ntenant18 "), "{stats}");
    assert!(!stats.contains("\ntenant19 ") && stats.contains(".. and 10 queues with fewer jobs"), "{stats}");
}
