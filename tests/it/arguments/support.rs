//! The path of one argument: enqueued, stored as text, claimed, read, passed to the body.

use std::fmt::Debug;

use jobs::State;

use crate::fixture::{CallLog, Fixture, id};

/// What the body was given, as it prints itself, and what was stored.
pub(crate) async fn arrived<J: jobs::Job>(job: J) -> (String, String) {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let list = [jobs::definition::Definition::of::<J>()];
    let running = fixture.builder_logging(&calls, list).build().await.unwrap().start().await.unwrap();
    let id = id(running.client().enqueue(&job, jobs::EnqueueOptions::default()).await.unwrap());
    let record = fixture.reaches(id, State::Finished).await;
    (calls.all().concat(), record.arguments)
}

/// Why a job with this argument is not taken.
pub(crate) async fn refused<J: jobs::Job>(job: J) -> String {
    let fixture = Fixture::new();
    let jobs = fixture
        .builder_logging(&CallLog::default(), [jobs::definition::Definition::of::<J>()])
        .build()
        .await
        .unwrap()
        .client();
    let error = jobs.enqueue(&job, jobs::EnqueueOptions::default()).await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0, "nothing is stored");
    error.to_string()
}

/// How a value prints itself.
pub(crate) fn printed(value: &impl Debug) -> String {
    format!("{value:?}")
}

/// A job that takes one argument of this type and writes down what it was given.
macro_rules! carrier {
    ($function:ident, $job:ident, $type:ty) => {
        #[jobs::job(struct = $job)]
        async fn $function(value: $type, calls: &crate::fixture::CallLog) -> Result<(), std::io::Error> {
            calls.add(format!("{value:?}"));
            Ok(())
        }
    };
}

/// Each value arrives as it was.
macro_rules! arrives {
    ($job:ident, $($value:expr),+ $(,)?) => {
        $(
            let value = $value;
            let expected = crate::arguments::support::printed(&value);
            assert_eq!(crate::arguments::support::arrived($job { value }).await.0, expected);
        )+
    };
}

pub(crate) use {arrives, carrier};
