//! Failures around a store: its errors, and that no job is lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use common::server::Server;
use common::{DEADLINE, ME, TestDb, count, enqueue, finish, id, job, stranger, work};
use jobs_core::{Claim, Due, Error, Execution, Process, ProcessId, ProcessStatus, Settled, State, Store};
use jobs_postgres::{PostgresOptions, PostgresStore};
use tokio::time::{interval, timeout};
use tokio_postgres::Client;

/// A store whose connections are open, and shown by the server under the name of its schema.
async fn named(db: &TestDb, more: &str) -> Arc<PostgresStore> {
    let name = db.schema.replace(' ', "-");
    let url = format!("{}?application_name={name}{more}", db.url);
    let options = PostgresOptions::from_url(&url).unwrap().schema(&db.schema).clock(db.clock.clone());
    let store = options.connect().await.unwrap();
    enqueue(&store, 0..1).await;
    assert_eq!(work(&store, 1).await, [id(0)]);
    Arc::new(store)
}

/// Waits until a connection of the store is in this state, as the server sees it.
async fn until(client: &Client, db: &TestDb, condition: &str) {
    let name = db.schema.replace(' ', "-");
    let sql = format!("SELECT FROM pg_stat_activity WHERE application_name = '{name}' AND {condition}");
    let look = async {
        let mut tick = interval(Duration::from_millis(5));
        while client.query(&sql, &[]).await.unwrap().is_empty() {
            tick.tick().await;
        }
    };
    timeout(DEADLINE, look).await.expect(condition);
}

/// Kills the connections of the store that match this condition, and returns how many.
async fn kill(client: &Client, db: &TestDb, condition: &str) -> u64 {
    let name = db.schema.replace(' ', "-");
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}' AND {condition}"
    );
    client.query(&sql, &[]).await.unwrap().len() as u64
}

/// Lets `call` wait for a lock, kills its connection there, and checks its error.
async fn killed<T: Send + 'static>(
    db: &TestDb,
    call: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Error {
    let (locker, killer) = (db.stranger().await, db.stranger().await);
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let running = tokio::spawn(call);
    until(&killer, db, "wait_event_type = 'Lock'").await;
    assert_eq!(kill(&killer, db, "wait_event_type = 'Lock'").await, 1, "the call runs on one connection");
    let answer = timeout(DEADLINE, running).await.expect("no call hangs").unwrap();
    locker.batch_execute("ROLLBACK").await.unwrap();
    let error = answer.map(|_| ()).expect_err("its connection was killed");
    assert!(error.is_transient(), "{error}");
    error
}

#[tokio::test]
async fn an_enqueue_whose_connection_dies_can_be_repeated() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    let cut = store.clone();
    killed(&db, async move { cut.enqueue(&[job(1), job(2)]).await }).await;
    assert_eq!(count(&*store, State::Ready).await, 0, "nothing was stored");
    enqueue(&*store, 1..3).await;
    assert_eq!(work(&*store, 10).await, [id(1), id(2)]);
}

#[tokio::test]
async fn a_claim_whose_connection_dies_loses_no_job() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    enqueue(&*store, 1..3).await;
    let cut = store.clone();
    killed(&db, async move { cut.claim(&Claim::all(ME, 10)).await }).await;
    let claimed = store.claim(&Claim::all(ME, 10)).await.unwrap();
    assert_eq!(claimed.iter().map(|it| (it.id(), it.attempt)).collect::<Vec<_>>(), [(id(1), 1), (id(2), 1)]);
}

#[tokio::test]
async fn a_settlement_whose_connection_dies_can_be_repeated() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    enqueue(&*store, 1..4).await;
    let held = finish(store.claim(&Claim::all(ME, 2)).await.unwrap());
    let (cut, settlements) = (store.clone(), held.clone());
    let call = async move { cut.settle_and_claim(&settlements, &Claim::all(ME, 10)).await };
    killed(&db, call).await;
    let (settled, next) = store.settle_and_claim(&held, &Claim::all(ME, 10)).await.unwrap();
    assert_eq!(settled, [Settled::Applied; 2]);
    assert_eq!(next.iter().map(Execution::id).collect::<Vec<_>>(), [id(3)]);
    assert_eq!(store.settle(&held).await.unwrap(), [Settled::Stale; 2], "it is written once");
}

/// With so many jobs, another connection claims at the same time.
#[tokio::test]
async fn a_large_settlement_that_fails_beside_a_claim_can_be_repeated() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    enqueue(&*store, 1..301).await;
    let held = finish(store.claim(&Claim::all(ME, 100)).await.unwrap());
    let (locker, killer) = (db.stranger().await, db.stranger().await);
    let lock = db.sql("BEGIN; SELECT FROM {schema}.jobs WHERE process IS NOT NULL FOR UPDATE");
    locker.batch_execute(&lock).await.unwrap();
    let (cut, settlements) = (store.clone(), held.clone());
    let call = tokio::spawn(async move { cut.settle_and_claim(&settlements, &Claim::all(ME, 100)).await });
    until(&killer, &db, "wait_event_type = 'Lock'").await;
    until_claimed(&store, 200).await;
    assert_eq!(kill(&killer, &db, "wait_event_type = 'Lock'").await, 1);
    let error = timeout(DEADLINE, call).await.unwrap().unwrap().expect_err("its connection was killed");
    assert!(error.is_transient(), "{error}");
    locker.batch_execute("ROLLBACK").await.unwrap();
    let (settled, next) = store.settle_and_claim(&held, &Claim::all(ME, 100)).await.unwrap();
    assert_eq!(settled, [Settled::Applied; 100]);
    let next: Vec<_> = next.iter().map(|it| (it.id(), it.attempt)).collect();
    assert_eq!(next, (101..201).map(|number| (id(number), 1)).collect::<Vec<_>>(), "no attempt is counted");
    assert_eq!(count(&*store, State::Ready).await, 100);
}

