//! Serves the style sheet, the script and the icon, which are compiled in.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::error::HttpError;

/// A file.
pub(crate) struct Asset {
    name: &'static str,
    content_type: &'static str,
    text: &'static str,
    /// A hash of the text in the address of the file, so that browsers can cache the file without ever asking again.
    hash: u64,
}

pub(crate) const STYLE: Asset = Asset::new(
    "dashboard.css",
    "text/css; charset=utf-8",
    concat!(include_str!("dashboard.css"), include_str!("figures.css")),
);
pub(crate) const SCRIPT: Asset =
    Asset::new("dashboard.js", "text/javascript; charset=utf-8", include_str!("dashboard.js"));
pub(crate) const ICON: Asset = Asset::new("icon.svg", "image/svg+xml", include_str!("icon.svg"));

impl Asset {
    const fn new(name: &'static str, content_type: &'static str, text: &'static str) -> Self {
        Self { name, content_type, text, hash: hash(text.as_bytes()) }
    }

    /// The address below the base path of the dashboard.
    pub(crate) fn path(&self) -> String {
        format!("/assets/{}?v={:x}", self.name, self.hash)
    }
}

/// FNV-1a, which can be computed at compile time.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    hash
}

pub(crate) async fn asset(Path(name): Path<String>) -> Result<impl IntoResponse, HttpError> {
    let asset = [STYLE, SCRIPT, ICON].into_iter().find(|asset| asset.name == name);
    let asset = asset.ok_or_else(|| HttpError::not_found("There is no such file."))?;
    Ok(([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, "private, max-age=31536000, immutable")], asset.text))
}
