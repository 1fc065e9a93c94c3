//! The tables that we make are those that Rails made: `tests/samples`, as the databases showed them.

use jobs_solid_queue::create_tables;
use jobs_sql::{Database, SqlRow};
use serde_json::Value;

const DOING: &str = "run a test";

const TABLES: [&str; 11] = [
    "solid_queue_recurring_executions",
    "solid_queue_recurring_tasks",
    "solid_queue_blocked_executions",
    "solid_queue_claimed_executions",
    "solid_queue_failed_executions",
    "solid_queue_ready_executions",
    "solid_queue_scheduled_executions",
    "solid_queue_jobs",
    "solid_queue_pauses",
    "solid_queue_processes",
    "solid_queue_semaphores",
];

/// The database that the variable names, with new tables; `None` if there is none.
async fn server(variable: &str) -> Option<Database> {
    let mut url = std::env::var(variable).ok()?;
    if url.starts_with("postgres") {
        // Other tests may have made a schema with the name of the user, which would come first.
        url.push_str("?options=-c%20search_path%3Dpublic");
    }
    let database = Database::open(&url).await.expect("the server answers");
    let drops = TABLES.map(|table| format!("DROP TABLE IF EXISTS {table};\n")).concat();
    database.run_script(&drops, DOING).await.expect("the user may drop tables");
    // Twice: the second time everything exists.
    create_tables(&database).await.expect("the user may create tables");
    create_tables(&database).await.expect("the user may create tables");
    Some(database)
}

/// The recorded objects that have this key.
fn recorded(samples: &str, key: &str) -> Vec<Value> {
    let objects = samples.lines().map(|line| serde_json::from_str::<Value>(line).expect("the samples are JSON"));
    objects.filter(|object| object.get(key).is_some()).collect()
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

fn texts(rows: &[SqlRow], columns: usize) -> Vec<String> {
    let line = |row: &SqlRow| {
        (0..columns).map(|column| row.text_or_null(column).unwrap_or("-")).collect::<Vec<_>>().join(" | ")
    };
    sorted(rows.iter().map(line).collect())
}

fn fields(objects: &[Value], keys: &[&str]) -> Vec<String> {
    let line =
        |object: &Value| keys.iter().map(|key| object[key].as_str().unwrap_or("-")).collect::<Vec<_>>().join(" | ");
    sorted(objects.iter().map(line).collect())
}

#[tokio::test]
async fn the_tables_on_postgresql_are_those_of_rails() {
    let Some(database) = server("JOBS_TEST_POSTGRES").await else { return };
    let samples = include_str!("samples/pg_schema.jsonl");
    let columns = "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text, column_default::text \
                   FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'solid\\_queue\\_%'";
    let keys = ["table_name", "column_name", "data_type", "is_nullable", "column_default"];
    let rows = database.query(columns, &[], DOING).await.unwrap();
    assert_eq!(texts(&rows, keys.len()), fields(&recorded(samples, "column_name"), &keys));
    let indexes = "SELECT tablename::text, indexdef::text FROM pg_indexes \
                   WHERE schemaname = 'public' AND tablename LIKE 'solid\\_queue\\_%'";
    let rows = database.query(indexes, &[], DOING).await.unwrap();
    assert_eq!(texts(&rows, 2), fields(&recorded(samples, "indexname"), &["tablename", "indexdef"]));
}

/// The lines of a statement without blanks, so that line breaks do not count.
fn plain(sql: &str) -> String {
    sql.replace("IF NOT EXISTS ", "").split_whitespace().collect()
}

#[tokio::test]
async fn the_tables_on_sqlite_are_those_of_rails() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&format!("sqlite:{}/queue.sqlite3", folder.path().display())).await.unwrap();
    create_tables(&database).await.unwrap();
    create_tables(&database).await.unwrap();
    let select = "SELECT sql FROM sqlite_master WHERE tbl_name LIKE 'solid_queue_%' AND sql IS NOT NULL";
    let rows = database.query(select, &[], DOING).await.unwrap();
    let ours = sorted(rows.iter().map(|row| plain(row.text(0).unwrap())).collect());
    let of_rails = recorded(include_str!("samples/sqlite_schema.jsonl"), "tbl_name");
    let of_rails = of_rails.iter().filter(|object| object["tbl_name"].as_str().unwrap().starts_with("solid_queue"));
    assert_eq!(ours, sorted(of_rails.filter_map(|object| object["sql"].as_str()).map(plain).collect()));
}

#[tokio::test]
async fn the_tables_on_mariadb_are_those_of_rails() {
    let Some(database) = server("JOBS_TEST_MARIADB").await else { return };
    let of_rails = recorded(include_str!("samples/mysql_schema.jsonl"), "Create Table");
    assert_eq!(of_rails.len(), TABLES.len());
    for object in of_rails {
        let show = format!("SHOW CREATE TABLE {}", object["Table"].as_str().unwrap());
        let rows = database.query(&show, &[], DOING).await.unwrap();
        // The collation is the default of the server.
        let columns = |sql: &str| sql.split(") ENGINE").next().map(str::to_owned);
        assert_eq!(columns(rows[0].text(1).unwrap()), columns(object["Create Table"].as_str().unwrap()));
    }
}
