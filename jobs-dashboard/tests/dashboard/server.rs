//! The dashboard's own server with clients that hold their connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Store;
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// More connections than the server has at a time.
const CROWD: usize = 300;

/// A dashboard that is served until the end of the test.
async fn served() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dashboard = Dashboard::new(Arc::new(MemoryStore::default()) as Arc<dyn Store>);
    tokio::spawn(dashboard.serve(listener, std::future::pending()));
    address
}

/// Sends the text on a new connection.
async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// What the server sends until it closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset is closed too.
    let _closed = stream.read_to_end(&mut answer).await.is_ok();
    String::from_utf8(answer).unwrap()
}

const PAGE: &str = "GET /api/stats HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Connects many clients that send this text, and asks for a page behind them. The time is that of the paused clock.
async fn assert_a_visitor_gets_in(text: &str) -> Vec<TcpStream> {
    let address = served().await;
    let (began, mut crowd) = (Instant::now(), Vec::new());
    for _ in 0..CROWD {
        crowd.push(send(address, text).await);
    }
    let answer = rest(send(address, PAGE).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(60), "the visitor waited for {:?}", began.elapsed());
    crowd
}

#[tokio::test(start_paused = true)]
async fn clients_that_send_nothing_are_cut_off_and_a_visitor_gets_in() {
    for stream in assert_a_visitor_gets_in("").await.into_iter().take(5) {
        assert_eq!(rest(stream).await, "");
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_request_is_cut_off_and_a_visitor_gets_in() {
    assert_a_visitor_gets_in("GET / HTTP/1.1\r\nHost: loc").await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_cut_off_and_a_visitor_gets_in() {
    let head = "POST /api/queues/pause HTTP/1.1\r\nHost: localhost\r\nJobs-Request: 1\r\nContent-Length: 100\r\n\r\n{";
    for stream in assert_a_visitor_gets_in(head).await.into_iter().take(5) {
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_and_a_visitor_gets_in() {
    let request = PAGE.replace("Connection: close\r\n", "");
    for stream in assert_a_visitor_gets_in(&request).await.into_iter().take(5) {
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

#[cfg(feature = "metrics")]
mod endpoints {
    use jobs_core::HealthLimits;
    use jobs_dashboard::{Metrics, serve_endpoints};

    use super::*;

    /// Health and metrics that are served until the end of the test.
    async fn served() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let store = Arc::new(MemoryStore::default()) as Arc<dyn Store>;
        let limits = HealthLimits { min_processes: 0, ..HealthLimits::default() };
        tokio::spawn(serve_endpoints(listener, store, limits, Metrics::new()));
        address
    }

    fn probe(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    }

    #[tokio::test]
    async fn a_slash_at_the_end_of_an_address_makes_no_difference() {
        let address = served().await;
        for path in ["/health", "/health/ready", "/health/live", "/metrics"] {
            for path in [path.to_owned(), format!("{path}/")] {
                let answer = rest(send(address, &probe(&path)).await).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            }
        }
        let answer = rest(send(address, &probe("/health/?x=1")).await).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
}
