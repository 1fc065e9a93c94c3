//! A user of the server with its own limits, removed when it is dropped.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

use super::stranger;

/// The rights on a database are stored in one row, and the server refuses two concurrent changes of it.
const IN_TURN: &str = "SELECT pg_advisory_xact_lock(7011)";

pub(crate) struct Role {
    pub(crate) name: String,
    /// The URL with this user.
    pub(crate) url: String,
    /// The URL with the owner of the server.
    server: String,
    owner: Client,
}

impl Role {
    /// A user with these attributes and the right to create schemas.
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

    /// Changes the user, as `CONNECTION LIMIT 1`, `PASSWORD 'second'` or `SET lock_timeout = '1s'`.
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
            // If the server is gone, so are its roles.
            let _gone = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(&words).await
            });
        };
        std::thread::spawn(drop).join().unwrap();
    }
}
