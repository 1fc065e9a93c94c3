//! Jobs that another program performs: they are stored as any job, and performed by no worker here.

use std::sync::{Arc, Mutex};

use jobs::definition::{Definition, PerformedElsewhere, Signature};
use jobs::prelude::*;
use jobs::store::{NewJob, Store, StoreFuture};
use jobs::{Enqueued, PerformNow};
use jobs_testing::{PassThrough, PassThroughStore};
use serde_json::{Value, json};

use crate::fixture::{Fixture, id};

#[jobs::remote(name = "EmailJob", queue = "emails")]
fn email(user_id: u64, #[default] template: Option<String>, #[keyword] options: Value);

#[job]
async fn local(#[keyword] name: String) {
    drop(name);
}

/// A store that keeps what it was handed.
struct Handed {
    store: Arc<dyn Store>,
    jobs: Mutex<Vec<NewJob>>,
}

impl PassThrough for Handed {
    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.jobs.lock().expect("no enqueue panics").extend_from_slice(jobs);
        self.store.enqueue(jobs)
    }
}

#[tokio::test]
async fn a_remote_job_is_stored_under_its_name_with_all_options() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![Local]).build().await.unwrap().client();
    let enqueued = Email::new(7, json!({})).template("hi").enqueue().priority(3).on(&client).await.unwrap();
    let record = fixture.record(id(enqueued)).await;
    assert_eq!((record.name.as_str(), record.queue.as_str(), record.priority), ("EmailJob", "emails", 3));
    assert_eq!(record.arguments, r#"{"user_id":7,"template":"hi","options":{}}"#);
}

#[tokio::test]
async fn a_store_is_told_the_signature_and_a_key_that_ruby_reserves() {
    let fixture = Fixture::new();
    let handed = Arc::new(PassThroughStore(Handed { store: fixture.store.clone(), jobs: Mutex::default() }));
    let client = fixture.builder(jobs::jobs![Local]).store(handed.clone()).build().await.unwrap().client();
    Email::perform_later(7, json!({"a": 1})).on(&client).await.unwrap();
    Email::perform_later(7, json!([{"_aj_globalid": "gid://shop/Admin/1"}])).on(&client).await.unwrap();
    Local::perform_later("a").on(&client).await.unwrap();
    let jobs = handed.0.jobs.lock().unwrap().clone();
    let told: Vec<_> = jobs.iter().map(|job| (job.signature, job.reserved_key.as_deref())).collect();
    let remote = Some(Signature::new(&["user_id", "template"]).keywords(&["options"]));
    let local = Some(Signature::new(&[]).keywords(&["name"]));
    assert_eq!(told, [(remote, None), (remote, Some("_aj_globalid")), (local, None)]);
}

#[tokio::test]
async fn a_remote_job_is_performed_by_nothing_here() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![Local]).build().await.unwrap().client();
    let error = PerformNow::new(Email::new(7, json!({}))).on(&client).await.unwrap_err();
    assert!(error.to_string().contains("`EmailJob` is performed by another program"), "{error}");
    assert_eq!(PerformedElsewhere::of::<Email>(), PerformedElsewhere::of::<Email>());
    let error = fixture.builder([Definition::of::<Email>()]).build().await.err().unwrap().to_string();
    assert!(error.contains("`EmailJob` is performed by another program, so no worker here can run it"), "{error}");
}
