//! The URL of the store says which Redis and what its fleet is like.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod common;

use common::TestDb;
use common::jobs::{claim, job};
use jobs_core::connect;
use jobs_resque::ResqueOptions;

#[tokio::test]
async fn the_url_names_database_namespace_and_the_names_of_classes() {
    let Some(db) = TestDb::new().await else { return };
    let store = connect(&format!("{}?namespace=shop&names=ruby", db.url)).await.unwrap();
    store.enqueue(&[job(1)]).await.unwrap();
    let keys = db.keys(&[]).await;
    assert!(keys.iter().all(|key| key.starts_with("shop:")), "{keys:?}");
    let texts = db.list("shop:queue:low").await;
    assert!(texts[0].starts_with(r#"{"class":"ChargeJob","args":[1],"#), "{texts:?}");
    let options = ResqueOptions::from_url(&db.url).unwrap().namespace("shop").ruby_names();
    let claimed = claim(&options.connect().await.unwrap(), 1).await;
    assert_eq!((claimed[0].name.as_str(), claimed[0].id()), ("charge", job(1).id));
}

#[tokio::test]
async fn a_job_of_active_job_is_written_in_its_wrapper_and_comes_back() {
    let Some(db) = TestDb::new().await else { return };
    let store = connect(&format!("{}?jobs=active_job&rails=7.2", db.url)).await.unwrap();
    let mut new = job(1);
    new.id = "0192f0c1-2b7a-7000-8000-000000000abc".parse().unwrap();
    store.enqueue(&[new.clone()]).await.unwrap();
    let texts = db.list("resque:queue:low").await;
    assert!(texts[0].contains(jobs_resque::WRAPPER), "{texts:?}");
    let claimed = claim(&db.open().await, 1).await;
    assert_eq!((claimed[0].id(), claimed[0].name.as_str(), claimed[0].arguments.as_str()), (new.id, "charge", "[1]"));
}

#[test]
fn a_mistake_in_the_url_says_what_there_is_and_shows_no_password() {
    let mistakes = [
        ("resque+redis://u:secret@host/0?names=rubby", "`ruby`"),
        ("resque+redis://u:secret@host/0?namespaces=x", "`namespace`"),
        ("resque+redis://u:secret@host/0?jobs=rails", "`active_job`"),
        ("resque+redis://u:secret@host/0?rails=5", "`rails=7.2`"),
        ("resque+redis://u:secret@host/0?failures=all", "`by_queue`"),
        ("resque+redis://u:secret@host/0?namespace=", "`resque`"),
        ("resque+redis://u:secret@host/zero", "the database is a number"),
        ("redis://u:secret@host/0", "`resque+redis://127.0.0.1:6379/0`"),
    ];
    for (url, hint) in mistakes {
        let error = ResqueOptions::from_url(url).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(error.is_invalid() && text.contains(hint) && !text.contains("secret"), "{url}: {text}");
    }
}
