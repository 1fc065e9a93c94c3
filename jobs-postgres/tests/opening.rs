//! URLs, schemas and servers: which ones open, and the errors of the others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod common;

use common::{TestDb, enqueue, id, work};
use jobs_core::Error;
use jobs_postgres::{PostgresOptions, PostgresStore};
use tokio::net::TcpListener;

fn refused(url: &str) -> String {
    let error = PostgresOptions::from_url(url).expect_err(url);
    assert!(error.is_invalid(), "{error}");
    error.to_string()
}

async fn not_opened(options: PostgresOptions) -> Error {
    options.connect().await.expect_err("this must not open")
}

#[test]
fn a_url_with_all_options_is_understood() {
    let url = "postgresql://me:secret@db.example:5433/shop?sslmode=verify-full&schema=a%20b&listen=off&prepare=off\
               &call_timeout=500ms&connect_timeout=3&application_name=shop";
    let words = format!("{:?}", PostgresOptions::from_url(url).unwrap());
    for part in ["schema: \"a b\"", "listen: false", "prepare: false", "call_timeout: 500ms", "trust: Full"] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn an_unknown_option_is_named_with_the_nearest_word() {
    let words = refused("postgres://localhost/shop?shema=jobs");
    assert!(words.contains("`shema`") && words.contains("did you mean `schema`?"), "{words}");
    let words = refused("postgres://localhost/shop?sslmode=verify-ful");
    assert!(words.contains("did you mean `verify-full`?"), "{words}");
    let words = refused("postgres://localhost/shop?listen=of");
    assert!(words.contains("`listen`") && words.contains("did you mean"), "{words}");
}

#[test]
fn an_invalid_value_is_reported_with_the_valid_form() {
    assert!(refused("postgres://localhost/?call_timeout=10").contains("`500ms`, `10s` or `2m`"));
    assert!(refused("postgres://localhost/?call_timeout=0s").contains("write it as `30s`"));
    assert!(refused("postgres://localhost/?schema=a&schema=b").contains("twice"));
    assert!(refused("postgres://localhost/?schema=100%").contains("`%25`"));
    assert!(refused("postgres://localhost:port/").contains("is not a URL of PostgreSQL"));
    assert!(refused("mysql://localhost/").contains("write `postgres://"));
}

#[test]
fn no_error_shows_a_password() {
    for url in [
        "postgres://me:secret@localhost:port/shop",
        "postgres://me:secret@localhost/shop?listen=on&listen=on",
        "postgres://me:secret@localhost/shop?connect_timeout=soon",
        "mysql://me:secret@localhost/shop",
    ] {
        let words = refused(url);
        assert!(!words.contains("secret"), "{words}");
    }
}

#[tokio::test]
async fn the_schemes_are_known_to_connect() {
    let Some(db) = TestDb::new() else { return };
    let encoded = db.schema.replace(' ', "%20");
    let url = format!("{}?schema={encoded}", db.url);
    let store = jobs_core::connect(&url).await.unwrap();
    assert!(store.inspect().is_some());
    let other = url.replacen("postgres://", "postgresql://", 1);
    assert!(jobs_core::connect(&other).await.unwrap().notifier().is_some());
}

#[tokio::test]
async fn a_schema_of_any_name_works() {
    let Some(mut db) = TestDb::new() else { return };
    db.schema = format!("{} \"' ä", db.schema);
    let store = db.options().connect().await;
    let result = async {
        let store = store?;
        enqueue(&store, 1..3).await;
        Ok::<_, Error>(work(&store, 10).await)
    };
    assert_eq!(result.await.unwrap(), [id(1), id(2)]);
    db.schema = db.schema.replace('"', "\"\"");
}

#[tokio::test]
async fn a_schema_name_that_the_server_would_cut_is_refused_before_anything_is_made() {
    for (name, migrates) in
        [("s".repeat(64), true), ("s".repeat(64), false), ("ü".repeat(32), true), (String::new(), true)]
    {
        let options = PostgresOptions::from_url("postgres://localhost/shop").unwrap().schema(&name).migrate(migrates);
        let error = not_opened(options).await;
        assert!(error.is_invalid() && error.to_string().contains("1 to 63 bytes"), "{error}");
    }
    let Some(mut db) = TestDb::new() else { return };
    db.schema.extend(std::iter::repeat_n('s', 63 - db.schema.len()));
    enqueue(&db.open().await, 1..3).await;
    assert_eq!(work(&db.options().migrate(false).connect().await.unwrap(), 10).await, [id(1), id(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_may_create_one_schema_at_once() {
    let Some(db) = TestDb::new() else { return };
    let opening: Vec<_> = (0..8).map(|_| tokio::spawn(db.options().connect())).collect();
    let mut stores = Vec::new();
    for one in opening {
        stores.push(one.await.unwrap().unwrap());
    }
    enqueue(&stores[0], 1..2).await;
    assert_eq!(work(&stores[7], 10).await, [id(1)]);
}

#[tokio::test]
async fn a_schema_from_the_future_is_refused() {
    let Some(db) = TestDb::new() else { return };
    drop(db.open().await);
    db.run("UPDATE {schema}.jobs_schema SET version = 99").await;
    let error = not_opened(db.options()).await;
    assert!(error.is_invalid() && error.to_string().contains("at version 99"), "{error}");
    assert!(error.to_string().contains("update the program"), "{error}");
}

#[tokio::test]
async fn tables_of_another_program_are_left_unchanged() {
    let Some(db) = TestDb::new() else { return };
    db.run("CREATE SCHEMA {schema}; CREATE TABLE {schema}.jobs (title text); CREATE TABLE {schema}.orders (n int)")
        .await;
    let error = not_opened(db.options()).await;
    assert!(error.is_invalid() && error.to_string().contains("`jobs`"), "{error}");
    assert!(error.to_string().contains("?schema="), "{error}");
    db.run("INSERT INTO {schema}.jobs VALUES ('cook')").await;
    db.run("ALTER TABLE {schema}.jobs RENAME TO vacancies").await;
    let store = db.open().await;
    enqueue(&store, 1..2).await;
    assert_eq!(work(&store, 10).await, [id(1)], "others may have tables of other names beside ours");
}

#[tokio::test]
async fn a_wrong_password_is_no_reason_to_try_again() {
    let Some(db) = TestDb::new() else { return };
    let (_, host) = db.url.split_once('@').unwrap();
    let error = not_opened(PostgresOptions::from_url(&format!("postgres://jobs:wrong@{host}")).unwrap()).await;
    assert!(!error.is_transient() && error.to_string().contains("look at user and password"), "{error}");
}

#[tokio::test]
async fn a_missing_database_is_reported() {
    let Some(db) = TestDb::new() else { return };
    let url = db.url.replace("/postgres", "/nowhere").replace("nowhere://", "postgres://");
    let error = not_opened(PostgresOptions::from_url(&url).unwrap()).await;
    assert!(!error.is_transient() && error.to_string().contains("does not exist; create it"), "{error}");
}

#[tokio::test]
async fn an_address_where_no_server_listens_is_a_transient_error() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = PostgresStore::connect(&format!("postgres://me@{free}/shop?sslmode=disable")).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("no server listens there"), "{error}");
}

#[tokio::test]
async fn connecting_to_a_server_that_does_not_answer_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url = format!("postgres://me@{address}/shop?sslmode=disable&connect_timeout=1");
    let error = PostgresStore::connect(&url).await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("did not answer within 1s"), "{error}");
}

#[test]
fn opening_outside_a_runtime_is_an_error() {
    let options = PostgresOptions::from_url("postgres://localhost/").unwrap();
    let mut opening = std::pin::pin!(options.connect());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = opening.as_mut().poll(&mut context) else { panic!("it must be refused") };
    assert!(error.is_invalid() && error.to_string().contains("within a tokio runtime"), "{error}");
}
