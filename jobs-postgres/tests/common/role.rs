//! A user of the server with limits of its own, who goes away with it.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

use super::stranger;

/// Who may do what with a database stands in one row, which the server does not let two change at once.
const IN_TURN: &str = "SELECT pg_advisory_xact_lock(7011)";

pub(crate) struct Role {
    pub(crate) name: String,
    /// As this user.
    pub(crate) url: String,
    /// As the owner of the server.
    server: String,
    owner: Client,
}

impl Role {
    /// A user with these attributes who may create schemas.
    pub(crate) async fn with(server: &str, attributes: &str) -> Self {
        let role = Self::without_create(server, attributes).await;
        let grant = format!("BEGIN; {IN_TURN}; GRANT CREATE ON DATABASE postgres TO {}; COMMIT", role.name);
        role.owner.batch_execute(&grant).await.unwrap();
        role
    }

    pub(crate) async fn without_create(server: &str, attributes: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("role_{}_{number}", std::process::id());
        let owner = stranger(server).await;
        owner.batch_execute(&format!("CREATE ROLE {name} LOGIN PASSWORD 'first' {attributes}")).await.unwrap();
        let (_, host) = server.split_once('@').unwrap();
        Self { url: format!("postgres://{name}:first@{host}"), server: server.to_owned(), owner, name }
    }

    /// Changes it, as `CONNECTION LIMIT 1`, `PASSWORD 'second'` or `SET lock_timeout = '1s'`.
    pub(crate) async fn alter(&self, change: &str) {
        self.owner.batch_execute(&format!("ALTER ROLE {} {change}", self.name)).await.unwrap();
    }

    /// Ends its connections and waits until they are gone.
    pub(crate) async fn cut_off(&self) {
        let theirs = format!("FROM pg_stat_activity WHERE usename = '{}'", self.name);
        self.owner.query(&format!("SELECT pg_terminate_backend(pid) {theirs}"), &[]).await.unwrap();
        let look = format!("SELECT {theirs}");
        while !self.owner.query(&look, &[]).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let words = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{name}';
             {IN_TURN}; SET lock_timeout = '5s'; DROP OWNED BY {name} CASCADE; DROP ROLE {name}"
        );
        // The runtime of the test is going away, so the role is dropped from another one.
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // A server that is gone has no roles either.
            let _gone = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(&words).await
            });
        };
        std::thread::spawn(drop).join().unwrap();
    }
}
