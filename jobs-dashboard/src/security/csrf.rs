//! The CSRF token: random bytes in a cookie that scripts cannot read, and in each form.

use std::fmt;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jobs_core::LogText;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::error::HttpError;
use crate::security::actor::Actor;
use crate::security::cookies::cookie;

/// The form field that holds the token.
pub(crate) const FIELD: &str = "csrf_token";

/// The length of a token: 32 bytes in base64.
const LENGTH: usize = 43;

/// The key with which this process signs its tokens.
static KEY: OnceLock<[u8; 32]> = OnceLock::new();

/// The token of one browser: 16 random bytes, and 16 bytes that sign them together with the user.
///
/// A form needs the token of its cookie. If the browser says that the form comes from a page of the dashboard, that is enough,
/// so that several processes can serve one dashboard without a shared secret. If it says nothing, this process has to have
/// made the token: a page of a neighbouring host can set a cookie, and would choose a token that it knows.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct CsrfToken {
    value: String,
    /// Whether the browser does not have it yet.
    is_new: bool,
    /// Whether this process made it, for this user.
    is_signed: bool,
}

impl CsrfToken {
    /// The token in the cookie with this name, or a new one.
    ///
    /// # Errors
    /// The operating system provides no random bytes.
    pub(crate) fn of(headers: &HeaderMap, name: &str, actor: Option<&Actor>) -> Result<Self, HttpError> {
        // An empty or short cookie must not count as a token: an empty form field would match it.
        let Some(value) = cookie(headers, name).filter(|value| is_token(value)) else { return Self::generate(actor) };
        let bytes = URL_SAFE_NO_PAD.decode(value).unwrap_or_default();
        let is_signed = match bytes.split_first_chunk() {
            Some((random, signature)) => sign(random, actor)?.ct_eq(signature).into(),
            None => false,
        };
        Ok(Self { value: value.to_owned(), is_new: false, is_signed })
    }

    /// A new token for this user.
    ///
    /// # Errors
    /// The operating system provides no random bytes.
    pub(crate) fn generate(actor: Option<&Actor>) -> Result<Self, HttpError> {
        let random: [u8; 16] = random_bytes()?;
        let value = URL_SAFE_NO_PAD.encode([random, sign(&random, actor)?].concat());
        Ok(Self { value, is_new: true, is_signed: true })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }

    /// Whether the response has to set its cookie.
    pub(crate) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether this process made it, for this user.
    pub(crate) const fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// Whether a form has the same token, compared in constant time.
    pub(crate) fn matches(&self, given: &str) -> bool {
        !self.value.is_empty() && bool::from(self.value.as_bytes().ct_eq(given.as_bytes()))
    }
}

fn is_token(value: &str) -> bool {
    value.len() == LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The first half of HMAC-SHA256 over the random bytes and the user.
fn sign(random: &[u8; 16], actor: Option<&Actor>) -> Result<[u8; 16], HttpError> {
    let key = if let Some(key) = KEY.get() {
        key
    } else {
        let new = random_bytes()?;
        KEY.get_or_init(|| new)
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| HttpError::internal("The key is not valid."))?;
    mac.update(random);
    mac.update(actor.map(Actor::name).unwrap_or_default().as_bytes());
    let signature: [u8; 32] = mac.finalize().into_bytes().into();
    let (first, _) = signature.split_first_chunk().ok_or_else(|| HttpError::internal("The signature is too short."))?;
    Ok(*first)
}

fn random_bytes<const N: usize>() -> Result<[u8; N], HttpError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(
            target: "jobs", error = %LogText::field(&error),
            "The operating system provides no random bytes for a CSRF token"
        );
        HttpError::internal("The operating system provides no random bytes.")
    })?;
    Ok(bytes)
}

/// The token is a secret and stays out of logs.
impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken")
    }
}
