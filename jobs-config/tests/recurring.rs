//! Recurring jobs in a configuration file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::time::Duration;

use jobs_config::Config;
use jobs_core::{MissedTicks, RecurringTask};

fn read(tasks: &str) -> Result<Config, jobs_core::Error> {
    let text = format!("development:\n  recurring:\n{tasks}");
    Config::parse(&text, "development", |name| (name == "DAYS").then(|| "thirty".to_owned()))
}

#[track_caller]
fn refused(task: &str, at: &str, because: &str) {
    let line = format!("    nightly: {task}\n");
    let error = read(&line).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    let column = line.find(at).unwrap() + 1;
    assert!(error.starts_with(&format!("jobs.yml:3:{column}: ")) && error.contains(because), "{error}");
}

#[test]
fn a_file_can_set_everything_that_the_code_can_set() {
    let text = r#"
    nightly:
      job: clean_up
      schedule: every day at 2am
      zone: Europe/Berlin
      arguments: { days: 30, deep: true, of: [1, 2.5, null, "${DAYS}"], more: { a: b } }
      queue: low
      priority: -5
      missed: all(3)
      expires_in: 1h30m
      description: removes what is not needed
    pulse: { job: beat, every: 30s }
"#;
    let nightly = RecurringTask::new("nightly", "clean_up", "every day at 2am")
        .zone("Europe/Berlin")
        .arguments(r#"{"days":30,"deep":true,"more":{"a":"b"},"of":[1,2.5,null,"thirty"]}"#)
        .queue("low")
        .priority(-5)
        .missed(MissedTicks::All(3))
        .expires_in(Duration::from_secs(5400))
        .description("removes what is not needed");
    let mut read = read(text).unwrap().recurring;
    let sorted: serde_json::Value = serde_json::from_str(&read[0].arguments).unwrap();
    read[0].arguments = sorted.to_string();
    let mut expected = nightly;
    expected.arguments = serde_json::from_str::<serde_json::Value>(&expected.arguments).unwrap().to_string();
    assert_eq!(read, [expected, RecurringTask::new("pulse", "beat", "every 30s")]);
    assert_eq!(Config::parse("development:\n  recurring:\n", "development", |_| None).unwrap().recurring, []);
}

#[test]
fn a_task_that_expires_at_once_or_without_a_unit_is_refused() {
    for (written, because) in [("0s", "longer than zero"), ("7200", "did you mean `7200s`?"), ("soon", "`expires_in`")]
    {
        let text = format!("    nightly: {{ job: clean_up, every: 1h, expires_in: {written} }}\n");
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(because), "{written}: {error}");
    }
    let task = RecurringTask::new("nightly", "clean_up", "every 1h").expires_in(Duration::ZERO);
    assert!(task.check().unwrap_err().to_string().contains("never runs"));
}

#[test]
fn all_mistakes_of_a_task_are_reported_at_once() {
    let error =
        read("    nightly: { cron: every 90 minutes, zone: Europe/Berln, priority: high }\n").unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    let [no_job, schedule, zone, priority] = lines.as_slice() else { panic!("{error}") };
    assert!(no_job.contains("has no `job`") && schedule.contains("`every 90m`"), "{error}");
    assert!(zone.contains("`Europe/Berln` is not a time zone") && priority.contains("a whole number"), "{error}");
}

#[test]
fn mistakes_are_reported_with_their_location() {
    refused("{ job: a, cron: 61 * * * * }", "61", "`61` is not a valid minute");
    refused("{ job: a, cron: 0 0 30 2 * }", "0 0", "it never fires");
    refused("{ job: a, schedule: every 90 minutes }", "every", "`every 90m`");
    refused("{ job: a, every: fast }", "fast", "is not a valid schedule");
    refused("{ job: a, cron: '@daily', zone: Europe/Berln }", "Europe/Berln", "did you mean `Europe/Berlin`?");
    refused("{ job: a, cron: '@daily', zone: Berlin }", "Berlin", "Rails calls `Europe/Berlin` so");
    refused("{ job: a }", "{", "`every: 5m`");
    refused("{ job: a, cron: '@daily', every: 5m }", "{", "exactly one of");
    refused("{ cron: '@daily' }", "{", "has no `job`");
    refused("{ job: a, cron: '@daily', zne: UTC }", "zne", "did you mean `zone`?");
    refused("{ job: a, cron: '@daily', arguments: [1] }", "[1]", "a mapping with the arguments");
    refused("{ job: a, cron: '@daily', queue: two words }", "two", "white space");
    refused("{ job: a, cron: '@daily', priority: high }", "high", "a whole number");
    refused("{ job: a, cron: '@daily', missed: often }", "often", "`all(24)`");
    refused("clean_up", "clean_up", "a recurring task is a mapping");
}

/// The file of a Rails application whose time zone is not UTC.
const RUBY: &str = "
report: { class: ReportJob, schedule: every day at 9am }
berlin: { class: ReportJob, schedule: every day at 9am Berlin }
often: { class: ReportJob, schedule: every 5 minutes }
";

