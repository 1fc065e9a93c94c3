//! A minimal HTTP client that requests pages and submits forms.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Browser {
    address: SocketAddr,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn page(&self, path: &str) -> io::Result<String> {
        self.request("GET", path, "", "").await
    }

    /// Requests the page until it contains this text.
    pub(crate) async fn until(&self, path: &str, text: &str) -> Result<String, Box<dyn std::error::Error>> {
        for _ in 0..100 {
            let page = self.page(path).await?;
            if page.contains(text) {
                return Ok(page);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{path} never contains `{text}`").into())
    }

    /// Submits a form of a page, with the page's CSRF token, which is also a cookie.
    pub(crate) async fn submit(&self, page: &str, path: &str) -> io::Result<String> {
        let token = page.split("name=\"csrf_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.unwrap_or_default();
        let headers = format!("Cookie: jobs_csrf={token}\r\nOrigin: http://{}\r\n", self.address);
        self.request("POST", path, &headers, &format!("csrf_token={token}")).await
    }

    async fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<String> {
        let (host, length) = (self.address, body.len());
        let headers = format!("Host: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}");
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(format!("{method} {path} HTTP/1.1\r\n{headers}\r\n{body}").as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        Ok(response)
    }
}
