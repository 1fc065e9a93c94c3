//! The style sheet, the script and the icon, as they are compiled in.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::failure::Failure;

/// One file.
pub(crate) struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    /// Changes with the text, so that browsers keep what they have for as long as it is the same.
    mark: u64,
}

pub(crate) const STYLE: Asset =
    Asset::new("dashboard.css", "text/css; charset=utf-8", include_str!("assets/dashboard.css"));
pub(crate) const SCRIPT: Asset =
    Asset::new("dashboard.js", "text/javascript; charset=utf-8", include_str!("assets/dashboard.js"));
pub(crate) const ICON: Asset = Asset::new("icon.svg", "image/svg+xml", include_str!("assets/icon.svg"));

impl Asset {
    const fn new(name: &'static str, kind: &'static str, text: &'static str) -> Self {
        Self { name, kind, text, mark: mark(text.as_bytes()) }
    }

    /// Its address below the dashboard's.
    pub(crate) fn path(&self) -> String {
        format!("/assets/{}?{:x}", self.name, self.mark)
    }
}

/// FNV-1a.
const fn mark(bytes: &[u8]) -> u64 {
    let mut mark = 0xcbf2_9ce4_8422_2325_u64;
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        mark = (mark ^ *byte as u64).wrapping_mul(0x0100_0000_01b3);
        rest = tail;
    }
    mark
}

pub(crate) async fn asset(Path(name): Path<String>) -> Result<impl IntoResponse, Failure> {
    let asset = [STYLE, SCRIPT, ICON].into_iter().find(|asset| asset.name == name);
    let asset = asset.ok_or_else(|| Failure::not_found("There is no such file."))?;
    Ok(([(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "private, max-age=31536000, immutable")], asset.text))
}
