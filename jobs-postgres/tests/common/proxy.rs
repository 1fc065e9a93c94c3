//! A proxy in front of the server that can cut connections: at a message, in the middle of one, for good, or for a
//! while.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinSet;

/// Whether bytes go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Open,
    /// All connections are cut, also new ones.
    Closed,
    /// No bytes move, and no side gets an error.
    Silent,
    /// All messages of the server are lost.
    Deaf,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The side whose messages are counted.
    pub(crate) side: Side,
    /// How many whole messages pass from now on.
    pub(crate) after: usize,
    /// Whether half of the next message passes too.
    pub(crate) half: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Messages of the store. The server's answers to them are dropped.
    Question,
    /// Messages of the server.
    Answer,
}

/// A proxy to one server, for any number of connections.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    /// The URL of the server by way of the proxy.
    pub(crate) url: String,
    shared: Arc<Shared>,
    _tasks: JoinSet<()>,
}

struct Shared {
    server: Mutex<SocketAddr>,
    way: watch::Sender<Way>,
    scissors: broadcast::Sender<()>,
    /// For the next connection that sends a message.
    cut: Mutex<Option<Cut>>,
    /// After how many more messages of stores no bytes move any more.
    pause: Mutex<Option<usize>>,
    /// How many messages each side has sent since the last query.
    said: Mutex<(usize, usize)>,
}

