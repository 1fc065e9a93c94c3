//! What the stores ask of a server when they are opened.

use std::collections::HashMap;

use jobs_core::{Error, LogText};

use crate::Link;

/// The oldest Redis that takes many texts off a list at once: 6.2.
const OLDEST: (u32, u32) = (6, 2);

impl Link {
    /// Checks that the server can be worked with, and warns in the log of a server that removes keys when its memory is full.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// Redis cannot be reached, the error [is transient](Error::is_transient) then; or it is older than 6.2.
    pub async fn check_server(&self) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("INFO").arg("server").cmd("INFO").arg("memory");
        let answer: Option<(String, String)> = self.allowed_commands(&commands, "open the store").await?;
        let Some((server, memory)) = answer else {
            tracing::warn!("this user of Redis may not run `INFO`, so the version and the settings are not checked");
            return Ok(());
        };
        let facts: HashMap<&str, &str> =
            server.lines().chain(memory.lines()).filter_map(|line| line.trim_end().split_once(':')).collect();
        if let Some(version) = facts.get("redis_version").filter(|version| is_too_old(version)) {
            let (major, minor) = OLDEST;
            return Err(Error::unsupported(format!(
                "this is Redis {version}; the store needs {major}.{minor} or newer"
            )));
        }
        if let Some(policy) = facts.get("maxmemory_policy").filter(|policy| **policy != "noeviction") {
            tracing::warn!(
                policy = %LogText::field(policy),
                "Redis removes jobs when its memory is full: set `maxmemory-policy noeviction` in its configuration"
            );
        }
        Ok(())
    }
}

fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(u32::MAX));
    (numbers.next().unwrap_or(u32::MAX), numbers.next().unwrap_or(0)) < OLDEST
}
