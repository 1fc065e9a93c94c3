//! URLs, paths and files: which ones open, and the errors of the others.

mod common;

use common::{File, enqueue, id, work};
use jobs_core::{
    Claim, Decision, Error, ErrorRecord, JobId, NewJob, Process, ProcessDetails, ProcessId, Schema, SchemaStatus, Store,
};
use jobs_sqlite::{SqliteOptions, SqliteStore};

fn refused(url: &str) -> String {
    let error = SqliteOptions::from_url(url).expect_err(url);
    assert!(error.is_invalid(), "{error}");
    error.to_string()
}

#[test]
fn a_url_with_all_options_opens() {
    let file = File::new();
    let path = file.path.display();
    let url = format!("sqlite:{path}?synchronous=full&busy_timeout=10s&max_size=64MB");
    SqliteOptions::from_url(&url).unwrap().open().unwrap();
    assert!(file.path.exists());
}

#[test]
fn a_url_may_begin_with_slashes_and_hold_encoded_characters() {
    let file = File::new();
    let path = file.folder.path().join("a b?.db");
    let url = format!("sqlite://{}", path.display().to_string().replace(' ', "%20").replace('?', "%3F"));
    SqliteOptions::from_url(&url).unwrap().open().unwrap();
    assert!(path.exists());
}

#[tokio::test]
async fn the_scheme_sqlite_is_known_to_connect() {
    let file = File::new();
    let store = jobs_core::connect(&format!("sqlite:{}", file.path.display())).await.unwrap();
    assert!(store.inspect().is_some() && file.path.exists());
}

#[test]
fn an_unknown_option_is_named_with_the_nearest_word() {
    let words = refused("sqlite:jobs.db?busytimeout=10s");
    assert!(words.contains("`busytimeout`") && words.contains("did you mean `busy_timeout`?"), "{words}");
    let words = refused("sqlite:jobs.db?synchronous=ful");
    assert!(words.contains("did you mean `full`?"), "{words}");
}

#[test]
fn an_unknown_option_without_a_near_word_is_reported_with_all_options() {
    let words = refused("sqlite:jobs.db?colour=red");
    assert!(
        words.contains("`synchronous`, `busy_timeout`, `max_size`, `create`") && !words.contains("did you mean"),
        "{words}"
    );
}

#[test]
fn an_invalid_value_is_reported_with_the_valid_form() {
    assert!(refused("sqlite:jobs.db?busy_timeout=10").contains("`500ms`, `10s` or `2m`"));
    assert!(refused("sqlite:jobs.db?busy_timeout=soon").contains("`500ms`, `10s` or `2m`"));
    assert!(refused("sqlite:jobs.db?max_size=9999999999999GB").contains("`64MB`"));
    assert!(refused("sqlite:jobs.db?synchronous=full&synchronous=normal").contains("twice"));
    assert!(refused("sqlite:100%.db").contains("`%25`"));
}

#[test]
fn a_database_in_memory_is_refused_with_the_url_of_the_memory_store() {
    assert!(refused("sqlite::memory:").contains("use `memory:`"));
    assert!(refused("sqlite:").contains("`sqlite:jobs.db`"));
    assert!(refused("postgres://x").contains("`sqlite:jobs.db`"));
}

#[test]
fn a_missing_file_is_not_created_if_creation_is_off() {
    let file = File::new();
    let url = format!("sqlite:{}?create=no", file.path.display());
    let error = SqliteOptions::from_url(&url).unwrap().open().expect_err("there is no such file");
    assert!(error.is_invalid() && error.to_string().contains("there is no `"), "{error}");
    assert!(!file.path.exists());
    drop(SqliteStore::open(&file.path).unwrap());
    SqliteOptions::from_url(&url).unwrap().open().unwrap();
    assert!(refused("sqlite:jobs.db?create=maybe").contains("`yes`, `no`"));
}

fn not_opened(path: &std::path::Path) -> Error {
    SqliteStore::open(path).expect_err("this must not open")
}

#[test]
fn a_missing_folder_is_named() {
    let file = File::new();
    let words = not_opened(&file.folder.path().join("nowhere/jobs.db")).to_string();
    assert!(words.contains("nowhere` does not exist; create it"), "{words}");
}

#[test]
fn a_folder_is_not_a_file() {
    let file = File::new();
    let words = not_opened(file.folder.path()).to_string();
    assert!(words.contains("is a folder; name a file in it"), "{words}");
}

