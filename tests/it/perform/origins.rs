//! What is recorded of where a job comes from, and of where in the code it panicked.

use jobs::State;
use jobs::prelude::*;
use jobs::store::{Filter, JobRecord};

use crate::fixture::{Fixture, id};

#[job]
async fn import(client: &Client) -> jobs::Result<()> {
    Stored::perform_later().on(client).await?;
    Ok(())
}

/// On a thread of its own.
#[job(blocking)]
fn import_in_a_block(client: &Client, runtime: &tokio::runtime::Handle) -> jobs::Result<()> {
    runtime.block_on(async { Stored::perform_later().on(client).await })?;
    Ok(())
}

#[job]
async fn stored() {}

#[job]
async fn break_down() {
    panic!("boom");
}

#[job(blocking)]
fn break_down_in_a_block() {
    panic!("boom");
}

#[tokio::test]
async fn a_job_that_a_job_enqueues_names_it() {
    let fixture = Fixture::new();
    let all = jobs::jobs![Import, ImportInABlock, Stored];
    let client = fixture.builder(all).build_client().await.unwrap();
    let builder = fixture.builder(all).provide(client.clone()).provide(tokio::runtime::Handle::current());
    let running = builder.build().await.unwrap().start().await.unwrap();
    let parents = [Import::perform_later().on(&client).await, ImportInABlock::perform_later().on(&client).await];
    for parent in parents.map(|parent| id(parent.unwrap())) {
        fixture.reaches(parent, State::Finished).await;
        let names_parent = |job: &JobRecord| {
            job.name == "stored" && job.meta.as_deref() == Some(&format!(r#"{{"enqueued_by":"{parent}"}}"#))
        };
        let jobs = fixture.store.inspect().unwrap().list(&Filter::default()).await.unwrap();
        assert!(jobs.iter().any(names_parent), "{jobs:?}");
        assert!(jobs.iter().filter(|job| job.name != "stored").all(|job| job.meta.is_none()), "no job enqueued them");
    }
    running.stop().await;
}

#[tokio::test]
async fn the_error_of_a_panic_has_its_place_in_the_code_as_its_cause() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![BreakDown, BreakDownInABlock]).await;
    let jobs = [
        BreakDown::perform_later().on(&running.client()).await.unwrap(),
        BreakDownInABlock::perform_later().on(&running.client()).await.unwrap(),
    ];
    for job in jobs {
        let record = fixture.reaches(id(job), State::Failed).await;
        let error = &record.errors[0];
        assert_eq!((error.class.as_str(), error.message.as_str()), ("jobs::Panic", "the job panicked: boom"));
        assert!(error.causes[0].starts_with("the panic at tests/it/perform/origins.rs:"), "{error:?}");
    }
}
