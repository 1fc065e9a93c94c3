//! Log lines, in a process of their own: the subscriber is the process'.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::prelude::*;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Debug)]
struct Declined;

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("declined")
    }
}

impl std::error::Error for Declined {}

#[job(queue = "payments", retry_on(Declined, wait = 1ms, attempts = 2, jitter = 0.0), redact(card))]
async fn charge(order: u64, card: String) -> Result<(), Declined> {
    drop(card);
    if order == 13 { Err(Declined) } else { Ok(()) }
}

/// What was written so far.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn log_lines_read_like_those_of_active_job_and_hide_what_is_redacted() {
    let lines = Lines::default();
    tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(lines.clone()).init();
    let builder = Runtime::builder().connect("memory:").jobs(jobs::jobs![Charge]);
    let runtime = builder.dispatch(Duration::from_millis(1), 10).build().await.unwrap();
    let jobs = runtime.jobs();
    let fine = Charge::perform_later(7, "4111").on(&jobs).await.unwrap().id().unwrap();
    let bad = Charge::perform_later(13, "4111").on(&jobs).await.unwrap().id().unwrap();
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    running.stop().await;

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let arguments = r#"{"card":"[redacted]","order":7}"#;
    for line in [
        format!("Enqueued charge (Job ID: {fine}) to payments with arguments: {arguments}"),
        format!("Performing charge (Job ID: {fine}) from payments with arguments: {arguments}"),
        format!("Performed charge (Job ID: {fine}) from payments in "),
        format!("Retrying charge (Job ID: {bad}) after 1 attempts in 1.0ms, due to logging::Declined (declined)"),
        format!(
            "Stopped retrying charge (Job ID: {bad}) due to logging::Declined (declined), which reoccurred on 2 attempts"
        ),
        format!("perform{{job=\"charge\" id={fine} queue=payments attempt=1}}"),
    ] {
        assert!(text.contains(&line), "`{line}` is missing in:\n{text}");
    }
    assert!(!text.contains("4111"), "a redacted argument is in the log:\n{text}");
}
