//! Certificates for encrypted connections to a Redis server of a test.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::path::Path;
use std::process::{Command, Stdio};

fn openssl(folder: &Path, words: &str) -> bool {
    let mut command = Command::new("openssl");
    command.args(words.split(' ')).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Writes an authority, `ca.crt`, and a certificate of it for 127.0.0.1, `redis.crt` with `redis.key`. Whether that succeeded: it
/// needs openssl.
pub(crate) fn certificates(folder: &Path) -> bool {
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    openssl(folder, "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=authority")
        && openssl(folder, "req -newkey rsa:2048 -nodes -keyout redis.key -out redis.csr -subj /CN=redis")
        && openssl(
            folder,
            "x509 -req -in redis.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out redis.crt",
        )
}
