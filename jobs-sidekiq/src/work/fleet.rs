//! What the server and the other processes of the fleet are like.

use std::collections::HashMap;

use jobs_core::Error;
use serde::Deserialize;

use crate::SidekiqStore;
use crate::payload::TimeUnit;
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
        let (server, memory): (String, String) = self.link.commands(&commands, "open the store").await?;
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

    /// Reads the server's clock, and in which unit the living Ruby processes write times. All versions of Sidekiq read seconds
    /// rightly, so one old process decides.
    pub(crate) async fn look_at_fleet(&self, link: &Link) -> Result<(), Error> {
        let mut commands = redis::pipe();
        commands.cmd("TIME").cmd("SMEMBERS").arg(self.key("processes"));
        let (time, members): ((i64, i64), Vec<String>) = link.commands(&commands, DOING).await?;
        self.clock.measured(time);
        if members.is_empty() || self.options.time_unit.is_some() {
            return Ok(());
        }
        let mut commands = redis::pipe();
        for member in &members {
            commands.cmd("HGET").arg(self.key(member)).arg("info");
        }
        let infos: Vec<Option<String>> = link.commands(&commands, DOING).await?;
        let units = infos.into_iter().flatten().filter_map(|info| unit_of(&info));
        if let Some(unit) = units.reduce(|one, other| if one == TimeUnit::Seconds { one } else { other }) {
            self.fleet_writes(unit);
        }
        Ok(())
    }
}

fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(u32::MAX));
    (numbers.next().unwrap_or(u32::MAX), numbers.next().unwrap_or(0)) < OLDEST
}

/// The unit in which a process writes times; `None` for a process of ours. Sidekiq 6 says no version.
fn unit_of(info: &str) -> Option<TimeUnit> {
    let info: FleetProcess = serde_json::from_str(info).ok()?;
    if info.labels.iter().any(|label| label == "rust") {
        return None;
    }
    info.version.map_or(Some(TimeUnit::Seconds), |version| TimeUnit::of_version(&version))
}
