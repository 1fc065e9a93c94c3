//! The least that asks for pages and sends forms.

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
        self.ask("GET", path, "", "").await
    }

    /// The page, as soon as it says this.
    pub(crate) async fn until(&self, path: &str, words: &str) -> Result<String, Box<dyn std::error::Error>> {
        for _ in 0..100 {
            let page = self.page(path).await?;
            if page.contains(words) {
                return Ok(page);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(format!("{path} never says `{words}`").into())
    }

    /// Sends a form that stands on a page, with the token of the page, which is a cookie too.
    pub(crate) async fn submit(&self, page: &str, path: &str) -> io::Result<String> {
        let token = page.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = token.unwrap_or_default();
        let head = format!("Cookie: jobs_token={token}\r\nOrigin: http://{}\r\n", self.address);
        self.ask("POST", path, &head, &format!("token={token}")).await
    }

    async fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> io::Result<String> {
        let (host, length) = (self.address, body.len());
        let head = format!("Host: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n{head}");
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(format!("{method} {path} HTTP/1.1\r\n{head}\r\n{body}").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}
