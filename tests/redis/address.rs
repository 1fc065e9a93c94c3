//! An address in front of Redis servers, which leads to another one after a fail-over.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinSet;

/// What becomes of the connections that there are.
#[derive(Clone, Copy)]
enum Fate {
    Cut,
    /// No bytes move, and no side gets an error, as if the machine of the server had lost its power.
    Silent,
}

pub(crate) struct Address {
    own: SocketAddr,
    server: Arc<Mutex<u16>>,
    fates: broadcast::Sender<Fate>,
    _tasks: JoinSet<()>,
}

impl Address {
    /// An address that leads to the server on this port.
    pub(crate) async fn of(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (own, server, fates) =
            (listener.local_addr().unwrap(), Arc::new(Mutex::new(port)), broadcast::Sender::new(4));
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, server.clone(), fates.clone()));
        Self { own, server, fates, _tasks: tasks }
    }

    pub(crate) fn url(&self, store: &str) -> String {
        format!("{store}+redis://{}/0", self.own)
    }

    /// New connections go to the server on this port. Those that there are stay.
    pub(crate) fn lead_to(&self, port: u16) {
        *self.server.lock().unwrap() = port;
    }

    pub(crate) fn cut_all(&self) {
        let _receivers = self.fates.send(Fate::Cut);
    }

    pub(crate) fn silence_all(&self) {
        let _receivers = self.fates.send(Fate::Silent);
    }
}

async fn listen(listener: TcpListener, server: Arc<Mutex<u16>>, fates: broadcast::Sender<Fate>) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let port = *server.lock().unwrap();
        connections.spawn(serve(client, port, fates.subscribe()));
    }
}

async fn serve(mut client: TcpStream, port: u16, mut fates: broadcast::Receiver<Fate>) {
    let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let _fast = client.set_nodelay(true).and(server.set_nodelay(true));
    let fate = tokio::select! {
        fate = fates.recv() => fate,
        _ended = copy_bidirectional(&mut client, &mut server) => return,
    };
    if let Ok(Fate::Silent) = fate {
        while !matches!(fates.recv().await, Ok(Fate::Cut) | Err(_)) {}
    }
}
