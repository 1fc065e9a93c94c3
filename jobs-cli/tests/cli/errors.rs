//! Error messages: they say what is wrong and what to do. Nothing is changed.

use crate::fixture::{CommandOutput, TestDir, id, shop};

#[tokio::test]
async fn a_read_command_does_not_create_a_missing_store() {
    let dir = TestDir::new().await;
    let output = dir.jobs(&["list", "--url", "sqlite:typo.db"]).refused(1);
    assert!(output.contains("there is no `typo.db`"), "{output}");
    assert!(!dir.folder.path().join("typo.db").exists());
    assert_eq!(dir.jobs(&["migrate", "--url", "sqlite:typo.db"]).done(), "the tables are up to date\n");
    assert!(dir.folder.path().join("typo.db").exists());
}

#[tokio::test]
async fn without_a_store_the_error_says_where_to_name_one() {
    let dir = TestDir::new().await;
    let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["list"]);
    let error = CommandOutput::new(command.env_remove("JOBS_URL").output().unwrap()).refused(1);
    assert!(error.contains("`--url sqlite:jobs.db`") && error.contains("`JOBS_URL`"), "{error}");
}

#[tokio::test]
async fn a_change_needs_ids_or_a_filter() {
    let dir = TestDir::filled().await;
    for command in ["retry", "discard"] {
        let output = dir.jobs(&[command, "--yes"]).refused(1);
        assert!(output.contains("say which jobs"), "{output}");
    }
    assert_eq!(dir.state(1).await, "failed");
}

#[tokio::test]
async fn a_state_that_does_not_allow_the_change_is_refused_with_those_that_do() {
    let dir = TestDir::filled().await;
    let output = dir.jobs(&["retry", "--state", "claimed", "--yes"]).refused(1);
    assert!(
        output.contains("jobs that are claimed cannot be retried, only those that are `scheduled`, `failed`"),
        "{output}"
    );
}

#[tokio::test]
async fn a_job_that_is_missing_or_cannot_be_changed_is_reported() {
    let dir = TestDir::filled().await;
    let output = dir.jobs(&["retry", &id(1).to_string(), &id(9).to_string()]).refused(1);
    assert!(output.contains(&format!("there is no job {}", id(9))), "{output}");
    assert_eq!(dir.state(1).await, "failed", "no job is changed if one is missing");
    let output = dir.jobs(&["retry", &id(4).to_string()]);
    assert_eq!((output.status, output.out.as_str()), (1, "0 jobs retried\n"));
    assert!(output.err.contains("1 of 1 job was not retried"), "{}", output.err);
}

#[tokio::test]
async fn unknown_arguments_are_refused_with_a_suggestion() {
    let dir = TestDir::new().await;
    assert!(dir.jobs(&["lst"]).refused(2).contains("'list'"));
    assert!(dir.jobs(&["list", "--state", "faild"]).refused(2).contains("'failed'"));
    assert!(dir.jobs(&["list", "--since", "yesterday"]).refused(2).contains("`2h` for two hours ago"));
    assert!(dir.jobs(&["show", "x7"]).refused(2).contains("`x7` is not a job id"));
    assert!(dir.jobs(&["prune", "--older-than", "7"]).refused(2).contains("`7` has no unit; write `7s` for seconds"));
    assert!(dir.jobs(&["prune", "--older-than", "week"]).refused(2).contains("`1h30m`"));
    assert!(dir.jobs(&["pause", ""]).refused(1).contains("queue"));
}

#[tokio::test]
async fn a_closed_output_is_not_an_error() {
    let dir = TestDir::filled().await;
    let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["list"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[] as &[u8]));
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let run = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jobs")).args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["completions", shell]).contains("reschedule"), "{shell}");
    }
    assert!(run(&["man"]).contains(".TH jobs 1"));
    let start = run(&["man", "start"]);
    assert!(
        start.contains(".TH jobs-start 1") && start.contains("no\\-migrate") && start.contains("config"),
        "{start}"
    );
    assert!(!start.contains("pidfile"), "refused flags are not documented");
    assert_eq!(run(&["man", "nothing"]), "");
}

#[tokio::test]
async fn no_error_shows_a_password_of_the_command_line() {
    let dir = TestDir::new().await;
    for args in [
        &["list", "postgres://me:ssw0rd@host/db"][..],
        &["show", "postgres://me:ssw0rd@host/db"],
        &["me:ssw0rd@host/db"],
        &["list", "--state", "postgres://me:ssw0rd@host/db"],
        &["list", "--state=postgres://me:ssw0rd@host/db"],
        &["list", "--password=ssw0rd"],
        &["list", "--uri=postgres://me:ssw0rd@host/db"],
        &["list", "host=db password=ssw0rd"],
        &["list", "--url", "host=db password=ssw0rd"],
        &["list", "--url", "postgres:me:ssw0rd@host/db"],
        &["list", "--url", "sqlite://me:ssw0rd@host/db"],
        &["list", "--url", "ssw0rd"],
        &["check", "--url", "postgers://me:ssw0rd@host/db"],
        &["check", "-C", "postgres://me:ssw0rd@host/db"],
        &["check", "--recurring-file", "postgres://me:ssw0rd@host/db"],
        &["check", "--zone", "postgres://me:ssw0rd@host/db"],
        &["man", "postgres://me:ssw0rd@host/db"],
        &["generate", "job", "postgres://me:ssw0rd@host/db"],
        &["new", "postgres://me:ssw0rd@host/db"],
        &["recurring", "run", "postgres://me:ssw0rd@host/db"],
        &["stats", "Server=db;User Id=u;Pwd=ssw0rd"],
        &["stats", "ssw0rd@h/db"],
        &["stats", "-xssw0rd@h/db"],
        &["list", "--since", "postgres:u:ssw0rd"],
        &["list", "--since=ssw0rd@h/db"],
    ] {
        let output = dir.jobs(args);
        let words = format!("{}{}", output.out, output.err);
        assert!(output.status != 0 && !words.contains("ssw0rd"), "{args:?}: {words}");
    }
}

