//! Configuration files of Ruby projects, and flags of Sidekiq's and Solid Queue's command lines.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::fixture::{CommandOutput, TestDir, shop};

const SIDEKIQ: &str = "\
:concurrency: 2
:pidfile: tmp/sidekiq.pid
:queues: [low]
production:
  :queues:
    - [mail, 2]
    - low
";

#[tokio::test]
async fn a_program_runs_with_sidekiqs_file_and_warns_about_ignored_keys() {
    let dir = TestDir::new().await;
    dir.enqueue(1, |_| {}).await;
    dir.write("config/sidekiq.yml", SIDEKIQ);
    let mut command = dir.command(shop(), &["start", "-C", "config/sidekiq.yml"]);
    command.env("RAILS_ENV", "production").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 20 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = CommandOutput::new(child.wait_with_output().unwrap());
    assert_eq!(output.status, 0);
    assert_eq!(
        output.err,
        "warning: config/sidekiq.yml:2:1: `pidfile` is not read: a service manager such as systemd knows the process\n"
    );
}

#[tokio::test]
async fn rails_env_comes_after_jobs_env_and_applies_only_to_rails_files() {
    let dir = TestDir::new().await;
    dir.write("config/queue.yml", "production:\n  workers: [{ threads: 0 }]\nstaging:\n  workers: [{ threads: 1 }]\n");
    dir.write("config/jobs.yml", "development:\nproduction:\n");
    let check = |file: &str, variables: &[(&str, &str)]| {
        let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["check", "-C", file]);
        CommandOutput::new(command.envs(variables.iter().copied()).output().unwrap()).out
    };
    let queue = "config/queue.yml";
    assert!(check(queue, &[]).contains("`development` has no section"));
    assert!(check(queue, &[("RACK_ENV", "test"), ("RAILS_ENV", "x")]).contains("`x` has no section"));
    assert!(check(queue, &[("RACK_ENV", "test")]).contains("`test` has no section"));
    assert!(check(queue, &[("RAILS_ENV", "test"), ("JOBS_ENV", "mine")]).contains("`mine` has no section"));
    assert_eq!(check("config/jobs.yml", &[("RAILS_ENV", "nowhere")]), "all is well\n");
}

#[tokio::test]
async fn the_kind_of_a_file_follows_from_its_name_or_its_keys() {
    let dir = TestDir::new().await;
    for (file, text, sort) in [
        ("shop_sidekiq.yml", "workers:\n", "an environment of Sidekiq"),
        ("solid_queue.yml", "concurrency: 5\n", "an environment of Solid Queue"),
        ("a.yml", "concurrency: 5\nworkers:\n", "an environment of Sidekiq"),
        (
            "b.yml.erb",
            "development:\n  dispatchers: []\n  workers: [{ threads: 1 }]\n  x: 1",
            "an environment of Solid Queue",
        ),
        ("c.yml", "development:\n  workers: []\n  x: 1", "an environment; there is `store`"),
    ] {
        dir.write(file, text);
        let output = dir.jobs(&["check", "-C", file]).out;
        assert!(output.contains(sort), "{file}: {output}");
    }
}

