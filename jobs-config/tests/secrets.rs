//! No message about a configuration shows a password of a URL, or an argument of a job.

use jobs_config::Config;

/// The errors and warnings about this file, with the variable `DB`.
fn words(file: &str, text: &str) -> String {
    let lookup = |name: &str| (name == "DB").then(|| "postgres://u:ssw0rd@h/db".to_owned());
    let read = match file {
        "recurring.yml" => Config::default().parse_recurring(file, text, lookup).map(|()| Config::default()),
        _ => Config::parse_file(file, text, "development", lookup),
    };
    match read {
        Ok(config) => config.warnings.join("\n"),
        Err(error) => format!("{error} {error:?}"),
    }
}

#[test]
fn no_message_shows_a_password_of_a_url() {
    let long = format!("development:\n  stor: postgres://u:{}ssw0rd@h/db\n", "a".repeat(90));
    for (file, text) in [
        ("jobs.yml", long.as_str()),
        ("jobs.yml", "development:\n  stor: postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "stor: postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "postgres://u:ssw0rd@h/db: 1\n"),
        ("jobs.yml", "development:\n  postgres://u:ssw0rd@h/db: 1\n"),
        ("jobs.yml", "development:\n  store: @postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "development:\n  store: %postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "development:\n  store: ${postgres://u:ssw0rd@h/db}\n"),
        ("jobs.yml", "development:\n  store: [postgres://u:ssw0rd@h/db\n"),
        ("jobs.yml", "development:\n  workers: ${DB}\n"),
        ("jobs.yml", "development:\n  workers:\n    - queues: ${DB}\n      threads: \"${DB}\"\n"),
        ("jobs.yml", "development:\n  time_zone: ${DB}\n"),
        ("jobs.yml", "development:\n  recurring:\n    a:\n      job: a\n      schedule: ${DB}\n      zone: ${DB}\n"),
        ("jobs.yml", "development:\n  recurring:\n    a:\n      job: a\n      every: ${DB}\n      missed: ${DB}\n"),
        ("jobs.yml", "development:\n  recurring:\n    a:\n      job: ${DB}\n      schedule: x\n      queue: ${DB}\n"),
        ("sidekiq.yml", ":concurrency: redis://u:ssw0rd@h\n:redis: redis://u:ssw0rd@h\n"),
        ("sidekiq.yml", ":queues: redis://u:ssw0rd@h\nredis://u:ssw0rd@h: 1\n"),
        (
            "queue.yml",
            "development:\n  workers:\n    - queues: \"postgres://u:ssw0rd@h/db\"\n      threads: postgres://u:ssw0rd@h\n",
        ),
        ("queue.yml", "development:\n  postgres://u:ssw0rd@h/db: 2\n"),
        ("recurring.yml", "a:\n  class: postgres://u:ssw0rd@h/db\n  schedule: postgres://u:ssw0rd@h/db\n"),
    ] {
        let words = words(file, text);
        assert!(!words.contains("ssw0rd") && !words.is_empty(), "{text}: {words}");
    }
}

#[test]
fn a_value_in_place_of_the_arguments_is_not_shown() {
    for value in ["\"4111-2222\"", "41112222", "[4111-2222]", "{ card: 41112222411122224111222241112222 }"] {
        let text =
            format!("development:\n  recurring:\n    a: {{ job: a, schedule: 0 2 * * *, arguments: {value} }}\n");
        let words = words("jobs.yml", &text);
        assert!(!words.contains("2222") && words.contains("argument"), "{value}: {words}");
    }
}