#[tokio::test]
async fn no_output_shows_a_password_of_a_variable_or_of_a_queue() {
    let dir = TestDir::new().await;
    dir.write("config/jobs.yml", "development:\n  threads: 1\n");
    let url = "postgres://me:ssw0rd@host/db";
    for variable in ["JOBS_CONFIG", "JOBS_ENV", "JOBS_TIME_ZONE", "JOBS_LOG"] {
        for args in [&["check"][..], &["start"], &["check", "--json"], &["recurring", "run", "x"]] {
            let output = CommandOutput::new(dir.command(shop(), args).env(variable, url).output().unwrap());
            let words = format!("{}{}", output.out, output.err);
            let is_read = variable != "JOBS_LOG" || args == ["start"];
            assert!(!words.contains("ssw0rd") && (output.status != 0 || !is_read), "{variable} {args:?}: {words}");
        }
    }
    for args in [["pause", url], ["resume", url], ["-e", url]] {
        let output = dir.jobs(&[&args[..], if args[0] == "-e" { &["check"] } else { &[] }].concat());
        let words = format!("{}{}", output.out, output.err);
        assert!(words.contains("[hidden]") && !words.contains("ssw0rd"), "{args:?}: {words}");
    }
}

#[tokio::test]
async fn no_error_has_a_line_or_a_terminal_code_of_an_argument_or_a_file() {
    let dir = TestDir::filled().await;
    let hostile = "first\nerror: forged\u{1b}[31m\u{2028}\u{202e}\u{85}";
    let url = format!("sqlite:/no_such_folder/{hostile}");
    let option = format!("--since={hostile}");
    for args in [
        &[hostile][..],
        &["list", hostile],
        &["list", &option],
        &["list", "--state", hostile],
        &["show", hostile],
        &["pause", hostile],
        &["enqueue", hostile],
        &["enqueue", "send", hostile],
        &["stats", "--url", &url],
        &["-C", hostile, "check"],
        &["generate", "job", hostile],
    ] {
        assert_safe(&dir.jobs(args), args);
    }
    dir.write(
        "config/jobs.yml",
        "development:\n  \"first\\nerror: forged\\e[31m\u{202e}\": 1\n  queues: [\"\\u2028\"]\n",
    );
    assert_safe(&dir.jobs(&["check"]), &["check"]);
}

fn assert_safe(output: &CommandOutput, args: &[&str]) {
    let words = format!("{}{}", output.out, output.err);
    assert_ne!(output.status, 0, "{args:?}: {words}");
    assert!(!words.lines().skip(1).any(|line| line.starts_with("error:")), "{args:?}: {words}");
    assert!(!words.contains(['\u{1b}', '\u{2028}', '\u{202e}', '\u{85}']), "{args:?}: {words}");
}

#[cfg(unix)]
#[tokio::test]
async fn text_that_is_not_unicode_is_an_error_and_names_no_other_store() {
    use std::os::unix::ffi::OsStrExt;

    let text = std::ffi::OsStr::from_bytes(b"sqlite:\xff.db");
    let dir = TestDir::filled().await;
    let error =
        CommandOutput::new(dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["stats"]).arg(text).output().unwrap());
    let error = error.refused(2);
    assert!(error.contains("unexpected argument"), "{error}");
    for config in ["", "development:\n  store: sqlite:jobs.db\n", "development:\n  store: ${STORE:-sqlite:jobs.db}\n"] {
        if !config.is_empty() {
            dir.write("config/jobs.yml", config);
        }
        let variables = if config.contains("STORE") { ["STORE", "JOBS_ENV"] } else { ["JOBS_URL", "JOBS_CONFIG"] };
        for variable in variables {
            let mut command = dir.command(env!("CARGO_BIN_EXE_jobs").into(), &["stats"]);
            command.env_remove("JOBS_URL").env(variable, text);
            let error = CommandOutput::new(command.output().unwrap()).refused(1);
            let is_said = error.contains(&format!("the value of `{variable}` is not valid Unicode"));
            assert!(
                is_said || variable == "JOBS_CONFIG" && error.contains("there is no `sqlite:"),
                "{variable}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn an_environment_that_performs_jobs_at_once_is_checked_without_a_store() {
    let dir = TestDir::new().await;
    for program in [TestDir::jobs, TestDir::shop] {
        assert_eq!(program(&dir, &["check", "--url", "inline:"]).done(), "all is well\n");
        let error = program(&dir, &["check", "--url", "inline"]);
        assert!(error.status == 3 && error.out.contains("write `inline:`"), "{}{}", error.out, error.err);
    }
}
