//! What is made of ticks that nobody took in time, and who may have a tick.

use std::time::Duration;

use jobs_core::missed::{DueTicks, GRACE, MOST_MISSED, due_ticks};
use jobs_core::{MissedTicks, RecurringRecord, RecurringTask, Schedule, TickOutcome, Timestamp, UNDECLARED_KEPT};

const HOUR: Duration = Duration::from_secs(3600);

/// Twelve o'clock on a day.
fn noon() -> Timestamp {
    Timestamp::from_micros(1_764_072_000_000_000)
}

fn due(words: &str, asleep: Duration, missed: MissedTicks) -> DueTicks {
    let schedule: Schedule = words.parse().expect(words);
    due_ticks(&schedule, noon() - asleep, noon(), noon(), missed)
}

fn ago(seconds: u64) -> Timestamp {
    noon() - Duration::from_secs(seconds)
}

#[test]
fn a_tick_within_the_grace_is_taken_by_every_policy() {
    for missed in [MissedTicks::Skip, MissedTicks::Once, MissedTicks::All(5)] {
        assert_eq!(due("0 * * * *", HOUR, missed), DueTicks { skipped: None, taken: vec![noon()] }, "{missed}");
        assert_eq!(due("1 59 * * * *", HOUR, missed).taken, [ago(59)], "{missed}");
    }
    assert_eq!(due("0 59 * * * *", HOUR, MissedTicks::Skip).taken, [], "a whole minute is too late");
    let secondly = due("* * * * * *", Duration::from_secs(5), MissedTicks::Skip);
    assert_eq!(secondly.taken, [ago(4), ago(3), ago(2), ago(1), noon()], "none is lost for being a moment late");
}

#[test]
fn ticks_since_the_scheduler_watches_are_not_missed_however_late_they_are() {
    let schedule: Schedule = "* * * * *".parse().expect("a cron line");
    let due = |watched, missed| due_ticks(&schedule, noon() - HOUR, watched, noon(), missed);
    let skip = due(ago(181), MissedTicks::Skip);
    assert_eq!(skip.taken, [ago(180), ago(120), ago(60), noon()]);
    assert_eq!(skip.skipped, Some((ago(181), 56)), "those before are");
    assert_eq!(due(ago(0), MissedTicks::Skip).taken, [noon()], "the minute of grace stays");
    assert_eq!(due(noon() - 2 * HOUR, MissedTicks::Skip).skipped, None, "nothing is before the mark");
    let secondly: Schedule = "* * * * * *".parse().expect("a cron line");
    let all = due_ticks(&secondly, noon() - HOUR, noon() - HOUR, noon(), MissedTicks::Skip);
    assert_eq!((all.taken.len(), all.skipped.map(|(_, count)| count)), (MOST_MISSED as usize, Some(MOST_MISSED)));
}

#[test]
fn nothing_is_due_before_the_first_tick() {
    assert_eq!(due("30 * * * *", HOUR / 4, MissedTicks::All(5)), DueTicks::default());
}

#[test]
fn skip_leaves_out_what_is_later_than_the_grace() {
    let due = due("30 * * * *", 3 * HOUR, MissedTicks::Skip);
    assert_eq!(due.taken, []);
    assert_eq!(due.skipped, Some((noon() - GRACE, 3)));
}

#[test]
fn once_runs_the_last_missed_tick_unless_one_has_just_come() {
    let missed = due("30 * * * *", 3 * HOUR, MissedTicks::Once);
    assert_eq!(missed.taken, [ago(1800)]);
    assert_eq!(missed.skipped.map(|(_, count)| count), Some(2));
    let in_time = due("0 * * * *", 3 * HOUR, MissedTicks::Once);
    assert_eq!(in_time.taken, [noon()]);
    assert_eq!(in_time.skipped.map(|(_, count)| count), Some(2));
}

#[test]
fn all_runs_the_last_so_many() {
    let some = due("0 * * * *", 5 * HOUR, MissedTicks::All(2));
    assert_eq!(some.taken, [ago(7200), ago(3600), noon()]);
    assert_eq!(some.skipped.map(|(_, count)| count), Some(2));
    let enough = due("0 * * * *", 3 * HOUR, MissedTicks::All(10));
    assert_eq!(enough, DueTicks { skipped: None, taken: vec![ago(7200), ago(3600), noon()] });
}

