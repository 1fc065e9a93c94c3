//! A dashboard over a store in memory, and what is asked of it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jobs_core::Store;
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::ManualClock;
use tower::ServiceExt;

pub(crate) struct Stage {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: ManualClock,
    pub(crate) router: Router,
}

impl Stage {
    /// Open to everybody.
    pub(crate) fn open() -> Self {
        Self::with(Dashboard::without_authentication)
    }

    pub(crate) fn with(setup: impl FnOnce(Dashboard) -> Dashboard) -> Self {
        let clock = ManualClock::new();
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        Self::over(store, clock, setup)
    }

    pub(crate) fn over(store: Arc<dyn Store>, clock: ManualClock, setup: impl FnOnce(Dashboard) -> Dashboard) -> Self {
        let dashboard = Dashboard::new(Arc::clone(&store)).clock(Arc::new(clock.clone()));
        let router = setup(dashboard).router().unwrap();
        Self { store, clock, router }
    }

    pub(crate) async fn send(&self, request: Asked) -> Told {
        let response = self.router.clone().oneshot(request.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 << 20).await.unwrap();
        Told { status: parts.status, headers: parts.headers, body: String::from_utf8(body.into()).unwrap() }
    }

    /// A page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let told = self.send(Asked::page(path)).await;
        assert_eq!(told.status, StatusCode::OK, "{path}: {}", told.body);
        told.body
    }

    /// What a page says, without its tags.
    pub(crate) async fn words(&self, path: &str) -> String {
        words(&self.page(path).await)
    }

    /// Sends a form as its page would, and gives the answer.
    pub(crate) async fn submit(&self, path: &str, fields: &str) -> Told {
        self.send(Asked::form(path, fields)).await
    }

    /// Sends a form and follows to the page that it leads to, with what it says.
    pub(crate) async fn done(&self, path: &str, fields: &str) -> String {
        let told = self.submit(path, fields).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
        let cookie = told.cookie("jobs_told").expect("something is told");
        let page = Asked::page(told.header("location")).header("cookie", &format!("jobs_told={cookie}"));
        let told = self.send(page).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        told.body
    }
}

/// A request to be.
pub(crate) struct Asked {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// A token as a browser may have it.
pub(crate) const TOKEN: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz-_0123456789abcde";

impl Asked {
    pub(crate) fn page(path: &str) -> Self {
        let host = vec![("host".to_owned(), "localhost:4000".to_owned())];
        Self { method: Method::GET, path: path.to_owned(), headers: host, body: String::new() }
    }

    /// A form with its token, as a browser sends it.
    pub(crate) fn form(path: &str, fields: &str) -> Self {
        let form = Self { method: Method::POST, ..Self::page(path) };
        form.header("cookie", &format!("jobs_token={TOKEN}"))
            .header("sec-fetch-site", "same-origin")
            .header("origin", "http://localhost:4000")
            .body(&format!("token={TOKEN}&{fields}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    pub(crate) fn body(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// What came back.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        lines
            .filter_map(|line| line.split(';').next()?.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

/// What a page says, without its tags.
pub(crate) fn words(page: &str) -> String {
    let texts = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
