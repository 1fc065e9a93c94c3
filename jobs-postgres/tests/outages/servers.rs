//! A server for each test: it crashes, runs out of connections or disk, or is replaced by its standby.

use std::path::Path;
use std::process::Command;

use jobs::Event;
use jobs_testing::skip;

use crate::common::proxy::Proxy;
use crate::common::server::Server;
use crate::common::{TestDb, server, stranger, until_done};
use crate::site::{Ledger, Running, Work, finished, is_accounted_for, open};

/// A server for this test and a schema on it; `None` if this machine cannot run servers.
async fn own() -> Option<(Server, TestDb)> {
    server()?;
    let server = Server::start().await?;
    let db = TestDb::on(&server.url);
    Some((server, db))
}

const JOBS: u64 = 5000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_continue_after_their_server_crashed_under_load() {
    let Some((server, db)) = own().await else { return };
    let ledger = Ledger::default();
    let runtimes = [Running::start(&db, &server.url, &ledger).await, Running::start(&db, &server.url, &ledger).await];
    let store = open(&db, &server.url).await;
    runtimes[0].enqueue(0..JOBS).await;
    finished(&store, 100).await;
    server.crash().await;
    for running in &runtimes {
        running.says(1, "").await;
    }
    until_done(async || Work::perform_later(JOBS).on(&runtimes[0].handle.client()).await).await;
    is_accounted_for(&store, &ledger, JOBS + 1).await;
    for running in runtimes {
        running.handle.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_report_a_read_only_standby_and_continue_after_its_promotion() {
    let Some((primary, db)) = own().await else { return };
    let standby = primary.follower().await;
    let owner = stranger(&primary.url).await;
    for words in ["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"] {
        owner.batch_execute(words).await.unwrap();
    }
    let proxy = Proxy::to(&primary.url).await;
    let ledger = Ledger::default();
    let running = Running::start(&db, &proxy.url, &ledger).await;
    running.enqueue(0..50).await;
    let held = running.enqueue_lingering(50).await;
    running.recorder.wait_for(|event| matches!(event, Event::PerformStarted(event) if event.job.id == held)).await;
    proxy.lead_to(standby.address());
    primary.halt().await;
    running.says(2, "takes no writes").await;
    stranger(&standby.url).await.batch_execute("SELECT pg_promote()").await.unwrap();
    ledger.open_gate();
    until_done(async || Work::perform_later(51).on(&running.handle.client()).await).await;
    let store = open(&db, &standby.url).await;
    is_accounted_for(&store, &ledger, 52).await;
    running.handle.stop().await;
}

#[tokio::test]
async fn workers_report_a_server_without_free_connections_and_continue_later() {
    let Some((server, db)) = own().await else { return };
    let owner = stranger(&server.url).await;
    owner.batch_execute("ALTER SYSTEM SET max_connections = 14").await.unwrap();
    owner
        .batch_execute("CREATE ROLE shop LOGIN PASSWORD 'shop'; GRANT CREATE ON DATABASE postgres TO shop")
        .await
        .unwrap();
    server.crash().await;
    let (_, host) = server.url.split_once('@').unwrap();
    let url = format!("postgres://shop:shop@{host}");
    let ledger = Ledger::default();
    let running = Running::start(&db, &url, &ledger).await;
    running.enqueue(0..10).await;
    // All free connections except the three that are reserved for the owner.
    let mut taken = Vec::new();
    while let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await {
        tokio::spawn(connection);
        taken.push(client);
    }
    let owner = stranger(&server.url).await;
    owner
        .batch_execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'jobs: %'")
        .await
        .unwrap();
    while let Ok((client, connection)) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await {
        tokio::spawn(connection);
        taken.push(client);
    }
    running.says(1, "no free connection; raise `max_connections`").await;
    drop(taken);
    until_done(async || Work::perform_later(10).on(&running.handle.client()).await).await;
    is_accounted_for(&open(&db, &url).await, &ledger, 11).await;
    running.handle.stop().await;
}

/// A file system of this size in a folder; `None` if this user may not mount one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size},mode=777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn grow(&self, size: &str) {
        let options = format!("remount,size={size}");
        let grown = Command::new("mount").args(["-o", &options]).arg(self.path()).status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: the server may still have files open.
        let _gone = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_report_a_full_disk_and_continue_when_there_is_room() {
    let Some((server, db)) = own().await else { return };
    let Some(disk) = Disk::of("3m") else { return skip("a full disk needs the right to mount one") };
    let data = disk.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let given = Command::new("chown").arg("--reference").arg(server.folder()).arg(&data).status();
    assert!(given.unwrap().success());
    let owner = stranger(&server.url).await;
    owner.batch_execute(&format!("CREATE TABLESPACE small LOCATION '{}'", data.display())).await.unwrap();
    let url = format!("{}?options=-c%20default_tablespace%3Dsmall", server.url);
    let ledger = Ledger::default();
    let running = Running::start(&db, &url, &ledger).await;
    running.enqueue_lingering(0).await;
    owner.batch_execute("CREATE TABLE ballast (letters text) TABLESPACE small").await.unwrap();
    let fill = "INSERT INTO ballast SELECT repeat(md5(n::text), 60) FROM generate_series(1, 300) AS n";
    while owner.batch_execute(fill).await.is_ok() {}
    let mut refused = None;
    let mut jobs = 1;
    while refused.is_none() && jobs < 10_000 {
        match Work::perform_later(jobs).on(&running.handle.client()).await {
            Ok(_) => jobs += 1,
            Err(error) => refused = Some(error),
        }
    }
    let refused = refused.expect("the disk is full in the end");
    assert!(refused.is_transient() && refused.to_string().contains("the server's disk is full"), "{refused}");
    disk.grow("300m");
    until_done(async || Work::perform_later(jobs).on(&running.handle.client()).await).await;
    ledger.open_gate();
    is_accounted_for(&open(&db, &url).await, &ledger, jobs + 1).await;
    running.handle.stop().await;
}
