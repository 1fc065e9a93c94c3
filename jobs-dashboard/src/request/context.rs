//! The context of one request: its base path, its user, its CSRF token and its flash message.

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::fields::Fields;
use crate::security::actor::Actor;
use crate::security::cookies::{cookie, set_cookie};
use crate::security::csrf::CsrfToken;
use crate::security::theme::{self, Theme};

/// The cookie with a message for the next page.
const FLASH: &str = "jobs_flash";

/// How long the browser keeps a flash message that no page has shown, in seconds.
const FLASH_MAX_AGE: u32 = 60;

/// How long the browser keeps the chosen colours, in seconds: a year.
const THEME_MAX_AGE: u32 = 31_536_000;

/// What pages need to know of the request that they answer.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of the request or of the store")]
pub(crate) struct RequestContext {
    /// The path at which the dashboard is mounted, without a slash at its end.
    pub(crate) base: String,
    /// The path below it.
    pub(crate) path: String,
    /// Whether it asks for a change, as a form does.
    pub(crate) changes: bool,
    /// The parameters of the address.
    pub(crate) query: Fields,
    /// The user; `None` without authentication.
    pub(crate) actor: Option<Actor>,
    pub(crate) csrf: CsrfToken,
    /// What the request before did.
    pub(crate) flash: Option<String>,
    pub(crate) title: String,
    pub(crate) read_only: bool,
    /// The colours that the user has chosen.
    pub(crate) theme: Theme,
    /// Whether the store supports recurring tasks.
    pub(crate) has_recurring: bool,
    /// Whether the store keeps figures of attempts.
    pub(crate) has_figures: bool,
    is_secure: bool,
}

impl RequestContext {
    pub(crate) fn new(app: &AppState, request: &Request) -> Self {
        let headers = request.headers();
        let is_secure = app.is_https || is_forwarded_https(headers);
        let path = request.uri().path();
        Self {
            base: format!("{}{}", app.public_path, mount_path(request, path)),
            path: path.to_owned(),
            changes: !matches!(*request.method(), Method::GET | Method::HEAD),
            query: Fields::default(),
            actor: None,
            is_secure,
            csrf: CsrfToken::default(),
            flash: cookie(headers, FLASH).and_then(decode_flash),
            title: app.title.clone(),
            read_only: app.read_only,
            theme: Theme::of(headers),
            has_recurring: app.store.recurring().is_some(),
            has_figures: app.store.figures().is_some(),
        }
    }

    /// Sets the user that was authenticated, and the CSRF token of the user's browser.
    ///
    /// # Errors
    /// The operating system provides no random bytes.
    pub(crate) fn sign_in(&mut self, actor: Option<Actor>, headers: &HeaderMap) -> Result<(), HttpError> {
        self.csrf = CsrfToken::of(headers, csrf_cookie(self.is_secure), actor.as_ref())?;
        self.actor = actor;
        Ok(())
    }

    /// The error for a form without a valid token. The browser gets a new token if its own one is of no use.
    pub(crate) fn csrf_mismatch(&mut self) -> HttpError {
        if !self.csrf.is_signed() {
            match CsrfToken::generate(self.actor.as_ref()) {
                Ok(token) => self.csrf = token,
                Err(error) => return error,
            }
        }
        HttpError::csrf_mismatch()
    }

    /// Whether the request is for the JSON API.
    pub(crate) fn is_api(&self) -> bool {
        self.path == "/api" || self.path.starts_with("/api/")
    }

    /// Whether the request is for a page, and not for the API, a file or the live updates.
    fn is_page(&self) -> bool {
        !self.is_api() && !self.path.starts_with("/assets/") && self.path != "/live"
    }

    /// The address of a page of the dashboard.
    pub(crate) fn url(&self, path: &str) -> String {
        match path {
            "/" if self.base.is_empty() => path.to_owned(),
            "/" => self.base.clone(),
            _ => format!("{}{path}", self.base),
        }
    }

    /// Redirects to a page that shows a message.
    pub(crate) fn redirect(&self, address: &str, flash: &str) -> Response {
        let value = URL_SAFE_NO_PAD.encode(flash);
        let mut response = (StatusCode::SEE_OTHER, [("location", address.to_owned())]).into_response();
        append(response.headers_mut(), set_cookie(FLASH, &value, self.is_secure, Some(FLASH_MAX_AGE)));
        response
    }

    /// Redirects to a page, and keeps these colours for this browser.
    pub(crate) fn with_theme(&self, theme: Theme, address: &str) -> Response {
        let mut response = (StatusCode::SEE_OTHER, [("location", address.to_owned())]).into_response();
        let cookie = set_cookie(theme::COOKIE, theme.name(), self.is_secure, Some(THEME_MAX_AGE));
        append(response.headers_mut(), cookie);
        response
    }

    /// Adds a new CSRF token to the response, and removes a flash message that was shown.
    pub(crate) fn set_cookies(&self, response: &mut Response) {
        if self.is_page() && self.csrf.is_new() {
            let token = set_cookie(csrf_cookie(self.is_secure), self.csrf.as_str(), self.is_secure, None);
            append(response.headers_mut(), token);
        }
        if self.is_page() && self.flash.is_some() && response.status().is_success() {
            append(response.headers_mut(), set_cookie(FLASH, "", self.is_secure, Some(0)));
        }
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        // Only the middleware inserts it, after its checks: a route without the middleware is closed, not open.
        parts.extensions.get().cloned().ok_or_else(HttpError::forbidden)
    }
}

/// A browser accepts a cookie with the prefix `__Host-` only from this host over TLS, so that a page on a neighbouring host or
/// an attacker on plain HTTP cannot set the token.
const fn csrf_cookie(is_secure: bool) -> &'static str {
    if is_secure { "__Host-jobs_csrf" } else { "jobs_csrf" }
}

fn is_forwarded_https(headers: &HeaderMap) -> bool {
    let value = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("https"))
}

/// The path at which the router is nested: the original path without the part that the router sees.
fn mount_path(request: &Request, path: &str) -> String {
    let original = request.extensions().get::<OriginalUri>().map_or(path, |uri| uri.0.path());
    original.strip_suffix(path).unwrap_or(original).trim_end_matches('/').to_owned()
}

fn decode_flash(value: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok().filter(|flash| !flash.is_empty())
}

fn append(headers: &mut HeaderMap, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        headers.append(SET_COOKIE, cookie);
    }
}
