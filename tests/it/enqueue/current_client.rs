//! Which client is used when none is given.

use jobs::State;
use jobs::prelude::*;

use crate::fixture::{Fixture, id};

#[job]
async fn follow_up() -> Result<(), std::io::Error> {
    Ok(())
}

/// Enqueues another job from inside.
#[job]
async fn lead() -> Result<(), jobs::Error> {
    let _enqueued = FollowUp::perform_later().await?;
    Ok(())
}

#[tokio::test]
async fn without_a_client_the_error_says_how_to_set_one() {
    let words = FollowUp::perform_later().await.unwrap_err().to_string();
    assert!(words.contains("install()") && words.contains(".on(&client)"), "{words}");
}

#[tokio::test]
async fn inside_a_scope_its_client_is_used() {
    let (one, other) = (Fixture::new(), Fixture::new());
    let one_jobs = one.builder(jobs::jobs![FollowUp]).build().await.unwrap().client();
    let other_jobs = other.builder(jobs::jobs![FollowUp]).build().await.unwrap().client();
    let stored = one_jobs.scope(async { FollowUp::perform_later().await.unwrap() }).await;
    assert_eq!(one.record(id(stored)).await.state, State::Ready);
    let stored = one_jobs.scope(async { FollowUp::perform_later().on(&other_jobs).await.unwrap() }).await;
    assert_eq!(other.record(id(stored)).await.state, State::Ready, "the one given with `.on` comes first");
}

#[tokio::test]
async fn inside_a_job_the_client_of_its_runtime_is_used() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Lead, FollowUp]).await;
    let _ = Lead::perform_later().on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 2);
}
