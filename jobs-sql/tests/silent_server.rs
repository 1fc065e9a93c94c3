//! A server that stands still: calls end, and go on when a server answers again.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jobs_sql::Database;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const DOING: &str = "run a test";

/// Stands between a program and a server. While it is silent, it takes what is sent and answers nothing.
struct Proxy {
    address: SocketAddr,
    is_silent: Arc<AtomicBool>,
}

impl Proxy {
    async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_silent = Arc::new(AtomicBool::new(false));
        let silence = Arc::clone(&is_silent);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(copy(from_client, to_server, Arc::new(AtomicBool::new(false))));
                tokio::spawn(copy(from_server, to_client, Arc::clone(&silence)));
            }
        });
        Self { address, is_silent }
    }
}

async fn copy(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, is_silent: Arc<AtomicBool>) {
    let mut bytes = vec![0; 4096];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        if !is_silent.load(Ordering::SeqCst) && to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}

/// The server that the variable names, behind a proxy; `None` if there is none.
async fn behind_proxy(variable: &str) -> Option<(Proxy, Database)> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty())?;
    let (credentials, rest) = url.rsplit_once('@').unwrap();
    let (server, path) = rest.split_once('/').unwrap();
    let proxy = Proxy::before(server.to_owned()).await;
    let database = Database::open(&format!("{credentials}@{}/{path}", proxy.address)).await.unwrap();
    Some((proxy, database))
}

/// With its clock stopped, the runtime goes on to the next time-out as soon as there is nothing to do.
#[tokio::test]
async fn a_server_that_stands_still_ends_no_worker_and_is_used_again_later() {
    for variable in ["JOBS_TEST_POSTGRES", "JOBS_TEST_MARIADB"] {
        let Some((proxy, database)) = behind_proxy(variable).await else { continue };
        // More often than there are connections in the pool.
        for step in 0..8 {
            let mut transaction = database.begin(DOING).await.unwrap();
            transaction.query("SELECT 1", &[]).await.unwrap();
            proxy.is_silent.store(true, Ordering::SeqCst);
            tokio::time::pause();
            let error = match step % 3 {
                0 => transaction.query("SELECT 2", &[]).await.unwrap_err(),
                1 => transaction.commit().await.unwrap_err(),
                _ => {
                    drop(transaction);
                    database.query("SELECT 3", &[], DOING).await.unwrap_err()
                }
            };
            assert!(error.is_transient(), "{variable} {step}: {error}");
            tokio::time::resume();
            proxy.is_silent.store(false, Ordering::SeqCst);
        }
    }
}

#[tokio::test]
async fn a_dropped_call_to_a_server_that_stands_still_costs_no_connection() {
    for variable in ["JOBS_TEST_POSTGRES", "JOBS_TEST_MARIADB"] {
        let Some((proxy, database)) = behind_proxy(variable).await else { continue };
        for _ in 0..8 {
            let mut transaction = database.begin(DOING).await.unwrap();
            proxy.is_silent.store(true, Ordering::SeqCst);
            tokio::time::pause();
            let second = std::time::Duration::from_secs(1);
            tokio::time::timeout(second, transaction.query("SELECT 1", &[])).await.unwrap_err();
            drop(transaction);
            tokio::time::resume();
            proxy.is_silent.store(false, Ordering::SeqCst);
        }
        database.query("SELECT 1", &[], DOING).await.unwrap();
    }
}
