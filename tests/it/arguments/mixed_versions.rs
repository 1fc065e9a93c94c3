//! Two versions of a program side by side on one file, as during a deploy.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use jobs::definition::{Definition, Settings};
use jobs::prelude::*;
use jobs::{Event, PerformLater, State};
use jobs_testing::SeededEntropy;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fixture::{CallLog, Fixture, id};

/// What the program was before.
mod old {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub(super) struct Charge {
        pub(super) amount: u64,
    }

    impl Job for Charge {
        type Output = ();
        type Error = Infallible;
        const SETTINGS: Settings = Settings::new("charge");

        async fn perform(self, context: &Context) -> Result<(), Infallible> {
            log_call(context, &format!("old: {}", self.amount));
            Ok(())
        }
    }

    pub(super) fn jobs() -> Vec<Definition> {
        jobs::jobs![Charge].into()
    }
}

/// What it becomes: a job has another form, and there is one more.
mod new {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub(super) struct Charge {
        pub(super) cents: u64,
    }

    impl Job for Charge {
        type Output = ();
        type Error = Infallible;
        const SETTINGS: Settings = Settings::new("charge").version(2);

        async fn perform(self, context: &Context) -> Result<(), Infallible> {
            log_call(context, &format!("new: {}", self.cents));
            Ok(())
        }

        fn upgrade(arguments: Value, _version: u32) -> Result<Value, jobs::BoxError> {
            Ok(serde_json::json!({ "cents": arguments["amount"].as_u64().ok_or("no amount")? * 100 }))
        }
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Refund {}

    impl Job for Refund {
        type Output = ();
        type Error = Infallible;
        const SETTINGS: Settings = Settings::new("refund");

        async fn perform(self, context: &Context) -> Result<(), Infallible> {
            log_call(context, "refunded");
            Ok(())
        }
    }

    pub(super) fn jobs() -> Vec<Definition> {
        jobs::jobs![Charge, Refund].into()
    }
}

fn log_call(context: &Context, words: &str) {
    context.provided::<CallLog>().add(words.to_owned());
}

#[tokio::test]
async fn during_a_deploy_jobs_of_the_new_program_wait_for_it_and_none_is_lost_or_failed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs.db");
    let (before, after, calls) = (Fixture::on_file(&path), Fixture::on_file(&path), CallLog::default());
    let running = before.builder_logging(&calls, old::jobs()).build().await.unwrap().start().await.unwrap();
    // Another seed, or both would draw the same identity.
    let entropy = Arc::new(SeededEntropy::new(8));
    let newer = after.builder_logging(&calls, new::jobs()).entropy(entropy).build().await.unwrap();
    // The new web servers enqueue already, while only old workers run.
    let charge = id(PerformLater::new(new::Charge { cents: 250 }).on(&newer.client()).await.unwrap());
    let refund = id(PerformLater::new(new::Refund {}).on(&newer.client()).await.unwrap());
    before.saw(charge, |event| matches!(event, Event::VersionUnknown(event) if event.version == 2)).await;
    before.saw(refund, |event| matches!(event, Event::NameUnknown(_))).await;
    let both = newer.start().await.unwrap();
    // Both programs can run the jobs that the old program stores.
    let older = id(PerformLater::new(old::Charge { amount: 3 }).on(&running.client()).await.unwrap());
    after.reaches(older, State::Finished).await;
    for job in [charge, refund] {
        after.reaches(job, State::Scheduled).await;
    }
    running.stop().await;
    for fixture in [&before, &after] {
        fixture.clock.advance(Duration::from_secs(60));
    }
    for job in [charge, refund] {
        let record = after.reaches(job, State::Finished).await;
        assert_eq!((record.attempts, record.errors.len()), (1, 0), "to be put off is no attempt");
    }
    both.stop().await;
    let mut done = calls.all();
    done.retain(|note| note != "old: 3" && note != "new: 300");
    done.sort();
    assert_eq!(done, ["new: 250", "refunded"]);
}
