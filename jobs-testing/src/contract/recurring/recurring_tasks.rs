//! Recurring tasks as programs declare them. A store without `Recurring` skips these cases.

use std::time::Duration;

use jobs_core::{
    MissedTicks, Recurring, RecurringRecord, RecurringTask, RecurringTasks, Tick, TickOutcome, UNDECLARED_KEPT,
};

use crate::contract::Fixture;
use crate::contract::fixture::secs;

/// A task that recurs each minute.
pub(crate) fn task(key: &str) -> RecurringTask {
    RecurringTask::new(key, "note", "* * * * *")
}

pub(crate) async fn declare(recurring: &dyn Recurring, tasks: &[RecurringTask]) {
    recurring.declare(tasks).await.expect("the store takes declarations");
}

pub(crate) async fn agenda(recurring: &dyn Recurring) -> RecurringTasks {
    recurring.tasks().await.expect("the store lists recurring tasks")
}

/// The task of this key, which has to be there.
pub(crate) async fn known(recurring: &dyn Recurring, key: &str) -> RecurringRecord {
    let agenda = agenda(recurring).await;
    agenda.find(key).unwrap_or_else(|| panic!("the task `{key}` is listed among {agenda:?}")).clone()
}

async fn keys(recurring: &dyn Recurring) -> Vec<String> {
    agenda(recurring).await.tasks.into_iter().map(|record| record.task.key).collect()
}

/// A task is listed exactly as it was declared.
pub async fn a_task_is_listed_as_it_was_declared(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    let plain = task("a plain one");
    let mut full = task("ü \u{1}\u{1f600}");
    "shop::clean \"up\"".clone_into(&mut full.job);
    r#"{"text":"it's ü"}"#.clone_into(&mut full.arguments);
    full.version = u32::MAX;
    full.queue = Some("night_ly".to_owned());
    full.priority = Some(i32::MIN);
    "0 2 * * *".clone_into(&mut full.schedule);
    full.zone = Some("Europe/Berlin".to_owned());
    full.missed = MissedTicks::All(24);
    full.description = Some("what\0 it is for\n'".to_owned());
    declare(recurring, &[plain.clone(), full.clone()]).await;
    for task in [plain, full] {
        let record = known(recurring, &task.key).await;
        assert_eq!(record, RecurringRecord::new(task, fixture.now()), "a new task has nothing behind it");
    }
}

/// A task is listed with the time that its jobs are worth running, and without it once it is declared without.
pub async fn a_task_keeps_when_its_jobs_expire(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    let two_hours = task("a").expires_in(secs(7200));
    declare(recurring, &[two_hours, task("b")]).await;
    let listed = async |key| known(recurring, key).await.task.expires_in;
    assert_eq!((listed("a").await, listed("b").await), (Some(secs(7200)), None), "as each was declared");
    let tick = Tick::new("a".to_owned(), fixture.now() + secs(60), Some(fixture.job()));
    fixture.advance(secs(60));
    let _given = recurring.tick(&tick).await.expect("the store gives a tick away");
    assert_eq!(listed("a").await, Some(secs(7200)), "a tick does not change it");
    declare(recurring, &[task("a")]).await;
    assert_eq!(listed("a").await, None, "it is declared anew");
}

/// Tasks are listed in the order of their keys, by bytes.
pub async fn tasks_are_listed_in_the_order_of_their_keys(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &["b", "a_b", "aB", "a-b", "ä", "Z"].map(task)).await;
    assert_eq!(keys(recurring).await, ["Z", "a-b", "aB", "a_b", "b", "ä"]);
}

/// The list of tasks carries the time of the store, even if it is empty.
pub async fn the_task_list_shows_the_time_of_the_store(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    assert_eq!(agenda(recurring).await, RecurringTasks::new(fixture.now(), Vec::new()));
    fixture.advance(secs(90));
    assert_eq!(agenda(recurring).await.now, fixture.now(), "it is the store's clock that counts");
}

