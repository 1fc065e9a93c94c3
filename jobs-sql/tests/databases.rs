//! What a transaction promises, on each database that is there.

use jobs_core::Timestamp;
use jobs_sql::{Cell, Database, SqlValue};

const DOING: &str = "run a test";

/// A time with microseconds, and one without.
const TIMES: [i64; 2] = [1_767_319_200_000_120, 1_767_319_200_000_000];

/// The databases of the tests: a file always, the servers that the variables name.
async fn databases(name: &str) -> (Vec<Database>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = format!("sqlite:{}/test.sqlite3", folder.path().display());
    let servers = ["JOBS_TEST_POSTGRES", "JOBS_TEST_MARIADB"].map(|variable| std::env::var(variable).ok());
    let mut databases = Vec::new();
    for url in servers.into_iter().flatten().chain([file]) {
        let database = Database::open(&url).await.expect("the database answers");
        let id = match database.dialect() {
            jobs_sql::Dialect::Postgres => "bigserial PRIMARY KEY",
            jobs_sql::Dialect::MySql => "bigint AUTO_INCREMENT PRIMARY KEY",
            jobs_sql::Dialect::Sqlite => "integer PRIMARY KEY AUTOINCREMENT",
        };
        let time = if database.dialect() == jobs_sql::Dialect::Postgres { "timestamp(6)" } else { "datetime(6)" };
        let script = format!(
            "DROP TABLE IF EXISTS {name};\n\
             CREATE TABLE {name} (id {id}, title varchar(255) UNIQUE, size integer, at {time}, done boolean);\n"
        );
        database.run_script(&script, DOING).await.expect("the user may create tables");
        databases.push(database);
    }
    (databases, folder)
}

#[tokio::test]
async fn values_come_back_as_they_were_written_and_null_as_null() {
    let (databases, _folder) = databases("sql_values").await;
    for database in databases {
        let mut transaction = database.begin(DOING).await.unwrap();
        let insert = "INSERT INTO sql_values (title, size, at, done) VALUES (?, ?, ?, ?)";
        let mut ids = Vec::new();
        for (title, micros) in ["ä?ö", "b"].into_iter().zip(TIMES) {
            let values = [title.into(), 7.into(), Timestamp::from_micros(micros).into(), true.into()];
            ids.push(transaction.insert(insert, &values).await.unwrap());
        }
        let nothing = [SqlValue::Text(None), SqlValue::Int(None), SqlValue::Time(None), false.into()];
        transaction.execute(insert, &nothing).await.unwrap();
        transaction.commit().await.unwrap();
        let select = "SELECT id, title, size, at, done FROM sql_values WHERE size = ? ORDER BY id";
        let rows = database.query(select, &[7.into()], DOING).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.int(0).unwrap()).collect::<Vec<_>>(), ids, "{database:?}");
        assert_eq!(rows[0].text(1).unwrap(), "ä?ö", "{database:?}");
        let times = rows.iter().map(|row| row.time(3).unwrap().as_micros());
        assert_eq!(times.collect::<Vec<_>>(), TIMES, "{database:?}");
        assert_eq!(rows[0].int(4).unwrap(), 1, "{database:?}");
        let select = "SELECT title, size, at FROM sql_values WHERE title IS NULL";
        let rows = database.query(select, &[], DOING).await.unwrap();
        assert_eq!([0, 1, 2].map(|column| rows[0].cell(column)), [&Cell::Null; 3], "{database:?}");
        assert!(rows[0].int(1).unwrap_err().is_corrupt());
    }
}

#[tokio::test]
async fn what_is_not_committed_is_rolled_back() {
    let (databases, _folder) = databases("sql_rollback").await;
    for database in databases {
        let mut transaction = database.begin(DOING).await.unwrap();
        transaction.execute("INSERT INTO sql_rollback (title) VALUES (?)", &["a".into()]).await.unwrap();
        drop(transaction);
        let rows = database.query("SELECT COUNT(*) FROM sql_rollback", &[], DOING).await.unwrap();
        assert_eq!(rows[0].int(0).unwrap(), 0, "{database:?}");
    }
}

#[tokio::test]
async fn a_unique_key_that_exists_is_a_conflict_and_a_wrong_statement_is_not_transient() {
    let (databases, _folder) = databases("sql_unique").await;
    for database in databases {
        let insert = "INSERT INTO sql_unique (title) VALUES (?)";
        let mut transaction = database.begin(DOING).await.unwrap();
        transaction.execute(insert, &["a".into()]).await.unwrap();
        assert!(transaction.execute(insert, &["a".into()]).await.unwrap_err().is_conflict(), "{database:?}");
        drop(transaction);
        let wrong = database.query("SELECT nothing FROM nowhere", &[], DOING).await.unwrap_err();
        assert!(!wrong.is_transient() && !wrong.is_conflict(), "{database:?}: {wrong}");
    }
}