impl Proxy {
    /// To the server of this URL, which has host and port in numbers, as `bin/postgres` gives it. Messages are only
    /// seen if they are not encrypted.
    pub(crate) async fn to(url: &str) -> Self {
        let (before, rest) = url.rsplit_once('@').unwrap();
        let (server, path) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let separator = if path.contains('?') { '&' } else { '?' };
        let shared = Arc::new(Shared {
            server: Mutex::new(server.parse().unwrap()),
            way: watch::Sender::new(Way::Open),
            scissors: broadcast::Sender::new(1),
            cut: Mutex::default(),
            pause: Mutex::default(),
            said: Mutex::default(),
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(shared.clone().listen(listener));
        Self { address, url: format!("{before}@{address}/{path}{separator}sslmode=disable"), shared, _tasks: tasks }
    }

    pub(crate) fn set(&self, way: Way) {
        self.shared.way.send_replace(way);
    }

    /// Waits for this state.
    pub(crate) async fn is(&self, way: Way) {
        let mut ways = self.shared.way.subscribe();
        // The sender lives as long as the proxy.
        let _reached = ways.wait_for(|now| *now == way).await;
    }

    /// New connections go to this server.
    pub(crate) fn lead_to(&self, server: SocketAddr) {
        *self.shared.server.lock().unwrap() = server;
    }

    /// Cuts all connections. Later ones are not cut.
    pub(crate) fn sever(&self) {
        self.set(Way::Open);
        // Without a connection there is no receiver.
        let _severed = self.shared.scissors.send(());
    }

    /// Cuts the next connection that sends a message.
    pub(crate) fn cut(&self, cut: Cut) {
        *self.shared.cut.lock().unwrap() = Some(cut);
    }

    /// Stops all bytes after this many messages of stores.
    pub(crate) fn pause_after(&self, messages: usize) {
        *self.shared.pause.lock().unwrap() = Some(messages);
    }

    /// Whether the cut is still to come.
    pub(crate) fn is_to_cut(&self) -> bool {
        self.shared.cut.lock().unwrap().is_some()
    }

    /// How many messages stores and server said since this was asked last.
    pub(crate) fn said(&self) -> (usize, usize) {
        std::mem::take(&mut *self.shared.said.lock().unwrap())
    }
}

impl Shared {
    async fn listen(self: Arc<Self>, listener: TcpListener) {
        let mut conversations = JoinSet::new();
        while let Ok((client, _)) = listener.accept().await {
            conversations.spawn(self.clone().serve(client));
        }
    }

    async fn serve(self: Arc<Self>, client: TcpStream) {
        let (mut way, mut severed) = (self.way.subscribe(), self.scissors.subscribe());
        let closed = async { way.wait_for(|way| *way == Way::Closed).await.map(|_| ()) };
        let carried = async {
            self.until_open().await;
            let server = *self.server.lock().unwrap();
            if let Ok(server) = TcpStream::connect(server).await {
                self.with_propagated(client, server).await;
            }
        };
        tokio::select! {
            biased;
            _closed = closed => {}
            _severed = severed.recv() => {}
            () = carried => {}
        }
    }

    async fn until_open(&self) {
        let mut way = self.way.subscribe();
        // The sender lives as long as the proxy.
        let _open = way.wait_for(|way| *way != Way::Silent).await;
    }

    /// Carries messages until one side ends or the conversation is cut.
    async fn with_propagated(&self, client: TcpStream, server: TcpStream) {
        let _fast = client.set_nodelay(true).and(server.set_nodelay(true));
        let ((from_client, mut to_client), (from_server, mut to_server)) = (client.into_split(), server.into_split());
        let (mut questions, mut answers) = (Messages::of_a_store(from_client), Messages::of_a_server(from_server));
        let mut state = Conversation::default();
        let mut goes_on = true;
        while goes_on && !state.is_over() {
            let (side, message) = tokio::select! {
                biased;
                message = questions.recv() => (Side::Question, message),
                message = answers.recv() => (Side::Answer, message),
            };
            self.until_open().await;
            goes_on = match (side, message) {
                (_, None) => false,
                (Side::Question, Some(message)) => self.ask(message, &mut state, &mut to_server).await,
                (Side::Answer, Some(message)) => self.answer(message, &mut state, &mut to_client).await,
            };
        }
    }

    async fn ask(&self, message: Vec<u8>, state: &mut Conversation, server: &mut OwnedWriteHalf) -> bool {
        self.said.lock().unwrap().0 += 1;
        if state.cut.is_none() {
            state.cut = self.cut.lock().unwrap().take();
        }
        self.count_to_pause();
        let passed = state.passes(Side::Question, &message);
        if passed == message.len() && matches!(message[0], b'Q' | b'S') {
            state.open_questions += 1;
        }
        server.write_all(&message[..passed]).await.is_ok()
    }

    fn count_to_pause(&self) {
        let mut pause = self.pause.lock().unwrap();
        match &mut *pause {
            Some(left) if *left > 1 => *left -= 1,
            Some(_) => {
                *pause = None;
                self.way.send_replace(Way::Silent);
            }
            None => {}
        }
    }

    async fn answer(&self, message: Vec<u8>, state: &mut Conversation, client: &mut OwnedWriteHalf) -> bool {
        self.said.lock().unwrap().1 += 1;
        // It has answered, or it waits for the rows of a `COPY` and passes by the sync that came before them.
        if matches!(message[0], b'Z' | b'G') {
            state.open_questions = state.open_questions.saturating_sub(1);
        }
        let is_lost = *self.way.borrow() == Way::Deaf;
        let passed = if is_lost { 0 } else { state.passes(Side::Answer, &message) };
        client.write_all(&message[..passed]).await.is_ok()
    }
}

/// One connection.
#[derive(Default)]
struct Conversation {
    cut: Option<Cut>,
    /// How many messages the cut has counted.
    counted: usize,
    /// How many questions were put to the server that it has not answered.
    open_questions: usize,
    /// Whether the cut was reached: from now on nothing passes.
    reached: bool,
}

impl Conversation {
    /// How many bytes of this message pass.
    fn passes(&mut self, side: Side, message: &[u8]) -> usize {
        let Some(cut) = self.cut else { return message.len() };
        if cut.side != side {
            // Questions reach the server also when its answers are cut.
            return if side == Side::Answer && self.reached { 0 } else { message.len() };
        }
        if self.reached {
            return 0;
        }
        self.counted += 1;
        if self.counted <= cut.after {
            return message.len();
        }
        self.reached = true;
        if cut.half { message.len() / 2 } else { 0 }
    }

    /// Whether nothing more is to come: the server has done what it was asked.
    fn is_over(&self) -> bool {
        self.reached && self.open_questions == 0
    }
}

/// What one side says, message by message.
struct Messages(mpsc::UnboundedReceiver<Vec<u8>>, JoinSet<()>);

impl Messages {
    /// The first message of a store has no letter in front.
    fn of_a_store(source: OwnedReadHalf) -> Self {
        Self::of(source, 0)
    }

    fn of_a_server(source: OwnedReadHalf) -> Self {
        Self::of(source, 1)
    }

    fn of(mut source: OwnedReadHalf, letters: usize) -> Self {
        let (said, heard) = mpsc::unbounded_channel();
        let mut reading = JoinSet::new();
        reading.spawn(async move {
            let mut letters = letters;
            while let Ok(message) = read(&mut source, letters).await {
                letters = 1;
                if said.send(message).is_err() {
                    return;
                }
            }
        });
        Self(heard, reading)
    }

    async fn recv(&mut self) -> Option<Vec<u8>> {
        self.0.recv().await
    }
}

async fn read(source: &mut OwnedReadHalf, letters: usize) -> std::io::Result<Vec<u8>> {
    let mut message = vec![0; letters + 4];
    source.read_exact(&mut message).await?;
    let length = u32::from_be_bytes(message[letters..].try_into().unwrap()) as usize;
    message.resize(letters + length, 0);
    source.read_exact(&mut message[letters + 4..]).await?;
    Ok(message)
}
