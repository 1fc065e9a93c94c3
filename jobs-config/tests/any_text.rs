//! Any text gives a configuration, or an error whose lines begin with a location in the file.

use jobs_config::Config;

const FULL: &str = include_str!("files/a_full_file_sets_everything.yml");
const QUEUE: &str = include_str!("ruby/solid_queue_a_real_file_becomes_workers_and_a_dispatcher.yml");
const SIDEKIQ: &str = include_str!("ruby/sidekiq_a_real_file_is_read_with_warnings_about_ignored_settings.yml");

const RECURRING: &str = include_str!("ruby/recurring_a_real_file_is_read_completely.yml");

/// The files that the tests change.
const FILES: [(&str, &str); 4] =
    [("jobs.yml", FULL), ("queue.yml", QUEUE), ("sidekiq.yml", SIDEKIQ), ("recurring.yml", RECURRING)];

fn check(file: &str, text: &str) {
    let lookup = |name: &str| (name != "JOBS_TIME_ZONE").then(|| "postgres:".to_owned());
    let read = if file == "recurring.yml" {
        let mut config = Config::default();
        "production".clone_into(&mut config.environment);
        config.parse_recurring(file, text, lookup).map(|()| config)
    } else {
        Config::parse_file(file, text, "production", lookup)
    };
    let Err(error) = read else { return };
    assert!(error.is_invalid());
    for line in error.to_string().lines() {
        let mut parts = line.splitn(4, ':');
        assert_eq!(parts.next(), Some(file), "{line}");
        let row: Option<usize> = parts.next().and_then(|row| row.parse().ok());
        let column: Option<usize> = parts.next().and_then(|column| column.parse().ok());
        // The parser may point one line after the end of the file.
        assert!(row.is_some_and(|row| (1..=text.lines().count() + 1).contains(&row)), "{line}\n{text}");
        assert!(column.is_some_and(|column| column >= 1), "{line}\n{text}");
        assert!(parts.next().is_some_and(|message| message.len() > 10), "{line}");
    }
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_read_or_explained() {
    for (file, text) in FILES {
        for (end, _) in text.char_indices() {
            check(file, &text[..end]);
        }
    }
}

#[test]
fn a_file_with_any_letter_changed_is_read_or_explained() {
    let others = ["", "\n", "\t", ":", "{", "]", "*", "&", "${", "\"", "<%", "%>", "é", "\0", "\u{feff}"];
    for (file, text) in FILES {
        for ((index, letter), other) in text.char_indices().zip(others.into_iter().cycle()) {
            check(file, &[&text[..index], other, &text[index + letter.len_utf8()..]].concat());
        }
    }
}

#[test]
fn a_file_that_grows_without_bound_is_refused() {
    let level = |level: usize| {
        let below = level - 1;
        format!("a{level}: &a{level} [*a{below}, *a{below}, *a{below}, *a{below}]\n")
    };
    let text = "a0: &a0 [x, x]\n".to_owned() + &(1..40).map(level).collect::<String>();
    for (file, _) in &FILES[..3] {
        assert!(Config::parse_file(file, &text, "a0", |_| None).is_err());
    }
}

#[test]
fn a_file_that_is_nested_without_bound_is_refused() {
    for text in ["[".repeat(100_000), "a: {".repeat(10_000), "a: [".repeat(33), "{a: ".repeat(33) + &"}".repeat(33)] {
        for (file, _) in &FILES[..3] {
            assert!(Config::parse_file(file, &text, "production", |_| None).is_err());
            check(file, &text);
        }
    }
}

/// Files of some 500 KB with the same mistake, or very many names, again and again.
fn hostile_files() -> Vec<(&'static str, String)> {
    let repeated = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    let (unknown, again) = (repeated(25_000, |n| format!("  unknown_{n}: 1\n")), "  prefix: shop\n".repeat(25_000));
    let anchors = repeated(50_000, |n| format!("  - &a{n} x\n"));
    let aliases = format!("a: &a [x]\nb: [{}]\n", "*a, ".repeat(100_000));
    let merges = format!("a: &a {{ x: 1 }}\nb: {{ {} }}\n", "<<: *a, ".repeat(50_000));
    let queues =
        format!("production:\n  workers:\n    - queues: [{}]\n", repeated(40_000, |n| format!("two words{n}, ")));
    let served = format!("production:\n  workers:\n    - queues: [{}]\n", repeated(60_000, |n| format!("q{n}, ")));
    let zone =
        format!("production:\n  recurring: {{ a: {{ job: a, cron: '@daily', zone: {} }} }}\n", "x".repeat(62_000));
    let schedule = format!("production:\n  a: {{ class: A, schedule: every {} }}\n", "day ".repeat(60_000));
    vec![
        ("jobs.yml", format!("production:\n{unknown}")),
        ("sidekiq.yml", format!("production:\n{unknown}")),
        ("jobs.yml", unknown.replace("  unknown", "unknown")),
        ("jobs.yml", format!("production:\n{again}")),
        ("queue.yml", format!("a:\n{anchors}")),
        ("queue.yml", aliases),
        ("queue.yml", merges),
        ("queue.yml", queues),
        ("jobs.yml", served),
        ("jobs.yml", zone),
        ("recurring.yml", schedule),
        ("queue.yml", format!("a: {}\n", "<%= Rails.env %>".repeat(16_000))),
        ("queue.yml", format!("a: {}\n", "<%= ENV.fetch('A') %>".repeat(12_000))),
        ("jobs.yml", format!("production:\n  prefix: {}\n", "${A-B}".repeat(50_000))),
        ("jobs.yml", "x".repeat(2_000_000)),
    ]
}

#[test]
fn a_file_with_very_many_mistakes_has_some_messages_of_some_length() {
    for (index, (file, text)) in hostile_files().into_iter().enumerate() {
        let mut config = Config::default();
        "production".clone_into(&mut config.environment);
        let error = match file {
            "recurring.yml" => config.parse_recurring(file, &text, |_| None).err(),
            _ => Config::parse_file(file, &text, "production", |_| None).err(),
        };
        // Unknown keys in a file of Ruby are warnings.
        let told = error.map_or_else(String::new, |error| error.to_string());
        assert!(told.lines().count() <= 51 && told.len() < 60_000, "{index} {file}: {} bytes", told.len());
    }
    let text = format!("production:\n{}", "  prefixx: 1\n".repeat(3) + &"  a_: 1\n".repeat(600));
    let error = Config::parse(&text, "production", |_| None).unwrap_err().to_string();
    assert!(error.lines().nth(50).unwrap().ends_with("from here on there are 553 more mistakes"), "{error}");
}