#[test]
fn a_read_only_file_is_refused_at_once() {
    let file = File::new();
    drop(file.open());
    let mut permissions = file.path.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file.path, permissions).unwrap();
    let words = not_opened(&file.path).to_string();
    assert!(words.contains("is read-only; give this user the right to write it"), "{words}");
}

#[test]
fn a_file_that_is_not_a_database_is_left_unchanged() {
    let file = File::new();
    let text = "order,price\n".repeat(1000);
    std::fs::write(&file.path, &text).unwrap();
    let error = not_opened(&file.path);
    assert!(error.is_corrupt() && error.to_string().contains("is not an SQLite database"), "{error}");
    assert_eq!(std::fs::read_to_string(&file.path).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_left_unchanged() {
    let file = File::new();
    file.stranger().execute_batch("CREATE TABLE orders (id INTEGER)").unwrap();
    let words = not_opened(&file.path).to_string();
    assert!(words.contains("belongs to another program"), "{words}");
}

#[tokio::test]
async fn a_file_whose_errors_name_no_process_is_migrated_and_keeps_them() {
    let file = File::new();
    let fail = |words: &str| {
        let error = ErrorRecord::new("E", words).by(Some(ProcessId::new(7)));
        Decision::Retry { wait: std::time::Duration::ZERO, queue: None, priority: None, meta: None, error }
    };
    let attempt = async |store: &dyn Store, words: &str| {
        let execution = store.claim(&Claim::all(ProcessId::new(7), 1)).await.unwrap().remove(0);
        let _settled = store.settle(&[execution.settle(fail(words))]).await.unwrap();
        store.dispatch(1).await.unwrap();
    };
    let id = JobId::from_bytes([1; 16]);
    let store = file.open();
    let _stored = store.enqueue(&[NewJob::new(id, "pay", "{}")]).await.unwrap();
    attempt(&store, "old").await;
    drop(store);
    file.back_to_step(2);
    let store = file.open();
    attempt(&store, "new").await;
    let errors = store.inspect().unwrap().find(id).await.unwrap().unwrap().errors;
    let seen: Vec<_> = errors.iter().map(|error| (error.message.as_str(), error.process)).collect();
    assert_eq!(seen, [("old", None), ("new", Some(ProcessId::new(7)))]);
}

#[test]
fn a_schema_from_the_future_is_refused() {
    let file = File::new();
    drop(file.open());
    file.stranger().pragma_update(None, "user_version", 99).unwrap();
    let words = not_opened(&file.path).to_string();
    assert!(words.contains("schema 99") && words.contains("update the program"), "{words}");
}

/// The tables of the first version.
const FIRST: &str = concat!(include_str!("../src/migrations/0001_jobs.sql"), "; PRAGMA user_version = 1");

#[test]
fn opening_without_migrating_refuses_an_older_schema_and_leaves_it() {
    let file = File::new();
    file.stranger().execute_batch(FIRST).unwrap();
    let before = std::fs::read(&file.path).unwrap();
    let words = file.options().migrate(false).open().unwrap_err().to_string();
    assert!(words.contains("of schema 1") && words.contains("run `jobsctl migrate`"), "{words}");
    assert_eq!(std::fs::read(&file.path).unwrap(), before, "not a letter of it changed");
    drop(file.open());
    assert!(file.options().migrate(false).open().is_ok());
}

#[test]
fn opening_without_migrating_creates_no_file_and_no_tables() {
    let file = File::new();
    let words = file.options().migrate(false).open().unwrap_err().to_string();
    assert!(words.contains("there is no `") && !file.path.exists(), "{words}");
    std::fs::write(&file.path, "").unwrap();
    let words = file.options().migrate(false).open().unwrap_err().to_string();
    assert!(words.contains("no tables of `jobs` yet: run `jobsctl migrate`"), "{words}");
    assert_eq!(std::fs::metadata(&file.path).unwrap().len(), 0);
    file.stranger().execute_batch("CREATE TABLE letters (id INTEGER)").unwrap();
    let words = file.options().migrate(false).open().unwrap_err().to_string();
    assert!(words.contains("belongs to another program"), "{words}");
    assert_eq!(
        file.stranger().pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0)).unwrap(),
        "delete"
    );
}