#[tokio::test]
async fn a_check_warns_about_ignored_keys_without_failing() {
    let dir = TestDir::new().await;
    dir.write("config/sidekiq.yml", SIDEKIQ);
    let output = dir.jobs(&["check", "-C", "config/sidekiq.yml"]).done();
    assert!(
        output.starts_with("warning: config/sidekiq.yml:2:1: `pidfile`") && output.ends_with("\nall is well\n"),
        "{output}"
    );
    let report = dir.jobs(&["check", "-C", "config/sidekiq.yml", "--json"]).json();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(report["faults"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_ruby_file_that_is_not_named_is_not_read_and_a_warning_says_so() {
    let dir = TestDir::new().await;
    dir.write("config/queue.yml", "workers: nonsense\n");
    let output = dir.jobs(&["check"]).done();
    assert_eq!(output, "warning: `config/queue.yml` is not read: name it with `-C config/queue.yml`\nall is well\n");
}

const RECURRING: &str = "\
production:
  greet_all:
    class: SendMailJob
    args: [ada, Hello]
    schedule: every second
    queue: mail
  clear_solid_queue_finished_jobs:
    command: \"SolidQueue::Job.clear_finished_in_batches(sleep_between_batches: 0.3)\"
    schedule: every hour at minute 12
";

#[tokio::test]
async fn recurring_jobs_beside_solid_queues_file_are_enqueued_and_run() {
    let dir = TestDir::new().await;
    dir.write("config/queue.yml", "production:\n  workers:\n    - queues: \"*\"\n");
    dir.write("config/recurring.yml", RECURRING);
    let args = ["start", "-C", "config/queue.yml", "-e", "production"];
    let mut child = dir.command(shop(), &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 3 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = CommandOutput::new(child.wait_with_output().unwrap());
    assert!(output.status == 0 && output.err.contains("config/recurring.yml:8:14: this is not read"), "{}", output.err);
}

#[tokio::test]
async fn a_check_names_unknown_recurring_jobs_and_schedules_that_never_fire() {
    let dir = TestDir::new().await;
    dir.write("queue.yml", "workers:\n  - queues: \"*\"\n");
    dir.write("tasks.yml", "nightly:\n  class: Shop::SendMialJob\n  args: [ada, Hello]\n  schedule: every hour\n");
    let check = |file: &str| dir.shop(&["check", "-C", "queue.yml", "--recurring-file", file]);
    let output = check("tasks.yml");
    assert_eq!(output.status, 3);
    assert!(
        output.out.contains("the recurring task `nightly`") && output.out.contains("shop/send_mial"),
        "{}",
        output.out
    );
    dir.write("tasks.yml", "nightly:\n  class: SendMailJob\n  args: [ada]\n  schedule: every hour\n");
    let output = check("tasks.yml");
    assert!(output.status == 3 && output.out.contains("the recurring task `nightly`"), "{}", output.out);
    dir.write("tasks.yml", "nightly:\n  class: SendMailJob\n  args: [ada, Hello]\n  schedule: 0 0 30 2 *\n");
    let output = check("tasks.yml");
    assert!(
        output.status == 3
            && output.out.contains("tasks.yml:4:13: `0 0 30 2 *` is not a valid schedule: it never fires"),
        "{}",
        output.out
    );
    dir.write(
        "tasks.yml",
        "nightly:\n  class: SendMail\n  args: { address: ada, subject: Hello }\n  schedule: 0 0 1 2 * UTC\n",
    );
    assert_eq!(check("tasks.yml").done(), "all is well\n");
    dir.write("recurring.yml", "");
    let output = dir.shop(&["check", "-C", "recurring.yml"]);
    assert!(output.out.contains("has only recurring jobs"), "{}", output.out);
}

#[tokio::test]
async fn flags_of_sidekiq_and_solid_queue_are_refused_with_a_replacement() {
    let dir = TestDir::new().await;
    for (args, answer) in [
        (&["-r", "./app"] as &[_], "compiled into the program"),
        (&["-d"], "systemd"),
        (&["-v"], "RUST_LOG"),
        (&["-g", "shop"], ".name(..)"),
        (&["-L", "log/jobs.log"], "send its output to a file"),
        (&["--pidfile", "jobs.pid"], "jobsctl processes"),
        (&["--mode", "async"], "only one mode: all workers are in this process"),
        (&["--config_file=config/queue.yml"], "`-C config/queue.yml`"),
        (&["-c", "config/queue.yml"], "capital `-C`"),
    ] {
        let output = dir.shop(&[&["start"], args].concat()).refused(2);
        assert!(output.contains(answer), "{args:?}: {output}");
    }
}

#[tokio::test]
async fn a_time_zone_counts_for_schedules_without_one_and_its_lack_is_told_once() {
    let dir = TestDir::new().await;
    dir.write("queue.yml", "workers:\n  - queues: \"*\"\n");
    let task = |key: &str| format!("{key}: {{ class: SendMailJob, args: [ada, Hello], schedule: every day at 9am }}\n");
    dir.write("tasks.yml", &(task("one") + &task("two")));
    let args = ["check", "-C", "queue.yml", "--recurring-file", "tasks.yml"];
    let output = dir.shop(&args).done();
    assert!(output.starts_with("warning: 2 schedules name no time zone and are read in UTC"), "{output}");
    for zone in ["America/New_York", "Eastern Time (US & Canada)", "UTC"] {
        assert_eq!(dir.shop(&[&args[..], &["--zone", zone]].concat()).done(), "all is well\n");
        let mut command = dir.command(shop(), &args);
        assert_eq!(CommandOutput::new(command.env("JOBS_TIME_ZONE", zone).output().unwrap()).done(), "all is well\n");
    }
    let output = dir.shop(&[&args[..], &["--zone", "America/NewYork"]].concat());
    assert!(output.status == 3 && output.out.contains("did you mean `America/New_York`?"), "{}", output.out);
}

#[tokio::test]
async fn the_schedule_of_sidekiq_cron_is_read_and_as_a_configuration_told_its_option() {
    let dir = TestDir::new().await;
    dir.write("config/sidekiq.yml", "concurrency: 2\n");
    dir.write(
        "config/schedule.yml",
        "greet: { cron: 0 9 * * * UTC, class: SendMailJob, args: [ada, { subject: Hello }] }\n",
    );
    let output = dir.shop(&["check", "-C", "config/schedule.yml"]);
    assert!(output.status == 3 && output.out.contains("`--recurring-file config/schedule.yml`"), "{}", output.out);
    let args = ["check", "-C", "config/sidekiq.yml"];
    let output = dir.shop(&args).done();
    assert!(output.contains("`config/schedule.yml` is not read: name it with `--recurring-file"), "{output}");
    assert_eq!(dir.shop(&[&args[..], &["--recurring-file", "config/schedule.yml"]].concat()).done(), "all is well\n");
}
