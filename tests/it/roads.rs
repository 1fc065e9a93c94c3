//! The way of one argument: enqueued, stored as text, claimed, read, given to the body.

use std::fmt::Debug;

use jobs::State;

use crate::setup::{Notes, World, id};

/// What the body was given, as it prints itself, and what was stored.
pub(crate) async fn arrived<J: jobs::Job>(job: J) -> (String, String) {
    let (world, notes) = (World::new(), Notes::default());
    let list = [jobs::Definition::of::<J>()];
    let running = world.noting(&notes, list).build().await.unwrap().start().await.unwrap();
    let id = id(running.jobs().enqueue(&job, jobs::Options::default()).await.unwrap());
    let record = world.reaches(id, State::Finished).await;
    (notes.all().concat(), record.arguments)
}

/// Why a job with this argument is not taken.
pub(crate) async fn refused<J: jobs::Job>(job: J) -> String {
    let world = World::new();
    let jobs = world.noting(&Notes::default(), [jobs::Definition::of::<J>()]).build().await.unwrap().jobs();
    let error = jobs.enqueue(&job, jobs::Options::default()).await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(world.inspect().counts().await.unwrap().total(), 0, "nothing is stored");
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
        async fn $function(value: $type, notes: &crate::setup::Notes) -> Result<(), std::io::Error> {
            notes.add(format!("{value:?}"));
            Ok(())
        }
    };
}

/// Each value arrives as it was.
macro_rules! arrives {
    ($job:ident, $($value:expr),+ $(,)?) => {
        $(
            let value = $value;
            let expected = crate::roads::printed(&value);
            assert_eq!(crate::roads::arrived($job { value }).await.0, expected);
        )+
    };
}

pub(crate) use {arrives, carrier};
