//! Jobs in the caller's own transaction, on PostgreSQL.

use jobs_core::transaction::lend;
use jobs_core::{Claim, Decision, ErrorRecord, Settled, Settlement, Store};
// Its implementations for drivers.
use jobs_postgres as _;
use tokio_postgres::{Client, NoTls};

use crate::application::{Application, Kind};
use crate::rows::{ONE, claim_one, job};

async fn connect() -> Option<Client> {
    let url = std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty())?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    Some(client)
}

#[tokio::test]
async fn a_job_is_enqueued_in_the_callers_transaction_and_vanishes_with_its_rollback() {
    let (Some(application), Some(mut client)) = (Application::new(Kind::Postgres).await, connect().await) else {
        return;
    };
    let store = application.store(application.options()).await;
    let transactional = store.transactional().unwrap();
    for commits in [false, true] {
        let mut transaction = client.transaction().await.unwrap();
        transactional.enqueue(&mut lend(&mut transaction), &[job(1)]).await.unwrap();
        assert!(store.claim(&Claim::all(ONE, 5)).await.unwrap().is_empty(), "it is not there before the commit");
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        let claimed = store.claim(&Claim::all(ONE, 5)).await.unwrap();
        assert_eq!(
            claimed.iter().map(jobs_core::Execution::id).collect::<Vec<_>>(),
            vec![job(1).id; usize::from(commits)]
        );
    }
}

#[tokio::test]
async fn a_job_is_finished_in_the_callers_transaction_if_its_claim_holds() {
    let (Some(application), Some(mut client)) = (Application::new(Kind::Postgres).await, connect().await) else {
        return;
    };
    let store = application.store(application.options()).await;
    store.enqueue(&[job(1)]).await.unwrap();
    let transactional = store.transactional().unwrap();
    let execution = claim_one(&store).await;
    let finish = Settlement::new(execution.token, Decision::Finish { keep: false });
    let mut other = finish.clone();
    other.token.claim += 1;
    for (settlement, commits, expected, left) in
        [(&other, true, Settled::Stale, 1), (&finish, false, Settled::Applied, 1), (&finish, true, Settled::Applied, 0)]
    {
        let mut transaction = client.transaction().await.unwrap();
        assert_eq!(transactional.settle(&mut lend(&mut transaction), settlement).await.unwrap(), expected);
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        assert_eq!(application.query("SELECT id FROM {jobs}").await.len(), left);
    }
    let mut transaction = client.transaction().await.unwrap();
    let fail = Settlement::new(execution.token, Decision::Fail { meta: None, error: ErrorRecord::new("E", "no") });
    let error = transactional.settle(&mut lend(&mut transaction), &fail).await.unwrap_err();
    assert!(error.is_unsupported(), "{error}");
}

/// As a Rails application with `datetime_type = :timestamptz` has them.
#[tokio::test]
async fn times_with_a_zone_are_those_of_utc_in_a_transaction_of_any_zone() {
    let (Some(application), Some(mut client)) = (Application::new(Kind::Postgres).await, connect().await) else {
        return;
    };
    let columns = ["run_at", "locked_at", "failed_at", "created_at", "updated_at"];
    let changes = columns.map(|column| format!("ALTER COLUMN {column} TYPE timestamptz(6)")).join(", ");
    application.execute(&format!("ALTER TABLE {{jobs}} {changes}"), &[]).await;
    let clock = jobs_testing::ManualClock::new();
    let store = application.store(application.by(std::sync::Arc::new(clock.clone()))).await;
    let transactional = store.transactional().unwrap();
    client.batch_execute("SET TimeZone = 'Asia/Tokyo'").await.unwrap();
    let mut later = job(2);
    later.due = jobs_core::Due::In(std::time::Duration::from_secs(60));
    let mut transaction = client.transaction().await.unwrap();
    transactional.enqueue(&mut lend(&mut transaction), &[job(1), later]).await.unwrap();
    let zone: String = transaction.query_one("SELECT current_setting('TimeZone')", &[]).await.unwrap().get(0);
    assert_eq!(zone, "Asia/Tokyo", "the caller's zone is as it was");
    transaction.commit().await.unwrap();
    let execution = claim_one(&store).await;
    assert_eq!(execution.id(), job(1).id, "it is due now, and the other one is not");
    let found = store.inspect().unwrap().find(job(2).id).await.unwrap().unwrap();
    assert_eq!(found.due_at, jobs_core::Clock::now(&clock) + std::time::Duration::from_secs(60));
    let finish = Settlement::new(execution.token, Decision::Finish { keep: false });
    let mut transaction = client.transaction().await.unwrap();
    assert_eq!(transactional.settle(&mut lend(&mut transaction), &finish).await.unwrap(), Settled::Applied);
    transaction.commit().await.unwrap();
}