/// The zones in which the tasks of `RUBY` are built, and the warning about zones.
fn zones(variable: Option<&str>, set: Option<&str>) -> (String, Option<String>) {
    let lookup = |name: &str| variable.filter(|_| name == "JOBS_TIME_ZONE").map(ToOwned::to_owned);
    let mut config = Config::parse_file("queue.yml", "workers: [{ threads: 1 }]\n", "production", lookup).unwrap();
    config.parse_recurring("recurring.yml", RUBY, lookup).unwrap();
    if let Some(zone) = set {
        config.set_time_zone(zone).unwrap();
    }
    let built = format!("{:?}", config.builder());
    let zones: Vec<&str> = built.split("zone: ").skip(1).map(|rest| rest.split([',', ' ']).next().unwrap()).collect();
    (zones.join(" "), config.zone_warning())
}

#[test]
fn schedules_without_a_zone_are_read_in_the_zone_of_the_application() {
    let (new_york, berlin) = ("Some(\"America/New_York\")", "Some(\"Europe/Berlin\")");
    for (variable, set) in [
        (Some("America/New_York"), None),
        (Some("Eastern Time (US & Canada)"), None),
        (None, Some("America/New_York")),
        (Some("Asia/Tokyo"), Some("Eastern Time (US & Canada)")),
    ] {
        let (zones, warning) = zones(variable, set);
        assert_eq!(zones, format!("{new_york} {berlin} {new_york}"), "{variable:?} {set:?}");
        assert_eq!(warning, None);
    }
    let (zones, warning) = zones(None, None);
    assert_eq!(zones, format!("None {berlin} None"));
    let warning = warning.unwrap();
    assert!(warning.starts_with("1 schedule names no time zone and is read in UTC"), "{warning}");
    assert!(warning.contains("`--zone America/New_York`"), "{warning}");
}

#[test]
fn a_time_zone_that_does_not_exist_is_refused() {
    let error = Config::default().set_time_zone("America/NewYork").unwrap_err().to_string();
    assert!(error.ends_with("did you mean `America/New_York`?"), "{error}");
    let lookup = |name: &str| (name == "JOBS_TIME_ZONE").then(|| "Nowhere".to_owned());
    let error = Config::parse("development:\n", "development", lookup).unwrap_err().to_string();
    assert!(error.starts_with("`JOBS_TIME_ZONE`: `Nowhere` is not a time zone"), "{error}");
}

/// A `recurring.yml` with conditions of both kinds.
const CONDITIONS: &str = r#"
<% if Rails.env.production? -%>
always: { class: ReportJob, schedule: every hour }
  <% if ENV["EXTRA"].present? %>
extra: { class: ReportJob, schedule: every hour }
  <% else %>
plain: { class: ReportJob, schedule: every hour }
  <% end %>
<% elsif ENV["EXTRA"] == "1" %>
elsewhere: { class: ReportJob, schedule: every hour }
<% else %>
never: { class: ReportJob, schedule: <%= ENV.fetch("AT") %> }
<% end %>
<%- unless Rails.env.production? %>
test_only: { class: ReportJob, schedule: every hour }
<% end %>
last: { class: ReportJob, schedule: every blue moon }
"#;

fn conditional(text: &str, environment: &str, extra: Option<&str>) -> Result<Vec<String>, jobs_core::Error> {
    let mut config = Config::parse_file("queue.yml", "workers: [{ threads: 1 }]\n", environment, |_| None)?;
    let lookup = |name: &str| if name == "EXTRA" { extra.map(str::to_owned) } else { None };
    config.parse_recurring("recurring.yml", text, lookup)?;
    Ok(config.recurring.into_iter().map(|task| task.key).collect())
}

#[test]
fn conditions_of_a_ruby_file_choose_its_lines_by_environment_and_variables() {
    let text = CONDITIONS.replace("every blue moon", "every day");
    let read = |environment, extra| conditional(&text, environment, extra).unwrap();
    assert_eq!(read("production", Some("1")), ["always", "extra", "last"]);
    assert_eq!(read("production", Some("")), ["always", "plain", "last"]);
    assert_eq!(read("staging", Some("1")), ["elsewhere", "test_only", "last"]);
    let error = conditional(&text, "staging", None).unwrap_err().to_string();
    assert!(
        error.contains("recurring.yml:12:") && error.contains("`AT` is not set"),
        "what is chosen is read: {error}"
    );
}

#[test]
fn lines_after_conditions_keep_their_numbers_in_messages() {
    let error = conditional(CONDITIONS, "production", None).unwrap_err().to_string();
    assert!(error.starts_with("recurring.yml:17:") && error.contains("every blue moon"), "{error}");
}

#[test]
fn conditions_that_are_not_understood_or_not_paired_are_refused_with_their_location() {
    for (text, at, because) in [
        (
            "<% if Feature.on? %>\na: { class: A, schedule: every day }\n<% end %>\n",
            "1:1",
            "this condition is not read",
        ),
        ("  <% if true %>\na: { class: A, schedule: every day }\n", "1:3", "write `<% end %>`"),
        ("a: { class: A, schedule: every day }\n<% end %>\n", "2:1", "there is no `<% if .. %>` before"),
        ("<% threads = 5 %>\n", "1:1", "Ruby is not run here"),
    ] {
        let error = conditional(text, "production", None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("recurring.yml:{at}: ")) && error.contains(because), "{text}: {error}");
    }
}
