//! Configurations of Ruby projects, and the words of their command lines.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::place::{Place, Said, shop};

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
async fn a_program_runs_by_the_file_of_sidekiq_and_tells_what_it_does_not_read() {
    let place = Place::new().await;
    place.enqueue(1, |_| {}).await;
    place.write("config/sidekiq.yml", SIDEKIQ);
    let mut command = place.command(shop(), &["start", "-C", "config/sidekiq.yml"]);
    command.env("RAILS_ENV", "production").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 20 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let said = Said::new(child.wait_with_output().unwrap());
    assert_eq!(said.status, 0);
    assert_eq!(
        said.err,
        "warning: config/sidekiq.yml:2:1: `pidfile` is not read: a service manager such as systemd knows the process\n"
    );
}

#[tokio::test]
async fn the_environment_of_rails_comes_after_ours_and_counts_for_files_of_rails_alone() {
    let place = Place::new().await;
    place
        .write("config/queue.yml", "production:\n  workers: [{ threads: 0 }]\nstaging:\n  workers: [{ threads: 1 }]\n");
    place.write("config/jobs.yml", "development:\nproduction:\n");
    let check = |file: &str, variables: &[(&str, &str)]| {
        let mut command = place.command(env!("CARGO_BIN_EXE_jobs").into(), &["check", "-C", file]);
        Said::new(command.envs(variables.iter().copied()).output().unwrap()).out
    };
    let queue = "config/queue.yml";
    assert!(check(queue, &[]).contains("`development` has no section"));
    assert!(check(queue, &[("RACK_ENV", "test"), ("RAILS_ENV", "x")]).contains("`x` has no section"));
    assert!(check(queue, &[("RACK_ENV", "test")]).contains("`test` has no section"));
    assert!(check(queue, &[("RAILS_ENV", "test"), ("JOBS_ENV", "mine")]).contains("`mine` has no section"));
    assert_eq!(check("config/jobs.yml", &[("RAILS_ENV", "nowhere")]), "all is well\n");
}

#[tokio::test]
async fn the_sort_of_a_file_is_told_by_its_name_else_by_its_keys() {
    let place = Place::new().await;
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
        place.write(file, text);
        let said = place.jobs(&["check", "-C", file]).out;
        assert!(said.contains(sort), "{file}: {said}");
    }
}

#[tokio::test]
async fn a_check_tells_what_is_not_read_and_finds_nothing_wrong_with_it() {
    let place = Place::new().await;
    place.write("config/sidekiq.yml", SIDEKIQ);
    let said = place.jobs(&["check", "-C", "config/sidekiq.yml"]).done();
    assert!(
        said.starts_with("warning: config/sidekiq.yml:2:1: `pidfile`") && said.ends_with("\nall is well\n"),
        "{said}"
    );
    let report = place.jobs(&["check", "-C", "config/sidekiq.yml", "--json"]).json();
    assert_eq!(report["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(report["faults"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_of_ruby_that_nobody_named_is_not_read_and_that_is_said() {
    let place = Place::new().await;
    place.write("config/queue.yml", "workers: nonsense\n");
    let said = place.jobs(&["check"]).done();
    assert_eq!(said, "warning: `config/queue.yml` is not read: name it with `-C config/queue.yml`\nall is well\n");
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
async fn the_recurring_jobs_beside_a_file_of_solid_queue_are_enqueued_and_run() {
    let place = Place::new().await;
    place.write("config/queue.yml", "production:\n  workers:\n    - queues: \"*\"\n");
    place.write("config/recurring.yml", RECURRING);
    let words = ["start", "-C", "config/queue.yml", "-e", "production"];
    let mut child = place.command(shop(), &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "sent Hello to 3 letters\n");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let said = Said::new(child.wait_with_output().unwrap());
    assert!(said.status == 0 && said.err.contains("config/recurring.yml:8:14: this is not read"), "{}", said.err);
}

#[tokio::test]
async fn a_check_names_recurring_jobs_that_this_program_lacks_and_schedules_that_never_fire() {
    let place = Place::new().await;
    place.write("queue.yml", "workers:\n  - queues: \"*\"\n");
    place.write("tasks.yml", "nightly:\n  class: Shop::SendMialJob\n  args: [ada, Hello]\n  schedule: every hour\n");
    let check = |file: &str| place.shop(&["check", "-C", "queue.yml", "--recurring-file", file]);
    let said = check("tasks.yml");
    assert_eq!(said.status, 3);
    assert!(said.out.contains("the recurring task `nightly`") && said.out.contains("shop/send_mial"), "{}", said.out);
    place.write("tasks.yml", "nightly:\n  class: SendMailJob\n  args: [ada]\n  schedule: every hour\n");
    let said = check("tasks.yml");
    assert!(said.status == 3 && said.out.contains("the recurring task `nightly`"), "{}", said.out);
    place.write("tasks.yml", "nightly:\n  class: SendMailJob\n  args: [ada, Hello]\n  schedule: 0 0 30 2 *\n");
    let said = check("tasks.yml");
    assert!(
        said.status == 3 && said.out.contains("tasks.yml:4:13: `0 0 30 2 *` is not a valid schedule: it never fires"),
        "{}",
        said.out
    );
    place.write(
        "tasks.yml",
        "nightly:\n  class: SendMail\n  args: { address: ada, subject: Hello }\n  schedule: 0 0 1 2 *\n",
    );
    assert_eq!(check("tasks.yml").done(), "all is well\n");
    place.write("recurring.yml", "");
    let said = place.shop(&["check", "-C", "recurring.yml"]);
    assert!(said.out.contains("has only recurring jobs"), "{}", said.out);
}

#[tokio::test]
async fn words_of_sidekiq_and_solid_queue_that_mean_nothing_here_are_answered() {
    let place = Place::new().await;
    for (words, answer) in [
        (&["-r", "./app"] as &[_], "compiled into the program"),
        (&["-d"], "systemd"),
        (&["-v"], "RUST_LOG"),
        (&["-g", "shop"], ".name(..)"),
        (&["-L", "log/jobs.log"], "send its output to a file"),
        (&["--pidfile", "jobs.pid"], "jobsctl processes"),
        (&["--mode", "async"], "one: all workers are in this process"),
        (&["--config_file=config/queue.yml"], "`-C config/queue.yml`"),
        (&["-c", "config/queue.yml"], "large `-C`"),
    ] {
        let said = place.shop(&[&["start"], words].concat()).refused(2);
        assert!(said.contains(answer), "{words:?}: {said}");
    }
}
