//! The servers of the dashboard, and of health and metrics, with clients that hold their connections or send too much.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Store;
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, interval};

/// More connections than a server has at a time.
const CROWD: usize = 300;

/// A server that runs until the end of the test, and one of its pages.
#[derive(Clone, Copy)]
struct Served {
    address: SocketAddr,
    page: &'static str,
}

async fn dashboard() -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dashboard = Dashboard::new(Arc::new(MemoryStore::default()) as Arc<dyn Store>);
    tokio::spawn(dashboard.serve(listener, std::future::pending()));
    Served { address, page: "/api/stats" }
}

/// Each page on a server of its own.
async fn all() -> Vec<Served> {
    let mut all = vec![dashboard().await];
    #[cfg(feature = "metrics")]
    for page in ["/health", "/health/live", "/metrics"] {
        all.push(endpoints::served(page).await);
    }
    all
}

/// Sends the text on a new connection.
async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that has read enough closes the connection while the rest is sent.
    let _sent = stream.write_all(text.as_bytes()).await.is_ok();
    stream
}

/// What the server sends until it closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset is closed too.
    let _closed = stream.read_to_end(&mut answer).await.is_ok();
    String::from_utf8(answer).unwrap()
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
}

/// Asks for the page. The time is that of the paused clock.
async fn assert_a_visitor_is_answered(server: Served) {
    let began = Instant::now();
    let answer = rest(send(server.address, &request(server.page)).await).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{}: {answer}", server.page);
    let waited = began.elapsed();
    assert!(waited < Duration::from_secs(60), "{}: the visitor waited for {waited:?}", server.page);
}

/// Connects many clients that send this text, and asks for a page behind them.
async fn assert_a_visitor_gets_in(server: Served, text: &str) -> Vec<TcpStream> {
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(send(server.address, text).await);
    }
    assert_a_visitor_is_answered(server).await;
    crowd
}

#[tokio::test(start_paused = true)]
async fn clients_that_send_nothing_are_cut_off_and_a_visitor_gets_in() {
    for server in all().await {
        for stream in assert_a_visitor_gets_in(server, "").await.into_iter().take(5) {
            assert_eq!(rest(stream).await, "");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_request_is_cut_off_and_a_visitor_gets_in() {
    for server in all().await {
        assert_a_visitor_gets_in(server, "GET / HTTP/1.1\r\nHost: loc").await;
    }
}

#[tokio::test(start_paused = true)]
async fn clients_that_send_header_after_header_are_cut_off_and_a_visitor_gets_in() {
    for server in all().await {
        let (began, address) = (Instant::now(), server.address);
        let mut crowd = Vec::new();
        for _ in 0..CROWD {
            let (mut reads, mut writes) = send(address, "GET / HTTP/1.1\r\n").await.into_split();
            let sends = tokio::spawn(async move {
                let mut each_second = interval(Duration::from_secs(1));
                while writes.write_all(b"X-Slow: 1\r\n").await.is_ok() {
                    each_second.tick().await;
                }
            });
            crowd.push((sends, tokio::spawn(async move { reads.read_to_end(&mut Vec::new()).await.is_ok() })));
        }
        assert_a_visitor_is_answered(server).await;
        for (sends, reads) in crowd {
            let _closed = reads.await.unwrap();
            sends.abort();
        }
        let lasted = began.elapsed();
        assert!(lasted < Duration::from_secs(60), "{}: the last one was cut off after {lasted:?}", server.page);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_cut_off_and_a_visitor_gets_in() {
    let head = "POST /api/queues/pause HTTP/1.1\r\nHost: localhost\r\nJobs-Request: 1\r\nContent-Length: 100\r\n\r\n{";
    for stream in assert_a_visitor_gets_in(dashboard().await, head).await.into_iter().take(5) {
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    for server in all().await {
        assert_a_visitor_gets_in(server, &head.replace("/api/queues/pause", server.page)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_and_a_visitor_gets_in() {
    for server in all().await {
        let idle = request(server.page).replace("Connection: close\r\n", "");
        let crowd = assert_a_visitor_gets_in(server, &idle).await;
        // The last ones, since the first make room for others where a probe must always get in.
        for stream in crowd.into_iter().rev().take(5) {
            let answer = rest(stream).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn clients_that_close_their_side_are_let_go_and_a_visitor_gets_in() {
    for server in all().await {
        for text in ["", "GET / HTTP/1.1\r\nHost: loc"] {
            let mut crowd = Vec::new();
            for _ in 0..CROWD {
                let mut stream = send(server.address, text).await;
                stream.shutdown().await.unwrap();
                crowd.push(stream);
            }
            assert_a_visitor_is_answered(server).await;
            for stream in crowd {
                assert!(!rest(stream).await.contains("200 OK"), "half a request has no answer");
            }
        }
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_and_a_visitor_gets_in() {
    let long = format!("X-Long: {}\r\n", "x".repeat(1 << 20));
    let address = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "x".repeat(1 << 20));
    let many = (0..500).map(|number| format!("X-{number}: x\r\n")).collect::<Vec<_>>().concat();
    for server in all().await {
        let line = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n", server.page);
        for text in [format!("{line}{long}\r\n"), format!("{line}{many}\r\n"), address.clone()] {
            let answer = rest(send(server.address, &text).await).await;
            // A client that is still sending may not get the answer.
            let is_refused =
                answer.is_empty() || answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 414");
            assert!(is_refused, "{}: {answer}", server.page);
            assert_a_visitor_is_answered(server).await;
        }
    }
}

#[cfg(feature = "metrics")]
mod endpoints {
    use jobs_core::HealthLimits;
    use jobs_dashboard::{Metrics, serve_endpoints};

    use super::*;

    /// Health and metrics.
    pub(super) async fn served(page: &'static str) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let store = Arc::new(MemoryStore::default()) as Arc<dyn Store>;
        let limits = HealthLimits { min_processes: 0, ..HealthLimits::default() };
        tokio::spawn(serve_endpoints(listener, store, limits, Metrics::new()));
        Served { address, page }
    }

    #[tokio::test]
    async fn a_slash_at_the_end_of_an_address_makes_no_difference() {
        let address = served("/health").await.address;
        for path in ["/health", "/health/ready", "/health/live", "/metrics"] {
            for path in [path.to_owned(), format!("{path}/")] {
                let answer = rest(send(address, &request(&path)).await).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            }
        }
        let answer = rest(send(address, &request("/health/?x=1")).await).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
}