async fn until_claimed(store: &PostgresStore, jobs: u64) {
    let look = async {
        let mut tick = interval(Duration::from_millis(5));
        while count(store, State::Claimed).await < jobs {
            tick.tick().await;
        }
    };
    timeout(DEADLINE, look).await.expect("so many jobs are claimed");
}

#[tokio::test]
async fn connections_that_are_killed_while_idle_are_replaced() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    enqueue(&*store, 1..3).await;
    assert_eq!(work(&*store, 1).await, [id(1)]);
    let killer = db.stranger().await;
    assert!(kill(&killer, &db, "true").await >= 2);
    let again = async || {
        let mut tick = interval(Duration::from_millis(5));
        loop {
            tick.tick().await;
            match store.claim(&Claim::all(ME, 10)).await {
                Ok(executions) => return executions,
                Err(error) => assert!(error.is_transient(), "{error}"),
            }
        }
    };
    let claimed = timeout(DEADLINE, again()).await.unwrap();
    assert_eq!(claimed.iter().map(Execution::id).collect::<Vec<_>>(), [id(2)]);
}

#[tokio::test]
async fn a_statement_that_the_server_cancels_is_transient() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "&options=-c%20statement_timeout%3D100ms").await;
    let locker = db.stranger().await;
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let error = store.enqueue(&[job(1)]).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("`statement_timeout`"), "{error}");
    locker.batch_execute("ROLLBACK").await.unwrap();
    enqueue(&*store, 1..2).await;
    assert_eq!(work(&*store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_call_fails_if_the_server_does_not_answer_in_time() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "&call_timeout=200ms").await;
    let locker = db.stranger().await;
    locker.batch_execute(&db.sql("BEGIN; LOCK TABLE {schema}.jobs")).await.unwrap();
    let error = store.claim(&Claim::all(ME, 1)).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("did not answer within 200ms"), "{error}");
    locker.batch_execute("ROLLBACK").await.unwrap();
    enqueue(&*store, 1..2).await;
    assert_eq!(work(&*store, 10).await, [id(1)]);
}

#[tokio::test]
async fn an_unreadable_job_fails_alone_and_the_others_are_claimed() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    enqueue(&store, 1..6).await;
    let spoil = |column: &str, value: &str, number: u64| {
        db.sql(&format!("UPDATE {{schema}}.jobs SET {column} = {value} WHERE id = '{}'", id(number)))
    };
    db.run(&spoil("attempts", "-3", 1)).await;
    db.run(&spoil("version", "-1", 3)).await;
    assert_eq!(work(&store, 3).await, [id(2), id(4), id(5)], "other jobs are claimed instead of the unreadable ones");
    for (number, column) in [(1, "attempts"), (3, "version")] {
        let record = store.inspect().unwrap().find(id(number)).await.unwrap().unwrap();
        assert_eq!((record.state, record.errors[0].class.as_str()), (State::Failed, "jobs::Corrupt"));
        assert!(record.errors[0].message.contains(column), "{}", record.errors[0].message);
    }
    db.run(&spoil("version", "1", 3)).await;
    assert_eq!(store.manage().unwrap().retry(&[id(3)]).await.unwrap(), 1);
    assert_eq!(work(&store, 3).await, [id(3)], "a repaired job runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_job_does_not_fail_the_jobs_of_other_callers() {
    let Some(db) = TestDb::new() else { return };
    let store = Arc::new(db.open().await);
    let mut huge = job(0);
    // Letters without a pattern, so that the index cannot compress them enough.
    let letters = (0..20_000_u64).map(jobs_core::entropy::mix).flat_map(u64::to_be_bytes);
    huge.queue = letters.map(|byte| char::from(b'a' + byte % 26)).collect();
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let (store, huge) = (store.clone(), huge.clone());
            let call = async move { store.enqueue(&[if number == 25 { huge } else { job(number + 1) }]).await };
            tokio::spawn(call)
        })
        .collect();
    let mut failed = Vec::new();
    for (number, call) in calls.into_iter().enumerate() {
        if let Err(error) = call.await.unwrap() {
            assert!(error.is_invalid(), "{error}");
            failed.push(number);
        }
    }
    assert_eq!(failed, [25]);
    assert_eq!(count(&*store, State::Ready).await, 49);
}