/// A task that is declared once more keeps its ticks and its pause, and has its new words.
pub async fn a_task_declared_again_continues(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &[task("a")]).await;
    fixture.advance(secs(60));
    let tick = Tick::new("a".to_owned(), fixture.now(), Some(fixture.job()));
    let ticked = recurring.tick(&tick).await.expect("the store gives a tick away");
    assert!(matches!(ticked, TickOutcome::Enqueued(_)), "the tick is there: {ticked:?}");
    assert!(recurring.pause_task("a").await.expect("the store pauses a task"), "it was not paused");
    let before = known(recurring, "a").await;
    fixture.advance(secs(5));
    let mut anew = task("a");
    anew.description = Some("in other words".to_owned());
    declare(recurring, std::slice::from_ref(&anew)).await;
    let mut expected = before;
    expected.declare(&anew, fixture.now());
    assert_eq!(known(recurring, "a").await, expected, "all but the words and the time of the declaration stays");
    assert!(expected.paused && expected.last_tick.is_some(), "and there was something to stay");
}

/// A task at other times begins anew: what it would have had is not missed.
pub async fn a_task_with_a_new_schedule_starts_over(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &["a", "b", "c"].map(task)).await;
    let (first, mut other, mut elsewhere) = (fixture.now(), task("a"), task("b"));
    fixture.advance(secs(30));
    "30 * * * *".clone_into(&mut other.schedule);
    elsewhere.zone = Some("Asia/Kathmandu".to_owned());
    declare(recurring, &[other, elsewhere, task("c")]).await;
    assert_eq!(known(recurring, "a").await.after, fixture.now(), "another schedule begins now");
    assert_eq!(known(recurring, "b").await.after, fixture.now(), "so does another zone");
    assert_eq!(known(recurring, "c").await.after, first, "the same goes on");
}

/// A program that does not know a task leaves it alone: another version of it may run beside.
pub async fn a_task_of_another_program_stays(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &["a", "b"].map(task)).await;
    let before = known(recurring, "a").await;
    fixture.advance(secs(5));
    declare(recurring, &[task("b")]).await;
    declare(recurring, &[]).await;
    assert_eq!(known(recurring, "a").await, before);
}

/// A task that no program declares any more is forgotten in the end, unless somebody paused it.
pub async fn a_task_no_longer_declared_is_forgotten_in_the_end(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &["a", "b", "c"].map(task)).await;
    assert!(recurring.pause_task("b").await.expect("the store pauses a task"), "it was not paused");
    fixture.advance(UNDECLARED_KEPT);
    declare(recurring, &[task("c")]).await;
    assert_eq!(keys(recurring).await, ["a", "b", "c"], "its time is not over yet");
    fixture.advance(Duration::from_micros(1));
    declare(recurring, &[task("c")]).await;
    assert_eq!(keys(recurring).await, ["b", "c"], "what is paused is kept, and what is declared");
}

/// A task can be forgotten manually. Declared again, it has no history.
pub async fn a_task_can_be_forgotten_manually(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &["a", "b"].map(task)).await;
    assert!(recurring.forget_task("a").await.expect("the store forgets a task"), "it was there");
    assert!(!recurring.forget_task("a").await.expect("the store forgets a task"), "it is gone");
    assert_eq!(keys(recurring).await, ["b"]);
    fixture.advance(secs(60));
    declare(recurring, &[task("a")]).await;
    assert_eq!(known(recurring, "a").await, RecurringRecord::new(task("a"), fixture.now()));
}

/// What one handle declares is visible to another one.
pub async fn another_handle_sees_what_was_declared(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    let another = fixture.another().await;
    let other = another.recurring().expect("both handles keep recurring tasks");
    declare(recurring, &[task("a")]).await;
    assert_eq!(agenda(other).await, agenda(recurring).await);
}
