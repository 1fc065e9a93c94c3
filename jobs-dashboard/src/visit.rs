//! One request: from where, by whom, to which page.

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::access::Actor;
use crate::board::Board;
use crate::cookies::{cookie, written};
use crate::failure::Failure;
use crate::token::Token;

/// The cookie with a message for the next page.
const TOLD: &str = "jobs_told";

/// What pages ask about the request that they answer.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The path that the dashboard is mounted at, without a slash at its end.
    pub(crate) base: String,
    /// The path below it.
    pub(crate) path: String,
    /// Who it is, if anybody asks.
    pub(crate) actor: Option<Actor>,
    pub(crate) token: Token,
    /// What the page before did.
    pub(crate) told: Option<String>,
    pub(crate) title: String,
    pub(crate) read_only: bool,
    /// Whether the store keeps recurring tasks.
    pub(crate) recurs: bool,
    cookies: Cookies,
}

/// How its cookies are written.
#[derive(Clone, Copy, Debug)]
struct Cookies {
    /// Whether the browser does not have the token yet.
    lack_token: bool,
    are_secure: bool,
}

impl Visit {
    pub(crate) fn of(board: &Board, request: &Request) -> Result<Self, Failure> {
        let headers = request.headers();
        let is_secure = board.is_https || says_https(headers);
        let known = Token::of(headers, token_name(is_secure));
        let path = request.uri().path();
        Ok(Self {
            base: format!("{}{}", board.public_path, base(request, path)),
            path: path.to_owned(),
            actor: None,
            cookies: Cookies { lack_token: known.is_none(), are_secure: is_secure },
            token: known.map_or_else(Token::fresh, Ok)?,
            told: cookie(headers, TOLD).and_then(decoded),
            title: board.title.clone(),
            read_only: board.read_only,
            recurs: board.store.recurring().is_some(),
        })
    }

    /// Whether a program asks rather than a person.
    pub(crate) fn is_api(&self) -> bool {
        self.path == "/api" || self.path.starts_with("/api/")
    }

    /// Whether a page is asked for, and neither a program's answer nor a file.
    fn is_page(&self) -> bool {
        !self.is_api() && !self.path.starts_with("/assets/") && self.path != "/live"
    }

    /// The address of a page.
    pub(crate) fn to(&self, path: &str) -> String {
        match path {
            "/" if self.base.is_empty() => path.to_owned(),
            "/" => self.base.clone(),
            _ => format!("{}{path}", self.base),
        }
    }

    /// Leads on to a page, which says what was done.
    pub(crate) fn on_to(&self, address: &str, told: &str) -> Response {
        let code = URL_SAFE_NO_PAD.encode(told);
        let mut response = (axum::http::StatusCode::SEE_OTHER, [("location", address.to_owned())]).into_response();
        add(response.headers_mut(), written(TOLD, &code, self.cookies.are_secure, Some(60)));
        response
    }

    /// Puts the cookies of this visit on its answer.
    pub(crate) fn leave(&self, response: &mut Response) {
        if self.is_page() && self.cookies.lack_token {
            let token =
                written(token_name(self.cookies.are_secure), self.token.as_str(), self.cookies.are_secure, None);
            add(response.headers_mut(), token);
        }
        if self.is_page() && self.told.is_some() && response.status().is_success() {
            add(response.headers_mut(), written(TOLD, "", self.cookies.are_secure, Some(0)));
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get().cloned().ok_or_else(Failure::nobody)
    }
}

/// A browser takes a cookie with this prefix only from the host itself, over TLS.
const fn token_name(is_secure: bool) -> &'static str {
    if is_secure { "__Host-jobs_token" } else { "jobs_token" }
}

fn says_https(headers: &HeaderMap) -> bool {
    let value = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("https"))
}

/// The path that the router is nested at: what the whole path has before the one that is routed.
fn base(request: &Request, path: &str) -> String {
    let whole = request.extensions().get::<OriginalUri>().map_or(path, |uri| uri.0.path());
    whole.strip_suffix(path).unwrap_or(whole).trim_end_matches('/').to_owned()
}

fn decoded(code: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(code).ok()?).ok().filter(|told| !told.is_empty())
}

fn add(headers: &mut HeaderMap, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        headers.append(SET_COOKIE, cookie);
    }
}
