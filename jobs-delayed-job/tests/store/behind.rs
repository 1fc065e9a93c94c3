//! Claims behind rows that this program cannot perform, however many these are.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Execution, JobId, Process, ProcessId, ProcessStatus, Store};
use jobs_delayed_job::DelayedJobStore;
use jobs_testing::ManualClock;

use crate::application::Application;
use crate::rows::{ONE, job};

/// More than a claim reads, and more than claims leave out by their numbers.
const MANY: usize = 3500;

const UNREADABLE: &str = "--- !ruby/struct:SendMail\nuser_id: [\n";
const STRUCT: &str = "--- !ruby/struct:SendMail\nuser_id: 7\n";
const EARLY: &str = "2020-01-02 03:04:05.000001";
const LATER: &str = "2020-01-02 03:04:05.000002";

/// A call of a method of this name, of another class than ours.
fn call(class: &str) -> String {
    format!(
        "--- !ruby/object:Delayed::PerformableMethod\nobject: !ruby/class '{class}'\nmethod_name: :build\nargs: []\n"
    )
}

/// The first jobs that one of so many claims gets.
async fn within(store: &DelayedJobStore, claim: &Claim, claims: usize) -> Vec<Execution> {
    for _ in 0..claims {
        let claimed = store.claim(claim).await.unwrap();
        if !claimed.is_empty() {
            return claimed;
        }
    }
    Vec::new()
}

fn ids(claimed: &[Execution]) -> Vec<JobId> {
    claimed.iter().map(Execution::id).collect()
}

#[tokio::test]
async fn many_handlers_that_cannot_be_read_hold_up_no_other_job() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert_many(MANY, UNREADABLE, EARLY).await;
        let first = application.insert(STRUCT, None, LATER).await;
        let claimed = within(&store, &Claim::all(ONE, 3), 3).await;
        assert_eq!(ids(&claimed), [JobId::from_number(first)]);
        let next = application.insert(STRUCT, Some("mail"), LATER).await;
        let claimed = within(&store, &Claim::all(ONE, 1), 3).await;
        assert_eq!(ids(&claimed), [JobId::from_number(next)]);
    }
}

#[tokio::test]
async fn many_calls_of_a_method_of_another_class_hold_up_no_other_job() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert_many(MANY, &call("Invoice"), EARLY).await;
        let mut expected = Vec::new();
        for _ in 0..5 {
            expected.push(JobId::from_number(application.insert(&call("Report"), None, LATER).await));
        }
        let claim = Claim::all(ONE, 2).with_names([String::from("Report.build")].into());
        let mut claimed = Vec::new();
        for _ in 0..3 {
            claimed.extend(ids(&within(&store, &claim, 3).await));
        }
        assert_eq!(claimed, expected, "in their order");
    }
}

#[tokio::test]
async fn jobs_in_front_of_the_rows_that_are_passed_over_come_first() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert_many(MANY, UNREADABLE, EARLY).await;
        for number in [1, 2] {
            store.enqueue(&[job(number)]).await.unwrap();
        }
        assert_eq!(ids(&within(&store, &Claim::all(ONE, 1), 3).await), [job(1).id]);
        let mut urgent = job(3);
        urgent.priority = 5;
        store.enqueue(&[urgent]).await.unwrap();
        assert_eq!(ids(&store.claim(&Claim::all(ONE, 2)).await.unwrap()), [job(3).id, job(2).id]);
    }
}

#[tokio::test]
async fn jobs_among_the_rows_that_were_passed_over_wait_for_a_minute_at_most() {
    for application in Application::all().await {
        let clock = ManualClock::new();
        let store = application.store(application.by(Arc::new(clock.clone()))).await;
        application.insert_many(MANY, UNREADABLE, EARLY).await;
        for _ in 0..3 {
            application.insert(STRUCT, None, LATER).await;
        }
        assert_eq!(within(&store, &Claim::all(ONE, 1), 3).await.len(), 1);
        let middle =
            "UPDATE {jobs} SET handler = ? WHERE id = (SELECT id FROM (SELECT MAX(id) - 500 AS id FROM {jobs}) AS m)";
        application.execute(middle, &[STRUCT.replace('7', "8").into()]).await;
        let of_middle = |claimed: &[Execution]| claimed.iter().any(|job| job.arguments.contains('8'));
        assert!(!of_middle(&store.claim(&Claim::all(ONE, 1)).await.unwrap()), "claims go on where they found jobs");
        clock.advance(Duration::from_secs(60));
        assert!(of_middle(&within(&store, &Claim::all(ONE, 1), 3).await));
    }
}

#[tokio::test]
async fn what_one_process_cannot_perform_is_there_for_another_one() {
    for application in Application::all().await {
        let store = application.store(application.options()).await;
        application.insert(&call("Report"), None, EARLY).await;
        let of = |process, name: &str| Claim::all(process, 1).with_names([name.to_owned()].into());
        assert!(store.claim(&of(ONE, "Invoice.build")).await.unwrap().is_empty());
        let mut stopped = Process::new(ONE, "worker", "host", 7);
        stopped.phase = ProcessStatus::Stopped;
        let claimed = store.claim(&of(ProcessId::new(2), "Report.build")).await.unwrap();
        assert_eq!(claimed.len(), 1);
        let _reply = store.heartbeat(&stopped).await.unwrap();
    }
}

#[tokio::test]
async fn a_row_without_a_priority_is_claimed_as_the_database_sorts_it() {
    for application in Application::all().await {
        let nullable = match application.database.dialect() {
            jobs_sql::Dialect::Postgres => "ALTER TABLE {jobs} ALTER COLUMN priority DROP NOT NULL",
            jobs_sql::Dialect::MySql => "ALTER TABLE {jobs} MODIFY priority integer NULL DEFAULT 0",
            // Its columns cannot be changed, so the table is made again.
            jobs_sql::Dialect::Sqlite => {
                application.execute("ALTER TABLE {jobs} RENAME TO {jobs}_old", &[]).await;
                "CREATE TABLE {jobs} (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, priority integer DEFAULT 0, attempts integer,
                 handler text NOT NULL, last_error text, run_at datetime(6), locked_at datetime(6), failed_at datetime(6),
                 locked_by varchar, queue varchar, created_at datetime(6), updated_at datetime(6))"
            }
        };
        application.execute(nullable, &[]).await;
        let store = application.store(application.options()).await;
        application.insert_many(MANY, UNREADABLE, EARLY).await;
        let mut expected = Vec::new();
        for _ in 0..2 {
            let row = application.insert(STRUCT, None, LATER).await;
            application.execute(&format!("UPDATE {{jobs}} SET priority = NULL WHERE id = {row}"), &[]).await;
            expected.push(JobId::from_number(row));
        }
        assert_eq!(ids(&within(&store, &Claim::all(ONE, 2), 3).await), expected);
        application.execute("UPDATE {jobs} SET priority = NULL", &[]).await;
        let last = application.insert(STRUCT, None, LATER).await;
        assert_eq!(ids(&within(&store, &Claim::all(ONE, 2), 4).await), [JobId::from_number(last)]);
        let of_all = store.inspect().unwrap().counts().await.unwrap();
        assert_eq!(of_all.total(), MANY as u64 + 3);
        store.enqueue(&[job(1)]).await.unwrap();
        assert_eq!(ids(&within(&store, &Claim::all(ONE, 1), 3).await), [job(1).id]);
    }
}
