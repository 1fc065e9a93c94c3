//! The errors of `build()` about recurring tasks.

use jobs::definition::Definition;
use jobs::recurring::RecurringTask;
use jobs::{Error, Runtime};
use tracing::Level;

use super::{Beat, RecurringFixture, beats};
use crate::observe::log_capture::Log;

async fn refused(tasks: impl IntoIterator<Item = RecurringTask>) -> Error {
    let fixture = RecurringFixture::new();
    let builder = tasks.into_iter().fold(fixture.builder(), jobs::RuntimeBuilder::recurring);
    let error = builder.build().await.expect_err("it cannot be built");
    assert!(error.is_invalid(), "{error}");
    error
}

#[tokio::test]
async fn a_job_that_is_not_known_is_named_with_the_nearest() {
    let words = refused([RecurringTask::new("nightly", "baet", "@daily")]).await.to_string();
    assert_eq!(
        words,
        "the recurring task `nightly`: `baet` is not a job of this program; there is `beat`; did you mean `beat`?"
    );
}

#[tokio::test]
async fn invalid_arguments_of_a_task_are_refused_with_their_field() {
    let words = refused([beats("@daily").arguments(r#"{"of":7}"#)]).await.to_string();
    assert!(words.starts_with("the recurring task `pulse`: the arguments of `beat`: "), "{words}");
    assert!(words.contains("of: "), "{words}");
    let words = refused([beats("@daily").version(2)]).await.to_string();
    assert!(words.contains("version 2"), "{words}");
}

#[tokio::test]
async fn a_misspelled_argument_of_a_task_is_refused_with_the_name_that_there_is() {
    let words = refused([beats("@daily").arguments(r#"{"of":"x","off":1}"#)]).await.to_string();
    let expected = "the recurring task `pulse`: `beat` has no argument `off`; did you mean `of`? (there is `of`)";
    assert_eq!(words, expected);
}

#[tokio::test]
async fn an_invalid_schedule_is_refused() {
    let words = refused([beats("0 0 30 2 *")]).await.to_string();
    assert!(
        words.contains("the recurring task `pulse`: `0 0 30 2 *` is not a valid schedule: it never fires"),
        "{words}"
    );
    let words = refused([beats("@daily").zone("Europe/Berln")]).await.to_string();
    assert!(words.contains("did you mean `Europe/Berlin`?"), "{words}");
}

#[tokio::test]
async fn two_tasks_of_one_key_are_refused() {
    let words = refused([beats("@daily"), beats("@hourly")]).await.to_string();
    assert!(words.contains("two recurring tasks have the key `pulse`"), "{words}");
}

#[tokio::test]
async fn all_mistakes_are_reported_at_once() {
    let other = RecurringTask::new("other", "beat", "every blue moon").arguments(r#"{"of":"x"}"#);
    let words = refused([beats("61 * * * *"), other]).await.to_string();
    assert_eq!(words.lines().count(), 2, "{words}");
}

#[tokio::test]
async fn a_process_without_a_scheduler_is_not_checked() {
    let fixture = RecurringFixture::new();
    let unknown = || RecurringTask::new("nightly", "of_another_program", "@daily");
    assert!(fixture.builder().recurring(unknown()).build_client().await.is_ok());
    assert!(fixture.builder().recurring(unknown()).scheduler(false).build().await.is_ok());
}

#[tokio::test]
async fn nothing_recurs_inline_and_the_log_says_so() {
    let log = Log::from(Level::INFO);
    let builder = || Runtime::builder().connect("inline:").register([Definition::of::<Beat>()]);
    builder().build().await.unwrap();
    assert!(!log.has("recurs"), "{:?}", log.lines());
    builder().recurring(beats("every 5m")).build().await.unwrap();
    assert!(log.only("Nothing recurs with `inline:`").starts_with("INFO"));
}
