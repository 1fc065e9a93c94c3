//! Under which names the dashboard answers: a page elsewhere may give its own name this machine's address.

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

use crate::failure::Failure;

/// The names of hosts that are answered.
pub(crate) enum Hosts {
    /// Whatever the request says.
    Any,
    /// This machine, by its own names.
    Loopback,
    /// These.
    Only(Vec<String>),
}

impl Hosts {
    /// # Errors
    /// The request is for another host.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
        let host = asked(uri, headers).map(name).unwrap_or_default();
        let is_known = match self {
            Self::Any => true,
            Self::Loopback => is_loopback(host),
            Self::Only(names) => names.iter().any(|name| name.eq_ignore_ascii_case(host)),
        };
        if is_known { Ok(()) } else { Err(Failure::misdirected(host)) }
    }
}

/// The host that a request is for, with its port.
pub(crate) fn asked<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

/// A host without its port.
fn name(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
