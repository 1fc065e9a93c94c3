//! Creating a schema, finding an incomplete one, and opening without creating one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::proxy::{Cut, Proxy, Side};
use common::role::Role;
use common::{TestDb, enqueue, id, thorough, work};
use jobs_core::{Process, ProcessDetails, ProcessId, Schema, SchemaStatus, Store};

/// Includes the table that counts the steps of the schema.
const TABLES: i64 = 14;

async fn tables(db: &TestDb) -> i64 {
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = $1";
    db.stranger().await.query_one(sql, &[&db.schema]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_first_start_cut_anywhere_leaves_all_or_nothing_and_the_next_one_works() {
    let Some(db) = TestDb::new() else { return };
    let proxy = Proxy::to(&db.url).await;
    let url = format!("{}&options=-c%20synchronous_commit%3Doff", proxy.url);
    let first = db.by_url(&url).connect().await.unwrap();
    let (questions, answers) = proxy.said();
    drop(first);
    let (mut made, mut not_made) = (0, 0);
    for (side, messages) in [(Side::Question, questions), (Side::Answer, answers)] {
        for after in (0..messages).step_by(if thorough() { 1 } else { 5 }) {
            db.run("DROP SCHEMA IF EXISTS {schema} CASCADE").await;
            proxy.cut(Cut { side, after, half: after % 2 == 1 });
            let error = db.by_url(&url).connect().await.map(|_| ()).expect_err("it is cut");
            assert!(error.is_transient(), "{side:?} {after}: {error}");
            match tables(&db).await {
                0 => not_made += 1,
                TABLES => made += 1,
                some => panic!("{side:?} {after}: {some} tables are half a schema"),
            }
            if after % 15 == 0 {
                let store = db.by_url(&url).connect().await.unwrap();
                enqueue(&store, 1..2).await;
                assert_eq!(work(&store, 10).await, [id(1)]);
            }
        }
    }
    assert!(made > 0 && not_made > 0, "{made} made, {not_made} not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_first_starts_create_one_schema_even_if_some_lose_their_connection() {
    let Some(db) = TestDb::new() else { return };
    let proxy = Proxy::to(&db.url).await;
    let opening: Vec<_> = (0..12)
        .map(|number| {
            if number % 3 == 0 {
                proxy.cut(Cut { side: Side::Answer, after: 10 + number, half: true });
            }
            tokio::spawn(db.by_url(&proxy.url).connect())
        })
        .collect();
    let mut stores = Vec::new();
    for one in opening {
        match one.await.unwrap() {
            Ok(store) => stores.push(store),
            Err(error) => assert!(error.is_transient(), "{error}"),
        }
    }
    assert!(stores.len() >= 8, "{} of twelve started", stores.len());
    enqueue(&stores[0], 1..2).await;
    assert_eq!(work(stores.last().unwrap(), 10).await, [id(1)]);
    assert_eq!(tables(&db).await, TABLES);
}

#[tokio::test]
async fn the_right_that_a_user_without_create_lacks_is_reported() {
    let Some(db) = TestDb::new() else { return };
    let role = Role::without_create(&db.url, "").await;
    let error = db.by_url(&role.url).connect().await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("CREATE on the database"), "{error}");
    // If it owns a schema, it needs no further right.
    db.run(&format!("CREATE SCHEMA {{schema}} AUTHORIZATION {}", role.name)).await;
    let store = db.by_url(&role.url).connect().await.unwrap();
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_user_without_create_works_on_an_existing_schema() {
    let Some(db) = TestDb::new() else { return };
    drop(db.open().await);
    let role = Role::without_create(&db.url, "").await;
    let error = db.by_url(&role.url).connect().await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("grant it the rights on the schema"), "{error}");
    let grant = "GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role}";
    db.run(&grant.replace("{role}", &role.name)).await;
    let store = db.by_url(&role.url).connect().await.unwrap();
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_newer_schema_is_refused_at_start_and_left_as_it_is() {
    let Some(db) = TestDb::new() else { return };
    let running = db.open().await;
    db.run("UPDATE {schema}.jobs_schema SET version = 1000").await;
    let error = db.options().connect().await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(
        error.to_string().contains("at version 1000") && error.to_string().contains("update the program"),
        "{error}"
    );
    enqueue(&running, 1..2).await;
    assert_eq!(work(&running, 10).await, [id(1)], "a running store continues");
}

#[tokio::test]
async fn connecting_without_migrating_refuses_an_old_schema_and_leaves_it() {
    let Some(db) = TestDb::new() else { return };
    let refused = async || db.options().migrate(false).connect().await.unwrap_err().to_string();
    assert!(refused().await.contains("no tables of `jobs` yet: run `jobsctl migrate`"));
    assert_eq!(tables(&db).await, 0);
    db.run("CREATE SCHEMA {schema}; CREATE TABLE {schema}.jobs_schema (version integer NOT NULL)").await;
    db.run(concat!(include_str!("../src/migrations/0001_jobs.sql"), "; INSERT INTO {schema}.jobs_schema VALUES (1)"))
        .await;
    let before = tables(&db).await;
    let words = refused().await;
    assert!(words.contains("of schema 1") && words.contains("run `jobsctl migrate`"), "{words}");
    assert_eq!(tables(&db).await, before);
    drop(db.open().await);
    assert!(db.options().migrate(false).connect().await.is_ok());
}

#[tokio::test]
async fn a_program_works_on_a_newer_compatible_schema_and_leaves_it() {
    let Some(db) = TestDb::new() else { return };
    drop(db.open().await);
    let version = async || -> i32 {
        db.stranger().await.query_one(&db.sql("SELECT version FROM {schema}.jobs_schema"), &[]).await.unwrap().get(0)
    };
    let known = Schema::of(version().await).unwrap().steps();
    let newer = Schema::new(known + 2, known).number();
    db.run(&format!(
        "ALTER TABLE {{schema}}.jobs ADD COLUMN later text; UPDATE {{schema}}.jobs_schema SET version = {newer}"
    ))
    .await;
    for (number, migrate) in [(1, true), (2, false)] {
        let store = db.options().migrate(migrate).connect().await.unwrap();
        assert_eq!(store.schema_status(), SchemaStatus::NewerCompatible);
        enqueue(&store, number..number + 1).await;
        assert_eq!(work(&store, 10).await, [id(number)]);
    }
    assert_eq!(version().await, newer);
    let too_new = Schema::new(known + 2, known + 1).number();
    db.run(&format!("UPDATE {{schema}}.jobs_schema SET version = {too_new}")).await;
    for migrate in [true, false] {
        let words = db.options().migrate(migrate).connect().await.unwrap_err().to_string();
        assert!(
            words.contains(&format!("at version {}", known + 2)) && words.contains("update the program"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_incomplete_schema_is_refused_with_the_names_of_missing_tables() {
    let Some(db) = TestDb::new() else { return };
    let tables = [
        "jobs",
        "done",
        "errors",
        "processes",
        "holders",
        "paused_queues",
        "tallies",
        "unique_keys",
        "recurring_tasks",
        "figures",
        "deploys",
    ];
    for table in tables {
        drop(db.open().await);
        db.run(&format!("DROP TABLE {{schema}}.{table}")).await;
        let error = db.options().connect().await.unwrap_err();
        let words = error.to_string();
        assert!(error.is_corrupt() && words.contains(&format!("`{table}`")) && words.contains("backup"), "{words}");
        db.run("DROP SCHEMA {schema} CASCADE").await;
    }
}

#[tokio::test]
async fn an_impossible_schema_version_is_refused() {
    let Some(db) = TestDb::new() else { return };
    drop(db.open().await);
    db.run("UPDATE {schema}.jobs_schema SET version = -1").await;
    assert!(db.options().connect().await.unwrap_err().to_string().contains("at version -1"));
    db.run("DELETE FROM {schema}.jobs_schema").await;
    let error = db.options().connect().await.unwrap_err();
    assert!(!error.is_transient(), "{error}");
    let counts = "SELECT FROM {schema}.jobs";
    assert!(db.stranger().await.query(&db.sql(counts), &[]).await.unwrap().is_empty(), "nothing was touched");
}

#[tokio::test]
async fn what_a_process_can_run_is_kept() {
    let Some(db) = TestDb::new() else { return };
    let store = db.open().await;
    let mut process = Process::new(ProcessId::new(7), "web-1", "host", 1);
    process.details = ProcessDetails::new(10, ["mail*".to_owned()], Some("1.2.3".to_owned()));
    let _alive = store.heartbeat(&process).await.unwrap();
    let found = store.inspect().unwrap().processes().await.unwrap();
    assert_eq!(found[0].process.details, process.details);
}
