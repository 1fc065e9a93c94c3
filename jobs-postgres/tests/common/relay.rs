//! A way to the server that can lose what the server says, and be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

/// Stands between a store and its server.
pub(crate) struct Relay {
    /// The server by way of the relay.
    pub(crate) url: String,
    is_deaf: Arc<AtomicBool>,
    scissors: broadcast::Sender<()>,
}

impl Relay {
    /// A relay to the server of a URL with host and port in numbers, as `bin/postgres` gives it.
    pub(crate) async fn to(url: &str) -> Self {
        let (before, rest) = url.split_once('@').unwrap();
        let (address, after) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{before}@{}/{after}", listener.local_addr().unwrap());
        let (is_deaf, scissors) = (Arc::new(AtomicBool::new(false)), broadcast::Sender::new(1));
        tokio::spawn(accept(listener, address.to_owned(), is_deaf.clone(), scissors.clone()));
        Self { url, is_deaf, scissors }
    }

    /// From now on what the server says is lost.
    pub(crate) fn lose_answers(&self) {
        self.is_deaf.store(true, Ordering::SeqCst);
    }

    /// Cuts all connections. Later ones are whole.
    pub(crate) fn cut(&self) {
        self.is_deaf.store(false, Ordering::SeqCst);
        // Nobody listens if there is no connection.
        let _cut = self.scissors.send(());
    }
}

async fn accept(listener: TcpListener, address: String, is_deaf: Arc<AtomicBool>, scissors: broadcast::Sender<()>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut cut = scissors.subscribe();
        let never = AtomicBool::new(false);
        let (address, is_deaf) = (address.clone(), is_deaf.clone());
        tokio::spawn(async move {
            let server = TcpStream::connect(address).await.unwrap();
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            tokio::select! {
                () = copy(from_client, to_server, &never) => {}
                () = copy(from_server, to_client, &is_deaf) => {}
                _ = cut.recv() => {}
            }
        });
    }
}

/// Hands on all that comes until one side is closed, unless it is to be lost.
async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, is_lost: &AtomicBool) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if !is_lost.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
