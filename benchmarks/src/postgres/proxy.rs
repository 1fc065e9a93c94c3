//! A proxy between a program and the server that delays each byte, in both directions, as a network would.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use bench_protocol::Outcome;

/// The number of pieces that are on their way at once, in each direction of a connection.
const PIECES: usize = 256;

/// The largest piece.
const PIECE: usize = 64 * 1024;

/// Bytes that are on their way, and when they arrive.
type Piece = (Instant, Vec<u8>);

/// A running proxy. It takes no connections any more when this value is dropped.
pub(super) struct Proxy {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts one in front of this server. It has threads instead of tasks, because timers of tokio have a resolution of
    /// a millisecond.
    pub(super) fn start(server: String, delay: Duration) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, ended) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
        let stops = Arc::clone(&ended);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if stops.load(Ordering::Acquire) {
                    break;
                }
                if let Err(error) = connect(&client, &server, delay) {
                    eprintln!("the proxy cannot reach {server}: {error}");
                }
            }
        });
        Ok(Self { address, ended })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Release);
        // It waits for a connection before it looks.
        let _woken = TcpStream::connect(self.address);
    }
}

fn connect(client: &TcpStream, server: &str, delay: Duration) -> Outcome<()> {
    let server = TcpStream::connect(server)?;
    for stream in [client, &server] {
        stream.set_nodelay(true)?;
    }
    for (from, to) in [(client, &server), (&server, client)] {
        let (from, to) = (from.try_clone()?, to.try_clone()?);
        let (sender, pieces) = sync_channel(PIECES);
        thread::spawn(move || read(from, &sender, delay));
        thread::spawn(move || write(to, &pieces));
    }
    Ok(())
}

fn read(mut from: TcpStream, pieces: &SyncSender<Piece>, delay: Duration) {
    let mut buffer = vec![0; PIECE];
    while let Ok(length) = from.read(&mut buffer) {
        let read = buffer.get(..length).unwrap_or_default();
        if read.is_empty() || pieces.send((Instant::now() + delay, read.to_vec())).is_err() {
            break;
        }
    }
}

/// Ends when one side has closed the connection, and then closes it for the other side.
fn write(mut to: TcpStream, pieces: &Receiver<Piece>) {
    for (due, bytes) in pieces {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _closed = to.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::Proxy;

    #[test]
    fn bytes_arrive_in_order_and_not_before_their_delay() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = server.local_addr().unwrap().to_string();
        let echo = thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut back = stream.try_clone().unwrap();
            std::io::copy(&mut stream, &mut back).unwrap();
        });
        let delay = Duration::from_millis(20);
        let proxy = Proxy::start(address, delay).unwrap();
        let mut client = TcpStream::connect(proxy.address()).unwrap();
        for word in [b"first", b"again"] {
            let (sent, mut answer) = (Instant::now(), [0; 5]);
            client.write_all(word).unwrap();
            client.read_exact(&mut answer).unwrap();
            assert_eq!(&answer, word);
            assert!(sent.elapsed() >= delay * 2);
        }
        drop(client);
        echo.join().unwrap();
    }
}
