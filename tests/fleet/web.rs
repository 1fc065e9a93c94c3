//! Sidekiq's web pages, as a browser uses them.

use std::net::TcpListener;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::ruby::{Running, Tree};

/// The pages of one test.
pub(crate) struct Pages {
    port: u16,
    _process: Running,
}

impl Pages {
    /// Serves them.
    pub(crate) async fn of(tree: &Tree) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let pages = Self { port, _process: tree.pages(port) };
        tree.db.waits(|| async { TcpStream::connect(("127.0.0.1", port)).await.is_ok() }, "the pages are served").await;
        pages
    }

    /// The text of a page, which has to answer 200.
    pub(crate) async fn get(&self, path: &str) -> String {
        let answer = self.ask(&format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")).await;
        assert_eq!(status(&answer), "200", "{path}: {answer:.2000}");
        answer
    }

    /// Sends the form of a button on a page, with these fields.
    pub(crate) async fn press(&self, path: &str, fields: &str) {
        let page = self.get(path).await;
        let cookie =
            page.lines().find_map(|line| Some(line.split_once(": ")?.1.split(';').next()?).filter(|_| is_cookie(line)));
        // Until Sidekiq 8.0 the form has a token, which belongs to the session; from 8.1 on the browser tells where it comes from.
        let token = page.split_once("authenticity_token").and_then(|(_, rest)| rest.split_once("value="));
        let token = token.and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
        let token = token.map(|token| format!("&authenticity_token={}", encoded(token)));
        let body = format!("{fields}{}", token.unwrap_or_default());
        let request = format!(
            "POST {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            cookie.unwrap_or_default(),
            body.len(),
        );
        let answer = self.ask(&request).await;
        assert_eq!(status(&answer), "302", "{fields} on {path}: {answer:.2000}");
    }

    async fn ask(&self, request: &str) -> String {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// The pages of single jobs that this one links to.
pub(crate) fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let one = |link: &&str| ["/retries/", "/scheduled/", "/morgue/"].iter().any(|kind| link.starts_with(kind));
    hrefs.filter(one).map(str::to_owned).collect()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn is_cookie(line: &str) -> bool {
    line.to_ascii_lowercase().starts_with("set-cookie:")
}

fn encoded(token: &str) -> String {
    token.replace("&#x2F;", "/").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}
