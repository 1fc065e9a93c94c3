//! Names and passwords, compared in a time that tells nothing of them.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// One who may come in, by name and password. The password itself is not kept.
pub(crate) struct Login {
    user: String,
    password: [u8; 32],
}

/// What a request says by `Authorization: Basic`.
pub(crate) struct Claimed {
    pub(crate) user: String,
    password: String,
}

impl Login {
    pub(crate) fn new(user: String, password: &str) -> Self {
        Self { user, password: digest(password) }
    }

    /// Digests are of one length, so the time of a comparison does not depend on what was given.
    fn admits(&self, claimed: &Claimed) -> bool {
        let user = digest(&self.user).ct_eq(&digest(&claimed.user));
        (user & self.password.ct_eq(&digest(&claimed.password))).into()
    }
}

/// Who it is, if one of the logins is meant. All of them are looked at, whichever it is.
pub(crate) fn admitted(logins: &[Login], claimed: &Claimed) -> bool {
    logins.iter().fold(false, |admitted, login| admitted | login.admits(claimed))
}

impl Claimed {
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, code) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(STANDARD.decode(code.trim()).ok()?).ok()?;
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
