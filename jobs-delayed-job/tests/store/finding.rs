//! Jobs are found by the ids that Rust gave them, though no index has these.

use jobs_core::{JobId, Store};

use crate::application::Application;
use crate::rows::job;

/// More rows than a statement reads.
const MANY: usize = 10_500;

const STRUCT: &str = "--- !ruby/struct:SendMail\nuser_id: 7\n";
const PAST: &str = "2020-01-02 03:04:05.000001";

#[tokio::test]
async fn a_job_is_found_by_its_id_behind_many_other_rows() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        application.insert_many(MANY, STRUCT, PAST).await;
        store.enqueue(&[job(2)]).await.unwrap();
        let inspect = store.inspect().unwrap();
        for number in [1, 2] {
            assert_eq!(inspect.find(job(number).id).await.unwrap().unwrap().id, job(number).id);
        }
        assert!(inspect.find(job(3).id).await.unwrap().is_none());
        let last = application.query("SELECT MAX(id) FROM {jobs}").await[0].int(0).unwrap();
        let of_ruby = JobId::from_number(last - 1);
        assert_eq!(store.manage().unwrap().discard(&[job(1).id, job(2).id, job(3).id, of_ruby]).await.unwrap(), 3);
    }
}

#[tokio::test]
async fn all_rows_of_a_job_that_was_enqueued_twice_are_discarded() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        store.enqueue(&[job(1)]).await.unwrap();
        store.enqueue(&[job(1), job(2)]).await.unwrap();
        assert_eq!(store.manage().unwrap().discard(&[job(1).id]).await.unwrap(), 2);
        assert_eq!(application.query("SELECT id FROM {jobs}").await.len(), 1);
    }
}
