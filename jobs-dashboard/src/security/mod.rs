//! Who has access, and protection against requests that the user did not intend.

pub(crate) mod access;
pub(crate) mod actor;
pub(crate) mod allowed_hosts;
pub(crate) mod basic_auth;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod headers;
pub(crate) mod same_origin;
pub(crate) mod theme;
pub(crate) mod wrong_passwords;
