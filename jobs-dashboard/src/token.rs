//! The token that says that a form was drawn here: in a cookie that no script reads, and in each form.

use std::fmt;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::cookies::cookie;
use crate::failure::Failure;

/// The field of a form that has it.
pub(crate) const FIELD: &str = "token";

/// How long it is: 32 bytes in base64.
const LENGTH: usize = 43;

/// A random text of one browser.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

impl Token {
    /// The one in the cookie of this name.
    pub(crate) fn of(headers: &HeaderMap, name: &str) -> Option<Self> {
        let value = cookie(headers, name)?;
        let is_ours =
            value.len() == LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_ours.then(|| Self(value.to_owned()))
    }

    /// A new one.
    pub(crate) fn fresh() -> Result<Self, Failure> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            tracing::error!(target: "jobs", %error, "The system gives no chance, so no form can be drawn");
            Failure::unavailable("the system gives no chance to make a token of")
        })?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a form has the same.
    pub(crate) fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
