//! Checks the part of a URL before its `?`, `user:password@host:port/database`, before the driver reads it.
//!
//! The driver takes a part of a password for a host or for the name of a database where a character of it should have been
//! written in another way. Errors about hosts and databases show their names, so such a URL is refused first.

use jobs_core::Error;

/// Refuses an address with a character that belongs to another part. The error shows nothing of it.
pub(super) fn check(address: &str) -> Result<(), Error> {
    let (login, rest) = address.split_once('@').map_or((None, address), |(login, rest)| (Some(login), rest));
    let user = login.and_then(|login| login.split(':').next()).unwrap_or_default();
    let (host, database) = rest.split_once('/').unwrap_or((rest, ""));
    if rest.contains('@') {
        return Err(refused("it has an `@` in the user or the password, or behind the host"));
    }
    if !host.chars().all(is_of_host) {
        return Err(refused("its host has a character that a host cannot have"));
    }
    if user.contains(|one| one == '/' || is_foreign(one)) {
        return Err(refused("its user has a character that is to be encoded"));
    }
    if database.contains(is_foreign) {
        return Err(refused("the name of its database has a character that is to be encoded"));
    }
    Ok(())
}

fn is_of_host(one: char) -> bool {
    one.is_alphanumeric() || ".-_:,[]%".contains(one)
}

/// Characters of other parts of a URL, of two URLs in one, or of another kind of connection string.
fn is_foreign(one: char) -> bool {
    one.is_whitespace() || one.is_control() || ":@=;&#".contains(one)
}

fn refused(why: &str) -> Error {
    Error::invalid(format!(
        "this is not a URL of PostgreSQL: {why}; write `postgres://user:password@host:5432/database`, where `%40` stands \
         for `@`, `%3A` for `:`, `%2F` for `/`, `%3D` for `=`, `%20` for a space"
    ))
}
