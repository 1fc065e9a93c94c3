//! The CSRF token: random bytes in a cookie that scripts cannot read, and in each form.

use std::fmt;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jobs_core::OneLine;
use subtle::ConstantTimeEq;

use crate::error::HttpError;
use crate::security::cookies::cookie;

/// The form field that holds the token.
pub(crate) const FIELD: &str = "csrf_token";

/// The length of a token: 32 bytes in base64.
const LENGTH: usize = 43;

/// The token of one browser. No server keeps it, so several processes can serve one dashboard without a shared secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CsrfToken {
    value: String,
    /// Whether the browser does not have it yet.
    is_new: bool,
}

impl CsrfToken {
    /// The token in the cookie with this name.
    pub(crate) fn from_cookie(headers: &HeaderMap, name: &str) -> Option<Self> {
        let value = cookie(headers, name)?;
        // An empty or short cookie must not count as a token: an empty form field would match it.
        let is_token =
            value.len() == LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_token.then(|| Self { value: value.to_owned(), is_new: false })
    }

    /// A new token.
    pub(crate) fn generate() -> Result<Self, HttpError> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            tracing::error!(target: "jobs", error = %OneLine(&error), "The operating system provides no random bytes for a CSRF token");
            HttpError::internal("The operating system provides no random bytes.")
        })?;
        Ok(Self { value: URL_SAFE_NO_PAD.encode(bytes), is_new: true })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }

    /// Whether the response has to set its cookie.
    pub(crate) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether a form has the same token, compared in constant time.
    pub(crate) fn matches(&self, given: &str) -> bool {
        self.value.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// The token is a secret and stays out of logs.
impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken")
    }
}
