//! Errors of enqueues and performs keep what caused them.

use std::error::Error as _;
use std::io;

use jobs::prelude::*;
use jobs::{Error, PerformError};

use crate::fixture::Fixture;

#[job(retry_on(io::Error, wait = 5s))]
async fn fail() -> Result<(), io::Error> {
    Err(io::Error::other("lost"))
}

#[derive(Debug)]
struct Database(io::Error);

impl std::fmt::Display for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("database")
    }
}

impl std::error::Error for Database {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn no_order() -> Database {
    Database(io::Error::other("no order with id 99"))
}

#[job]
async fn load() -> Result<(), Database> {
    Err(no_order())
}

#[job]
async fn load_boxed() -> Result<(), jobs::BoxError> {
    Err(no_order().into())
}

#[job]
async fn load_anyhow() -> anyhow::Result<()> {
    Err(anyhow::Error::new(no_order()).context("loading"))
}

#[tokio::test]
async fn an_error_of_perform_now_has_the_causes_of_the_jobs_error() {
    let jobs = Fixture::new().builder(jobs::jobs![Load, LoadBoxed, LoadAnyhow]).build().await.unwrap().client();
    let chain = |error: anyhow::Error| format!("{error:#}");
    let own = Load::perform_now().on(&jobs).await.unwrap_err();
    assert_eq!(chain(own.into()), "database: no order with id 99");
    let boxed = LoadBoxed::perform_now().on(&jobs).await.unwrap_err();
    assert_eq!(chain(boxed.into()), "database: no order with id 99");
    let anyhow = LoadAnyhow::perform_now().on(&jobs).await.unwrap_err();
    assert_eq!(chain(anyhow.into()), "loading: database: no order with id 99");
}

#[tokio::test]
async fn the_error_of_a_retry_that_could_not_be_stored_has_the_stores_error_as_its_source() {
    let mut fixture = Fixture::new();
    let faulty = std::sync::Arc::new(jobs_testing::FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || Error::transient("the store is gone"));
    let error = Fail::perform_now().on(&jobs).await.unwrap_err();
    assert!(matches!(error, PerformError::Store(_)), "{error:?}");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the store is gone"));
}

#[tokio::test]
async fn the_source_of_a_partial_enqueue_that_became_an_error_is_the_partial_enqueue() {
    let mut fixture = Fixture::new();
    let faulty = std::sync::Arc::new(jobs_testing::FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || Error::transient("gone"));
    let error = Error::from(jobs.perform_all_later([Fail::new()]).await.unwrap_err());
    let partial = error.source().and_then(|source| source.downcast_ref::<jobs::PartialEnqueue>());
    assert_eq!(partial.map(|partial| (partial.stored.len(), partial.unanswered)), Some((0, 1)));
    assert!(error.is_transient() && error.to_string() == "gone", "{error}");
}
