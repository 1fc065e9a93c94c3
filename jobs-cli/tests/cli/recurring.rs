//! `recurring`, and `start` without a scheduler.

use jobs::{Missed, RecurringTask, Tick, Ticked};

use crate::place::Place;

/// A store with two tasks, one of which was declared long enough ago to have a tick.
async fn declared() -> Place {
    let place = Place::new().await;
    let arguments = r#"{"address":"ada@example.com","subject":"Hello"}"#;
    let hello = RecurringTask::new("hello", "send_mail", "every day at 5am").zone("Europe/Berlin").arguments(arguments);
    let other = RecurringTask::new("pulse", "of_another_program", "every 5m").missed(Missed::Once);
    place.store.recurring().unwrap().declare(&[hello, other]).await.unwrap();
    place
}

#[tokio::test]
async fn tasks_are_listed_with_what_they_mean_and_when_they_come() {
    let place = declared().await;
    let said = place.jobs(&["recurring"]).done();
    assert!(said.contains("KEY") && said.contains("at 05:00 every day (Europe/Berlin)"), "{said}");
    assert!(said.contains("never"), "no tick was taken: {said}");
    let said = place.jobs(&["recurring", "list", "--json"]).done();
    let tasks: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(tasks.iter().map(|task| &task["key"]).collect::<Vec<_>>(), ["hello", "pulse"]);
    assert_eq!(tasks[1]["missed"], "once");
    assert!(tasks[1]["next_tick"].as_str().unwrap().ends_with(":00.000000Z"));
    assert!(!said.contains("ada@example.com"), "arguments may be secret");
}

#[tokio::test]
async fn a_task_is_paused_and_resumed_for_all() {
    let place = declared().await;
    let recurring = place.store.recurring().unwrap();
    let turned = |verb: &str| place.jobs(&["recurring", verb, "pulse"]).done();
    assert!(turned("pause").contains("no process takes its ticks"));
    assert!(recurring.tasks().await.unwrap().find("pulse").unwrap().paused);
    assert!(turned("pause").contains("was paused already"));
    assert!(place.jobs(&["recurring"]).done().contains("paused"));
    assert!(turned("resume").contains("goes on with its next tick"));
    assert!(turned("resume").contains("was not paused"));
    assert!(turned("forget").contains("is forgotten"));
    assert!(recurring.tasks().await.unwrap().find("pulse").is_none());
}

#[tokio::test]
async fn a_key_that_is_none_is_told_with_the_nearest() {
    let place = declared().await;
    for verb in ["run", "pause", "resume", "forget"] {
        let said = place.jobs(&["recurring", verb, "plse"]).refused(1);
        assert!(said.contains("did you mean `pulse`?"), "{said}");
    }
    let said = Place::new().await.jobs(&["recurring", "pause", "pulse"]).refused(1);
    assert!(said.contains("no recurring task is known here"), "{said}");
}

#[tokio::test]
async fn a_task_is_run_now_by_the_program_that_has_its_job() {
    let place = declared().await;
    let said = place.shop(&["recurring", "run", "hello", "--json"]).json();
    assert_eq!((&said["job"], &said["enqueued"]), (&"send_mail".into(), &"new".into()));
    let id = said["id"].as_str().unwrap().parse().unwrap();
    let job = place.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((job.queue.as_str(), job.name.as_str()), ("mail", "send_mail"));
    let record = place.store.recurring().unwrap().tasks().await.unwrap().find("hello").unwrap().clone();
    assert_eq!(record.last_tick, None, "it is no tick");
    let said = place.shop(&["recurring", "run", "pulse"]).refused(1);
    assert!(said.contains("`of_another_program`"), "{said}");
}

#[tokio::test]
async fn a_program_without_the_job_runs_it_as_before_or_says_who_can() {
    let place = declared().await;
    let said = place.jobs(&["recurring", "run", "hello"]).refused(1);
    assert!(said.contains("by the program that has it"), "{said}");
    let now = jobs::Clock::now(&jobs::SystemClock);
    let recurring = place.store.recurring().unwrap();
    let job = place.enqueue(9, |job| job.priority = 3).await;
    let stored = place.store.inspect().unwrap().find(job).await.unwrap().unwrap();
    let mut again = jobs::NewJob::new(job, "send_mail", "{}");
    again.queue.clone_from(&stored.queue);
    let tick = Tick::new("hello", now, Some(again));
    assert!(matches!(recurring.tick(&tick).await.unwrap(), Ticked::Enqueued(_)));
    let said = place.jobs(&["recurring", "run", "hello", "--json"]).json();
    let id = said["id"].as_str().unwrap().parse().unwrap();
    let ran = place.store.inspect().unwrap().find(id).await.unwrap().unwrap();
    assert_eq!((ran.queue.as_str(), ran.priority), ("mail", 3));
    assert!(ran.arguments.contains("ada@example.com"));
}
