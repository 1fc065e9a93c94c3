//! A dashboard over a store in memory, with its requests and responses.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use jobs_core::Store;
use jobs_dashboard::Dashboard;
use jobs_memory::MemoryStore;
use jobs_testing::ManualClock;
use tower::ServiceExt;

pub(crate) struct Fixture {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: ManualClock,
    pub(crate) router: Router,
}

impl Fixture {
    /// Without authentication.
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

    pub(crate) async fn send(&self, request: TestRequest) -> TestResponse {
        let response = self.router.clone().oneshot(request.request()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 << 20).await.unwrap();
        TestResponse { status: parts.status, headers: parts.headers, body: String::from_utf8(body.into()).unwrap() }
    }

    /// The body of a page, which has to exist.
    pub(crate) async fn page(&self, path: &str) -> String {
        let response = self.send(TestRequest::page(path)).await;
        assert_eq!(response.status, StatusCode::OK, "{path}: {}", response.body);
        response.body
    }

    /// The text of a page, without its tags.
    pub(crate) async fn text(&self, path: &str) -> String {
        text(&self.page(path).await)
    }

    /// Submits a form.
    pub(crate) async fn submit(&self, path: &str, fields: &str) -> TestResponse {
        self.send(TestRequest::form(path, fields)).await
    }

    /// Submits a form and follows the redirect to the page with its message.
    pub(crate) async fn done(&self, path: &str, fields: &str) -> String {
        let response = self.submit(path, fields).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "{}", response.body);
        let cookie = response.cookie("jobs_flash").expect("the response has a message");
        let page = TestRequest::page(response.header("location")).header("cookie", &format!("jobs_flash={cookie}"));
        let response = self.send(page).await;
        assert_eq!(response.status, StatusCode::OK, "{}", response.body);
        response.body
    }
}

/// A request that is being built.
pub(crate) struct TestRequest {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A valid CSRF token.
pub(crate) const TOKEN: &str = "AbCdEfGhIjKlMnOpQrStUvWxYz-_0123456789abcde";

impl TestRequest {
    pub(crate) fn page(path: &str) -> Self {
        let host = vec![("host".to_owned(), "localhost:4000".to_owned())];
        Self { method: Method::GET, path: path.to_owned(), headers: host, body: Vec::new() }
    }

    /// A form with its CSRF token, as a browser sends it.
    pub(crate) fn form(path: &str, fields: &str) -> Self {
        let form = Self { method: Method::POST, ..Self::page(path) };
        form.header("cookie", &format!("jobs_csrf={TOKEN}"))
            .header("sec-fetch-site", "same-origin")
            .header("origin", "http://localhost:4000")
            .body(format!("csrf_token={TOKEN}&{fields}"))
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

    pub(crate) fn body(self, body: impl AsRef<[u8]>) -> Self {
        Self { body: body.as_ref().to_owned(), ..self }
    }

    fn request(self) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// A response.
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TestResponse {
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

/// The text of a page, without its tags.
pub(crate) fn text(page: &str) -> String {
    let texts = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