#[tokio::test]
async fn an_insert_that_ignores_conflicts_says_how_many_rows_are_new() {
    let (databases, _folder) = databases("sql_ignore").await;
    for database in databases {
        let insert = "{insert_ignore} INTO sql_ignore (title) VALUES (?) {or_ignore}";
        let mut transaction = database.begin(DOING).await.unwrap();
        assert_eq!(transaction.execute(insert, &["a".into()]).await.unwrap(), 1, "{database:?}");
        assert_eq!(transaction.execute(insert, &["a".into()]).await.unwrap(), 0, "{database:?}");
        transaction.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_row_that_another_transaction_has_locked_is_skipped() {
    let (databases, _folder) = databases("sql_locked").await;
    // SQLite has one writer, and no locks of rows.
    for database in databases.iter().filter(|database| database.dialect() != jobs_sql::Dialect::Sqlite) {
        let mut transaction = database.begin(DOING).await.unwrap();
        for title in ["a", "b"] {
            transaction.execute("INSERT INTO sql_locked (title) VALUES (?)", &[title.into()]).await.unwrap();
        }
        transaction.commit().await.unwrap();
        let first = "SELECT title FROM sql_locked ORDER BY id LIMIT 1 {skip_locked}";
        let (mut one, mut other) = (database.begin(DOING).await.unwrap(), database.begin(DOING).await.unwrap());
        let titles = [one.query(first, &[]).await.unwrap(), other.query(first, &[]).await.unwrap()];
        assert_eq!(titles.map(|rows| rows[0].text(0).unwrap().to_owned()), ["a", "b"], "{database:?}");
    }
}

#[tokio::test]
async fn the_server_tells_its_time_in_utc() {
    let (databases, _folder) = databases("sql_time").await;
    for database in databases {
        let [before, after] = [database.server_time().await.unwrap(), database.server_time().await.unwrap()];
        let here = Timestamp::from(chrono::Utc::now());
        assert!(before <= after, "{database:?}");
        // The servers of the tests run on this machine: an hour is a wrong zone.
        assert!(here.as_micros().abs_diff(after.as_micros()) < 1_800_000_000, "{database:?}");
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_read_shows_no_password() {
    for url in ["oracle://u:secret@host/db", "postgres://u:secret@host:port/db", "secret"] {
        let error = Database::open(url).await.unwrap_err();
        assert!(error.is_invalid() && !format!("{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_time_with_a_zone_is_read_as_a_time_and_a_lock_is_waited_for_ten_seconds() {
    let (databases, _folder) = databases("sql_session").await;
    for database in databases {
        let (select, wait) = match database.dialect() {
            jobs_sql::Dialect::Postgres => ("SELECT '2026-01-02 03:00:00.00012+01'::timestamptz", "SHOW lock_timeout"),
            jobs_sql::Dialect::MySql => {
                ("SELECT TIMESTAMP '2026-01-02 02:00:00.000120'", "SELECT CONCAT(@@innodb_lock_wait_timeout, 's')")
            }
            jobs_sql::Dialect::Sqlite => continue,
        };
        let rows = database.query(select, &[], DOING).await.unwrap();
        assert_eq!(rows[0].time(0).unwrap().as_micros(), TIMES[0], "{database:?}");
        let rows = database.query(wait, &[], DOING).await.unwrap();
        assert_eq!(rows[0].text(0).unwrap(), "10s", "{database:?}");
    }
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_and_not_cut() {
    let (databases, _folder) = databases("sql_strict").await;
    for database in databases.iter().filter(|database| database.dialect() == jobs_sql::Dialect::MySql) {
        let rows = database.query("SELECT @@sql_mode", &[], DOING).await.unwrap();
        let modes = rows[0].text(0).unwrap();
        assert!(modes.contains("STRICT_ALL_TABLES") && modes.contains("PIPES_AS_CONCAT"), "{modes}");
        let mut transaction = database.begin(DOING).await.unwrap();
        let insert = "INSERT INTO sql_strict (title) VALUES (?)";
        assert!(transaction.execute(insert, &["a".repeat(256).into()]).await.is_err());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_of_this_user_alone_and_an_existing_one_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("new.sqlite3");
    let url = format!("sqlite:{}", path.display());
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let database = Database::open(&url).await.unwrap();
    database.run_script("CREATE TABLE secrets (id integer);\n", DOING).await.unwrap();
    for ending in ["", "-wal", "-shm"] {
        assert_eq!(mode(&folder.path().join(format!("new.sqlite3{ending}"))), 0o600, "{ending}");
    }
    drop(database);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    let _again = Database::open(&url).await.unwrap();
    assert_eq!(mode(&path), 0o640);
}
