//! What a configuration makes of the runtime.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::io::{BufRead, BufReader, Write};
use std::time::Duration;

use jobs_config::Config;
use jobs_core::{Jitter, RecurringTask, Timeout};
use jobs_runtime::{QueueNaming, Runtime, RuntimeBuilder, Worker};

fn config(section: &str) -> Config {
    Config::parse(&format!("development:\n{section}"), "development", |_| None).unwrap()
}

/// All settings of a builder, in words.
fn settings(builder: &RuntimeBuilder) -> String {
    format!("{builder:?}")
}

#[test]
fn the_defaults_are_those_of_the_runtime() {
    assert_eq!(settings(&Config::default().builder()), settings(&Runtime::builder()));
    assert_eq!(settings(&config("").builder()), settings(&Runtime::builder()));
}

fn nightly() -> RecurringTask {
    RecurringTask::new("nightly", "clean_up", "@daily")
}

#[test]
fn each_key_sets_what_its_method_sets() {
    let seconds = Duration::from_secs;
    let keys: [(&str, RuntimeBuilder); 20] = [
        ("prefix: shop", Runtime::builder().naming(QueueNaming::new().prefix("shop"))),
        ("delimiter: .", Runtime::builder().naming(QueueNaming::new().delimiter("."))),
        ("queues: { low: lower }", Runtime::builder().naming(QueueNaming::new().map("low", "lower"))),
        ("workers: [{ queues: mail, threads: 3 }]", Runtime::builder().worker(Worker::new(["mail"]).concurrency(3))),
        ("workers: [{ queues: { a: 2, b: 1 } }]", Runtime::builder().worker(Worker::weighted([("a", 2), ("b", 1)]))),
        ("recurring: { nightly: { job: clean_up, cron: '@daily' } }", Runtime::builder().recurring(nightly())),
        ("dispatch: { interval: 2s, batch: 7 }", Runtime::builder().dispatch_interval(seconds(2)).dispatch_batch(7)),
        ("poll_interval: 3s", Runtime::builder().poll_interval(seconds(3))),
        (
            "heartbeat: { interval: 4s, silence: 9s }",
            Runtime::builder().heartbeat_interval(seconds(4)).dead_after(seconds(9)),
        ),
        ("shutdown_timeout: 5s", Runtime::builder().shutdown_timeout(seconds(5))),
        ("keep_finished: 6s", Runtime::builder().keep_finished(seconds(6))),
        ("crash_limit: 7", Runtime::builder().crash_limit(7)),
        ("argument_limit: 8KB", Runtime::builder().argument_limit(8192)),
        ("slow_after: 9s", Runtime::builder().slow_after(seconds(9))),
        ("default_timeout: 9m", Runtime::builder().default_timeout(seconds(540))),
        ("default_timeout: none", Runtime::builder().default_timeout(Timeout::Never)),
        ("retry_jitter: 0.3", Runtime::builder().retry_jitter(0.3)),
        ("retry_jitter: 1", Runtime::builder().retry_jitter(1.0)),
        ("retry_jitter: '0.5'", Runtime::builder().retry_jitter(0.5)),
        ("retry_jitter: full", Runtime::builder().retry_jitter(Jitter::Full)),
    ];
    for (key, builder) in keys {
        assert_eq!(settings(&config(&format!("  {key}\n")).builder()), settings(&builder), "{key}");
    }
}

#[test]
fn what_the_program_sets_afterwards_wins() {
    let config = config("  crash_limit: 7\n  poll_interval: 3s\n");
    let builder = config.builder().crash_limit(2);
    let expected = Runtime::builder().poll_interval(Duration::from_secs(3)).crash_limit(2);
    assert_eq!(settings(&builder), settings(&expected));
}

#[test]
fn a_worker_of_the_program_is_added_to_those_of_the_file() {
    let builder = config("  workers: [{ queues: mail }]\n").builder().worker(Worker::new(["low"]));
    let expected = Runtime::builder().worker(Worker::new(["mail"])).worker(Worker::new(["low"]));
    assert_eq!(settings(&builder), settings(&expected));
}

#[test]
fn the_debug_form_hides_what_is_secret_in_the_url() {
    let config = config("  store: postgres://shop:secret@db/shop\n");
    let shown = format!("{config:?}");
    assert!(shown.contains("postgres:..") && !shown.contains("secret"), "{shown}");
}

#[test]
fn what_is_not_read_of_a_file_of_ruby_is_logged_when_a_runtime_begins_with_it() {
    let (said, mut hears) = std::io::pipe().unwrap();
    let log = hears.try_clone().unwrap();
    let subscriber = tracing_subscriber::fmt().with_writer(std::sync::Mutex::new(log)).finish();
    let config = Config::parse_file("sidekiq.yml", ":pidfile: x\n", "test", |_| None).unwrap();
    tracing::subscriber::with_default(subscriber, || drop(config.builder()));
    hears.write_all(b"\n").unwrap();
    let line = BufReader::new(said).lines().next().unwrap().unwrap();
    assert!(line.contains("WARN") && line.contains("sidekiq.yml:1:1: `pidfile` is not read"), "{line}");
}
