//! The host names that the dashboard answers: protection against DNS rebinding.
//!
//! A page of an attacker can give its own name the address of this machine. The browser then treats the dashboard as part of
//! the attacker's site, but it still sends the attacker's name in `Host`.

use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

use crate::error::HttpError;

/// The hosts whose requests are answered.
pub(crate) enum AllowedHosts {
    /// Every host.
    Any,
    /// The names and addresses of the loopback interface.
    Loopback,
    /// The hosts with these names.
    Only(Vec<String>),
}

impl AllowedHosts {
    /// # Errors
    /// The request is for another host, or names several: a proxy in front may have looked at another one of them.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), HttpError> {
        if headers.get_all(HOST).iter().count() > 1 {
            return Err(HttpError::invalid("The request has more than one header `Host`."));
        }
        let host = requested_host(uri, headers).map(without_port).unwrap_or_default();
        let is_allowed = match self {
            Self::Any => true,
            Self::Loopback => is_loopback(host),
            Self::Only(names) => names.iter().any(|name| name.eq_ignore_ascii_case(host)),
        };
        if is_allowed { Ok(()) } else { Err(HttpError::unknown_host(host)) }
    }
}

/// The host that a request is for, with its port. That of an absolute address counts more than the header (RFC 9112, 3.2.2).
pub(crate) fn requested_host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let header = || headers.get(HOST).and_then(|value| value.to_str().ok());
    uri.authority().map(Authority::as_str).or_else(header)
}

/// The name or address; empty if what follows it is no port, as in `localhost:80@example.com`.
fn without_port(host: &str) -> &str {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if is_port { name } else { "" }
}

fn is_loopback(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
