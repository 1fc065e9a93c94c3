//! Errors of Redis as errors of a store.

use std::error::Error as StdError;
use std::fmt;

use jobs_core::Error;
use redis::{ErrorKind, RedisError};

/// The answers of a server that cannot write now, and may be able to later.
const LATER: [&str; 9] =
    ["READONLY", "NOREPLICAS", "UNBLOCKED", "LOADING", "BUSY", "MASTERDOWN", "MISCONF", "OOM", "TRYAGAIN"];

/// The answers after which a new connection may lead to a server that writes: the command was not done.
const ELSEWHERE: [&str; 4] = ["READONLY", "NOREPLICAS", "UNBLOCKED", "MASTERDOWN"];

fn begins_with(error: &RedisError, codes: &[&str]) -> bool {
    // Before Redis 7 the code of a command in a script is a word of the message. The name of a key may be like a code.
    let message = error.to_string();
    let has_word = |code: &str| message.split_whitespace().any(|word| word.trim_matches(['-', '"', ':']) == code);
    codes.iter().any(|code| error.code() == Some(*code) || has_word(code))
}

/// Whether the server refused the command and another server may take it.
pub(crate) fn is_elsewhere(error: &RedisError) -> bool {
    !error.is_io_error() && begins_with(error, &ELSEWHERE)
}

/// The error of a store while it did this, as `claim jobs`.
pub(crate) fn of(error: RedisError, doing: &str) -> Error {
    // What is no answer of Redis at all, as that of a proxy, says nothing of a value.
    let is_garbled = error.detail().is_some_and(|detail| detail.starts_with("Parse error at"));
    if error.kind() == ErrorKind::Parse && !is_garbled {
        return unreadable(&error, doing);
    }
    let is_away = error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_connection_refusal()
        || error.is_unrecoverable_error();
    if is_away {
        let message = format!(
            "Redis cannot be reached to {doing}; it is not known whether it was done, and it may be tried again"
        );
        return Error::transient(message).with_source(RedisCause(error));
    }
    if begins_with(&error, &["OOM"]) {
        let message = format!(
            "Redis cannot {doing}: its memory is full (`maxmemory`); give it more, or remove what is not needed"
        );
        return Error::transient(message).with_source(RedisCause(error));
    }
    let message = format!("Redis cannot {doing}: {error}");
    if begins_with(&error, &LATER) { Error::transient(message) } else { Error::other(message) }
        .with_source(RedisCause(error))
}

/// The error of an answer that has another form than the store wrote. It shows no value: that may be the text of a job.
fn unreadable(error: &RedisError, doing: &str) -> Error {
    let text = error.to_string();
    let expected = text.split("(value was").next().unwrap_or_default().trim();
    Error::corrupt(format!(
        "a value in Redis cannot be read to {doing}: {expected}; another program has changed a key of the store"
    ))
}

/// The error of the driver, without the arguments of the call.
#[derive(Debug)]
struct RedisCause(RedisError);

impl fmt::Display for RedisCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for RedisCause {}
