//! A schema that is made, found half made, or not to be made.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::proxy::{Cut, Proxy, Side};
use common::role::Role;
use common::{Place, enqueue, id, thorough, work};
use jobs_core::{Schema, Standing, Store};

/// With the one that counts the steps of the schema.
const TABLES: i64 = 10;

async fn tables(place: &Place) -> i64 {
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = $1";
    place.stranger().await.query_one(sql, &[&place.schema]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_first_start_cut_anywhere_leaves_all_or_nothing_and_the_next_one_works() {
    let Some(place) = Place::new() else { return };
    let proxy = Proxy::to(&place.url).await;
    let url = format!("{}&options=-c%20synchronous_commit%3Doff", proxy.url);
    let first = place.by_url(&url).connect().await.unwrap();
    let (questions, answers) = proxy.said();
    drop(first);
    let (mut made, mut not_made) = (0, 0);
    for (side, messages) in [(Side::Question, questions), (Side::Answer, answers)] {
        for after in (0..messages).step_by(if thorough() { 1 } else { 5 }) {
            place.run("DROP SCHEMA IF EXISTS {schema} CASCADE").await;
            proxy.cut(Cut { side, after, half: after % 2 == 1 });
            let error = place.by_url(&url).connect().await.map(|_| ()).expect_err("it is cut");
            assert!(error.is_transient(), "{side:?} {after}: {error}");
            match tables(&place).await {
                0 => not_made += 1,
                TABLES => made += 1,
                some => panic!("{side:?} {after}: {some} tables are half a schema"),
            }
            if after % 15 == 0 {
                let store = place.by_url(&url).connect().await.unwrap();
                enqueue(&store, 1..2).await;
                assert_eq!(work(&store, 10).await, [id(1)]);
            }
        }
    }
    assert!(made > 0 && not_made > 0, "{made} made, {not_made} not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_on_an_empty_database_share_one_schema_also_if_some_are_cut_off() {
    let Some(place) = Place::new() else { return };
    let proxy = Proxy::to(&place.url).await;
    let opening: Vec<_> = (0..12)
        .map(|number| {
            if number % 3 == 0 {
                proxy.cut(Cut { side: Side::Answer, after: 10 + number, half: true });
            }
            tokio::spawn(place.by_url(&proxy.url).connect())
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
    assert_eq!(tables(&place).await, TABLES);
}

#[tokio::test]
async fn a_user_without_create_is_told_which_right_is_missing() {
    let Some(place) = Place::new() else { return };
    let role = Role::without_create(&place.url, "").await;
    let error = place.by_url(&role.url).connect().await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("CREATE on the database"), "{error}");
    // With a schema of its own it needs no more.
    place.run(&format!("CREATE SCHEMA {{schema}} AUTHORIZATION {}", role.name)).await;
    let store = place.by_url(&role.url).connect().await.unwrap();
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_user_who_may_use_the_tables_and_create_nothing_works_on_a_schema_that_is_there() {
    let Some(place) = Place::new() else { return };
    drop(place.open().await);
    let role = Role::without_create(&place.url, "").await;
    let error = place.by_url(&role.url).connect().await.unwrap_err();
    assert!(!error.is_transient() && error.to_string().contains("grant it the rights on the schema"), "{error}");
    let grant = "GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role}";
    place.run(&grant.replace("{role}", &role.name)).await;
    let store = place.by_url(&role.url).connect().await.unwrap();
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)]);
}

#[tokio::test]
async fn a_newer_schema_is_refused_at_start_and_left_as_it_is() {
    let Some(place) = Place::new() else { return };
    let running = place.open().await;
    place.run("UPDATE {schema}.jobs_schema SET version = 7").await;
    let error = place.options().connect().await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(error.to_string().contains("at version 7") && error.to_string().contains("update the program"), "{error}");
    enqueue(&running, 1..2).await;
    assert_eq!(work(&running, 10).await, [id(1)], "who is at work goes on");
}

#[tokio::test]
async fn whoever_is_not_to_change_the_schema_is_told_to_migrate_and_changes_nothing() {
    let Some(place) = Place::new() else { return };
    let refused = async || place.options().migrate(false).connect().await.unwrap_err().to_string();
    assert!(refused().await.contains("no tables of `jobs` yet: run `jobsctl migrate`"));
    assert_eq!(tables(&place).await, 0);
    place.run("CREATE SCHEMA {schema}; CREATE TABLE {schema}.jobs_schema (version integer NOT NULL)").await;
    place
        .run(concat!(include_str!("../src/migrations/0001_jobs.sql"), "; INSERT INTO {schema}.jobs_schema VALUES (1)"))
        .await;
    let before = tables(&place).await;
    let words = refused().await;
    assert!(words.contains("of schema 1") && words.contains("run `jobsctl migrate`"), "{words}");
    assert_eq!(tables(&place).await, before);
    drop(place.open().await);
    assert!(place.options().migrate(false).connect().await.is_ok());
}

#[tokio::test]
async fn a_program_goes_on_with_a_newer_schema_that_lets_it_and_leaves_it() {
    let Some(place) = Place::new() else { return };
    drop(place.open().await);
    let version = async || -> i32 {
        place
            .stranger()
            .await
            .query_one(&place.sql("SELECT version FROM {schema}.jobs_schema"), &[])
            .await
            .unwrap()
            .get(0)
    };
    let known = Schema::of(version().await).unwrap().steps();
    let newer = Schema::new(known + 2, known).number();
    place
        .run(&format!(
            "ALTER TABLE {{schema}}.jobs ADD COLUMN later text; UPDATE {{schema}}.jobs_schema SET version = {newer}"
        ))
        .await;
    for (number, migrate) in [(1, true), (2, false)] {
        let store = place.options().migrate(migrate).connect().await.unwrap();
        assert_eq!(store.standing(), Standing::Newer);
        enqueue(&store, number..number + 1).await;
        assert_eq!(work(&store, 10).await, [id(number)]);
    }
    assert_eq!(version().await, newer);
    let too_new = Schema::new(known + 2, known + 1).number();
    place.run(&format!("UPDATE {{schema}}.jobs_schema SET version = {too_new}")).await;
    for migrate in [true, false] {
        let words = place.options().migrate(migrate).connect().await.unwrap_err().to_string();
        assert!(
            words.contains(&format!("at version {}", known + 2)) && words.contains("update the program"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_schema_that_is_half_there_is_refused_by_the_name_of_what_is_missing() {
    let Some(place) = Place::new() else { return };
    for table in
        ["jobs", "done", "errors", "processes", "holders", "paused_queues", "tallies", "unique_keys", "recurring_tasks"]
    {
        drop(place.open().await);
        place.run(&format!("DROP TABLE {{schema}}.{table}")).await;
        let error = place.options().connect().await.unwrap_err();
        let words = error.to_string();
        assert!(error.is_corrupt() && words.contains(&format!("`{table}`")) && words.contains("backup"), "{words}");
        place.run("DROP SCHEMA {schema} CASCADE").await;
    }
}

#[tokio::test]
async fn a_version_that_cannot_be_one_is_refused() {
    let Some(place) = Place::new() else { return };
    drop(place.open().await);
    place.run("UPDATE {schema}.jobs_schema SET version = -1").await;
    assert!(place.options().connect().await.unwrap_err().to_string().contains("at version -1"));
    place.run("DELETE FROM {schema}.jobs_schema").await;
    let error = place.options().connect().await.unwrap_err();
    assert!(!error.is_transient(), "{error}");
    let counts = "SELECT FROM {schema}.jobs";
    assert!(place.stranger().await.query(&place.sql(counts), &[]).await.unwrap().is_empty(), "nothing was touched");
}
