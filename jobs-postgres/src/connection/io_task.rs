//! The task that moves the bytes of a connection.

use std::future::poll_fn;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};

use super::tls::Tls;
use crate::error::Result;

/// Connects and spawns the task. The task ends when the client is dropped and all its calls have a result, or when the
/// connection is lost. Each notification of the server marks `notifications` as changed.
pub(crate) async fn spawn_io(
    config: &Config,
    tls: &Tls,
    notifications: Option<watch::Sender<()>>,
) -> Result<(Client, JoinHandle<()>)> {
    match tls {
        Tls::None => {
            let (client, connection) = config.connect(NoTls).await?;
            Ok((client, spawn(connection, notifications)))
        }
        #[cfg(feature = "tls")]
        Tls::Rustls(rustls) => {
            let (client, connection) = config.connect(rustls.clone()).await?;
            Ok((client, spawn(connection, notifications)))
        }
    }
}

fn spawn<S, T>(connection: Connection<S, T>, notifications: Option<watch::Sender<()>>) -> JoinHandle<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(move_bytes(connection, notifications))
}

async fn move_bytes<S, T>(connection: Connection<S, T>, notifications: Option<watch::Sender<()>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = pin!(connection);
    // An error ends the loop. The driver then fails all calls that wait, and all later ones, so nothing is reported
    // here.
    while let Some(Ok(message)) = poll_fn(|context| connection.as_mut().poll_message(context)).await {
        if let (AsyncMessage::Notification(_), Some(notifications)) = (message, &notifications) {
            notifications.send_replace(());
        }
    }
}
