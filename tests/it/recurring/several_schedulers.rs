//! Several schedulers on one store.

use std::time::Duration;

use super::{MINUTE, RecurringFixture, beats, pass};

#[tokio::test(start_paused = true)]
async fn any_number_of_schedulers_enqueue_each_tick_once() {
    let fixture = RecurringFixture::new();
    let mut running = Vec::new();
    for _ in 0..8 {
        running.push(fixture.start(beats("* * * * * *")).await);
    }
    pass(MINUTE + Duration::from_millis(500)).await;
    let mut ticks = fixture.ticks();
    ticks.sort_unstable();
    assert_eq!(ticks, (1..=60).collect::<Vec<_>>());
    assert_eq!(fixture.calls.all().len(), 60);
    for one in running {
        one.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_scheduler_takes_over_when_one_stops() {
    let fixture = RecurringFixture::new();
    let first = fixture.start(beats("every 20s")).await;
    let second = fixture.start(beats("every 20s")).await;
    pass(Duration::from_secs(21)).await;
    first.stop().await;
    pass(MINUTE).await;
    second.stop().await;
    assert_eq!(fixture.ticks(), [20, 40, 60, 80]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_no_running_program_declares_enqueues_nothing() {
    let fixture = RecurringFixture::new();
    let old = fixture.start(beats("every 20s")).await;
    let mut other = beats("every 20s");
    other.key = "new".to_owned();
    let new = fixture.start(other).await;
    pass(Duration::from_secs(21)).await;
    old.stop().await;
    pass(Duration::from_secs(40)).await;
    new.stop().await;
    let taken: Vec<_> = fixture.calls.all();
    assert_eq!(taken.len(), 4, "two at 20 s, then one each");
    let agenda = fixture.agenda().await;
    assert!(agenda.find("pulse").is_some(), "what was taken out of the code is still shown");
}

#[tokio::test(start_paused = true)]
async fn two_versions_of_a_program_do_not_take_the_task_from_each_other() {
    let fixture = RecurringFixture::new();
    let _old = fixture.start(beats("every 30s")).await;
    let _new = fixture.start(beats("every 20s")).await;
    pass(MINUTE * 2 + Duration::from_secs(1)).await;
    let mut ticks = fixture.ticks();
    ticks.sort_unstable();
    assert_eq!(ticks, [20, 30, 40, 60, 80, 90, 100, 120], "each fires what it knows, and none twice");
    assert_eq!(fixture.agenda().await.tasks[0].task.schedule, "every 20s", "the one that came last is shown");
}

#[tokio::test(start_paused = true)]
async fn the_version_that_stays_is_the_one_that_is_shown() {
    let fixture = RecurringFixture::new();
    let _new = fixture.start(beats("every 20s")).await;
    let old = fixture.start(beats("every 30s")).await;
    pass(MINUTE).await;
    old.stop().await;
    assert_eq!(fixture.agenda().await.tasks[0].task.schedule, "every 30s");
    pass(MINUTE * 40).await;
    assert_eq!(fixture.agenda().await.tasks[0].task.schedule, "every 20s");
}
