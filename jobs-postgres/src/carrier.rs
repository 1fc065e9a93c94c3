//! The task that moves the bytes of a connection.

use std::future::poll_fn;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};

use crate::error::Result;
use crate::tls::Tls;

/// Connects, and starts the task. It ends when the client is dropped and all is answered, or the connection is lost.
pub(crate) async fn carry(
    config: &Config,
    tls: &Tls,
    hints: Option<watch::Sender<()>>,
) -> Result<(Client, JoinHandle<()>)> {
    match tls {
        Tls::None => {
            let (client, connection) = config.connect(NoTls).await?;
            Ok((client, start(connection, hints)))
        }
        #[cfg(feature = "tls")]
        Tls::Rustls(rustls) => {
            let (client, connection) = config.connect(rustls.clone()).await?;
            Ok((client, start(connection, hints)))
        }
    }
}

fn start<S, T>(connection: Connection<S, T>, hints: Option<watch::Sender<()>>) -> JoinHandle<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(move_bytes(connection, hints))
}

async fn move_bytes<S, T>(connection: Connection<S, T>, hints: Option<watch::Sender<()>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = pin!(connection);
    // An error ends the connection; whoever waits for an answer is told, and so is the next who asks.
    while let Some(Ok(message)) = poll_fn(|context| connection.as_mut().poll_message(context)).await {
        if let (AsyncMessage::Notification(_), Some(hints)) = (message, &hints) {
            hints.send_replace(());
        }
    }
}