#[test]
fn what_is_skipped_ends_before_what_is_taken() {
    for missed in [MissedTicks::Skip, MissedTicks::Once, MissedTicks::All(3)] {
        for words in ["* * * * * *", "*/7 * * * *", "0 * * * *", "30 3 * * *"] {
            let due = due(words, 200 * HOUR, missed);
            let (until, _) = due.skipped.expect("a week is too long");
            assert!(due.taken.iter().all(|tick| *tick > until), "{words}, {missed}: {due:?}");
        }
    }
}

#[test]
fn years_of_seconds_are_counted_no_further_than_needed() {
    let due = due("* * * * * *", 20_000 * HOUR, MissedTicks::All(u32::MAX));
    assert_eq!(due.skipped.map(|(_, count)| count), Some(MOST_MISSED));
    assert!(due.taken.len() <= MOST_MISSED as usize + 60);
}

#[test]
fn policies_are_read_as_they_are_written() {
    for missed in [MissedTicks::Skip, MissedTicks::Once, MissedTicks::All(24)] {
        assert_eq!(missed.to_string().parse::<MissedTicks>().expect("it is read back"), missed);
    }
    for text in ["", "all", "all(0)", "all(1001)", "all(x)", "twice"] {
        assert!(text.parse::<MissedTicks>().expect_err(text).to_string().contains("`all(24)`"));
    }
}

fn record() -> RecurringRecord {
    RecurringRecord::new(RecurringTask::new("nightly", "clean_up", "0 * * * *"), noon())
}

#[test]
fn a_tick_is_given_once_and_in_time() {
    let mut record = record();
    let tick = noon() + HOUR;
    assert_eq!(record.refuses(tick, ago(0)), Some(TickOutcome::Early));
    assert_eq!(
        record.refuses(noon(), noon()),
        Some(TickOutcome::Taken),
        "what came before it was declared is none of it"
    );
    assert_eq!(record.refuses(tick, tick), None);
    record.note(tick, None);
    assert_eq!(record.refuses(tick, tick), Some(TickOutcome::Taken));
    record.paused = true;
    assert_eq!(record.refuses(tick + HOUR, tick + HOUR), Some(TickOutcome::Paused));
    assert_eq!(record.next(tick), None);
    record.resume(tick + 2 * HOUR);
    assert_eq!(record.refuses(tick + HOUR, tick + 2 * HOUR), Some(TickOutcome::Taken), "no pause is made up for");
}

#[test]
fn a_clock_set_back_by_a_day_repeats_no_tick_and_by_more_blocks_none() {
    let mut record = record();
    let ahead = noon() + 20 * HOUR;
    record.note(ahead, None);
    let back = noon() + 2 * HOUR;
    assert_eq!(record.refuses(back, back), Some(TickOutcome::Taken));
    assert_eq!(record.looks_after(back), ahead);
    let far = noon() + 9000 * HOUR;
    record.note(far, None);
    assert_eq!(record.refuses(back, back), None);
    assert_eq!(record.looks_after(back), back - GRACE);
}

#[test]
fn another_schedule_begins_anew_and_the_same_goes_on() {
    let mut record = record();
    let later = noon() + HOUR / 2;
    record.declare(&record.task.clone(), later);
    assert_eq!((record.after, record.declared_at), (noon(), later));
    record.declare(&RecurringTask::new("nightly", "clean_up", "15 * * * *"), later);
    assert_eq!(record.after, later, "a quarter past was not missed: nobody had asked for it");
}

#[test]
fn a_task_that_no_program_declares_is_forgotten_unless_it_is_paused() {
    let mut record = record();
    assert!(!record.is_forgotten(noon() + UNDECLARED_KEPT));
    assert!(record.is_forgotten(noon() + UNDECLARED_KEPT + HOUR));
    record.paused = true;
    assert!(!record.is_forgotten(noon() + UNDECLARED_KEPT + HOUR));
}

#[test]
fn a_task_that_cannot_be_is_refused_with_its_key() {
    let said = |task: RecurringTask| task.check().expect_err("it cannot be").to_string();
    assert!(said(RecurringTask::new("", "clean_up", "@daily")).contains("cannot be the key"));
    assert!(
        said(RecurringTask::new("nightly", "clean_up", "0 0 30 2 *")).starts_with("the recurring task `nightly`: ")
    );
    let mut task = RecurringTask::new("nightly", "clean_up", "@daily");
    task.queue = Some("two words".to_owned());
    assert!(said(task).contains("white space"));
}
