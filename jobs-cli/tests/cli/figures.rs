//! `figures`: what attempts came to, by job and by queue.

use std::time::Duration;

use jobs::figures::{AttemptFigures, JobFigures, NewFigures};
use jobs::store::StoreExt;
use serde_json::Value;

use crate::fixture::TestDir;

/// Attempts of this many milliseconds each, the first of which failed, after a wait of two seconds.
fn figures(job: &str, queue: &str, millis: &[u64]) -> JobFigures {
    let mut figures = AttemptFigures::default();
    for (number, millis) in millis.iter().enumerate() {
        figures.add(number == 0, Duration::from_millis(*millis), Some(Duration::from_secs(2)));
    }
    JobFigures::new(job, queue, figures)
}

async fn filled() -> TestDir {
    let dir = TestDir::new().await;
    let jobs = vec![
        figures("send_mail", "mail", &[60; 20]),
        figures("charge", "payments", &[4]),
        figures("charge", "mail", &[4]),
    ];
    dir.store.require_figures().unwrap().add(&NewFigures::new(jobs)).await.unwrap();
    dir
}

#[tokio::test]
async fn figures_are_printed_by_job_or_by_queue_the_busiest_first() {
    let dir = filled().await;
    let table = dir.jobs(&["figures"]).done();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[1][..3], ["send_mail", "20", "1"], "{table}");
    assert_eq!((lines[1][3], lines[2][..3].to_vec()), ("55ms", vec!["charge", "2", "2"]), "{table}");
    let json = dir.jobs(&["figures", "--by", "queue", "--range", "week", "--json"]).done();
    let queues: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&queues[0]["queue"], &queues[0]["attempts"]), (&"mail".into(), &21.into()), "{json}");
    assert_eq!(queues[1]["wait"]["count"], 1, "{json}");
}

#[tokio::test]
async fn figures_are_printed_of_one_job_or_queue_only() {
    let dir = filled().await;
    let of = |flags: &[&str]| dir.jobs(&[&["figures", "--json"], flags].concat()).json();
    assert_eq!(of(&["--job", "charge", "--queue", "mail"])["attempts"], 1);
    assert_eq!(of(&["--queue", "payments"])["job"], "charge");
    assert!(dir.jobs(&["figures", "--range", "weak"]).refused(2).contains("`week`"));
}
