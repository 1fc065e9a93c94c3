//! A web server with endpoints for health and metrics, which requests both from itself.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use jobs::health::HealthLimits;
use jobs::prelude::*;
use jobs_dashboard::{HealthCheck, Metrics};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[job(queue = "mail", discard_on(io::Error))]
async fn send_letter(to: String) -> Result<(), io::Error> {
    if to.is_empty() { Err(io::Error::other("the address is empty")) } else { Ok(()) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = Metrics::new();
    let builder = Runtime::builder().connect("memory:").metrics_to(metrics.recorder());
    let running = builder.build().await?.start().await?;
    running.client().install();

    let store = running.client().store().clone();
    let limits = HealthLimits { max_failed: Some(100), ..HealthLimits::default() };
    let app = Router::new()
        .nest("/health", HealthCheck::new(store.clone()).limits(limits).router())
        .nest("/metrics", metrics.router(store));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let site = tokio::spawn(axum::serve(listener, app).into_future());

    for to in ["Ada", "Grace", ""] {
        SendLetter::perform_later(to).await?;
    }
    running.drained().await?;

    let health = get(address, "/health").await?;
    assert!(health.starts_with("HTTP/1.1 200") && health.contains(r#""healthy":true"#), "{health}");
    let text = get(address, "/metrics").await?;
    for (outcome, count) in [("finished", 2), ("discarded", 1)] {
        let line =
            format!(r#"jobs_performed_total{{job_name="send_letter",queue="mail",outcome="{outcome}"}} {count}"#);
        assert!(text.contains(&line), "{text}");
        println!("{line}");
    }
    assert!(text.contains(r#"jobs_stored{state="finished"} 2"#), "{text}");
    site.abort();
    running.stop().await;
    Ok(())
}

async fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    Ok(response)
}