#[tokio::test]
async fn a_program_works_on_a_newer_compatible_schema_and_leaves_it() {
    let file = File::new();
    drop(file.open());
    let stranger = file.stranger();
    let known: i32 = stranger.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let known = Schema::of(known).unwrap().steps();
    let newer = Schema::new(known + 2, known).number();
    let grown = "CREATE TABLE later (id INTEGER); ALTER TABLE jobs ADD COLUMN later TEXT";
    stranger.execute_batch(&format!("{grown}; PRAGMA user_version = {newer}")).unwrap();
    for (number, migrate) in [(1, true), (2, false)] {
        let store = file.options().migrate(migrate).open().unwrap();
        assert_eq!(store.schema_status(), SchemaStatus::NewerCompatible);
        enqueue(&store, number..number + 1).await;
        assert_eq!(work(&store, 10).await, [id(number)]);
    }
    assert_eq!(stranger.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0)).unwrap(), newer);
    stranger.pragma_update(None, "user_version", Schema::new(known + 2, known + 1).number()).unwrap();
    for migrate in [true, false] {
        let words = file.options().migrate(migrate).open().unwrap_err().to_string();
        assert!(
            words.contains(&format!("has schema {}", known + 2)) && words.contains("update the program"),
            "{words}"
        );
    }
}

#[test]
fn eight_threads_may_create_one_file_at_once() {
    let file = File::new();
    let start = std::sync::Barrier::new(8);
    let open = || {
        start.wait();
        file.options().open()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
}

#[test]
fn a_scheme_may_have_capital_letters() {
    let file = File::new();
    SqliteOptions::from_url(&format!("SQLite:{}", file.path.display())).unwrap().open().unwrap();
    assert!(file.path.exists());
}

#[test]
fn no_error_shows_a_part_of_a_url_that_is_no_file() {
    for url in [
        "sqlite://me:ssw0rd@host/db",
        "sqlite:postgres://me:ssw0rd@host/db",
        "sqlite:host=db password=ssw0rd",
        "sqlite:jobs.db?ssw0rd",
        "sqlite:jobs.db?busy_timeout=ssw0rd",
        "sqlite:jobs.db?max_size=ssw0rd",
        "sqlite:jobs.db?create=ssw0rd&create=no",
        "sqlite:%ssw0rd",
        "ssw0rd",
        "postgres://me:ssw0rd@host/db",
    ] {
        let words = refused(url);
        assert!(!words.contains("ssw0rd"), "{url}: {words}");
    }
    assert!(SqliteOptions::from_url("sqlite:me%3Ax@host.db").is_ok(), "a file may have such a name");
}

#[cfg(unix)]
mod permissions {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    use jobs_sqlite::SqliteStore;

    use super::common::{File, enqueue};

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("the file is there").permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_new_file_and_the_files_beside_it_are_of_this_user_alone() {
        let file = File::new();
        let store = SqliteStore::open(&file.path).unwrap();
        enqueue(&store, 1..3).await;
        let beside = |ending| file.path.with_file_name(format!("{}{ending}", file.path.file_name().unwrap().display()));
        for path in [file.path.clone(), beside("-wal"), beside("-shm")] {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }

    #[tokio::test]
    async fn an_existing_file_keeps_its_permissions() {
        let file = File::new();
        drop(SqliteStore::open(&file.path).unwrap());
        std::fs::set_permissions(&file.path, PermissionsExt::from_mode(0o640)).unwrap();
        let store = SqliteStore::open(&file.path).unwrap();
        enqueue(&store, 1..3).await;
        assert_eq!(mode(&file.path), 0o640);
    }

    #[test]
    fn a_file_behind_a_link_is_of_this_user_alone() {
        let file = File::new();
        symlink("target.db", &file.path).unwrap();
        drop(SqliteStore::open(&file.path).unwrap());
        assert_eq!(mode(&file.folder.path().join("target.db")), 0o600);
    }
}

#[tokio::test]
async fn what_a_process_can_run_is_kept_in_a_file_of_the_version_before() {
    let file = File::new();
    drop(file.open());
    file.back_to_step(8);
    let store = file.open();
    let mut process = Process::new(ProcessId::new(7), "web-1", "host", 1);
    process.details = ProcessDetails::new(10, ["mail*".to_owned()], Some("1.2.3".to_owned()));
    let _alive = store.heartbeat(&process).await.unwrap();
    let found = store.inspect().unwrap().processes().await.unwrap();
    assert_eq!(found[0].process.details, process.details);
}
