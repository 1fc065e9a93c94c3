//! `recurring`.

use jobs::recurring::{MissedTicks, RecurringTask, Tick, TickOutcome};

use crate::fixture::TestDir;

/// A store with two recurring tasks.
async fn with_tasks() -> TestDir {
    let dir = TestDir::new().await;
    let arguments = r#"{"address":"ada@example.com","subject":"Hello"}"#;
    let hello = RecurringTask::new("hello", "send_mail", "every day at 5am").zone("Europe/Berlin").arguments(arguments);
    let other = RecurringTask::new("pulse", "of_another_program", "every 5m").missed(MissedTicks::Once);
    dir.store.recurring().unwrap().declare(&[hello, other]).await.unwrap();
    dir
}

#[tokio::test]
async fn tasks_are_listed_with_their_schedules_and_ticks() {
    let dir = with_tasks().await;
    let output = dir.jobs(&["recurring"]).done();
    assert!(output.contains("KEY") && output.contains("at 05:00 every day (Europe/Berlin)"), "{output}");
    assert!(output.contains("never"), "no tick was taken: {output}");
    let output = dir.jobs(&["recurring", "list", "--json"]).done();
    let tasks: Vec<serde_json::Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(tasks.iter().map(|task| &task["key"]).collect::<Vec<_>>(), ["hello", "pulse"]);
    assert_eq!(tasks[1]["missed"], "once");
    assert!(tasks[1]["next_tick"].as_str().unwrap().ends_with(":00.000000Z"));
    assert!(!output.contains("ada@example.com"), "arguments may be secret");
}

#[tokio::test]
async fn a_task_is_paused_and_resumed_for_all_processes() {
    let dir = with_tasks().await;
    let recurring = dir.store.recurring().unwrap();
    let change = |verb: &str| dir.jobs(&["recurring", verb, "pulse"]).done();
    assert!(change("pause").contains("no process runs its ticks"));
    assert!(recurring.tasks().await.unwrap().find("pulse").unwrap().paused);
    assert!(change("pause").contains("was paused already"));
    assert!(dir.jobs(&["recurring"]).done().contains("paused"));
    assert!(change("resume").contains("continues with its next tick"));
    assert!(change("resume").contains("was not paused"));
    assert!(change("forget").contains("is deleted"));
    assert!(recurring.tasks().await.unwrap().find("pulse").is_none());
}

#[tokio::test]
async fn an_unknown_key_is_refused_with_a_suggestion() {
    let dir = with_tasks().await;
    for verb in ["run", "pause", "resume", "forget"] {
        let output = dir.jobs(&["recurring", verb, "plse"]).refused(1);
        assert!(output.contains("did you mean `pulse`?"), "{output}");
    }
    let output = TestDir::new().await.jobs(&["recurring", "pause", "pulse"]).refused(1);
    assert!(output.contains("the store has no recurring tasks"), "{output}");
}

#[tokio::test]
async fn a_task_is_run_now_by_the_program_that_has_its_job() {
    let dir = with_tasks().await;
    let output = dir.shop(&["recurring", "run", "hello", "--json"]).json();
    assert_eq!((&output["job"], &output["enqueued"]), (&"send_mail".into(), &"new".into()));
    let id = output["id"].as_str().unwrap().parse().unwrap();
    let job = dir.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((job.queue.as_str(), job.name.as_str()), ("mail", "send_mail"));
    let record = dir.store.recurring().unwrap().tasks().await.unwrap().find("hello").unwrap().clone();
    assert_eq!(record.last_tick, None, "running a task manually is not a tick");
    let output = dir.shop(&["recurring", "run", "pulse"]).refused(1);
    assert!(output.contains("`of_another_program`"), "{output}");
}

#[tokio::test]
async fn a_program_without_the_job_copies_the_last_one_or_refuses() {
    let dir = with_tasks().await;
    let output = dir.jobs(&["recurring", "run", "hello"]).refused(1);
    assert!(output.contains("by the program that has it"), "{output}");
    let now = jobs::time::Clock::now(&jobs::time::SystemClock);
    let recurring = dir.store.recurring().unwrap();
    let job = dir.enqueue(9, |job| job.priority = 3).await;
    let stored = dir.store.inspect().unwrap().find(job).await.unwrap().unwrap();
    let mut repeated = jobs::store::NewJob::new(job, "send_mail", "{}");
    repeated.queue.clone_from(&stored.queue);
    let tick = Tick::new("hello".to_owned(), now, Some(repeated));
    assert!(matches!(recurring.tick(&tick).await.unwrap(), TickOutcome::Enqueued(_)));
    let output = dir.jobs(&["recurring", "run", "hello", "--json"]).json();
    let id = output["id"].as_str().unwrap().parse().unwrap();
    let ran = dir.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((ran.queue.as_str(), ran.priority), ("mail", 3));
    assert!(ran.arguments.contains("ada@example.com"));
}
