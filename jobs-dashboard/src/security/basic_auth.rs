//! HTTP basic authentication, with comparisons in constant time.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A user that has access. Only the digest of the password is kept.
pub(crate) struct Account {
    user: String,
    password: [u8; 32],
}

/// What a request gives in `Authorization: Basic`.
pub(crate) struct Credentials {
    pub(crate) user: String,
    password: String,
}

impl Account {
    pub(crate) fn new(user: String, password: &str) -> Self {
        Self { user, password: digest(password) }
    }

    /// Compares digests, which have one length: the time does not depend on the length of what was given.
    fn matches(&self, credentials: &Credentials) -> bool {
        let user = digest(&self.user).ct_eq(&digest(&credentials.user));
        (user & self.password.ct_eq(&digest(&credentials.password))).into()
    }
}

/// Whether one of the accounts matches. It compares all of them, so that the time does not tell which one matched.
pub(crate) fn is_valid(accounts: &[Account], credentials: &Credentials) -> bool {
    accounts.iter().fold(false, |valid, account| valid | account.matches(credentials))
}

impl Credentials {
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, encoded) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
