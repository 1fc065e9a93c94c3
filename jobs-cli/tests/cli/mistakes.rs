//! What is said about what cannot be done: what is wrong, and what to do. Nothing is changed.

use crate::place::{Place, id};

#[tokio::test]
async fn a_store_that_is_not_there_is_not_made_by_looking() {
    let place = Place::new().await;
    let said = place.jobs(&["list", "--url", "sqlite:typo.db"]).refused(1);
    assert!(said.contains("there is no `typo.db`"), "{said}");
    assert!(!place.folder.path().join("typo.db").exists());
    assert_eq!(place.jobs(&["migrate", "--url", "sqlite:typo.db"]).done(), "the tables are up to date\n");
    assert!(place.folder.path().join("typo.db").exists());
}

#[tokio::test]
async fn a_program_without_a_store_says_where_to_name_one() {
    let place = Place::new().await;
    let mut command = place.command(env!("CARGO_BIN_EXE_jobs").into(), &["list"]);
    let output = command.env_remove("JOBS_URL").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("`--url sqlite:jobs.db`") && said.contains("`JOBS_URL`"), "{said}");
}

#[tokio::test]
async fn a_change_of_all_jobs_has_to_say_which() {
    let place = Place::filled().await;
    for command in ["retry", "discard"] {
        let said = place.jobs(&[command, "--yes"]).refused(1);
        assert!(said.contains("say which jobs"), "{said}");
    }
    assert_eq!(place.state(1).await, "failed");
}

#[tokio::test]
async fn a_state_that_allows_it_not_is_named_with_those_that_do() {
    let place = Place::filled().await;
    let said = place.jobs(&["retry", "--state", "claimed", "--yes"]).refused(1);
    assert!(
        said.contains("jobs that are claimed cannot be retried, only those that are `scheduled`, `failed`"),
        "{said}"
    );
}

#[tokio::test]
async fn a_job_that_is_not_there_or_does_not_allow_it_is_told() {
    let place = Place::filled().await;
    let said = place.jobs(&["retry", &id(1).to_string(), &id(9).to_string()]).refused(1);
    assert!(said.contains(&format!("there is no job {}", id(9))), "{said}");
    assert_eq!(place.state(1).await, "failed", "all of them or none");
    let said = place.jobs(&["retry", &id(4).to_string()]);
    assert_eq!((said.status, said.out.as_str()), (1, "0 jobs retried\n"));
    assert!(said.err.contains("1 of 1 jobs were not retried"), "{}", said.err);
}

#[tokio::test]
async fn words_that_are_none_are_refused_with_the_nearest() {
    let place = Place::new().await;
    assert!(place.jobs(&["lst"]).refused(2).contains("'list'"));
    assert!(place.jobs(&["list", "--state", "faild"]).refused(2).contains("'failed'"));
    assert!(place.jobs(&["list", "--since", "yesterday"]).refused(2).contains("`2h` for two hours ago"));
    assert!(place.jobs(&["show", "7"]).refused(2).contains('7'));
    assert!(place.jobs(&["prune", "--older-than", "7"]).refused(2).contains("`1h30m`"));
    assert!(place.jobs(&["pause", ""]).refused(1).contains("queue"));
}

#[tokio::test]
async fn what_nobody_reads_any_more_is_no_mistake() {
    let place = Place::filled().await;
    let mut command = place.command(env!("CARGO_BIN_EXE_jobs").into(), &["list"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &[] as &[u8]));
}

#[test]
fn completions_and_the_manual_are_printed() {
    let run = |words: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jobs")).args(words).output().unwrap();
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
    assert!(!start.contains("pidfile"), "what is only answered is not offered");
    assert_eq!(run(&["man", "nothing"]), "");
}
