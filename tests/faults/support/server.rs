//! A schema of a test's own on the PostgreSQL server for tests.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

/// Dropped with all that is in it.
pub(crate) struct Schema {
    name: String,
    server: String,
    /// The store in it.
    pub(crate) url: String,
}

impl Schema {
    /// Nothing if there is no server; the test is noted down as skipped then.
    pub(crate) fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(server) = std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            jobs_testing::skip("JOBS_TEST_POSTGRES names no PostgreSQL server; `bin/postgres start` starts one");
            return None;
        };
        let name = format!("faults_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Some(Self { url: format!("{server}?schema={name}"), server, name })
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let words = format!("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {} CASCADE", self.name);
        let server = self.server.clone();
        // The runtime of the test is going away, so the schema is dropped from another one.
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&server, NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(&words).await.unwrap();
            });
        };
        // If a test failed, its own message is the one to read.
        let _dropped = std::thread::spawn(drop).join();
    }
}
