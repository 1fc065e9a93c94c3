//! What the server and the other processes of the fleet are like.

use std::collections::HashMap;

use jobs_core::{Error, Timestamp};
use serde::Deserialize;

use crate::SidekiqStore;
use crate::payload::{Fleet, Version};
use jobs_redis::Link;

/// The oldest Redis that takes many texts off a list at once: 6.2.
const OLDEST: (u32, u32) = (6, 2);

const DOING: &str = "look at the fleet";

/// What processes say of themselves.
#[derive(Debug, Deserialize)]
struct FleetProcess {
    version: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
}

impl SidekiqStore {
    /// Checks that the server can be worked with.
    pub(crate) async fn check_server(&self) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("INFO").arg("server").cmd("INFO").arg("memory");
        let answer: Option<(String, String)> = self.link.allowed_commands(&commands, "open the store").await?;
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
                policy,
                "Redis removes jobs when its memory is full: set `maxmemory-policy noeviction` in its configuration"
            );
        }
        Ok(())
    }

    /// Reads the server's clock, and which versions the living Ruby processes have. All of them read what the oldest reads, so
    /// that one decides what is written.
    pub(crate) async fn look_at_fleet(&self, link: &Link) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("TIME").cmd("SMEMBERS").arg(self.key("processes"));
        let ((seconds, micros), members): ((i64, i64), Vec<String>) = link.commands(&commands, DOING).await?;
        self.clock.measured(Timestamp::from_micros(seconds.saturating_mul(1_000_000).saturating_add(micros)));
        if members.is_empty() {
            return Ok(());
        }
        let mut commands = redis::pipe();
        for member in &members {
            commands.cmd("HGET").arg(self.key(member)).arg("info");
        }
        let infos: Vec<Option<String>> = link.commands(&commands, DOING).await?;
        if let Some(fleet) = Fleet::of(infos.into_iter().flatten().filter_map(|info| version_of(&info))) {
            self.fleet_is(fleet);
        }
        Ok(())
    }
}

fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(u32::MAX));
    (numbers.next().unwrap_or(u32::MAX), numbers.next().unwrap_or(0)) < OLDEST
}

/// The version of a process; `None` for a process of ours.
fn version_of(info: &str) -> Option<Version> {
    let info: FleetProcess = serde_json::from_str(info).ok()?;
    if info.labels.iter().any(|label| label == "rust") {
        return None;
    }
    info.version.map_or(Some(Version::UNTOLD), |version| Version::parse(&version))
}
