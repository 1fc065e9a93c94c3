//! Opening a store: which tables it takes, and what it says about others.

use jobs_core::{
    AttemptCounting, ClaimOrder, Guarantees, Identity, Retention, Store, Uniqueness, connect_without_migrating,
};
use jobs_delayed_job::{DelayedJobOptions, DelayedJobStore};

use crate::application::Application;

#[tokio::test]
async fn a_table_that_is_missing_is_refused_with_what_to_do() {
    for application in Application::all().await {
        let options = application.options().table("no_such_table").unwrap();
        let error = options.connect().await.unwrap_err();
        assert!(
            error.is_invalid() && error.to_string().contains("rails generate delayed_job:active_record"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_table_of_an_old_application_without_queues_is_refused_by_name() {
    for application in Application::all().await {
        application.execute("ALTER TABLE {jobs} DROP COLUMN queue", &[]).await;
        let error = application.options().connect().await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("no column `queue`"), "{error}");
    }
}

#[tokio::test]
async fn without_the_tables_of_ours_a_store_that_may_not_create_them_is_refused() {
    for application in Application::all().await {
        let error = application.options().create_tables(false).connect().await.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("jobsctl migrate"), "{error}");
        application.store(application.options()).await;
        application.store(application.options().create_tables(false)).await;
    }
}

#[tokio::test]
async fn the_store_says_which_guarantees_it_gives() {
    // The guide's table of stores says so.
    let expected = Guarantees::ALL
        .with_identity(Identity::AtLeastOnce)
        .with_order(ClaimOrder::PriorityThenDue)
        .with_retention(Retention::FailedOnly)
        .with_uniqueness(Uniqueness::Unsupported)
        .with_attempts(AttemptCounting::AtFailure);
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        assert_eq!((store.guarantees(), DelayedJobStore::GUARANTEES), (expected, expected));
        assert!(store.transactional().is_none() && store.recurring().is_none());
    }
}

#[test]
fn options_of_a_url_are_read_and_others_are_left_to_the_driver() {
    let url =
        "delayed_job+postgres://u:secret@host/db?names=ruby&sslmode=require&table=shop.delayed_jobs&max_run_time=2h";
    let shown = format!("{:?}", DelayedJobOptions::from_url(url).unwrap());
    assert!(shown.contains("shop.delayed_jobs") && shown.contains("Ruby") && shown.contains("7200s"), "{shown}");
    for wrong in
        ["names=perl", "table=a%20b", "max_attempts=0", "max_run_time=long", "destroy_failed_jobs=1", "rails=4"]
    {
        let error = DelayedJobOptions::from_url(&format!("delayed_job+mysql://u:secret@host/db?{wrong}")).unwrap_err();
        assert!(error.is_invalid() && !format!("{error:?}").contains("secret"), "{wrong}: {error:?}");
    }
}

#[tokio::test]
async fn the_schemes_are_those_of_the_three_databases() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("delayed_job+sqlite:{}/app.sqlite3", folder.path().display());
    let error = connect_without_migrating(&url).await.unwrap_err();
    assert!(error.to_string().contains("there is no table `delayed_jobs`"), "{error}");
    assert!(DelayedJobOptions::from_url("delayed_job+oracle://host/db").unwrap_err().is_invalid());
}