#[tokio::test]
async fn a_lost_listening_connection_is_replaced_and_all_listeners_are_notified() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "").await;
    let other = db.open().await;
    let mut listener = store.notifier().unwrap().listen();
    let killer = db.stranger().await;
    until(&killer, &db, "query LIKE 'LISTEN%' AND state = 'idle'").await;
    timeout(DEADLINE, listener.recv()).await.expect("it hears that the connection is there");
    assert_eq!(kill(&killer, &db, "query LIKE 'LISTEN%'").await, 1);
    timeout(DEADLINE, listener.recv()).await.expect("it hears of the loss");
    until(&killer, &db, "query LIKE 'LISTEN%' AND state = 'idle'").await;
    timeout(DEADLINE, listener.recv()).await.expect("it hears that the connection is back");
    enqueue(&other, 1..2).await;
    timeout(DEADLINE, listener.recv()).await.expect("it hears of others again");
}

#[tokio::test]
async fn without_listen_a_store_is_notified_of_its_own_calls() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "&listen=off").await;
    let mut listener = store.notifier().unwrap().listen();
    enqueue(&*store, 1..2).await;
    timeout(DEADLINE, listener.recv()).await.expect("it hears of itself");
    assert_eq!(kill(&db.stranger().await, &db, "query LIKE 'LISTEN%'").await, 0, "nobody listens");
}

#[tokio::test]
async fn everything_works_without_prepared_statements() {
    let Some(db) = TestDb::new() else { return };
    let store = named(&db, "&prepare=off&listen=off").await;
    let mut later = job(9);
    later.due = Due::In(Duration::from_secs(10));
    let _stored = store.enqueue(&[later]).await.unwrap();
    enqueue(&*store, 1..4).await;
    let held = finish(store.claim(&Claim::all(ME, 2)).await.unwrap());
    let (settled, next) = store.settle_and_claim(&held, &Claim::all(ME, 2)).await.unwrap();
    assert_eq!((settled, next.len()), (vec![Settled::Applied; 2], 1));
    db.clock.advance(Duration::from_secs(10));
    assert_eq!(store.dispatch(10).await.unwrap().ready, 1);
    assert_eq!(work(&*store, 10).await, [id(9)]);
}

const JOBS: u64 = 20_000;

/// Works until all jobs are finished. Returns the jobs that it finished, as far as it got results.
async fn worker(store: PostgresStore, process: ProcessId) -> Vec<u64> {
    let (mut settlements, mut learned) = (Vec::new(), Vec::new());
    let mut tick = interval(Duration::from_millis(10));
    loop {
        let claim = Claim::all(process, 50);
        let (settled, executions) = match store.settle_and_claim(&settlements, &claim).await {
            Ok(answer) => answer,
            Err(error) => {
                assert!(error.is_transient(), "{error}");
                tick.tick().await;
                continue;
            }
        };
        let applied = settlements.iter().zip(&settled).filter(|(_, settled)| **settled == Settled::Applied);
        learned.extend(applied.map(|(it, _): (&jobs_core::Settlement, _)| number(it.token.job)));
        if !executions.is_empty() {
            settlements = finish(executions);
            continue;
        }
        settlements.clear();
        if count(&store, State::Finished).await == JOBS {
            return learned;
        }
        // The jobs of a claim whose result is lost are released by a stop.
        let mut stopped = Process::new(process, "w", "h", 1);
        stopped.phase = ProcessStatus::Stopped;
        let _pulse = store.heartbeat(&stopped).await;
    }
}

fn number(id: jobs_core::JobId) -> u64 {
    u64::from_be_bytes(id.as_bytes()[8..].try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_crash_under_load_loses_no_job_and_finishes_none_twice() {
    if common::server().is_none() {
        return;
    }
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.url).await.unwrap();
    for from in (0..JOBS).step_by(1000) {
        enqueue(&store, from..from + 1000).await;
    }
    let watch = stranger(&server.url).await;
    // All are connected before the server may crash: a store that is not open yet cannot wait for it.
    let connected =
        [PostgresStore::connect(&server.url).await.unwrap(), PostgresStore::connect(&server.url).await.unwrap()];
    let workers: Vec<_> =
        (1..).zip(connected).map(|(n, store)| tokio::spawn(worker(store, ProcessId::new(n)))).collect();
    let some = async {
        let mut tick = interval(Duration::from_millis(2));
        while watch.query("SELECT FROM jobs.done LIMIT 1", &[]).await.unwrap().is_empty() {
            tick.tick().await;
        }
    };
    timeout(DEADLINE, some).await.unwrap();
    server.crash().await;
    let mut learned = Vec::new();
    for worker in workers {
        learned.extend(timeout(2 * DEADLINE, worker).await.expect("work goes on after the crash").unwrap());
    }
    let once: HashSet<u64> = learned.iter().copied().collect();
    assert_eq!(once.len(), learned.len(), "no job is finished twice");
    let client = stranger(&server.url).await;
    let rows = client.query("SELECT count(*), count(DISTINCT id) FROM jobs.done", &[]).await.unwrap();
    assert_eq!((rows[0].get::<_, i64>(0), rows[0].get::<_, i64>(1)), (20_000, 20_000), "each is finished once");
}
